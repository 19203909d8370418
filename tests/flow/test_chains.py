"""The list of restrictions: short however many requests are closed, and no way to hide a restriction in the database file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from dsr_desk.errors import TamperedError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.request import Request
from dsr_desk.store import schema
from dsr_desk.store.requests import Requests
from tests.flow.world import World, ident, pairs, table

GROUND = "18(1)(a)"
Tamper = Callable[[Connection], object]
PARTS, INDEXES = schema.parts, schema.indexes


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.sql(
        "shop",
        customers=table(
            "id email held",
            (1, "ann@x.org", 0),
            (2, "bob@x.org", 0),
            subject=True,
            on_erase="delete",
            email=ident("email"),
            on_restrict={"set": {"held": 1}},
        ),
    )
    return made


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


def carried_out(desk: Desk, right: str = "restriction", who: str = "ann@x.org") -> str:
    ref = desk.open_request(right, pairs([f"email={who}"]), date.today(), GROUND if right == "restriction" else "").ref
    return finished(desk, ref)


def finished(desk: Desk, ref: str, close: bool = True) -> str:
    desk.approve(ref, desk.make_plan(ref).digest)
    desk.apply(ref)
    desk.verify(ref)
    for task in desk.tasks(ref):
        if task.open:
            desk.answer_task(ref, task.id, "told")
    if close:
        desk.close_request(ref)
    return ref


def lifted(desk: Desk, ref: str) -> str:
    lifting = desk.lift(ref).ref
    for task in desk.tasks(lifting):
        desk.answer_task(lifting, task.id, "told")
    return finished(desk, lifting)


def opens(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often requests are opened while the restrictions are looked up, by reference."""
    opened: list[str] = []
    whole = Requests._whole

    def counted(self: Requests, row: Any) -> Request:
        opened.append(row.ref)
        return whole(self, row)

    monkeypatch.setattr(Requests, "_whole", counted)
    desk.restricted()
    monkeypatch.undo()
    return opened


def test_closed_requests_are_not_opened_to_see_what_is_restricted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = carried_out(desk)
    carried_out(desk, "erasure", "bob@x.org")
    desk.open_request("access", pairs(["email=ann@x.org"]), date.today())
    assert opens(desk, monkeypatch) == [ref]
    lifting = desk.lift(ref).ref
    for task in desk.tasks(lifting):
        desk.answer_task(lifting, task.id, "told")
    assert opens(desk, monkeypatch) == [ref, lifting]
    finished(desk, lifting)
    assert opens(desk, monkeypatch) == []
    assert desk.restrictions() == []


def test_a_refused_restriction_leaves_the_list(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = desk.open_request("restriction", pairs(["email=ann@x.org"]), date.today(), GROUND).ref
    assert opens(desk, monkeypatch) == [ref]
    desk.decide(ref, "refused", "There is no ground for it.", date.today())
    desk.close_request(ref)
    assert opens(desk, monkeypatch) == []


def test_a_workspace_without_the_list_makes_it_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = carried_out(desk)
    with desk.workspace.write() as tx:
        tx.connection.execute(delete(INDEXES))
    assert set(desk.restricted().values()) == {ref}
    other = desk.open_request("erasure", pairs(["email=bob@x.org"]), date.today()).ref
    assert opens(desk, monkeypatch) == [ref] and other != ref


def test_what_stood_there_is_handed_on_by_a_closed_restriction(world: World, desk: Desk) -> None:
    first, second = carried_out(desk), carried_out(desk)
    lifted(desk, first)
    assert world.ask("shop", "SELECT held FROM customers WHERE id = 1") == [(1,)]
    assert [r.request for r in desk.restrictions()] == [second]
    lifted(desk, second)
    assert world.ask("shop", "SELECT held FROM customers WHERE id = 1") == [(0,)]
    assert desk.restrictions() == []


def gone(ref: str) -> Tamper:
    def tamper(c: Connection) -> None:
        for kept in (PARTS, schema.journal, schema.leases, schema.case_keys, schema.requests):
            c.execute(delete(kept).where(kept.c.ref == ref))

    return tamper


def no_list(then: Callable[[str], Tamper]) -> Callable[[str], Tamper]:
    def both(ref: str) -> Tamper:
        def tamper(c: Connection) -> None:
            c.execute(delete(INDEXES))
            then(ref)(c)

        return tamper

    return both


def without(*parts: str) -> Callable[[str], Tamper]:
    def of(ref: str) -> Tamper:
        return lambda c: [c.execute(delete(PARTS).where(PARTS.c.ref == ref, PARTS.c.part == p)) for p in parts]

    return of


def no_journal(ref: str) -> Tamper:
    return lambda c: c.execute(delete(schema.journal).where(schema.journal.c.ref == ref))


def edited(ref: str) -> Tamper:
    return lambda c: c.execute(INDEXES.update().values(data=b"\0" * 60))


@pytest.mark.parametrize(
    "tamper",
    [
        gone,
        no_list(gone),
        without("plan"),
        without("applied"),
        without("plan", "applied", "verification"),
        no_list(without("plan")),
        no_journal,
        no_list(no_journal),
        edited,
    ],
    ids=["request", "request and list", "plan", "applied", "parts", "plan and list", "journal", "journal and list", "list"],
)
def test_nobody_hides_a_restriction_in_the_file(desk: Desk, tamper: Callable[[str], Tamper]) -> None:
    ref = carried_out(desk)
    erasure = desk.open_request("erasure", pairs(["email=ann@x.org"]), date.today()).ref
    with desk.workspace.write() as tx:
        tamper(ref)(tx.connection)
    with pytest.raises(TamperedError):
        desk.restricted()
    with pytest.raises(TamperedError):
        desk.make_plan(erasure)


def test_a_request_that_is_gone_is_missed(desk: Desk) -> None:
    carried_out(desk)
    other = desk.open_request("access", pairs(["email=bob@x.org"]), date.today()).ref
    with desk.workspace.write() as tx:
        gone(other)(tx.connection)
    with pytest.raises(TamperedError):
        desk.restricted()


def test_an_older_plan_put_back_hides_nothing(desk: Desk) -> None:
    ref = desk.open_request("restriction", pairs(["email=ann@x.org"]), date.today(), GROUND).ref
    desk.make_plan(ref)
    plan = (PARTS.c.ref == ref) & (PARTS.c.part == "plan")
    with desk.workspace.read() as tx:
        old = tx.connection.execute(select(PARTS).where(plan)).one()
    finished(desk, ref)
    with desk.workspace.write() as tx:
        tx.connection.execute(PARTS.update().where(plan).values(data=old.data))
    with pytest.raises(TamperedError):
        desk.restricted()


@pytest.mark.parametrize("closed", [False, True])
def test_an_older_list_put_back_hides_nothing(desk: Desk, closed: bool) -> None:
    desk.open_request("access", pairs(["email=bob@x.org"]), date.today())
    with desk.workspace.read() as tx:
        old = tx.connection.execute(select(INDEXES)).one()
    ref = desk.open_request("restriction", pairs(["email=ann@x.org"]), date.today(), GROUND).ref
    finished(desk, ref, closed)
    with desk.workspace.write() as tx:
        tx.connection.execute(INDEXES.update().values(data=old.data))
        tx.connection.execute(schema.requests.update().where(schema.requests.c.ref == ref).values(right="erasure"))
    with suppress(TamperedError):
        assert set(desk.restricted().values()) == {ref}
    with desk.workspace.write() as tx:
        tx.connection.execute(schema.requests.update().where(schema.requests.c.ref == ref).values(right="restriction"))
    assert set(desk.restricted().values()) == {ref}
    desk.open_request("erasure", pairs(["email=ann@x.org"]), date.today())  # it writes the list
    assert set(desk.restricted().values()) == {ref}
