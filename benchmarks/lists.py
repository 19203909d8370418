"""Lists of people: one search for 1,000 beside set-based SQL, and whole requests as the rows grow tenfold."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks import company
from benchmarks.measure import Figure, once, pair
from dsr_desk.app.workspaces import make_workspace
from dsr_desk.flow import search
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import silent
from dsr_desk.store.workspace import Settings

PEOPLE, LISTED = 200_000, 1_000


def _mail(n: int) -> str:
    return f"p{n * (PEOPLE // LISTED)}@example.org"


def _ours(folder: Path, catalog: Catalog, found: int) -> None:
    asks = [Ask((("email", _mail(n)),), line=n) for n in range(1, LISTED + 1)]
    with Systems(catalog, folder, lambda _: lambda: None) as systems:
        result = search.run(systems, asks, silent, Cancel()).result
    assert result.complete and len(result.findings) == found, len(result.findings)


def _shop_by_hand(folder: Path) -> None:
    db = sqlite3.connect(folder / "shop.db")
    mails = json.dumps([_mail(n) for n in range(1, LISTED + 1)])
    among = "IN (SELECT value FROM json_each(?))"
    people = db.execute(f"SELECT * FROM customers WHERE lower(email) {among}", (mails,)).fetchall()
    keys = json.dumps([row[0] for row in people])
    rows = [db.execute(f"SELECT * FROM {t} WHERE {c} {among}", (keys,)).fetchall() for t, c in _OWNED]
    db.close()
    assert len(people) + sum(map(len, rows)) == LISTED * 6


_OWNED = (("orders", "customer_id"), ("messages", "sender_id"))


def _file_by_hand(folder: Path) -> None:
    wanted = {_mail(n) for n in range(1, LISTED + 1)}
    with (folder / "newsletter.csv").open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        column = next(rows).index("email")
        assert sum(row[column].strip().lower() in wanted for row in rows) == LISTED


def _both_by_hand(folder: Path) -> None:
    _shop_by_hand(folder)
    _file_by_hand(folder)


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """Search in sets, and planning row by row."""
    company.shop(folder, PEOPLE)
    company.newsletter(folder, PEOPLE)
    shop, news = company.shop_catalog(), company.newsletter_catalog()
    catalog = company.catalog(folder, shop)
    ours, hand = pair(lambda: _ours(folder, catalog, LISTED * 6), lambda: _shop_by_hand(folder), runs)
    yield Figure(f"search {LISTED:,} people, SQLite, indexed ÷ set-based SQL", ours, hand, 2.0)
    catalog = company.catalog(folder, shop, news)
    ours, hand = pair(lambda: _ours(folder, catalog, LISTED * 7), lambda: _both_by_hand(folder), runs)
    yield Figure(f"search {LISTED:,} people, shop and newsletter ÷ SQL and csv by hand", ours, hand, 2.0)
    yield from _planning(folder / "work")


def _planning(folder: Path) -> Iterator[Figure]:
    """A row of a plan costs the same whether the plan has 1,000 or 100,000."""
    desk = make_workspace(folder, "Bench", Settings("Bench"), "passphrase")
    company.shop(folder, 20_000)
    company.catalog(folder, company.shop_catalog())
    desk.accept_catalog()
    each: dict[int, float] = {}
    first = 1
    for people in (160, 1_600, 16_000):
        file = folder / "people.txt"
        file.write_text("\n".join(f"email=p{n}@example.org" for n in range(first, first + people)))
        first += people
        ref = desk.open_list("erasure", file, date.today()).ref
        each[people * 6] = once(lambda ref=ref: desk.make_plan(ref)) / (people * 6)  # type: ignore[misc]  # a lambda with a default
    desk.workspace.close()
    small, *larger = each
    for rows in larger:
        yield Figure(f"plan a list, 1,000 rows of a plan of {rows:,} ÷ of {small:,}", each[rows] * 1000, each[small] * 1000, 1.5)
