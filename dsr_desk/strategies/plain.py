"""The plain strategies: nothing of the old value is left, or all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value
from dsr_desk.strategies.base import Strategy


class Null(Strategy):
    """NULL: the field is empty."""

    name = "null"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """Always ``None``."""
        return None

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """A NOT NULL column can't be emptied."""
        if not column.nullable:
            return (
                "the column may not be NULL, but the catalog says erase: null",
                'Give it a constant (erase: {constant: "…"}), or keep it with a ground',
            )
        return super().refuses(column, params)


class Blank(Strategy):
    """The empty text, or zero for a number."""

    name = "blank"
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


class Constant(Strategy):
    """The same text or number for everybody."""

    name = "constant"
    parameters: ClassVar[Mapping[str, bool]] = {"value": True}

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The parameter ``value``; for a JSON column the document that the text writes."""
        value = params["value"]
        return json.loads(value) if column.type == "json" and isinstance(value, str) else value

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """The constant must be of the column's kind and fit into it."""
        value = params.get("value")
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
        return super().refuses(column, params)


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
