"""The SQL driver over SQLite files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from tests.drivers.sql_contract import SqlContract, SqlPlace

TABLES = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY, customer TEXT NOT NULL UNIQUE, email VARCHAR(200), phone TEXT, name TEXT, note TEXT
);
CREATE INDEX people_email ON people (lower(email));
CREATE TABLE messages (
    thread INTEGER, position TEXT, sender INTEGER REFERENCES People ON DELETE CASCADE, body TEXT, PRIMARY KEY (thread, position)
)
"""


@pytest.fixture(params=["delete", "wal"])
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SqlPlace]:
    engine = create_engine(f"sqlite:///{tmp_path / 'shop.db'}", poolclass=NullPool)
    made = SqlPlace(engine, "sqlite:///shop.db", tmp_path)
    made.run(f"PRAGMA journal_mode={request.param}")
    made.fill(TABLES)
    yield made
    engine.dispose()


class TestSqlite(SqlContract):
    pass
