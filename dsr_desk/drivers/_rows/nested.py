"""Nested documents as flat fields: ``{"a": {"b": 1}, "tags": ["x"], "lines": [{"p": 2}]}`` has ``a.b``, ``tags`` and ``lines[].p``.

A dot leads into an object, ``[]`` through every entry of a list of objects; a list of plain values is one field, whose value is the
list. A key that itself holds a dot, or ends in ``[]``, is not entered: its object stays one field with the object as its value.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from dsr_desk.model.values import Value

_DEEPEST = 32


def flatten(document: Mapping[str, Value]) -> dict[str, Value]:
    """Every field of a document by its path. Objects and lists that are empty stay as they are."""
    found: dict[str, Value] = {}
    for key, value in document.items():
        _flatten(key, value, found, _enterable(key), _DEEPEST)
    return found


def _enterable(key: str) -> bool:
    return "." not in key and not key.endswith("[]")


def _flatten(path: str, value: Value, found: dict[str, Value], enter: bool, depth: int) -> None:
    if depth and enter and isinstance(value, dict) and value and all(map(_enterable, value)):
        for key, inner in value.items():
            _flatten(f"{path}.{key}", inner, found, True, depth - 1)
    elif depth and enter and _objects(value):
        for name in dict.fromkeys(name for entry in value for name in flatten(entry)):
            found[f"{path}[].{name}"] = [flatten(entry).get(name) for entry in value]
    else:
        found[path] = value


def _objects(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(e, dict) and e and all(map(_enterable, e)) for e in value)


def assigned(document: Mapping[str, Value], writes: Mapping[str, Value]) -> dict[str, Value]:
    """A copy of the document in which the fields at these paths hold these values; ``LookupError`` where one isn't there.

    Through ``[]``, a list as long as the entries gives one value to each, any other value goes to all of them.
    """
    made = deepcopy(dict(document))
    for path, value in writes.items():
        _assign(made, path, value)
    return made


def _assign(into: Any, path: str, value: Value) -> None:
    if path in into:
        into[path] = value
        return
    lists = path.partition("[].")
    head, _, rest = path.partition(".")
    if lists[1] and "." not in lists[0]:
        entries = into[lists[0]]
        values = value if isinstance(value, list) and len(value) == len(entries) else [value] * len(entries)
        for entry, one in zip(entries, values, strict=True):
            if one is not None or lists[2] in flatten(entry):
                _assign(entry, lists[2], one)
    elif rest and isinstance(into.get(head), dict):
        _assign(into[head], rest, value)
    else:
        raise LookupError(path)


def spread(path: str, value: Value, before: Value) -> Value:
    """The value that is written to a field through lists: one for each entry, ``None`` where an entry has nothing to be replaced.

    ``before`` is what the field holds. A list as long as the entries gives each its own, any other value goes to all of them.
    """
    _, through, rest = path.partition("[].")
    if not through or not isinstance(before, list):
        return value
    if isinstance(value, list) and len(value) == len(before):
        return [spread(rest, one, old) for one, old in zip(value, before, strict=True)]
    return [None if old is None else spread(rest, value, old) for old in before]
