"""Portability: what the person gave, in a form machines read (GDPR Art. 20)."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.model.finding import Finding
from dsr_desk.model.plan import Intent, Outcome
from dsr_desk.rights.base import Case, Right, set_aside, withheld

#: Art. 20(1): what was provided, and what was observed while the service was used (WP 242 rev.01, section III).
_SOURCES = ("provided", "observed")
_BASES = ("consent", "contract")


class Portability(Right):
    """Provided or observed, on consent or contract, by automated means: so systems that people keep by hand are outside."""

    name = "portability"
    article = "Art. 20"
    verb = "HAND OVER"
    title = "Portable data of"
    writes = False

    def intents(self, case: Case) -> Iterator[Intent]:
        """Each field by its source and legal basis; where the catalog doesn't say, a person decides."""
        for finding in case.findings:
            aside = set_aside(case, finding)
            if aside is not None:
                yield aside
                continue
            fields = {
                n: _outside(case, finding, n) or withheld(case, finding, n) or Outcome("disclosed") for n in finding.row.values
            }
            yield Intent(finding.ref, "keep", fields)


def _outside(case: Case, finding: Finding, name: str) -> Outcome | None:
    """Why a field is no part of what the person can take along; ``None`` where it is, or nobody described it.

    What is not personal goes along where it came with the rest: it says what the rest is about. A person who includes a record
    thereby decides what the catalog leaves open.
    """
    collection = case.collection(finding)
    field = collection.fields.get(name)
    if field is None:
        return None
    source = field.source or collection.source
    basis = field.legal_basis or collection.legal_basis or case.catalog.systems[finding.ref.system].legal_basis
    if not field.personal_in(finding.row.values):
        return Outcome("not personal", ground="" if source in _SOURCES and basis in _BASES else "20(1)")
    if source is not None and source not in _SOURCES:
        return Outcome("excluded", ground="20(1)", reason=_OTHERS[source])
    if basis is not None and basis not in _BASES:
        return Outcome("excluded", ground="20(1)", reason=f"It rests on {basis.replace('_', ' ')}, not on consent or contract")
    if (source is None or basis is None) and finding.ref not in case.decisions:
        missing = "source" if source is None else "legal basis"
        return Outcome("manual", reason=f"The catalog does not say the {missing}, on which Art. 20 depends")
    return None


_OTHERS = {
    "derived": "It was worked out from other data, not provided",
    "third_party": "It came from somebody else, not from the person",
}
