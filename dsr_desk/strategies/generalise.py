"""Coarser values: a year instead of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from dsr_desk.model.identity import normals
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value
from dsr_desk.strategies.base import Strategy


class Generalise(Strategy):
    """A date becomes the first day of its year or decade."""

    name = "generalise"
    takes = frozenset({"date", "datetime", "text"})
    parameters: ClassVar[Mapping[str, bool]] = {"to": True}
    in_law = "changed"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """The first of January, in the type the value had; a text that is no date becomes NULL, never stays."""
        if before is None:
            return None
        text = min(normals("date_of_birth", before), default="")
        try:
            year = date.fromisoformat(text).year
        except ValueError:
            return None if column.nullable else ""
        if params["to"] == "decade":
            year = max(year - year % 10, 1)
        first = date(year, 1, 1)
        if isinstance(before, datetime):
            return datetime(year, 1, 1, tzinfo=before.tzinfo)
        return first if isinstance(before, date) else first.isoformat()

    def refuses(self, column: Column, params: Mapping[str, Any]) -> tuple[str, str] | None:
        """Only years and decades."""
        if params.get("to") not in ("year", "decade"):
            return ("generalise knows year and decade", "Write erase: {generalise: year}")
        return super().refuses(column, params)
