"""Disclose: the person's data as files that they can read, and machines too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from dsr_desk.errors import RefusedError
from dsr_desk.flow.plan import case_of, right_of
from dsr_desk.flow.reporting.inform import information
from dsr_desk.flow.systems import Systems
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date
from dsr_desk.model.finding import Finding, RowRef, SearchResult
from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo, Written
from dsr_desk.model.plan import Intent
from dsr_desk.model.request import Request
from dsr_desk.render.package import write_package
from dsr_desk.rights.base import Case, Right
from dsr_desk.rights.erasure import NEVER
from dsr_desk.store.workspace import Settings

#: What of a record's fields is not handed over, and what the person reads instead.
_INSTEAD = {
    "withheld": "Withheld: it says something about somebody else (Art. 15(4) GDPR)",
    "manual": "Not in here yet: somebody has to look at it first",
}

#: The outcomes of a field that make its record one that is handed over, if only to say what is withheld.
_GIVEN = ("disclosed", "withheld", "manual")


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

    Portability gives its own subset (Art. 20), all other rights what access gives. With a ``password`` all of it is in one
    encrypted zip. ``RefusedError`` where the search was ambiguous, or is about a list of people.
    """
    if request.facts.people:
        raise RefusedError("The request is about a list of people, and a copy is one person's.", "Open a request for each of them.")
    if found.ambiguous:
        raise RefusedError(
            "The search leads to several people, so nothing can be handed over.", "Say first which of them the person is."
        )
    reader = _reader(request)
    findings = {f.ref: f for f in found.findings}
    case = case_of(systems, request, found)
    intents = list(reader.intents(case))
    ends = _ends(case)
    drawn = ((findings[i.ref], _record(systems.catalog, i, findings[i.ref], ends.get(i.ref, ""))) for i in intents)
    given = [(finding, record) for finding, record in drawn if record is not None]
    about = PackageInfo(
        request.ref,
        settings.controller or settings.name,
        settings.address,
        reader.name,
        long_date(request.received),
        long_date(date.today()),
        tuple(_missing(systems.catalog, found, reader.name)),
        tuple(_waiting(intents)),
        information(systems.catalog, given),
    )
    return write_package([record for _, record in given], about, folder, formats, password)


def _ends(case: Case) -> dict[RowRef, str]:
    """Until when a record is kept, in words (Art. 15(1)(d)): what an erasure would say of it."""
    ends = {}
    for intent in right_of("erasure").intents(case):
        until = max((o.until for o in intent.fields.values() if o.name == "retained"), default="")
        if until:
            ends[intent.ref] = "without an end" if until == NEVER else f"until {long_date(date.fromisoformat(until))}"
    return ends


def _record(catalog: Catalog, intent: Intent, finding: Finding, until: str) -> Disclosed | None:
    if intent.action == "manual" or not any(o.name in _GIVEN for o in intent.fields.values()):
        return None
    system = catalog.systems[finding.ref.system]
    collection = system.collections[finding.ref.collection]
    fields = []
    for name, outcome in intent.fields.items():
        if outcome.name == "excluded" or (outcome.name == "not personal" and outcome.ground):
            continue
        field = collection.fields.get(name)
        instead = _INSTEAD.get(outcome.name, "")
        fields.append(
            DisclosedField(
                name,
                None if instead else finding.row.values.get(name),
                field.title if field else "",
                field.category_in(finding.row.values) if field else None,
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


def waiting(systems: Systems, request: Request, found: SearchResult) -> tuple[tuple[str, str], ...]:
    """What somebody has to decide on before a copy is whole: how many records and values, and why."""
    return tuple(_waiting(_reader(request).intents(case_of(systems, request, found))))


def _reader(request: Request) -> Right:
    return right_of("portability" if request.right == "portability" else "access")


def _waiting(intents: Iterable[Intent]) -> Iterator[tuple[str, str]]:
    intents = list(intents)
    waiting = sum(1 for i in intents if i.action == "manual")
    fields = sum(1 for i in intents if i.action != "manual" for o in i.fields.values() if o.name == "manual")
    if waiting:
        yield f"{waiting} record{'s' if waiting > 1 else ''}", "Somebody has to look at them first."
    if fields:
        yield f"{fields} value{'s' if fields > 1 else ''}", "Somebody has to look first; the reason stands in their place."


def _missing(catalog: Catalog, found: SearchResult, right: str) -> Iterator[tuple[str, str]]:
    """The systems that are not in the package, and why, as the person reads it."""
    by_hand = _OUTSIDE if right == "portability" else "It is kept by hand; you get its answer separately."
    why = {
        "failed": "It could not be searched when this was made.",
        "waived": "It could not be searched, and was left out.",
        "manual": by_hand,
    }
    for state in found.systems:
        if state.status in why:
            yield catalog.systems[state.system].label if state.system in catalog.systems else state.system, why[state.status]


#: Art. 20(1)(b): only what is processed by automated means.
_OUTSIDE = "It is kept by hand, not by automated means, so it is no part of what you can take along (Art. 20(1)(b) GDPR)."
