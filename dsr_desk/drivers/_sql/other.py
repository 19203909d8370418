"""Any other database that SQLAlchemy speaks to: untried against a server, and said so."""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    bindparam,
    cast,
    create_engine,
    false,
    func,
    inspect,
    or_,
    tuple_,
    types,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, SAWarning
from sqlalchemy.pool import NullPool

from dsr_desk.drivers._sql.dialect import Dialect, Obstacle, Proof
from dsr_desk.drivers._sql.live import Relations, Table
from dsr_desk.errors import DeskError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Residue
from dsr_desk.model.schema import Column, ColumnType, ForeignKey
from dsr_desk.model.values import Value

_TYPES: tuple[tuple[type[Any], ColumnType], ...] = (
    (types.Boolean, "boolean"),
    (types.Integer, "integer"),
    (types.Float, "float"),
    (types.Numeric, "decimal"),
    (types.JSON, "json"),
    (types.Uuid, "uuid"),
    (types.String, "text"),
    (types.DateTime, "datetime"),
    (types.Date, "date"),
    (types.Time, "time"),
    (types.LargeBinary, "binary"),
)


_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class Other(Dialect):
    """A database that this program was never tried against."""

    tried = False
    rehearses = False

    def __init__(self, system: System, url: URL, secret: Callable[[], str | None]) -> None:
        super().__init__(system)
        self.url = url
        self.secret = secret

    # -- connecting --------------------------------------------------------------------------------------------------

    def open(self, write: bool) -> Connection:
        password = self.secret()
        url = self.url if password is None else self.url.set(password=password)
        try:
            return create_engine(url, poolclass=NullPool).connect()
        except (ImportError, NoSuchModuleError):
            raise UsageError(
                f"The driver for the database of system {self.system.name} ({url.drivername}) is not installed.",
                "Install it, or correct the url in the system's catalog file.",
            ) from None

    def explain(self, error: DBAPIError, writing: bool = False) -> DeskError | Obstacle:
        if writing and not error.connection_invalidated:
            why = "a rule of the table forbids it" if isinstance(error, IntegrityError) else "the statement fails"
            return Obstacle(why, "Ask the owner of the system which rule that is.")
        return UnreachableError(
            f"System {self.system.name} could not be reached or could not answer.",
            f"Check its url, and store the password in a terminal: dsr-desk secret set {self.system.name}",
        )

    # -- introspecting -----------------------------------------------------------------------------------------------

    def server(self, conn: Connection) -> str:
        version = ".".join(map(str, conn.dialect.server_version_info or ()))
        return f"{conn.dialect.name} {version}".strip()

    def names(self, conn: Connection) -> list[str]:
        inspector = inspect(conn)
        return sorted([*inspector.get_table_names(), *inspector.get_view_names()])

    def tables(self, conn: Connection, wanted: Collection[str]) -> dict[str, Table]:
        inspector = inspect(conn)
        found = {}
        for name in wanted:
            whole = inspector.has_table(name)
            schema, _, bare = ("", "", name) if whole else name.rpartition(".")
            if whole or (schema and inspector.has_table(bare, schema=schema)):
                found[name] = _table(inspector, name, schema or None, bare)
        return found

    def relations(self, conn: Connection) -> Relations:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # on what its reflection leaves out, such as indexes on expressions
            return self._relations(inspect(conn))

    def _relations(self, inspector: Any) -> Relations:
        keys: list[ForeignKey] = []
        unique: dict[str, tuple[tuple[str, ...], ...]] = {}
        for (_, table), found in inspector.get_multi_foreign_keys().items():
            for fk in found:
                action = str(fk.get("options", {}).get("ondelete", "")).upper()
                to = ".".join(filter(None, (fk["referred_schema"], fk["referred_table"])))
                columns = tuple(fk["constrained_columns"]), tuple(fk["referred_columns"])
                keys.append(ForeignKey(table, columns[0], to, columns[1], "" if action == "NO ACTION" else action))
        leading: dict[str, set[str]] = defaultdict(set)
        for (_, table), indexes in inspector.get_multi_indexes().items():
            columns_of = [tuple(i["column_names"]) for i in indexes]
            leading[table] |= {c[0] for c in columns_of if c and c[0]}
            unique[table] = tuple(tuple(map(str, c)) for i, c in zip(indexes, columns_of, strict=True) if i["unique"] and all(c))
        for (_, table), primary in inspector.get_multi_pk_constraint().items():
            if primary["constrained_columns"]:
                key = tuple(primary["constrained_columns"])
                leading[table].add(key[0])
                unique[table] = (*unique.get(table, ()), key)
        return Relations(tuple(keys), unique, {t: frozenset(found) for t, found in leading.items()})

    def indexed(self, conn: Connection, tables: Collection[Table]) -> Mapping[str, frozenset[str]]:
        return {}  # its collations are not known, so an index is never trusted with an identifier

    def limits(self, conn: Connection) -> tuple[str, ...]:
        return (
            f"This program was not tried against {conn.dialect.name}.",
            "Nothing is rehearsed here: permissions, CHECKs and triggers show only when the change is made.",
            "Whether all its tables take a change back together is not known.",
            "After a crash at the very moment of a change, this system can't tell whether it was made.",
            "Triggers of this system are not listed, and old bytes in its files can't be looked for.",
        )

    # -- narrowing ---------------------------------------------------------------------------------------------------

    def among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
        kind = table.columns[name].type
        if kind == "text":
            return table.at(name).in_([t for t in texts if not _NOT_TEXT.search(t)])
        if kind == "integer":
            whole = [int(t) for t in texts if re.fullmatch(r"-?\d{1,18}", t)]
            return table.at(name).in_(whole) if whole else false()
        return None

    def lower_among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool]:
        return func.lower(table.at(name)).in_(list(texts))

    def text_of(self, table: Table, name: str) -> ColumnElement[str] | None:
        kind = table.columns[name].type
        return table.at(name) if kind == "text" else self.as_text(table.at(name)) if kind == "integer" else None

    def as_text(self, at: ColumnElement[Any]) -> ColumnElement[str]:
        """A number as text."""
        return cast(at, Text)

    def like(self, text: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
        return func.lower(text).like(pattern.lower(), escape="\\")

    def not_ascii(self, text: ColumnElement[str]) -> ColumnElement[bool]:
        return text.is_not(None)

    # -- rows by key, and writing --------------------------------------------------------------------------------------

    def with_keys(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        columns = [table.at(name) for name in key]
        whole = [k for k in keys if None not in k]
        conditions: list[ColumnElement[bool]] = []
        if whole:
            conditions.append(self.whole(columns, whole))
        for k in keys:
            if None in k:
                parts = zip(columns, k, strict=True)
                conditions.append(and_(*(c.is_(None) if v is None else c == bindparam(None, v, unique=True) for c, v in parts)))
        return or_(*conditions)

    def whole(self, columns: Sequence[ColumnElement[Any]], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        """The rows in which these columns hold one of these tuples, none of which has a NULL."""
        return columns[0].in_([k[0] for k in keys]) if len(columns) == 1 else tuple_(*columns).in_(keys)

    def with_content(self, table: Table, values: Sequence[Value]) -> ColumnElement[bool]:
        parts = zip(table.clause.c, values, strict=True)
        return and_(*(c.is_(None) if v is None else c == bindparam(None, v, unique=True) for c, v in parts)).self_group()

    def stored(self, column: Column, value: Value) -> Value:
        return value

    def begin(self, conn: Connection) -> None:
        """The first statement starts the transaction."""

    def lock(self, statement: Any) -> Any:
        return statement.with_for_update()

    def settle(self, conn: Connection) -> None:
        """Nothing can be asked early of a database that is not known."""

    def evidence(self, conn: Connection) -> Mapping[str, Any]:
        return {}

    def proof(self, conn: Connection, evidence: Mapping[str, Any]) -> Proof:
        return "unknown"

    def after_commit(self, conn: Connection, touched: Sequence[Table], compact: bool) -> tuple[str, ...]:
        return ("Files of this system are not compacted from here.",) if compact else ()

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        why = "The files of this system can't be read from here."
        return [Residue(self.system.name, "server files", 0, why, "Ask the owner of the server to clear deleted rows and backups.")]


def _table(inspector: Any, name: str, schema: str | None, bare: str) -> Table:
    primary = set(inspector.get_pk_constraint(bare, schema=schema)["constrained_columns"])
    columns = {}
    for found in inspector.get_columns(bare, schema=schema):
        kind: ColumnType = next((k for t, k in _TYPES if isinstance(found["type"], t)), "other")
        columns[found["name"]] = Column(
            name=found["name"],
            type=kind,
            native=str(found["type"]),
            nullable=bool(found["nullable"]),
            length=getattr(found["type"], "length", None),
            generated="computed" in found,
            primary_key=found["name"] in primary,
            has_default=found.get("default") is not None,
        )
    views = inspector.get_view_names(schema=schema)
    kinds = {c: col.native for c, col in columns.items()}
    return Table(name, schema, bare, columns, kinds, bare in views, folded=inspector.dialect.requires_name_normalize)
