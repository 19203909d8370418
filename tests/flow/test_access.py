from __future__ import annotations

import pytest

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow import access
from dsr_desk.flow.desk import Desk
from tests.flow.world import World, ident, opened, planned, table


@pytest.fixture(autouse=True)
def _shop(world: World) -> None:
    people = table(
        "id email", (1, "ann@x.org"), (2, "bob@x.org"), subject=True, id=ident("customer_id"), email=ident("email", None)
    )
    world.sql("db", people=people)


def _trail(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    return [(e.type, {k: v for k, v in e.body.items() if k != "n"}) for e in desk.entries()]


def test_what_was_refused_stands_in_the_trail(world: World) -> None:
    desk = world.desk()
    ref, _ = planned(desk, "email=ann@x.org")
    with pytest.raises(RefusedError):
        desk.approve(ref, "00" * 32)
    with pytest.raises(RefusedError):
        desk.apply(ref)
    case = desk.request(ref).case
    assert _trail(desk)[-2:] == [
        ("act.refused", {"act": "plan.approve", "why": "RefusedError", "case": case}),
        ("act.refused", {"act": "step.intent", "why": "RefusedError", "case": case}),
    ]


def test_bad_usage_is_no_act(world: World) -> None:
    desk = world.desk()
    before = len(desk.entries())
    with pytest.raises(UsageError):
        desk.quick_search([("email", " ")])
    with pytest.raises(UsageError):
        desk.make_plan("DSR-1999-0001")
    assert len(desk.entries()) == before


def test_a_search_that_finds_nobody_is_recorded(world: World) -> None:
    desk = world.desk()
    desk.quick_search([("email", "nobody@x.org")])
    kind, body = _trail(desk)[-1]
    assert (kind, body["rows"], body["complete"]) == ("search.run", 0, True)


def test_an_opened_request_is_one_look_for_a_while(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = world.desk()
    one, two = opened(desk, "email=ann@x.org"), opened(desk, "email=bob@x.org")
    for ref in (one, one, two, one):
        desk.view(ref)
    looks = [body["case"] for kind, body in _trail(desk) if kind == "case.view"]
    assert looks == [desk.request(one).case, desk.request(two).case]
    monkeypatch.setattr(access, "SAME_LOOK", -1.0)
    desk.view(one)
    assert _trail(desk)[-1] == ("case.view", {"case": desk.request(one).case})


def test_a_request_that_is_not_there_is_not_looked_at(world: World) -> None:
    desk = world.desk()
    with pytest.raises(UsageError):
        desk.view("DSR-1999-0001")


def test_the_trail_holds_with_them(world: World) -> None:
    desk = world.desk()
    ref, _ = planned(desk, "email=ann@x.org")
    desk.view(ref)
    with pytest.raises(RefusedError):
        desk.apply(ref)
    assert desk.verify_trail(lambda *_: None).ok


def test_opening_the_desk_and_each_try_to_unlock_it_is_recorded(world: World) -> None:
    desk = world.desk()
    unlock = access.entered(desk.workspace, "correct horse")
    assert [unlock("wrong"), unlock("\ud800"), unlock("correct horse")] == [False, False, True]
    refused = ("act.refused", {"act": "desk.open", "why": "CredentialsError"})
    assert _trail(desk)[-4:] == [("desk.open", {"again": False}), refused, refused, ("desk.open", {"again": True})]
    assert access.entered(desk.workspace, None)("")
