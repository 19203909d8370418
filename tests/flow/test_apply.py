"""Approve and apply: what was approved is what ran, or nothing was written, and the row is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import time_machine

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Event, Step
from dsr_desk.model.result import ApplyResult
from tests.flow.company import DONE, company
from tests.flow.world import World, approved, ident, opened, owned_by, planned, table


def states(done: ApplyResult) -> dict[str, str]:
    return {s.system: s.status for s in done.systems}


def types(desk: Desk, ref: str) -> list[str]:
    case = desk.request(ref).case
    return [e.type for e in desk.entries() if e.body.get("case") == case]


def test_what_was_approved_is_what_ran(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        desk.approve(ref, plan.digest)
        done = desk.apply(ref)
        assert (done.status, done.exit_code, done.open) == ("applied", 0, 0)
        assert {s.system: (s.deleted, s.changed) for s in done.systems} == DONE
        assert all(s.guarantee for s in done.systems)
        kinds = types(desk, ref)
        assert kinds == ["case.open", "search.run", "plan.make", "plan.approve", *["step.intent", "step.done"] * 3]
        assert desk.verify_trail(lambda *_: None).ok
    ((id_, email, name, phone, address, made),) = world.ask("shop", "SELECT * FROM customers WHERE id = 1")
    assert (id_, name, phone, address, made) == (1, "Erased", None, None, "2020-01-01")
    assert email.endswith("@erased.invalid")
    assert world.ask("shop", "SELECT id FROM wishes") == [(31,)]
    assert world.ask("shop", "SELECT id FROM addresses") == [(6,)]
    assert world.ask("shop", "SELECT * FROM orders WHERE id = 7") == [(7, 1, "2024-03-01", "leave at the door")]
    assert world.ask("shop", "SELECT * FROM customers WHERE id = 2") == [
        (2, "ben@x.org", "Ben Orr", "+49302222222", 6, "2020-01-02")
    ]
    assert (world.folder / "news.csv").read_bytes() == b"line,mail,called\r\n2,ben@x.org,Ben Orr\r\n3,cy@x.org,Cy Poe\r\n"
    sheet = openpyxl.load_workbook(world.folder / "desk.xlsx")["tickets"]
    assert [tuple(c.value or "" for c in r) for r in sheet.iter_rows(min_row=2)] == [
        (11, "gone", "Erased", ""),
        (12, "gone", "Erased", ""),
        (13, 2, "Ben Orr", "thank you all"),
    ]


def test_applying_again_does_nothing_again(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        first = desk.apply(ref)
        state, entries = world.state(), len(desk.entries())
        again = desk.apply(ref)
        assert (again.status, again.exit_code) == (first.status, first.exit_code)
        assert [(s.system, s.status, s.deleted, s.changed) for s in again.systems] == [
            (s.system, s.status, s.deleted, s.changed) for s in first.systems
        ]
        assert (world.state(), len(desk.entries())) == (state, entries)


def test_only_its_own_digest_approves_a_plan(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        other, others = planned(desk, "email=ben@x.org")
        for digest in ("", "0" * 64, plan.digest[:-1], plan.digest[:16], others.digest):
            with pytest.raises(RefusedError):
                desk.approve(ref, digest)
        assert desk.approvals(ref) == []
        desk.approve(ref, plan.digest.upper())
        with pytest.raises(RefusedError):
            desk.approve(ref, plan.digest)
        assert types(desk, ref).count("plan.approve") == 1
        assert desk.approvals(other) == []


def test_without_approval_nothing_runs(world: World) -> None:
    company(world)
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        for act in (lambda: desk.apply(ref), lambda: desk.approve(ref, "0" * 64), lambda: desk.verify(ref)):
            with pytest.raises(RefusedError):
                act()
        desk.make_plan(ref)
        for act in (lambda: desk.apply(ref), lambda: desk.verify(ref)):
            with pytest.raises(RefusedError):
                act()
        assert world.state() == before


def test_a_plan_made_anew_needs_a_new_approval(world: World) -> None:
    company(world)
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        desk.make_plan(ref)
        with pytest.raises(RefusedError):
            desk.apply(ref)
        assert world.state() == before


def test_a_catalog_changed_after_approval_stops_the_run(world: World) -> None:
    company(world)
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        file = world.folder / "catalog" / "news.yaml"
        file.write_text(file.read_text() + "\n# changed\n")
        with pytest.raises(RefusedError):
            desk.apply(ref)
        desk.accept_catalog()
        with pytest.raises(RefusedError):
            desk.apply(ref)
        assert world.state() == before


def test_an_old_plan_expires(world: World) -> None:
    company(world)
    before = world.state()
    with time_machine.travel("2026-03-01T10:00:00Z", tick=True) as clock:
        desk = world.desk()
        with desk.workspace:
            ref, plan = planned(desk, "email=ann@x.org")
            late, later = planned(desk, "email=ben@x.org")
            desk.approve(ref, plan.digest)
            clock.shift(timedelta(hours=25))
            with pytest.raises(RefusedError):
                desk.apply(ref)
            with pytest.raises(RefusedError):
                desk.approve(late, later.digest)
    assert world.state() == before


def test_a_plan_altered_in_the_workspace_does_not_run(world: World) -> None:
    from dataclasses import replace

    from dsr_desk.flow.applying import record

    company(world)
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        plan = desk.plan(ref)
        assert plan is not None
        widened = replace(plan, steps=plan.steps[:1])
        with desk.workspace.write() as tx:
            record.put(tx, ref, "plan", widened)
        with pytest.raises(RefusedError):
            desk.apply(ref)
        assert world.state() == before


# -- drift -----------------------------------------------------------------------------------------------------------

CSV = "news.csv"


def _csv(world: World, old: bytes, new: bytes) -> None:
    path = world.folder / CSV
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


def _cell(world: World, row: int, column: int, value: Any) -> None:
    path = world.folder / "desk.xlsx"
    book = openpyxl.load_workbook(path)
    book["tickets"].cell(row, column, value)
    book.save(path)
    book.close()


DRIFT: dict[str, tuple[Callable[[World], None], str]] = {
    "sqlite: erased column": (lambda w: w.do("shop", "UPDATE customers SET name = 'Ann Loe' WHERE id = 1"), "shop/customers/1"),
    "sqlite: column nobody erases": (lambda w: w.do("shop", "UPDATE customers SET made = 'x' WHERE id = 1"), "shop/customers/1"),
    "sqlite: type only": (lambda w: w.do("shop", "UPDATE wishes SET what = CAST(what AS BLOB) WHERE id = 30"), "shop/wishes/30"),
    "sqlite: retained row": (lambda w: w.do("shop", "UPDATE orders SET note = 'x' WHERE id = 7"), "shop/orders/7"),
    "sqlite: to be deleted": (lambda w: w.do("shop", "UPDATE wishes SET what = 'a car' WHERE id = 30"), "shop/wishes/30"),
    "sqlite: gone": (lambda w: w.do("shop", "DELETE FROM wishes WHERE id = 30"), "shop/wishes/30"),
    "sqlite: moved to somebody else": (lambda w: w.do("shop", "UPDATE wishes SET customer = 2 WHERE id = 30"), "shop/wishes/30"),
    "sqlite: new row of hers": (lambda w: w.do("shop", "INSERT INTO wishes VALUES (32, 1, 'a boat')"), "shop/wishes/32"),
    "sqlite: somebody else's row became hers": (
        lambda w: w.do("shop", "UPDATE wishes SET customer = 1 WHERE id = 31"),
        "shop/wishes/31",
    ),
    "sqlite: shared since": (lambda w: w.do("shop", "UPDATE customers SET address = 5 WHERE id = 2"), "shop/customers/2"),
    "csv: changed": (lambda w: _csv(w, b"Ann@X.org", b"ann@x.org"), "news/news/1"),
    "csv: gone": (lambda w: _csv(w, b"1,Ann@X.org,Ann Lee\r\n", b""), "news/news/1"),
    "csv: new row": (lambda w: _csv(w, b"3,cy@x.org,Cy Poe\r\n", b"3,cy@x.org,Cy Poe\r\n4,ann@x.org,Ann Lee\r\n"), "news/news/4"),
    "xlsx: changed": (lambda w: _cell(w, 2, 4, "other words"), "desk/tickets/11"),
    "xlsx: moved": (lambda w: _cell(w, 2, 2, 2), "desk/tickets/11"),
    "xlsx: new row": (lambda w: _cell(w, 4, 2, 1), "desk/tickets/13"),
}


@pytest.mark.parametrize("kind", DRIFT)
def test_a_row_that_changed_is_named_and_nothing_is_written_anywhere(world: World, kind: str) -> None:
    drift, row = DRIFT[kind]
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        drift(world)
        before = world.state()
        done = desk.apply(ref)
        assert (done.status, done.exit_code) == ("refused", 3)
        (refused,) = [s for s in done.systems if s.status == "refused"]
        assert row in refused.rows
        assert refused.error
        assert refused.hint
        assert [s for s in states(done).values() if s == "applied"] == []
        assert world.state() == before
        assert "step.intent" not in types(desk, ref)
        assert "step.drift" in types(desk, ref)
        plan = desk.make_plan(ref)
        assert plan.digest
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"


UNRELATED: dict[str, Callable[[World], None]] = {
    "another customer": lambda w: w.do("shop", "UPDATE customers SET name = 'Ben Oar' WHERE id = 2"),
    "another's new row": lambda w: w.do("shop", "INSERT INTO wishes VALUES (33, 2, 'a kite')"),
    "another line": lambda w: _csv(w, b"cy@x.org", b"cyril@x.org"),
    "a new line": lambda w: _csv(w, b"3,cy@x.org,Cy Poe\r\n", b"3,cy@x.org,Cy Poe\r\n4,di@x.org,Di Fox\r\n"),
    "another cell": lambda w: _cell(w, 4, 4, "more thanks"),
}


@pytest.mark.parametrize("kind", UNRELATED)
def test_a_change_that_is_not_hers_is_no_drift(world: World, kind: str) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        UNRELATED[kind](world)
        assert desk.apply(ref).status == "applied"


def test_drift_after_the_look_ahead_stops_that_system_and_names_what_is_written(world: World) -> None:
    """The first system is done when a row of the last changes: nothing is written there, and the run says what is."""
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        order = [s.ref.system for s in desk.plan(ref).steps]  # type: ignore[union-attr]
        last = list(dict.fromkeys(order))[-1]
        drift = {"shop": DRIFT["sqlite: new row of hers"], "news": DRIFT["csv: new row"], "desk": DRIFT["xlsx: new row"]}[last]

        def tell(event: Event) -> None:
            if isinstance(event, Step) and event.state == "writing" and event.system == last:
                drift[0](world)

        done = desk.apply(ref, tell)
        assert (done.status, done.exit_code) == ("partial", 3)
        assert states(done)[last] == "refused"
        assert sorted(states(done).values()) == ["applied", "applied", "refused"]
        plan = desk.make_plan(ref)
        assert {s.ref.system for s in plan.steps if s.action == "delete" or s.writes} == {last}
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"


def test_drift_in_the_middle_stops_before_the_next_system(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        desk.approve(ref, plan.digest)
        first, middle, last = plan.systems()
        assert middle == "news"

        def tell(event: Event) -> None:
            if isinstance(event, Step) and event.state == "writing" and event.system == middle:
                DRIFT["csv: changed"][0](world)

        before = world.state()
        done = desk.apply(ref, tell)
        assert states(done) == {first: "applied", middle: "refused", last: "waiting"}
        assert world.state()["shop.db" if last == "shop" else "desk.xlsx"] == before["shop.db" if last == "shop" else "desk.xlsx"]


def test_children_go_before_what_they_point_to(world: World) -> None:
    """With foreign keys that the database holds to, and one that only the catalog knows."""
    world.sql(
        "shop",
        a_people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email"), ddl="id INTEGER PRIMARY KEY, email TEXT"),
        b_orders=table(
            "id person",
            (7, 1),
            person=owned_by("a_people.id"),
            ddl="id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES a_people (id)",
        ),
        c_lines=table(
            "id order_id up",
            (71, 7, 70),
            (70, 7, None),
            order_id=owned_by("b_orders.id"),
            up=owned_by("c_lines.id"),
            ddl="id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES b_orders (id), up INTEGER REFERENCES c_lines (id)",
        ),
        d_notes=table("id line", (9, 70), line=owned_by("c_lines.id")),
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        assert plan.refusals == ()
        order = [s.ref.collection for s in plan.steps]
        assert list(dict.fromkeys(order)) == ["d_notes", "c_lines", "b_orders", "a_people"]
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        assert desk.verify(ref).status == "verified"
    assert [world.ask("shop", f"SELECT count(*) FROM {t}") for t in ("a_people", "b_orders", "c_lines", "d_notes")] == [[(0,)]] * 4


# -- stopping and going on -------------------------------------------------------------------------------------------


def test_cancelled_between_systems_and_taken_up_again(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        cancel = Cancel()

        def tell(event: Event) -> None:
            if isinstance(event, Step) and event.state == "done":
                cancel.cancel()

        done = desk.apply(ref, tell, cancel)
        assert (done.status, done.exit_code) == ("partial", 3)
        assert sorted(states(done).values()) == ["applied", "waiting", "waiting"]
        half = world.state()
        again = desk.apply(ref)
        assert again.status == "applied"
        assert {s.system: (s.deleted, s.changed) for s in again.systems} == DONE
        assert types(desk, ref).count("step.done") == 3
        assert world.state() != half


@pytest.mark.parametrize("down", ["shop.db", "news.csv", "desk.xlsx"])
def test_a_system_that_is_down_stops_the_run_and_it_goes_on_later(world: World, down: str) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        before = world.state()
        path, away = world.folder / down, world.folder / "away"
        path.rename(away)
        done = desk.apply(ref)
        assert done.exit_code == 4
        assert done.status == "refused"
        away.rename(path)
        assert world.state() == before
        assert desk.apply(ref).status == "applied"
        assert desk.verify(ref).status == "verified"


def test_a_system_that_goes_down_in_the_middle(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        path, away = world.folder / "shop.db", world.folder / "away"

        def tell(event: Event) -> None:
            if isinstance(event, Step) and event.state == "writing" and event.system == "shop":
                path.rename(away)

        done = desk.apply(ref, tell)
        assert done.exit_code == 4
        assert states(done)["shop"] == "failed"
        assert done.status == "partial"
        with pytest.raises(RefusedError):
            desk.close_request(ref)
        away.rename(path)
        assert desk.apply(ref).status == "applied"
        assert desk.verify(ref).status == "verified"


def test_planning_anew_while_a_run_is_at_work_is_refused(world: World) -> None:
    """Else the run would go on with a plan that fell, and its end would be taken for the new plan's."""
    company(world)
    desk = world.desk()
    other = world.desk()
    with desk.workspace, other.workspace:
        ref = approved(desk, "email=ann@x.org")
        plan = desk.plan(ref)
        assert plan is not None
        last = plan.systems()[-1]
        caught: list[Exception] = []

        def tell(event: Event) -> None:
            if isinstance(event, Step) and event.state == "done" and event.system != last:  # with the last one the run has ended
                for act in (lambda: other.search(ref), lambda: other.make_plan(ref), lambda: other.apply(ref)):
                    try:
                        act()
                    except RefusedError as error:
                        caught.append(error)

        assert desk.apply(ref, tell).status == "applied"
        assert len(caught) == 6
        assert desk.verify(ref).status == "verified"


@pytest.mark.parametrize("approves", [False, True])
def test_a_plan_that_falls_in_the_last_moment_does_not_run(world: World, approves: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    company(world)
    before = world.state()
    desk, other = world.desk(), world.desk()
    with desk.workspace, other.workspace:
        ref = approved(desk, "email=ann@x.org")

        def meanwhile() -> object:
            plan = other.make_plan(ref)
            if approves:
                other.approve(ref, plan.digest)
            return real()

        real = desk.accepted
        monkeypatch.setattr(desk, "accepted", meanwhile)
        with pytest.raises(RefusedError):
            desk.apply(ref)
        assert world.state() == before


def test_a_request_that_changes_nothing_has_nothing_to_approve(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org", right="access")
        for act in (lambda: desk.approve(ref, plan.digest), lambda: desk.verify(ref)):
            with pytest.raises(UsageError):
                act()


def test_nobody_found_is_erased_and_proved_too(world: World) -> None:
    company(world)
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=nobody@x.org")
        assert desk.apply(ref).status == "applied"
        assert desk.verify(ref).status == "verified"
        assert desk.close_request(ref).stage == "closed"
    assert world.state() == before


def test_the_trail_names_nobody(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org", "name=Ann Lee")
        desk.apply(ref)
        desk.verify(ref)
        raw = b"".join(e.raw for e in desk.entries()).lower()
    for value in (b"ann@", b"ann lee", b"+49301111111", b"long acre", b"bicycle", b"parcel"):
        assert value not in raw, value


def test_a_plan_that_was_carried_out_and_proved_is_used(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        digest = desk.apply(ref) and desk.approvals(ref)[0].digest
        with pytest.raises(RefusedError, match="already approved"):
            desk.approve(ref, digest)
        desk.verify(ref)
        state, entries = world.state(), len(desk.entries())
        with pytest.raises(RefusedError, match="was used"):
            desk.apply(ref)
        assert (world.state(), [e.type for e in desk.entries()[entries:]]) == (state, ["act.refused"])
        fresh = desk.make_plan(ref)
        assert fresh.digest != digest
