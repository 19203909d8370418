"""What was told, and what stood there before, made ready for a right: a case with everything that its right looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import RefusedError
from dsr_desk.flow.planning import corrections, former, restricted
from dsr_desk.flow.planning.fit import fit
from dsr_desk.flow.planning.forms import UnfitError
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Finding, Hop, Row, RowRef
from dsr_desk.model.former import Former
from dsr_desk.model.plan import Intent, Refusal
from dsr_desk.model.request import Correction, Request
from dsr_desk.model.schema import Column, Schema
from dsr_desk.model.values import Value
from dsr_desk.rights.base import Case
from dsr_desk.store.tx import Tx

_MEND = "Mend on_restrict or on_object in the catalog"


@dataclass(frozen=True)
class Earlier:
    """What the request that is lifted or undone wrote over, and which of its rows another request restricts, too."""

    former: Mapping[RowRef, Former] = field(default_factory=dict)
    also: Mapping[RowRef, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """A case made ready, and what already speaks against its plan."""

    case: Case
    refusals: tuple[Refusal, ...] = ()


def earlier(tx: Tx, request: Request) -> Earlier:
    """What the request needs to know of an earlier one; ``RefusedError`` for a rectification that says nothing."""
    if request.right == "rectification" and not request.facts.corrections:
        raise RefusedError(
            f"{request.ref} does not say what to correct.",
            "Say what is wrong, and what is right.",
            f"dsr-desk plan {request.ref} --set user.contact.email=NEW, or SYSTEM/COLLECTION/FIELD=NEW",
        )
    if request.facts.ends:
        return Earlier(*restricted.to_lift(tx, request.facts.ends))
    if request.facts.undoes:
        return Earlier(former.of(tx, tx.request(request.facts.undoes)))
    return Earlier()


def ready(systems: Systems, request: Request, case: Case, known: Earlier, cancel: Cancel) -> Told:
    """The case with its corrections in the columns' types, or with the rows whose restriction ends."""
    if request.right == "rectification":
        told: Iterable[Correction] = request.facts.corrections
        checked = corrections.checked(systems, case, told, known.former, cancel)
        return Told(replace(case, corrections=checked.corrections), tuple(checked.refusals))
    if request.right == restricted.LIFTING:
        rows = {f.ref for f in case.findings}
        more, refusals = _unfound(systems, [f for f in known.former.values() if f.row not in rows], cancel)
        return Told(replace(case, findings=(*case.findings, *more), former=known.former, also=known.also), tuple(refusals))
    return Told(case)


def _unfound(systems: Systems, formers: list[Former], cancel: Cancel) -> tuple[list[Finding], list[Refusal]]:
    """Restricted rows to which no identifier leads (they were set aside), read by their keys, and those that are gone."""
    wanted: dict[str, list[tuple[RowRef, Mapping[str, Value]]]] = {}
    refusals: dict[Refusal, None] = {}
    for one in formers:
        ref = one.row
        system = systems.catalog.systems.get(ref.system)
        collection = system.collections.get(ref.collection) if system else None
        if collection is None:
            why, cure = "the catalog no longer has this collection, and rows in it are restricted", "Put it back into the catalog"
            refusals[Refusal(ref.system, ref.collection, "", why, cure)] = None
        else:
            wanted.setdefault(ref.system, []).append((ref, one.key))

    def job(driver: Driver) -> list[Row]:
        return list(driver.read(wanted[driver.system.name], cancel))

    found: dict[RowRef, Row] = {}
    for _, future in systems.each(list(wanted), job):
        rows: list[Row] = result(future)
        found.update({row.ref: row for row in rows})
    return [Finding(row, (Hop("given", "row"),)) for row in found.values()], list(refusals)


def cured(request: Request, refusals: Iterable[Refusal]) -> list[Refusal]:
    """The refusals with a cure that fits: a driver thinks of ``erase:``, which a told value doesn't come from."""
    cure = {"rectification": "Give another value", "lifting": "Lift it in the system itself"}.get(request.right, _MEND)
    told = request.right in ("rectification", "restriction", "lifting", "objection")
    return [replace(r, cure=cure) if told and ("erase:" in r.cure or "strategy" in r.cure) else r for r in refusals]


def fitted(
    schemas: Mapping[str, Schema], rows: Mapping[RowRef, Finding], intents: Iterable[Intent]
) -> tuple[list[Intent], list[Refusal]]:
    """The intents with the catalog's own values (``on_restrict``, ``on_object``) in their columns' types, and what doesn't fit."""
    fit_ones: list[Intent] = []
    refusals: dict[Refusal, None] = {}
    for intent in intents:
        values = dict(intent.values)
        for name, value in intent.values.items():
            live = schemas[intent.ref.system].collections.get(intent.ref.collection)
            column = live.columns.get(name) if live else None
            if intent.fields[name].strategy != "flag":
                continue
            try:
                if live is not None and column is None:
                    raise UnfitError("the live system has no such column", _MEND)
                values[name] = fit(column or Column(name, "any"), value, rows[intent.ref].row.values.get(name))
            except UnfitError as unfit:
                refusals[Refusal(intent.ref.system, intent.ref.collection, name, unfit.why, _MEND)] = None
        fit_ones.append(replace(intent, values=values) if values else intent)
    return fit_ones, list(refusals)
