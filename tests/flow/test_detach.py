"""Rows with several owners: the last one takes them along, the others are only let go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dsr_desk.flow.desk import Desk
from dsr_desk.flow.planning.detach import detached
from dsr_desk.model.finding import Finding, Row, RowRef
from dsr_desk.model.plan import Intent, Outcome, Plan
from dsr_desk.rights.base import Case
from tests.flow.world import KEEP, Table, World, ident, opened, owned_by, owns, planned, table, text

PEOPLE = "id INTEGER PRIMARY KEY, email TEXT"
WHY = "They were partners"


def deals(a: Any, b: Any, ddl: str = "", rows: tuple[tuple[Any, ...], ...] = ((7, 1, 2, "terms"),), **more: Any) -> Table:
    return table("id a b what", *rows, ddl=ddl, a=a, b=b, what=text(None), **more)


def people(**more: Any) -> Table:
    return table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email"), ddl=PEOPLE, **more)


def included(desk: Desk, given: str, *rows: str) -> tuple[str, Plan]:
    ref = opened(desk, given)
    desk.search(ref)
    desk.review(ref, [RowRef.parse(r) for r in rows], True, WHY)
    return ref, desk.make_plan(ref)


def step(plan: Plan, row: str) -> Any:
    return next(s for s in plan.steps if s.ref.path == row)


def proved(desk: Desk, ref: str, plan: Plan) -> Any:
    assert not plan.refusals, plan.refusals
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    proof = desk.verify(ref)
    assert proof.status == "verified", proof.leftovers
    before = proof.total("before")
    assert before == sum(proof.total(w) for w in ("erased", "changed", "retained", "excluded", "by_hand"))
    return proof


FK = "id INTEGER PRIMARY KEY, a INTEGER REFERENCES people(id), b INTEGER REFERENCES people(id), what TEXT"


def test_the_one_who_leaves_is_let_go_and_the_last_one_takes_it_along(world: World) -> None:
    world.sql("db", people=people(), deals=deals(owned_by("people.id"), owned_by("people.id"), FK))
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/deals/7")
        deal = step(plan, "db/deals/7")
        assert (deal.action, deal.writes, deal.heading) == ("change", {"a": None}, "excluded")
        assert {n: o.name for n, o in deal.fields.items()} == {"id": "excluded", "a": "erased", "b": "excluded", "what": "excluded"}
        assert deal.fields["what"].reason == "Shared: it goes with its last owner"
        proof = proved(desk, ref, plan)
        assert (proof.total("erased"), proof.total("excluded")) == (1, 1)
        assert world.ask("db", "SELECT * FROM deals") == [(7, None, 2, "terms")]
        ref, plan = planned(desk, "email=ben@x.org")
        assert step(plan, "db/deals/7").action == "delete"
        proved(desk, ref, plan)
    assert world.ask("db", "SELECT (SELECT count(*) FROM deals) + (SELECT count(*) FROM people)") == [(0,)]


def test_a_reference_is_cleared_as_its_erase_says(world: World) -> None:
    nobody = owned_by("people.id", erase={"constant": 0})
    world.sql(
        "db", people=people(), deals=deals(nobody, owned_by("people.id"), "id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b, what")
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/deals/7")
        assert step(plan, "db/deals/7").writes == {"a": 0}
        proved(desk, ref, plan)


def test_a_reference_that_may_not_be_null_is_refused_by_name(world: World) -> None:
    ddl = "id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b INTEGER, what TEXT"
    world.sql("db", people=people(), deals=deals(owned_by("people.id"), owned_by("people.id"), ddl))
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        _, plan = included(desk, "email=ann@x.org", "db/deals/7")
    (refusal,) = plan.refusals
    assert (refusal.system, refusal.collection, refusal.field) == ("db", "deals", "a")
    assert "NULL" in refusal.why
    assert "erase:" in refusal.cure
    assert world.state() == before


def test_a_reference_in_the_key_is_refused_by_name(world: World) -> None:
    shared = table("a b", (1, 2), key=["a", "b"], a=owned_by("people.id"), b=owned_by("people.id"))
    world.sql("db", people=people(), deals=shared)
    desk = world.desk()
    with desk.workspace:
        _, plan = included(desk, "email=ann@x.org", "db/deals/1,2")
    assert [(r.collection, r.field) for r in plan.refusals] == [("deals", "a")]


def test_what_hangs_below_a_shared_row_stays_with_it(world: World) -> None:
    world.sql(
        "db",
        people=people(),
        deals=deals(owned_by("people.id"), owned_by("people.id"), FK),
        items=table("id deal note", (70, 7, "x"), deal=owned_by("deals.id"), note=text(None)),
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/deals/7", "db/items/70")
        item = step(plan, "db/items/70")
        assert (item.action, item.writes, item.heading) == ("keep", {}, "excluded")
        proved(desk, ref, plan)
    assert world.ask("db", "SELECT * FROM items") == [(70, 7, "x")]


def test_what_stays_points_no_more_to_the_one_who_left(world: World) -> None:
    world.sql(
        "db",
        people=people(),
        deals=deals(owned_by("people.id"), owned_by("people.id"), FK),
        items=table("id deal seller", (70, 7, 1), deal=owned_by("deals.id"), seller={"points_at": "people.id"}),
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/deals/7", "db/items/70")
        assert step(plan, "db/items/70").writes == {"seller": None}
        proved(desk, ref, plan)


def test_a_second_owner_who_is_not_there_is_nobody(world: World) -> None:
    world.sql(
        "db", people=people(), deals=deals(owned_by("people.id"), owned_by("people.id"), rows=((7, 1, None, "x"), (8, 1, 99, "y")))
    )
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
        assert [step(plan, f"db/deals/{n}").action for n in (7, 8)] == ["delete", "delete"]


def test_both_owners_in_one_erasure_take_it_along(world: World) -> None:
    people = table(
        "id email name",
        (1, "ann@x.org", "Ann Lee"),
        (2, "ann@x.org", "Ann Lee"),
        subject=True,
        email=ident("email"),
        name=ident("name"),
    )
    world.sql("db", people=people, deals=deals(owned_by("people.id"), owned_by("people.id")))
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org", subjects=("db/people/1", "db/people/2"))
        desk.search(ref)
        assert step(desk.make_plan(ref), "db/deals/7").action == "delete"


@pytest.mark.parametrize(("says", "after"), [({}, None), ({"erase": {"constant": 0}}, 0)])
def test_a_redacted_row_lets_go_of_what_it_owns_with_others(world: World, says: dict[str, Any], after: Any) -> None:
    world.sql(
        "db",
        people=table(
            "id email home",
            (1, "ann@x.org", 5),
            (2, "ben@x.org", 5),
            subject=True,
            on_erase="redact",
            email=ident("email", None),
            home=owns("homes.id", **says),
        ),
        homes=table("id street", (5, "High Street 1"), street=text(None)),
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/homes/5")
        assert step(plan, "db/homes/5").action == "keep"
        assert step(plan, "db/people/1").writes == {"email": None, "home": after}
        proved(desk, ref, plan)
    assert world.ask("db", "SELECT home FROM people ORDER BY id") == [(after,), (5,)]
    assert world.ask("db", "SELECT street FROM homes") == [("High Street 1",)]


def test_a_kept_row_keeps_what_it_owns(world: World) -> None:
    kept = table(
        "id email home", (1, "ann@x.org", 5), (2, "ben@x.org", 5), subject=True, on_erase="keep", keep=KEEP, email=ident("email"),
        home=owns("homes.id"),
    )  # fmt: skip
    world.sql("db", people=kept, homes=table("id street", (5, "High Street 1"), street=text(None)))
    desk = world.desk()
    with desk.workspace:
        _, plan = included(desk, "email=ann@x.org", "db/homes/5")
        assert step(plan, "db/people/1").writes == {}


def test_only_the_reference_that_leads_to_the_person_is_cleared(world: World) -> None:
    """A payment of Ben's for Ann's order: her order goes, his payment stays."""
    world.sql(
        "db",
        people=people(),
        orders=table("id person", (3, 1), person=owned_by("people.id")),
        payments=table(
            "id person order_id sum", (9, 2, 3, 12), person=owned_by("people.id"), order_id=owned_by("orders.id"), sum={}
        ),
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/payments/9")
        assert step(plan, "db/payments/9").writes == {"order_id": None}
        proved(desk, ref, plan)
    assert world.ask("db", "SELECT * FROM payments") == [(9, 2, None, 12)]


def test_a_polymorphic_reference_is_cleared_where_it_means_the_person(world: World) -> None:
    """The number 1 is Ann's where the kind is person, and a firm's elsewhere."""
    to = [{"to": "people.id", "when": {"kind": "person"}}, {"to": "firms.id", "when": {"kind": "firm"}}]
    rows = (7, 1, "person", None, 2), (8, 1, "firm", 1, 2)
    world.sql(
        "db",
        people=people(),
        firms=table("id name", (1, "Ltd"), key=["id"]),
        deals=table("id who kind a b", *rows, who=owned_by(to), kind={}, a=owned_by("people.id"), b=owned_by("people.id")),
    )
    desk = world.desk()
    with desk.workspace:
        _, plan = included(desk, "email=ann@x.org", "db/deals/7", "db/deals/8")
        assert step(plan, "db/deals/7").writes == {"who": None}
        assert step(plan, "db/deals/8").writes == {"a": None}


def test_a_row_without_an_owner_that_a_person_includes_goes(world: World) -> None:
    world.sql(
        "db",
        people=people(),
        notes=table(
            "id person email", (9, None, "ann@x.org"), (10, 99, "ann@x.org"), person=owned_by("people.id"), email=ident("email")
        ),
    )
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/notes/9", "db/notes/10")
        assert [step(plan, f"db/notes/{n}").action for n in (9, 10)] == ["delete", "delete"]
        proved(desk, ref, plan)


def test_one_owner_who_stays_is_enough(world: World) -> None:
    """Of three owners one is in the same erasure, and one is not."""
    world.sql("db", people=people(), deals=deals(owned_by("people.id"), owned_by("people.id")))
    catalog = world.catalog()
    rows = {n: RowRef("db", "people", (str(n),)) for n in (1, 2, 3)}
    subjects = [Finding(Row(rows[n], {"id": n}, {"id": n}), (), subject=True) for n in (1, 2)]
    values = {"id": 7, "a": 1, "b": 2, "what": "x"}
    deal = Finding(Row(RowRef("db", "deals", ("7",)), {"id": 7}, values), (), shared=True, other_owners=(rows[2], rows[3]))
    gone = Intent(deal.ref, "delete", dict.fromkeys(values, Outcome("erased", "delete")))
    case = Case(catalog, [*subjects, deal], {}, frozenset(rows[n] for n in (1, 2)), {})
    (intent,) = detached(case, [gone])
    assert (intent.action, set(intent.erase)) == ("change", {"a", "b"})
    assert detached(replace(case, findings=[*subjects, replace(deal, other_owners=(rows[2],))]), [gone]) == [gone]


@pytest.mark.parametrize(("how", "action", "order"), [({}, "keep", 1), ({"erase": None}, "change", None)])
def test_a_record_that_the_law_keeps_keeps_whose_it_is_unless_the_catalog_says_otherwise(
    world: World, how: dict[str, Any], action: str, order: int | None
) -> None:
    paid = table(
        "id order_id payer iban",
        (5, 1, 2, "DE89370400440532013000"),
        on_erase="keep",
        keep=KEEP,
        order_id={"owned_by": "orders.id", **how},
        payer=owned_by("people.id"),
        iban={"category": "user.financial.bank_account", "identity": "iban", "erase": None},
    )
    orders = table("id person", (1, 1), on_erase="delete", person=owned_by("people.id"))
    world.sql("db", people=people(), orders=orders, payments=paid)
    desk = world.desk()
    with desk.workspace:
        ref, plan = included(desk, "email=ann@x.org", "db/payments/5")
        payment = step(plan, "db/payments/5")
        assert (payment.action, payment.heading) == (action, "excluded")
        proved(desk, ref, plan)
    assert world.ask("db", "SELECT * FROM payments") == [(5, order, 2, "DE89370400440532013000")]
