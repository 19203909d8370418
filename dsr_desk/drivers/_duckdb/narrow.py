"""A lookup as a condition: DuckDB narrows, ``Question`` decides. More rows may come through than answer, never fewer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dsr_desk.drivers._duckdb.kinds import INTEGERS, Leaf
from dsr_desk.drivers._duckdb.session import name
from dsr_desk.model.finding import Lookup
from dsr_desk.model.match import Question
from dsr_desk.model.values import Value, as_text

Condition = tuple[str, list[Any]]
NEVER: Condition = ("false", [])
ALWAYS: Condition = ("true", [])
#: Beyond this many patterns it is cheaper to decide in Python.
_MOST_PATTERNS = 60
_WHOLE = re.compile(r"-?[1-9][0-9]{0,37}|0")


def condition(lookup: Lookup, region: str | None, leaves: Mapping[str, Leaf]) -> Condition:
    """The rows of one file to read for a lookup. A field that the file doesn't have is empty in each of its rows."""
    if lookup.kind is None and not lookup.mention:
        wanted = [tuple(map(as_text, value)) for value in lookup.values]
        return among(lookup.fields, [texts for texts in wanted if all(texts)], leaves)
    there = [leaves[field] for field in lookup.fields if field in leaves]
    given = tuple((as_text(value[0]),) for value in lookup.values if as_text(value[0]))
    if not there or not given:
        return NEVER
    filled = " OR ".join(f"{name(leaf.steps[0])} IS NOT NULL" for leaf in there)
    patterns = Question(replace(lookup, values=given), region).patterns()
    if patterns is None or len(patterns) > _MOST_PATTERNS or not all(_plain(leaf) for leaf in there):
        return f"({filled})", []
    if not patterns:
        return NEVER
    texts = ", ".join(_text(leaf) for leaf in there)
    text = f"concat_ws(' ', {texts})" if len(there) > 1 else texts
    likes = list(dict.fromkeys(_like(pieces) for pieces in patterns))
    # A text beyond ASCII may fold to one that answers, so that it is always read.
    tried = [f"lower({text}) LIKE ? ESCAPE '\\'"] * len(likes) + [f"strlen({text}) <> length({text})"]
    return f"({' OR '.join(tried)})", likes


def among(fields: Sequence[str], wanted: Sequence[tuple[Value, ...]], leaves: Mapping[str, Leaf]) -> Condition:
    """The rows whose fields together may be one of these tuples of texts."""
    if not wanted or any(field not in leaves for field in fields):
        return NEVER
    parts, parameters = [], []
    for field, texts in zip(fields, zip(*wanted, strict=True), strict=True):
        sql, given = _one_of(leaves[field], dict.fromkeys(map(str, texts)))
        parts.append(sql)
        parameters += given
    return f"({' AND '.join(parts)})", parameters


def any_of(conditions: Sequence[Condition]) -> Condition:
    """Rows for which one of them holds."""
    return (" OR ".join(sql for sql, _ in conditions) or "false", [p for _, given in conditions for p in given])


def _one_of(leaf: Leaf, texts: Mapping[str, None]) -> Condition:
    at = expression(leaf)
    if leaf.many:
        return f"{name(leaf.steps[0])} IS NOT NULL", []
    if leaf.id == "varchar":
        return f"{at} IN (SELECT unnest(?::VARCHAR[]))", [[t for t in texts if _encodable(t)]]
    if leaf.id in INTEGERS:
        return f"{at}::HUGEINT IN (SELECT unnest(?::HUGEINT[]))", [[int(t) for t in texts if _fits(t)]]
    return f"{at} IS NOT NULL", []


def expression(leaf: Leaf) -> str:
    """A field that is not in a list, as SQL."""
    return name(leaf.steps[0]) + "".join(f"[{_quoted(step)}]" for step in leaf.steps[1:])


def _quoted(step: str) -> str:
    return "'" + step.replace("'", "''") + "'"


def _plain(leaf: Leaf) -> bool:
    return not leaf.many and (leaf.id == "varchar" or leaf.id in INTEGERS)


def _text(leaf: Leaf) -> str:
    return expression(leaf) if leaf.id == "varchar" else f"CAST({expression(leaf)} AS VARCHAR)"


def _encodable(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _fits(text: str) -> bool:
    return _WHOLE.fullmatch(text) is not None and abs(int(text)) < 2**127


def _like(pieces: Sequence[str]) -> str:
    escaped = (p.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for p in pieces)
    return f"%{'%'.join(escaped)}%"
