"""Addresses and bodies with ``{names}`` in them: what is put in is data there, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from dsr_desk.model.values import Value, as_text

_NAME = re.compile(r"\{([^{}:]+)(?::(quoted))?\}")


class UnaddressableError(Exception):
    """A value can't stand in an address: empty, a way up (``..``), or no text that can be sent."""


def names_in(template: str) -> tuple[str, ...]:
    """The names that stand in braces; ``ValueError`` for braces without one."""
    if set(_NAME.sub("", template)) & set("{}"):
        raise ValueError("has braces that hold no name; write {id} or {value:quoted}")
    return tuple(match[1] for match in _NAME.finditer(template))


def path_of(template: str, values: Mapping[str, Value]) -> str:
    """The path, percent-encoded (RFC 3986 section 2.1) so that each value stays one segment of it; ``UnaddressableError``."""

    def put(match: re.Match[str]) -> str:
        text = _sendable(values[match[1]])
        if text in ("", ".", ".."):  # RFC 3986 section 5.2.4 takes dots for a way, encoded or not
            raise UnaddressableError
        return quote(text, safe="")

    return _NAME.sub(put, template)


def text_of(template: str, values: Mapping[str, Value]) -> str:
    """The text; ``{name:quoted}`` stands in double quotes, with a backslash before those in it."""

    def put(match: re.Match[str]) -> str:
        text = _sendable(values[match[1]])
        if match[2]:
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return text

    return _NAME.sub(put, template)


def body_of(template: Any, values: Mapping[str, Value]) -> Any:
    """The same tree with its texts filled in; a text that is one ``{name}`` alone becomes the value with its type."""
    if isinstance(template, dict):
        return {name: body_of(inner, values) for name, inner in template.items()}
    if isinstance(template, list):
        return [body_of(inner, values) for inner in template]
    if not isinstance(template, str):
        return template
    whole = _NAME.fullmatch(template)
    return values[whole[1]] if whole and not whole[2] else text_of(template, values)


def names_in_body(template: Any) -> tuple[str, ...]:
    """The names in every text of the tree; ``ValueError`` as in ``names_in``."""
    if isinstance(template, dict | list):
        inner = template.values() if isinstance(template, dict) else template
        return tuple(name for one in inner for name in names_in_body(one))
    return names_in(template) if isinstance(template, str) else ()


def _sendable(value: Value) -> str:
    text = as_text(value) or ""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UnaddressableError from None
    return text
