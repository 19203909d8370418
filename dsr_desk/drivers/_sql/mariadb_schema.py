"""What a MariaDB or MySQL database says about itself, from its information schema in a few set-wise queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from dsr_desk.drivers._sql.live import Relations, Table
from dsr_desk.drivers._sql.mariadb_triggers import triggers
from dsr_desk.drivers._sql.mariadb_values import BINARY, TEXTS
from dsr_desk.model.schema import Column, ColumnType, ForeignKey

#: What is not in the database to which we are connected carries that database's name before it. Names of tables are compared by
#: their bytes below: the information schema itself takes ``Order`` for ``order``.
_NAME = "IF({0} = DATABASE(), {1}, CONCAT({0}, '.', {1}))"
_OURS = "({0} = DATABASE() OR (DATABASE() IS NULL AND {0} NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')))"
_KINDS = "('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')"
_TABLES = f"""
SELECT {_NAME.format("TABLE_SCHEMA", "TABLE_NAME")}, TABLE_TYPE, ENGINE FROM information_schema.TABLES
WHERE TABLE_TYPE IN {_KINDS} AND {_OURS.format("TABLE_SCHEMA")} ORDER BY 1
"""
_COLUMNS = f"""
SELECT t.TABLE_SCHEMA, t.TABLE_NAME, t.TABLE_TYPE, c.COLUMN_NAME, c.DATA_TYPE, c.COLUMN_TYPE, c.IS_NULLABLE,
       c.CHARACTER_MAXIMUM_LENGTH, c.EXTRA, c.COLUMN_DEFAULT, c.COLUMN_KEY, c.CHARACTER_SET_NAME
FROM information_schema.TABLES t JOIN information_schema.COLUMNS c USING (TABLE_SCHEMA, TABLE_NAME)
WHERE BINARY c.TABLE_NAME = t.TABLE_NAME AND t.TABLE_TYPE IN {_KINDS} AND (t.TABLE_SCHEMA, t.TABLE_NAME) IN ({{asked}})
ORDER BY t.TABLE_SCHEMA, t.TABLE_NAME, c.ORDINAL_POSITION
"""
_JSON = """
SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME FROM information_schema.CHECK_CONSTRAINTS
WHERE CHECK_CLAUSE = CONCAT('json_valid(`', CONSTRAINT_NAME, '`)') AND CONSTRAINT_SCHEMA IN ({asked})
"""
_INDEXES = f"""
SELECT {_NAME.format("s.TABLE_SCHEMA", "s.TABLE_NAME")}, s.INDEX_NAME, s.NON_UNIQUE = 0 AND s.SUB_PART IS NULL, s.SEQ_IN_INDEX,
       s.COLUMN_NAME, c.COLLATION_NAME LIKE '%%\\_ci'
FROM information_schema.STATISTICS s LEFT JOIN information_schema.COLUMNS c
  ON c.TABLE_SCHEMA = s.TABLE_SCHEMA AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = s.COLUMN_NAME
  AND BINARY c.TABLE_NAME = s.TABLE_NAME
WHERE s.INDEX_TYPE IN ('BTREE', 'HASH') AND {_OURS.format("s.TABLE_SCHEMA")} ORDER BY 1, 2, 4
"""
_FOREIGN_KEYS = f"""
SELECT {_NAME.format("k.TABLE_SCHEMA", "k.TABLE_NAME")}, k.CONSTRAINT_NAME, k.COLUMN_NAME,
       {_NAME.format("k.REFERENCED_TABLE_SCHEMA", "k.REFERENCED_TABLE_NAME")}, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE
FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND BINARY r.TABLE_NAME = k.TABLE_NAME
WHERE {_OURS.format("k.TABLE_SCHEMA")} OR {_OURS.format("k.REFERENCED_TABLE_SCHEMA")} ORDER BY 1, 2, k.ORDINAL_POSITION
"""
_CHECKS = f"""
SELECT {_NAME.format("CONSTRAINT_SCHEMA", "TABLE_NAME")}, CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
WHERE {_OURS.format("CONSTRAINT_SCHEMA")}
"""
_TRANSACTIONS = "SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES'"
_MAY_SEE_TRIGGERS = """
SELECT COUNT(*) FROM (SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
    UNION ALL SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE()) AS p
WHERE PRIVILEGE_TYPE = 'TRIGGER'
"""
_TYPES: Mapping[str, ColumnType] = {
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(BINARY, "binary"),
    **dict.fromkeys(("tinyint", "smallint", "mediumint", "int", "bigint", "bit", "year"), "integer"),
    **dict.fromkeys(("float", "double"), "float"),
    **dict.fromkeys(("datetime", "timestamp"), "datetime"),
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "json": "json",
    "uuid": "uuid",
}
_ACTIONS = {"CASCADE": "CASCADE", "SET NULL": "SET NULL", "SET DEFAULT": "SET DEFAULT", "RESTRICT": "RESTRICT"}
_HISTORY = (
    "the table keeps every earlier state of its rows (system versioning), so nothing is erased from it",
    "Ask the owner of the system to delete the history of these rows.",
)

LIMITS = (
    "The server's files, its binary log and its backups can hold erased values for longer: they can't be read from here.",
    "After a crash at the very moment of a change, only the rows tell whether it was made.",
    "Of foreign keys and triggers only those are seen of which its user may know.",
)
_HIDDEN = "Its user lacks the privilege TRIGGER, so no trigger is seen: a change may write elsewhere, unsaid."


def names(conn: Connection) -> list[str]:
    """Every table and view of the database, or of all databases as ``database.table`` where the url names none."""
    return [name for name, _, _ in conn.exec_driver_sql(_TABLES)]


def tables(conn: Connection, wanted: Collection[str], is_mariadb: bool) -> dict[str, Table]:
    """Those of the wanted tables that exist, by wanted name. Case counts as it does for the server."""
    if not wanted:
        return {}
    database, folds = conn.exec_driver_sql("SELECT DATABASE(), @@lower_case_table_names").one()
    places = {name: _places(name, database) for name in wanted}
    asked = sorted({place for some in places.values() for place in some})
    found: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    in_each = ", ".join(["(%s, %s)"] * len(asked))
    for row in conn.exec_driver_sql(_COLUMNS.format(asked=in_each), tuple(part for place in asked for part in place)):
        found[row[0], row[1]].append(tuple(row)[2:])
    json = _json_columns(conn, {schema for schema, _ in found}) if is_mariadb else frozenset()
    result = {}
    for name, some in places.items():
        place = next((live for p in some for live in found if live == p or (folds and _folded(live) == _folded(p))), None)
        if place is not None:
            result[name] = _table(place, found[place], database, json)
    return result


def _places(name: str, database: str | None) -> list[tuple[str, str]]:
    schema, dot, bare = name.partition(".")
    return [*([(database, name)] if database else []), *([(schema, bare)] if dot else [])]


def _folded(place: tuple[str, str]) -> tuple[str, str]:
    return place[0].casefold(), place[1].casefold()


def _json_columns(conn: Connection, schemas: Collection[str]) -> frozenset[tuple[str, str, str]]:
    """MariaDB keeps JSON as text, and a rule of the column says that it is JSON."""
    if not schemas:
        return frozenset()
    asked = sorted(schemas)
    rows = conn.exec_driver_sql(_JSON.format(asked=", ".join(["%s"] * len(asked))), tuple(asked))
    return frozenset((schema, table, column) for schema, table, column in rows)


def _table(
    place: tuple[str, str], rows: Iterable[tuple[Any, ...]], database: str | None, json: frozenset[tuple[str, str, str]]
) -> Table:
    columns, kinds, charsets = {}, {}, {}
    is_view = False
    for kind_of_table, name, data, whole, nullable, length, extra, default, key, charset in rows:
        is_view = kind_of_table == "VIEW"
        kind = "json" if (*place, name) in json else data.lower()
        columns[name] = Column(
            name=name,
            type="boolean" if whole.lower() == "tinyint(1)" else _TYPES.get(kind, "other"),
            native=whole,
            nullable=nullable == "YES",
            length=length if data in ("char", "varchar") else None,
            generated="GENERATED" in extra.upper() and "DEFAULT_GENERATED" not in extra.upper(),
            primary_key=key == "PRI",
            has_default=default not in (None, "NULL") or "auto_increment" in extra.lower(),
        )
        kinds[name] = kind
        if charset:
            charsets[name] = "utf8mb3" if charset == "utf8" else charset
    schema, bare = place
    name = bare if schema == database else f"{schema}.{bare}"
    return Table(name, None if schema == database else schema, bare, columns, kinds, is_view, charsets=charsets)


def relations(conn: Connection, is_mariadb: bool) -> Relations:
    """Keys, indexes, foreign keys, triggers and what can't be taken back, of the whole database."""
    unique, leading, rules = _indexes(conn)
    keys = []
    for name, fk in _foreign_keys(conn):
        keys.append(fk)
        rules[fk.table, name] = fk.columns
    if is_mariadb:
        for table, name, clause in conn.exec_driver_sql(_CHECKS):
            rules[table, name] = tuple(dict.fromkeys(re.findall(r"`([^`]+)`", clause)))
    safe = {engine for (engine,) in conn.exec_driver_sql(_TRANSACTIONS)}
    lasting = {}
    for table, kind, engine in conn.exec_driver_sql(_TABLES):
        if kind == "SYSTEM VERSIONED":
            lasting[table] = _HISTORY
        elif engine is not None and engine not in safe:
            lasting[table] = (
                f"the table takes nothing back (storage engine {engine}), so it can't be changed together with others",
                "Ask the owner of the system to change its engine to InnoDB.",
            )
    return Relations(tuple(keys), unique, leading, triggers(conn), rules, lasting)


def indexed(conn: Connection) -> Mapping[str, frozenset[str]]:
    """The leading columns of all indexes; where case doesn't count in one, it also answers ``lower(column)``."""
    return _indexes(conn)[1]


_Columns = tuple[str, ...]


def _indexes(
    conn: Connection,
) -> tuple[dict[str, tuple[_Columns, ...]], dict[str, frozenset[str]], dict[tuple[str, str], _Columns]]:
    whole: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    is_unique: dict[tuple[str, str], bool] = defaultdict(lambda: True)
    leading: dict[str, set[str]] = defaultdict(set)
    for table, index, unique, place, column, folds in conn.exec_driver_sql(_INDEXES):
        whole[table, index].append(column)
        is_unique[table, index] &= bool(unique)
        if place == 1 and column is not None:
            leading[table] |= {column, f"lower({column})"} if folds else {column}
    sets: dict[str, list[_Columns]] = defaultdict(list)
    rules = {}
    for (table, index), columns in whole.items():
        named = tuple(c for c in columns if c is not None)
        rules[table, index] = named
        if is_unique[table, index] and len(named) == len(columns):
            sets[table].append(named)
    return {t: tuple(found) for t, found in sets.items()}, {t: frozenset(found) for t, found in leading.items()}, rules


def _foreign_keys(conn: Connection) -> Iterator[tuple[str, ForeignKey]]:
    parts: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
    for table, name, column, to_table, to_column, action in conn.exec_driver_sql(_FOREIGN_KEYS):
        parts[table, name].append((column, to_table, to_column, action))
    for (table, name), rows in parts.items():
        columns, to_columns = tuple(r[0] for r in rows), tuple(r[2] for r in rows)
        yield name, ForeignKey(table, columns, rows[0][1], to_columns, _ACTIONS.get(rows[0][3], ""))


def limits(conn: Connection) -> tuple[str, ...]:
    """What this kind of system can't promise."""
    seen = conn.exec_driver_sql(_MAY_SEE_TRIGGERS).scalar()
    return LIMITS if seen else (*LIMITS, _HIDDEN)
