"""Slow and dead systems: each times out alone, and delays no other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import pytest

import dsr_desk.drivers
from dsr_desk.catalog.check import check_catalog
from dsr_desk.catalog.watch import rounds
from dsr_desk.catalog.watch.look import Patience
from dsr_desk.catalog.watch.rounds import all_at_once
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.values import Value
from dsr_desk.plugins import plugins
from tests.catalog.watch.conftest import Watched
from tests.flow.world import World, ident, owned_by, table

HURRIED = Patience(system=0.2, looking=0.15, question=0.1)


class Stuck(plugins(dsr_desk.drivers, Driver)["sql"]):  # type: ignore[misc]
    """A database that stops answering at some question, and goes on only when the test ends."""

    stuck_at: ClassVar[str] = "schema"
    heeds: ClassVar[bool] = False
    free: ClassVar[threading.Event]

    def schema(self) -> Any:
        self._hang("schema", Cancel())
        return super().schema()

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        self._hang(f"sample {collection}", cancel)
        found: list[Mapping[str, Value]] = super().sample(collection, count, cancel)
        return found

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        self._hang("count", cancel)
        found: Mapping[str, int] = super().count(collections, cancel)
        return found

    def _hang(self, where: str, cancel: Cancel) -> None:
        if where != self.stuck_at:
            return
        if not self.heeds:
            self.free.wait(20)
            raise UnreachableError("Too late.")
        heard = threading.Event()
        with cancel.stops_with(heard.set):
            heard.wait(20)
        cancel.check()


@pytest.fixture
def stuck(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Two systems: ``shop`` gets stuck, ``crm`` does not."""
    monkeypatch.setattr(rounds, "_GRACE", 0.05)
    world = World(tmp_path)
    rows = [(n, f"p{n}@x.org") for n in range(120)]
    people = table("id email", *rows, subject=True, email=ident("email"))
    orders = table("id customer", (1, 1), (2, 500), customer=owned_by("customers.id"))
    world.sql("shop", customers=people, orders=orders)
    world.sql("crm", contacts=table("id email", (1, "a@x.org"), email=ident("email")))
    watched = Watched(world, patience=HURRIED)
    watched.drivers = lambda s: (Stuck if s.name == "shop" else plugins(dsr_desk.drivers, Driver)["sql"])(s, tmp_path)
    Stuck.free = threading.Event()
    yield watched
    Stuck.free.set()


def test_a_system_that_never_answers_times_out_alone(stuck: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stuck, "stuck_at", "schema")
    checked = stuck.check()
    shop, crm = (next(s for s in checked.systems if s.system == n) for n in ("shop", "crm"))
    assert (shop.reachable, crm.reachable, checked.ok) == (False, True, False)
    assert shop.error == "shop did not finish within 0.2 seconds." and shop.hint


@pytest.mark.parametrize("heeds", [True, False])
@pytest.mark.parametrize("at", ["sample customers", "count"])
def test_one_that_gets_stuck_later_shows_what_was_seen_until_then(
    stuck: Watched, monkeypatch: pytest.MonkeyPatch, at: str, heeds: bool
) -> None:
    monkeypatch.setattr(Stuck, "stuck_at", at)
    monkeypatch.setattr(Stuck, "heeds", heeds)
    checked = stuck.check()
    assert {s.system: s.reachable for s in checked.systems} == {"shop": True, "crm": True}
    problem = next(p for p in checked.problems if p.code == "not_looked_into")
    assert (problem.severity, problem.system) == ("note", "shop")
    facts = stuck.accept().named["shop"].named
    assert facts["customers"].filled is (None if at == "sample customers" else True)
    assert facts["customers"].records is None
    assert [c.name for c in facts["customers"].columns] == ["id", "email"]


def test_a_question_that_heeds_is_given_up_and_the_next_one_asked(stuck: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stuck, "stuck_at", "sample customers")
    monkeypatch.setattr(Stuck, "heeds", True)
    stuck.patience = Patience(system=20, looking=20, question=0.2)
    assert stuck.accept().named["shop"].named["orders"].records == 2
    assert stuck.one("orphans").message.startswith("orders: 1 of 2")
    assert stuck.one("not_looked_into").collection == "customers"


def test_more_dead_systems_than_anybody_has_threads_for_delay_none() -> None:
    free = threading.Event()

    def dead(cancel: Cancel) -> str:
        free.wait(20)
        return "late"

    jobs: dict[str, Any] = {f"dead{n}": dead for n in range(60)} | {"alive": lambda cancel: "here"}
    try:
        assert all_at_once(jobs, 0.3, Cancel()) == {"alive": "here"}
    finally:
        free.set()


def test_a_wish_to_stop_reaches_every_job() -> None:
    cancel, heard = Cancel(), threading.Event()

    def job(mine: Cancel) -> None:
        with mine.stops_with(heard.set):
            cancel.cancel()
            heard.wait(20)

    with pytest.raises(CancelledError):
        all_at_once({"a": job}, 20, cancel)
    assert heard.is_set()


def test_a_bug_is_no_timeout() -> None:
    def job(cancel: Cancel) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        all_at_once({"a": job}, 20, Cancel())


class Rude(plugins(dsr_desk.drivers, Driver)["sql"]):  # type: ignore[misc]
    """Its samples fail after the table was dropped under the look."""

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        import sqlite3

        with sqlite3.connect(self.folder / "shop.db") as db:
            db.execute(f"DROP TABLE IF EXISTS {collection}")
        db.close()
        found: list[Mapping[str, Value]] = super().sample(collection, count, cancel)
        return found


def test_a_table_dropped_under_the_look_is_named_and_nothing_of_it_is_logged(
    stuck: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def drivers(system: System) -> Driver:
        kind = Rude if system.name == "shop" else plugins(dsr_desk.drivers, Driver)["sql"]
        made: Driver = kind(system, stuck.world.folder)
        return made

    problems = check_catalog(stuck.read(), drivers).problems
    assert {p.collection for p in problems if p.code == "not_looked_into"} >= {"customers", "orders"}
    assert "x.org" not in caplog.text


def test_what_there_was_no_time_for_is_one_note(stuck: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stuck, "stuck_at", "")
    stuck.patience = Patience(system=20, looking=0, question=5)
    said = [p.message for p in stuck.said("not_looked_into") if p.system == "shop"]
    assert said == ["customers and orders could not be looked into: shop took too long to answer."]


def test_whoever_is_late_is_told_to_stop() -> None:
    heard = threading.Event()

    def job(mine: Cancel) -> None:
        with mine.stops_with(heard.set):
            heard.wait(20)
        mine.check()

    assert all_at_once({"a": job}, 0.1, Cancel()) == {}
    assert heard.is_set()


def test_a_collection_that_could_not_be_looked_into_keeps_what_was_counted(stuck: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stuck, "stuck_at", "")
    stuck.patience = Patience()
    before = stuck.accept().named["shop"].named["customers"]
    assert before.records == 120
    stuck.world.do("shop", "ALTER TABLE customers ADD COLUMN shelf")
    stuck.patience = Patience(looking=0)
    after = stuck.accept().named["shop"].named["customers"]
    assert (after.records, after.filled, after.paths) == (before.records, before.filled, before.paths)
    assert [c.name for c in after.columns] == ["id", "email", "shelf"]
