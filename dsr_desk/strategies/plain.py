"""The plain strategies: nothing of the old value is left, or all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value
from dsr_desk.strategies.base import Parameter, Strategy

#: What ``default`` writes where NULL may not stand, by the kind of column.
_DEFAULTS: Mapping[str, Value] = {
    "text": "",
    "integer": 0,
    "decimal": Decimal(0),
    "float": 0.0,
    "boolean": False,
    "date": date(1970, 1, 1),
    "datetime": datetime(1970, 1, 1),  # noqa: DTZ001  # the column has no zone; one that has gets UTC
    "time": time(0),
    "binary": b"",
    "json": {},
    "uuid": UUID(int=0),
}


class Null(Strategy):
    """NULL: the field is empty."""

    name = "null"
    fixed = True

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """Always ``None``."""
        return None

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """A NOT NULL column can't be emptied."""
        wrong = super().refuses(column, params)
        if wrong is None and not column.nullable:
            return (
                "the column may not be NULL, but the catalog says erase: null",
                'Give it a constant (erase: {constant: "…"}), or keep it with a ground',
            )
        return wrong


class Blank(Strategy):
    """The empty text, or zero for a number."""

    name = "blank"
    fixed = True
    takes = frozenset({"text", "integer", "decimal", "float", "json"})

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """``""`` for text, ``0`` for numbers, an empty object for JSON; NULL stays NULL."""
        if before is None:
            return None
        if column.type == "json":
            return {}
        if column.type in ("integer", "decimal", "float"):
            return type(before)(0) if isinstance(before, int | float) and not isinstance(before, bool) else 0
        return ""


class Default(Strategy):
    """NULL where that may stand, else what is empty for the type: a blank text, 0, false, 1970-01-01."""

    name = "default"
    fixed = True

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """``None``, or the type's empty value; in a column without a type, that of the value's own type."""
        if column.nullable:
            return None
        blank = _DEFAULTS.get(_kind(before) if column.type == "any" else column.type)
        if isinstance(blank, datetime) and isinstance(before, datetime) and before.tzinfo is not None:
            return blank.replace(tzinfo=UTC)
        return blank

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """A NOT NULL column of a type that has no empty value."""
        wrong = super().refuses(column, params)
        if wrong is None and not column.nullable and column.type == "other":
            return (f"nobody knows what is empty for the type {column.native or column.type}", "Give a constant, or keep it")
        return wrong


def _kind(value: Value) -> str:
    return next((kind for kind, blank in _DEFAULTS.items() if type(value) is type(blank)), "text")


class Constant(Strategy):
    """The same text or number for everybody."""

    name = "constant"
    parameters: ClassVar[Mapping[str, Parameter]] = {
        "value": Parameter("a text, a number, true or false", lambda v: isinstance(v, str | int | float | date), needed=True)
    }
    fixed = True

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The parameter ``value``; for a JSON column the document that the text writes."""
        value = params["value"]
        return json.loads(value) if column.type == "json" and isinstance(value, str) else value

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """The constant must be of the column's kind and fit into it."""
        wrong = super().refuses(column, params)
        if wrong is not None:
            return wrong
        value = params["value"]
        fits = {
            "integer": isinstance(value, int) and not isinstance(value, bool),
            "decimal": isinstance(value, int | float) and not isinstance(value, bool),
            "float": isinstance(value, int | float) and not isinstance(value, bool),
            "boolean": isinstance(value, bool),
            "date": _is_day(value),
            "datetime": _is_day(value),
            "time": False,
            "binary": False,
            "uuid": _is_uuid(value),
            "json": not isinstance(value, str) or _is_json(value),
            "text": isinstance(value, str),
        }.get(column.type, True)
        if not fits:
            return (f"the constant is not {column.type}, as the column wants", "Give a constant of the column's kind")
        if column.length is not None and isinstance(value, str) and len(value) > column.length:
            return (f"the constant has {len(value)} characters, and the column takes {column.length}", "Give a shorter one")
        return None


def _is_day(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        return bool(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _is_uuid(value: Any) -> bool:
    try:
        return bool(UUID(value))
    except (AttributeError, TypeError, ValueError):
        return False


class Keep(Strategy):
    """The value stays, for the ground that the collection's ``keep:`` gives."""

    name = "keep"
    in_law = "retained"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The value as it was."""
        return before
