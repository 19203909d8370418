"""Inform: what has to be said beside a copy of the data, system by system, from the catalog (GDPR Art. 15(1) and 15(2))."""

from __future__ import annotations

from collections.abc import Iterable

from dsr_desk.model.catalog import Catalog, Collection, Field, Period, System
from dsr_desk.model.due import long_date
from dsr_desk.model.finding import Finding
from dsr_desk.model.package import AutomatedDecision, Disclosed, InfoSystem, Storage

#: The data category (fideslang) of an identity, for a field that names none of its own.
_OF_IDENTITY = {
    "email": "user.contact.email",
    "phone": "user.contact.phone_number",
    "name": "user.name",
    "date_of_birth": "user.demographic.date_of_birth",
    "iban": "user.financial.bank_account",
    "national_id": "user.government_id",
}


def information(catalog: Catalog, given: Iterable[tuple[Finding, Disclosed]]) -> tuple[InfoSystem, ...]:
    """What the sheet says of each system that holds one of the records that are handed over, in catalog order."""
    by_system: dict[str, list[tuple[Finding, Disclosed]]] = {}
    for finding, record in given:
        by_system.setdefault(finding.ref.system, []).append((finding, record))
    return tuple(_system(system, by_system[name]) for name, system in catalog.systems.items() if name in by_system)


def _system(system: System, given: list[tuple[Finding, Disclosed]]) -> InfoSystem:
    bases: dict[str, None] = {}
    sources: dict[str, dict[str, None]] = {}
    reached = {finding.ref.collection for finding, _ in given}
    for finding, record in given:
        collection = system.collections[finding.ref.collection]
        for name in (f.name for f in record.fields if not f.withheld):
            field = collection.fields.get(name)
            if field is None or not field.personal_in(finding.row.values):
                continue
            bases |= dict.fromkeys(filter(None, [field.legal_basis or collection.legal_basis or system.legal_basis]))
            category = field.category_in(finding.row.values) or _category_of(field)
            sources.setdefault(field.source or collection.source or "", {})[category] = None
    collections = [c for name, c in system.collections.items() if name in reached]
    return InfoSystem(
        system.name,
        system.label,
        len(given),
        system.purpose,
        tuple(bases),
        tuple(dict.fromkeys(category for of in sources.values() for category in of)),
        system.recipients,
        system.transfers,
        tuple(Storage(c.label, period(c)) for c in collections),
        tuple((word, tuple(of)) for word, of in sources.items()),
        tuple(AutomatedDecision(c.label, c.automated.logic, c.automated.effect) for c in collections if c.automated),
    )


def _category_of(field: Field) -> str:
    return _OF_IDENTITY.get(field.identity, "user.unique_id") if field.identity else "user.content"


def period(collection: Collection) -> str:
    """How long a collection's records are kept, or by what that is decided, as the catalog says (Art. 15(1)(d))."""
    keep = collection.keep
    if keep is None:
        return "no fixed period is written down; as long as the purpose needs it, or until you have it erased."
    if keep.until is not None:
        long = f"until {long_date(keep.until)}"
    elif keep.field is None:
        long = "as long as the record that they belong to"
    else:
        field = collection.fields.get(keep.field)
        start = f"“{field.title or field.name}”" if field else f"“{keep.field}”"
        long = f"{_spelled(keep.plus)} from the day in {start}" if keep.plus else f"until the day in {start}"
    return f"{long} ({keep.reason}, Art. {keep.ground} GDPR)."


def _spelled(length: Period) -> str:
    return f"1 {length.unit.removesuffix('s')}" if length.count == 1 else str(length)
