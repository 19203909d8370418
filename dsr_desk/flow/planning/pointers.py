"""Rows that name the person but are not theirs (``points_at``): when the row they point to goes, the pointer goes with it.

They are no findings and are never exported. The pointer is set to NULL, or to what the field's ``erase:`` says; where neither can
be, the plan refuses by name. Of a list of pointers only this person's goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dsr_desk.drivers.base import Driver
from dsr_desk.flow.planning.entries import ENTRY, without
from dsr_desk.flow.searching.answers import Asked, Group
from dsr_desk.flow.searching.owners import Graph
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Reference
from dsr_desk.model.finding import Finding, Hit, Hop, RowRef
from dsr_desk.model.plan import SHARED, TOLD, Intent, Outcome, Refusal

#: Strategies of a row that the plan is about, though every field of it counts as left out.
_STAYS = TOLD | {SHARED}
_POINTS = "Somebody else's record: it only points to this person"


@dataclass
class Pointers:
    """What pointing rows add to a plan: their intents, the rows themselves, and what can't be cleared."""

    intents: dict[RowRef, Intent] = field(default_factory=dict)
    rows: dict[RowRef, Finding] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


def pointers(systems: Systems, findings: Mapping[RowRef, Finding], intents: Iterable[Intent], cancel: Cancel) -> Pointers:
    """The intents of a plan with those of the rows that point to what it deletes; each intent once, findings first."""
    out = Pointers({i.ref: i for i in intents})
    graph = Graph(systems.catalog)
    asked: dict[str, dict[Group, tuple[Reference, set[Asked]]]] = {}
    for intent in list(out.intents.values()):
        if intent.action != "delete":
            continue
        for origin, reference in graph.incoming[intent.ref.system, intent.ref.collection]:
            question = graph.back(findings[intent.ref].row, origin, reference) if reference.kind == "points_at" else None
            if question:
                asked.setdefault(origin.system, {}).setdefault(question[0], (reference, set()))[1].add(question[1])
    by_hand = set(systems.by_hand())
    names = [n for n in asked if n not in by_hand]

    def job(driver: Driver) -> list[Hit]:
        lookups = [group.lookup(values) for group, (_, values) in asked[driver.system.name].items()]
        return systems.find(driver, lookups, cancel)

    for name, future in systems.each(names, job):
        groups = list(asked[name].items())
        hits: list[Hit] = result(future)
        for hit in hits:
            group, (reference, gone) = groups[hit.lookup]
            _clear(out, systems.catalog.collection(name, group.collection), reference, hit, gone, findings)
    return out


def _clear(
    out: Pointers, collection: Collection, reference: Reference, hit: Hit, gone: set[Asked], findings: Mapping[RowRef, Finding]
) -> None:
    ref = hit.row.ref
    known = out.intents.get(ref)
    if known is not None and known.action == "delete":
        return
    if known is not None and ref in findings and _left_out(known):
        cure = "Include the row, or keep the row that it points to"
        why = "a row that was left out points to one that would be deleted"
        out.refusals.append(Refusal(ref.system, ref.collection, ", ".join(reference.fields), why, cure))
        return
    if known is None:
        fields = dict.fromkeys(hit.row.values, Outcome("excluded", reason=_POINTS))
        known = Intent(ref, "change", fields)
        out.rows[ref] = Finding(hit.row, (Hop("points_at", "+".join(reference.fields)),))
    erase, values, told = dict(known.erase), dict(known.values), {}
    for name in reference.fields:
        said = collection.fields[name].erase if name in collection.fields else None
        listed = values.get(name, hit.row.values.get(name))
        if isinstance(listed, list) and said is None and len(reference.fields) == 1:
            values[name] = without(listed, {text for (text,) in gone})
            told[name] = Outcome("erased", ENTRY)
            continue
        erase.setdefault(name, (said.strategy, said.params) if said else ("null", {}))
        told[name] = Outcome("erased", erase[name][0])
    out.intents[ref] = replace(known, action="change", fields={**known.fields, **told}, erase=erase, values=values)


def _left_out(intent: Intent) -> bool:
    return intent.action == "manual" or all(o.name == "excluded" and o.strategy not in _STAYS for o in intent.fields.values())
