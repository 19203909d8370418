"""A search that finds nothing where nothing is left says so: 0 records are no success."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dsr_desk.flow.desk import Desk
from dsr_desk.model.finding import SearchResult
from tests.flow.world import World, ident, owned_by, table


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.sql(
        "shop",
        customers=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        orders=table("id customer", (1, 1), (2, 2), customer=owned_by("customers.id")),
        never=table("id customer", customer=owned_by("customers.id")),
    )
    world.csv("news", table("email", ("ann@x.org",), ("ben@x.org",), email=ident("email")))
    return world


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


def notes(found: SearchResult) -> dict[str, tuple[str, ...]]:
    return {s.system: s.notes for s in found.systems if s.notes}


def test_where_records_are_nothing_is_said(desk: Desk) -> None:
    assert notes(desk.quick_search([("email", "ann@x.org")])) == {}
    assert notes(desk.quick_search([("email", "nobody@x.org")])) == {}
    desk.workspace.close()


def test_a_search_over_what_was_emptied_says_so(world: World, desk: Desk) -> None:
    world.do("shop", "DELETE FROM orders")
    (world.folder / "news.csv").write_text("email\n", encoding="utf-8")
    found = desk.quick_search([("email", "ann@x.org")])
    today = desk.accepted_facts().systems[0].at[:10]
    end = f"when the catalog was accepted on {today}. Nothing found proves nothing."
    assert notes(found) == {"shop": (f"orders is empty: 0 records, 2 {end}",), "news": (f"news is empty: 0 records, 2 {end}",)}
    world.do("shop", "DELETE FROM customers")
    said = desk.quick_search([("email", "ann@x.org")])
    assert [n.partition(":")[0] for n in notes(said)["shop"]] == ["customers is empty"]
    desk.workspace.close()


def test_a_request_and_its_report_say_so_too(world: World, desk: Desk) -> None:
    world.do("shop", "DELETE FROM orders")
    ref = desk.open_request("access", [("email", "ann@x.org")], date.today()).ref
    assert notes(desk.search(ref))["shop"][0].startswith("orders is empty")
    kept = desk.found(ref)
    assert kept is not None and notes(kept)["shop"][0].startswith("orders is empty")
    assert any("orders is empty: 0 records, 2 when the catalog was accepted" in limit for limit in desk.report(ref).limits)
    desk.workspace.close()


def test_once_it_is_accepted_nothing_more_is_said(world: World, desk: Desk) -> None:
    world.do("shop", "DELETE FROM orders")
    desk.accept_catalog()
    assert notes(desk.quick_search([("email", "ann@x.org")])) == {}
    desk.workspace.close()


def test_a_system_that_can_not_be_searched_is_asked_no_more(world: World, desk: Desk) -> None:
    (world.folder / "shop.db").unlink()
    found = desk.quick_search([("email", "ann@x.org")])
    assert not found.complete
    assert notes(found) == {}
    desk.workspace.close()


def test_nothing_is_written_by_looking(world: World, desk: Desk) -> None:
    world.do("shop", "DELETE FROM orders")
    before = world.state()
    desk.quick_search([("email", "ann@x.org")])
    desk.check_catalog()
    assert world.state() == before
    desk.workspace.close()
