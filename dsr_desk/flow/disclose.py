"""Disclose: the person's data as files that they can read, and machines too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dsr_desk.errors import RefusedError
from dsr_desk.flow.plan import case_of, right_of
from dsr_desk.flow.systems import Systems
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date
from dsr_desk.model.finding import Finding, RowRef, SearchResult
from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo, Written
from dsr_desk.model.plan import Intent
from dsr_desk.model.request import Request
from dsr_desk.render.package import write_package
from dsr_desk.rights.base import Case
from dsr_desk.rights.erasure import NEVER
from dsr_desk.store.workspace import Settings

#: What of a record's fields is not handed over, and what the person reads instead.
_INSTEAD = {
    "withheld": "Withheld: it says something about somebody else (Art. 15(4) GDPR)",
    "manual": "Not in here yet: somebody has to look at it first",
}


def write(
    systems: Systems,
    settings: Settings,
    request: Request,
    found: SearchResult,
    folder: Path,
    formats: Sequence[str],
    password: str = "",
) -> list[Written]:
    """Write the package of a request's search. An erasure's package is what access would give: keep a copy before it goes.

    With a ``password`` all of it is in one encrypted zip. ``RefusedError`` where the search was ambiguous.
    """
    if found.ambiguous:
        raise RefusedError(
            "The search leads to several people, so nothing can be handed over.", "Say first which of them the person is."
        )
    right = right_of(request.right)
    reader = right if not right.writes else right_of("access")
    findings = {f.ref: f for f in found.findings}
    case = case_of(systems, request, found)
    intents = list(reader.intents(case))
    ends = _ends(case)
    written = [_record(systems.catalog, i, findings[i.ref], ends.get(i.ref, "")) for i in intents]
    waiting = sum(1 for i in intents if i.action == "manual")
    about = PackageInfo(
        request.ref,
        settings.controller or settings.name,
        settings.address,
        reader.name,
        long_date(request.received),
        long_date(date.today()),
        tuple(_missing(systems.catalog, found, waiting)),
    )
    return write_package([record for record in written if record is not None], about, folder, formats, password)


def _ends(case: Case) -> dict[RowRef, str]:
    """Until when a record is kept, in words (Art. 15(1)(d)): what an erasure would say of it."""
    ends = {}
    for intent in right_of("erasure").intents(case):
        until = max((o.until for o in intent.fields.values() if o.name == "retained"), default="")
        if until:
            ends[intent.ref] = "without an end" if until == NEVER else f"until {long_date(date.fromisoformat(until))}"
    return ends


def _record(catalog: Catalog, intent: Intent, finding: Finding, until: str) -> Disclosed | None:
    if intent.action == "manual" or all(o.name == "excluded" for o in intent.fields.values()):
        return None
    system = catalog.systems[finding.ref.system]
    collection = system.collections[finding.ref.collection]
    fields = []
    for name, outcome in intent.fields.items():
        if outcome.name in ("excluded", "not personal") and outcome.ground:
            continue
        field = collection.fields.get(name)
        instead = _INSTEAD.get(outcome.name, "")
        fields.append(
            DisclosedField(
                name,
                None if instead else finding.row.values.get(name),
                field.title if field else "",
                field.category if field else None,
                (field.source if field else None) or collection.source,
                instead,
            )
        )
    basis = collection.legal_basis or system.legal_basis
    note = "This record is about other people, too." if finding.shared or finding.access_only or finding.mention else ""
    return Disclosed(
        system.name,
        collection.name,
        tuple(fields),
        system.label,
        collection.label,
        system.purpose,
        basis,
        system.recipients,
        until,
        note,
    )


def _missing(catalog: Catalog, found: SearchResult, waiting: int) -> list[tuple[str, str]]:
    """What is not in the package, and why, as the person reads it."""
    missing = []
    if waiting:
        missing.append((f"{waiting} record{'s' if waiting > 1 else ''}", "Somebody has to look at them first."))
    for state in found.systems:
        label = catalog.systems[state.system].label if state.system in catalog.systems else state.system
        if state.status == "failed":
            missing.append((label, "It could not be searched when this was made."))
        elif state.status == "waived":
            missing.append((label, "It could not be searched, and was left out."))
        elif state.status == "manual":
            missing.append((label, "It is kept by hand; you get its answer separately."))
    return missing
