"""A catalog file as a tree whose every node knows its place. YAML 1.2; nothing in a file can run, loop or grow."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from dsr_desk.catalog.problem import Problem, quote

#: The largest catalog file, in bytes; one with a thousand fields has about 100 kB.
LARGEST_FILE = 500_000
#: The deepest nesting; the format itself needs eight levels.
DEEPEST = 30

#: What a catalog file writes for a collection or field of its connector that it does not have.
ABSENT = "absent"

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Mark:
    """A place: file, line and column, both from 1."""

    file: str
    line: int
    column: int


@dataclass(slots=True)
class Node:
    """A value and its place. ``value`` is a scalar, a list of nodes, or a dict of nodes; ``keys`` are the places of its keys."""

    mark: Mark
    value: Any
    keys: dict[str, Mark] = field(default_factory=dict)

    def plain(self) -> Any:
        """The tree as plain data."""
        if isinstance(self.value, dict):
            return {k: v.plain() for k, v in self.value.items()}
        if isinstance(self.value, list):
            return [v.plain() for v in self.value]
        return self.value

    def child(self, step: object) -> Node | None:
        """The node under a key or at a position; ``None`` where there is none."""
        if isinstance(self.value, dict) and isinstance(step, str):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            found: Node = self.value[step]
            return found
        return None

    def place(self, path: tuple[object, ...], key: bool = False) -> Mark:
        """Where ``path`` stands: its value or, with ``key``, its key; the nearest thing above where it doesn't exist."""
        node, mark = self, self.mark
        for step in path:
            below = node.child(step)
            if below is None:
                break
            mark = node.keys.get(step, below.mark) if key and isinstance(step, str) else below.mark
            node = below
        return mark


def merge(base: Node, over: Node, droppable: frozenset[int] = frozenset(), depth: int = 0) -> Node:
    """``over`` laid on ``base``: mappings are merged, anything else is replaced.

    At the depths in ``droppable`` (1 is right under the top) the word ``absent`` in ``over`` takes the entry away.
    """
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    value, keys = dict(base.value), {**base.keys, **over.keys}
    for name, below in over.value.items():
        if below.value == ABSENT and depth + 1 in droppable and name in value:
            del value[name], keys[name]
        else:
            value[name] = merge(value[name], below, droppable, depth + 1) if name in value else below
    return Node(over.mark, value, keys)


def parse(file: str, data: bytes, largest: int = LARGEST_FILE) -> tuple[Node | None, list[Problem]]:
    """The tree of one file, and what is wrong with it; ``None`` where it can't be read as a mapping."""
    try:
        return _Builder(file).build(_text(data, largest))
    except _UnreadableError as unreadable:
        return None, [Problem("error", file, unreadable.line, unreadable.column, "", unreadable.message, unreadable.hint)]


class _UnreadableError(Exception):
    def __init__(self, message: str, hint: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.hint, self.line, self.column = message, hint, line, column


def _text(data: bytes, largest: int) -> str:
    if len(data) > largest:
        raise _UnreadableError(
            f"The file has {len(data):,} bytes; a catalog file has at most {largest:,}.".replace(",", " "),
            "One file describes one system. Was another file put here by mistake?",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise _UnreadableError(
            "The file is not UTF-8 text.", "Save it as UTF-8 in your editor.", before.count(b"\n") + 1, column
        ) from None
    for at, char in enumerate(text):
        if char < " " and char not in "\t\n\r":
            line = text.count("\n", 0, at) + 1
            column = at - text.rfind("\n", 0, at)
            raise _UnreadableError(f"The file holds a control character (U+{ord(char):04X}).", "Delete it.", line, column)
    return text


class _Builder:
    """Events in, tree out, without recursion: a stack holds the open mappings and lists."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.stack: list[Node] = []
        self.pending: list[tuple[str, Mark] | None] = []
        self.root: Node | None = None

    def build(self, text: str) -> tuple[Node | None, list[Problem]]:
        documents = 0
        try:
            for event in YAML(typ="safe", pure=True).parse(text):
                if isinstance(event, DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self._at(event, "A second document starts here.", "One file describes one system: delete the ---.")
                else:
                    self._take(event)
        except MarkedYAMLError as error:
            raise _bad_yaml(error) from None
        except (YAMLError, ValueError, OverflowError, IndexError, KeyError):
            raise _UnreadableError("This is not YAML.", "Compare it with an example in the documentation.") from None
        if self.root is None or self.root.value is None:
            raise _UnreadableError("The file is empty.", "Write at least system: and driver:, or delete the file.")
        if not isinstance(self.root.value, dict):
            kind = "a list" if isinstance(self.root.value, list) else "a single text"
            mark = self.root.mark
            raise _UnreadableError(
                f"The file holds {kind}.", "It must start with keys such as system: and driver:.", mark.line, mark.column
            )
        return self.root, self.problems

    def _mark(self, event: Event) -> Mark:
        at: StreamMark = event.start_mark
        return Mark(self.file, at.line + 1, at.column + 1)

    def _at(self, event: Event, message: str, hint: str) -> _UnreadableError:
        mark = self._mark(event)
        return _UnreadableError(message, hint, mark.line, mark.column)

    def _take(self, event: Event) -> None:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._at(event, "Anchors (&) and aliases (*) are not allowed.", "Write the value out, or put quotes around it.")
        if isinstance(event, MappingStartEvent | SequenceStartEvent | ScalarEvent) and getattr(event, "ctag", None):
            raise self._at(event, "A tag (!) is not allowed.", "Delete it, or put quotes around the value.")
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            if len(self.stack) >= DEEPEST:
                raise self._at(
                    event, f"This is nested more than {DEEPEST} levels deep.", "Look for a bracket that was never closed."
                )
            if self.pending and self.pending[-1] is None and isinstance(self.stack[-1].value, dict):
                raise self._at(event, "A list or mapping can't be a key.", "Put quotes around the key.")
            node = Node(self._mark(event), {} if isinstance(event, MappingStartEvent) else [])
            self._add(node)
            self.stack.append(node)
            self.pending.append(None)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.stack.pop()
            self.pending.pop()
        elif isinstance(event, ScalarEvent):
            self._scalar(event)

    def _scalar(self, event: ScalarEvent) -> None:
        mark = self._mark(event)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.pending[-1] is None:
            name = str(event.value)
            first = self.stack[-1].keys.get(name)
            if first is not None:
                self.problems.append(
                    Problem(
                        "error",
                        self.file,
                        mark.line,
                        mark.column,
                        quote(name),
                        f"The key {quote(name)} stands here twice; it stood first in line {first.line}.",
                        "Keep one of them.",
                    )
                )
            self.pending[-1] = (name, mark)
        else:
            self._add(Node(mark, resolve(event.value) if event.style is None else str(event.value)))

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent, key = self.stack[-1], self.pending[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif key is not None:
            name, mark = key
            if name not in parent.value:
                parent.value[name], parent.keys[name] = node, mark
            self.pending[-1] = None


def resolve(text: str) -> Any:
    """An unquoted scalar by the YAML 1.2 core schema (section 10.3.2), but what has leading zeros is a code, not a number."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if len(text) <= 40 and _INT.fullmatch(text):
        return int(text)
    if len(text) <= 40 and _FLOAT.fullmatch(text):
        return float(text)
    return str(text)


def _bad_yaml(error: MarkedYAMLError) -> _UnreadableError:
    told = str(error.problem or "")
    began = False
    if "\\t" in told:
        message, hint = "A tab stands where YAML wants blanks.", "Replace it with blanks."
    elif "mapping values are not allowed" in told:
        message, hint = "A colon stands where none is expected.", "Put quotes around the text, or mend the indentation above."
    elif "could not find expected ':'" in told:
        began, message, hint = True, "A key has no colon after it.", "Write a colon and a blank after the key."
    elif "expected ',' or" in told:
        began, message, hint = (
            True,
            "This bracket is not closed, or a comma is missing in it.",
            "Close it, or put commas between its entries.",
        )
    elif "end of stream" in told:
        began, message, hint = True, "This quoted text never ends.", "Close the quotation mark."
    else:
        message, hint = "This is not valid YAML.", "Look at the indentation, quotation marks and brackets here and just above."
    mark = (error.context_mark if began else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return _UnreadableError(message, hint, line, column)
