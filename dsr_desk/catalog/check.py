"""Checking the whole catalog: against itself and, all systems at once, against the live systems."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import dsr_desk.drivers
import dsr_desk.strategies
from dsr_desk.catalog.live import Coverage, compare, coverage, named
from dsr_desk.catalog.problem import Problem, order, quote
from dsr_desk.catalog.read import CatalogRead
from dsr_desk.catalog.source import Source
from dsr_desk.catalog.watch.drift import drift
from dsr_desk.catalog.watch.facts import Facts
from dsr_desk.catalog.watch.look import PATIENT, Look, Patience, look
from dsr_desk.catalog.watch.owners import owners
from dsr_desk.drivers.base import Driver
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, Environment, System
from dsr_desk.model.schema import Schema
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """One system as it answered. ``reachable`` is ``None`` where nobody asked; ``seconds`` is how long the answer took.

    ``known_columns`` of ``live_columns`` are in the catalog; ``uncovered`` are the others, as ``collection.column``. ``error`` and
    ``hint`` say why it did not answer. ``by_hand``: a person searches it.
    """

    system: str
    title: str
    driver: str
    environment: Environment
    file: str
    by_hand: bool = False
    reachable: bool | None = None
    seconds: float = 0.0
    server: str = ""
    known_columns: int = 0
    live_columns: int = 0
    uncovered: tuple[str, ...] = ()
    unlisted_tables: tuple[str, ...] = ()
    collections: tuple[Coverage, ...] = ()
    limits: tuple[str, ...] = ()
    tried: bool = True
    writable: bool = True
    error: str = ""
    hint: str = ""

    @property
    def coverage(self) -> str:
        """``41 of 43 columns``, or nothing where it isn't known."""
        return f"{self.known_columns} of {self.live_columns} columns" if self.live_columns else ""


@dataclass(frozen=True, slots=True)
class CatalogCheck:
    """All that is wrong, and how each system is. ``broken`` are systems whose file can't be read.

    ``schemas`` are the answers of the live systems, by name: what is typed later is held against them without asking again.
    """

    problems: tuple[Problem, ...]
    systems: tuple[SystemHealth, ...]
    catalog: Catalog | None
    broken: tuple[str, ...] = ()
    schemas: Mapping[str, Schema] = field(default_factory=dict, repr=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be mended before anything may be planned."""
        return tuple(p for p in self.problems if p.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What somebody should look at."""
        return tuple(p for p in self.problems if p.severity == "warning")

    @property
    def unreachable(self) -> tuple[SystemHealth, ...]:
        """The systems that were asked and did not answer."""
        return tuple(s for s in self.systems if s.reachable is False)

    @property
    def ok(self) -> bool:
        """Whether there is a catalog, no error, and no system that was asked in vain."""
        return self.catalog is not None and not self.errors and not self.unreachable


def check_catalog(
    read: CatalogRead,
    drivers: Callable[[System], Driver],
    live: bool = True,
    cancel: Cancel | None = None,
    accepted: Facts | None = None,
    patience: Patience = PATIENT,
) -> CatalogCheck:
    """Check what was read; with ``live`` also against every system, all at once. Nothing is written anywhere.

    ``drivers`` makes a driver for a system; it is closed here. ``accepted`` is what the systems looked like when the catalog was
    accepted last: what is another way now is said. A system that does not answer is a ``SystemHealth`` with its error, and hides
    no other. ``CancelledError`` where somebody wished to stop.
    """
    problems = [*read.problems, *_environments(read)]
    if not live or read.catalog is None:
        systems = read.catalog.systems.values() if read.catalog else ()
        return CatalogCheck(order(problems), tuple(_health(s) for s in systems), read.catalog, read.broken)
    known, strategies = plugins(dsr_desk.drivers, Driver), plugins(dsr_desk.strategies, Strategy)
    looks = look_at(read.catalog, drivers, cancel, patience)
    before = accepted.named if accepted else {}
    for name, seen in looks.items():
        if seen.schema is None or seen.by_hand:
            continue
        source = read.sources[name]
        problems += compare(seen.system, seen.schema, source, strategies, indexes=not known[seen.system.driver].heavy)
        problems += drift(seen, before.get(name), source)
        problems += owners(seen, before.get(name), source)
        problems += _unseen(seen, source)
        if accepted and accepted.systems and name not in before:
            message = f"{seen.system.label} did not answer when the catalog was accepted, so what changed since can't be told."
            problems.append(source.problem("note", ("system",), message, "Accept the catalog again.", code="never_seen"))
    health = tuple(_seen(looks[s.name]) if s.name in looks else _health(s) for s in read.catalog.systems.values())
    schemas = {name: seen.schema for name, seen in looks.items() if seen.schema is not None}
    return CatalogCheck(order(problems), health, read.catalog, read.broken, schemas)


def look_at(
    catalog: Catalog, drivers: Callable[[System], Driver], cancel: Cancel | None = None, patience: Patience = PATIENT
) -> dict[str, Look]:
    """What every system shows now, of those whose driver this program has. ``CancelledError`` where somebody wished to stop."""
    known = plugins(dsr_desk.drivers, Driver)
    return look(catalog, [s for s in catalog.systems.values() if s.driver in known], drivers, cancel or Cancel(), patience)


def _unseen(seen: Look, source: Source) -> Iterator[Problem]:
    """What was not looked into: by its reason, so that a slow system with many collections is one note."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for name, why in seen.unseen.items():
        reasons.setdefault((why.message, why.hint or "Look again later."), []).append(name)
    for (message, hint), names in reasons.items():
        inside = tuple(n for n in names if n)
        what = named(inside) if inside else f"{seen.system.label}, to the end,"
        path = ("collections", names[0]) if len(names) == 1 and names[0] else ("collections",) if inside else ("system",)
        yield source.problem("note", path, f"{what} could not be looked into: {message}", hint, key=True, code="not_looked_into")


def _environments(read: CatalogRead) -> Iterator[Problem]:
    """A reference from a production system into a test one, or back: whose a row is would be decided by invented people."""
    systems = read.catalog.systems if read.catalog else {}
    for collection in read.catalog.collections() if read.catalog else ():
        for reference in collection.references:
            here, there = systems[collection.system], systems.get(reference.system)
            if there is None or here.environment == there.environment:
                continue
            message = (
                f"{quote(collection.name)} of {here.label} ({here.environment}) leads into {there.label} ({there.environment})."
            )
            yield read.sources[here.name].warning(
                ("collections", collection.name),
                message,
                "Keep test systems in a workspace of their own, or correct environment:.",
                key=True,
                code="environments_mixed",
            )


def _seen(seen: Look) -> SystemHealth:
    schema = seen.schema
    if schema is None:
        error = seen.error
        return _health(
            seen.system,
            reachable=False,
            seconds=seen.seconds,
            error=error.message if error else "",
            hint=error.hint if error else "",
        )
    if seen.by_hand:
        return _health(seen.system, seconds=seen.seconds, server=schema.server, limits=schema.limits)
    parts = coverage(seen.system, schema)
    return _health(
        seen.system,
        reachable=True,
        seconds=seen.seconds,
        server=schema.server,
        known_columns=sum(c.known for c in parts),
        live_columns=sum(c.columns for c in parts),
        uncovered=tuple(f"{c.collection}.{column}" for c in parts for column in c.uncovered),
        unlisted_tables=schema.others,
        collections=parts,
        limits=schema.limits,
        tried=schema.tried,
        writable=schema.writable,
    )


def _health(system: System, **found: object) -> SystemHealth:
    driver = plugins(dsr_desk.drivers, Driver).get(system.driver)
    by_hand = bool(driver and driver.by_hand)
    health = SystemHealth(system.name, system.label, system.driver, system.environment, system.file, by_hand)
    return replace(health, **found)  # type: ignore[arg-type]  # the callers name fields of SystemHealth
