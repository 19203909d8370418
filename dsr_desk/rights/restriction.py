"""Restriction: the data stays and nothing is done with it (GDPR Art. 18)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from dsr_desk.model.finding import Finding
from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.rights.base import BY_HAND, Case, Right, marked, not_theirs, whole


class Restriction(Right):
    """Each row is marked, or set aside, as the catalog says (``on_restrict``); where it says nothing, a person does it."""

    name = "restriction"
    article = "Art. 18"
    verb = "RESTRICT"
    title = "Restrict all data of"
    writes = True
    notice = "restriction of processing"
    takes_all = False
    grounds: ClassVar[Mapping[str, str]] = {
        "18(1)(a)": "the person contests that the data is accurate",
        "18(1)(b)": "unlawfully processed, and the person wants it restricted instead of erased",
        "18(1)(c)": "no longer needed, but the person needs it for legal claims",
        "18(1)(d)": "the person objected, and the grounds are being weighed",
    }

    def intents(self, case: Case) -> Iterator[Intent]:
        """Mark, set aside, or leave to a person."""
        for finding in case.findings:
            yield not_theirs(case, finding) or _restrict(case, finding)


def _restrict(case: Case, finding: Finding) -> Intent:
    mark = case.collection(finding).on_restrict
    ground = case.ground or "18(1)"
    if mark is None and _is_aside(case, finding):
        return whole(finding, "keep", Outcome("retained", "moved", ground=ground, reason="Restricted already: it was set aside"))
    if mark is None:
        reason = "The catalog does not say how these records are restricted (on_restrict)"
        return whole(finding, "manual", Outcome("manual", BY_HAND, reason=reason))
    if mark.move:
        fields = dict.fromkeys(finding.row.values, Outcome("changed", "moved"))
        return Intent(finding.ref, "move", fields, to=mark.move)
    stored = Outcome("retained", ground=ground, reason="Only stored, until the restriction is lifted")
    return marked(finding, mark.set, "flag", stored, "Restricted already: only stored, until the restriction is lifted")


def _is_aside(case: Case, finding: Finding) -> bool:
    """Whether the row lies where another collection's rows are set aside."""
    others = case.catalog.systems[finding.ref.system].collections.values()
    return any(c.on_restrict is not None and c.on_restrict.move == finding.ref.collection for c in others)
