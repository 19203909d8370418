"""Where the ways to the owners lead, as a sample of the rows says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalog.watch.conftest import Watched
from tests.flow.world import Table, ident, owned_by, owns, table

OWNED = owned_by("customers.id")


def people(count: int = 20) -> Table:
    return table("id email", *((n, f"p{n}@x.org") for n in range(1, count + 1)), subject=True, email=ident("email"))


def orders(*owners: object) -> Table:
    return table("id customer_id", *enumerate(owners, 1), customer_id=OWNED)


def test_orphans_are_counted(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, 2, 77, 78, 3))
    problem = watched.one("orphans")
    assert problem.message == "orders: 2 of 5 rows looked at point by customer_id to no row of customers."
    assert (problem.severity, problem.collection, problem.field) == ("warning", "orders", "customer_id")


def test_orphans_that_were_accepted_are_a_note_until_there_are_more(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, 2, 77, *range(3, 10)))
    watched.accept()
    assert watched.one("orphans").severity == "note"
    watched.world.do("shop", "UPDATE orders SET customer_id = 99 WHERE id > 8")
    assert watched.one("orphans").severity == "warning"


def test_an_empty_reference_points_to_nothing_and_is_no_orphan(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, None, "", 3))
    assert not watched.said("orphans", "owner_missing")


def test_owners_that_are_no_longer_written(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, 2, None, *range(3, 10)))
    watched.accept()
    assert not watched.said("owner_missing")
    watched.world.do("shop", "UPDATE orders SET customer_id = NULL WHERE id > 8")
    problem = watched.one("owner_missing")
    assert problem.message == ("orders: customer_id is empty in 3 of 10 rows looked at; 1 of 10 when version 1 was accepted.")
    assert problem.severity == "warning"


@pytest.mark.parametrize("filled", [True, False])
def test_a_collection_of_which_no_row_leads_to_a_person(watched: Watched, filled: bool) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(*([1, 2, 3, 4] if filled else [None] * 4)))
    found = watched.said("leads_to_nobody")
    assert [(p.severity, p.message) for p in found] == (
        [] if filled else [("warning", "orders: none of the 4 rows looked at leads to a person.")]
    )


def test_a_long_way_to_the_person_is_followed(watched: Watched) -> None:
    watched.world.sql(
        "shop",
        customers=people(),
        orders=orders(1, 2),
        lines=table("id order_id", (1, 1), (2, 2), order_id=owned_by("orders.id")),
        parts=table("id line_id", (1, 1), (2, 9), (3, 1), line_id=owned_by("lines.id")),
    )
    assert [p.collection for p in watched.said("orphans")] == ["parts"]
    assert not watched.said("leads_to_nobody")
    watched.world.do("shop", "UPDATE orders SET customer_id = NULL")
    assert {p.collection for p in watched.said("leads_to_nobody")} == {"orders", "lines", "parts"}


def test_what_is_owned_by_a_row_above(watched: Watched) -> None:
    customers = table(
        "id email address_id", (1, "a@x.org", 1), (2, "b@x.org", 2), subject=True, email=ident("email"),
        address_id=owns("addresses.id", erase="null"),
    )  # fmt: skip
    watched.world.sql("shop", customers=customers, addresses=table("id city", (1, "Rome"), (2, "Oslo"), (3, "Bonn"), city={}))
    assert not watched.said("leads_to_nobody", "orphans")
    watched.world.do("shop", "UPDATE customers SET address_id = NULL")
    assert watched.one("leads_to_nobody").collection == "addresses"


def payments(*rows: tuple[object, ...]) -> Table:
    return table("id customer_id order_id", *rows, customer_id=OWNED, order_id=owned_by("orders.id"))


def test_two_ways_that_disagree(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, 2, 3), payments=payments((1, 1, 1), (2, 2, 2), (3, 9, 3)))
    problem = watched.one("owners_disagree")
    assert problem.message == ("payments: in 1 of 3 rows looked at customer_id and order_id lead to different people.")
    assert (problem.severity, problem.collection) == ("warning", "payments")
    watched.accept()
    assert watched.one("owners_disagree").severity == "note"
    watched.world.do("shop", "UPDATE payments SET customer_id = 8")
    assert watched.one("owners_disagree").severity == "warning"


def test_two_ways_that_agree_or_of_which_one_is_empty(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, 2, 3), payments=payments((1, 1, 1), (2, None, 2), (3, 3, None)))
    assert not watched.said("owners_disagree", "orphans")


def test_sender_and_recipient_may_be_two_people(watched: Watched) -> None:
    messages = table("id sender recipient", (1, 1, 2), (2, 3, 3), (3, 4, 5), sender=OWNED, recipient=OWNED)
    watched.world.sql("shop", customers=people(), messages=messages)
    assert watched.one("owners_disagree").severity == "note"


def test_conditions_on_the_person_and_on_the_reference(watched: Watched) -> None:
    users = table(
        "id type email", (1, "User", "a@x.org"), (2, "Group", "g@x.org"), subject={"when": {"type": "User"}}, type={},
        email=ident("email"),
    )  # fmt: skip
    target = [{"to": "users.id", "when": {"kind": "user"}}, {"to": "things.id", "when": {"kind": "thing"}}]
    notes = table("id kind entity", (1, "user", 1), (2, "thing", 5), (3, "user", 7), kind={}, entity=owned_by(target))
    things = table("id user_id", (5, 1), user_id=owned_by("users.id"))
    watched.world.sql("shop", users=users, notes=notes, things=things)
    problem = watched.one("orphans")
    assert problem.message == "notes: 1 of 2 rows looked at point by entity to no row of users."


def test_cycles_end(watched: Watched) -> None:
    nodes = table("id parent", (1, 2), (2, 1), (3, 3), (4, None), parent=owned_by("nodes.id"))
    watched.world.sql("shop", customers=people(1), nodes=nodes)
    assert watched.one("leads_to_nobody").collection == "nodes"


def test_into_another_system(watched: Watched, tmp_path: Path) -> None:
    watched.world.sql("shop", customers=people())
    rows = [(n, n) for n in range(1, 4)] + [(4, 500), (5, None)]
    watched.world.csv("visits", table("id customer", *rows, customer=owned_by("shop/customers.id")))
    problem = watched.one("orphans")
    assert problem.message == "visits: 1 of 5 rows looked at point by customer to no row of customers."
    assert not watched.said("leads_to_nobody")
    (tmp_path / "shop.db").unlink()
    assert not watched.said("orphans")
    assert [s.system for s in watched.check().unreachable] == ["shop"]


def test_a_catalog_that_is_wrong_about_one_collection_leaves_the_others_looked_at(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, 77), visits=table("id who", (1, 1), who=OWNED))
    watched.world.do("shop", "ALTER TABLE visits RENAME COLUMN who TO whom")
    assert watched.one("orphans").collection == "orders"
    assert watched.one("column_missing").collection == "visits"
    watched.world.do("shop", "DROP TABLE visits")
    assert watched.one("orphans").collection == "orders"


def test_what_systems_without_null_write_for_nobody_is_no_orphan(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(1, 0, "0", -1, 2))
    assert not watched.said("orphans")
    watched.accept()
    assert watched.facts.systems[0].named["orders"].paths[0].empty == 3


def test_a_few_orphans_where_there_were_none_are_a_warning(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(*range(1, 21)))
    watched.accept()
    watched.world.do("shop", "UPDATE orders SET customer_id = 99 WHERE id = 1")
    assert watched.one("orphans").severity == "warning"


def test_owners_that_were_never_written_are_told_of_when_the_catalog_is_accepted_only(watched: Watched) -> None:
    watched.world.sql("shop", customers=people(), orders=orders(None, None, None, *range(4, 11)))
    watched.accept()
    assert not watched.said("owner_missing")


def test_people_need_no_owner(watched: Watched) -> None:
    staff = table(
        "id email boss", (1, "a@x.org", None), (2, "b@x.org", 9), subject=True, email=ident("email"), boss=owned_by("staff.id")
    )
    watched.world.sql("shop", staff=staff)
    assert not watched.said("leads_to_nobody", "orphans")
    watched.accept()
    assert watched.facts.systems[0].named["staff"].sampled == 0


def test_what_is_owned_on_a_condition(watched: Watched) -> None:
    links = table(
        "id kind customer_id thing", (1, "mine", 1, 5), (2, "seen", 2, 6), kind={}, customer_id=OWNED,
        thing={"owns": [{"to": "things.id", "when": {"kind": "mine"}}]},
    )  # fmt: skip
    watched.world.sql("shop", customers=people(), links=links, things=table("id name", (5, "a"), (6, "b"), (7, "c"), name={}))
    watched.accept()
    things = watched.facts.systems[0].named["things"]
    assert (things.sampled, things.lost) == (3, 2)
