"""A workspace whose systems are looked at for an acceptance, changed, and looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import dsr_desk.drivers
from dsr_desk.catalog.check import CatalogCheck, check_catalog, look_at
from dsr_desk.catalog.problem import Problem
from dsr_desk.catalog.read import CatalogRead, read_catalog
from dsr_desk.catalog.watch.facts import Facts, read_facts
from dsr_desk.catalog.watch.keep import facts_now
from dsr_desk.catalog.watch.look import PATIENT, Patience
from dsr_desk.drivers.base import Driver
from dsr_desk.model.catalog import System
from dsr_desk.plugins import plugins
from tests import servers
from tests.flow.world import World

Drivers = Callable[[System], Driver]


@dataclass
class Watched:
    """The systems of a world: what they looked like when they were accepted, and what a check says now."""

    world: World
    facts: Facts = field(default_factory=Facts)
    drivers: Drivers | None = None
    patience: Patience = PATIENT

    def read(self) -> CatalogRead:
        return read_catalog(self.world.folder)

    def accept(self) -> Facts:
        """Keep what the systems look like now, as the workspace keeps it: written and read again."""
        read = self.read()
        assert read.catalog is not None
        version = max((s.version for s in self.facts.systems), default=0) + 1
        looks = look_at(read.catalog, self.drivers or self.driver, patience=self.patience)
        self.facts = read_facts(facts_now(looks, self.facts, version).written())
        return self.facts

    def driver(self, system: System) -> Driver:
        made: Driver = plugins(dsr_desk.drivers, Driver)[system.driver](system, self.world.folder)
        return made

    def check(self) -> CatalogCheck:
        return check_catalog(self.read(), self.drivers or self.driver, accepted=self.facts, patience=self.patience)

    def said(self, *codes: str) -> list[Problem]:
        """The problems with these codes."""
        return [p for p in self.check().problems if p.code in codes]

    def one(self, code: str) -> Problem:
        """The one problem with this code."""
        problems = self.check().problems
        found = [p for p in problems if p.code == code]
        assert len(found) == 1, [(p.code, p.message) for p in problems]
        return found[0]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(World(tmp_path))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url
