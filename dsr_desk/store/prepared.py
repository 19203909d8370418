"""Statements that every act runs: written in Core, compiled once, and run by SQLite itself.

Core binds, looks up and wraps a statement anew each time, which takes several times as long as SQLite takes to run it: one entry
of the trail cost two and a half bare commits, and costs one and a half so.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from typing import Any

from sqlalchemy import ClauseElement, Connection, Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_DIALECT = SQLiteDialect_pysqlite(paramstyle="named")


def raw(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection below, in the same transaction."""
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]  # it is SQLite's
    return driver


def _named(columns: list[str]) -> Any:
    return namedtuple("Row", columns)


class Prepared:
    """One statement over the workspace's tables. What it is run with has the names of its ``bindparam`` and columns."""

    def __init__(self, statement: ClauseElement, sets: list[str] | None = None) -> None:
        """``sets``: the columns that an insert or an update gives values; without it, all of the table."""
        compiled = statement.compile(dialect=_DIALECT, column_keys=sets)
        self._sql = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        names = list(statement.selected_columns.keys()) if isinstance(statement, Select) else []
        self._row = _named(names)

    def run(self, connection: Connection, **values: Any) -> None:
        """Run what gives nothing."""
        raw(connection).execute(self._sql, {**self._fixed, **values}).close()

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Every row that it gives, with its columns by name."""
        return list(map(self._row._make, raw(connection).execute(self._sql, {**self._fixed, **values})))

    def one(self, connection: Connection, **values: Any) -> Any | None:
        """The first row that it gives, or ``None``."""
        cursor = raw(connection).execute(self._sql, {**self._fixed, **values})
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else self._row._make(row)
