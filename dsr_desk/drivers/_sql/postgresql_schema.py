"""What a PostgreSQL database says about itself, from its system catalogs in a few set-wise queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from dsr_desk.drivers._sql.live import Relations, Table
from dsr_desk.drivers._sql.postgresql_triggers import triggers
from dsr_desk.model.schema import Column, ColumnType, ForeignKey

_NAME = "CASE WHEN pg_table_is_visible(c.oid) THEN c.relname::text ELSE n.nspname || '.' || c.relname END"
_OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"
_NAMES = f"""
SELECT {_NAME} FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND {_OURS} ORDER BY 1
"""
_COLUMNS = f"""
SELECT w.wanted, {_NAME}, n.nspname, c.relname, c.relkind = ANY('{{v,m}}'), a.attname, b.typname, b.typtype,
       format_type(b.oid, NULL), format_type(a.atttypid, a.atttypmod), a.attnotnull OR t.typnotnull, a.atttypmod,
       a.attidentity = 'a' OR a.attgenerated <> '', a.atthasdef OR a.attidentity <> '', a.attnum = ANY(k.indkey),
       a.attidentity = 'a', c.relhassubclass, c.relkind::text
FROM (SELECT wanted, COALESCE(to_regclass(whole), to_regclass(parts)) AS oid
      FROM unnest(%s::text[], %s::text[], %s::text[]) AS v(wanted, whole, parts)) w
JOIN pg_class c ON c.oid = w.oid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid JOIN pg_type b ON b.oid = COALESCE(NULLIF(t.typbasetype, 0), t.oid)
LEFT JOIN pg_index k ON k.indrelid = c.oid AND k.indisprimary
ORDER BY w.wanted, a.attnum
"""
_INDEXES = f"""
SELECT {_NAME}, i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL, pg_get_indexdef(i.indexrelid, 1, true),
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY AS p(num, place)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = p.num ORDER BY p.place), i.indkey[0] = 0
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisvalid AND i.indpred IS NULL AND {_OURS} AND (%s::text[] IS NULL OR n.nspname || '.' || c.relname = ANY(%s::text[]))
"""
_FOREIGN_KEYS = f"""
SELECT {_NAME}, f.child, f.target, {_NAME.replace("c.", "pc.").replace("n.", "pn.")}, f.confdeltype, f.condeferred
FROM (SELECT conrelid, confrelid, confdeltype, conname, condeferred,
        ARRAY(SELECT a.attname::text FROM unnest(conkey) WITH ORDINALITY AS p(num, place)
              JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = p.num ORDER BY p.place) AS child,
        ARRAY(SELECT a.attname::text FROM unnest(confkey) WITH ORDINALITY AS p(num, place)
              JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = p.num ORDER BY p.place) AS target
      FROM pg_constraint WHERE contype = 'f' AND conparentid = 0) f
JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class pc ON pc.oid = f.confrelid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
ORDER BY 1, f.conname
"""
_RULES = f"""
SELECT {_NAME}, o.conname, ARRAY(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY AS p(num, place)
    JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = p.num ORDER BY p.place)
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}
UNION ALL
SELECT {_NAME}, x.relname, ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = i.indrelid
    AND a.attnum = ANY(i.indkey) ORDER BY a.attnum)
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.indisunique AND {_OURS}
"""
_BELOW = f"""
WITH RECURSIVE below(top, oid) AS (
    SELECT to_regclass(t), to_regclass(t)::oid FROM unnest(%s::text[]) AS v(t)
    UNION SELECT b.top, i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.oid
)
SELECT (SELECT nspname FROM pg_namespace WHERE oid = t.relnamespace), t.relname, {_NAME}
FROM below b JOIN pg_class t ON t.oid = b.top JOIN pg_class c ON c.oid = b.oid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE b.oid <> b.top::oid ORDER BY 3
"""
_TYPES: Mapping[str, ColumnType] = {
    **dict.fromkeys(("text", "varchar", "bpchar", "citext", "name"), "text"),
    **dict.fromkeys(("int2", "int4", "int8", "oid"), "integer"),
    **dict.fromkeys(("float4", "float8"), "float"),
    **dict.fromkeys(("timestamp", "timestamptz"), "datetime"),
    **dict.fromkeys(("time", "timetz"), "time"),
    **dict.fromkeys(("json", "jsonb"), "json"),
    "numeric": "decimal",
    "bool": "boolean",
    "date": "date",
    "bytea": "binary",
    "uuid": "uuid",
}
_ACTIONS = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT", "r": "RESTRICT"}
_LOWER = re.compile(r"lower\(\(?\"?(.+?)\"?\)?(::[a-z ]+)?\)")


def names(conn: Connection) -> list[str]:
    """Every table and view; those outside the search path as ``schema.name``."""
    return [name for (name,) in conn.exec_driver_sql(_NAMES)]


def tables(conn: Connection, wanted: Collection[str]) -> dict[str, Table]:
    """Those of the wanted tables that exist, by wanted name."""
    asked = sorted(wanted)
    parts = [".".join(map(_quoted, name.split(".", 1))) for name in asked]
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in conn.exec_driver_sql(_COLUMNS, (asked, [_quoted(name) for name in asked], parts)):
        found[row[0]].append(tuple(row)[1:])
    made = {name: _table(rows) for name, rows in found.items()}
    parents = {(t.schema, t.bare): name for name, t in made.items() if found[name][0][-2]}
    if not parents:
        return made
    below: dict[str, list[str]] = defaultdict(list)
    for schema, bare, part in conn.exec_driver_sql(_BELOW, ([f"{_quoted(str(s))}.{_quoted(b)}" for s, b in parents],)):
        below[parents[schema, bare]].append(part)
    return made | {name: replace(made[name], parts=tuple(parts)) for name, parts in below.items()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _table(rows: list[tuple[Any, ...]]) -> Table:
    columns = {}
    kinds = {}
    for _, _, _, _, column, kind, typtype, base, native, notnull, modifier, generated, default, primary, *_ in rows:
        columns[column] = Column(
            name=column,
            type="text" if typtype == "e" else _TYPES.get(kind, "other"),
            native=native,
            nullable=not notnull,
            length=modifier - 4 if kind in ("varchar", "bpchar") and modifier > 4 else None,
            generated=generated,
            primary_key=bool(primary),
            has_default=default,
        )
        kinds[column] = kind if kind in _TYPES else base
    name, schema, bare, is_view = rows[0][:4]
    identities = frozenset(row[4] for row in rows if row[-3])
    apart = ("tableoid", "ctid") if rows[0][-1] in ("r", "p") else ()  # what stands on another server has no place here
    return Table(name, schema, bare, columns, kinds, is_view, identities, apart, partitioned=rows[0][-1] == "p")


def indexed(conn: Connection, wanted: Collection[Table]) -> dict[str, frozenset[str]]:
    """The leading columns of the indexes of these tables."""
    return _indexes(conn, [f"{t.schema}.{t.bare}" for t in wanted])[1]


def _indexes(
    conn: Connection, wanted: list[str] | None
) -> tuple[dict[str, tuple[tuple[str, ...], ...]], dict[str, frozenset[str]]]:
    unique: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    leading: dict[str, set[str]] = defaultdict(set)
    for table, is_unique, first, columns, is_expression in conn.exec_driver_sql(_INDEXES, (wanted, wanted)):
        if is_unique:
            unique[table].add(tuple(columns))
        if not is_expression:
            leading[table].add(columns[0])
        elif match := _LOWER.fullmatch(first):
            leading[table].add(f"lower({match[1]})")
    return (
        {table: tuple(sorted(found)) for table, found in unique.items()},
        {table: frozenset(found) for table, found in leading.items()},
    )


def relations(conn: Connection) -> Relations:
    """Keys, indexes, foreign keys and triggers of the whole database."""
    unique, leading = _indexes(conn, None)
    keys = tuple(
        ForeignKey(table, tuple(child), parent, tuple(target), _ACTIONS.get(action, ""), deferred)
        for table, child, target, parent, action, deferred in conn.exec_driver_sql(_FOREIGN_KEYS)
    )
    rules = {(table, name): tuple(columns) for table, name, columns in conn.exec_driver_sql(_RULES)}
    return Relations(keys, unique, leading, triggers(conn), rules)


#: What a PostgreSQL server can't promise.
LIMITS = ("Deleted rows leave the server's files only with VACUUM; its write-ahead log and its backups keep them longer.",)
