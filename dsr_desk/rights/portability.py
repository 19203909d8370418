"""Portability: what the person gave, in a form machines read (GDPR Art. 20)."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.model.catalog import Collection, Field, System
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
            collection = case.collection(finding)
            system = case.catalog.systems[finding.ref.system]
            fields = {}
            for name in finding.row.values:
                field = collection.fields.get(name)
                outside = _outside(system, collection, field) if field is not None else None
                fields[name] = outside or withheld(case, finding, name) or Outcome("disclosed")
            yield Intent(finding.ref, "keep", fields)


def _outside(system: System, collection: Collection, field: Field) -> Outcome | None:
    if not field.personal:
        return Outcome("not personal")
    source = field.source or collection.source
    basis = field.legal_basis or collection.legal_basis or system.legal_basis
    if source is None or basis is None:
        missing = "source" if source is None else "legal basis"
        return Outcome("manual", reason=f"The catalog does not say the {missing}, on which Art. 20 depends")
    if source not in _SOURCES:
        return Outcome("excluded", ground="20(1)", reason=f"The data was {source.replace('_', ' ')}, not provided")
    if basis not in _BASES:
        return Outcome("excluded", ground="20(1)", reason=f"It rests on {basis.replace('_', ' ')}, not on consent or contract")
    return None
