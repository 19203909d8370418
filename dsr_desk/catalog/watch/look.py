"""One look at the live systems, all at once: what they have, how much of it, and whose a few of their rows are.

A bounded look: some rows of each collection, a few seconds for each question, a time for each system. Nothing is written, and no
value that was read outlives the look.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from dsr_desk.catalog.watch.climb import Climbed, Elsewhere, Record, climb
from dsr_desk.catalog.watch.facts import CollectionFacts, PathFacts, shape_of
from dsr_desk.catalog.watch.rounds import all_at_once, no_longer_than
from dsr_desk.catalog.watch.suspects import Suspect, suspects
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, DeskError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.model.finding import Hit, Lookup
from dsr_desk.model.schema import Schema

T = TypeVar("T")
Drivers = Callable[[System], Driver]

#: So many records of each collection are looked at.
SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in seconds, one system may take altogether, may be looked into, and may take for one question of that."""

    system: float = 60.0
    looking: float = 20.0
    question: float = 5.0


PATIENT = Patience()


@dataclass
class Look:
    """What one system showed. ``collections`` are its facts, ``suspects`` columns that nobody described and that look personal.

    ``error`` says why it gave no schema; ``unseen`` why a collection (or, under an empty name, the system) was not looked into.
    """

    system: System
    schema: Schema | None = None
    by_hand: bool = False
    seconds: float = 0.0
    error: DeskError | None = None
    collections: dict[str, CollectionFacts] = field(default_factory=dict)
    climbed: dict[str, Climbed] = field(default_factory=dict)
    suspects: dict[str, tuple[Suspect, ...]] = field(default_factory=dict)
    unseen: dict[str, DeskError] = field(default_factory=dict)

    def facts(self, name: str) -> CollectionFacts:
        """What is known of a collection, its owners included."""
        seen, climbed = self.collections[name], self.climbed.get(name)
        if climbed is None:
            return seen
        said = {"sampled": climbed.sampled, "lost": climbed.lost, "paths": climbed.paths, "disagreements": climbed.disagreements}
        return replace(seen, **said)  # type: ignore[arg-type]  # each under its own name


def look(
    catalog: Catalog, systems: Sequence[System], drivers: Drivers, cancel: Cancel, patience: Patience = PATIENT
) -> dict[str, Look]:
    """Look at these systems; each is there in the result, with its error where it gave no answer in time."""
    looks = {s.name: Look(s) for s in systems}
    jobs = {s.name: _Job(catalog, looks[s.name], drivers, patience).run for s in systems}
    came = all_at_once(jobs, patience.system, cancel)
    for name in looks.keys() - came.keys():
        looks[name] = _late(looks[name], patience)
    _between(catalog, looks, drivers, patience, cancel)
    return looks


def _late(seen: Look, patience: Patience) -> Look:
    """What was seen until then: whoever is still at work there goes on in the old one."""
    late = UnreachableError(
        f"{seen.system.label} did not finish within {patience.system:g} seconds.",
        "Check that it is up and not overloaded, and look again.",
    )
    known = replace(seen, collections=dict(seen.collections), suspects=dict(seen.suspects), seconds=patience.system)
    if known.schema is None:
        return replace(known, error=late)
    return replace(known, unseen={**seen.unseen, "": late})


class _Job:
    """The look at one system, on a thread of its own."""

    def __init__(self, catalog: Catalog, seen: Look, drivers: Drivers, patience: Patience) -> None:
        self.catalog, self.seen, self.drivers, self.patience = catalog, seen, drivers, patience
        self.end = 0.0

    def run(self, cancel: Cancel) -> None:
        started = time.perf_counter()
        cancel.check()
        try:
            driver = self.drivers(self.seen.system)
            try:
                schema = driver.schema()
                self.seen.by_hand = driver.by_hand
                self.seen.seconds = time.perf_counter() - started
                self.seen.schema = schema
                if not driver.by_hand:
                    self._into(driver, schema, cancel)
            finally:
                driver.close()
        except CancelledError:
            raise
        except DeskError as error:
            self.seen.seconds = time.perf_counter() - started
            if self.seen.schema is None:
                self.seen.error = error
            else:
                self.seen.unseen[""] = error

    def _into(self, driver: Driver, schema: Schema, cancel: Cancel) -> None:
        self.end = time.monotonic() + self.patience.looking
        self.seen.collections = {name: shape_of(live) for name, live in schema.collections.items()}
        samples: dict[str, Sequence[Record]] = {}
        listed = self.seen.system.collections
        right = {n: live for n, live in schema.collections.items() if all(f in live.columns for f in listed[n].fields)}
        for name in right:
            records = self._asked(name, cancel, partial(driver.sample, name, SAMPLE))
            if records is not None:
                samples[name] = records
                self._keep(name, records)
        for name, some in samples.items():
            if len(some) >= SAMPLE:
                counted = self._asked("", cancel, partial(driver.count, [name])) or {}
                self.seen.collections[name] = replace(self.seen.collections[name], records=counted.get(name))
        self._asked("", cancel, partial(self._climb, driver, replace(schema, collections=right), samples))

    def _keep(self, name: str, records: Sequence[Record]) -> None:
        count = len(records) if len(records) < SAMPLE else None
        self.seen.collections[name] = replace(self.seen.collections[name], records=count, filled=bool(records))
        assert self.seen.schema is not None  # it is what named the collection
        listed = self.seen.system.collections[name]
        unknown = [c for c in self.seen.schema.collections[name].columns.values() if c.name not in listed.fields]
        self.seen.suspects[name] = suspects(listed, unknown, records, self.seen.system.region)

    def _climb(self, driver: Driver, schema: Schema, samples: Mapping[str, Sequence[Record]], cancel: Cancel) -> None:
        def find(lookups: Sequence[Lookup]) -> list[Hit]:
            return [hit for batch in driver.find(lookups, cancel) for hit in batch]

        self.seen.climbed = climb(self.catalog, self.seen.system.name, schema, samples, find)

    def _asked(self, name: str, cancel: Cancel, ask: Callable[[Cancel], T]) -> T | None:
        """The answer to one question; ``None``, with the reason kept, where it took too long or could not be given."""
        left = self.end - time.monotonic()
        try:
            if left <= 0:
                raise _slow(self.seen.system.label)
            with no_longer_than(min(left, self.patience.question), cancel) as within:
                return ask(within)
        except CancelledError:
            cancel.check()
            self.seen.unseen[name] = _slow(self.seen.system.label)
        except DeskError as error:
            self.seen.unseen[name] = error
        return None


def _slow(label: str) -> UnreachableError:
    return UnreachableError(f"{label} took too long to answer.", "What was not looked into is not judged. Look again later.")


def _between(catalog: Catalog, looks: Mapping[str, Look], drivers: Drivers, patience: Patience, cancel: Cancel) -> None:
    """Ask each system for the rows of it that other systems point to."""
    wanted: dict[str, list[tuple[Look, Elsewhere]]] = {}
    for seen in looks.values():
        for climbed in seen.climbed.values():
            for away in climbed.elsewhere:
                target = looks.get(away.reference.system)
                live = target.schema.collections.get(away.reference.collection) if target and target.schema else None
                if live is not None and all(name in live.columns for name in away.reference.to):
                    wanted.setdefault(away.reference.system, []).append((seen, away))

    def asking(system: str) -> Callable[[Cancel], list[int]]:
        def run(cancel: Cancel) -> list[int]:
            driver = drivers(catalog.systems[system])
            try:
                lookups = [Lookup(a.reference.collection, a.reference.to, tuple(a.rows)) for _, a in wanted[system]]
                with no_longer_than(patience.question, cancel) as within:
                    hits = [hit for batch in driver.find(lookups, within) for hit in batch]
                questions = driver.questions(lookups)
                there = [{v for h in hits if h.lookup == n for v in q.told(h.row.values)} for n, q in enumerate(questions)]
                return [sum(n for v, n in a.rows.items() if v not in there[i]) for i, (_, a) in enumerate(wanted[system])]
            finally:
                driver.close()

        def safely(cancel: Cancel) -> list[int]:
            try:
                return run(cancel)
            except DeskError as error:
                cancel.check()
                looks[system].unseen.setdefault("", error)
                return []

        return safely

    for system, counts in all_at_once({s: asking(s) for s in wanted}, patience.looking, cancel).items():
        for (seen, away), dangling in zip(wanted[system], counts, strict=False):
            climbed = seen.climbed[away.collection]
            paths = tuple(_dangling(p, away, dangling) for p in climbed.paths)
            seen.climbed[away.collection] = replace(climbed, paths=paths)


def _dangling(path: PathFacts, away: Elsewhere, count: int) -> PathFacts:
    to = f"{away.reference.system}/{away.reference.collection}"
    return replace(path, dangling=count) if (path.fields, path.to) == (away.reference.fields, to) else path
