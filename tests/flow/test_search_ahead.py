"""Asking ahead for a list: everybody is evaluated once, and nothing is asked that a search for each alone would not ask."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.flow import search
from dsr_desk.flow.search import Searched
from dsr_desk.flow.searching.answers import Asked, Group
from dsr_desk.flow.searching.reach import Ask, Reach, Reached
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import silent
from dsr_desk.model.finding import RowRef
from tests.flow.test_search_oracle import GIVEN, Rows, worlds, write
from tests.flow.world import World, ident, owned_by, seen_by, table, text


def found(world: World, *asks: Ask) -> Searched:
    with Systems(world.catalog(), world.folder, lambda _: lambda: None) as systems:
        return search.run(systems, asks, silent, Cancel())


def alone(world: World, ask: Ask) -> Searched:
    with Systems(world.catalog(), world.folder, lambda _: lambda: None) as systems:
        return search.run(systems, ask, silent, Cancel())


def listed(*given: str, **more: Any) -> list[Ask]:
    """One ask for each text: identifiers by blanks, ``email=a@x.org name=Ada``."""
    pairs = [tuple((kind, value) for kind, value in (part.split("=") for part in one.split())) for one in given]
    return [Ask(identity, line=line, **more) for line, identity in enumerate(pairs, 1)]


def asked(searched: Searched, system: str = "shop") -> set[tuple[str, str, str]]:
    """Every question: collection, fields, value."""
    told: list[tuple[Group, Mapping[Asked, list[RowRef]]]] = [*searched.answers.asked(system)]
    return {(g.collection, "+".join(g.fields), "+".join(value)) for g, values in told for value in values}


@pytest.fixture
def shop(world: World) -> World:
    """Four people, each with an order and its lines; a payment of two of them; a letter that one may see; two with one address."""
    world.sql(
        "shop",
        people=table(
            "id mail name",
            *((n, f"p{n}@x.org", name) for n, name in enumerate(["Ada", "Bea", "Cid"], 1)),
            (4, "p5@x.org", "Dan"),
            (5, "p5@x.org", "Eva"),
            subject=True,
            id=ident("customer_id"),
            mail=ident("email"),
            name=ident("name"),
        ),
        orders=table("id person", *((n * 10, n) for n in range(1, 6)), person=owned_by("people.id")),
        lines=table("id order_id", *((n * 100, n * 10) for n in range(1, 6)), order_id=owned_by("orders.id")),
        payments=table(
            "id payer payee mail",
            (1, 1, 2, "both@x.org"),
            (2, 3, None, "cid@x.org"),
            payer=owned_by("people.id"),
            payee=owned_by("people.id"),
            mail=ident("email"),
        ),
        letters=table("id writer reader", (1, 2, 1), writer=owned_by("people.id"), reader=seen_by("people.id")),
    )
    return world


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often each person of a list is evaluated."""
    times: Counter[int] = Counter()

    class Counted(Reach):
        def run(self) -> Reached:
            times[self.ask.line] += 1
            return super().run()

    monkeypatch.setattr(search, "Reach", Counted)
    return times


def test_plain_people_are_evaluated_once_though_files_and_mentions_come_last(shop: World, evaluated: Counter[int]) -> None:
    shop.csv("news", table("mail since", *((f"P{n}@x.org", "2020") for n in range(1, 4)), mail=ident("email")))
    shop.sql("notes", notes=table("id body", (1, "call p3@x.org"), (2, "Ada Ada"), body={"mentions": True, **text()}))
    result = found(shop, *listed("email=p3@x.org", "customer_id=3", "email=nobody@x.org")).result
    assert evaluated == {1: 1, 2: 1, 3: 1}
    mine = {f.ref.path for f in result.findings if f.people == (1, 2)}
    assert mine == {
        "shop/people/3",
        "shop/orders/30",
        "shop/lines/300",
        "shop/payments/2",
        "news/news/P3@x.org",
        "notes/notes/1",
    }


def test_a_file_is_read_once_with_everything(shop: World) -> None:
    shop.csv("news", table("mail since", *((f"P{n}@x.org", "2020") for n in range(1, 6)), mail=ident("email")))
    result = found(shop, *listed("email=p1@x.org", "email=p3@x.org", "email=p5@x.org name=Dan")).result
    assert {s.system: s.queries for s in result.systems}["news"] == 1


def test_a_file_is_read_once_though_it_takes_long_to_know_whose_a_row_is(world: World) -> None:
    above, steps = "people.id", {}
    for name in ("boxes", "crates", "bags", "coins"):
        steps[name] = table("id above", (1, 1), above=owned_by(above))
        above = f"{name}.id"
    world.sql(
        "shop",
        people=table("id mail", (1, "p1@x.org"), subject=True, mail=ident("email")),
        **steps,
        payments=table("id person coin", (1, 1, 1), person=owned_by("people.id"), coin=owned_by("coins.id")),
        parts=table("id payment mail", (1, 1, "late@x.org"), payment=owned_by("payments.id"), mail=ident("email")),
    )
    world.csv("news", table("mail since", ("late@x.org", "2020"), mail=ident("email")))
    result = found(world, *listed("email=p1@x.org")).result
    assert {f.ref.path for f in result.findings} >= {"news/news/late@x.org"}
    assert {s.system: s.queries for s in result.systems}["news"] == 1


def test_a_file_is_read_once_though_what_was_found_leads_on(shop: World) -> None:
    accounts = table("id customer mail", (1, "3", "alt@x.org"), subject=True, customer=ident("customer_id"), mail=ident("email"))
    shop.sql("crm", accounts=accounts)
    shop.csv("news", table("mail since", ("alt@x.org", "2020"), mail=ident("email")))
    result = found(shop, *listed("email=p3@x.org")).result
    assert {f.ref.path for f in result.findings} >= {"crm/accounts/1", "news/news/alt@x.org"}
    assert {s.system: s.queries for s in result.systems}["news"] == 1


def test_what_a_row_says_whose_owner_is_in_a_file_is_asked_before_the_file(world: World) -> None:
    world.sql(
        "shop",
        people=table("id mail", (1, "p1@x.org"), subject=True, mail=ident("email")),
        orders=table(
            "id person line mail",
            (1, 1, 7, "late@x.org"),
            person=owned_by("people.id"),
            line=owned_by("news/news.id"),
            mail=ident("email"),
        ),
    )
    world.csv("news", table("id mail", (7, "p1@x.org"), (8, "late@x.org"), mail=ident("email")))
    (ask,) = listed("email=p1@x.org")
    together, single = found(world, ask).result, alone(world, ask).result
    assert [(s.system, s.queries) for s in together.systems] == [(s.system, s.queries) for s in single.systems]


@pytest.mark.parametrize(
    ("given_one", "more"),
    [
        ("email=p5@x.org", {}),
        ("email=p1@x.org customer_id=2", {}),
        ("email=p1@x.org name=Zoe", {}),
        ("email=p1@x.org", {"others": frozenset([RowRef("shop", "people", ("1",))])}),
    ],
    ids=["two people", "one each", "another name", "known to be somebody else"],
)
def test_nothing_of_somebody_who_may_be_another_is_read(shop: World, given_one: str, more: dict[str, Any]) -> None:
    (ask,) = listed(given_one, **more)
    searched = found(shop, ask)
    assert {ref.collection for ref in searched.answers.rows} == {"people"}
    assert asked(searched) == asked(alone(shop, ask))


def test_nobody_is_looked_up_by_what_a_shared_row_says(shop: World) -> None:
    searched = found(shop, *listed("email=p1@x.org", "email=p3@x.org"))
    mails = {value for collection, field, value in asked(searched) if (collection, field) == ("people", "mail")}
    assert mails == {"p1@x.org", "p3@x.org", "cid@x.org"}, "the payment of two is not one's own, that of one is"


def test_nobody_is_looked_up_by_what_was_switched_off(shop: World) -> None:
    searched = found(shop, *listed("email=p3@x.org", off=frozenset([("email", "cid@x.org")])))
    assert "cid@x.org" not in {value for _, _, value in asked(searched)}


def test_the_name_on_an_order_is_nobody_to_look_for(world: World) -> None:
    world.sql(
        "shop",
        people=table("id mail", (1, "p1@x.org"), subject=True, mail=ident("email")),
        orders=table("id person sent_to", (1, 1, "Zoe Other"), person=owned_by("people.id"), sent_to=ident("name")),
        notes=table("id body", (1, "Zoe Other called"), body={"mentions": True, **text()}),
    )
    searched = found(world, *listed("email=p1@x.org"))
    assert {value for collection, _, value in asked(searched) if collection == "notes"} == {"p1@x.org"}


def test_no_index_answers_where_a_search_has_to_be_thorough(world: World) -> None:
    people = table("id mail", (1, "p1@x.org"), subject=True, mail=ident("email", stored="plain", category="user.contact.email"))
    world.sql("shop", people=people)
    groups = found(world, *listed("email=p1@x.org", thorough=True)).answers.asked("shop")
    assert [group.plain for group, _ in groups] == [False]


def test_of_somebody_who_was_named_nothing_is_asked_ahead(shop: World) -> None:
    (ask,) = listed("email=p1@x.org", subjects=frozenset([RowRef("shop", "people", ("2",))]))
    assert asked(found(shop, ask)) == asked(alone(shop, ask))


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("given_one", ["email=p1@x.org", "email=p2@x.org", "email=p3@x.org", "customer_id=3", "name=Ada"])
def test_a_list_of_one_asks_no_more_than_a_search_asks(shop: World, given_one: str, thorough: bool) -> None:
    (ask,) = listed(given_one, thorough=thorough)
    together, single = found(shop, ask), alone(shop, ask)
    assert asked(together) <= asked(single)
    assert together.answers.rows.keys() <= single.answers.rows.keys()
    assert {f.ref for f in together.result.findings} == {f.ref for f in single.result.findings}


@settings(max_examples=60, deadline=None)
@given(worlds(), st.lists(GIVEN, min_size=1, max_size=4, unique=True))
def test_a_list_reads_no_row_that_no_search_of_one_reads(rows: Rows, people: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = write(rows, Path(folder))
        asks = [Ask((given_one,), line=line) for line, given_one in enumerate(people, 1)]
        each = [alone(world, ask) for ask in asks]
        together = found(world, *asks)
    assert together.answers.rows.keys() <= {ref for one in each for ref in one.answers.rows}
