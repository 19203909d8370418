"""Erasing one person: the whole run (checks, journal, trail, locks, comparison) beside the bare statements."""

from __future__ import annotations

import sqlite3
import statistics
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks import company
from benchmarks.measure import Figure, once
from dsr_desk.app.workspaces import make_workspace
from dsr_desk.store.workspace import Settings


def _by_hand(path: Path, key: int) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA secure_delete = ON")
    db.execute("BEGIN IMMEDIATE")
    db.execute("DELETE FROM messages WHERE sender_id = ?", (key,))
    db.execute("DELETE FROM orders WHERE customer_id = ?", (key,))
    db.execute("UPDATE customers SET email = NULL, name = 'Erased' WHERE id = ?", (key,))
    db.execute("COMMIT")
    db.close()


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """Erase as many people as there are runs, ours and by hand by turns, each in a copy of the shop of its own."""
    people = 20_000
    work = folder / "work"
    desk = make_workspace(work, "Bench", Settings("Bench"), "passphrase")
    company.shop(work, people)
    company.catalog(work, company.shop_catalog())
    company.shop(folder, people)
    desk.accept_catalog()
    times = []
    for n in range(1, runs + 2):
        request = desk.open_request("erasure", [("email", f"p{n}@example.org")], date.today())
        plan = desk.make_plan(request.ref)
        desk.approve(request.ref, plan.digest)
        ours = once(lambda ref=request.ref: desk.apply(ref))  # type: ignore[misc]  # a lambda with a default
        hand = once(lambda key=n: _by_hand(folder / "shop.db", key))  # type: ignore[misc]  # a lambda with a default
        assert desk.verify(request.ref).status == "verified"
        times.append((ours, hand))
    desk.workspace.close()
    ours, hand = (statistics.median(t[side] for t in times[1:]) for side in (0, 1))
    yield Figure("erase one person, SQLite, with journal, trail and locks", ours, hand, 25.0, over=True)
