"""Automated decisions (Art. 22): each is found with its logic, looked at by a person, and closed with what they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from tests.flow.world import World, ident, owned_by, pairs, table, text


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    world = World(tmp_path)
    world.sql(
        "shop",
        customers=table("id email", (1, "ann@x.org"), email=ident("email")),
        scores=table(
            "id customer points",
            (4, 1, 12),
            (5, 1, 13),
            customer=owned_by("customers.id"),
            points=text(),
            title="Credit scores",
            automated={"logic": "Late payments count against a customer", "effect": "No purchase on invoice"},
        ),
    )
    return world.desk()


def test_a_decision_is_looked_at_by_a_person(desk: Desk) -> None:
    ref = desk.open_request("automated-decisions", pairs(["email=ann@x.org"]), date.today()).ref
    assert any("plan first" in reason for reason in desk.why_open(ref))
    plan = desk.make_plan(ref)
    assert {s.ref.collection: s.heading for s in plan.steps} == {"customers": "excluded", "scores": "by_hand"}
    assert desk.request(ref).stage == "report"
    (task,) = desk.tasks(ref)
    assert (task.kind, task.title, task.records) == ("review", "Credit scores: 2 records to look at again", 2)
    for words in ("Late payments count against a customer", "No purchase on invoice", "Art. 22(3)"):
        assert words in task.instructions
    with pytest.raises(RefusedError, match="to look at again"):
        desk.close_request(ref)
    desk.answer_task(ref, task.id, "The score was wrong and is corrected")
    assert desk.close_request(ref).closed


def test_nothing_is_written_approved_or_verified(desk: Desk) -> None:
    ref = desk.open_request("automated-decisions", pairs(["email=ann@x.org"]), date.today()).ref
    plan = desk.make_plan(ref)
    acts: dict[str, Callable[[], object]] = {
        "approve": lambda: desk.approve(ref, plan.digest),
        "apply": lambda: desk.apply(ref),
        "verify": lambda: desk.verify(ref),
    }
    for to_do, act in acts.items():
        with pytest.raises(UsageError, match=f"A look at automated decisions changes nothing, .* nothing to {to_do}") as error:
            act()
        assert error.value.cure == f"Answer its tasks: dsr-desk task list {ref}"


def test_where_no_machine_decides_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.sql("shop", customers=table("id email", (1, "ann@x.org"), email=ident("email")))
    desk = world.desk()
    ref = desk.open_request("automated-decisions", pairs(["email=ann@x.org"]), date.today()).ref
    desk.make_plan(ref)
    assert (desk.tasks(ref), desk.why_open(ref)) == ([], [])
