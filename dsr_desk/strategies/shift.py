"""Shift: every date of a request moves by the same number of days, so that what lay between them stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from dsr_desk.model.identity import normals
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value
from dsr_desk.strategies.base import KEYED, Parameter, Strategy, UnfitError, digest, empty, whole

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?=$|[T ])")


class Shift(Strategy):
    """A date moves by up to so many days, never by 0, and by the same number in the whole request."""

    name = "shift"
    takes = frozenset({"date", "datetime", "text"})
    parameters: ClassVar[Mapping[str, Parameter]] = {"days": whole(1, 36_500, needed=True), **KEYED}
    in_law = "changed"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """In the type the value had, the time of day unchanged. Fields with another ``days`` move by another number.

        A text that is no date becomes NULL, never stays.
        """
        if before is None:
            return None
        days = _days(key, params["days"])
        if isinstance(before, date):
            return _moved(before, days)
        if not isinstance(before, str):
            raise UnfitError("it holds values that are no dates", "Choose another strategy under erase:")
        head = before[:10] if _ISO.match(before) else min(normals("date_of_birth", before), default="")
        tail = before[10:] if _ISO.match(before) else ""
        try:
            return _moved(date.fromisoformat(head), days).isoformat() + tail
        except ValueError:
            return empty(column)


def _days(key: bytes, most: int) -> int:
    """The number of days under this key: -``most`` to ``most``, never 0."""
    draw = int.from_bytes(digest(key, "shift", str(most)), "big") % (2 * most) - most
    return draw if draw < 0 else draw + 1


def _moved(day: date, days: int) -> date:
    """The date (or date and time) moved; the other way where the calendar ends."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return day - timedelta(days)
