"""Changing rows in the content of an OpenDocument spreadsheet without touching a byte of any other row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from dsr_desk.drivers._sheet.cells import RowEdit, UnusualError
from dsr_desk.drivers._sheet.ods_content import Sheet
from dsr_desk.model.values import Value, as_text

_PREFIXES = tuple(
    (f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"').encode() for prefix in ("table", "office", "text")
)
_OPENING = re.compile(rb"""<table:table-row(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>""")
_REPEATED = re.compile(rb"""\s+table:number-rows-repeated\s*=\s*(?:"[^"]*"|'[^']*')""")
_REPEAT = "table:number-columns-repeated"
#: What an emptied cell keeps: how it looks, where it reaches, and what may be typed into it.
_KEPT = (
    "table:style-name",
    "table:content-validation-name",
    "table:number-columns-spanned",
    "table:number-rows-spanned",
)


@dataclass(frozen=True, slots=True)
class _Cell:
    name: str
    attributes: dict[str, str]
    count: int
    start: int
    end: int


def edited(xml: bytes, edits: Mapping[str, Mapping[int, RowEdit]], sheets: list[Sheet]) -> bytes:
    """The content with these rows, by name of the sheet, changed. ``UnusualError`` where it is written in another way."""
    head = xml[: xml.find(b"<office:body")]
    if (
        any(prefix not in head for prefix in _PREFIXES)
        or b"<![CDATA[" in xml
        or re.search(rb'encoding="(?!utf-8)', head[:200], re.I)
    ):
        raise UnusualError
    pieces, at = [], 0
    for sheet in sheets:
        rows = dict(edits.get(sheet.name, {}))
        for span in sheet.rows if rows else ():
            here = sorted(n for n in rows if span.number <= n < span.number + span.count)
            if not here:
                continue
            raw, done = xml[span.start : span.end], span.number
            pieces.append(xml[at : span.start])
            for number in here:
                pieces += [_repeated(raw, number - done), _edited(raw, rows.pop(number))]
                done = number + 1
            pieces.append(_repeated(raw, span.number + span.count - done))
            at = span.end
        if rows:
            raise UnusualError
    return b"".join([*pieces, xml[at:]])


def _repeated(raw: bytes, count: int) -> bytes:
    """The row so many times."""
    if not count:
        return b""
    opening = _opening(raw)
    plain = _REPEATED.sub(b"", opening)
    more = b' table:number-rows-repeated="%d"' % count if count > 1 else b""
    return b"<table:table-row" + more + plain.removeprefix(b"<table:table-row") + raw[len(opening) :]


def _opening(raw: bytes) -> bytes:
    match = _OPENING.match(raw)
    if match is None or match[0].endswith(b"/>"):
        raise UnusualError
    return match[0]


def _edited(raw: bytes, edit: RowEdit) -> bytes:
    opening = _opening(raw)
    made, column = [], 0
    left = dict(edit.writes)
    for cell in _cells(raw):
        if edit.blank:
            made.append(_empty(cell, cell.count))
            continue
        at = column
        for position in sorted(p for p in left if column <= p < column + cell.count):
            made += [_same(raw, cell, position - at), _written(cell, left.pop(position))]
            at = position + 1
        made.append(_same(raw, cell, column + cell.count - at))
        column += cell.count
    for position, value in sorted(left.items()):
        gap = _Cell("table:table-cell", {}, 1, 0, 0)
        made += [_empty(gap, position - column) if position > column else b"", _written(gap, value)]
        column = position + 1
    return _REPEATED.sub(b"", opening) + b"".join(made) + b"</table:table-row>"


def _cells(raw: bytes) -> Iterator[_Cell]:
    """The cells of a row element, with their places in it."""
    found: list[_Cell] = []
    stack: list[tuple[int, str, dict[str, str]]] = []
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        stack.append((parser.CurrentByteIndex, name, attributes))

    def end(name: str) -> None:
        begin, _, attributes = stack.pop()
        if len(stack) == 1:
            if name not in ("table:table-cell", "table:covered-table-cell"):
                raise UnusualError
            found.append(_Cell(name, attributes, int(attributes.get(_REPEAT, "1")), begin, parser.CurrentByteIndex))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(raw, True)
    except expat.ExpatError:
        raise UnusualError from None
    starts = [cell.start for cell in found[1:]] + [raw.rindex(b"</table:table-row")]
    return (_Cell(c.name, c.attributes, c.count, c.start, following) for c, following in zip(found, starts, strict=True))


def _same(raw: bytes, cell: _Cell, count: int) -> bytes:
    """The cell so many times."""
    if not count:
        return b""
    if count == cell.count:
        return raw[cell.start : cell.end]
    opening = re.match(rb"""<[\w:-]+(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>""", raw[cell.start : cell.end])
    if opening is None:
        raise UnusualError
    tag = re.sub(rb"""\s+table:number-columns-repeated\s*=\s*(?:"[^"]*"|'[^']*')""", b"", opening[0])
    if count > 1:
        name = cell.name.encode()
        tag = b"<" + name + b' table:number-columns-repeated="%d"' % count + tag.removeprefix(b"<" + name)
    return tag + raw[cell.start + opening.end() : cell.end]


def _empty(cell: _Cell, count: int) -> bytes:
    return f"<{cell.name}{_kept(cell)}{f' {_REPEAT}={quoteattr(str(count))}' if count > 1 else ''}/>".encode()


def _kept(cell: _Cell) -> str:
    return "".join(f" {name}={quoteattr(cell.attributes[name])}" for name in _KEPT if name in cell.attributes)


def _written(cell: _Cell, value: Value) -> bytes:
    if value is None or value == "":
        return _empty(cell, 1)
    attributes, text = _typed(value)
    said = "".join(f" office:{name}={quoteattr(given)}" for name, given in attributes.items())
    shown = "".join(f"<text:p>{_paragraph(line)}</text:p>" for line in text.split("\n"))
    return f"<{cell.name}{_kept(cell)}{said}>{shown}</{cell.name}>".encode()


def _typed(value: Any) -> tuple[dict[str, str], str]:
    text = as_text(value) or ""
    if isinstance(value, bool):
        return {"value-type": "boolean", "boolean-value": text}, text.upper()
    if isinstance(value, int | float | Decimal):
        return {"value-type": "float", "value": repr(value) if isinstance(value, float) else str(value)}, text
    if isinstance(value, datetime | date):
        return {"value-type": "date", "date-value": text}, text
    if isinstance(value, time | timedelta):
        if isinstance(value, time):
            value = timedelta(0, value.second, value.microsecond, 0, value.minute, value.hour)
        seconds = value // timedelta(seconds=1)
        part = f".{value.microseconds:06d}" if value.microseconds else ""
        return {
            "value-type": "time",
            "time-value": f"PT{seconds // 3600:02}H{seconds // 60 % 60:02}M{seconds % 60:02}{part}S",
        }, text
    return {"value-type": "string"}, text


def _paragraph(line: str) -> str:
    """A line with its blanks as they are (ODF 1.3 part 3, 6.1)."""
    blanks = re.sub("^ | (?= )| $", "\1", line)
    return re.sub("\1+", lambda m: f'<text:s text:c="{len(m[0])}"/>', escape(blanks)).replace("\t", "<text:tab/>")
