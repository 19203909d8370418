"""Changing cells in a sheet's XML (ECMA-376 part 1, 18.3) without touching a byte of any other row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from dsr_desk.model.values import Value, as_text

ROW = re.compile(rb"<row\b([^>]*?)(/?)>")
CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_R = re.compile(rb'\sr="([A-Z]{0,3})(\d+)"')
_STYLE = re.compile(rb'\ss="\d+"')
_SHARED = re.compile(rb'\st="s"')
_NUMBER = re.compile(rb"<v[^>]*>\s*(\d+)\s*</v>")
_USED = re.compile(rb'<c\b[^>]*\st="s"[^>]*>\s*<v[^>]*>\s*(\d+)\s*</v>')
_STRING = re.compile(rb"<si\b[^>]*?(?:/>|>.*?</si>)", re.DOTALL)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
#: Excel cuts longer texts without a word.
LONGEST_TEXT = 32_767


class UnusualError(Exception):
    """The XML is written in a way that this module does not change."""


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What happens to one row: all its cells are emptied, or some get new values by column position (from 0)."""

    blank: bool = False
    writes: Mapping[int, Value] = field(default_factory=dict)

    def touches(self, column: int) -> bool:
        """Whether a cell of the row is changed."""
        return self.blank or column in self.writes


def edited(xml: bytes, edits: Mapping[int, RowEdit], era: datetime) -> tuple[bytes, set[int]]:
    """The sheet with these rows changed, and the shared texts (by index) that the changed cells used to show.

    ``era`` is the day from which the workbook counts its dates. ``UnusualError`` where a row is not found exactly once.
    """
    if b"<![CDATA[" in xml or b"<!--" in xml:
        raise UnusualError
    pieces, freed, at, left = [], set(), 0, set(edits)
    for number, start, end in rows(xml):
        if number not in edits:
            continue
        if number not in left:
            raise UnusualError
        left.discard(number)
        row, texts = _edited_row(xml[start:end], number, edits[number], era)
        pieces += [xml[at:start], row]
        freed |= texts
        at = end
    if left:
        raise UnusualError
    return b"".join([*pieces, xml[at:]]), freed


def rows(xml: bytes) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of every row element; ``UnusualError`` where one has no number."""
    for match in ROW.finditer(xml):
        address = _R.search(match[1])
        if address is None or address[1]:
            raise UnusualError
        end = match.end() if match[2] else xml.find(b"</row>", match.end()) + len(b"</row>")
        if end < match.end():
            raise UnusualError
        yield int(address[2]), match.start(), end


def _edited_row(row: bytes, number: int, edit: RowEdit, era: datetime) -> tuple[bytes, set[int]]:
    opening = ROW.match(row)
    if opening is None or opening[2]:
        raise UnusualError
    cells: dict[int, bytes] = {}
    freed: set[int] = set()
    for match in CELL.finditer(row):
        address = _R.search(match[1])
        if address is None or not address[1] or int(address[2]) != number:
            raise UnusualError
        column = position_of(address[1])
        cells[column] = match[0]
        if not edit.touches(column):
            continue
        if _SHARED.search(match[1]) and (index := _NUMBER.search(match[2] or b"")):
            freed.add(int(index[1]))
        style = _STYLE.search(match[1])
        cells[column] = written(address[0], style[0] if style else b"", None if edit.blank else edit.writes[column], era)
    for column, value in edit.writes.items():
        if column not in cells and value is not None:
            cells[column] = written(b' r="%s%d"' % (letters_of(column), number), b"", value, era)
    return opening[0] + b"".join(cells[c] for c in sorted(cells)) + b"</row>", freed


def written(address: bytes, style: bytes, value: Value, era: datetime) -> bytes:
    """A cell element; text goes into the cell itself, so that no other cell shares it."""
    head = b"<c" + address + style
    if value is None or value == "":
        return head + b"/>"
    if isinstance(value, bool):
        return head + b' t="b"><v>%d</v></c>' % value
    number = serial(value, era)
    if number is not None:
        return head + b"><v>" + number.encode("ascii") + b"</v></c>"
    text = escape(_ESCAPED.sub("_x005F_", as_text(value) or "")).replace("\r", "_x000D_")
    return head + b' t="inlineStr"><is><t xml:space="preserve">' + text.encode("utf-8") + b"</t></is></c>"


def serial(value: Value, era: datetime) -> str | None:
    """A number, or a date as the number that Excel counts for it; ``None`` for text."""
    if isinstance(value, int | float | Decimal):
        return repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, date | time | timedelta):
        from openpyxl.utils.datetime import to_excel

        return repr(to_excel(value, era))  # type: ignore[no-untyped-call]  # its stubs lack it
    return None


def unwritable(value: Value) -> str | None:
    """Why no cell can hold this value."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return "a cell can't hold a time zone"
    if isinstance(value, bytes | list | dict):
        return "a cell can't hold this kind of value"
    text = as_text(value) or ""
    if _ILLEGAL.search(text):
        return "the new value holds a character that a workbook can't hold"
    return "the new value is longer than a cell holds" if len(text) > LONGEST_TEXT else None


def used_strings(xml: bytes) -> set[int]:
    """The shared texts, by index, that a sheet shows."""
    return set(map(int, _USED.findall(xml)))


def emptied_strings(xml: bytes, indexes: set[int]) -> bytes:
    """The shared texts with these made empty; every other keeps its index."""
    pieces, at, count = [], 0, 0
    for count, match in enumerate(_STRING.finditer(xml), 1):
        if count - 1 in indexes:
            pieces += [xml[at : match.start()], b"<si><t/></si>"]
            at = match.end()
    if max(indexes, default=-1) >= count:
        raise UnusualError
    return b"".join([*pieces, xml[at:]])


def position_of(letters: bytes) -> int:
    """``A`` → 0, ``AA`` → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def letters_of(position: int) -> bytes:
    """0 → ``A``, 26 → ``AA``."""
    letters = b""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters
