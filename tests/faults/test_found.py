"""What faults and mutants have found, each made again the same way every time."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from dsr_desk.errors import RefusedError
from dsr_desk.flow import apply as applying
from dsr_desk.flow.applying import record
from dsr_desk.flow.planning import refuse
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.event import Event, silent
from dsr_desk.model.event import Step as StepEvent
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Step
from dsr_desk.model.result import Approval
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import Value
from dsr_desk.store import schema
from tests.faults import calls, child, proxy, strace
from tests.faults.calls import Point
from tests.faults.oracle import Oracle
from tests.faults.place import ERASURE, Place
from tests.faults.proxy import Cut
from tests.servers import missing


@pytest.fixture(scope="module")
def points(place: Place) -> list[Point]:
    if reason := strace.missing():
        missing(reason)
    return list(calls.points(place, ERASURE))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("news.csv", "close"),
        ("desk.xlsx", "close"),
        (".news.csv.dsr-desk-new", "newfstatat"),
        ("shop.db", "openat"),
        ("shop.db", "newfstatat"),
        ("catalog/news.yaml", "newfstatat"),
        ("catalog", "openat"),
    ],
)
def test_a_failing_disk_is_said_in_words(place: Place, points: list[Point], path: str, name: str) -> None:
    """It ended with a traceback where a file was closed, looked at after its rename, or read beside its database."""
    there = [p for p in points if (p.path, p.name) == (path, name)]
    assert there
    for point in {there[0], there[-1]}:
        fault = calls._one(ERASURE, point, "EIO", False, place)
        assert fault.happened and not fault.wrong, (point, fault.wrong)


def test_what_the_database_client_would_log_stays_off_the_terminal() -> None:
    """A cut connection printed the server's own words with a traceback."""
    program = (
        "import logging, dsr_desk.drivers._sql.engines\n"
        "logging.getLogger('sqlalchemy.pool.impl.NullPool').error('ann@x.org')\n"
        "logging.getLogger('psycopg').warning('ann@x.org')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_commit_that_nobody_answered_is_called_doubtful_and_one_that_never_came_failed(place: Place) -> None:
    """Cut at the COMMIT, with the server gone: it may have happened. With the server back, it can be asked."""
    with place.copy() as here, proxy.wire(place.database) as wire:
        child.run(lambda: child.apply(here, place.refs[ERASURE], wire.use))
        last = wire.messages()
    commit = next(n for n in range(last, 0, -1) if _cut(place, Cut(n, answered=True, back=False)) == ("in doubt", True))
    assert _cut(place, Cut(commit, answered=False, back=False)) == ("in doubt", False)
    assert _cut(place, Cut(commit, answered=False, back=True)) == ("failed", False)
    assert _cut(place, Cut(commit, answered=True, back=True)) == ("applied", True)


def _cut(place: Place, cut: Cut) -> tuple[str, bool]:
    """What is said of the system, and whether it was written to. Afterwards the run is finished."""
    with place.copy() as here:
        oracle = Oracle(place, here)
        with proxy.wire(place.database, cut) as wire:
            child.run(lambda: child.apply(here, oracle.ref, wire.use))
        written = place.systems(here)["crm"] != place.before["crm"]
        desk = here.desk()
        with desk.workspace:
            done = desk.applied(oracle.ref)
        oracle.at_the_fault()
        oracle.finished()
        assert done is not None and not oracle.wrong
        return {s.system: s.status for s in done.systems}["crm"], written


def test_an_approval_of_another_plan_does_not_count(place: Place) -> None:
    """Even where its entry in the trail is the right one."""
    with place.copy() as here:
        desk, ref = here.desk(), place.refs[ERASURE]
        with desk.workspace:
            with desk.workspace.write() as tx:
                approval = record.get(tx, ref, "approval", Approval)
                assert approval is not None
                record.put(tx, ref, "approval", replace(approval, digest="0" * 64))
            with pytest.raises(RefusedError):
                desk.apply(ref)
        assert place.systems(here) == place.before


def test_the_trail_must_hold_the_approval_of_this_very_plan(place: Place) -> None:
    with place.copy() as here:
        desk, ref = here.desk(), place.refs[ERASURE]
        with desk.workspace:
            earlier = desk.approvals(ref)[0]
            plan = desk.make_plan(ref)
            now = desk.approve(ref, plan.digest)
            with desk.workspace.write() as tx:
                record.put(tx, ref, "approval", replace(now, entry=earlier.entry))
            with pytest.raises(RefusedError):
                desk.apply(ref)
        assert place.systems(here) == place.before


def test_a_plan_that_was_made_anew_a_moment_ago_does_not_run(place: Place) -> None:
    """Between reading the plan and taking the lease, somebody else may plan."""
    with place.copy() as here:
        desk, ref = here.desk(), place.refs[ERASURE]
        with desk.workspace:
            with desk.workspace.read() as tx:
                plan, key = applying.check_approved(tx, tx.request(ref))
            desk.make_plan(ref)
            with Systems(here.catalog(), here.folder, desk.workspace.secret) as systems, pytest.raises(RefusedError):
                applying.run(desk.workspace, systems, desk.request(ref), plan, key, silent, Cancel())
        assert place.systems(here) == place.before


def test_a_plan_does_not_run_on_a_catalog_that_was_accepted_since(place: Place) -> None:
    with place.copy() as here:
        desk, ref = here.desk(), place.refs[ERASURE]
        with desk.workspace:
            path = here.folder / "catalog" / "news.yaml"
            path.write_text(
                path.read_text(encoding="utf-8").replace('"driver"', '"purpose": "Letters", "driver"'), encoding="utf-8"
            )
            desk.accept_catalog()
            with pytest.raises(RefusedError):
                desk.apply(ref)
        assert place.systems(here) == place.before


def test_a_run_that_was_taken_over_begins_nothing_more(place: Place) -> None:
    with place.copy() as here:
        desk, ref = here.desk(), place.refs[ERASURE]

        def tell(event: Event) -> None:
            if isinstance(event, StepEvent) and (event.system, event.state) == ("news", "writing"):
                with desk.workspace.write() as tx:
                    taken = schema.leases.c
                    tx.connection.execute(schema.leases.update().values(fence=taken.fence + 1, holder="somebody else"))

        with desk.workspace, pytest.raises(RefusedError):
            desk.apply(ref, tell)
        now = place.systems(here)
        assert [s for s in now if now[s] != place.before[s]] == ["crm", "desk"]


def test_what_nobody_wrote_and_nobody_can_look_at_is_left_over(place: Place) -> None:
    """A system that is away when the plan runs, and still when it is proved: its balance may not say erased."""
    with place.copy() as here:
        desk, ref = here.desk(), place.refs[ERASURE]

        def tell(event: Event) -> None:
            if isinstance(event, StepEvent) and (event.system, event.state) == ("shop", "writing"):
                (here.folder / "shop.db").rename(here.folder / "shop.away")

        with desk.workspace:
            assert desk.apply(ref, tell).status == "partial"
            proof = desk.verify(ref)
            assert proof.status == "leftovers"
            plan = desk.plan(ref)
            assert plan is not None
            lost = {s.ref for s in plan.steps if s.changes and s.ref.system == "shop"}
            assert lost and {x.ref for x in proof.leftovers} == lost
            assert {s.system: s.erased for s in proof.systems}["shop"] == 0


def test_a_row_that_somebody_is_changing_is_waited_for_and_looked_at_again(place: Place) -> None:
    """Compared without a lock, it would be as planned, and then be deleted as it is not."""
    with place.copy() as here, psycopg.connect(place.database) as other, psycopg.connect(place.database, autocommit=True) as watch:
        oracle = Oracle(place, here)
        other.execute("UPDATE letters SET body = 'Dear Ann, once more' WHERE id = 10")
        run = child.start(lambda: child.apply(here, oracle.ref))
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        end = time.monotonic() + 60
        while watch.execute(waiting).fetchone() != (1,) and time.monotonic() < end:
            time.sleep(0.01)
        other.commit()
        oracle.ended(child.ended(run), 3)
        assert not oracle.wrong
        assert watch.execute("SELECT body FROM letters WHERE id = 10").fetchone() == ("Dear Ann, once more",)
        assert watch.execute("SELECT count(*) FROM accounts").fetchone() == (2,)


@pytest.mark.parametrize(
    ("columns", "unique", "value", "why"),
    [
        ({"nullable": False}, (), None, "it may not be NULL"),
        ({"length": 3}, (), "gone", "the new value has 4 characters, and it takes 3"),
        ({"generated": True}, (), "x", "the system computes it itself"),
        ({}, (("mail",),), "x", "it must be unique, and two rows of this plan would get the same value"),
    ],
)
def test_the_schema_alone_refuses(columns: dict[str, Any], unique: tuple[tuple[str, ...], ...], value: Value, why: str) -> None:
    """Not every system lets a plan be rehearsed; where one does, the rehearsal must not be all that stands in the way."""
    collection = Collection("crm", "people", ("id",), {"id": Field("id"), "mail": Field("mail")})
    live = LiveCollection("people", {"id": Column("id", "integer"), "mail": Column("mail", "text", **columns)}, unique)
    system = System("crm", "sql", collections={"people": collection})
    steps = [
        Step(RowRef("crm", "people", (str(n),)), {"id": n}, "change", {}, "digest", {"id": n, "mail": "old"}, {"mail": value})
        for n in (1, 2)
    ]
    refused = list(refuse.refusals(system, Schema("any", {"people": live}), steps))
    assert [(r.collection, r.field, r.why) for r in refused] == [("people", "mail", why)]
    assert not list(refuse.refusals(system, Schema("any", {"people": LiveCollection("people", {})}), steps[:1]))
