"""JSON, and JSON lines: every key and value as a line, and an object's own fields as ``data.…``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from dsr_desk.drivers._rows.nested import flatten
from dsr_desk.drivers._texts.gathered import Gathered, UnreadError


def read_json(text: str, out: Gathered) -> None:
    """The values without their escapes; what is no JSON is read as it stands, unless escapes could hide letters in it."""
    try:
        whole, doubled = _parsed(text)
    except (ValueError, RecursionError):
        whole, doubled = None, []
        lines = _lines(text)
        if lines is None:
            out.add(text)
            if "\\u" in text:
                raise UnreadError("it is no valid JSON") from None
            return
        documents = lines
    else:
        documents = [whole]
    for document in documents:
        for line in _leaves(document, ""):
            out.add(line + "\n")
    for value in doubled:
        for line in _leaves(value, ""):
            out.add(line + "\n")
    if isinstance(whole, dict):
        out.fields.update({f"data.{name}": value for name, value in flatten(whole).items()})


def _parsed(text: str) -> tuple[Any, list[Any]]:
    """The document, and the values of keys that stand twice, of which a reader sees the last alone (RFC 8259 section 4)."""
    doubled: list[Any] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in found:
            if key in made:
                doubled.append(made[key])
            made[key] = value
        return made

    return json.loads(text, parse_float=Decimal, parse_constant=str, object_pairs_hook=pairs), doubled


def _lines(text: str) -> list[Any] | None:
    found: list[Any] = []
    try:
        for line in text.splitlines():
            if line.strip():
                document, doubled = _parsed(line)
                found += [document, *doubled]
    except (ValueError, RecursionError):
        return None
    return found


def _leaves(value: Any, path: str) -> Iterator[str]:
    """``path: value`` for every value; a stack instead of recursion, as documents may be nested deeply."""
    todo = [(path, value)]
    while todo:
        at, this = todo.pop()
        if isinstance(this, dict):
            todo += [(f"{at}.{key}" if at else key, inner) for key, inner in reversed(this.items())]
            if not this:
                yield at
        elif isinstance(this, list):
            todo += [(at, inner) for inner in reversed(this)]
        else:
            yield f"{at}: {this}" if at else str(this)
