"""Discovery over other systems than SQLite: it speaks to the driver port alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import psycopg
import pytest
from pymongo import MongoClient

import dsr_desk.drivers
from dsr_desk.catalog.check import check_catalog
from dsr_desk.catalog.discovery import draft
from dsr_desk.catalog.read import read_catalog
from dsr_desk.drivers.base import Driver
from dsr_desk.model.catalog import System
from dsr_desk.model.guess import Draft
from dsr_desk.plugins import plugins
from tests import servers


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture(scope="module")
def mongo() -> Iterator[str]:
    with servers.mongodb() as url:
        yield url


def drafted(system: System, folder: Path) -> Draft:
    """A draft that the check takes without an error."""

    def driver(of: System) -> Driver:
        return plugins(dsr_desk.drivers, Driver)[of.driver](of, folder)

    made = draft(system, driver)
    (folder / "catalog").mkdir()
    (folder / "catalog" / "x.yaml").write_text(made.text, encoding="utf-8")
    found = check_catalog(read_catalog(folder), driver)
    assert [str(p) for p in found.errors] == []
    assert found.ok, found.unreachable
    return made


def said(made: Draft) -> set[tuple[str, str, str]]:
    return {(g.collection, g.field, g.says) for g in made.guesses}


def test_postgresql_with_schemas_uuids_partitions_and_inheritance(server: str, tmp_path: Path) -> None:
    people = [(uuid.UUID(int=n), f"p{n}@example.org") for n in range(1, 31)]
    with psycopg.connect(server + "/postgres", autocommit=True) as conn:
        conn.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS sales CASCADE; CREATE SCHEMA sales")
        conn.execute("CREATE TABLE sales.customers (id UUID PRIMARY KEY, email TEXT NOT NULL, tags TEXT[], more JSONB)")
        conn.execute("CREATE TABLE visits (id SERIAL, customer UUID, at DATE) PARTITION BY RANGE (at)")
        conn.execute("CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')")
        conn.execute('CREATE TABLE "Odd: name" (id INT PRIMARY KEY, customer_id TEXT, "note # x" TEXT)')
        conn.execute("CREATE VIEW everybody AS SELECT * FROM sales.customers")
        with conn.cursor() as cursor:
            cursor.executemany("INSERT INTO sales.customers VALUES (%s, %s, '{a}', '{}')", people)
            cursor.executemany("INSERT INTO visits (customer, at) VALUES (%s, '2024-05-01')", [(p,) for p, _ in people])
            cursor.executemany('INSERT INTO "Odd: name" VALUES (%s, %s)', [(n, str(p)) for n, (p, _) in enumerate(people)])
    made = drafted(System("x", "sql", url=server + "/postgres"), tmp_path)
    assert {("sales.customers", "", "subject: true"), ("sales.customers", "email", "identity: email")} <= said(made)
    assert ("visits", "customer", "owned_by: sales.customers.id") in said(made)
    assert ("Odd: name", "customer_id", "owned_by: sales.customers.id") in said(made)  # the same numbers, held as text
    assert [name for name, _ in made.unread] == ["everybody"]
    assert "visits_2024" not in made.columns


def test_documents_of_mongodb(mongo: str, tmp_path: Path) -> None:
    with MongoClient(mongo) as client:  # type: MongoClient[dict[str, object]]
        shop = client["discovery"]
        shop["users"].insert_many([{"_id": n, "contact": {"email": f"p{n}@example.org"}, "name": "Ann Lee"} for n in range(1, 31)])
        shop["orders"].insert_many(
            [{"_id": 1000 + n, "user_id": n, "lines": [{"price": 1}], "note": "words"} for n in range(1, 31)]
        )
    made = drafted(System("x", "mongodb", url=mongo + "/discovery"), tmp_path)
    assert {("users", "", "subject: true"), ("users", "contact.email", "identity: email")} <= said(made)
    assert ("orders", "user_id", "owned_by: users._id") in said(made)


def test_sheets_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    people, visits = book.active, book.create_sheet("Besuche")
    assert people is not None
    people.title = "Kunden"
    people.append(["KundenNr", "Vorname", "Nachname", "E-Mail"])
    visits.append(["Nr", "Kunden-Nr", "Bemerkung"])
    for n in range(1, 31):
        people.append([n, "Anna", "Lee", f"p{n}@example.org"])
        visits.append([n, n % 30 + 1, "kam zu spät und blieb nicht lange"])
    book.save(tmp_path / "list.xlsx")
    made = drafted(System("x", "sheet", path="list.xlsx"), tmp_path)
    assert {("Kunden", "", "subject: true"), ("Kunden", "E-Mail", "identity: email")} <= said(made)
    assert ("Besuche", "Kunden-Nr", "owned_by: Kunden.KundenNr") in said(made)
    assert ("Besuche", "Bemerkung", "mentions: true") in said(made)


def test_texts_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    for n in range(5):
        (tmp_path / "letters" / f"{n}.txt").write_text(
            f"Dear p{n}@example.org, thank you for your letter of May.", encoding="utf-8"
        )
    made = drafted(System("x", "folder", path="letters"), tmp_path)
    assert [g.field for g in made.guesses if g.says == "mentions: true"] != []
    assert "example.org" not in repr(made)


def test_messages_of_a_mailbox(tmp_path: Path) -> None:
    head = "From: Ann <ann@example.org>\nTo: ben@example.org\nSubject: Hello\nMessage-ID: <1@example.org>\n"
    message = f"From ann@example.org Mon May  6 10:00:00 2024\n{head}\nThis is what I wanted to say to you.\n\n"
    (tmp_path / "all.mbox").write_text(message * 3, encoding="utf-8")
    made = drafted(System("x", "mailbox", path="all.mbox"), tmp_path)
    assert [g.says for g in made.guesses if g.says == "identity: email"] != []
    assert "ann@" not in repr(made)
