"""Recipients (Art. 19): each is told of what was changed, once, with proof; the request stays open until then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dsr_desk.errors import RefusedError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.request import Task
from tests.flow.world import World, ident, owned_by, pairs, table, text


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.sql(
        "shop",
        {"title": "Web shop", "recipients": ["DHL", "Bank & Co"]},
        customers=table("id email name", (1, "ann@x.org", "Ann"), email=ident("email"), name={"category": "user.name"}),
        orders=table("id customer note", (4, 1, "x"), (5, 1, "y"), customer=owned_by("customers.id"), note=text()),
    )
    made.sql("crm", contacts=table("id email", (9, "ann@x.org"), email=ident("email")))
    made.sql("wiki", {"recipients": ["Host"]}, pages=table("id email", (9, "zoe@x.org"), email=ident("email")))
    return made


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


def opened(desk: Desk, right: str = "erasure", *corrections: str) -> str:
    return desk.open_request(right, pairs(["email=ann@x.org"]), date.today(), corrections=pairs(corrections)).ref


def notices(desk: Desk, ref: str) -> dict[str, Task]:
    return {t.id: t for t in desk.tasks(ref) if t.kind == "notice"}


def applied(desk: Desk, ref: str) -> None:
    desk.approve(ref, desk.make_plan(ref).digest)
    assert desk.apply(ref).status == "applied"


def test_each_recipient_of_each_changed_system_is_told(desk: Desk) -> None:
    ref = opened(desk)
    desk.make_plan(ref)
    asked = notices(desk, ref)
    assert {t.title for t in asked.values()} == {"Tell DHL: 3 records of Web shop", "Tell Bank & Co: 3 records of Web shop"}
    assert {(t.records, t.system) for t in asked.values()} == {(3, "shop")}
    assert all("Tell " in t.instructions and "erasure (Art. 19)" in t.instructions for t in asked.values())


def test_only_what_changes_is_counted(desk: Desk) -> None:
    ref = opened(desk, "rectification", "user.name=Anna")
    desk.make_plan(ref)
    assert {t.title for t in notices(desk, ref).values()} == {
        "Tell DHL: 1 record of Web shop",
        "Tell Bank & Co: 1 record of Web shop",
    }
    assert all("rectification (Art. 19)" in t.instructions for t in notices(desk, ref).values())
    access = desk.open_request("access", pairs(["email=ann@x.org"]), date.today()).ref
    desk.make_plan(access)
    assert notices(desk, access) == {}


def test_nobody_is_told_of_what_was_refused_before_it_was_done(desk: Desk) -> None:
    ref, done = opened(desk), opened(desk)
    desk.make_plan(ref)
    applied(desk, done)
    desk.decide(ref, "refused", "The person could not be identified", None)
    with pytest.raises(RefusedError, match="can't be called refused"):
        desk.decide(done, "refused", "The person could not be identified", None)
    assert desk.request(done).facts.decision is None
    assert desk.why_open(ref) == []
    assert desk.close_request(ref).facts.decision == "refused"
    assert notices(desk, ref) == {}, "no closed request asks for anything"
    assert len(notices(desk, done)) == 2 and any("Tell DHL" in why for why in desk.why_open(done)), "written is written"


def test_a_request_stays_open_until_everybody_was_told(desk: Desk, tmp_path: Path) -> None:
    ref = opened(desk)
    applied(desk, ref)
    assert desk.verify(ref).status == "verified"
    first, second = notices(desk, ref)
    with pytest.raises(RefusedError, match=r"Tell .* And 1 more"):
        desk.close_request(ref)
    proof = tmp_path / "receipt.txt"
    proof.write_text("Received, DHL", "utf-8")
    done = desk.answer_task(ref, first, "By e-mail; they confirmed", 99, [proof])
    assert (done.records, done.files) == (3, ("receipt.txt",))
    desk.answer_task(ref, second, "By letter")
    proved = desk.verification(ref)
    assert proved is not None
    assert (proved.total("by_hand"), proved.total("before")) == (0, 4)  # telling somebody finds no records
    assert desk.close_request(ref).closed


def test_who_was_told_is_not_told_again_of_the_same(desk: Desk) -> None:
    ref = opened(desk)
    desk.make_plan(ref)
    first, _ = notices(desk, ref)
    desk.answer_task(ref, first, "By e-mail")
    desk.make_plan(ref)
    assert {t.id: t.open for t in notices(desk, ref).values()} == {
        first: False,
        next(i for i in notices(desk, ref) if i != first): True,
    }


def test_who_was_told_is_told_of_what_else_changes(world: World, desk: Desk) -> None:
    ref = opened(desk)
    desk.make_plan(ref)
    first, _ = notices(desk, ref)
    desk.answer_task(ref, first, "By e-mail")
    world.do("shop", "INSERT INTO orders VALUES (6, 1, 'late')")
    desk.make_plan(ref)
    told = notices(desk, ref)[first].row
    assert {t.row == told: t.records for t in notices(desk, ref).values() if t.open} == {True: 1, False: 4}


def test_a_later_plan_forgets_nobody_who_was_not_told_of_what_is_written(world: World, desk: Desk) -> None:
    ref = opened(desk)
    applied(desk, ref)
    world.do("shop", "INSERT INTO orders VALUES (6, 1, 'late')")
    world.do("shop", "INSERT INTO customers VALUES (1, 'ann@x.org', 'Ann')")
    desk.make_plan(ref)
    asked = notices(desk, ref)
    assert {t.title for t in asked.values()} == {"Tell DHL: 4 records of Web shop", "Tell Bank & Co: 4 records of Web shop"}
    world.do("shop", "DELETE FROM orders")
    world.do("shop", "DELETE FROM customers")
    world.do("crm", "INSERT INTO contacts VALUES (10, 'ann@x.org')")
    desk.make_plan(ref)
    assert {(t.title, t.open) for t in notices(desk, ref).values()} == {(t.title, True) for t in asked.values()}


def test_a_plan_that_was_never_carried_out_asks_nobody(world: World, desk: Desk) -> None:
    ref = opened(desk)
    desk.make_plan(ref)
    world.do("shop", "DELETE FROM orders")
    world.do("shop", "DELETE FROM customers")
    desk.make_plan(ref)
    assert notices(desk, ref) == {}
