"""Fields inside JSON columns: ``profile.contact.email``, ``tags[]``, ``lines[].price``, read and written as values of their own.

A dot leads into an object, ``[]`` to every entry of a list; the rest of the document stays what it is, to the last digit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from typing import Any

from dsr_desk.drivers._sql.live import Inside, Table
from dsr_desk.model.catalog import Collection
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text

_STEP = re.compile(r"\.((?:[^.\[]|\[(?!\]))+)|(\[\])")
#: Columns that hold documents, or texts that may be documents.
_HOLDING = frozenset({"json", "text", "any"})
_RAW = "\ue000raw:"
_RAW_NUMBER = re.compile(rf'"{_RAW}([-+.0-9eE]+)"')


def with_paths(table: Table, collection: Collection) -> Table:
    """The table with the paths into its columns that the catalog lists. A column of that very name is the column."""
    paths = {}
    for name in collection.fields:
        path = None if name in table.columns else _path(table, name)
        if path is not None:
            paths[name] = path
    return replace(table, paths=paths) if paths else table


def _path(table: Table, name: str) -> Inside | None:
    for at in sorted((m.start() for m in re.finditer(r"\.|\[\]", name)), reverse=True):
        column = table.columns.get(name[:at])
        if column is not None and column.type in _HOLDING:
            steps = tuple("[]" if m[2] else m[1] for m in _STEP.finditer(name[at:]))
            whole = "".join("[]" if step == "[]" else f".{step}" for step in steps) == name[at:]
            return Inside(column.name, steps) if whole else None
    return None


def columns_of_paths(table: Table) -> Mapping[str, Column]:
    """What is known of the fields at these paths: that they may be missing."""
    return {name: Column(name, "any", f"in {path.column}") for name, path in table.paths.items()}


def shown(table: Table, values: dict[str, Value]) -> dict[str, Value]:
    """A row's values with those at the table's paths."""
    if table.paths:
        documents = {c: document(values.get(c)) for c in {path.column for path in table.paths.values()}}
        values.update((name, _at(documents[path.column], path.steps)) for name, path in table.paths.items())
    return values


def document(value: Value) -> Value:
    """What a column holds, as objects and lists; ``None`` where it is no JSON."""
    if not isinstance(value, str):
        return value
    try:
        return loads(value)
    except (ValueError, RecursionError):
        return None


def loads(text: str | bytes) -> Value:
    """JSON with its numbers as they are: one that a float would round, or write otherwise (1.10), becomes a ``Decimal``."""
    return json.loads(text, parse_float=_number)


def _number(text: str) -> float | Decimal:
    near = float(text)
    return near if repr(near) == text else Decimal(text)


def _nearest(value: Value) -> Value:
    """A number that is searched by what it is, however it is written: 1.50 is 1.5."""
    if not isinstance(value, Decimal):
        return value
    near = float(value)
    return near if Decimal(repr(near)) == value else value


def dumps(value: Value, compact: bool = False) -> str:
    """JSON of a value; what JSON has no form for becomes text."""
    separators = (",", ":") if compact else (", ", ": ")
    text = json.dumps(value, ensure_ascii=False, separators=separators, default=_plain)
    return _RAW_NUMBER.sub(r"\1", text)


def _plain(value: Any) -> Any:
    return f"{_RAW}{value}" if isinstance(value, Decimal) and value.is_finite() else as_text(value)


def _at(value: Value, steps: tuple[str, ...]) -> Value:
    if not steps:
        return _nearest(value)
    step, *rest = steps
    if step != "[]":
        return _at(value.get(step), tuple(rest)) if isinstance(value, dict) else None
    if not isinstance(value, list):
        return None
    found = []
    for entry in value:
        inner = _at(entry, tuple(rest))
        found += inner if "[]" in rest and isinstance(inner, list) else [inner]
    return found


class Unplaced(Exception):  # noqa: N818  # not an error of ours to show: it becomes a Refusal
    """The document of a row has no place for a value that is to be written to ``field``."""

    def __init__(self, field: str) -> None:
        super().__init__("unplaced")
        self.field = field


def written(table: Table, before: Mapping[str, Value], writes: Mapping[str, Value]) -> dict[str, Value]:
    """What is written to the columns, where ``writes`` goes by columns and paths. ``Unplaced`` where a document has no place."""
    columns = {name: value for name, value in writes.items() if name not in table.paths}
    made: dict[str, Value] = {}
    for name, value in writes.items():
        path = table.paths.get(name)
        if path is None or path.column in columns:
            continue
        old = before.get(path.column)
        if path.column not in made:
            made[path.column] = _parsed(name, old)
        try:
            made[path.column] = _put(made[path.column], path.steps, value)
        except LookupError:
            raise Unplaced(name) from None
    for column, new in made.items():
        old = before.get(column)
        columns[column] = new if not isinstance(old, str) else old if new is None else dumps(new, not re.search(r"[,:] ", old))
    return columns


def _parsed(name: str, old: Value) -> Value:
    """A copy of the document. One that names a member twice can't be written back as it is."""
    if not isinstance(old, str):
        return deepcopy(old)
    doubled: list[str] = []

    def members(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
        pairs = list(pairs)
        made = dict(pairs)
        doubled.extend(["twice"] * (len(made) < len(pairs)))
        return made

    try:
        made = json.loads(old, parse_float=_number, object_pairs_hook=members)
    except (ValueError, RecursionError):
        return None
    if doubled:
        raise Unplaced(name)
    return made


def _put(into: Value, steps: tuple[str, ...], value: Value) -> Value:
    """The document with the value there. What isn't there needs no erasing; ``LookupError`` where it can't be put."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if step == "[]" and isinstance(into, list):
        if not rest:
            return [] if value is None else value if isinstance(value, list) else [value] * len(into)
        each = value if isinstance(value, list) and len(value) == len(into) else [value] * len(into)
        return [_put(entry, rest, one) for entry, one in zip(into, each, strict=True)]
    if step != "[]" and isinstance(into, dict) and (step in into or (not rest and value is not None)):
        into[step] = _put(into.get(step), rest, value)
    elif value is not None:
        raise LookupError
    return into
