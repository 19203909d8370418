"""Values as text that a person can read and a spreadsheet can't run."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from decimal import Decimal

from dsr_desk.model.values import Value, to_json

#: What can't be seen or turns the reading direction: control characters but tab and line ends, halves of characters
#: (lone surrogates), direction marks, and what no text may hold (Unicode noncharacters).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufff9-\uffff]"
)

#: How a cell begins that a spreadsheet would take for a formula, and the apostrophe by which we say that it is none.
_FORMULA = re.compile(r"[\s\u200b-\u200d\u2060]*[=+\-@＝＋－＠﹢－]|['\t\r\n]")

GUARD = "'"

#: How long a cell may be, in UTF-16 units: a spreadsheet cuts the rest without a word.
LONGEST_CELL = 32_767


def text_of(value: Value) -> str:
    """The value as a person reads it: dates as ISO 8601, bytes as base64, lists as JSON; ``""`` for NULL."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, list | tuple | dict):
        return json.dumps(to_json(value), ensure_ascii=False)
    return str(value)


def visible(text: str) -> str:
    """The text with every character that can't be seen written as its number, ``⟨U+0000⟩``, so that none is lost or hides."""
    return _UNSEEN.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", text)


def has_unseen(text: str) -> bool:
    """Whether ``visible`` changes the text."""
    return _UNSEEN.search(text) is not None


def units(text: str) -> int:
    """How long a spreadsheet takes the text to be: in UTF-16 units, of which 😀 is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_number(value: Value) -> bool:
    """Whether the value is a number, whose minus sign starts no formula."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def guarded(text: str) -> str:
    """The text as a CSV cell that no spreadsheet runs: where it begins like a formula, an apostrophe stands before it.

    So does one before a text that begins with an apostrophe, so that ``unguarded`` gives every text back.
    """
    return GUARD + text if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that ``guarded`` was given."""
    return cell.removeprefix(GUARD)
