"""What a plan will meet in the live systems, found out before it is shown: what cascades take along, and what refuses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import DeskError, RefusedError
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import Step as StepEvent
from dsr_desk.model.event import Tell
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Reach, Refusal, Step, Work
from dsr_desk.model.schema import Schema


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


def rehearsed(
    systems: Systems,
    schemas: Mapping[str, Schema],
    works: Mapping[str, Work],
    known: Sequence[Refusal],
    tell: Tell,
    cancel: Cancel,
) -> list[Refusal]:
    """What refuses a plan when it is tried, beside what is ``known`` of it already: a person mends it all at once.

    A column that is refused already is left out. Where a whole collection is refused, or a column that points to other rows, trying
    the rest would only show what follows from that: such a system is not tried.
    """
    names = [n for n in works if not _sore(schemas[n], [r for r in known if r.system == n])]
    refused = {(r.system, r.collection, r.field) for r in known}

    def job(driver: Driver) -> list[Refusal]:
        work = works[driver.system.name]
        return driver.rehearse(replace(work, steps=tuple(_without(s, refused) for s in work.steps)), cancel)

    problems: list[Refusal] = []
    for name in names:
        tell(StepEvent(name, "checking", text="rehearsal"))
    for name, future in systems.each(names, job):
        try:
            found: list[Refusal] = result(future)
            problems += [r for r in found if (r.system, r.collection, r.field) not in refused]
        except RefusedError as error:
            problems.append(Refusal(name, "", "", error.message, error.hint))
        except DeskError:
            cancel.check()
            raise
    return sorted(problems, key=lambda r: (names.index(r.system), r.collection, r.field))


def _sore(schema: Schema, refused: Iterable[Refusal]) -> bool:
    for refusal in refused:
        live = schema.collections.get(refusal.collection)
        points = {c for fk in live.foreign_keys for c in fk.columns} if live else set()
        if not refusal.field or points & {*refusal.field.split(", ")}:
            return True
    return False


def _without(step: Step, refused: set[tuple[str, str, str]]) -> Step:
    """The step without the columns that are refused already."""
    system, collection = step.ref.system, step.ref.collection
    names = {c for s, t, f in refused if (s, t) == (system, collection) for c in f.split(", ")}
    return replace(step, writes={n: v for n, v in step.writes.items() if n not in names}) if names & {*step.writes} else step
