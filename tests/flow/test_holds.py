"""Legal holds: what they stand against, when they are asked, who may release them, and what then waits no longer."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.errors import HeldError, RefusedError, UsageError
from dsr_desk.flow.apply import _Runner
from dsr_desk.flow.desk import Desk
from dsr_desk.store import schema
from tests.flow.company import company
from tests.flow.world import World, approved, ident, opened, pairs, planned, table

WHY = "Court 12 O 345/26"


def people(world: World, region: str = "", **more: Any) -> Desk:
    world.sql(
        "db",
        {"region": region} if region else {},
        people=table(
            "id email phone",
            (1, "Ann@x.org", "030 901820"),
            (2, "ben@x.org", ""),
            subject=True,
            id=ident("number"),
            email=ident("email"),
            phone=ident("phone"),
            **more,
        ),
    )
    return world.desk()


def become(desk: Desk, role: str) -> None:
    with desk.workspace.write() as tx:
        tx.connection.execute(schema.operators.update().values(role=role))


def details(desk: Desk) -> dict[str, str]:
    return {r.ref: r.detail for r in desk.requests()}


def test_a_held_request_is_refused_by_name_until_it_is_released(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        hold = desk.hold_request(ref, WHY, date.today() + timedelta(days=90))
        assert desk.holds() == [hold]
        plan = desk.make_plan(ref)
        (refusal,) = plan.refusals
        assert plan.digest == ""
        assert WHY in refusal.why
        assert "17(3)(e)" in refusal.cure
        assert details(desk) == {ref: "legal hold"}
        assert any("legal hold" in reason for reason in desk.why_open(ref))
        assert desk.release_hold(hold.id, "The claim was settled") == [ref]
        assert details(desk) == {ref: "hold released: plan again"}
        plan = desk.make_plan(ref)
        assert plan.digest
        assert details(desk) == {ref: "waits for approval"}
        assert desk.holds() == []
        assert [h.released_by for h in desk.holds(released=True)] == ["Ada"]


@pytest.mark.parametrize("given", ["email=<ANN@X.ORG>", "number=1", "phone=+49 30 901820", "phone=030901820"])
def test_a_held_person_is_known_by_everything_that_was_followed(world: World, given: str) -> None:
    desk = people(world, "DE")
    with desk.workspace:
        desk.hold_person(pairs([given]), WHY)
        for asked in ("email=ann@x.org", "number=1"):
            _, plan = planned(desk, asked)
            assert [r.why.partition(" since")[0] for r in plan.refusals] == ["A legal hold stands on this person"]
        _, other = planned(desk, "email=ben@x.org")
        assert other.digest


def test_what_a_hold_never_blocked_does_not_wait_for_its_release(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        hold = desk.hold_person(pairs(["email=ann@x.org"]), WHY)
        told = desk.open_request(
            "rectification", pairs(["email=ann@x.org"]), date.today(), corrections=pairs(["user.contact.email=n@x.org"])
        ).ref
        marked = desk.open_request("restriction", pairs(["email=ann@x.org"]), date.today()).ref
        for ref in (told, marked):
            assert not [r for r in desk.make_plan(ref).refusals if "hold" in r.why]
        erasure, _ = planned(desk, "email=ann@x.org")
        desk.hold_request(told, WHY)
        desk.hold_person(pairs(["number=1"]), WHY)  # now that they are planned, it marks each of them as held
        said = details(desk)
        assert said.pop(erasure) == "legal hold"
        assert "legal hold" not in said.values(), "it stops nothing of them"
        for other in (h for h in desk.holds() if h.id != hold.id):
            desk.release_hold(other.id, "The claim was settled")
        assert desk.release_hold(hold.id, "The claim was settled") == [erasure]


def test_one_of_several_identifiers_is_enough(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        desk.hold_person(pairs(["email=old@x.org", "email=ann@x.org", "number=99"]), WHY)
        assert planned(desk, "email=ann@x.org")[1].refusals


def test_a_switched_off_identifier_hides_nobody_from_a_hold(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        desk.hold_person(pairs(["email=ann@x.org"]), WHY)
        ref = opened(desk, "number=1", "email=ann@x.org")
        given = next(i for i in desk.search(ref).identity if i.kind == "email")
        desk.switch(ref, given, False)
        assert desk.make_plan(ref).refusals


def test_a_name_alone_holds_nobody(world: World) -> None:
    desk = people(world)
    with desk.workspace, pytest.raises(UsageError):
        desk.hold_person(pairs(["name=Ann Lee"]), WHY)


@pytest.mark.parametrize(("reason", "until"), [("", None), ("short", None), (WHY, date.today() - timedelta(days=1))])
def test_a_hold_needs_a_reason_and_a_day_that_lies_ahead(world: World, reason: str, until: date | None) -> None:
    desk = people(world)
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        with pytest.raises(UsageError):
            desk.hold_request(ref, reason, until)
        assert desk.holds() == []


def test_a_hold_set_after_the_plan_stops_its_approval(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        desk.hold_person(pairs(["number=1"]), WHY)
        assert details(desk) == {ref: "legal hold"}
        with pytest.raises(HeldError) as caught:
            desk.approve(ref, plan.digest)
        assert caught.value.exit_code == 3
        assert WHY not in caught.value.message, "the reason can name people"
        assert desk.approvals(ref) == []


def test_a_hold_set_after_the_approval_stops_the_run_before_anything(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        before = world.state()
        hold = desk.hold_request(ref, WHY)
        with pytest.raises(HeldError):
            desk.apply(ref)
        assert world.state() == before
        assert not [e for e in desk.entries() if e.type == "step.intent"]
        assert desk.release_hold(hold.id, "The claim was settled") == [ref]
        assert desk.apply(ref).status == "applied"


def test_a_hold_set_while_a_run_is_on_stops_it_before_the_next_system(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        done = _Runner._done
        set_once: list[int] = []

        def and_hold(self: _Runner, *args: Any) -> None:
            done(self, *args)
            if not set_once:
                set_once.append(1)
                desk.hold_person(pairs(["email=ann@x.org"]), WHY)

        monkeypatch.setattr(_Runner, "_done", and_hold)
        first = desk.apply(ref)
        statuses = [s.status for s in first.systems]
        assert first.status == "partial"
        assert statuses.count("applied") == 1
        assert next(s.error for s in first.systems if s.status == "failed").startswith("A legal hold stands")
        again = desk.apply(ref)
        assert [s.status for s in again.systems] == statuses, "what was not begun is not begun"
        (hold,) = desk.holds()
        assert desk.release_hold(hold.id, "The claim was settled") == [ref]
        assert desk.apply(ref).status == "applied"


@pytest.mark.parametrize("role", ["agent", "auditor", ""])
def test_a_hold_lifted_by_who_may_not_is_refused_and_stands(world: World, role: str) -> None:
    desk = people(world)
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        hold = desk.hold_request(ref, WHY)
        become(desk, role)
        entries = len(desk.entries())
        with pytest.raises(RefusedError):
            desk.release_hold(hold.id, "I want it gone now")
        assert desk.holds() == [hold]
        assert [e.type for e in desk.entries()[entries:]] == ["act.refused"]
        become(desk, "dpo")
        desk.release_hold(hold.id, "The claim was settled")
        with pytest.raises(RefusedError):
            desk.release_hold(hold.id, "The claim was settled")
        with pytest.raises(UsageError):
            desk.release_hold("nothing", "The claim was settled")


def test_one_released_hold_of_two_proposes_nothing(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        first = desk.hold_request(ref, WHY)
        second = desk.hold_person(pairs(["number=1"]), WHY)
        desk.make_plan(ref)
        assert desk.release_hold(first.id, "The claim was settled") == []
        assert details(desk) == {ref: "legal hold"}
        assert desk.release_hold(second.id, "The claim was settled") == [ref]


def test_a_held_request_may_be_closed_as_refused(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        desk.hold_request(ref, WHY)
        desk.make_plan(ref)
        with pytest.raises(RefusedError):
            desk.close_request(ref)
        desk.decide(ref, "refused", "Needed for a claim, 17(3)(e)", date.today())
        assert desk.close_request(ref).stage == "closed"
        assert len(desk.holds()) == 1


def test_access_goes_on_under_a_hold(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        desk.hold_person(pairs(["email=ann@x.org"]), WHY)
        _, plan = planned(desk, "email=ann@x.org", right="access")
        assert not plan.refusals


def test_the_trail_knows_nobody(world: World) -> None:
    desk = people(world)
    with desk.workspace:
        hold = desk.hold_person(pairs(["email=ann@x.org"]), WHY)
        desk.release_hold(hold.id, "The claim was settled")
        entries = [e for e in desk.entries() if e.type.startswith("hold.")]
        assert [e.type for e in entries] == ["hold.set", "hold.release"]
        assert all(e.body["hold"] == hold.id for e in entries)
        (commitment,) = entries[0].body["identifiers"]
        assert len(commitment) == 64
        assert not any(b"ann" in e.raw or WHY.encode() in e.raw for e in entries)
        assert desk.verify_trail(lambda *_: None).ok
    _nowhere(world.folder, b"ann@x.org", WHY.encode())


def _nowhere(folder: Path, *needles: bytes) -> None:
    for file in folder.glob("workspace*"):
        assert not any(n in file.read_bytes() for n in needles), file.name
