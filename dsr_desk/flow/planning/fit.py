"""A told value in the live column's own type, or why the column can't hold it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from dsr_desk.flow.planning.forms import UnfitError
from dsr_desk.model.identity import normals
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text


def fit(column: Column, told: Value, before: Value) -> Value:
    """The value as the column takes it: an empty text is NULL, any other becomes the column's type.

    Where the system has no types of its own, or keeps days and truths in others, the type of ``before`` counts. ``UnfitError`` for
    what can't stand there.
    """
    if column.generated:
        raise UnfitError("the system computes it itself", "Correct the columns it is computed from")
    if told is None or told == "":
        if not column.nullable:
            raise UnfitError("it may not be empty", "Give a value")
        return None
    kind = column.type if column.type in _READ else _TYPES.get(type(before), "text")
    if isinstance(told, bool) and kind in _NUMBERS:
        told = int(told)
    value = _like(before, _read(kind, told))
    if column.length is not None and isinstance(value, str) and len(value) > column.length:
        raise UnfitError(f"the new value has {len(value)} characters, and it takes {column.length}", "Give a shorter one")
    return value


def _read(kind: str, told: Value) -> Value:
    read, what = _READ[kind]
    try:
        return read(as_text(told) or "")
    except (ValueError, ArithmeticError):
        raise UnfitError(f"it holds {what}, and the new value is not {what}", _EXAMPLES.get(kind, f"Give {what}")) from None


def _like(before: Value, value: Value) -> Value:
    """The value in the form in which the system keeps such values, where that can be told from what stands there."""
    if isinstance(before, str):
        return as_text(value)
    if isinstance(before, int) and not isinstance(before, bool) and isinstance(value, bool):
        return int(value)
    if isinstance(before, float) and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return float(value)
    if isinstance(before, datetime) and isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=before.tzinfo)
    return value


def _whole(text: str) -> int:
    if not re.fullmatch(r"[-+]?\d{1,30}", text.strip()):
        raise ValueError
    return int(text)


def _decimal(text: str) -> Decimal:
    number = Decimal(text.strip())
    if not number.is_finite():
        raise ValueError
    return number


def _float(text: str) -> float:
    return float(_decimal(text))


def _truth(text: str) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.strip().lower() not in words:
        raise ValueError
    return words[text.strip().lower()]


def _day(text: str) -> date:
    return date.fromisoformat(min(normals("date_of_birth", text), default=""))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.strip())


def _bytes(text: str) -> bytes:
    raise ValueError


_READ: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "text": (str, "text"),
    "integer": (_whole, "a whole number"),
    "decimal": (_decimal, "a number"),
    "float": (_float, "a number"),
    "boolean": (_truth, "true or false"),
    "date": (_day, "a day"),
    "datetime": (_moment, "a moment"),
    "time": (time.fromisoformat, "a time"),
    "json": (json.loads, "JSON"),
    "uuid": (UUID, "a UUID"),
    "binary": (_bytes, "bytes"),
}
_EXAMPLES = {
    "date": "Write it as YYYY-MM-DD",
    "datetime": "Write it as YYYY-MM-DD HH:MM",
    "time": "Write it as HH:MM",
    "boolean": "Write true or false",
    "binary": "Correct it in the system itself",
}
_NUMBERS = ("integer", "decimal", "float")
_TYPES: Mapping[type, str] = {
    int: "integer",
    float: "float",
    Decimal: "decimal",
    bool: "boolean",
    date: "date",
    datetime: "datetime",
    time: "time",
    UUID: "uuid",
    bytes: "binary",
    list: "json",
    dict: "json",
}
