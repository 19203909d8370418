"""A list of people in PostgreSQL, in a CSV and in a workbook: erased, restricted, objected for, and each system read back."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, create_engine

from dsr_desk.flow.desk import Desk
from tests import servers
from tests.flow.world import World, ident, owned_by, table, text

#: What each right makes of a listed person's row: the mark that it ends with, or nothing where it goes.
MARKED = {"erasure": None, "restriction": "held", "objection": "objected"}
MARKS: dict[str, Any] = {
    "on_restrict": {"set": {"state": "held"}},
    "on_object": {"set": {"state": "objected"}},
    "legal_basis": "legitimate_interests",
}
PEOPLE = [(n, f"p{n}@example.org", "open") for n in range(1, 7)]
LISTED = (1, 3, 4)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url.replace("postgresql:", "postgresql+psycopg:") + "/postgres"


@pytest.fixture
def engine(server: str) -> Iterator[Engine]:
    made = create_engine(server)
    with made.begin() as conn:
        conn.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        conn.exec_driver_sql("CREATE TABLE customers (id int PRIMARY KEY, email text, state text)")
        conn.exec_driver_sql("CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, note text, state text)")
        for n, mail, state in PEOPLE:
            conn.exec_driver_sql("INSERT INTO customers VALUES (%s, %s, %s)", (n, mail, state))
            conn.exec_driver_sql("INSERT INTO orders VALUES (%s, %s, 'ring twice', %s)", (10 * n, n, state))
    yield made
    made.dispose()


@pytest.fixture
def world(tmp_path: Path, engine: Engine) -> World:
    made = World(tmp_path)
    mail: dict[str, Any] = {"email": ident("email", category="user.contact.email"), **MARKS}
    customers = table("id email state", subject=True, id=ident("customer_id"), **mail)
    orders = table("id customer note state", customer=owned_by("customers.id"), note=text(), **MARKS)
    url = engine.url.render_as_string(hide_password=False)
    made.say("shop", "sql", {"url": url}, {"customers": customers, "orders": orders})
    made.csv("news", table("no email state", *PEOPLE, **mail))
    made.xlsx("desk", tickets=table("no email state", *PEOPLE, **mail))
    return made


def left(world: World, engine: Engine) -> dict[str, dict[int, str]]:
    """Every system's rows as they are now: number → mark."""
    with engine.connect() as conn:
        found = {t: dict(map(tuple, conn.exec_driver_sql(f"SELECT id, state FROM {t}"))) for t in ("customers", "orders")}
    with (world.folder / "news.csv").open(encoding="utf-8", newline="") as file:
        found["news"] = {int(row["no"]): row["state"] for row in csv.DictReader(file)}
    sheet = openpyxl.load_workbook(world.folder / "desk.xlsx")["tickets"]
    found["tickets"] = {int(str(no)): str(state) for no, _, state in sheet.iter_rows(min_row=2, values_only=True) if no is not None}
    return found


def carried_out(desk: Desk, file: Path, right: str) -> str:
    ref = desk.open_list(right, file, date.today()).ref
    plan = desk.make_plan(ref)
    assert plan.refusals == () and {s.ref.system for s in plan.steps if s.changes} == {"shop", "news", "desk"}
    desk.approve(ref, plan.digest)
    done = desk.apply(ref)
    assert done.status == "applied" and {s.status for s in done.systems} == {"applied"}
    return ref


@pytest.mark.parametrize("right", sorted(MARKED))
def test_a_list_ends_alike_in_every_system(world: World, engine: Engine, right: str) -> None:
    file = world.folder / "people.txt"
    file.write_text("".join(f"email=P{n}@Example.org\n" for n in LISTED), encoding="utf-8")
    desk = world.desk()
    ref = carried_out(desk, file, right)
    mark = MARKED[right]

    def wanted(each: int = 1) -> dict[int, str]:
        rows = {each * n: mark if n in LISTED else "open" for n, _, _ in PEOPLE}
        return {n: state for n, state in rows.items() if state is not None}

    assert left(world, engine) == {"customers": wanted(), "orders": wanted(10), "news": wanted(), "tickets": wanted()}
    proof = desk.verify(ref)
    assert (proof.status, proof.leftovers) == ("verified", ())
    assert len(list(desk.people(ref))) == len(LISTED) and all(sum(p.records.values()) == 4 for p in desk.people(ref))
