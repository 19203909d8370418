"""The triggers of a MariaDB or MySQL database, and the tables that they write to. Foreign keys that cascade fire none of them."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Connection

from dsr_desk.model.schema import Trigger

_TRIGGERS = """
SELECT IF(EVENT_OBJECT_SCHEMA = DATABASE(), EVENT_OBJECT_TABLE, CONCAT(EVENT_OBJECT_SCHEMA, '.', EVENT_OBJECT_TABLE)),
       TRIGGER_NAME, EVENT_MANIPULATION, ACTION_STATEMENT, ACTION_TIMING
FROM information_schema.TRIGGERS
WHERE EVENT_OBJECT_SCHEMA NOT IN ('mysql', 'sys') AND (DATABASE() IS NULL OR EVENT_OBJECT_SCHEMA = DATABASE()) ORDER BY 1, 2
"""
_NOISE = re.compile(r"--[ \t][^\n]*|#[^\n]*|/\*.*?\*/|'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\"", re.DOTALL)
_PART = r"(?:`[^`]+`|\w+)"
_MORE = r"(?:LOW_PRIORITY\s+|DELAYED\s+|HIGH_PRIORITY\s+|QUICK\s+|IGNORE\s+)*"
_WRITES = re.compile(
    rf"\b(?:(?:INSERT\s+{_MORE}|REPLACE\s+{_MORE})(?:INTO\s+)?|UPDATE\s+{_MORE}|DELETE\s+{_MORE}FROM\s+)({_PART}(?:\s*\.\s*{_PART})?)",
    re.IGNORECASE,
)
#: What may write without saying where: a procedure, a function that is not the server's own, a join that is updated.
_OPAQUE = re.compile(r"\bCALL\b|\bUPDATE\b[^;]*?(?:,|\bJOIN\b)[^;]*?\bSET\b|\bDELETE\s+(?!FROM\b)\w", re.IGNORECASE)
_CALLED = re.compile(r"\b([a-z_]\w*)\s*\(", re.IGNORECASE)
#: The server's own functions, and words that may stand before a bracket.
_WORDS = """
now current_timestamp utc_timestamp curdate coalesce ifnull nullif if lower upper trim length char_length concat concat_ws values in
and or not on exists into year month day date date_format unix_timestamp user current_user md5 sha1 sha2 uuid greatest least replace
round floor abs substring substr left right json_object json_set json_extract cast convert when then else set select from where
interval key index using varchar char decimal int
"""
_KNOWN = frozenset(_WORDS.split())


def triggers(conn: Connection) -> Mapping[str, tuple[Trigger, ...]]:
    """By table name."""
    found: dict[str, list[Trigger]] = defaultdict(list)
    for table, name, event, program, timing in conn.exec_driver_sql(_TRIGGERS):
        elsewhere, tables = _elsewhere(program, table.rpartition(".")[2])
        digest = hashlib.sha256(f"{timing}\0{event}\0{program}".encode("utf-8", "surrogatepass")).hexdigest()
        found[table].append(Trigger(name, (event,), (), elsewhere, tables, digest))
    return {table: tuple(some) for table, some in found.items()}


def _elsewhere(program: str, own: str) -> tuple[Literal["no", "may", "yes"], tuple[str, ...]]:
    bare = _NOISE.sub(" ", program)
    named = dict.fromkeys(re.sub(r"[`\s]", "", match) for match in _WRITES.findall(bare))
    others = tuple(t for t in named if t.casefold() not in (own.casefold(), "set", "new", "old"))
    if others:
        return "yes", others
    rest = _WRITES.sub(" ", bare)
    called = {name.casefold() for name in _CALLED.findall(rest)} - _KNOWN
    return ("may" if called or _OPAQUE.search(bare) else "no"), ()
