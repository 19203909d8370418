"""What changed between two versions of a catalog, in plain words and as a text difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Literal

from dsr_desk.catalog.document import Node, parse
from dsr_desk.catalog.problem import quote

_PASSWORD = re.compile(r"(://[^/@\s:]*:)[^/@\s]+(@)")
#: Keys under which a name stands, and what people call the named thing.
_NAMED = {"collections": "collection", "fields": "field"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``text`` says it in a sentence; ``line`` is where it stands now (before, where it was removed)."""

    kind: Literal["added", "removed", "changed"]
    file: str
    line: int
    text: str


def diff(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """The differences between two versions (texts by file name), file by file, in the order of the new one.

    Comments, blank lines and the order of keys are no difference here; ``unified`` shows them.
    """
    changes: list[Change] = []
    for file in dict.fromkeys((*new, *old)):
        if file not in new:
            changes.append(Change("removed", file, 1, f"{file}: the file is removed."))
        elif file not in old:
            changes.append(Change("added", file, 1, f"{file}: a new file{_names(new[file])}."))
        elif old[file] != new[file]:
            before, _ = parse(file, old[file].encode("utf-8", "replace"))
            after, _ = parse(file, new[file].encode("utf-8", "replace"))
            if before is None or after is None:
                changes.append(Change("changed", file, 1, f"{file}: the text changed, and one version can't be read."))
            else:
                changes += _mapping(file, before, after, ())
    return changes


def unified(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """The text difference as ``diff -u`` writes it; empty where nothing changed."""
    old, new = ({file: without_password(text) for file, text in files.items()} for files in (old, new))
    lines: list[str] = []
    for file in sorted({*old, *new}):
        before, after = old.get(file, "").splitlines(), new.get(file, "").splitlines()
        lines += unified_diff(before, after, f"before/{file}", f"after/{file}", lineterm="")
    return "\n".join(lines)


def _names(text: str) -> str:
    node, _ = parse("", text.encode("utf-8", "replace"))
    named = node.child("system") if node else None
    return f" for the system {quote(str(named.value))}" if named else ""


def _mapping(file: str, before: Node, after: Node, path: tuple[str, ...]) -> Iterator[Change]:
    for key in dict.fromkeys((*after.value, *before.value)):
        here = (*path, key)
        old, new = before.value.get(key), after.value.get(key)
        if old is None:
            yield Change("added", file, after.keys[key].line, f"{_title(here)} is added{_says(here, new)}.")
        elif new is None:
            yield Change("removed", file, before.keys[key].line, f"{_title(here)} is removed{_says(here, old)}.")
        elif isinstance(old.value, dict) and isinstance(new.value, dict):
            yield from _mapping(file, old, new, here)
        elif (was := old.plain()) != (now := new.plain()) or type(was) is not type(now):
            yield Change("changed", file, after.keys[key].line, f"{_title(here)} was {_value(was)} and is now {_value(now)}.")


def _title(path: tuple[str, ...]) -> str:
    """``customers.email: erase`` for ``collections.customers.fields.email.erase``."""
    names: list[str] = []
    rest = list(path)
    kind = ""
    while len(rest) > 1 and rest[0] in _NAMED and len(names) < 2:
        kind = _NAMED[rest[0]]
        names.append(quote(rest[1]))
        rest = rest[2:]
    place = ".".join(names)
    keys = ".".join(map(quote, rest))
    if keys:
        return f"{place}: {keys}" if place else keys
    return f"The {kind} {place}"


def _says(path: tuple[str, ...], node: Node | None) -> str:
    """What a scalar that came or went says; of a whole collection nothing."""
    return f" ({_value(node.plain())})" if node and not isinstance(node.value, dict) else ""


def _value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return quote(f"[{', '.join(_value(v) for v in value)}]")
    if isinstance(value, dict):
        return quote(f"{{{', '.join(f'{k}: {_value(v)}' for k, v in value.items())}}}")
    return quote(without_password(str(value))) if value != "" else "empty"


def without_password(text: str) -> str:
    """The text with any password in a URL masked: one can stand in a catalog that is about to be refused."""
    return _PASSWORD.sub(r"\1•••\2", text)
