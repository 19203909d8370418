"""The connected systems of a catalog, opened one driver each, every one on its own thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from dsr_desk import drivers
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import DeskError, UsageError
from dsr_desk.flow.workers import Workers
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.model.finding import Hit, Lookup
from dsr_desk.plugins import plugins

T = TypeVar("T")
Secrets = Callable[[str], Callable[[], str | None]]


def driver_class(system: System) -> type[Driver]:
    """The driver a system names; ``UsageError`` where there is none."""
    known = plugins(drivers, Driver)
    if system.driver not in known:
        raise UsageError(
            f"{system.name} asks for the driver {system.driver!r}, which this program doesn't have.",
            f"Choose one of: {', '.join(sorted(known))}.",
        )
    return known[system.driver]


class Systems:
    """All systems of a catalog. Use it as a context manager: leaving closes every driver and thread."""

    def __init__(self, catalog: Catalog, folder: Path, secrets: Secrets, processes: bool = False) -> None:
        self.catalog = catalog
        self.folder = folder
        self._secrets = secrets
        self._workers = Workers(processes)
        self._drivers: dict[str, Driver] = {}

    def __enter__(self) -> Systems:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self._drivers):
            with suppress(DeskError):
                self._workers.on(name, self._drivers[name].close)
        self._workers.close()

    def by_hand(self) -> list[str]:
        """The systems that only a person can deal with."""
        return [s.name for s in self.catalog.systems.values() if driver_class(s).by_hand]

    def heavy(self) -> frozenset[str]:
        """The systems whose reading is work for Python: files."""
        return frozenset(s.name for s in self.catalog.systems.values() if driver_class(s).heavy)

    def driver(self, name: str) -> Driver:
        """The driver of one system. Call its methods through ``each`` or ``on`` only."""
        if name not in self._drivers:
            system = self.catalog.systems[name]
            self._drivers[name] = driver_class(system)(system, self.folder, self._secrets(name))
        return self._drivers[name]

    def each(self, names: Iterable[str], job: Callable[[Driver], T]) -> Iterator[tuple[str, Future[T]]]:
        """Run a job on several systems at once; gives each as it ends."""
        return self._workers.each({name: self._bind(name, job) for name in names})

    def start(self, name: str, job: Callable[[Driver], T]) -> Future[T]:
        """Begin a job on one system."""
        return self._workers.start(name, self._bind(name, job))

    def leave(self, name: str) -> None:
        """Wait for a system no longer that doesn't answer. What it is asked next, a new connection asks."""
        driver = self._drivers.pop(name, None)
        self._workers.leave(name, driver.close if driver else lambda: None)

    def on(self, name: str, job: Callable[[Driver], T]) -> T:
        """Run a job on one system and wait."""
        return self._workers.on(name, self._bind(name, job))

    def _bind(self, name: str, job: Callable[[Driver], T]) -> Callable[[], T]:
        return lambda: job(self.driver(name))

    def find(self, driver: Driver, lookups: Sequence[Lookup], cancel: Cancel) -> list[Hit]:
        """All hits of one system; for files in a process of its own where there is a window to keep alive."""
        if driver.heavy:
            return self._workers.in_process(cancel, _find_alone, driver.system, driver.folder, _password(driver), lookups)
        return [hit for batch in driver.find(lookups, cancel) for hit in batch]

    def has_records(self, driver: Driver, collection: str, cancel: Cancel) -> bool:
        """Whether a collection has any record at all; a file is opened where a search opens it."""
        if driver.heavy:
            return self._workers.in_process(cancel, _has_records_alone, driver.system, driver.folder, _password(driver), collection)
        return bool(driver.sample(collection, 1, cancel))


def _password(driver: Driver) -> str | None:
    """What another process needs to log in: it can't ask the keyring's owner. A file needs none, and nobody is asked for it."""
    return driver.secret() if driver.system.url else None


def _has_records_alone(system: System, folder: Path, password: str | None, collection: str) -> bool:
    driver = driver_class(system)(system, folder, lambda: password)
    try:
        return bool(driver.sample(collection, 1, Cancel()))
    finally:
        driver.close()


def _find_alone(system: System, folder: Path, password: str | None, lookups: Sequence[Lookup]) -> list[Any]:
    """The body of a search in another process."""
    driver = driver_class(system)(system, folder, lambda: password)
    try:
        return [hit for batch in driver.find(lookups, Cancel()) for hit in batch]
    finally:
        driver.close()
