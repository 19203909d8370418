"""One PostgreSQL for all tests of drivers, and a database of either kind for those that hold for both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from tests import servers
from tests.drivers.sql_contract import SqlPlace

#: ``people`` (a row each for Anna, Anna again …) and ``messages`` with a composite key, in words that both databases take.
TABLES = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY, customer TEXT NOT NULL UNIQUE, email VARCHAR(200), phone TEXT, name TEXT, note TEXT
);
CREATE INDEX people_email ON people (lower(email));
CREATE TABLE messages (
    thread BIGINT, position VARCHAR(9), sender INTEGER REFERENCES people (id) ON DELETE CASCADE, body TEXT,
    PRIMARY KEY (thread, position)
)
"""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests."""
    with servers.postgresql() as url:
        yield url


def in_postgresql(server: str, folder: Path) -> Iterator[SqlPlace]:
    """The tables in an empty database."""
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:") + "/postgres", poolclass=NullPool)
    made = SqlPlace(engine, server + "/postgres", folder)
    made.fill("DROP SCHEMA public CASCADE; CREATE SCHEMA public;" + TABLES)
    yield made
    engine.dispose()


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[str]:
    """The URL of a MariaDB server that lives as long as the tests."""
    with servers.mariadb() as url:
        yield url


def in_mariadb(server: str, folder: Path) -> Iterator[SqlPlace]:
    """The tables in an empty database. The program that owns it writes SQL as the standard has it."""
    modes = {"init_command": "SET sql_mode = 'ANSI,STRICT_ALL_TABLES'"}
    engine = create_engine(server.replace("mariadb:", "mysql+pymysql:"), connect_args=modes)
    with engine.begin() as conn:
        conn.exec_driver_sql("SET foreign_key_checks = 0")  # tables that point at each other go in no order
        conn.exec_driver_sql("CREATE OR REPLACE DATABASE shop CHARACTER SET utf8mb4")
    engine.dispose()
    engine = create_engine(engine.url.set(database="shop"), connect_args=modes)
    made = SqlPlace(engine, server + "/shop", folder)
    made.fill(TABLES.replace("lower(email)", "email"))
    yield made
    engine.dispose()


def in_sqlite(folder: Path, journal: str = "delete") -> SqlPlace:
    """The tables in a new file ``shop.db``."""
    engine = create_engine(f"sqlite:///{folder / 'shop.db'}", poolclass=NullPool)
    made = SqlPlace(engine, "sqlite:///shop.db", folder)
    made.run(f"PRAGMA journal_mode={journal}")
    made.fill(TABLES)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlPlace]:
    """The tables in a database of each kind."""
    if request.param == "sqlite":
        yield in_sqlite(tmp_path)
    else:
        yield from in_postgresql(request.getfixturevalue("server"), tmp_path)
