"""Frozen dataclasses as JSON and back, with the types of their values: what is sealed in the vault."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from dsr_desk.model.values import freeze, thaw

T = TypeVar("T")


def encode(obj: Any) -> Any:
    """The object as JSON that RFC 8785 takes; ``decode(type(obj), encode(obj)) == obj``."""
    return _encode(type(obj), obj)


def decode(cls: type[T], data: Any) -> T:
    """The object that ``encode`` wrote; ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    result: T = _decode(cls, data)
    return result


@cache
def _fields(cls: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(cls)
    return tuple((f.name, hints[f.name]) for f in fields(cls))


def _encode(hint: Any, obj: Any) -> Any:
    if hint is Any:
        return freeze(obj)
    if obj is None or isinstance(obj, bool):
        return obj
    if isinstance(obj, str):
        return freeze(obj)
    if is_dataclass(hint) and isinstance(hint, type):
        return {name: _encode(inner, getattr(obj, name)) for name, inner in _fields(hint)}
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _encode(next(a for a in args if a is not type(None)), obj)
    if origin in (tuple, frozenset, list):
        if origin is tuple and args[-1] is not Ellipsis:
            return [_encode(a, v) for a, v in zip(args, obj, strict=True)]
        return [_encode(args[0], v) for v in (sorted(obj) if origin is frozenset else obj)]
    if origin is not None and issubclass(origin, Mapping):
        return [[_encode(args[0], k), _encode(args[1], v)] for k, v in obj.items()]
    if isinstance(obj, date):
        return obj.isoformat()
    if isinstance(obj, float):
        return {"float": obj.hex()}
    if isinstance(obj, bytes):
        return obj.hex()
    return obj


def _decode(hint: Any, data: Any) -> Any:
    if hint is Any:
        return thaw(data)
    if data is None:
        return None
    if is_dataclass(hint) and isinstance(hint, type):
        return hint(**{name: _decode(inner, data[name]) for name, inner in _fields(hint) if name in data})
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        if data not in args:
            raise ValueError("unknown word in sealed data")
        return data
    if origin in (Union, types.UnionType):
        return _decode(next(a for a in args if a is not type(None)), data)
    if origin in (tuple, frozenset, list):
        if origin is tuple and args[-1] is not Ellipsis:
            return tuple(_decode(a, v) for a, v in zip(args, data, strict=True))
        return origin(_decode(args[0], v) for v in data)
    if origin is not None and issubclass(origin, Mapping):
        return {_decode(args[0], k): _decode(args[1], v) for k, v in data}
    if hint is str:
        return thaw(data)
    if hint is date:
        return date.fromisoformat(data)
    if hint is float:
        return float.fromhex(data["float"]) if isinstance(data, dict) else float(data)
    if hint is bytes:
        return bytes.fromhex(data)
    return data
