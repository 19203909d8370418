"""Which bytes of a SQLite file are live: held against what SQL says of the same files, however they were written and deleted."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.drivers._sql import sqlite_pages
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from tests.drivers.sql_contract import collection

STAYS, GONE = "stays@example.org", "gone@example.org"
#: A table and the indexes that hold its texts once more.
TABLES = {
    "plain": "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
    "indexed": "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT); CREATE INDEX i ON t (a, b)",
    "without a row number": "CREATE TABLE t (id INTEGER, a TEXT, b TEXT, PRIMARY KEY (a, id)) WITHOUT ROWID",
}


def residue(folder: Path, text: str) -> dict[str, int]:
    people = collection("t", "id")
    driver = SqlDriver(System("place", "sql", url="sqlite:///own.db", collections={"t": people}), folder)
    try:
        return {r.where: r.count for r in driver.residue([text.encode()], Cancel())}
    finally:
        driver.close()


def in_bytes(folder: Path, text: str) -> int:
    return (folder / "own.db").read_bytes().count(text.encode())


def scrambled(conn: sqlite3.Connection, rng: random.Random, longest: int, rows: int) -> None:
    """Rows in any order and of any length, half of which go again; nothing is overwritten when it goes."""
    keys = list(range(1, rows + 1))
    rng.shuffle(keys)
    for key in keys:
        mail = GONE if key % 2 else STAYS
        conn.execute(
            "INSERT INTO t VALUES (?, ?, ?)", (key, f"{mail} {key}", f"{rng.choice('xyz') * rng.randrange(longest)}{mail}")
        )
    rng.shuffle(keys)
    for key in keys:
        if key % 2:
            conn.execute("DELETE FROM t WHERE id = ?", (key,))
        elif key % 5 == 0:
            conn.execute("UPDATE t SET b = ? || b WHERE id = ?", ("w" * rng.randrange(longest), key))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.sampled_from([512, 1024, 4096, 65536]), st.sampled_from([0, 1]), st.integers(0, 10**6))
def test_what_stays_is_live_and_what_went_is_not(table: str, page: int, vacuum: int, seed: int) -> None:
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(sqlite3.connect(folder / "own.db", isolation_level=None)) as conn:
            conn.executescript(f"PRAGMA page_size={page}; PRAGMA auto_vacuum={vacuum}; PRAGMA secure_delete=OFF; {TABLES[table]}")
            scrambled(conn, rng, rng.choice([3, 100, 5000]), rng.choice([20, 200]))
            assert residue(folder, GONE).get("own.db", 0) == in_bytes(folder, GONE), "no copy of a deleted row is called live"
            conn.executescript("PRAGMA secure_delete=ON; VACUUM")
            assert residue(folder, STAYS) == {}, "a file without free space has nothing but live rows"
            assert in_bytes(folder, GONE) == 0


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([512, 4096]), st.integers(0, 10**6))
def test_older_copies_of_what_stays_are_told_from_it(page: int, seed: int) -> None:
    """Short rows, so that no text is cut in two: what SQL counts, once for the table and once for its index, is live."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(sqlite3.connect(folder / "own.db", isolation_level=None)) as conn:
            conn.executescript(f"PRAGMA page_size={page}; PRAGMA secure_delete=OFF; {TABLES['indexed']}")
            scrambled(conn, random.Random(seed), 10, 200)
            conn.execute("DELETE FROM t WHERE id % 3 = 0")
            (live,) = conn.execute("SELECT 2 * (count(*) + sum(instr(b, ?) > 0)) FROM t", (STAYS,)).fetchone()
            assert live and residue(folder, STAYS).get("own.db", 0) == in_bytes(folder, STAYS) - live


def test_the_log_is_read_as_far_as_it_is_valid(tmp_path: Path) -> None:
    """A reader keeps the log from being written back: newer pages stand there, and the file's own are from earlier."""
    with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as conn:
        conn.executescript("PRAGMA journal_mode=WAL; PRAGMA secure_delete=OFF; CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)")
        conn.execute("INSERT INTO t VALUES (1, ?, ?)", (STAYS, GONE))
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM t").fetchall()
            conn.execute("UPDATE t SET b = 'new'")
            conn.execute("UPDATE t SET b = 'newer'")
            assert residue(tmp_path, GONE) == {"own.db-wal": in_bytes(tmp_path, GONE)}, "of the file, until it is written back"
            log = (tmp_path / "own.db-wal").read_bytes().count(STAYS.encode())
            assert log == 2
            assert residue(tmp_path, STAYS) == {"own.db-wal": 1 + log - 1}, "one of the three is the row that stays"


def test_a_file_that_is_not_as_the_format_says_has_nothing_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as conn:
        conn.executescript(TABLES["indexed"])
        conn.execute("INSERT INTO t VALUES (1, ?, '')", (STAYS,))
    assert residue(tmp_path, STAYS) == {}
    monkeypatch.setattr(sqlite_pages, "_TABLE_LEAF", 12)
    assert residue(tmp_path, STAYS) == {"own.db": 2}
