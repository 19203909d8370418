"""What a PostgreSQL database runs by itself when rows change: triggers and rules, and whether they write elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Connection

from dsr_desk.model.schema import Trigger

_NAME = "CASE WHEN pg_table_is_visible({0}.oid) THEN {0}.relname::text ELSE {1}.nspname || '.' || {0}.relname END"
_TRIGGERS = f"""
WITH RECURSIVE below(top, oid) AS (
    SELECT oid, oid FROM pg_class WHERE relkind IN ('r', 'p', 'v')
    UNION SELECT b.top, i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.oid
)
SELECT {_NAME.format("c", "n")}, {_NAME.format("o", "m")}, g.tgname, g.tgtype,
       ARRAY(SELECT a.attname::text FROM unnest(g.tgattr::int2[]) AS p(num)
             JOIN pg_attribute a ON a.attrelid = g.tgrelid AND a.attnum = p.num),
       l.lanname, p.pronamespace = 'pg_catalog'::regnamespace, p.prosrc, pg_get_triggerdef(g.oid)
FROM pg_trigger g JOIN below b ON b.oid = g.tgrelid
JOIN pg_class c ON c.oid = b.top JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class o ON o.oid = g.tgrelid JOIN pg_namespace m ON m.oid = o.relnamespace
JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_language l ON l.oid = p.prolang
WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND (b.top = b.oid OR g.tgparentid = 0)
ORDER BY 1, 3
"""
_RULES = f"""
SELECT {_NAME.format("c", "n")}, r.rulename, r.ev_type, pg_get_ruledef(r.oid)
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND r.ev_enabled <> 'D' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
_EVENTS = ((4, "INSERT"), (16, "UPDATE"), (8, "DELETE"))
_RULED = {"2": "UPDATE", "3": "INSERT", "4": "DELETE"}
_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
_PART = r'(?:"[^"]+"|\w+)'
_WRITES = re.compile(
    rf"\b(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|MERGE\s+INTO)\s+({_PART}(?:\.{_PART})?)", re.IGNORECASE
)
#: What may write without saying where.
_OPAQUE = re.compile(r"\b(EXECUTE|PERFORM|CALL|NOTIFY|COPY|TRUNCATE|INTO|dblink\w*|pg_notify|[\w.]+\s*\()", re.I)
_HARMLESS = re.compile(
    r"\b(now|current_timestamp|clock_timestamp|coalesce|lower|upper|trim|btrim|length|nullif|concat|to_tsvector|setweight|if|elsif|"
    r"and|or|not|in|values|row|greatest|least|replace|md5|round|date_trunc|jsonb_build_object|to_jsonb|format)\s*\(",
    re.I,
)


def triggers(conn: Connection) -> Mapping[str, tuple[Trigger, ...]]:
    """By table name: its own triggers and rules, and those of the tables below it."""
    found: dict[str, dict[str, Trigger]] = defaultdict(dict)
    for table, own, name, kind, columns, language, shipped, source, whole in conn.exec_driver_sql(_TRIGGERS):
        events = tuple(event for bit, event in _EVENTS if kind & bit)
        elsewhere, tables = ("no", ()) if shipped else _elsewhere(language, source, {own, own.rpartition(".")[2]})
        found[table].setdefault(name, Trigger(name, events, tuple(columns), elsewhere, tables, _digest(whole, source)))
    for table, name, event, whole in conn.exec_driver_sql(_RULES):
        found[table].setdefault(name, Trigger(name, (_RULED.get(str(event), "SELECT"),), digest=_digest(whole)))
    return {table: tuple(by_name.values()) for table, by_name in found.items()}


def _digest(*texts: str | None) -> str:
    return hashlib.sha256("\0".join(text or "" for text in texts).encode()).hexdigest()


def _elsewhere(language: str, source: str, own: set[str]) -> tuple[Literal["no", "may", "yes"], tuple[str, ...]]:
    if language not in ("plpgsql", "sql"):
        return "may", ()
    bare = _NOISE.sub(" ", source)
    named = dict.fromkeys(match.replace('"', "") for match in _WRITES.findall(bare))
    others = tuple(t for t in named if t not in own and t.lower() not in own)
    if others:
        return "yes", others
    return ("may" if _OPAQUE.search(_HARMLESS.sub(" ", _WRITES.sub(" ", bare))) else "no"), ()
