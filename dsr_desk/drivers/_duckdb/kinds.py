"""DuckDB's types: what they are here, how they are read without loss, and which fields a nested column has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dsr_desk.model.schema import ColumnType
from dsr_desk.model.values import Value

INTEGERS = frozenset(
    {"tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"}
)
ZONED = "timestamp with time zone"
_KINDS: dict[str, ColumnType] = {
    **dict.fromkeys(INTEGERS, "integer"),
    "varchar": "text",
    "enum": "text",
    "boolean": "boolean",
    "decimal": "decimal",
    "float": "float",
    "double": "float",
    "blob": "binary",
    "date": "date",
    "time": "time",
    "timestamp": "datetime",
    "timestamp_s": "datetime",
    "timestamp_ms": "datetime",
    ZONED: "datetime",
    "uuid": "uuid",
    "json": "json",
    "struct": "json",
    "list": "json",
    "map": "json",
}


@dataclass(frozen=True)
class Leaf:
    """One field: its dotted path, the names that lead to it (the column first), and its type. ``many``: it lies in a list."""

    path: str
    steps: tuple[str, ...]
    type: Any
    many: bool = False

    @property
    def id(self) -> str:
        """The name of its type."""
        return str(self.type.id)


def kind_of(kind: Any) -> ColumnType:
    """What this program calls a type."""
    return _KINDS.get(str(kind.id), "other")


def readable(kind: Any) -> str:
    """The type as which a column is read: what Python can't hold exactly (nanoseconds, months) comes as text."""
    if kind.id == "struct":
        inner = (f'"{name.replace(chr(34), chr(34) * 2)}" {readable(child)}' for name, child in kind.children)
        return f"STRUCT({', '.join(inner)})"
    if kind.id == "list":
        return f"{readable(kind.children[0][1])}[]"
    if kind.id == "map":
        return f"MAP({readable(kind.children[0][1])}, {readable(kind.children[1][1])})"
    if kind.id == ZONED:
        return "TIMESTAMP"  # the session's zone is UTC
    return str(kind) if str(kind.id) in _KINDS else "VARCHAR"


def leaves(column: str, kind: Any) -> Iterator[Leaf]:
    """The fields of a column: itself, or those of its objects (``a.b``) and of its lists of objects (``lines[].price``)."""
    yield from _leaves(column, (column,), kind, False)


def _leaves(path: str, steps: tuple[str, ...], kind: Any, many: bool) -> Iterator[Leaf]:
    if _enterable(kind):
        for name, child in kind.children:
            yield from _leaves(f"{path}.{name}", (*steps, name), child, many)
    elif kind.id == "list" and _enterable(kind.children[0][1]):
        yield from _leaves(f"{path}[]", steps, kind.children[0][1], True)
    else:
        yield Leaf(path, steps, kind, many)


def _enterable(kind: Any) -> bool:
    return kind.id == "struct" and all("." not in name and not name.endswith("[]") for name, _ in kind.children)


def flat(path: str, value: Value, kind: Any) -> Iterator[tuple[str, Value]]:
    """Every field of a column's value. An object that isn't there has all its fields, without a value."""
    if _enterable(kind):
        for name, child in kind.children:
            yield from flat(f"{path}.{name}", None if value is None else value[name], child)
    elif kind.id == "list" and _enterable(inner := kind.children[0][1]):
        entries = None if value is None else [dict(flat("", entry, inner)) for entry in value]
        for leaf in _leaves("", (), inner, True):
            yield f"{path}[]{leaf.path}", None if entries is None else [entry[leaf.path] for entry in entries]
    else:
        yield path, value.replace(tzinfo=UTC) if kind.id == ZONED and isinstance(value, datetime) else value
