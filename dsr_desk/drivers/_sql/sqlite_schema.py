"""What a SQLite file says about itself, and what its errors mean."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.live import Relations, Table
from dsr_desk.drivers._sql.sqlite_triggers import triggers
from dsr_desk.errors import DeskError, LockedError, UnreachableError
from dsr_desk.model.schema import Column, ColumnType, ForeignKey

_COLUMNS = """
SELECT m.name, m.type, p.name, p.type, p."notnull", p.dflt_value, p.pk, p.hidden, m.sql
FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p
WHERE m.type IN ('table', 'view') AND m.name IN (SELECT value FROM json_each(?)) AND p.hidden <> 1
ORDER BY m.name, p.cid
"""
_FOREIGN_KEYS = """
SELECT m.name, f.id, f."table", f."from", f."to", f.on_delete
FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' AND m.rootpage > 0 ORDER BY m.name, f.id, f.seq
"""
_PARENTS = """
SELECT m.name, p.name, p.pk FROM sqlite_master m JOIN pragma_table_info(m.name) p
WHERE m.type = 'table' AND m.rootpage > 0 AND m.name IN (SELECT value FROM json_each(?))
ORDER BY m.name, p.pk, p.cid
"""
_INDEXES = """
SELECT m.name, l.name, l."unique", x.seqno, x.name, i.sql
FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_xinfo(l.name) x
LEFT JOIN sqlite_master i ON i.type = 'index' AND i.name = l.name
WHERE m.type = 'table' AND m.rootpage > 0 AND l.partial = 0 AND x.key = 1
AND m.name IN (SELECT value FROM json_each(?))
ORDER BY m.name, l.name, x.seqno
"""
_ROWID_KEYS = """
SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p
WHERE m.type = 'table' AND m.rootpage > 0 AND p.pk = 1 AND upper(p.type) = 'INTEGER'
AND m.name IN (SELECT value FROM json_each(?))
AND (SELECT max(q.pk) FROM pragma_table_xinfo(m.name) q) = 1
"""
#: The names of a row's own number; a column may hide one of them (rowidtable.html).
_ROWID = ("rowid", "_rowid_", "oid")
_WITHOUT_ROWID = re.compile(r"\)[^)]*\bWITHOUT\s+ROWID\b[^)]*$", re.IGNORECASE)
_LOWER = re.compile(r"\(\s*lower\s*\(\s*[\"'`\[]?(.+?)[\"'`\]]?\s*\)", re.IGNORECASE)
_NAMED_TYPES: tuple[tuple[str, ColumnType], ...] = (
    ("BOOL", "boolean"),
    ("TIMESTAMP", "datetime"),
    ("DATETIME", "datetime"),
    ("DATE", "date"),
    ("TIME", "time"),
    ("JSON", "json"),
    ("UUID", "uuid"),
    ("GUID", "uuid"),
)


def names(conn: Connection) -> list[str]:
    """Every table and view that a person made."""
    rows = conn.exec_driver_sql("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    return [name for name, _ in rows if not name.startswith("sqlite_")]


def tables(conn: Connection, wanted: Collection[str]) -> dict[str, Table]:
    """Those of the wanted tables that exist. ``main.orders`` is ``orders``; names are compared as written."""
    bare = {name: name.removeprefix("main.") for name in wanted}
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in conn.exec_driver_sql(_COLUMNS, (json.dumps(sorted({*wanted, *bare.values()})),)):
        found[row[0]].append(tuple(row))
    return {name: _table(live, found[live]) for name in wanted for live in [_live(name, found)] if live}


def _live(name: str, found: dict[str, Any]) -> str:
    return next((n for n in (name, name.removeprefix("main.")) if n in found), "")


def _table(name: str, rows: list[tuple[Any, ...]]) -> Table:
    columns = {}
    for _, _, column, declared, notnull, default, pk, hidden, _ in rows:
        columns[column] = Column(
            name=column,
            type=column_type(declared),
            native=declared,
            nullable=not notnull and not pk,
            length=_length(declared),
            generated=hidden in (2, 3),
            primary_key=bool(pk),
            has_default=default is not None,
        )
    is_view = rows[0][1] == "view"
    rowid = next((n for n in _ROWID if n not in {c.casefold() for c in columns}), "")
    apart = (rowid,) if rowid and not is_view and not _WITHOUT_ROWID.search(rows[0][-1] or "") else ()
    return Table(name, None, name, columns, {c: column.native for c, column in columns.items()}, is_view, apart=apart)


def column_type(declared: str) -> ColumnType:
    """The kind of value a declared type promises, by SQLite's affinity rules (datatype3.html section 3.1)."""
    upper = declared.upper()
    if not upper or upper == "ANY":
        return "any"
    if "INT" in upper:
        return "integer"
    if any(part in upper for part in ("CHAR", "CLOB", "TEXT")):
        return "text"
    if "BLOB" in upper:
        return "binary"
    if any(part in upper for part in ("REAL", "FLOA", "DOUB")):
        return "float"
    return next((kind for part, kind in _NAMED_TYPES if part in upper), "decimal")


def _length(declared: str) -> int | None:
    match = re.search(r"CHAR[^(]*\(\s*(\d+)\s*\)", declared, re.IGNORECASE)
    return int(match[1]) if match else None


def indexed(conn: Connection, wanted: Iterable[str]) -> dict[str, frozenset[str]]:
    """The leading columns of the indexes of these tables."""
    return _indexes(conn, sorted(wanted))[1]


def _indexes(conn: Connection, wanted: Collection[str]) -> tuple[dict[str, tuple[tuple[str, ...], ...]], dict[str, frozenset[str]]]:
    text = json.dumps(wanted)
    columns: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    unique: dict[tuple[str, str], bool] = {}
    leading: dict[str, set[str]] = defaultdict(set)
    for table, index, is_unique, seqno, column, sql in conn.exec_driver_sql(_INDEXES, (text,)):
        columns[table, index].append(column)
        unique[table, index] = bool(is_unique)
        if seqno == 0:
            expression = _LOWER.search(sql or "") if column is None else None
            name = f"lower({expression[1]})" if expression else column
            leading[table] |= {name} if name else set()
    sets: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for (table, index), names_ in columns.items():
        whole = tuple(n for n in names_ if n is not None)
        if unique[table, index] and len(whole) == len(names_):
            sets[table].append(whole)
    for table, column in conn.exec_driver_sql(_ROWID_KEYS, (text,)):
        leading[table].add(column)
        sets[table].append((column,))
    return (
        {table: tuple(sorted(set(found))) for table, found in sets.items()},
        {table: frozenset(found) for table, found in leading.items()},
    )


def relations(conn: Connection) -> Relations:
    """Keys, indexes, foreign keys and triggers of the whole file."""
    unique, leading = _indexes(conn, names(conn))
    return Relations(_foreign_keys(conn), unique, leading, triggers(conn))


def _foreign_keys(conn: Connection) -> tuple[ForeignKey, ...]:
    parts: dict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for table, number, to_table, source, target, on_delete in conn.exec_driver_sql(_FOREIGN_KEYS):
        parts[table, number].append((to_table, source, target, on_delete))
    spelt = {name.casefold(): name for name in names(conn)}  # a declaration may write names in another case
    parents = {spelt.get(rows[0][0].casefold(), rows[0][0]) for rows in parts.values()}
    columns: dict[str, dict[str, str]] = {name: {} for name in parents}
    primary: dict[str, list[str]] = {name: [] for name in parents}
    for table, column, pk in conn.exec_driver_sql(_PARENTS, (json.dumps(sorted(parents)),)):
        columns[table][column.casefold()] = column
        primary[table] += [column] if pk else []
    result = []
    for (table, _), rows in parts.items():
        parent = spelt.get(rows[0][0].casefold(), rows[0][0])
        named = tuple(columns[parent].get(r[2].casefold(), r[2]) for r in rows if r[2] is not None)
        action = "" if rows[0][3] == "NO ACTION" else rows[0][3]
        result.append(ForeignKey(table, tuple(r[1] for r in rows), parent, named or tuple(primary[parent]), action))
    return tuple(result)


def limits(conn: Connection, file: Path) -> tuple[str, ...]:
    """What a SQLite file can't promise."""
    said = ["Backups and copies of this file, made before an erasure, still hold what was erased."]
    if conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
        said.append("Old bytes leave the write-ahead log only when no other program reads the file.")
    return tuple(said)


# -- errors ------------------------------------------------------------------------------------------------------------


def explain(system: str, file: str, error: DBAPIError, writing: bool) -> DeskError | Obstacle:
    """What SQLite's result code means (rescode.html)."""
    code = getattr(error.orig, "sqlite_errorcode", 0) or 0
    primary = code & 0xFF
    if primary == sqlite3.SQLITE_CONSTRAINT:
        return _constraint(code, str(error.orig))
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LockedError(
            f"System {system} is locked: another program is using {file}", "Close that program or wait, then try again."
        )
    if primary in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return UnreachableError(
            f"System {system}: {file} is not a SQLite database, or it is damaged or encrypted.",
            "Check the url in the system's catalog file, and the file with its own program.",
        )
    if primary == sqlite3.SQLITE_FULL:
        return UnreachableError(f"System {system}: the disk is full.", "Make room and try again. Nothing was written.")
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH):
        return UnreachableError(
            f"System {system}: {file} can't be opened or written.",
            "Check that you may read and write the file and its folder.",
        )
    if primary == sqlite3.SQLITE_IOERR:
        return UnreachableError(f"System {system}: {file} could not be read or written.", "Check the disk and try again.")
    if primary in (sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG):
        return Obstacle("the value does not fit the column", "Choose another strategy under erase:")
    if writing and primary == sqlite3.SQLITE_ERROR:
        return _not_written(str(error.orig))
    return UnreachableError(
        f"System {system} could not answer (SQLite code {code}).",
        "Its tables may need functions or modules of the program that owns the file.",
    )


def _not_written(text: str) -> Obstacle:
    if "generated column" in text:
        return Obstacle("the column is generated by the database", "Remove its erase: from the catalog.")
    if text.startswith("foreign key mismatch"):
        why = "a foreign key of the database points at columns that are not unique"
        return Obstacle(why, "Ask the owner of the system to mend that foreign key.")
    return Obstacle("the table or view can't be written this way", "Write the table behind a view in the catalog.")


def _constraint(code: int, text: str) -> Obstacle:
    # "UNIQUE constraint failed: people.email, people.phone": names of the schema, and no value
    named = text.partition("constraint failed: ")[2].split(", ")
    column = ", ".join(name.partition(".")[2] for name in named) if all("." in name for name in named) else ""
    match code:
        case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
            return Obstacle("the column must not be empty", "Choose a strategy that writes a value, such as constant.", column)
        case sqlite3.SQLITE_CONSTRAINT_UNIQUE | sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
            return Obstacle(
                "the column must be unique and the value is already there", "Choose a strategy that makes a new value.", column
            )
        case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            why = "other rows still point to the row"
            return Obstacle(why, "List the table that points to it in the catalog.", points=True)
        case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
            return Obstacle("a trigger of the database forbids it", "Ask the owner of the system what its trigger wants.")
        case sqlite3.SQLITE_CONSTRAINT_CHECK:
            return Obstacle("a CHECK of the table forbids the value", "Choose a strategy whose value the CHECK allows.")
    return Obstacle("a rule of the table forbids it", "Ask the owner of the system which rule that is.")
