"""What a plan will meet in the live systems, found out before it is shown: what cascades take along, and what refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import DeskError, RefusedError
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.model.event import Step as StepEvent
from dsr_desk.model.event import Tell
from dsr_desk.model.finding import Lookup, RowRef
from dsr_desk.model.plan import Reach, Refusal, Step, Work
from dsr_desk.model.schema import Schema

_UNIQUE = "the column must be unique and the value is already there"


def with_reach(systems: Systems, steps: Sequence[Step], works: Mapping[str, Work], cancel: Cancel) -> list[Step]:
    """The steps, each with what the system takes along beyond the catalog, where the catalog agrees to that (``cascade: true``)."""
    agreed = [n for n, work in works.items() if any(_cascades(systems.catalog, s) for s in work.steps)]
    taken: dict[RowRef, tuple[Reach, ...]] = {}
    for _, future in systems.each(agreed, lambda d: d.reach(works[d.system.name], cancel)):
        found: Mapping[RowRef, tuple[Reach, ...]] = result(future)
        taken |= found
    return [replace(s, reach=taken[s.ref]) if taken.get(s.ref) else s for s in steps]


def _cascades(catalog: Catalog, step: Step) -> bool:
    return step.action == "delete" and catalog.collection(step.ref.system, step.ref.collection).cascade


def there_already(systems: Systems, schemas: Mapping[str, Schema], steps: Sequence[Step], cancel: Cancel) -> list[Refusal]:
    """New values that must be unique and that a row that stays has already, in systems where nothing is rehearsed."""
    asked: dict[str, list[tuple[Lookup, frozenset[RowRef]]]] = {}
    for name in (n for n in schemas if not schemas[n].tried):
        for collection, live in schemas[name].collections.items():
            mine = [s for s in steps if (s.ref.system, s.ref.collection) == (name, collection) and s.changes]
            for columns in live.unique:
                touched = [s for s in mine if s.action == "change" and {*columns} & {*s.writes}]
                values = {tuple(s.writes.get(c, s.before.get(c)) for c in columns) for s in touched}
                wanted = tuple(v for v in values if None not in v)
                free = frozenset(s.ref for s in mine if s.action != "change" or s in touched)
                if wanted:
                    asked.setdefault(name, []).append((Lookup(collection, columns, wanted), free))

    def job(driver: Driver) -> list[Lookup]:
        mine = asked[driver.system.name]
        hits = systems.find(driver, [lookup for lookup, _ in mine], cancel)
        return [lookup for n, (lookup, free) in enumerate(mine) if any(h.lookup == n and h.row.ref not in free for h in hits)]

    taken: list[Refusal] = []
    for name, future in systems.each(list(asked), job):
        lookups: list[Lookup] = result(future)
        taken += [
            Refusal(name, x.collection, ", ".join(x.fields), _UNIQUE, "Choose a strategy that makes a new value.") for x in lookups
        ]
    return taken


def rehearsed(
    systems: Systems,
    schemas: Mapping[str, Schema],
    works: Mapping[str, Work],
    known: Sequence[Refusal],
    tell: Tell,
    cancel: Cancel,
) -> list[Refusal]:
    """What refuses a plan when it is tried, beside what is ``known`` of it already: a person mends it all at once.

    A column that is refused already is left out, and so is a collection, with those that its rows point to: trying them would only
    show what follows from the first refusal. A system that is refused as a whole is not tried.
    """
    names = [n for n in works if not any(r.system == n and not r.collection for r in known)]
    tried = {n: _rest(systems.catalog.systems[n], schemas[n], works[n], [r for r in known if r.system == n]) for n in names}

    def job(driver: Driver) -> list[Refusal]:
        return driver.rehearse(tried[driver.system.name], cancel)

    problems: list[Refusal] = []
    for name in names:
        tell(StepEvent(name, "checking", text="rehearsal"))
    for name, future in systems.each(names, job):
        try:
            found: list[Refusal] = result(future)
            problems += found
        except RefusedError as error:
            problems.append(Refusal(name, "", "", error.message, error.hint))
        except DeskError:
            cancel.check()
            raise
    return sorted(problems, key=lambda r: (names.index(r.system), r.collection, r.field))


def _rest(system: System, schema: Schema, work: Work, refused: Sequence[Refusal]) -> Work:
    """What of a system's work can still be tried."""
    columns = {(r.collection, c) for r in refused for c in r.field.split(", ") if c}
    barred = {r.collection for r in refused if not r.field}
    tables = {c.table or c.name: c.name for c in system.collections.values()}
    todo = list(schema.collections)
    while todo:
        name = todo.pop()
        for fk in schema.collections[name].foreign_keys:
            target = tables.get(fk.to_table)
            stays = name in barred or any((name, c) in columns for c in fk.columns)
            if stays and target is not None and target not in barred:
                barred.add(target)
                todo.append(target)
    steps = [
        replace(s, writes={n: v for n, v in s.writes.items() if (s.ref.collection, n) not in columns})
        for s in work.steps
        if s.ref.collection not in barred
    ]
    watches = tuple(w for w in work.watches if w.lookup.collection not in barred)
    return replace(work, steps=tuple(steps), watches=watches)
