"""Objection (Art. 21): what the catalog says is done, and what it doesn't say is a person's, with its reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dsr_desk.errors import UsageError
from dsr_desk.flow.desk import Desk
from tests.flow.world import World, ident, owned_by, pairs, table, text


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.sql(
        "crm",
        {"legal_basis": "legitimate_interests", "recipients": ["Ad agency"]},
        people=table(
            "id email ads", (1, "ann@x.org", 1), email=ident("email"), on_object={"set": {"ads": False}}, legal_basis="contract"
        ),
        profiles=table("id person guess", (4, 1, "likes cats"), person=owned_by("people.id"), guess=text(), on_object="delete"),
        visits=table("id person page", (5, 1, "/cats"), person=owned_by("people.id"), page=text()),
        orders=table("id person what", (6, 1, "cat"), person=owned_by("people.id"), what=text(), legal_basis="contract"),
    )
    return made


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


def opened(desk: Desk, ground: str) -> str:
    return desk.open_request("objection", pairs(["email=ann@x.org"]), date.today(), ground).ref


@pytest.mark.parametrize(("ground", "people"), [("21(1)", "keep"), ("21(2)", "change"), ("", "change")])
def test_by_ground_and_basis(desk: Desk, ground: str, people: str) -> None:
    plan = desk.make_plan(opened(desk, ground))
    actions = {s.ref.collection: s.action for s in plan.steps}
    assert actions == {"people": people, "profiles": "delete", "visits": "manual", "orders": "keep"}
    assert plan.refusals == ()


def test_an_objection_is_carried_out_and_proved(world: World, desk: Desk) -> None:
    ref = opened(desk, "21(2)")
    plan = desk.make_plan(ref)
    assert desk.phrase(plan) == "OBJECT 2"
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    proof = desk.verify(ref)
    (crm,) = proof.systems
    assert (crm.before, crm.erased, crm.changed, crm.excluded, crm.by_hand, crm.leftover) == (4, 1, 1, 1, 1, 0)
    assert (world.ask("crm", "SELECT ads FROM people"), world.ask("crm", "SELECT * FROM profiles")) == ([(0,)], [])
    asked = {t.kind: t for t in desk.tasks(ref)}
    assert (asked["rows"].title, asked["notice"].title) == ("visits: 1 record objected to", "Tell Ad agency: 1 record of crm")
    assert "erasure" in asked["notice"].instructions  # only what was deleted: a mark is no business of a recipient
    for task in asked.values():
        desk.answer_task(ref, task.id, "Stopped; the agency confirmed")
    assert desk.close_request(ref).facts.decision == "partly"


def test_an_objection_that_was_undone_is_left_over(world: World, desk: Desk) -> None:
    ref = opened(desk, "21(2)")
    desk.approve(ref, desk.make_plan(ref).digest)
    desk.apply(ref)
    world.do("crm", "UPDATE people SET ads = 1")
    assert [(x.ref.path, x.fields) for x in desk.verify(ref).leftovers] == [("crm/people/1", ("ads",))]


def test_an_objection_has_grounds_of_its_own(desk: Desk) -> None:
    with pytest.raises(UsageError, match="no ground of an objection"):
        opened(desk, "18(1)(a)")
