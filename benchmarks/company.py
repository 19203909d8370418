"""A company of any size: a shop in SQLite, a newsletter as CSV, a support workbook, and PostgreSQL where there is one."""

from __future__ import annotations

import csv
import random
import sqlite3
from pathlib import Path

from dsr_desk.catalog.read import read_catalog
from dsr_desk.model.catalog import Catalog

_SHOP = """
system: shop
driver: sql
url: sqlite:///shop.db
collections:
  customers:
    subject: true
    key: [id]
    on_erase: redact
    fields:
      id: {category: user.unique_id, identity: customer_id}
      email: {category: user.contact.email, identity: email, stored: plain, erase: null}
      name: {category: user.name, identity: name, erase: {constant: Erased}}
  orders:
    key: [id]
    on_erase: delete
    fields: {id: {}, customer_id: {owned_by: customers.id}, total: {category: user.financial}}
  messages:
    key: [id]
    on_erase: delete
    fields: {id: {}, sender_id: {owned_by: customers.id}, body: {category: user.content}}
"""
_NEWSLETTER = """
system: newsletter
driver: sheet
path: newsletter.csv
collections:
  newsletter:
    key: [email]
    on_erase: delete
    fields: {email: {category: user.contact.email, identity: email}, name: {category: user.name}, since: {}}
"""


def shop(folder: Path, people: int) -> None:
    """The shop with indexes on its keys, on ``lower(email)`` and on its foreign keys; about 3 orders and 2 messages each."""
    path = folder / "shop.db"
    path.unlink(missing_ok=True)
    rng = random.Random(people)
    with sqlite3.connect(path) as db:
        db.executescript(
            """CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
            CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers(id), total INTEGER);
            CREATE TABLE messages (id INTEGER PRIMARY KEY, sender_id INTEGER REFERENCES customers(id), body TEXT);"""
        )
        db.executemany(
            "INSERT INTO customers VALUES (?,?,?)", ((n, f"p{n}@example.org", f"Person {n}") for n in range(1, people + 1))
        )
        db.executemany(
            "INSERT INTO orders VALUES (NULL,?,?)", ((n, rng.randrange(99999)) for n in range(1, people + 1) for _ in range(3))
        )
        db.executemany(
            "INSERT INTO messages VALUES (NULL,?,?)", ((n, "hello " * 8) for n in range(1, people + 1) for _ in range(2))
        )
        db.executescript(
            """CREATE INDEX c_email ON customers (lower(email)); CREATE INDEX o_customer ON orders (customer_id);
            CREATE INDEX m_sender ON messages (sender_id);"""
        )
    db.close()


def newsletter(folder: Path, people: int) -> None:
    """A subscriber a line."""
    with (folder / "newsletter.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["email", "name", "since"])
        writer.writerows((f"P{n}@Example.org", f"Person {n}", "2020-01-01") for n in range(1, people + 1))


def catalog(folder: Path, *texts: str) -> Catalog:
    """The catalog of the systems that were made."""
    (folder / "catalog").mkdir(exist_ok=True)
    for text in texts:
        name = text.split("system: ", 1)[1].split("\n", 1)[0]
        (folder / "catalog" / f"{name}.yaml").write_text(text.lstrip(), encoding="utf-8")
    read = read_catalog(folder)
    assert read.catalog is not None and not read.errors, [str(p) for p in read.errors]
    return read.catalog


def shop_catalog() -> str:
    """The catalog file of the shop."""
    return _SHOP


def newsletter_catalog() -> str:
    """The catalog file of the newsletter."""
    return _NEWSLETTER
