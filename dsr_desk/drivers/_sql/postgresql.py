"""PostgreSQL through psycopg 3: typed arrays, row locks, transaction ids."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import psycopg
from psycopg.types.json import Json
from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType, UserDefinedType

from dsr_desk.drivers._sql import postgresql_errors, postgresql_residue, postgresql_schema
from dsr_desk.drivers._sql.dialect import PATIENCE, Dialect, Obstacle, Proof
from dsr_desk.drivers._sql.engines import connect
from dsr_desk.drivers._sql.live import Inside, Relations, Table
from dsr_desk.drivers._sql.paths import dumps
from dsr_desk.drivers._sql.postgresql_insert import overriding
from dsr_desk.drivers._sql.postgresql_sets import PostgresqlSets, array
from dsr_desk.drivers._sql.postgresql_values import numbers_in, register_loaders, texts_in, written
from dsr_desk.errors import DeskError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import VACUUMED, Residue
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text

#: Values are compared and fingerprinted as text of these settings, so no server's or user's own may change them. Row security that
#: would hide rows from this user is an error, not a silence.
_SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "iso_8601",
    "lc_monetary": "C",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "row_security": "off",
    "lock_timeout": f"{PATIENCE}s",
}
_READING = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
_WRITING = {
    "default_transaction_read_only": "off",
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
}

#: Seconds after which a silent line is tried, between two tries, and how many tries: a server that went away without
#: a word is noticed within half a minute, one that is at work may take its time.
_LINE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}

#: Types that know no equality, or one that is not about their whole value (two boxes of the same area).
_NO_EQUALITY = frozenset({"xml", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsquery", "pg_snapshot", "aclitem"})


class _Type(UserDefinedType[Any]):
    """A type by the name that the server gave it."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name


class Postgresql(Dialect):
    """One PostgreSQL database."""

    #: Whether the connected server keeps its texts in UTF-8.
    _utf8 = False

    def __init__(self, system: System, url: URL, secret: Callable[[], str | None]) -> None:
        super().__init__(system)
        self.url = url
        self.secret = secret

    # -- connecting --------------------------------------------------------------------------------------------------

    def open(self, write: bool) -> Connection:
        return connect(self.url.render_as_string(), partial(self._raw, _WRITING if write else _READING))

    def _raw(self, more: Mapping[str, str]) -> psycopg.Connection[Any]:
        url = self.url.set(password=self.secret())
        _, options = url.get_dialect()().create_connect_args(url)
        options = {**_LINE, **options, "connect_timeout": PATIENCE, "application_name": "dsr-desk", "client_encoding": "utf8"}
        raw: psycopg.Connection[Any] = psycopg.connect(**options, autocommit=True)
        settings = {**_SETTINGS, **more}.items()
        raw.execute("SELECT " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings))
        raw.autocommit = False
        register_loaders(raw)
        self._utf8 = raw.info.parameter_status("server_encoding") == "UTF8"
        self.sets = PostgresqlSets() if raw.info.server_version >= 140000 else None
        return raw

    @contextmanager
    def stoppable(self, conn: Connection, cancel: Cancel | None) -> Iterator[None]:
        raw: Any = conn.connection.driver_connection
        left = threading.Event()

        def ask() -> None:
            while not left.is_set():  # a request that comes between two statements stops neither
                with suppress(psycopg.Error):
                    raw.cancel_safe(timeout=PATIENCE)
                left.wait(0.2)

        with (cancel or Cancel()).stops_with(lambda: threading.Thread(target=ask, daemon=True).start()):
            try:
                yield
            finally:
                left.set()

    def explain(self, error: DBAPIError, writing: bool = False) -> DeskError | Obstacle:
        return postgresql_errors.explain(self.system.name, error, writing)

    # -- introspecting -----------------------------------------------------------------------------------------------

    def server(self, conn: Connection) -> str:
        return f"PostgreSQL {conn.exec_driver_sql('SHOW server_version').scalar()}"

    def names(self, conn: Connection) -> list[str]:
        return postgresql_schema.names(conn)

    def tables(self, conn: Connection, wanted: Collection[str]) -> dict[str, Table]:
        return postgresql_schema.tables(conn, wanted)

    def relations(self, conn: Connection) -> Relations:
        return postgresql_schema.relations(conn)

    def indexed(self, conn: Connection, tables: Collection[Table]) -> Mapping[str, frozenset[str]]:
        return postgresql_schema.indexed(conn, tables)

    def limits(self, conn: Connection) -> tuple[str, ...]:
        return postgresql_schema.LIMITS

    def writable(self, conn: Connection) -> bool:
        return not conn.exec_driver_sql("SELECT pg_is_in_recovery()").scalar()

    # -- narrowing ---------------------------------------------------------------------------------------------------

    def among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
        kind = table.kinds[name]
        if table.columns[name].type == "text":
            some = texts_in(texts)
            at = table.at(name) if kind in ("text", "varchar", "bpchar") else cast(table.at(name), Text)
            kind = kind if kind == "bpchar" else "text"
        else:
            found = numbers_in(kind, texts)
            if found is None:
                return None
            some, at = found, table.at(name)
        return _is_any(at, some, "int8" if kind in ("int2", "int4", "oid") else kind) if some else false()

    def lower_among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool]:
        return _is_any(func.lower(table.at(name)), texts_in(texts), "text")

    def text_of(self, table: Table, name: str) -> ColumnElement[str] | None:
        kind = table.kinds[name]
        if kind in ("text", "varchar"):
            return table.at(name)
        comparable = table.columns[name].type in ("text", "integer", "decimal", "uuid")
        return cast(table.at(name), Text) if comparable else None

    def inside(self, table: Table, path: Inside) -> ColumnElement[str] | None:
        if table.kinds[path.column] != "jsonb" or "[]" in path.steps:
            return None  # in json, an escaped NUL anywhere is an error
        steps = cast(bindparam(None, list(path.steps), type_=NullType(), unique=True), _Type("text[]"))
        found: ColumnElement[str] = table.at(path.column).op("#>>")(steps)
        return found.self_group()

    def like(self, text: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
        # In a Turkish locale, I and i are two letters; the C collation knows ASCII only, and so do the patterns.
        return text.collate("C").ilike(pattern, escape="\\")

    def not_ascii(self, text: ColumnElement[str]) -> ColumnElement[bool]:
        if self._utf8:  # three times faster than a pattern
            return func.octet_length(text) != func.char_length(text)
        return text.collate("C").op("~", is_comparison=True)("[^ -~]")

    # -- rows by key, and writing --------------------------------------------------------------------------------------

    def with_keys(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        columns = [table.at(name) for name in key]
        types = [table.kinds[name] for name in key]
        whole = [tuple(map(written, k)) for k in keys if None not in k]
        conditions: list[ColumnElement[bool]] = []
        if whole and len(key) == 1:
            conditions.append(_is_any(columns[0], [k[0] for k in whole], types[0]))
        elif whole:
            names = [f"k{i}" for i in range(len(key))]
            arrays = [_array([k[i] for k in whole], "text") for i in range(len(key))]
            given = func.unnest(*arrays).table_valued(*names).render_derived()
            conditions.append(
                tuple_(*columns).in_(select(*(cast(given.c[n], _Type(t)) for n, t in zip(names, types, strict=True))))
            )
        for k in keys:
            if None in k:
                parts = zip(columns, types, k, strict=True)
                conditions.append(and_(*(c.is_not_distinct_from(_typed(written(v), t)) for c, t, v in parts)))
        return or_(*conditions)

    def beside(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        arrays = [_array([written(k[i]) for k in keys], "text") for i in range(len(key))]
        names = [f"k{i}" for i in range(len(key))]
        given = func.unnest(*arrays).table_valued(*names).render_derived()
        same = (
            table.at(k).op("=", is_comparison=True)(cast(given.c[n], _Type(table.kinds[k])))
            for k, n in zip(key, names, strict=True)
        )
        return ~exists(select(1).select_from(given).where(and_(*same)))

    def with_content(self, table: Table, values: Sequence[Value]) -> ColumnElement[bool]:
        parts = zip(table.columns, table.clause.c, values, strict=True)
        return and_(*(_holds(c, table.kinds[name], value) for name, c, value in parts)).self_group()

    def with_key(self, table: Table, key: Sequence[str]) -> ColumnElement[bool]:
        parameters = (bindparam(f"key_{i}", type_=NullType()) for i in range(len(key)))
        return and_(*(table.at(n) == cast(p, _Type(table.kinds[n])) for n, p in zip(key, parameters, strict=True)))

    def key_parameter(self, value: Value) -> Value:
        return written(super().key_parameter(value))

    def stored(self, column: Column, value: Value) -> Value:
        if column.type == "text" and value is not None and not isinstance(value, str):
            return as_text(value)
        return value

    def bound(self, column: Column, value: Value) -> Any:
        stored = self.stored(column, value)
        return Json(stored, dumps) if column.type == "json" and stored is not None else stored

    def begin(self, conn: Connection) -> None:
        """The first statement starts the transaction."""

    def lock(self, statement: Any) -> Any:
        return statement.with_for_update()

    def may_lock(self, conn: Connection, table: Table) -> bool:
        name = conn.dialect.identifier_preparer.format_table(table.clause)
        return bool(conn.exec_driver_sql("SELECT has_table_privilege(%s, 'UPDATE')", (name,)).scalar())

    def copy(self, source: Table, aside: Table, names: Sequence[str], where: ColumnElement[bool]) -> Any:
        if not aside.identities.intersection(names):
            return super().copy(source, aside, names, where)
        return overriding(aside, names, select(*(source.at(name) for name in names)).where(where))

    def settle(self, conn: Connection) -> None:
        conn.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")

    def evidence(self, conn: Connection) -> Mapping[str, Any]:
        return {"xid": str(conn.exec_driver_sql("SELECT pg_current_xact_id()").scalar())}

    def proof(self, conn: Connection, evidence: Mapping[str, Any]) -> Proof:
        """Asked with ``pg_xact_status``. A killed program's transaction may still be ending: it is waited for."""
        for _ in range(PATIENCE * 5):
            try:
                with conn.begin_nested():
                    status = conn.exec_driver_sql("SELECT pg_xact_status(%s::xid8)", (str(evidence["xid"]),)).scalar()
            except DBAPIError:
                return "unknown"  # an id that this server has not reached: it was set back to an older state
            if status != "in progress":
                return {"committed": "committed", "aborted": "not committed"}.get(str(status), "unknown")  # type: ignore[return-value]
            time.sleep(0.2)
        return "unknown"

    def after_commit(self, conn: Connection, touched: Sequence[Table], compact: bool) -> tuple[str, ...]:
        if not compact:
            return ()
        warnings: list[Any] = []
        with suppress(DeskError), self.connected(write=True) as own:
            raw: Any = own.connection.driver_connection
            raw.add_notice_handler(warnings.append)
            raw.autocommit = True  # VACUUM takes no transaction
            for table in touched:
                own.exec_driver_sql(f"VACUUM (ANALYZE) {own.dialect.identifier_preparer.format_table(table.clause)}")
            if not warnings:
                return (VACUUMED,)
        return ("The tables could not be vacuumed: that needs their owner, and nobody else changing them.",)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        with self.connected(write=False, cancel=cancel) as conn:
            return postgresql_residue.residue(self.system.name, conn, needles)


def _holds(column: ColumnElement[Any], kind: str, value: Value) -> ColumnElement[bool]:
    """Whether the column holds a value that was read from it; by its text where the type knows no equality."""
    if value is None:
        return column.is_(None)
    at: ColumnElement[Any] = column
    given: Any = _typed(written(value), kind)
    if kind in ("json", "jsonb"):
        at = cast(column, _Type("jsonb"))
        given = cast(bindparam(None, Json(value, dumps), type_=NullType(), unique=True), _Type("jsonb"))
    elif isinstance(value, list):
        given = cast(bindparam(None, value, type_=NullType(), unique=True), _Type(kind))
    elif kind in _NO_EQUALITY:
        at, given = cast(column, Text), _typed(written(value), "text")
    return at.op("=", is_comparison=True)(given)


def _is_any(column: ColumnElement[Any], values: Sequence[str | None], kind: str) -> ColumnElement[bool]:
    return column.op("=", is_comparison=True)(func.any(_array(values, kind)))


def _array(values: Sequence[str | None], kind: str) -> Any:
    return cast(bindparam(None, array(values), type_=NullType(), unique=True), _Type(f"{kind}[]"))


def _typed(value: str | None, kind: str) -> Any:
    return cast(bindparam(None, value, type_=NullType(), unique=True), _Type(kind))
