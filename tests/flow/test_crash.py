"""Stop it anywhere: a run killed at any point ends right when it is applied again, each effect exactly once, all of it recorded."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy.engine.default import DefaultDialect

from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying.standing import run_states
from dsr_desk.store import keys
from dsr_desk.store.journal import JournalRow
from dsr_desk.store.workspace import Workspace
from tests.flow.company import company
from tests.flow.world import World, approved, copy


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """An approved erasure over a database, a CSV and a workbook."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
        patch.setattr(keys, "_ITERATIONS", 1)
        world = company(World(tmp_path_factory.mktemp("ready")))
        desk = world.desk()
        with desk.workspace:
            ref = approved(desk, "email=ann@x.org")
        yield world, ref


@pytest.fixture(scope="module")
def finished(ready: tuple[World, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What it looks like after a run that nobody disturbed."""
    world = copy(ready[0], tmp_path_factory.mktemp("finished") / "w")
    desk = world.desk()
    with desk.workspace:
        assert desk.apply(ready[1]).status == "applied"
    return seen(world)


def seen(world: World) -> dict[str, Any]:
    """All that the systems hold, and the names of all files."""
    state = world.state()
    book = openpyxl.load_workbook(world.folder / "desk.xlsx")
    state["desk.xlsx"] = [tuple(c.value or "" for c in row) for row in book["tickets"].iter_rows()]
    book.close()
    state["names"] = sorted(
        p.name for p in world.folder.rglob("*") if not p.name.startswith("workspace.db") and p.parent.name != ".running"
    )
    return state


class Killer:
    """Ends this process at the n-th point: before and after every transaction of the workspace, commit, rename and fsync."""

    def __init__(self, at: int) -> None:
        self.left = at

    def point(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def wrapped(*args: Any, **more: Any) -> Any:
            self.point()
            result = real(*args, **more)
            self.point()
            return result

        setattr(owner, name, wrapped)

    def arm(self) -> None:
        real = Workspace.write

        @contextmanager
        def write(workspace: Workspace) -> Iterator[Any]:
            self.point()
            with real(workspace) as tx:
                yield tx
                self.point()
            self.point()

        Workspace.write = write  # type: ignore[method-assign]
        for name in ("replace", "rename", "fsync"):
            self.around(os, name)
        self.around(DefaultDialect, "do_commit")


def in_a_child(act: Callable[[], int]) -> int:
    """Run ``act`` in a process of its own; gives its exit status, negative for a signal."""
    pid = os.fork()
    if pid == 0:
        status = 99
        try:
            status = act()
        finally:
            os._exit(status)
    _, waited = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(waited)


def apply_and_die(world: World, ref: str, at: int) -> bool:
    """Apply in a child that is killed at a point; ``False`` where it came to its end before."""

    def act() -> int:
        desk = world.desk()
        Killer(at).arm()
        with desk.workspace:
            return desk.apply(ref).exit_code

    status = in_a_child(act)
    assert status in (0, -signal.SIGKILL), status
    return status != 0


def ends_right(world: World, ref: str, finished: dict[str, Any], at: object, *, proved: bool = True) -> None:
    desk = world.desk()
    with desk.workspace:
        done = desk.apply(ref)
        assert (done.status, done.exit_code) == ("applied", 0), at
        assert seen(world) == finished, at
        entries = Counter((e.type, e.body.get("system")) for e in desk.entries())
        with desk.workspace.read() as tx:
            journal = Counter((row.state, row.system) for row in tx.journal_rows(ref))
        for system in ("shop", "news", "desk"):
            assert entries["step.done", system] == journal["done", system] == 1, at
            assert entries["step.intent", system] == journal["intent", system] >= 1, at
        assert desk.verify_trail(lambda *_: None).ok, at
        assert not proved or desk.verify(ref).status == "verified", at


def test_killed_at_every_point_it_ends_right(ready: tuple[World, str], finished: dict[str, Any], tmp_path: Path) -> None:
    world, ref = ready
    at, died = 1, True
    while died:
        here = copy(world, tmp_path / str(at))
        died = apply_and_die(here, ref, at)
        ends_right(here, ref, finished, at, proved=at % 8 == 0)
        at += 1
    assert at > 40, "the points were passed by"


@pytest.mark.parametrize("at", [9, 14, 17, 22, 30])
def test_killed_again_while_recovering(ready: tuple[World, str], finished: dict[str, Any], tmp_path: Path, at: int) -> None:
    world, ref = ready
    for again in (5, 8, 11):
        here = copy(world, tmp_path / str(again))
        assert apply_and_die(here, ref, at)
        apply_and_die(here, ref, again)
        ends_right(here, ref, finished, (at, again))


def test_a_run_that_may_have_committed_must_be_finished_before_planning_anew(ready: tuple[World, str], tmp_path: Path) -> None:
    world, ref = ready
    refused = meant = 0
    for at in range(5, 50, 2):
        here = copy(world, tmp_path / str(at))
        assert apply_and_die(here, ref, at)
        desk = here.desk()
        with desk.workspace:
            with desk.workspace.read() as tx:
                last = {row.system: row.state for row in tx.journal_rows(ref)}
            before = here.state()
            if "committing" in last.values():
                with pytest.raises(RefusedError):
                    desk.make_plan(ref)
                refused += 1
            elif "intent" in last.values():  # it only meant to: nothing of it was written, so a new plan may be made
                assert desk.make_plan(ref).digest
                meant += 1
            assert here.state() == before
    assert refused > 2 and meant > 2


def test_what_may_have_committed_is_finished_though_another_system_drifted(ready: tuple[World, str], tmp_path: Path) -> None:
    world, ref = ready
    tried = 0
    for at in range(5, 40, 2):
        here = copy(world, tmp_path / str(at))
        assert apply_and_die(here, ref, at)
        desk = here.desk()
        with desk.workspace:
            with desk.workspace.read() as tx:
                last = {row.system: row.state for row in tx.journal_rows(ref)}
            if last.get("desk") != "committing" or "shop" in last:
                continue
            here.do("shop", "UPDATE wishes SET what = 'a green bicycle' WHERE id = 30")
            done = {s.system: s.status for s in desk.apply(ref).systems}
            assert (done["desk"], done["shop"]) == ("applied", "refused")
            assert desk.make_plan(ref) is not None
            tried += 1
    assert tried


def test_a_run_that_did_not_commit_and_whose_rows_changed_can_be_planned_anew(ready: tuple[World, str], tmp_path: Path) -> None:
    world, ref = ready
    tried = 0
    for at in range(40, 200):
        here = copy(world, tmp_path / str(at))
        if tried or not apply_and_die(here, ref, at):
            break
        desk = here.desk()
        with desk.workspace:
            with desk.workspace.read() as tx:
                last = {row.system: row.state for row in tx.journal_rows(ref)}
            with closing(sqlite3.connect(here.folder / "shop.db")) as db:
                untouched = db.execute("SELECT count(*) FROM wishes WHERE id = 30").fetchone() == (1,)
            if last.get("shop") != "committing" or not untouched:
                continue
            here.do("shop", "UPDATE wishes SET what = 'a green bicycle' WHERE id = 30")
            assert {s.system: s.status for s in desk.apply(ref).systems}["shop"] == "refused"
            assert desk.make_plan(ref).digest
            tried += 1
    assert tried


@pytest.mark.parametrize(
    ("states", "now"),
    [
        (["intent"], "intent"),
        (["intent", "blocked"], ""),
        (["intent", "committing"], "committing"),
        (["intent", "committing", "intent"], "committing"),
        (["intent", "committing", "intent", "blocked"], "committing"),
        (["intent", "committing", "doubt", "intent", "blocked"], "committing"),
        (["intent", "committing", "intent", "drift"], ""),
        (["intent", "committing", "doubt", "settled"], "settled"),
        (["intent", "committing", "intent", "done"], "done"),
    ],
)
def test_what_the_journal_says_of_a_run(states: list[str], now: str) -> None:
    rows = [JournalRow("DSR-2026-0001", n, "d", "shop", state, {}, "") for n, state in enumerate(states, 1)]
    assert run_states(rows) == {"shop": now}


def test_two_at_once_do_it_once(ready: tuple[World, str], finished: dict[str, Any], tmp_path: Path) -> None:
    world, ref = ready
    here = copy(world, tmp_path / "w")
    pids = []
    for _ in range(3):
        pid = os.fork()
        if pid == 0:
            status = 99
            try:
                desk = here.desk()
                with desk.workspace:
                    status = desk.apply(ref).exit_code
            except RefusedError as error:
                status = error.exit_code
            finally:
                os._exit(status)
        pids.append(pid)
    statuses = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    assert set(statuses) <= {0, 3}
    assert 0 in statuses
    ends_right(here, ref, finished, "three at once")


def test_changed_after_the_kill_is_drift_and_not_overwritten(ready: tuple[World, str], tmp_path: Path) -> None:
    """Recovering accepts rows as they were and as they were to be, and no others."""
    world, ref = ready
    refused = 0
    for at in range(5, 40, 4):
        here = copy(world, tmp_path / str(at))
        assert apply_and_die(here, ref, at)
        if here.ask("shop", "SELECT name FROM customers WHERE id = 1") != [("Ann Lee",)]:
            continue
        here.do("shop", "UPDATE customers SET name = 'Ann Changed' WHERE id = 1")
        desk = here.desk()
        with desk.workspace:
            done = desk.apply(ref)
        assert done.exit_code == 3
        assert here.ask("shop", "SELECT name, phone FROM customers WHERE id = 1") == [("Ann Changed", "+49301111111")]
        assert len(here.ask("shop", "SELECT * FROM wishes")) == 2
        refused += 1
    assert refused > 2
