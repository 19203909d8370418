"""Restriction and its end (Art. 18): marked or set aside, kept from every later plan, and lifted only after the person was told."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.catalog.read import CatalogRead
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Plan
from tests.flow.world import World, ident, owned_by, pairs, table, text

EMAIL = "user.contact.email"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.sql(
        "shop",
        customers=table(
            "id email held state",
            (1, "ann@x.org", 0, "open"),
            (2, "bob@x.org", 0, "open"),
            subject=True,
            on_erase="redact",
            email=ident("email", None, category=EMAIL),
            on_restrict={"set": {"held": True}},
        ),
        orders=table(
            "id customer state",
            (10, 1, "new"),
            (11, 1, "held"),
            (20, 2, "new"),
            customer=owned_by("customers.id"),
            state=text(),
            on_restrict={"set": {"state": "held"}, "lift": {"state": "open"}},
        ),
        letters=table(
            "id customer body", (5, 1, "Dear Ann"), customer=owned_by("customers.id"), body=text(), on_restrict={"move": "aside"}
        ),
        aside=table("id customer body", customer=owned_by("customers.id"), body=text()),
        notes=table("id customer body", (7, 1, "rang"), customer=owned_by("customers.id"), body=text()),
    )
    return made


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


def opened(desk: Desk, right: str = "restriction", ground: str = "", who: str = "email=ann@x.org", **more: Any) -> str:
    return desk.open_request(right, pairs([who]), date.today(), ground, **more).ref


def carried_out(desk: Desk, ref: str) -> Plan:
    """Plan, answer what is asked, approve, apply, and prove."""
    plan = desk.make_plan(ref)
    assert plan.refusals == ()
    answer(desk, ref)
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    proof = desk.verify(ref)
    assert (proof.status, proof.leftovers) == ("verified", ())
    return plan


def answer(desk: Desk, ref: str) -> None:
    for task in desk.tasks(ref):
        if task.open:
            desk.answer_task(ref, task.id, "Done, and said so")


def restricted(desk: Desk) -> str:
    ref = opened(desk, ground="18(1)(a)")
    carried_out(desk, ref)
    return ref


def refused(desk: Desk, right: str, **more: Any) -> dict[str, str]:
    found = desk.make_plan(opened(desk, right, **more)).refusals
    return {f"{r.system}/{r.collection}": f"{r.cure} ({r.request}): {r.command}" if r.request else r.cure for r in found}


# -- it is restricted ------------------------------------------------------------------------------------------------------


def test_rows_are_marked_set_aside_or_left_to_a_person(world: World, desk: Desk) -> None:
    ref = opened(desk, ground="18(1)(c)")
    plan = desk.make_plan(ref)
    actions = {s.ref.path: (s.action, dict(s.writes)) for s in plan.steps}
    assert actions == {
        "shop/customers/1": ("change", {"held": 1}),
        "shop/orders/10": ("change", {"state": "held"}),
        "shop/orders/11": ("keep", {}),
        "shop/letters/5": ("move", {}),
        "shop/notes/7": ("manual", {}),
    }
    assert desk.phrase(plan) == "RESTRICT 3"
    assert [(t.kind, t.title) for t in desk.tasks(ref)] == [("rows", "notes: 1 record to restrict by hand")]
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    proof = desk.verify(ref)
    assert (proof.status, proof.total("changed"), proof.total("retained"), proof.total("by_hand")) == ("verified", 3, 1, 1)
    assert world.ask("shop", "SELECT held FROM customers ORDER BY id") == [(1,), (0,)]
    assert (world.ask("shop", "SELECT * FROM letters"), world.ask("shop", "SELECT * FROM aside")) == ([], [(5, 1, "Dear Ann")])
    with pytest.raises(RefusedError, match="to restrict by hand"):
        desk.close_request(ref)
    answer(desk, ref)
    assert desk.close_request(ref).facts.decision == "granted"


def test_what_another_request_restricted_is_not_counted_as_changed_again(desk: Desk) -> None:
    restricted(desk)
    again = opened(desk, ground="18(1)(b)")
    carried_out(desk, again)
    proof = desk.verify(again)
    assert (proof.total("changed"), proof.total("retained"), proof.total("by_hand")) == (0, 4, 1)
    reasons = {r.ref.path: r.reason for r in proof.retained}
    assert set(reasons) == {"shop/customers/1", "shop/orders/10", "shop/orders/11", "shop/aside/5"}
    assert all(reason.startswith("Restricted already") for reason in reasons.values())
    assert "nothing was restricted" in desk.report(again).headline


def test_what_is_not_lifted_is_said_in_words(desk: Desk) -> None:
    planned = opened(desk)
    with pytest.raises(RefusedError, match=r"restricts nothing \(yet\)"):
        desk.lift(planned)
    ref = restricted(desk)
    lifting = desk.lift(ref).ref
    with pytest.raises(RefusedError, match="is a request that lifts a restriction"):
        desk.lift(lifting)
    with pytest.raises(RefusedError, match="This plan was used") as used:
        desk.apply(ref)
    assert used.value.hint == "Nothing more has to be written."


@pytest.mark.parametrize("ground", ["17(1)(a)", "18(1)(e)", "18", "x"])
def test_a_restriction_has_grounds_of_its_own(desk: Desk, ground: str) -> None:
    with pytest.raises(UsageError, match="no ground of a request for restriction") as error:
        opened(desk, ground=ground)
    assert "18(1)(d)" in error.value.hint


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        ("UPDATE customers SET held = 0 WHERE id = 1", ("shop/customers/1", ("held",), "does not hold its new value")),
        ("DELETE FROM customers WHERE id = 1", ("shop/customers/1", (), "is gone")),
        ("UPDATE orders SET state = 'new' WHERE id = 11", ("shop/orders/11", ("state",), "does not hold its new value")),
        ("DELETE FROM aside", ("shop/letters/5", (), "is not where it was moved to")),
        ("UPDATE aside SET body = 'x'", ("shop/letters/5", (), "is not where it was moved to")),
        ("INSERT INTO letters VALUES (5, 1, 'Dear Ann')", ("shop/letters/5", (), "was not moved")),
    ],
)
def test_a_mark_that_is_gone_is_left_over(world: World, desk: Desk, statement: str, left: tuple[str, tuple[str, ...], str]) -> None:
    ref = restricted(desk)
    world.do("shop", statement)
    proof = desk.verify(ref)
    assert left in [(x.ref.path, x.fields, x.why) for x in proof.leftovers]
    assert proof.total("before") == 5 == proof.total("changed") + proof.total("retained") + 1 + proof.total("leftover")


def test_a_mark_that_the_column_can_not_hold_is_refused_with_its_cure(tmp_path: Path) -> None:
    world = World(tmp_path)
    people = table("id email held", (1, "a@x.org", 0), ddl="id INTEGER PRIMARY KEY, email TEXT, held INTEGER", email=ident("email"))
    people.says["on_restrict"] = {"set": {"held": "yes"}}
    world.sql("shop", people=people)
    desk = world.desk()
    (refusal,) = desk.make_plan(opened(desk, who="email=a@x.org")).refusals
    assert (refusal.field, refusal.cure) == ("held", "Mend on_restrict or on_object in the catalog")


# -- it stands -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [False, True])
def test_nothing_of_ours_changes_a_restricted_row(world: World, desk: Desk, closed: bool) -> None:
    ref = restricted(desk)
    if closed:
        desk.close_request(ref)
    cure = f"Lift it first ({ref}): dsr-desk request lift {ref}"
    places = ["shop/customers", "shop/orders", "shop/aside", "shop/notes"]
    assert refused(desk, "erasure") == dict.fromkeys(places, cure)
    assert refused(desk, "rectification", corrections=pairs([f"{EMAIL}=n@x.org"])) == {"shop/customers": cure}
    assert refused(desk, "rectification", corrections=pairs([f"{EMAIL}=n@x.org"]), who="email=bob@x.org") == {}
    assert refused(desk, "erasure", who="email=bob@x.org") == {}
    assert refused(desk, "access") == {}


def test_a_restriction_survives_a_new_session(world: World, desk: Desk) -> None:
    ref = restricted(desk)
    desk.workspace.close()
    again = world.desk()
    assert set(refused(again, "erasure")) == {"shop/customers", "shop/orders", "shop/aside", "shop/notes"}
    assert [(r.request, r.ground, len(r.rows)) for r in again.restrictions()] == [(ref, "18(1)(a)", 5)]
    assert {r.ref: r.restricts for r in again.requests()}[ref] == 5
    assert again.restricted()[RowRef("shop", "aside", ("5",))] == ref


def test_a_plan_that_restricts_nothing_yet_stops_nobody(desk: Desk) -> None:
    ref = opened(desk)
    desk.approve(ref, desk.make_plan(ref).digest)
    assert desk.restrictions() == []
    assert refused(desk, "erasure") == {"shop/orders": "Take the mark away in the system itself, if its restriction has ended"}


def test_a_mark_that_somebody_else_set_counts(world: World, desk: Desk) -> None:
    world.do("shop", "UPDATE customers SET held = 1 WHERE id = 2")
    assert refused(desk, "erasure", who="email=bob@x.org") == {
        "shop/customers": "Take the mark away in the system itself, if its restriction has ended"
    }


def test_a_row_restricted_after_the_plan_was_made_is_not_changed(world: World, desk: Desk) -> None:
    world.do("shop", "DELETE FROM orders")
    by_hand, approved = opened(desk, "erasure"), opened(desk, "erasure")
    plan = desk.make_plan(by_hand)
    desk.approve(approved, desk.make_plan(approved).digest)
    restricted(desk)
    before = world.state()
    with pytest.raises(RefusedError, match="restricted since"):
        desk.approve(by_hand, plan.digest)
    with pytest.raises(RefusedError, match="restricted since"):
        desk.apply(approved)
    assert world.state() == before


# -- it ends ---------------------------------------------------------------------------------------------------------------


def test_the_person_is_told_before_a_restriction_ends(world: World, desk: Desk) -> None:
    ref = restricted(desk)
    lifting = desk.lift(ref)
    assert (lifting.right, lifting.facts.ends, lifting.facts.identity) == ("lifting", ref, (("email", "ann@x.org"),))
    plan = desk.make_plan(lifting.ref)
    assert desk.phrase(plan) == "LIFT 4"
    before = world.state()
    with pytest.raises(RefusedError, match="told first"):
        desk.approve(lifting.ref, plan.digest)
    with pytest.raises(RefusedError):
        desk.apply(lifting.ref)
    assert world.state() == before
    desk.answer_task(lifting.ref, "tell", "By letter, on Monday")
    desk.approve(lifting.ref, plan.digest)
    assert desk.apply(lifting.ref).status == "applied"


def test_what_stood_there_is_back_and_nothing_is_restricted(world: World, desk: Desk) -> None:
    before = world.state()
    ref = restricted(desk)
    lifting = desk.lift(ref).ref
    carried_out(desk, lifting)
    answer(desk, lifting)
    assert world.ask("shop", "SELECT state FROM orders ORDER BY id") == [("open",), ("open",), ("new",)]  # what lift: says
    world.do("shop", "UPDATE orders SET state = CASE id WHEN 10 THEN 'new' WHEN 11 THEN 'held' ELSE state END")
    assert world.state() == before
    assert (desk.restrictions(), desk.restricted()) == ([], {})
    assert desk.close_request(lifting).closed


def test_a_restriction_is_lifted_once(desk: Desk) -> None:
    ref = restricted(desk)
    lifting = desk.lift(ref).ref
    assert desk.restrictions()[0].lifting == lifting
    with pytest.raises(RefusedError, match=f"{lifting} already lifts {ref}"):
        desk.lift(ref)
    carried_out(desk, lifting)
    with pytest.raises(RefusedError, match="nothing to lift"):
        desk.lift(ref)


def test_two_desks_that_lift_at_the_same_moment_open_one_request(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = restricted(desk)
    other, read = world.desk(), desk.catalog_read
    lifting: list[str] = []

    def lifted_meanwhile() -> CatalogRead:  # between looking and writing, a desk reads the catalog
        lifting.append(other.lift(ref).ref)
        return read()

    monkeypatch.setattr(desk, "catalog_read", lifted_meanwhile)
    with pytest.raises(RefusedError, match=f"already lifts {ref}") as caught:
        desk.lift(ref)
    assert lifting[0] in caught.value.message
    assert [r.ref for r in other.requests() if r.right == "lifting"] == lifting


def test_only_a_restriction_that_stands_is_lifted(desk: Desk) -> None:
    ref = opened(desk)
    erasure = opened(desk, "erasure")
    for other in (ref, erasure):
        with pytest.raises(RefusedError, match="nothing to lift"):
            desk.lift(other)
    with pytest.raises(UsageError, match="follows from an earlier one"):
        opened(desk, "lifting")


def test_what_another_request_restricts_too_stays_restricted_and_is_given_back_at_the_end(world: World, desk: Desk) -> None:
    first = restricted(desk)
    second = opened(desk, ground="18(1)(c)")
    carried_out(desk, second)
    lifting = desk.lift(first).ref
    carried_out(desk, lifting)
    assert world.ask("shop", "SELECT held FROM customers WHERE id = 1") == [(1,)]
    assert [r.request for r in desk.restrictions()] == [second]
    assert set(refused(desk, "erasure").values()) == {f"Lift it first ({second}): dsr-desk request lift {second}"}
    carried_out(desk, desk.lift(second).ref)
    assert world.ask("shop", "SELECT held FROM customers WHERE id = 1") == [(0,)]
    assert world.ask("shop", "SELECT id FROM letters") == [(5,)]
    assert desk.restrictions() == []


def test_a_restriction_planned_anew_still_knows_what_stood_there(world: World, desk: Desk) -> None:
    ref = restricted(desk)
    carried_out(desk, ref)  # once more: the marks are there now
    carried_out(desk, desk.lift(ref).ref)
    assert world.ask("shop", "SELECT held FROM customers WHERE id = 1") == [(0,)]
    assert world.ask("shop", "SELECT id FROM letters") == [(5,)]


def test_a_restricted_row_that_is_gone_does_not_keep_the_restriction(world: World, desk: Desk) -> None:
    ref = restricted(desk)
    world.do("shop", "DELETE FROM aside")
    carried_out(desk, desk.lift(ref).ref)
    assert desk.restrictions() == []


def test_a_row_that_is_left_out_stays_restricted(world: World, desk: Desk) -> None:
    ref = restricted(desk)
    lifting = desk.lift(ref).ref
    desk.search(lifting)
    desk.review(lifting, [RowRef("shop", "customers", ("1",))], False, "Its accuracy is still contested")
    carried_out(desk, lifting)
    assert [[str(r) for r in s.rows] for s in desk.restrictions()] == [["shop/customers/1"]]
    assert desk.close_request(lifting).facts.decision == "partly"
    carried_out(desk, desk.lift(ref).ref)
    assert desk.restrictions() == []


def test_rows_set_aside_where_no_search_leads_are_lifted_all_the_same(tmp_path: Path) -> None:
    world = World(tmp_path)
    email = ident("email")
    world.sql(
        "crm",
        people=table("id email", (1, "ann@x.org"), email=email, on_restrict={"move": "aside"}),
        aside=table("id email"),
    )
    desk = world.desk()
    ref = opened(desk)
    carried_out(desk, ref)
    assert world.ask("crm", "SELECT * FROM aside") == [(1, "ann@x.org")]
    carried_out(desk, desk.lift(ref).ref)
    assert world.ask("crm", "SELECT * FROM people") == [(1, "ann@x.org")]
