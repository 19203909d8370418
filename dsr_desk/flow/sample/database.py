"""Writing one of the sample company's databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from dsr_desk.bundled import bundled


def write_database(path: Path, schema: str, tables: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
    """A new SQLite file with the tables of ``resources/sample/SCHEMA`` and these rows, each in the order of its columns."""
    statements = (bundled("resources") / "sample" / schema).read_text("utf-8")
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"PRAGMA foreign_keys = ON; BEGIN; {statements}")
        for table, rows in tables.items():
            if rows:
                db.executemany(f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(rows[0]))})', rows)
        db.commit()
