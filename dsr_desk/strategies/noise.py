"""Noise: a number becomes another one near it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Context, Decimal, InvalidOperation
from typing import Any, ClassVar

from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text
from dsr_desk.strategies.base import Parameter, Strategy, UnfitError, digest, empty

_NUMBER = re.compile(r"-?\d{1,100}(\.\d{1,100})?")
_EXACT = Context(prec=1000, Emax=999_999, Emin=-999_999)


class Noise(Strategy):
    """A number moves by up to so much, never by 0, and keeps its decimals and its sign."""

    name = "noise"
    takes = frozenset({"integer", "decimal", "float", "text"})
    parameters: ClassVar[Mapping[str, Parameter]] = {
        "by": Parameter(
            "a number above 0", lambda v: isinstance(v, int | float) and type(v) is not bool and 0 < v < 1e15, needed=True
        )
    }
    in_law = "changed"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        """In the type the value had. The same number moves alike in every system: two draws would give it away by their mean.

        A text that is no number becomes NULL, never stays; ``UnfitError`` where ``by`` is less than the value's last digit.
        """
        if before is None:
            return None
        if isinstance(before, str):
            return _in_text(before, params["by"], key) if _NUMBER.fullmatch(before) else empty(column)
        if isinstance(before, bool) or not isinstance(before, int | float | Decimal):
            raise UnfitError("it holds values that are no numbers", "Choose another strategy under erase:")
        exact = Decimal(repr(before)) if isinstance(before, float) else Decimal(before)
        moved = _moved(exact, params["by"], key)
        after = moved if isinstance(before, Decimal) else type(before)(moved)
        if after == before:
            raise _too_small()
        return after


def _moved(before: Decimal, by: float, key: bytes) -> Decimal:
    """``before`` moved by 1 to ``by`` steps of its last digit, up or down; away from 0 where it would cross it."""
    sign, digits, exponent = before.as_tuple()
    if not isinstance(exponent, int):
        raise UnfitError("it holds values that are no finite numbers", "Choose another strategy under erase:")
    units = int("".join(map(str, digits))) * (-1 if sign else 1)
    try:
        most = int(_EXACT.scaleb(Decimal(repr(by)), -exponent).to_integral_value(ROUND_FLOOR))
    except InvalidOperation:
        raise _too_small() from None
    if most < 1:
        raise _too_small()
    draw = int.from_bytes(digest(key, "noise", as_text(before) or ""), "big") % (2 * most) - most
    step = draw if draw < 0 else draw + 1
    after = units + step if (units >= 0) == (units + step >= 0) else units - step
    return Decimal((int(after < 0), tuple(map(int, str(abs(after)))), exponent))


def _in_text(before: str, by: float, key: bytes) -> str:
    after = f"{_moved(Decimal(before), by, key):f}"
    if after == before:
        raise _too_small()
    return after


def _too_small() -> UnfitError:
    return UnfitError("the noise is too small to change some of its values", "Write a larger by:, or choose another strategy")
