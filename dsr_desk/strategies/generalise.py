"""Coarser values: a year instead of a day, the beginning of a text, the range of a number.

A value that already is as coarse as it would become (the first of January) gets that of the range before, so that it never stays
and nobody can tell: it looks like everybody's of that range.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar

from dsr_desk.model.identity import normals
from dsr_desk.model.schema import Column, ColumnType
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import Misuse, Parameter, Strategy, UnfitError, empty, one_of, whole

_NUMBER = re.compile(r"-?\d{1,100}(\.\d{1,100})?")
_DATES: frozenset[ColumnType] = frozenset({"date", "datetime", "text"})
_NUMBERS: frozenset[ColumnType] = frozenset({"integer", "decimal", "float", "text"})


class Generalise(Strategy):
    """A date becomes the first day of its month, year or decade; a text its beginning; a number its range."""

    name = "generalise"
    takes = _DATES | _NUMBERS
    parameters: ClassVar[Mapping[str, Parameter]] = {
        "to": one_of("month", "year", "decade"),
        "prefix": whole(1, 1000),
        "range": whole(2, 10**12),
    }
    in_law = "changed"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """In the type the value had. What is no date or number, and a text no longer than its prefix, becomes NULL, never stays."""
        if before is None:
            return None
        if "prefix" in params:
            text = as_text(before) or ""
            return text[: params["prefix"]] if len(text) > params["prefix"] else empty(column)
        return _ranged(before, column, params["range"]) if "range" in params else _dated(before, column, params["to"])

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """Dates for ``to``, texts for ``prefix``, numbers for ``range``."""
        wrong = super().refuses(column, params)
        kinds = _DATES if "to" in params else _NUMBERS if "range" in params else frozenset({"text"})
        if wrong is None and column.type not in kinds and column.type != "any":
            return (f"it writes {', '.join(sorted(kinds))} here, and the column holds {column.type}", "Choose another strategy")
        return wrong

    @classmethod
    def misuses(cls, params: Mapping[str, Any]) -> Iterator[Misuse]:
        """Exactly one of the three says how."""
        yield from super().misuses(params)
        if len(params.keys() & cls.parameters.keys()) != 1:
            cure = "Write erase: {generalise: year}, {generalise: {prefix: 2}} or {generalise: {range: 10}}"
            yield Misuse("", "generalise needs one of month, year, decade, prefix or range", cure)


def _dated(before: Value, column: Column, to: str) -> Value:
    text = min(normals("date_of_birth", before), default="")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return empty(column)
    first = _first(day, to)
    if first == day and (not isinstance(before, datetime) or before.time() == time(0)):
        first = _first(date.fromordinal(first.toordinal() - 1), to) if first > date(10, 12, 31) else _next(first, to)
    if isinstance(before, datetime):
        return datetime(first.year, first.month, 1, tzinfo=before.tzinfo)
    if isinstance(before, date):
        return first
    timed = column.type == "datetime" and isinstance(before, str) and len(before) > len("2000-01-31")
    return f"{first}{'T' if 'T' in str(before) else ' '}00:00:00" if timed else first.isoformat()


def _first(day: date, to: str) -> date:
    if to == "month":
        return day.replace(day=1)
    return date(day.year if to == "year" else max(day.year - day.year % 10, 1), 1, 1)


def _next(first: date, to: str) -> date:
    if to == "month":
        return date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return date(first.year + 1 if to == "year" else first.year - first.year % 10 + 10, 1, 1)


def _ranged(before: Value, column: Column, size: int) -> Value:
    """The lower end of the number's range; in a text both ends (``20-29``)."""
    if isinstance(before, str):
        if not _NUMBER.fullmatch(before):
            return empty(column)
        low = math.floor(Decimal(before)) // size * size
        return f"{low}-{low + size - 1}"
    if isinstance(before, bool) or not isinstance(before, int | float | Decimal) or not math.isfinite(before):
        raise UnfitError("it holds values that are no numbers, which have no range", "Choose another strategy under erase:")
    low = math.floor(before) // size * size
    if low == before:
        low += size if before <= 0 else -size
    if isinstance(before, Decimal):
        return Decimal(low)
    if isinstance(before, float) and float(low) == before:
        raise UnfitError("some of its numbers are too large for this range", "Choose a wider range:, or another strategy")
    return type(before)(low)
