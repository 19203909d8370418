"""MariaDB and MySQL through PyMySQL: row locks of InnoDB, collations that narrow, bytes that decide."""

from __future__ import annotations

import json
import socket
import threading
import time as clock
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pymysql
from pymysql.constants import CLIENT
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    or_,
    tuple_,
)
from sqlalchemy.dialects.mysql import FLOAT
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import NullType

from dsr_desk.drivers._sql import mariadb_errors, mariadb_residue, mariadb_schema
from dsr_desk.drivers._sql.dialect import PATIENCE, Dialect, Obstacle, Proof
from dsr_desk.drivers._sql.engines import connect
from dsr_desk.drivers._sql.live import Inside, Relations, Table
from dsr_desk.drivers._sql.mariadb_values import CONVERSIONS, TEXTS, charset, texts_in, values_in
from dsr_desk.errors import DeskError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Residue
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text

#: Values are compared and fingerprinted as these settings show them, and nothing that doesn't fit is cut silently. Zero dates of
#: old tables stay readable, and can be set aside and back.
_SETTINGS = {
    "sql_mode": "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "time_zone": "+00:00",
    "lock_wait_timeout": str(PATIENCE),
    "innodb_lock_wait_timeout": str(PATIENCE),
    "foreign_key_checks": "1",
    "unique_checks": "1",
    "sql_safe_updates": "0",
    "sql_select_limit": "DEFAULT",
}
_READING = ("REPEATABLE READ", "READ ONLY")
#: What others committed is seen by every statement anew, so that no watch looks at an older state than the locked rows.
_WRITING = ("READ COMMITTED", "READ WRITE")
#: Seconds in which a server says who it is, and in which it begins to answer a question (a table may be read from end to end).
_GREETING, _ANSWER = 30, 600
#: Seconds after which a line is tried on which nothing comes, between two tries, and how many tries.
_LINE = {"TCP_KEEPIDLE": 15, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}


class MariaDb(Dialect):
    """One database of a MariaDB or MySQL server."""

    interleaves = False

    def __init__(self, system: System, url: URL, secret: Callable[[], str | None]) -> None:
        super().__init__(system)
        self.url = url
        self.secret = secret
        self._is_mariadb = True

    # -- connecting --------------------------------------------------------------------------------------------------

    def open(self, write: bool) -> Connection:
        return connect(self.url.render_as_string(), partial(self._raw, *(_WRITING if write else _READING)))

    def _raw(self, isolation: str, access: str) -> pymysql.Connection[Any]:
        url = self.url.set(password=self.secret())
        _, options = url.get_dialect()().create_connect_args(url)
        options = {
            **options,
            "charset": "utf8mb4",
            "use_unicode": True,
            "binary_prefix": True,
            "conv": CONVERSIONS,
            "connect_timeout": PATIENCE,
            "read_timeout": _GREETING,
            "autocommit": False,
            "local_infile": False,
            "client_flag": CLIENT.FOUND_ROWS,  # a row that held already what it is given counts, too
            "program_name": "dsr-desk",
        }
        raw: Any = pymysql.connect(**options)
        _keep_alive(raw)
        self._is_mariadb = "mariadb" in raw.get_server_info().lower()
        self.tried = self._is_mariadb
        with raw.cursor() as cursor:
            for name, value in _SETTINGS.items():
                said = value if value.isdigit() or value == "DEFAULT" else f"'{value}'"
                cursor.execute(f"SET SESSION {name} = {said}")
            cursor.execute(f"SET SESSION TRANSACTION ISOLATION LEVEL {isolation}, {access}")
        return raw  # type: ignore[no-any-return]

    @contextmanager
    def stoppable(self, conn: Connection, cancel: Cancel | None) -> Iterator[None]:
        raw: Any = conn.connection.driver_connection
        number = int(raw.thread_id())
        left = threading.Event()

        def ask() -> None:
            with suppress(pymysql.Error, DeskError):
                other = self._raw(*_READING)
                with other, other.cursor() as cursor:
                    while not left.is_set():  # a request that comes between two statements stops neither
                        cursor.execute(f"KILL QUERY {number}")
                        left.wait(0.2)

        with (cancel or Cancel()).stops_with(lambda: threading.Thread(target=ask, daemon=True).start()):
            try:
                yield
            finally:
                left.set()

    def explain(self, error: DBAPIError, writing: bool = False) -> DeskError | Obstacle:
        return mariadb_errors.explain(self.system.name, error, writing)

    # -- introspecting -----------------------------------------------------------------------------------------------

    def server(self, conn: Connection) -> str:
        version = str(conn.exec_driver_sql("SELECT VERSION()").scalar()).partition("-")[0]
        return f"{'MariaDB' if self._is_mariadb else 'MySQL'} {version}"

    def names(self, conn: Connection) -> list[str]:
        return mariadb_schema.names(conn)

    def tables(self, conn: Connection, wanted: Collection[str]) -> dict[str, Table]:
        return mariadb_schema.tables(conn, wanted, self._is_mariadb)

    def relations(self, conn: Connection) -> Relations:
        return mariadb_schema.relations(conn, self._is_mariadb)

    def indexed(self, conn: Connection, tables: Collection[Table]) -> Mapping[str, frozenset[str]]:
        return mariadb_schema.indexed(conn)

    def limits(self, conn: Connection) -> tuple[str, ...]:
        untried = () if self._is_mariadb else ("This program was tried against MariaDB, not against MySQL.",)
        return (*untried, *mariadb_schema.limits(conn))

    def writable(self, conn: Connection) -> bool:
        return not conn.exec_driver_sql("SELECT @@global.read_only").scalar()

    # -- narrowing ---------------------------------------------------------------------------------------------------

    def among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
        """By the column's own collation, so that its index answers: to it, more texts are equal than are, and never fewer."""
        at = table.at(name)
        if table.kinds[name] not in TEXTS:
            found = values_in(table.kinds[name], texts)
            return None if found is None else at.in_(found) if found else false()
        own = charset(table, name)
        some = texts_in(own, texts)
        if own in ("utf8mb4", "utf8mb3"):
            return at.in_(some) if some else false()
        plain, odd = [t for t in some if t.isascii()], [t for t in some if not t.isascii()]
        return or_(*([at.in_(plain)] if plain else []), *([_unicode(at).in_(odd)] if odd else []), *([] if some else [false()]))

    def lower_among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool]:
        found = self.among(table, name, texts)
        assert found is not None
        return found

    def text_of(self, table: Table, name: str) -> ColumnElement[str] | None:
        if table.columns[name].type == "json" or table.kinds[name] in TEXTS:
            return table.at(name)
        comparable = table.columns[name].type in ("integer", "boolean", "decimal", "uuid") and table.kinds[name] != "bit"
        return cast(table.at(name), String) if comparable else None

    def inside(self, table: Table, path: Inside) -> ColumnElement[str] | None:
        if "[]" in path.steps or any('"' in step or "\\" in step for step in path.steps):
            return None
        return func.json_unquote(func.json_extract(table.at(path.column), "$" + "".join(f'."{step}"' for step in path.steps)))

    def like(self, text: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
        # Letter by letter, which not every language's collation does; é counts as e here, so that more comes through, not less.
        return _unicode(text).collate("utf8mb4_general_ci").like(pattern, escape="\\")

    def not_ascii(self, text: ColumnElement[str]) -> ColumnElement[bool]:
        whole = _unicode(text)
        return func.octet_length(whole) != func.char_length(whole)

    # -- rows by key, and writing --------------------------------------------------------------------------------------

    def with_keys(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        """Found by the columns' own collations, and of those exactly the ones whose bytes are the same."""
        if any(table.kinds[name] == "float" for name in key):
            return or_(*(self._exactly(table, key, k) for k in keys))
        loosely = self.pointing(table, key, keys)
        if not any(table.kinds[name] in TEXTS for name in key):
            return loosely
        whole = [k for k in keys if None not in k]
        conditions = [self._exactly(table, key, k) for k in keys if None in k]
        if whole and len(key) == 1:
            conditions.append(_bytes_of(table, key[0]).in_([_as_bytes(k[0]) for k in whole]))
        elif whole:
            columns = [_bytes_of(table, n) if table.kinds[n] in TEXTS else table.at(n) for n in key]
            compared = [tuple(_as_bytes(v) if table.kinds[n] in TEXTS else v for n, v in zip(key, k, strict=True)) for k in whole]
            conditions.append(tuple_(*columns).in_(compared))
        return and_(loosely, or_(*conditions))

    def pointing(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        """A foreign key compares as the columns' collation does: ``ann`` points at ``Ann``."""
        columns = [table.at(name) for name in key]
        whole = [k for k in keys if None not in k]
        conditions: list[ColumnElement[bool]] = []
        if whole and len(key) == 1:
            conditions.append(columns[0].in_([k[0] for k in whole]))
        elif whole:
            conditions.append(tuple_(*columns).in_(whole))
        for k in keys:
            if None in k:
                conditions.append(and_(*(c.is_not_distinct_from(_bound(v)) for c, v in zip(columns, k, strict=True))))
        return or_(*conditions)

    def with_content(self, table: Table, values: Sequence[Value]) -> ColumnElement[bool]:
        return self._exactly(table, list(table.columns), values).self_group()

    def with_key(self, table: Table, key: Sequence[str]) -> ColumnElement[bool]:
        parameters: list[BindParameter[Any]] = [bindparam(f"key_{i}", type_=NullType()) for i in range(len(key))]
        return and_(*(_same(table, name, given) for name, given in zip(key, parameters, strict=True)))

    def _exactly(self, table: Table, names: Sequence[str], values: Sequence[Value]) -> ColumnElement[bool]:
        return and_(*(_holds(table, n, v) for n, v in zip(names, values, strict=True)))

    def stored(self, column: Column, value: Value) -> Value:
        if value is None:
            return None
        if column.type in ("text", "json") and not isinstance(value, str):
            return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else as_text(value)
        if column.type == "json":
            return value if _is_json(value) else json.dumps(value, ensure_ascii=False)
        if isinstance(value, bool):
            return int(value)
        if column.type == "time" and isinstance(value, timedelta):
            return str(value)
        return str(value) if column.type == "uuid" else value

    def begin(self, conn: Connection) -> None:
        """The first statement starts the transaction."""

    def lock(self, statement: Any) -> Any:
        return statement.with_for_update()

    def may_lock(self, conn: Connection, table: Table) -> bool:
        name = conn.dialect.identifier_preparer.format_table(table.clause)
        try:
            conn.exec_driver_sql(f"SELECT 1 FROM {name.replace('%', '%%')} WHERE FALSE FOR UPDATE").close()
        except DBAPIError:
            return False
        return True

    def settle(self, conn: Connection) -> None:
        """Nothing waits: InnoDB checks every row at once."""

    def evidence(self, conn: Connection) -> Mapping[str, Any]:
        return {"connection": str(conn.exec_driver_sql("SELECT CONNECTION_ID()").scalar())}

    def proof(self, conn: Connection, evidence: Mapping[str, Any]) -> Proof:
        """The server can't be asked what became of a transaction; but once its connection is gone, the rows tell."""
        for _ in range(PATIENCE * 5):
            alive = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID = %s AND ID <> CONNECTION_ID()"
            if not conn.exec_driver_sql(alive, (str(evidence.get("connection")),)).scalar():
                break
            clock.sleep(0.2)
        return "unknown"

    def after_commit(self, conn: Connection, touched: Sequence[Table], compact: bool) -> tuple[str, ...]:
        if not compact:
            return ()
        with suppress(DeskError), self.connected(write=True) as own:
            for table in touched:
                name = own.dialect.identifier_preparer.format_table(table.clause).replace("%", "%%")
                rows = own.exec_driver_sql(f"OPTIMIZE TABLE {name}").all()
                if not any(row[3] == "OK" for row in rows):
                    return (_NOT_REBUILT,)
            return ("The tables were rebuilt without the deleted rows.",)
        return (_NOT_REBUILT,)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        with self.connected(write=False, cancel=cancel) as conn:
            return mariadb_residue.residue(self.system.name, conn, needles)


_NOT_REBUILT = "The tables could not be rebuilt: that needs the privileges SELECT and INSERT, and nobody else changing them."


def _keep_alive(raw: Any) -> None:
    """A server that went away without a word is noticed within half a minute; one that is at work may take its time."""
    line = raw._sock
    if line.family != getattr(socket, "AF_UNIX", None):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _LINE.items():
            if hasattr(socket, option):
                line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    raw._read_timeout = _ANSWER


def _holds(table: Table, name: str, value: Value) -> ColumnElement[bool]:
    """Whether the column holds exactly a value that was read from it."""
    return table.at(name).is_(None) if value is None else _same(table, name, _bound(value))


def _same(table: Table, name: str, given: BindParameter[Any]) -> ColumnElement[bool]:
    at = table.at(name)
    if table.kinds[name] == "json" or table.kinds[name] in TEXTS:
        return and_(at == given, _bytes_of(table, name) == cast(given, LargeBinary))
    if table.kinds[name] == "float":  # it is shown with six digits, and so only a float made of those is equal
        return at.op("=", is_comparison=True)(cast(given, FLOAT))
    return at.op("=", is_comparison=True)(given)


def _bound(value: Value) -> BindParameter[Any]:
    return bindparam(None, value, type_=NullType(), unique=True)


def _unicode(text: ColumnElement[str]) -> ColumnElement[str]:
    return func.convert(text.op("USING")(literal_column("utf8mb4")))


def _bytes_of(table: Table, name: str) -> ColumnElement[Any]:
    return cast(_unicode(table.at(name)), LargeBinary)


def _as_bytes(value: Value) -> bytes:
    return (as_text(value) or "").encode("utf-8")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
