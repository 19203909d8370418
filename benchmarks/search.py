"""Searching: against hand-written SQL and a plain reading of the file; all systems at once; flat as tables grow."""

from __future__ import annotations

import csv
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import company
from benchmarks.measure import Figure, pair
from dsr_desk.flow import search
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import silent


def _ours(folder: Path, catalog: Catalog, mail: str, found: int) -> Callable[[], None]:
    def job() -> None:
        with Systems(catalog, folder, lambda _: lambda: None) as systems:
            result = search.run(systems, Ask((("email", mail),)), silent, Cancel()).result
        assert result.complete and len(result.findings) == found, len(result.findings)

    return job


def _shop_by_hand(folder: Path, mail: str) -> None:
    db = sqlite3.connect(folder / "shop.db")
    for key, *_ in db.execute("SELECT * FROM customers WHERE lower(email) = ?", (mail.lower(),)).fetchall():
        db.execute("SELECT * FROM orders WHERE customer_id = ?", (key,)).fetchall()
        db.execute("SELECT * FROM messages WHERE sender_id = ?", (key,)).fetchall()
    db.close()


def _file_by_hand(folder: Path, mail: str) -> None:
    with (folder / "newsletter.csv").open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        column = next(rows).index("email")
        found = [row for row in rows if row[column].strip().lower() == mail]
    assert len(found) == 1


def _at_once(*jobs: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        threads = [threading.Thread(target=job) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return run


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """The goals of searching."""
    mail = "p777@example.org"
    small, large = 10_000, 200_000
    times = {}
    for people in (small, large):
        company.shop(folder, people)
        catalog = company.catalog(folder, company.shop_catalog())
        times[people] = pair(_ours(folder, catalog, mail, 6), lambda: _shop_by_hand(folder, mail), runs * 3)
        ours, hand = times[people]
        yield Figure(f"search, one SQLite shop of {people:,} people, indexed", ours, hand, 5.0, over=True)
    yield Figure("the same as rows grow 20 × (200,000 ÷ 10,000 people)", times[large][0], times[small][0], 1.25)
    company.newsletter(folder, large)
    both = company.catalog(folder, company.shop_catalog(), company.newsletter_catalog())
    ours, hand = pair(_ours(folder, both, mail, 7), lambda: _file_by_hand(folder, mail), runs)
    yield Figure("search, shop and newsletter of 200,000 ÷ slowest system by hand", ours, hand, 1.25)
    yield from _sixteen(folder, runs)


def _sixteen(folder: Path, runs: int) -> Iterator[Figure]:
    """Sixteen systems that take 100 ms each to answer: not their sum."""
    from benchmarks import slow

    text = "system: s{n}\ndriver: slow\npath: nothing\ncollections:\n  rows:\n    key: [id]\n    on_erase: delete\n    fields:\n"
    text += "      id: {{}}\n      email: {{category: user.contact.email, identity: email}}\n"
    for file in (folder / "catalog").glob("*.yaml"):
        file.unlink()
    with slow.installed():
        catalog = company.catalog(folder, *(text.format(n=n) for n in range(16)))
        ours, hand = pair(_ours(folder, catalog, "p1@example.org", 0), lambda: time.sleep(slow.SECONDS), runs)
    yield Figure("search, 16 systems of 100 ms each ÷ one of them", ours, hand, 1.3)
