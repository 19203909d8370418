"""What is another way than when the catalog was accepted."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.catalog.watch.conftest import Watched
from tests.flow.world import ident, owned_by, table

TYPED = "id INTEGER PRIMARY KEY, email VARCHAR(40), born TEXT"
#: What a check says of a healthy system, too.
ALWAYS = {"no_index", "index_unused"}


def shop(watched: Watched, people: int = 5) -> None:
    rows = [(n, f"p{n}@x.org", "1980-01-01") for n in range(1, people + 1)]
    watched.world.sql(
        "shop",
        customers=table("id email born", *rows, ddl=TYPED, subject=True, email=ident("email")),
        orders=table("id customer_id", *((n, n) for n in range(1, people + 1)), customer_id=owned_by("customers.id")),
    )


def test_nothing_changed_and_nothing_is_said(watched: Watched) -> None:
    shop(watched)
    before = watched.world.state()
    watched.accept()
    assert {p.code for p in watched.check().problems} <= ALWAYS
    assert watched.world.state() == before


def test_facts_hold_names_types_and_counts_and_no_value(watched: Watched) -> None:
    shop(watched, people=120)
    facts = watched.accept()
    customers, orders = facts.systems[0].collections
    assert [(c.name, c.type, c.length, c.key) for c in customers.columns] == [
        ("id", "integer", None, True),
        ("email", "text", 40, False),
        ("born", "text", None, False),
    ]
    assert (customers.records, customers.filled) == (120, True)
    assert (orders.sampled, orders.lost, orders.paths[0].rows, orders.paths[0].dangling) == (100, 0, 100, 0)
    written = facts.written()
    assert "x.org" not in written and "1980" not in written and "p1" not in written


@pytest.mark.parametrize(
    ("ddl", "code", "severity", "says"),
    [
        (
            "ALTER TABLE customers ADD COLUMN shelf TEXT",
            "column_added",
            "warning",
            "customers has a new column shelf, since version 1 of",
        ),
        ("ALTER TABLE customers DROP COLUMN born", "column_removed", "note", "no longer has the column born, since version 1"),
        ("CREATE TABLE loyalty (id INTEGER)", "table_added", "warning", "shop has 1 new table, since version 1 of"),
        ("DROP INDEX mails", "key_dropped", "warning", "No rule keeps email of customers unique any more"),
    ],
)
def test_columns_tables_and_keys(watched: Watched, ddl: str, code: str, severity: str, says: str) -> None:
    shop(watched)
    watched.world.do("shop", "CREATE UNIQUE INDEX mails ON customers (email)")
    watched.accept()
    assert not watched.said(code)
    watched.world.do("shop", ddl)
    problem = watched.one(code)
    assert (problem.severity, problem.system) == (severity, "shop")
    assert says in problem.message and problem.hint
    watched.accept()
    assert not watched.said(code)


def test_types_lengths_and_what_may_be_empty(watched: Watched) -> None:
    shop(watched)
    watched.accept()
    watched.world.do("shop", "DROP TABLE customers")
    watched.world.do("shop", "CREATE TABLE customers (id INTEGER PRIMARY KEY, email VARCHAR(20) NOT NULL, born DATE)")
    retyped = watched.one("column_retyped")
    assert retyped.message.startswith("customers.born was text and holds date now, since version 1 of 20")
    assert (retyped.severity, retyped.collection, retyped.field) == ("warning", "customers", "born")
    changed = watched.one("column_changed")
    assert changed.message.startswith("customers.email may no longer be empty and takes 20 characters now, 40 before, since")
    assert changed.severity == "note"


def test_a_listed_column_that_is_new_waits_to_be_accepted_only(watched: Watched) -> None:
    shop(watched)
    watched.world.do("shop", "ALTER TABLE orders RENAME COLUMN customer_id TO buyer")
    watched.accept()
    watched.world.do("shop", "ALTER TABLE orders RENAME COLUMN buyer TO customer_id")
    assert watched.one("column_added").severity == "note"


def test_a_reference_that_is_declared_or_no_longer(watched: Watched) -> None:
    shop(watched)
    watched.accept()
    watched.world.do("shop", "DROP TABLE orders")
    watched.world.do("shop", "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id))")
    assert "declares now that customer_id points at customers" in watched.one("reference_added").message
    watched.accept()
    watched.world.do("shop", "DROP TABLE orders")
    watched.world.do("shop", "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER)")
    assert "no longer declares" in watched.one("reference_dropped").message


@pytest.mark.parametrize(("people", "had"), [(5, "5"), (1, "1"), (5204, "5,204")])
def test_a_collection_that_was_emptied_is_no_success(watched: Watched, people: int, had: str) -> None:
    shop(watched, people)
    watched.accept()
    watched.world.do("shop", "DELETE FROM orders")
    problem = watched.one("collection_emptied")
    day = watched.facts.systems[0].at[:10]
    assert problem.message == f"orders is empty: 0 records, {had} when version 1 of the catalog was accepted on {day}."
    assert (problem.severity, problem.collection) == ("warning", "orders")
    assert "proves nothing" in problem.hint
    watched.accept()
    assert not watched.said("collection_emptied")


def test_a_system_that_is_empty_now_is_said_once(watched: Watched) -> None:
    shop(watched)
    watched.accept()
    for name in ("orders", "customers"):
        watched.world.do("shop", f"DELETE FROM {name}")
    problem = watched.one("system_emptied")
    assert problem.message == "All of shop is empty: it had 10 records in 2 collections when version 1 was accepted."
    assert not watched.said("collection_emptied")


def test_a_collection_that_lost_nearly_everything(watched: Watched) -> None:
    shop(watched, people=500)
    watched.accept()
    watched.world.do("shop", "DELETE FROM orders WHERE id > 49")
    assert watched.one("collection_shrunk").message.startswith("orders has 49 records, 500 when")
    watched.world.do("shop", "DELETE FROM customers WHERE id > 51")
    assert [p.collection for p in watched.said("collection_shrunk")] == ["orders"]


def test_what_never_had_records_is_not_missed(watched: Watched) -> None:
    shop(watched, people=0)
    watched.accept()
    assert not watched.said("collection_emptied", "system_emptied")


def test_without_an_acceptance_nothing_is_compared(watched: Watched) -> None:
    shop(watched)
    watched.world.do("shop", "CREATE TABLE loyalty (id INTEGER)")
    assert {p.code for p in watched.check().problems} <= {*ALWAYS, "tables_unlisted"}


def test_a_file_of_comma_separated_values(watched: Watched) -> None:
    path = watched.world.csv("news", table("email since", ("a@x.org", "2020"), ("b@x.org", "2021"), email=ident("email")))
    watched.accept()
    assert watched.facts.systems[0].collections[0].had == "2"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["email", "since", "shelf"])
    assert watched.one("collection_emptied").message.startswith("news is empty: 0 records, 2 when")
    assert "news has a new column shelf" in watched.one("column_added").message


def test_a_long_file_has_records_though_nobody_counted_them(watched: Watched) -> None:
    rows = [(f"p{n}@x.org", "2020") for n in range(300)]
    path = watched.world.csv("news", table("email since", *rows, email=ident("email")))
    watched.accept()
    assert watched.facts.systems[0].collections[0].had == "some"
    path.write_text("email,since\n", encoding="utf-8")
    assert watched.one("collection_emptied").message.startswith("news is empty: 0 records, some when version 1 of the catalog")


def test_a_system_that_does_not_answer_keeps_what_was_seen_last(watched: Watched) -> None:
    shop(watched)
    first = watched.accept().systems[0]
    path = watched.world.folder / "shop.db"
    away = path.rename(path.with_suffix(".away"))
    assert watched.accept().systems == (first,)
    away.rename(path)
    watched.world.do("shop", "DELETE FROM orders")
    assert "when version 1 of the catalog" in watched.one("collection_emptied").message


def test_a_system_that_was_never_seen_is_named(watched: Watched) -> None:
    shop(watched)
    watched.world.csv("news", table("email", ("a@x.org",), email=ident("email")))
    path = watched.world.folder / "news.csv"
    away = path.rename(path.with_suffix(".away"))
    watched.accept()
    away.rename(path)
    assert watched.one("never_seen").message.startswith("news did not answer when the catalog was accepted")


def test_postgresql(watched: Watched, server: str) -> None:
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:") + "/postgres", poolclass=NullPool)
    ddl = """DROP SCHEMA IF EXISTS watch CASCADE; CREATE SCHEMA watch;
        CREATE TABLE watch.customers (id int PRIMARY KEY, email varchar(40));
        CREATE TABLE watch.orders (id int PRIMARY KEY, customer_id int REFERENCES watch.customers);
        INSERT INTO watch.customers SELECT n, 'p' || n || '@x.org' FROM generate_series(1, 3000) n;
        INSERT INTO watch.orders SELECT n, n FROM generate_series(1, 3000) n;"""
    with engine.begin() as connection:
        connection.execute(text(ddl))
    customers = table("id email", subject=True, email=ident("email"))
    orders = table("id customer_id", customer_id=owned_by("customers.id"))
    customers.says["table"], orders.says["table"] = "watch.customers", "watch.orders"
    url = server.replace("postgresql:", "postgresql+psycopg:") + "/postgres"
    watched.world.say("shop", "sql", {"url": url}, {"customers": customers, "orders": orders})
    facts = watched.accept().systems[0]
    assert [c.records for c in facts.collections] == [3000, 3000]
    assert facts.collections[1].paths[0].dangling == 0
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE watch.orders ADD COLUMN shelf text, ALTER COLUMN customer_id TYPE bigint"))
        connection.execute(text("ALTER TABLE watch.customers ALTER COLUMN email TYPE text, ALTER COLUMN email SET NOT NULL"))
        connection.execute(text("DELETE FROM watch.orders; CREATE TABLE watch.loyalty (id int)"))
    assert watched.one("column_added").message.startswith("orders has a new column shelf")
    assert watched.one("column_changed").message.startswith("customers.email may no longer be empty and takes any number of")
    assert watched.one("collection_emptied").message.startswith("orders is empty: 0 records, 3,000 when version 1")
    assert "loyalty" in watched.one("table_added").message


def test_no_value_stands_in_any_problem(watched: Watched, tmp_path: Path) -> None:
    shop(watched)
    watched.accept()
    with closing(sqlite3.connect(tmp_path / "shop.db")) as db:
        db.executescript(
            "ALTER TABLE orders ADD COLUMN mail TEXT; UPDATE orders SET mail = 'secret@x.org', customer_id = id + 7700;"
        )
    problems = watched.check().problems
    assert {"orphans", "columns_unknown"} <= {p.code for p in problems}
    assert not [p for p in problems if "x.org" in str(p) or "77" in p.message]


def test_a_long_file_that_still_has_its_records_is_not_empty(watched: Watched) -> None:
    rows = [(f"p{n}@x.org", "2020") for n in range(300)]
    watched.world.csv("news", table("email since", *rows, email=ident("email")))
    watched.accept()
    assert not watched.said("collection_emptied", "system_emptied", "collection_shrunk")
