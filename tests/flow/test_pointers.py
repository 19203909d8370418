"""``points_at``: never a finding, never exported, and never left pointing to a row that is gone."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from tests.flow.world import World, approved, ident, marks, opened, planned, table, text

STAFF = ((1, "ann@x.org"), (2, "bob@x.org"))


def made(world: World, rep: dict[str, object], ddl: str = "", staff: str = "delete") -> None:
    world.sql(
        "shop",
        staff=table("id email", *STAFF, subject=True, email=ident("email", "null"), on_erase=staff),
        orders=table(
            "id rep note", (7, 1, "hers to sell"), (8, 2, "his"), (9, 2, ""), ddl=ddl, rep=rep, note=text(), on_erase="delete"
        ),
    )


def reps(world: World) -> list[object]:
    with closing(sqlite3.connect(world.folder / "shop.db")) as db:
        return [row[0] for row in db.execute("SELECT rep FROM orders ORDER BY id")]


def test_it_is_no_finding_and_in_no_export(world: World) -> None:
    made(world, {"points_at": "staff.id"})
    assert marks(world.search("email=ann@x.org")) == {"shop/staff/1": ""}
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org", right="access")
        files = desk.export(ref, world.folder / "out", ["json"]).files
        assert "hers to sell" not in next(f for f in files if f.suffix == ".json").read_text("utf-8")
        assert json.loads(next(f for f in files if f.suffix == ".json").read_text("utf-8"))


def test_the_pointer_is_emptied_when_the_person_goes(world: World) -> None:
    made(world, {"points_at": "staff.id"})
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        assert desk.apply(ref).status == "applied"
        assert reps(world) == [None, 2, 2]
        assert desk.verify(ref).status == "verified"


def test_the_fields_own_strategy_wins(world: World) -> None:
    made(world, {"points_at": "staff.id", "erase": {"constant": 0}}, ddl="id INTEGER PRIMARY KEY, rep INTEGER, note TEXT")
    desk = world.desk()
    with desk.workspace:
        desk.apply(approved(desk, "email=ann@x.org"))
        assert reps(world) == [0, 2, 2]


def test_a_pointer_that_may_not_be_empty_is_refused_by_name(world: World) -> None:
    made(world, {"points_at": "staff.id"}, ddl="id INTEGER PRIMARY KEY, rep INTEGER NOT NULL DEFAULT 0, note TEXT")
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
        assert [(r.collection, r.field) for r in plan.refusals] == [("orders", "rep")]
        assert plan.digest == ""


@pytest.mark.parametrize("staff", ["redact"])
def test_a_pointer_to_a_row_that_stays_stays(world: World, staff: str) -> None:
    made(world, {"points_at": "staff.id"}, staff=staff)
    desk = world.desk()
    with desk.workspace:
        desk.apply(approved(desk, "email=ann@x.org"))
        assert reps(world) == [1, 2, 2]
