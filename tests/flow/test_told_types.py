"""Told values in systems with types of their own: PostgreSQL's columns, and the cells of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import psycopg
import pytest

from dsr_desk.flow.desk import Desk
from tests.flow.world import World, ident, pairs, table
from tests.servers import postgresql

DDL = (
    "CREATE TABLE people (id int PRIMARY KEY, email text UNIQUE, born date, seen timestamptz, paid numeric(8,2), held boolean, "
    "vip boolean, code uuid, tags jsonb, doubled numeric GENERATED ALWAYS AS (paid * 2) STORED)"
)
ROW = (
    "INSERT INTO people VALUES (1, 'ann@x.org', '1990-01-31', '2024-05-01 10:00+00', 7.50, false, NULL, "
    "'6ba7b810-9dad-11d1-80b4-00c04fd430c8', '{\"a\": 1}')"
)
COLUMNS = "id email born seen paid held vip code tags"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
        db.execute("DROP TABLE IF EXISTS people")
        db.execute(DDL)
        db.execute(ROW)
    return f"{server}/postgres"


def rows(url: str) -> list[Any]:
    with psycopg.connect(url) as db:
        return db.execute(f"SELECT {', '.join(COLUMNS.split())} FROM people").fetchall()


def desk_over(folder: Path, url: str) -> Desk:
    world = World(folder)
    people = table(f"{COLUMNS} doubled", email=ident("email", category="user.contact.email"), on_restrict={"set": {"held": True}})
    world.say("shop", "sql", {"url": url}, {"people": people})
    return world.desk()


def carried_out(desk: Desk, ref: str) -> None:
    plan = desk.make_plan(ref)
    assert plan.refusals == ()
    for task in desk.tasks(ref):
        desk.answer_task(ref, task.id, "Done")
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"
    assert desk.verify(ref).status == "verified"


def asked(desk: Desk, right: str, *corrections: str) -> str:
    told = pairs([f"shop/people/{c}" for c in corrections])
    return desk.open_request(right, pairs(["email=ann@x.org"]), date.today(), corrections=told).ref


def test_every_type_of_column_takes_its_value_and_gives_it_back(tmp_path: Path, url: str) -> None:
    desk, before = desk_over(tmp_path, url), rows(url)
    ref = asked(
        desk,
        "rectification",
        "email=new@x.org",
        "born=31.12.1991",
        "seen=2024-06-01 12:30",
        "paid=8.5",
        "vip=yes",
        "code=6ba7b811-9dad-11d1-80b4-00c04fd430c8",
        'tags={"b": [2]}',
    )
    carried_out(desk, ref)
    ((_, email, born, seen, paid, _, vip, code, tags),) = rows(url)
    assert (email, born, paid, vip) == ("new@x.org", date(1991, 12, 31), Decimal("8.50"), True)
    assert (code, tags) == (UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8"), {"b": [2]})
    assert (seen.hour, seen.minute, seen.utcoffset().total_seconds()) == (12, 30, 0)
    carried_out(desk, desk.undo(ref, "All of it was wrong").ref)
    assert rows(url) == before


def test_what_a_type_can_not_hold_is_refused_at_once(tmp_path: Path, url: str) -> None:
    told = ("born=soon", "seen=later", "paid=much", "vip=perhaps", "code=x", "tags={", "doubled=3")
    desk = desk_over(tmp_path, url)
    plan = desk.make_plan(asked(desk, "rectification", *told))
    assert {r.field for r in plan.refusals} == {"born", "seen", "paid", "vip", "code", "tags", "doubled"}


def test_a_flag_of_a_true_boolean_is_set_and_lifted(tmp_path: Path, url: str) -> None:
    desk, before = desk_over(tmp_path, url), rows(url)
    ref = asked(desk, "restriction")
    carried_out(desk, ref)
    assert rows(url)[0][5] is True
    carried_out(desk, desk.lift(ref).ref)
    assert rows(url) == before


def test_cells_of_a_workbook_keep_their_kind(tmp_path: Path) -> None:
    world = World(tmp_path)
    email = ident("email", category="user.contact.email")
    row = (1, "ann@x.org", datetime(1990, 1, 31), 7, True)
    path = world.xlsx("desk", people=table("id email born points held", row, email=email, on_restrict={"set": {"held": False}}))
    desk = world.desk()
    told = pairs(["desk/people/born=1991-02-28", "desk/people/points=12", "user.contact.email=new@x.org"])
    carried_out(desk, desk.open_request("rectification", pairs(["email=ann@x.org"]), date.today(), corrections=told).ref)
    carried_out(desk, desk.open_request("restriction", pairs(["email=new@x.org"]), date.today()).ref)
    cells = [c.value for c in openpyxl.load_workbook(path)["people"][2]]
    assert cells == [1, "new@x.org", datetime(1991, 2, 28), 12, False]
