"""Objection: processing stops, unless there are compelling grounds; direct marketing always stops (GDPR Art. 21)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Finding
from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.rights.base import BY_HAND, Case, Right, marked, not_theirs, whole

#: Against what rests on these one may object (Art. 21(1) with Art. 6(1)(e) and (f)).
_REACHED = ("legitimate_interests", "public_task")
#: Direct marketing: the objection needs no reason and leaves nothing to weigh (Art. 21(2), 21(3)).
_MARKETING = "21(2)"


class Objection(Right):
    """What the catalog says an objection does (``on_object``) is done; elsewhere a person stops it, or records the grounds."""

    name = "objection"
    article = "Art. 21"
    verb = "OBJECT"
    called = "an objection"
    title = "Stop using the data of"
    writes = True
    grounds: ClassVar[Mapping[str, str]] = {
        "21(1)": "on grounds relating to the person's own situation",
        "21(2)": "against direct marketing",
    }

    def intents(self, case: Case) -> Iterator[Intent]:
        """By what each collection rests on, and what the catalog says."""
        for finding in case.findings:
            yield not_theirs(case, finding) or _object(case, finding)


def _object(case: Case, finding: Finding) -> Intent:
    collection = case.collection(finding)
    mark, bases = collection.on_object, _bases(collection)
    reached = not bases or bool(bases & {*_REACHED})
    if mark is not None and (reached or case.ground != "21(1)"):
        if mark.delete:
            return whole(finding, "delete", Outcome("erased", "delete"))
        return marked(finding, mark.set, "flag", Outcome("excluded", reason="Not changed by the objection"), "Marked already")
    if not reached:
        rests = " and ".join(sorted(b.replace("_", " ") for b in bases))
        return whole(finding, "keep", Outcome("excluded", reason=f"It rests on {rests}, which Art. 21 does not reach"))
    if bases:
        reason = "Art. 21 reaches these records, and the catalog does not say what an objection does (on_object)"
    else:
        reason = "The catalog does not say the legal basis, on which Art. 21 depends"
    if case.ground == _MARKETING:
        reason = "The catalog does not say whether these records serve direct marketing (on_object)"
    return whole(finding, "manual", Outcome("manual", BY_HAND, reason=reason))


def _bases(collection: Collection) -> frozenset[str]:
    """What the collection's personal fields rest on; a collection's or system's own basis where no field is personal."""
    fields = [f for f in collection.fields.values() if f.personal]
    said = {f.legal_basis for f in fields} if fields else {collection.legal_basis}
    return frozenset(basis for basis in said if basis)
