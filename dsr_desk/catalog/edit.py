"""Changing single values of a catalog file as it is written: comments, order and spacing stay, all but what was changed.

The places come from ruamel's node tree; the text is spliced there, never written anew. Every result is read back and held against
what was wished; where it is something else (a spelling this file does not foresee) nothing is changed, and that is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dsr_desk.catalog.document import parse, resolve
from dsr_desk.catalog.shape import keys_of, shape_at
from dsr_desk.errors import UsageError

#: A path inside a file: keys of mappings, positions of lists.
Path = tuple[str | int, ...]

#: What may stand unquoted: begins with a letter, and holds nothing that YAML reads as more than text.
_PLAIN = re.compile(r"[^\W\d_][\w.@/+-]*( [\w.@/+()-]+)*", re.ASCII)
_BREAK = re.compile(r"\r\n|\n|\r")


class _Removed:
    """The wish that an entry goes."""


#: In place of a value: the entry goes.
REMOVED: Final = _Removed()


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: ``value`` (plain data, or ``REMOVED``) at ``path``. Mappings on the way are made where they are missing."""

    path: Path
    value: Any


class UnchangedError(UsageError):
    """The file is written in a way that a form can't change; a person can."""


def changed(text: str, changes: Sequence[Change]) -> str:
    """The text with these changes made, one after the other. ``UnchangedError`` where it can't be done, or can't be done safely."""
    before = _plain(text)
    for change in changes:
        text = _remove(text, change.path) if change.value is REMOVED else _put(text, change.path, change.value)
        _wish(before, change)
    if _plain(text) != before:
        raise _unforeseen()
    return text


def rendered(value: Any) -> str:
    """Plain data as YAML in one line: ``{constant: Erased}``."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{rendered(str(k))}: {rendered(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(rendered, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    return value if _PLAIN.fullmatch(value) and resolve(value) == value and value != "absent" else _quoted(value)


def _quoted(text: str) -> str:
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    return '"' + "".join(c if c.isprintable() else _escaped(c) for c in inside) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


# -- putting -----------------------------------------------------------------------------------------------------------


def _put(text: str, path: Path, value: Any) -> str:
    node, parent, rest, key = _walk(text, path)
    if not rest:
        return _replace(text, node, parent, key, rendered(value))
    for step in reversed(rest[1:]):
        value = {step: value}
    if isinstance(rest[0], int):
        raise _unforeseen()
    entry = f"{rendered(rest[0])}: {rendered(value)}"
    if isinstance(node, MappingNode):
        return _insert(text, node, path[: len(path) - len(rest)], rest[0], entry)
    if isinstance(node, ScalarNode) and _empty(node):
        return _replace(text, node, parent, key, "{" + entry + "}")
    raise _unforeseen()


def _replace(text: str, node: Node, parent: Node | None, key: Node | None, new: str) -> str:
    """Another value in the place of one; what follows it in its line (a comment) stays."""
    if parent is None:
        raise _unforeseen()
    start, end = _span(text, node, key)
    lead = "" if start > 0 and text[start - 1] in " \n\r[" else " "
    if (isinstance(node, MappingNode | SequenceNode) and not node.flow_style) or _blocky(node):
        at = _after_colon(text, key) if key is not None else start
        end = _end_of_block(text, node)
        return f"{text[:at]} {new}{_newline(text)}{text[end:]}"
    return f"{text[:start]}{lead}{new}{text[end:]}"


def _insert(text: str, node: MappingNode, path: Path, name: str, entry: str) -> str:
    """A new entry, after the last one that stands before it in the order of the format."""
    after = _before_it(node, path, name)
    if node.flow_style:
        if after is None:
            at = node.start_mark.index + 1
            return f"{text[:at]}{entry}{', ' if node.value else ''}{text[at:]}"
        at = _span(text, after[1], after[0])[1]
        return f"{text[:at]}, {entry}{text[at:]}"
    first: Node = node.value[0][0]
    indent = " " * first.start_mark.column
    if after is None:
        at = first.start_mark.index
        return f"{text[:at]}{entry}{_newline(text)}{indent}{text[at:]}"
    at = _end_of_entry(text, after)
    lead = "" if at == 0 or text[at - 1] in "\n\r" else _newline(text)
    return f"{text[:at]}{lead}{indent}{entry}{_newline(text)}{text[at:]}"


def _before_it(node: MappingNode, path: Path, name: str) -> tuple[Node, Node] | None:
    """The entry after which a new one of this name goes; ``None``: it becomes the first."""
    shape = shape_at(path)
    order = keys_of(shape) if shape else []
    if name not in order:
        return node.value[-1] if node.value else None
    earlier = set(order[: order.index(name)])
    found = [pair for pair in node.value if pair[0].value in earlier or pair[0].value not in order]
    return found[-1] if found else None


# -- removing ----------------------------------------------------------------------------------------------------------


def _remove(text: str, path: Path) -> str:
    node, parent, rest, key = _walk(text, path)
    if rest:
        return text
    if not isinstance(parent, MappingNode) or key is None:
        raise _unforeseen()
    if len(parent.value) == 1 and len(path) > 1:
        return _put(text, path[:-1], {})
    if not parent.flow_style:
        start = text.rfind("\n", 0, key.start_mark.index) + 1
        if text[start : key.start_mark.index].strip():
            raise _unforeseen()
        return text[:start] + text[_end_of_entry(text, (key, node)) :]
    start, end = key.start_mark.index, _span(text, node, key)[1]
    following = re.compile(r"\s*,\s*").match(text, end)
    if following:
        return text[:start] + text[following.end() :]
    before = re.compile(r"\s*,\s*$").search(text, 0, start)
    return text[: before.start() if before else start] + text[end:]


# -- places --------------------------------------------------------------------------------------------------------------


def _walk(text: str, path: Path) -> tuple[Node, Node | None, Path, Node | None]:
    """The deepest node on the path that exists, its parent, what of the path is missing, and the node's key."""
    node, parent, key = _composed(text), None, None
    for at, step in enumerate(path):
        below: tuple[Node | None, Node] | None = None
        if isinstance(node, MappingNode) and isinstance(step, str):
            below = next((pair for pair in node.value if isinstance(pair[0], ScalarNode) and pair[0].value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
            below = (None, node.value[step])
        if below is None:
            return node, parent, path[at:], key
        parent, (key, node) = node, below
    return node, parent, (), key


def _composed(text: str) -> Node:
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError):
        raise _unreadable() from None
    if not isinstance(node, MappingNode):
        raise _unreadable()
    return node


def _empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and node.value == ""


def _blocky(node: Node) -> bool:
    """A text of several lines (``|`` or ``>``)."""
    return isinstance(node, ScalarNode) and node.style in ("|", ">")


def _span(text: str, node: Node, key: Node | None) -> tuple[int, int]:
    """Where a value begins and ends; one that is not written at all has its place after the colon."""
    if _empty(node) and key is not None:
        at = _after_colon(text, key)
        return at, at
    return node.start_mark.index, node.end_mark.index


def _after_colon(text: str, key: Node) -> int:
    return text.index(":", key.end_mark.index) + 1


def _end_of_entry(text: str, entry: tuple[Node, Node]) -> int:
    """Behind the last line of an entry of a block, its comment and line break included."""
    key, value = entry
    if (isinstance(value, MappingNode | SequenceNode) and not value.flow_style) or _blocky(value):
        return _end_of_block(text, value)
    return _next_line(text, _span(text, value, key)[1])


def _end_of_block(text: str, node: Node) -> int:
    """Behind the last line of a block. Comments below it that stand farther left, and empty lines, belong to what follows."""
    if _blocky(node):
        return int(node.end_mark.index)
    last = node.value[-1]
    if isinstance(node, MappingNode):
        return _end_of_entry(text, last)
    if (isinstance(last, MappingNode | SequenceNode) and not last.flow_style) or _blocky(last):
        return _end_of_block(text, last)
    return _next_line(text, last.end_mark.index)


def _next_line(text: str, at: int) -> int:
    found = _BREAK.search(text, at)
    return found.end() if found else len(text)


def _newline(text: str) -> str:
    found = _BREAK.search(text)
    return found[0] if found else "\n"


# -- what came of it -------------------------------------------------------------------------------------------------------


def _plain(text: str) -> Any:
    node, problems = parse("", text.encode("utf-8", "surrogatepass"))
    if node is None or any(p.severity == "error" for p in problems):
        raise _unreadable()
    return node.plain()


def _wish(tree: Any, change: Change) -> None:
    """Make the change in plain data: what the text has to say afterwards."""
    *way, last = change.path
    for at, step in enumerate(way):
        if isinstance(tree, dict):
            if change.value is REMOVED and step not in tree:
                return
            if tree.get(step) is None:
                tree[step] = {}
            tree = tree[step]
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            raise _unforeseen() if at else _unreadable()
    if not isinstance(tree, dict) and not (isinstance(tree, list) and isinstance(last, int) and last < len(tree)):
        if change.value is REMOVED:
            return
        raise _unforeseen()
    holder: Any = tree
    if change.value is not REMOVED:
        holder[last] = _as_read(change.value)
    elif isinstance(tree, dict):
        tree.pop(last, None)


def _as_read(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _as_read(v) for k, v in value.items()}
    return [_as_read(v) for v in value] if isinstance(value, list | tuple) else value


def _unreadable() -> UnchangedError:
    return UnchangedError("The file can't be read as it stands.", "Mend the text first; the form follows.")


def _unforeseen() -> UnchangedError:
    return UnchangedError("This place of the file can't be changed by the form.", "Change it in the text.")
