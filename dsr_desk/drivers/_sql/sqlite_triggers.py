"""The triggers of a SQLite file, and the tables that they write to: their whole program stands in the file."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection

from dsr_desk.model.schema import Trigger

_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'", re.DOTALL)
_NAME = r'("[^"]+"|`[^`]+`|\[[^\]]+\]|\w+)'
_HEAD = re.compile(
    rf"\b(?:BEFORE|AFTER|INSTEAD\s+OF)?\s*\b(DELETE|INSERT|UPDATE(?:\s+OF\s+(?P<columns>{_NAME}(?:\s*,\s*{_NAME})*))?)\s+ON\b",
    re.IGNORECASE,
)
_WRITES = re.compile(
    rf"\b(?:(?:INSERT(?:\s+OR\s+\w+)?|REPLACE)\s+INTO|UPDATE(?:\s+OR\s+(?:ROLLBACK|ABORT|REPLACE|FAIL|IGNORE))?|DELETE\s+FROM)\s+{_NAME}",
    re.IGNORECASE,
)


def triggers(conn: Connection) -> Mapping[str, tuple[Trigger, ...]]:
    """By table name."""
    found: dict[str, list[Trigger]] = defaultdict(list)
    rows = conn.exec_driver_sql("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    for table, name, sql in rows:
        found[table].append(_trigger(table, name, sql or ""))
    return {table: tuple(some) for table, some in found.items()}


def _trigger(table: str, name: str, program: str) -> Trigger:
    sql = _NOISE.sub(" ", program)
    head, _, body = re.sub(r"\bBEGIN\b", "\0", sql, count=1, flags=re.IGNORECASE).partition("\0")
    said = _HEAD.search(head)
    event = said[1].split(None, 1)[0].upper() if said else ""
    columns = tuple(_plain(c.strip()) for c in said["columns"].split(",")) if said and said["columns"] else ()
    named = dict.fromkeys(_plain(written) for written in _WRITES.findall(body))
    others = tuple(t for t in named if t.casefold() != table.casefold())
    events = (event,) if event else ("INSERT", "UPDATE", "DELETE")
    digest = hashlib.sha256(program.encode("utf-8", "surrogatepass")).hexdigest()
    return Trigger(name, events, columns, "yes" if others else "no", others, digest)


def _plain(name: str) -> str:
    return name[1:-1] if name[0] in '"`[' else name
