"""One value, one sequence of bytes: the part of RFC 8785 that the trail uses."""

from __future__ import annotations

import json
from typing import Any, NoReturn

#: The largest whole number that every JSON reader holds exactly (RFC 8785 section 3.2.2.3).
MAX_INT = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a value made of text, whole numbers, booleans, ``None``, lists and dicts with ASCII keys.

    ``ValueError`` for anything else: a float, a number beyond 2^53-1, a key that isn't ASCII, a lone surrogate.
    """
    _check(value)
    return written(value)


_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def written(value: Any) -> bytes:
    """The same for what ``parse`` gave, which has been through most of these checks: bytes that aren't ASCII show the rest.

    ``ValueError`` for a lone surrogate.
    """
    return _encoder.encode(value).encode("utf-8")


def _check(value: Any) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise ValueError("a whole number beyond 2^53-1")
    elif kind is dict:
        for key, inner in value.items():
            if type(key) is not str or not key.isascii():
                raise ValueError("a key that is not ASCII text")
            _check(inner)
    elif kind is list or kind is tuple:
        for inner in value:
            _check(inner)
    else:
        raise ValueError(f"{kind.__name__} has no canonical form here")


def _whole(digits: str) -> int:
    value = int(digits) if len(digits) <= 17 else MAX_INT + 1
    if not -MAX_INT <= value <= MAX_INT:
        raise ValueError("a whole number beyond 2^53-1")
    return value


def _refuse(_: str) -> NoReturn:
    raise ValueError("a number that is not whole")


_decoder = json.JSONDecoder(parse_int=_whole, parse_float=_refuse, parse_constant=_refuse)


def parse(raw: bytes) -> Any:
    """The JSON value in ``raw``, read without any liberty but one: whoever needs canonical bytes writes it again and compares.

    That comparison is what finds a key that stands twice, a needless escape, a blank, another order. ``ValueError`` for
    what isn't JSON, isn't ASCII, or holds a number that isn't whole or is too large.
    """
    try:
        return _decoder.decode(raw.decode("ascii"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
