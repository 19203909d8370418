"""The tables of an OpenDocument spreadsheet (ODF 1.3 part 3, chapter 9), with the places where their rows stand in the bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from dsr_desk.model.values import MAX_JSON_INT, Value

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
#: The most cells with something in them, of all sheets together; one that is repeated counts as often.
MOST_CELLS = 4_000_000
_WIDEST = 16_384
_BLANKS = re.compile(r"[ \t\r\n]+")
_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d+))?S)?")


class TooMuchError(Exception):
    """More cells than can be held."""


@dataclass(slots=True)
class Span:
    """One row element: where it stands in the bytes, the first row it is (from 1), how many rows, and its cells."""

    start: int
    number: int
    count: int
    end: int = 0
    cells: list[Value] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """One table. ``merged``: rows that one cell spans. ``formulas``: first row, how many, text. ``noted``: first rows."""

    name: str
    protected: bool
    rows: list[Span] = field(default_factory=list)
    merged: list[range] = field(default_factory=list)
    formulas: list[tuple[int, int, str]] = field(default_factory=list)
    noted: set[int] = field(default_factory=set)
    nested: bool = False
    height: int = 0

    def each(self) -> Iterator[tuple[int, list[Value]]]:
        """Row number and cells of every row that isn't blank."""
        for span in self.rows:
            if any(cell is not None for cell in span.cells):
                for number in range(span.number, span.number + span.count):
                    yield number, span.cells


def sheets_of(xml: bytes) -> list[Sheet]:
    """The tables in their order, hidden ones too. ``ExpatError`` for bad XML, ``TooMuchError`` for too many cells."""
    return _Parser().parsed(xml)


@dataclass(slots=True)
class _Cell:
    column: int
    count: int
    attributes: dict[str, str]
    paragraphs: list[list[str]] = field(default_factory=list)


class _Parser:
    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.filled = 0
        self.depth: list[str] = []
        self.sheet: Sheet | None = None
        self.row: Span | None = None
        self.cell: _Cell | None = None
        self.aside = 0  # how deep inside a note, whose text is not the cell's
        self.paragraph = 0
        self.ended: Span | None = None
        self._parser: Any = expat.ParserCreate(namespace_separator=" ")

    def parsed(self, xml: bytes) -> list[Sheet]:
        parser = self._parser
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.text
        parser.buffer_text = True
        parser.Parse(xml, True)
        for sheet in self.sheets:
            for span in sheet.rows:
                span.end = xml.index(b">", span.end) + 1
        return self.sheets

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth.append(name)
        if name == TABLE + "table":
            if self.sheet is not None:
                self.sheet.nested = True
            elif self.depth[-2] == OFFICE + "spreadsheet":
                self.sheet = Sheet(attributes.get(TABLE + "name", ""), attributes.get(TABLE + "protected") == "true")
                self.sheets.append(self.sheet)
        elif self.sheet is None or self.sheet.nested:
            return
        elif name == TABLE + "table-row":
            self.row = Span(
                self._parser.CurrentByteIndex, self.sheet.height + 1, _count(attributes.get(TABLE + "number-rows-repeated"))
            )
        elif name in (TABLE + "table-cell", TABLE + "covered-table-cell") and self.row is not None:
            self._start_cell(attributes)
        elif self.cell is not None:
            self._start_inside(name, attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        sheet, row = self.sheet, self.row
        if sheet is None or row is None:
            return
        column = self.cell.column + self.cell.count if self.cell else 0
        self.cell = _Cell(column, _count(attributes.get(TABLE + "number-columns-repeated")), attributes)
        spans = (_count(attributes.get(TABLE + name)) for name in ("number-rows-spanned", "number-matrix-rows-spanned"))
        if (spanned := max(spans)) > 1:
            sheet.merged.append(range(row.number, row.number + spanned))
        if formula := attributes.get(TABLE + "formula"):
            sheet.formulas.append((row.number, row.count, formula))

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        cell = self.cell
        if cell is None:
            return
        if self.aside or name == OFFICE + "annotation":
            if not self.aside and self.sheet is not None and self.row is not None:
                self.sheet.noted.add(self.row.number)
            self.aside += 1
        elif name == TEXT + "p":
            self.paragraph += 1
            cell.paragraphs.append([])
        elif cell.paragraphs and name == TEXT + "s":
            cell.paragraphs[-1].append("\1" * _count(attributes.get(TEXT + "c")))
        elif cell.paragraphs and name == TEXT + "tab":
            cell.paragraphs[-1].append("\2")
        elif cell.paragraphs and name == TEXT + "line-break":
            cell.paragraphs[-1].append("\3")

    def text(self, data: str) -> None:
        if self.paragraph and not self.aside and self.cell is not None and self.cell.paragraphs:
            self.cell.paragraphs[-1].append(data)

    def end(self, name: str) -> None:
        self.depth.pop()
        if self.aside:
            self.aside -= 1
        elif name == TEXT + "p" and self.paragraph:
            self.paragraph -= 1
        elif name == TABLE + "table" and self.depth and self.depth[-1] == OFFICE + "spreadsheet":
            self.sheet = None
        elif name in (TABLE + "table-cell", TABLE + "covered-table-cell") and self.cell is not None and self.row is not None:
            self._end_cell(self.cell, self.row)
        elif name == TABLE + "table-row" and self.row is not None and self.sheet is not None:
            self.row.end = self._parser.CurrentByteIndex
            self.sheet.height += self.row.count
            self.sheet.rows.append(self.row)
            self.row = self.cell = None

    def _end_cell(self, cell: _Cell, row: Span) -> None:
        value = _value(cell)
        if value is None:
            return
        self.filled += cell.count * row.count
        if self.filled > MOST_CELLS or cell.column + cell.count > _WIDEST:
            raise TooMuchError
        row.cells += [None] * (cell.column - len(row.cells))
        row.cells += [value] * cell.count


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdigit() and len(text) < 10 else 1


def _value(cell: _Cell) -> Value:
    get = cell.attributes.get
    kind = get(OFFICE + "value-type")
    said = get(OFFICE + "string-value")
    text = said if said is not None else "\n".join(_collapsed("".join(parts)) for parts in cell.paragraphs)
    if kind in ("float", "percentage", "currency"):
        with suppress(ValueError, OverflowError):
            number = float(get(OFFICE + "value") or "")
            return int(number) if number.is_integer() and abs(number) <= MAX_JSON_INT else number
    elif kind == "boolean":
        return get(OFFICE + "boolean-value") == "true"
    elif kind == "date":
        with suppress(ValueError):
            given = get(OFFICE + "date-value") or ""
            return datetime.fromisoformat(given) if "T" in given else date.fromisoformat(given)
    elif kind == "time" and (match := _DURATION.fullmatch(get(OFFICE + "time-value") or "")):
        return _duration(match)
    return text or None


def _duration(match: re.Match[str]) -> Value:
    sign, days, hours, minutes, seconds, parts = match.groups(default="0")
    micro = int((parts + "000000")[:6])
    whole = timedelta(int(days), int(seconds), micro, 0, int(minutes), int(hours))
    if sign != "-" and whole < timedelta(days=1):
        at = whole.seconds
        return time(at // 3600, at // 60 % 60, at % 60, whole.microseconds)
    return -whole if sign == "-" else whole


def _collapsed(text: str) -> str:
    """White space as it is shown (ODF 1.3 part 3, 6.1.2)."""
    return _BLANKS.sub(" ", text).strip(" ").replace("\1", " ").replace("\2", "\t").replace("\3", "\n")
