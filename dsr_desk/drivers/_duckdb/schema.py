"""A Parquet file's schema (parquet.thrift, SchemaElement), so that two files can be compared by what their columns mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

_QUERY = """
    SELECT name, type, type_length, repetition_type, num_children, converted_type, scale, precision, field_id, logical_type
    FROM parquet_schema(?)
"""
#: Older words that say no more than the physical type, or than the newer word beside them.
_SAYS_NOTHING = {("INT32", "INT_32"), ("INT64", "INT_64")}
_NEWER = ("TimeType", "TimestampType", "Float16Type", "UUIDType", "IntervalType")


@dataclass(frozen=True, slots=True)
class Element:
    """One element below the root: how it is stored, what it means, and whether it may or must be there, or repeats."""

    name: str
    physical: str | None
    length: str | None
    meaning: tuple[Any, ...]
    repetition: str
    children: int
    field: int | None
    top: bool


def schema_of(connection: Connection, path: Path) -> list[Element]:
    """The elements of a file in their order, without the root."""
    rows = connection.execute(_QUERY, [str(path)]).fetchall()
    return list(_elements(rows[1:], rows[0][4] or 0)) if rows else []


def _elements(rows: list[tuple[Any, ...]], top: int) -> Iterator[Element]:
    ends: list[int] = []  # how many children are still to come, for each element that is open
    for name, physical, length, repetition, children, converted, scale, precision, field, logical in rows:
        while ends and not ends[-1]:
            ends.pop()
        if ends:
            ends[-1] -= 1
        meaning = _meaning(physical, converted, logical), scale, precision
        yield Element(
            name,
            physical,
            length if physical == "FIXED_LEN_BYTE_ARRAY" else None,
            meaning,
            repetition,
            children or 0,
            field,
            not ends,
        )
        if children:
            ends.append(children)


def _meaning(physical: str | None, converted: str | None, logical: str | None) -> str | None:
    if logical and logical.startswith(_NEWER):
        return logical
    if converted is not None:
        return None if (physical, converted) in _SAYS_NOTHING else converted
    return "UTF8" if logical == "StringType()" else logical
