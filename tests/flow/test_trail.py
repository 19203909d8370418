"""The trail of a workspace, verified as a window does it: against what somebody kept, in processes, and stopped at any time."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import text

from dsr_desk.audit import verify as verifying
from dsr_desk.audit.faults import (
    ChangedEntryError,
    CheckpointError,
    CutTrailError,
    MisfiledEntryError,
    UnreadableCheckpointError,
)
from dsr_desk.audit.trail import Verdict
from dsr_desk.errors import CancelledError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.proving import trail as trails
from dsr_desk.flow.workers import processes
from dsr_desk.model.cancel import Cancel
from dsr_desk.store import schema
from tests.flow.company import company
from tests.flow.world import World, planned


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any trail is long enough for processes, and is told about often."""
    for module in (trails, verifying):
        monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(verifying, "STRIDE", 2)


def checkpoint(desk: Desk) -> str:
    with desk.workspace.read() as tx:
        return tx.checkpoint()


def verified(desk: Desk, *against: str) -> Verdict:
    return desk.verify_trail(lambda *_: None, against=against)


def worked(world: World) -> Desk:
    company(world)
    desk = world.desk()
    ref, plan = planned(desk, "email=ann@x.org")
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    desk.verify(ref)
    return desk


def test_what_somebody_kept_is_held_against_it(world: World) -> None:
    with (desk := worked(world)).workspace:
        assert verified(desk).anchored == 0
        kept = checkpoint(desk)
        had = verified(desk).entries
        desk.quick_search([("email", "ann@x.org")])
        verdict = verified(desk, kept)
        assert (verdict.ok, verdict.anchored, verdict.unanchored) == (True, had, verdict.entries - had)
        for wrong, error in (("not one", UnreadableCheckpointError), (kept.replace(f"\n{had}\n", f"\n{had + 9}\n"), CutTrailError)):
            fault = verified(desk, kept, wrong).fault
            assert fault is not None
            assert type(fault.error) is error
        other = kept.replace(f"\n{had}\n", f"\n{had - 1}\n")
        fault = verified(desk, other).fault
        assert fault is not None
        assert type(fault.error) is CheckpointError


@pytest.mark.usefixtures("long")
def test_in_processes_it_says_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with (desk := worked(world)).workspace:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
        monkeypatch.setattr(verifying, "AtOnce", lambda: pytest.fail("checked here"))
        heard: list[tuple[int, int]] = []
        verdict = desk.verify_trail(lambda done, total: heard.append((done, total)))
        assert verdict.ok
        assert heard[-1] == (verdict.entries, verdict.entries)
        assert len(heard) == verdict.entries // 2 + 1
        with desk.workspace.write() as tx:
            raw = bytearray(tx.entries()[8].raw)
            raw[40] ^= 1
            tx.connection.execute(schema.trail.update().where(schema.trail.c.seq == 9).values(raw=bytes(raw)))
        fault = verified(desk).fault
        assert fault is not None
        assert (type(fault.error), fault.seq) == (ChangedEntryError, 9)


def test_one_processor_has_no_use_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    with processes() as pool:
        assert pool is None


@pytest.mark.usefixtures("long")
def test_it_stops_when_somebody_wishes(world: World) -> None:
    with (desk := worked(world)).workspace:
        cancel = Cancel()
        heard: list[int] = []

        def hear(done: int, _: int) -> None:
            heard.append(done)
            cancel.cancel()

        with pytest.raises(CancelledError):
            desk.verify_trail(hear, cancel)
        assert len(heard) == 1
        assert verified(desk).ok


@pytest.mark.parametrize("column", ["NULL", "'keys'", f"'{'5e' * 16}'"])
def test_an_entry_that_is_filed_elsewhere_is_a_fault_of_its_own(world: World, column: str) -> None:
    with (desk := worked(world)).workspace:
        (row,) = desk.requests()
        case = desk.request(row.ref).case
        entries = desk.entries()
        taken = next(e.seq for e in entries if e.body.get("case") == case and e.type == "plan.approve")
        with desk.workspace.write() as tx:
            tx.connection.execute(text(f"UPDATE trail SET case_id = {column} WHERE seq = {taken}"))
        verdict = verified(desk)
        assert verdict.fault is not None
        assert type(verdict.fault.error) is MisfiledEntryError
        assert (verdict.fault.seq, verdict.entries) == (taken, len(entries))
        with desk.workspace.write() as tx:
            tx.connection.execute(text(f"UPDATE trail SET raw = x'7b7d' WHERE seq = {taken + 1}"))
        worse = verified(desk).fault
        assert worse is not None
        assert (type(worse.error), worse.seq) == (ChangedEntryError, taken + 1)
