"""Discovery of a database of 1,000 tables, against reading the same schema and the same samples by hand; and its memory."""

from __future__ import annotations

import random
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.measure import Figure, pair
from dsr_desk.catalog.discovery import draft
from dsr_desk.catalog.discovery.looking import SAMPLE
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.model.catalog import System
from dsr_desk.model.guess import Draft

TABLES = 1000
ROWS = 200
MINUTE = 60_000.0
_NOUNS = ("order", "note", "visit", "claim", "ticket", "letter", "call", "offer", "test", "plan")


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """The time beside reading by hand, and beside a minute; the memory where records are long, beside short ones."""
    short, long = folder / "short.db", folder / "long.db"
    made(short, TABLES, 1), made(long, TABLES // 4, 100), made(folder / "quarter.db", TABLES // 4, 1)
    ours, hand = pair(lambda: drafted(short), lambda: by_hand(short), min(runs, 3))
    yield Figure(f"discovery of {TABLES:,} tables, beside schema and samples by hand", ours, hand, 80)
    yield Figure(f"discovery of {TABLES:,} tables, beside a minute", ours, MINUTE, 1)
    yield Figure("its memory where records are 50 times as long", peak(long), peak(folder / "quarter.db"), 1.3, unit="MB")


def made(file: Path, tables: int, times: int) -> None:
    """A company's database: one table of customers, and what they ordered, wrote and said; no foreign key is declared."""
    chance = random.Random(7)
    with closing(sqlite3.connect(file)) as conn:
        conn.execute(
            "CREATE TABLE customer (id INTEGER PRIMARY KEY, first_name, last_name, email VARCHAR(99), phone TEXT, born DATE)"
        )
        people = [
            (n, "Ann", f"Lee{n}", f"ann{n}@example.org", f"+4930{n:06}", f"1970-01-{n % 28 + 1:02}") for n in range(1, ROWS + 1)
        ]
        conn.executemany("INSERT INTO customer VALUES (?, ?, ?, ?, ?, ?)", people)
        names = [f"{_NOUNS[n % len(_NOUNS)]}_{n}" for n in range(tables - 1)]
        for n, name in enumerate(names):
            parent = names[n - 1] if n % 3 else "customer"
            conn.execute(
                f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, {parent}_id INTEGER, title VARCHAR(40), body TEXT, amount DECIMAL,"
                " created_at TIMESTAMP, state VARCHAR(9), contact_email VARCHAR(99), ip_address VARCHAR(39), count INTEGER)"
            )
            rows = [
                (k, chance.randint(1, ROWS), "a title", "words of a text that somebody wrote once " * times, 9.5, "2024-01-01",
                 "open", f"p{k}@example.org", "10.0.0.1", k)
                for k in range(1, ROWS + 1)
            ]  # fmt: skip
            conn.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        conn.commit()


def drafted(file: Path) -> Draft:
    """What discovery makes of it."""
    return draft(System("bench", "sql", url=f"sqlite:///{file}"), lambda s: SqlDriver(s, file.parent))


def by_hand(file: Path) -> int:
    """The columns, keys and as many records of every table."""
    with closing(sqlite3.connect(file)) as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        read = 0
        for name in names:
            for pragma in ("table_xinfo", "foreign_key_list", "index_list"):
                conn.execute(f'PRAGMA {pragma}("{name}")').fetchall()
            read += len(conn.execute(f'SELECT * FROM "{name}" LIMIT {SAMPLE}').fetchall())
        return read


def peak(file: Path) -> float:
    """The most memory that Python held while it was made, in megabytes."""
    drafted(file)
    tracemalloc.start()
    try:
        drafted(file)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
