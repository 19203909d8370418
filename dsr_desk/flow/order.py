"""In which order a system's rows change: references are cleared first, then rows go, those that point before those pointed to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter

from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Step
from dsr_desk.model.schema import Schema


def in_order(steps: Iterable[Step], system: System, schema: Schema | None) -> list[Step]:
    """The steps of one system, ready to run: changes, then deletes children first, then what stays.

    Tables that point at each other in a circle keep the catalog's order; the rehearsal says whether the system takes that.
    """
    rank = {name: place for place, name in enumerate(_children_first(system, schema))}
    return sorted(steps, key=lambda s: (_PHASE[s.action], rank.get(s.ref.collection, 0), s.ref.key))


_PHASE = {"change": 0, "delete": 1, "keep": 2, "manual": 3}


def _children_first(system: System, schema: Schema | None) -> Sequence[str]:
    pointed: dict[str, set[str]] = {name: set() for name in system.collections}
    for name, collection in system.collections.items():
        for reference in collection.references:
            if reference.system == system.name and reference.collection != name:
                pointed[reference.collection].add(name)
    tables = {c.table or c.name: c.name for c in system.collections.values()}
    for name, live in (schema.collections if schema else {}).items():
        for key in live.foreign_keys:
            target = tables.get(key.to_table)
            if target is not None and target != name and name in pointed:
                pointed[target].add(name)
    sorter = TopologicalSorter(pointed)
    try:
        return list(sorter.static_order())
    except CycleError:
        return list(system.collections)
