"""The values that systems hold: how they are written as JSON, sealed, compared and fingerprinted."""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

#: Anything a driver may read from, or write to, a field. Lists and dicts are JSON columns and arrays.
Value = Any

#: The largest whole number that every JSON reader holds exactly (RFC 8259 section 6, RFC 8785 section 3.2.2.3).
MAX_JSON_INT = 2**53 - 1


def as_text(value: Value) -> str | None:
    """The text by which two systems' values are compared: ``7``, ``"7"``, ``7.0`` and ``Decimal("7.00")`` are all ``"7"``.

    ``None`` stays ``None`` and never equals anything.
    """
    kind = type(value)
    if value is None or kind is str:
        return value  # type: ignore[no-any-return]  # nearly every value is one of these
    if kind is int:
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return format(value if value else abs(value), "f").partition(".")[0]  # str(int()) ends at 4,300 digits
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return str(value)


def to_json(value: Value) -> Any:
    """The value as the command line and exports write it.

    Text as text; whole numbers beyond 2^53-1, decimals and times as text; bytes as ``{"base64": …}``.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= MAX_JSON_INT else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, list | tuple):
        return [to_json(v) for v in value]
    if isinstance(value, dict):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


_TAGGED: dict[type, tuple[str, Any, Any]] = {
    int: ("int", str, int),
    float: ("float", float.hex, float.fromhex),
    Decimal: ("decimal", str, Decimal),
    datetime: ("datetime", datetime.isoformat, datetime.fromisoformat),
    date: ("date", date.isoformat, date.fromisoformat),
    time: ("time", time.isoformat, time.fromisoformat),
    timedelta: ("microseconds", lambda v: str(v // timedelta(microseconds=1)), lambda t: timedelta(microseconds=int(t))),
    UUID: ("uuid", str, UUID),
    bytes: (
        "bytes",
        lambda v: base64.b64encode(v).decode("ascii"),
        lambda t: base64.b64decode(t, validate=True),
    ),
}
_UNTAG = {tag: read for tag, _, read in _TAGGED.values()}


def freeze(value: Value) -> Any:
    """The value with its type, as JSON that RFC 8785 takes: ``7`` → ``{"int": "7"}``, text and booleans as they are.

    ``thaw(freeze(v)) == v`` with the same type, for every type a driver reads. Types that nobody named here (a network
    address, a range) become ``{"text": …}`` and come back as text. A text with surrogates, which UTF-8 cannot hold, becomes
    ``{"surrogates": …}``.
    """
    kind = type(value)
    if value is None or kind is bool or (kind is str and value.isascii()):
        return value  # nearly every value is one of these
    if kind is int:
        return {"int": str(value)}
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return {"surrogates": value.encode("utf-8", "surrogatepass").hex()}
        return str(value)
    if isinstance(value, bytearray | memoryview):
        value = bytes(value)
    tagged = _TAGGED.get(type(value))
    if tagged is not None:
        return {tagged[0]: tagged[1](value)}
    if isinstance(value, list | tuple):
        return {"list": [freeze(v) for v in value]}
    if isinstance(value, dict):
        return {"object": [[freeze(str(k)), freeze(v)] for k, v in value.items()]}
    return {"text": str(value)}


def thaw(frozen: Any) -> Value:
    """The value that ``freeze`` wrote; ``ValueError`` for anything else."""
    if frozen is None or isinstance(frozen, bool | str):
        return frozen
    if isinstance(frozen, dict) and len(frozen) == 1:
        ((tag, body),) = frozen.items()
        try:
            if tag in _UNTAG:
                return _UNTAG[tag](body)
            if tag == "text":
                return body
            if tag == "surrogates":
                return bytes.fromhex(body).decode("utf-8", "surrogatepass")
            if tag == "list":
                return [thaw(v) for v in body]
            if tag == "object":
                return {thaw(k): thaw(v) for k, v in body}
        except (TypeError, ArithmeticError):
            raise ValueError("not a frozen value") from None
    raise ValueError("not a frozen value")


def same(a: Value, b: Value) -> bool:
    """Whether two values are equal with their types: ``1`` is not ``True`` and not ``"1"``."""
    return bool(freeze(a) == freeze(b))


def fingerprint(key: bytes, values: Mapping[str, Value]) -> str:
    """A keyed digest (HMAC-SHA-256, RFC 2104, hex) of all columns of a row, with their names and types.

    Names are sorted, so the order in which a system lists its columns does not matter.
    """
    canonical = ",".join([begin + _canonical(values[name]) for name, begin in _begun(tuple(values))])
    started, ended = _pads(key)
    inner, outer = started.copy(), ended.copy()
    inner.update(f"[{canonical}]".encode("ascii"))
    outer.update(inner.digest())
    return str(outer.hexdigest())


def _canonical(value: Value) -> str:
    """``freeze(value)`` as JSON in ASCII, with the closing bracket of its column."""
    kind = type(value)
    if kind is str and value.isascii():
        return f"{_ascii.encode(value)}]"
    if value is None:
        return "null]"
    if kind in _TAGGED:  # none of them writes a character that JSON would escape
        tag, write, _ = _TAGGED[kind]
        return f'{{"{tag}":"{write(value)}"}}]'
    return f"{_ascii.encode(freeze(value))}]"


@lru_cache(maxsize=256)
def _begun(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The columns in their order, each with what its text begins with."""
    return tuple((name, f"[{_ascii.encode(name)},") for name in sorted(names))


@lru_cache(maxsize=4)
def _pads(key: bytes) -> tuple[Any, Any]:
    """The two hashes of RFC 2104 after the key: to copy them is quicker than to begin an HMAC for each row."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    return hashlib.sha256(bytes(b ^ 0x36 for b in block)), hashlib.sha256(bytes(b ^ 0x5C for b in block))


_BLOCK = 64
_ascii = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False)
