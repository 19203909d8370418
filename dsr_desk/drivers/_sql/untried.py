"""Databases whose statements are compiled and checked, but that were never spoken to: SQL Server, Oracle and Trino.

SQL Server: Transact-SQL reference, LIKE, table hints, 2,100 parameters. Oracle: SQL Language Reference, 1,000 expressions in a
list, an empty text is NULL. Trino: SQL statement syntax.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, cast, or_, types
from sqlalchemy.types import NullType

from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.other import Other
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value

#: Of SQL Server's 2,100 parameters, those that one question may take.
_PARAMETERS = 500
_EXPRESSIONS = 1_000


class SqlServer(Other):
    """Microsoft SQL Server."""

    chunk = _PARAMETERS

    def among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
        if len(texts) > _PARAMETERS or table.kinds[name].upper().startswith(("TEXT", "NTEXT", "XML")):
            return None  # the rows are read, and decided then
        return super().among(table, name, texts)

    def as_text(self, at: ColumnElement[Any]) -> ColumnElement[str]:
        return cast(at, types.NVARCHAR())

    def like(self, text: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
        return super().like(text, pattern.replace("[", "\\["))  # there it begins a set of characters

    def whole(self, columns: Sequence[ColumnElement[Any]], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        """One by one: rows of values can't be compared there."""
        if len(columns) == 1:
            return super().whole(columns, keys)
        return or_(*(and_(*(c == _bound(v) for c, v in zip(columns, key, strict=True))) for key in keys))

    def lock(self, statement: Any) -> Any:
        (table,) = statement.get_final_froms()
        return statement.with_hint(table, "WITH (UPDLOCK, HOLDLOCK, ROWLOCK)", "mssql")


class Oracle(Other):
    """Oracle Database."""

    chunk = _EXPRESSIONS

    def among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
        if "LOB" in table.kinds[name].upper() or table.kinds[name].upper().startswith("LONG"):
            return None
        parts = [texts[i : i + _EXPRESSIONS] for i in range(0, len(texts), _EXPRESSIONS)]
        found = [c for part in parts if (c := super(Oracle, self).among(table, name, part)) is not None]
        return or_(*found) if len(found) == len(parts) and found else None

    def as_text(self, at: ColumnElement[Any]) -> ColumnElement[str]:
        return cast(at, types.VARCHAR(40))

    def stored(self, column: Column, value: Value) -> Value:
        return None if value == "" else value  # an empty text is NULL there


class Trino(Other):
    """Trino, the road to warehouses and lakes: for reading."""

    reads_only = (
        "the program reads through Trino and never writes",
        "Connect to the system behind it, or write in the catalog who changes it by hand.",
    )

    def writable(self, conn: Connection) -> bool:
        return False

    def as_text(self, at: ColumnElement[Any]) -> ColumnElement[str]:
        return cast(at, types.VARCHAR())

    def lock(self, statement: Any) -> Any:
        return statement


def _bound(value: Value) -> Any:
    return bindparam(None, value, type_=NullType(), unique=True)
