"""Checking the whole catalog: against itself and, all systems at once, against the live systems."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

import dsr_desk.drivers
import dsr_desk.strategies
from dsr_desk.catalog.live import Coverage, compare, coverage
from dsr_desk.catalog.problem import Problem, order
from dsr_desk.catalog.read import CatalogRead
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import DeskError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, Environment, System
from dsr_desk.model.schema import Schema
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

#: How many systems are asked at once, and how often a wish to stop is looked for, in seconds.
_AT_ONCE = 16
_PATIENCE = 0.1


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
    read: CatalogRead, drivers: Callable[[System], Driver], live: bool = True, cancel: Cancel | None = None
) -> CatalogCheck:
    """Check what was read; with ``live`` also against every system, all at once. Nothing is written anywhere.

    ``drivers`` makes a driver for a system; it is closed here. A system that does not answer is a ``SystemHealth`` with its
    error, and hides no other. ``CancelledError`` where somebody wished to stop.
    """
    systems = list(read.catalog.systems.values()) if read.catalog else []
    cancel = cancel or Cancel()
    answers: dict[str, tuple[SystemHealth, Schema | None]] = {s.name: (_health(s), None) for s in systems}
    if live:
        known = plugins(dsr_desk.drivers, Driver)
        answers |= _ask([s for s in systems if s.driver in known], drivers, cancel)
    problems = list(read.problems)
    strategies = plugins(dsr_desk.strategies, Strategy)
    for system in systems:
        health, schema = answers[system.name]
        if schema is not None and not health.by_hand:
            heavy = plugins(dsr_desk.drivers, Driver)[system.driver].heavy
            problems += compare(system, schema, read.sources[system.name], strategies, indexes=not heavy)
    schemas = {name: schema for name, (_, schema) in answers.items() if schema is not None}
    return CatalogCheck(order(problems), tuple(health for health, _ in answers.values()), read.catalog, read.broken, schemas)


def _ask(
    systems: list[System], drivers: Callable[[System], Driver], cancel: Cancel
) -> dict[str, tuple[SystemHealth, Schema | None]]:
    pool = ThreadPoolExecutor(min(_AT_ONCE, len(systems)) or 1, thread_name_prefix="catalog-check")
    try:
        futures = {s.name: pool.submit(_one, s, drivers, cancel) for s in systems}
        waiting: set[Future[tuple[SystemHealth, Schema | None]]] = set(futures.values())
        while waiting:
            cancel.check()
            _, waiting = wait(waiting, timeout=_PATIENCE, return_when=FIRST_COMPLETED)
        return {name: future.result() for name, future in futures.items()}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _one(system: System, drivers: Callable[[System], Driver], cancel: Cancel) -> tuple[SystemHealth, Schema | None]:
    cancel.check()
    started = time.perf_counter()
    try:
        driver = drivers(system)
        try:
            schema = driver.schema()
        finally:
            driver.close()
    except DeskError as error:
        seconds = time.perf_counter() - started
        return _health(system, reachable=False, seconds=seconds, error=error.message, hint=error.hint), None
    seconds = time.perf_counter() - started
    if driver.by_hand:
        return _health(system, seconds=seconds, server=schema.server, limits=schema.limits), schema
    parts = coverage(system, schema)
    health = _health(
        system,
        reachable=True,
        seconds=seconds,
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
    return health, schema


def _health(system: System, **found: object) -> SystemHealth:
    driver = plugins(dsr_desk.drivers, Driver).get(system.driver)
    by_hand = bool(driver and driver.by_hand)
    health = SystemHealth(system.name, system.label, system.driver, system.environment, system.file, by_hand)
    return replace(health, **found)  # type: ignore[arg-type]  # the callers name fields of SystemHealth
