"""What a service answers, as data: read exactly, and never trusted further than its form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dsr_desk.model.values import Value

_FURTHEST = 400


class BrokenAnswerError(Exception):
    """The answer is not what it should be; the text says what is wrong with its form, never what stands in it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers by their small-lettered names, and bytes."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def data(self) -> Any:
        """The body as JSON (RFC 8259). ``BrokenAnswerError`` where it is none, or says one thing twice."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and kind != "application/json" and not kind.endswith(("+json", "/json")):
            raise BrokenAnswerError("something other than JSON")
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_float=_number, parse_constant=_refuse, object_pairs_hook=_object)
        except RecursionError:
            raise BrokenAnswerError("something nested too deep") from None
        except ValueError:
            raise BrokenAnswerError("JSON that can't be read, or only a part of it") from None


def at(data: Any, path: str) -> Any:
    """What stands at a dotted path; the data itself for an empty one. ``LookupError`` where nothing does."""
    for name in path.split(".") if path else ():
        if not isinstance(data, dict) or name not in data:
            raise LookupError(path)
        data = data[name]
    return data


def written(value: Value) -> str:
    """The value as JSON in ASCII: decimals digit by digit as they were read. ``TypeError`` for what JSON has no form for."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError("no number")
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(str(n))}:{written(v)}" for n, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value, allow_nan=False)


def _number(text: str) -> Value:
    """A float where that is the number exactly as it would be written again, else a decimal."""
    exact = Decimal(text)
    if exact and abs(exact.adjusted()) > _FURTHEST:  # as digits it would fill the memory
        raise ValueError("a number beyond all that is real")
    rounded = float(text)
    return rounded if exact == Decimal(repr(rounded)) else exact


def _refuse(_: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made
