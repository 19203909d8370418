"""Frozen dataclasses and named tuples as JSON and back, with the types of their values: what is sealed in the vault.

A writer and a reader are made for every type the first time it is met, because a plan has thousands of small objects. A field that
holds its default is left out; so a default, once something was sealed with it, stays what it is.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from dsr_desk.model.values import freeze, thaw

T = TypeVar("T")
Turn = Callable[[Any], Any]


def encode(obj: Any) -> Any:
    """The object as JSON that RFC 8785 takes; ``decode(type(obj), encode(obj)) == obj``."""
    kind: Any = type(obj)
    return _writer(kind)(obj)


def decode(cls: type[T], data: Any) -> T:
    """The object that ``encode`` wrote; ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    kind: Any = cls
    result: T = _reader(kind)(data)
    return result


@cache
def _hints(cls: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(cls)
    return tuple((name, hints[name]) for name in _defaults(cls))


@cache
def _defaults(cls: type) -> dict[str, Any]:
    """The default of every field; ``MISSING`` where it has none."""
    if is_dataclass(cls):
        return {f.name: f.default for f in fields(cls)}
    named: Any = cls
    return {name: named._field_defaults.get(name, MISSING) for name in named._fields}


def _is_noun(hint: Any) -> bool:
    return isinstance(hint, type) and (is_dataclass(hint) or (issubclass(hint, tuple) and hasattr(hint, "_fields")))


def _as_is(value: Any) -> Any:
    return value


@cache
def _writer(hint: Any) -> Turn:
    if hint is Any or hint is str:
        return freeze  # a lone surrogate in a text has to be written, too
    if _is_noun(hint):
        return _noun_writer(hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        some = _writer(next(a for a in args if a is not type(None)))
        return lambda v: None if v is None else some(v)
    if origin is tuple and args[-1] is not Ellipsis:
        each = tuple(map(_writer, args))
        return lambda v: [write(x) for write, x in zip(each, v, strict=True)]
    if origin in (tuple, list):
        one = _writer(args[0])
        return lambda v: [one(x) for x in v]
    if origin is frozenset:
        member = _writer(args[0])
        return lambda v: [member(x) for x in sorted(v)]
    if origin is not Literal and isinstance(origin, type) and issubclass(origin, Mapping):
        if args == (str, Any):
            return _values
        key, inner = map(_writer, args)
        return lambda v: [[key(k), inner(x)] for k, x in v.items()]
    return _PLAIN_WRITERS.get(hint, _as_is)


def _values(row: Mapping[str, Any]) -> list[list[Any]]:
    """A row's values by column: nearly all that a plan holds, so the most common of them without a call."""
    out = []
    for name, value in row.items():
        kind = type(value)
        if kind is int:
            frozen: Any = {"int": str(value)}
        else:
            frozen = value if value is None or (kind is str and value.isascii()) else freeze(value)
        out.append([name if name.isascii() else freeze(name), frozen])
    return out


_PLAIN_WRITERS: dict[Any, Turn] = {
    date: date.isoformat,
    float: lambda v: {"float": float(v).hex()},
    bytes: bytes.hex,
}


def _noun_writer(cls: type) -> Turn:
    made: list[tuple[str, Turn, Any]] = []
    defaults = _defaults(cls)

    def write(obj: Any) -> Any:
        if not made:  # only now, so that a type may hold its own kind
            made.extend((name, _writer(hint), defaults[name]) for name, hint in _hints(cls))
        out: dict[str, Any] = {}
        for name, turn, default in made:
            value = getattr(obj, name)
            if value is not default and (default is MISSING or value != default or type(value) is not type(default)):
                out[name] = turn(value)
        return out

    return write


@cache
def _reader(hint: Any) -> Turn:
    if hint is Any or hint is str:
        return thaw
    if _is_noun(hint):
        return _noun_reader(hint)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda v: _one_of(v, args)
    if origin in (Union, types.UnionType):
        some = _reader(next(a for a in args if a is not type(None)))
        return lambda v: None if v is None else some(v)
    if origin is tuple and args[-1] is not Ellipsis:
        each = tuple(map(_reader, args))
        return lambda v: tuple(read(x) for read, x in zip(each, v, strict=True))
    if origin in (tuple, frozenset, list):
        one = _reader(args[0])
        make: Callable[[Any], Any] = origin
        return lambda v: make([one(x) for x in v])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        key, inner = map(_reader, args)
        return lambda v: {key(k): inner(x) for k, x in v}
    return _PLAIN_READERS.get(hint, _as_is)


_PLAIN_READERS: dict[Any, Turn] = {
    date: date.fromisoformat,
    float: lambda v: float.fromhex(v["float"]),
    bytes: bytes.fromhex,
}


def _one_of(value: Any, words: tuple[Any, ...]) -> Any:
    if value not in words:
        raise ValueError("unknown word in sealed data")
    return value


def _noun_reader(cls: type) -> Turn:
    made: list[tuple[str, Turn]] = []

    def read(data: Any) -> Any:
        if not made:
            made.extend((name, _reader(hint)) for name, hint in _hints(cls))
        return cls(**{name: turn(data[name]) for name, turn in made if name in data})

    return read
