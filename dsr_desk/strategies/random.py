"""Random values: fresh for every field and every plan, of the same type and form, and bound to nothing."""

from __future__ import annotations

import math
import secrets
import string
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import Parameter, Strategy, UnfitError, text, whole

_LETTERS = string.ascii_lowercase + string.digits
#: Characters before a suffix where ``length`` does not say how many.
_LENGTH = 12
_FEWEST = 8
#: Columns whose values a database without types of its own for them (SQLite) keeps as text.
_DATED = frozenset({"date", "datetime", "time"})
#: The length of a day as text.
_DAY = len("2000-01-31")
#: Random days lie in the 20th century: between 1900-01-01 and 1999-12-31.
_FIRST, _LAST = date(1900, 1, 1).toordinal(), date(1999, 12, 31).toordinal()


class Random(Strategy):
    """A fresh random value of the same type; a text keeps its length and its classes of characters."""

    name = "random"
    takes = frozenset({"text", "integer", "decimal", "float", "date", "datetime", "time", "uuid", "binary"})
    parameters: ClassVar[Mapping[str, Parameter]] = {"length": whole(_FEWEST, 10_000), "suffix": text()}
    deterministic = False

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """Never what stood there. NULL and the empty text stay; ``length`` and ``suffix`` make a text of that form instead."""
        if before is None or before == "":
            return before
        while _same(fresh := self._fresh(before, column, params), before):
            pass
        return fresh

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """``length`` and ``suffix`` are for texts, and want room."""
        wrong = super().refuses(column, params)
        if wrong is None and params and column.type not in ("text", "any"):
            return (f"length and suffix are for texts, and the column holds {column.type}", "Write erase: random")
        if wrong is None and params and column.length is not None:
            size = params.get("length", _FEWEST) + len(params.get("suffix", ""))
            if size > column.length:
                return (f"{size} random characters with their suffix don't fit into {column.length}", "Choose fewer characters")
        return wrong

    def _fresh(self, before: Value, column: Column, params: Mapping[str, Any]) -> Value:
        if params:
            suffix = params.get("suffix", "")
            size = params.get("length", _LENGTH if column.length is None else min(_LENGTH, column.length - len(suffix)))
            return _word(size) + suffix
        return _dated(before, column) if isinstance(before, str) and column.type in _DATED else _like(before)


def _same(a: Value, b: Value) -> bool:
    return a == b or as_text(a) == as_text(b)


def _dated(before: str, column: Column) -> str:
    """A day or time that the database keeps as text, drawn as one and written the same way; what is none is drawn as a text."""
    try:
        old = time.fromisoformat(before) if column.type == "time" else datetime.fromisoformat(before)
    except ValueError:
        return _text(before)
    fresh = _like(old)
    if not isinstance(fresh, datetime):
        return str(fresh)
    return str(fresh.date()) if len(before) <= _DAY else fresh.isoformat("T" if "T" in before else " ")


def _like(before: Value) -> Value:
    """One draw of the type and form of ``before``; ``UnfitError`` where its type has too few values, or none that are known."""
    if isinstance(before, str):
        return _text(before)
    if isinstance(before, bool):
        raise UnfitError("true and false have no third: a random one would tell the old one", "Use null, blank or a constant")
    if isinstance(before, int):
        return _number(before)
    if isinstance(before, Decimal) and before.is_finite():
        sign, digits, exponent = before.as_tuple()
        drawn = _number(int("".join(map(str, digits))))
        return Decimal((sign, tuple(map(int, str(drawn))), int(exponent)))
    if isinstance(before, float) and math.isfinite(before):
        return float(_like(Decimal(repr(before))))
    if isinstance(before, date):
        day = date.fromordinal(_FIRST + secrets.randbelow(_LAST - _FIRST + 1))
        return datetime.combine(day, _time(before.timetz())) if isinstance(before, datetime) else day
    if isinstance(before, time):
        return _time(before)
    if isinstance(before, bytes | bytearray | memoryview) and len(before):
        return secrets.token_bytes(len(before))
    if type(before).__name__ == "UUID":
        return uuid4()
    raise UnfitError("it holds values of a type that nobody can draw at random", "Use null, or a constant")


def _number(before: int) -> int:
    """A whole number with the same sign and as many digits."""
    digits = len(str(abs(before)))
    low = 10 ** (digits - 1) if digits > 1 else 0
    drawn = low + secrets.randbelow(10**digits - low)
    return -drawn if before < 0 else drawn


def _time(like: time) -> time:
    """To the second, or finer where the old one was."""
    micro = secrets.randbelow(1_000_000) if like.microsecond else 0
    return time(secrets.randbelow(24), secrets.randbelow(60), secrets.randbelow(60), micro, tzinfo=like.tzinfo)


def _text(before: str) -> str:
    if not any(c.isdigit() or c.isupper() or c.isalpha() for c in before):
        return _word(len(before))
    return "".join(map(_character, before, _draws(len(before))))


def _character(old: str, draw: int) -> str:
    if old.isdigit():
        return string.digits[draw % 10]
    if old.isupper():
        return string.ascii_uppercase[draw % 26]
    return string.ascii_lowercase[draw % 26] if old.isalpha() else old


def _word(size: int) -> str:
    return "".join(_LETTERS[draw % len(_LETTERS)] for draw in _draws(size))


def _draws(count: int) -> memoryview[int]:
    """So many numbers from 0 to 2^32 - 1: a remainder of one leans to small ones by less than 10^-8."""
    return memoryview(secrets.token_bytes(4 * count)).cast("I")
