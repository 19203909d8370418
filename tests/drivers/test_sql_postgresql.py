"""The SQL driver over a PostgreSQL server that the test starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from tests import servers
from tests.drivers.sql_contract import SqlContract, SqlPlace

TABLES = """
DROP SCHEMA public CASCADE; CREATE SCHEMA public;
CREATE TABLE people (
    id integer PRIMARY KEY, customer text NOT NULL UNIQUE, email varchar(200), phone text, name text, note text
);
CREATE INDEX people_email ON people (lower(email));
CREATE TABLE messages (
    thread bigint, position varchar(9), sender integer REFERENCES people ON DELETE CASCADE, body text,
    PRIMARY KEY (thread, position)
)
"""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture
def place(server: str, tmp_path: Path) -> Iterator[SqlPlace]:
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:") + "/postgres", poolclass=NullPool)
    made = SqlPlace(engine, server + "/postgres", tmp_path)
    made.fill(TABLES)
    yield made
    engine.dispose()


class TestPostgresql(SqlContract):
    pass
