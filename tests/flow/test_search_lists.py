"""A field whose value is a list answers for each of its entries, and says each of them: here inside JSON columns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.flow.world import Table, World, ident, identity, own, owned_by, seen_by, table


def doc(**members: object) -> str:
    return json.dumps(members)


def documents(*rows: tuple[object, ...], paths: dict[str, object], **says: Any) -> Table:
    """A table of ids and documents, and what the catalog says of places in them."""
    made = table("id doc", *rows, **says)
    made.says["fields"].update(paths)
    return made


@pytest.fixture
def shop(world: World) -> World:
    people = documents(
        (1, doc(mails=["ann@x.org", "ann@work.org"], nick="ann")),
        (2, doc(mails=["ben@x.org"], nick="ben")),
        (3, doc(mails=[], nick=None)),
        (4, None),
        subject=True,
        paths={"doc.mails[]": ident("email"), "doc.nick": ident("username")},
    )
    orders = documents(
        ("o1", doc(buyers=[1])),
        ("o2", doc(buyers=[2])),
        ("o3", doc(buyers=[1, 2])),
        ("o4", doc(buyers=[])),
        paths={"doc.buyers[]": owned_by("people.id")},
    )
    world.sql("db", people=people, orders=orders)
    world.sql("crm", leads=table("id mail", ("l1", "ANN@work.org"), ("l2", "ben@x.org"), mail=ident("email")))
    return world


@pytest.mark.parametrize("typed", ["email=ann@x.org", "email=Ann@Work.org", "username=ann"])
def test_each_entry_finds_the_person_and_is_followed(shop: World, typed: str) -> None:
    result = shop.search(typed)
    assert {"db/people/1", "db/orders/o1", "crm/leads/l1"} <= own(result)
    assert not {"db/people/2", "db/orders/o2", "db/orders/o4", "crm/leads/l2"} & {f.ref.path for f in result.findings}
    assert {"ann@x.org", "ann@work.org"} <= {mail.lower() for mail in identity(result)["email"]}


def test_a_row_of_two_people_is_shared(shop: World) -> None:
    (shared,) = [f for f in shop.search("email=ann@x.org").findings if f.ref.key == ("o3",)]
    assert shared.shared and [r.path for r in shared.other_owners] == ["db/people/2"]


def test_two_people_at_once_own_it_together(shop: World) -> None:
    result = shop.search("email=ann@x.org", "email=ben@x.org")
    assert {c.row.ref.path for c in result.ambiguous} == {"db/people/1", "db/people/2"}


def test_who_may_see_a_row_by_a_list(world: World) -> None:
    world.sql(
        "db",
        people=table("id mail", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, mail=ident("email")),
        rooms=documents(("r1", doc(may=[1, 2])), ("r2", doc(may=[2])), paths={"doc.may[]": seen_by("people.id")}),
    )
    found = {f.ref.path: f.access_only for f in world.search("email=ann@x.org").findings}
    assert found == {"db/people/1": False, "db/rooms/r1": True}
