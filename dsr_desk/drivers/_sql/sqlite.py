"""SQLite: files, affinities and locks."""

from __future__ import annotations

import json
import math
import os
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from dsr_desk.drivers._sql import sqlite_proof, sqlite_residue, sqlite_schema
from dsr_desk.drivers._sql.dialect import PATIENCE, Dialect, Obstacle, Proof
from dsr_desk.drivers._sql.engines import connect
from dsr_desk.drivers._sql.live import Inside, Relations, Table, table_name
from dsr_desk.drivers._sql.sqlite_sets import SqliteSets
from dsr_desk.errors import DeskError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import COMPACTED, Residue
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,18})")
_NUMBER = re.compile(r"-?\d{1,400}(\.\d+)?(e[+-]?\d{1,3})?", re.IGNORECASE)
_ODD_TEXT = re.compile("[\x00\ud800-\udfff]")
#: Virtual machine steps of SQLite between two looks at a cancel: about a millisecond.
_STEPS = 50_000
#: How many composite or odd keys one statement names.
_FEW = 200


class Sqlite(Dialect):
    """One SQLite file."""

    def __init__(self, system: System, file: Path) -> None:
        super().__init__(system)
        self.file = file
        self.sets = SqliteSets(self)

    # -- connecting --------------------------------------------------------------------------------------------------

    def open(self, write: bool) -> Connection:
        if not self.file.is_file():
            raise UnreachableError(
                f"The database file of system {self.system.name} is missing: {self.file}.",
                "Put it there, or correct the url in the system's catalog file.",
            )
        return connect("sqlite://", self._writing if write else self._reading)

    def _raw(self, mode: str) -> sqlite3.Connection:
        uri = f"{self.file.as_uri()}?mode={mode}"
        raw = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=PATIENCE)
        # Old programs wrote other encodings: such bytes come back as lone surrogates and are written back unchanged.
        raw.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        return raw

    def _reading(self) -> sqlite3.Connection:
        try:
            raw = self._raw("rw")
            raw.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        except sqlite3.OperationalError as error:
            # A file or folder that we may not write to: SQLite can still read it where no log has to be made.
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
                raise
            raw = self._raw("ro")
        raw.execute("PRAGMA query_only=1")
        return raw

    def _writing(self) -> sqlite3.Connection:
        raw = self._raw("rw")
        for pragma in ("foreign_keys=ON", "secure_delete=ON", "synchronous=FULL"):
            raw.execute(f"PRAGMA {pragma}")
        return raw

    @contextmanager
    def stoppable(self, conn: Connection, cancel: Cancel | None) -> Iterator[None]:
        raw: Any = conn.connection.dbapi_connection
        if cancel is not None:  # unlike interrupt(), this can't come too early, between two statements
            raw.set_progress_handler(lambda: cancel.cancelled, _STEPS)
        try:
            yield
        finally:
            raw.set_progress_handler(None, _STEPS)

    def explain(self, error: DBAPIError, writing: bool = False) -> DeskError | Obstacle:
        return sqlite_schema.explain(self.system.name, str(self.file), error, writing)

    # -- introspecting -----------------------------------------------------------------------------------------------

    def server(self, conn: Connection) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def names(self, conn: Connection) -> list[str]:
        return sqlite_schema.names(conn)

    def tables(self, conn: Connection, wanted: Collection[str]) -> dict[str, Table]:
        return sqlite_schema.tables(conn, wanted)

    def relations(self, conn: Connection) -> Relations:
        return sqlite_schema.relations(conn)

    def indexed(self, conn: Connection, tables: Collection[Table]) -> Mapping[str, frozenset[str]]:
        return sqlite_schema.indexed(conn, [t.bare for t in tables])

    def limits(self, conn: Connection) -> tuple[str, ...]:
        return sqlite_schema.limits(conn, self.file)

    def writable(self, conn: Connection) -> bool:
        return os.access(self.file, os.W_OK) and os.access(self.file.parent, os.W_OK)

    # -- narrowing ---------------------------------------------------------------------------------------------------

    def among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
        """Every storage form of each text: a column without a type keeps 7 and '7' apart, all others convert by affinity."""
        forms: list[int | float | str] = []
        odd: list[bytes] = []
        for text in texts:
            if _ODD_TEXT.search(text):
                with suppress(UnicodeEncodeError):  # a surrogate that no bytes were read as: no row holds it
                    odd.append(text.encode("utf-8", "surrogateescape"))
                continue
            forms.append(text)
            if _INTEGER.fullmatch(text) and -(2**63) <= int(text) < 2**63:
                forms.append(int(text))
            elif _NUMBER.fullmatch(text) and math.isfinite(float(text)):
                forms.append(float(text))
        conditions: list[ColumnElement[bool]] = []
        at = table.at(name)
        if forms:
            conditions.append(at.in_(_each(forms)))
        conditions += [at == cast(_bytes(o), Text) for o in odd]
        blobs = [bytes.fromhex(t) for t in texts if re.fullmatch(r"([0-9a-f]{2})+", t)]
        if blobs and table.columns[name].type in ("binary", "any"):
            conditions += [at == _bytes(b) for b in blobs]
        return or_(*conditions) if conditions else false()

    def lower_among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool]:
        return func.lower(table.at(name)).in_(_each([t for t in texts if not _ODD_TEXT.search(t)]))

    def text_of(self, table: Table, name: str) -> ColumnElement[str] | None:
        return table.at(name)

    def inside(self, table: Table, path: Inside) -> ColumnElement[str] | None:
        if "[]" in path.steps or any('"' in step for step in path.steps):
            return None
        at = table.at(path.column)
        found = func.json_extract(at, "$" + "".join(f'."{step}"' for step in path.steps))
        return case((func.json_valid(at) == 1, cast(found, Text)))

    def like(self, text: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
        return text.like(pattern, escape="\\")

    def not_ascii(self, text: ColumnElement[str]) -> ColumnElement[bool]:
        # In a UTF-16 file this is true of every text, which is as right and no slower than reading them all.
        return func.length(text) != func.length(cast(text, LargeBinary))

    # -- rows by key, and writing --------------------------------------------------------------------------------------

    def with_keys(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        plain = [k for k in keys if all(_in_json(v) for v in k)]
        odd = [k for k in keys if not all(_in_json(v) for v in k)]
        conditions: list[ColumnElement[bool]] = []
        columns = [table.at(name) for name in key]
        if plain and len(key) == 1:
            conditions.append(columns[0].in_(_each([k[0] for k in plain])))
        elif plain:
            conditions.append(tuple_(*columns).in_(_each_tuple(plain, len(key))))
        for start in range(0, len(odd), _FEW):
            some = [and_(*(c.is_(_bound(v)) for c, v in zip(columns, k, strict=True))) for k in odd[start : start + _FEW]]
            conditions.append(or_(*some).self_group())
        return or_(*conditions)

    def beside(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        return self.with_keys(table, key, keys).is_not(True)

    def with_content(self, table: Table, values: Sequence[Value]) -> ColumnElement[bool]:
        # As one comparison of rows of values: a thousand of them joined by AND are a tree too deep for SQLite.
        return tuple_(*table.clause.c).op("IS", is_comparison=True)(tuple_(*map(_bound, values)))

    def key_parameter(self, value: Value) -> Value:
        if isinstance(value, str) and _ODD_TEXT.search(value):
            raise LookupError
        return super().key_parameter(value)

    def stored(self, column: Column, value: Value) -> Value:
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, int):
            return value if -(2**63) <= value < 2**63 else str(value)
        if isinstance(value, datetime):
            return value.isoformat(" ")
        if isinstance(value, date | time):
            return value.isoformat()
        if isinstance(value, timedelta):
            return value.total_seconds()
        if isinstance(value, Decimal | UUID):
            return str(value)
        if isinstance(value, list | dict):
            return json.dumps(value, ensure_ascii=False)
        return value

    def begin(self, conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    def lock(self, statement: Any) -> Any:
        return statement  # BEGIN IMMEDIATE keeps every other writer out of the whole file

    def settle(self, conn: Connection) -> None:
        """Nothing waits: rows that still point to a deleted one were counted before it was deleted."""

    def evidence(self, conn: Connection) -> Mapping[str, Any]:
        return sqlite_proof.evidence(self.file, _journal_mode(conn))

    def proof(self, conn: Connection, evidence: Mapping[str, Any]) -> Proof:
        return sqlite_proof.proof(self.file, _journal_mode(conn), evidence)

    def after_commit(self, conn: Connection, touched: Sequence[Table], compact: bool) -> tuple[str, ...]:
        notes = []
        conn.exec_driver_sql("PRAGMA busy_timeout=1000")
        if compact:
            try:
                conn.exec_driver_sql("VACUUM")
                notes.append(COMPACTED)
            except DBAPIError:
                notes.append("The file could not be compacted: another program is using it, or the disk is full.")
        if _journal_mode(conn) == "wal":
            busy = True
            with suppress(DBAPIError):
                busy = bool(conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0])
            if busy:
                notes.append("The write-ahead log could not be emptied: another program is reading the file.")
        return tuple(notes)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        with self.connected(write=False, cancel=cancel) as conn:
            listed = {t.name for t in self.tables(conn, {table_name(c) for c in self.system.collections.values()}).values()}
            return sqlite_residue.residue(self.system.name, self.file, conn, listed, needles, cancel)


def _journal_mode(conn: Connection) -> str:
    return str(conn.exec_driver_sql("PRAGMA journal_mode").scalar())


def _in_json(value: Value) -> bool:
    """Whether JSON carries the value into SQLite unchanged."""
    if isinstance(value, str):
        return not _ODD_TEXT.search(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _bound(value: Value) -> Any:
    if isinstance(value, str) and _ODD_TEXT.search(value):
        return cast(_bytes(value.encode("utf-8", "surrogateescape")), Text)
    return literal(value)


def _bytes(value: bytes) -> Any:
    return bindparam(None, value, type_=LargeBinary, unique=True)


def _each(values: Sequence[Any]) -> Any:
    """The values as an untyped column, so that the compared column's affinity and index are used."""
    return select(func.json_each(json.dumps(values)).table_valued("value").c.value)


def _each_tuple(keys: Sequence[tuple[Value, ...]], width: int) -> Any:
    value = func.json_each(json.dumps(keys)).table_valued("value").c.value
    return select(*(func.json_extract(value, f"$[{i}]") for i in range(width)))
