from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from dsr_desk.errors import RefusedError, ShreddedError, TamperedError
from dsr_desk.flow import shred
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.planning import corrections
from tests.flow.world import World, approved, ident, opened, table, text


@pytest.fixture(autouse=True)
def _shop(world: World) -> None:
    people = table(
        "id email name flag",
        *((n, f"canary-{n}@x.org", f"Canary {n}", None) for n in range(1, 6)),
        subject=True,
        id=ident("customer_id"),
        email=ident("email", None),
        name=text(None),
        flag={},
        on_restrict={"set": {"flag": 1}},
    )
    world.sql("db", people=people)


def _closed(desk: Desk, *given: str, **more: str) -> str:
    ref = approved(desk, *given, **more)
    assert desk.apply(ref).status == "applied"
    assert desk.verify(ref).status == "verified"
    for task in desk.tasks(ref):
        desk.answer_task(ref, task.id, "done and told")
    desk.close_request(ref)
    return ref


def _keys(world: World, ref: str) -> list[bytes]:
    with closing(sqlite3.connect(world.folder / "workspace.db")) as db:
        return [b for row in db.execute("SELECT vault, [commit] FROM case_keys WHERE ref = ?", (ref,)) for b in row]


def _bytes(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.glob("workspace.db*")))


def test_its_keys_are_gone_from_the_bytes_and_the_trail_holds(world: World) -> None:
    desk = world.desk()
    ref, other = _closed(desk, "email=canary-1@x.org"), opened(desk, "email=canary-2@x.org")
    keys = _keys(world, ref)
    assert len(keys) == 2
    assert all(k in _bytes(world.folder) for k in keys)
    done = desk.shred(ref)
    assert (done.request, done.gone) == (ref, True)
    assert not any(k in _bytes(world.folder) for k in keys)
    assert desk.entries()[done.entry - 1].type == "case.shred"
    assert desk.entries()[done.entry - 1].body["why"] == "asked"
    assert desk.verify_trail(lambda *_: None).ok
    assert [r.ref for r in desk.requests()] == [other]
    assert desk.requests(closed=True) == []


def test_what_is_left_is_its_line(world: World) -> None:
    desk = world.desk()
    ref = _closed(desk, "email=canary-1@x.org")
    desk.shred(ref)
    for look in (desk.request, desk.found, desk.plan, desk.report, desk.shred, desk.lock_shred):
        with pytest.raises(ShreddedError, match="was destroyed on"):
            look(ref)
    with desk.workspace.read() as tx:
        (row,) = tx.request_rows()
        assert (row.ref, row.right, row.shredded, row.stage) == (ref, "erasure", True, "shredded")
        counted = {
            t: tx.connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar_one()
            for t in ("parts", "journal", "case_keys", "leases")
        }
    assert counted == {"parts": 0, "journal": 0, "case_keys": 0, "leases": 0}
    assert opened(desk, "email=canary-1@x.org") != ref


def test_an_open_request_is_not_shredded(world: World) -> None:
    desk = world.desk()
    ref = opened(desk, "email=canary-1@x.org")
    with pytest.raises(RefusedError, match="is open: close it first"):
        desk.shred(ref)
    assert desk.request(ref).facts.identity


def test_a_hold_on_the_person_keeps_it(world: World) -> None:
    desk = world.desk()
    ref = _closed(desk, "email=canary-1@x.org")
    hold = desk.hold_person([("email", "canary-1@x.org")], "A claim is before the court")
    with pytest.raises(RefusedError, match="A legal hold stands on this person"):
        desk.shred(ref)
    desk.release_hold(hold.id, "The claim was settled")
    desk.shred(ref)


def test_a_restriction_that_stands_keeps_it_and_its_lifting_goes_after_it(world: World) -> None:
    desk = world.desk()
    ref = _closed(desk, "email=canary-1@x.org", right="restriction")
    with pytest.raises(RefusedError, match="Records are still restricted by it"):
        desk.shred(ref)
    lift = desk.lift(ref).ref
    for task in desk.tasks(lift):
        desk.answer_task(lift, task.id, "told by letter")
    plan = desk.make_plan(lift)
    desk.approve(lift, plan.digest)
    desk.apply(lift)
    desk.verify(lift)
    desk.close_request(lift)
    with pytest.raises(RefusedError, match=f"the restriction {ref}, which is still on file"):
        desk.shred(lift)
    desk.shred(ref)
    desk.shred(lift)
    assert desk.restrictions() == []


def test_corrections_that_can_be_taken_back_keep_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    ref = desk.open_request(
        "rectification", [("email", "canary-1@x.org")], date.today(), corrections=[("db/people/name", "Canary the First")]
    ).ref
    plan = desk.make_plan(ref)
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    desk.verify(ref)
    desk.close_request(ref)
    with pytest.raises(RefusedError, match="can be taken back until"):
        desk.shred(ref)
    monkeypatch.setattr(shred, "UNDO_WINDOW", timedelta(0))
    monkeypatch.setattr(corrections, "UNDO_WINDOW", timedelta(0))
    desk.shred(ref)


def test_who_says_in_the_file_that_a_restriction_was_shredded_hides_nothing(world: World) -> None:
    desk = world.desk()
    ref = _closed(desk, "email=canary-1@x.org", right="restriction")
    desk.workspace.close()
    with closing(sqlite3.connect(world.folder / "workspace.db")) as db:
        db.execute("UPDATE requests SET shredded = closed, stage = 'shredded' WHERE ref = ?", (ref,))
        db.execute("DELETE FROM indexes")
        db.commit()
    desk = world.desk()
    with pytest.raises(TamperedError, match="is gone"):
        desk.restrictions()


def test_when_it_is_due(world: World) -> None:
    desk = world.desk()
    ref = _closed(desk, "email=canary-1@x.org")
    closed = datetime.fromisoformat(desk.request(ref).closed).astimezone(UTC).date()
    last = shred.ends(closed, 3)
    assert (last.year, last.month) == (closed.year + 3, closed.month)
    with desk.workspace.read() as tx:
        assert shred.due(tx, 3, last) == []
        assert [r.ref for r in shred.due(tx, 3, last + timedelta(days=1))] == [ref]


def test_what_is_due_goes_and_what_must_stay_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    gone, held = _closed(desk, "email=canary-1@x.org"), _closed(desk, "email=canary-2@x.org")
    desk.hold_person([("email", "canary-2@x.org")], "A claim is before the court")
    monkeypatch.setattr(shred, "ends", lambda closed, years: closed - timedelta(days=1))
    done, stay = desk.shred_due()
    assert [d.request for d in done] == [gone]
    assert list(stay) == [held]
    assert "legal hold" in stay[held]
    assert [e.body["why"] for e in desk.entries() if e.type == "case.shred"] == ["retention"]


def test_nothing_is_destroyed_by_a_clock_that_was_turned_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    ref = _closed(desk, "email=canary-1@x.org")
    monkeypatch.setattr(shred, "ends", lambda closed, years: date(1999, 1, 1))
    with time_machine.travel(datetime.now(UTC) - timedelta(days=1), tick=True):
        opened(desk, "email=canary-2@x.org")
        assert "clock.warn" in [e.type for e in desk.entries()]
        with pytest.raises(RefusedError, match="clock of this computer went back"):
            desk.shred_due()
    assert [d.request for d in desk.shred_due()[0]] == [ref]


def _rectified(desk: Desk) -> str:
    ref = desk.open_request(
        "rectification", [("email", "canary-1@x.org")], date.today(), corrections=[("db/people/name", "Canary the First")]
    ).ref
    desk.approve(ref, desk.make_plan(ref).digest)
    desk.apply(ref)
    desk.verify(ref)
    desk.close_request(ref)
    return ref


def test_an_open_request_that_takes_it_back_keeps_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    ref = _rectified(desk)
    back = desk.undo(ref, "It was the wrong person").ref
    monkeypatch.setattr(shred, "UNDO_WINDOW", timedelta(0))
    with pytest.raises(RefusedError, match=f"{back} takes it back and is open"):
        desk.shred(ref)
    desk.approve(back, desk.make_plan(back).digest)
    assert desk.apply(back).status == "applied"
    desk.verify(back)
    desk.close_request(back)
    desk.shred(ref)


def test_a_released_hold_goes_with_the_last_request_of_its_person(world: World) -> None:
    desk = world.desk()
    one, two = _closed(desk, "email=canary-1@x.org"), _closed(desk, "email=canary-2@x.org")
    again = opened(desk, "email=canary-1@x.org")
    hers, his = (desk.hold_person([("email", f"canary-{n}@x.org")], "A claim is before the court") for n in (1, 2))
    desk.release_hold(hers.id, "The claim was settled")
    desk.shred(one)
    assert {h.id for h in desk.holds(released=True)} == {hers.id, his.id}
    desk.decide(again, "refused", "There is nothing of hers left", date.today())
    desk.close_request(again)
    desk.shred(again)
    assert [h.id for h in desk.holds(released=True)] == [his.id]
    with pytest.raises(RefusedError):
        desk.shred(two)
    assert [e.body["holds"] for e in desk.entries() if e.type == "case.shred"] == [0, 1]


def test_what_lifts_a_restriction_goes_in_the_same_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    ref = _closed(desk, "email=canary-1@x.org", right="restriction")
    lift = desk.lift(ref).ref
    for task in desk.tasks(lift):
        desk.answer_task(lift, task.id, "told by letter")
    desk.approve(lift, desk.make_plan(lift).digest)
    desk.apply(lift)
    desk.verify(lift)
    desk.close_request(lift)
    monkeypatch.setattr(shred, "ends", lambda closed, years: date(1999, 1, 1))
    monkeypatch.setattr(desk, "to_shred", lambda due=desk.to_shred: due()[::-1])
    done, stay = desk.shred_due()
    assert ([d.request for d in done], stay) == ([ref, lift], {})
