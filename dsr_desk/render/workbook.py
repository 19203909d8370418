"""A workbook of texts and numbers, as spreadsheets read it (ISO/IEC 29500)."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from dsr_desk.model.values import MAX_JSON_INT, Value
from dsr_desk.render.files import Draft
from dsr_desk.render.shown import LONGEST_CELL, guarded, units, visible

#: What one sheet holds: rows below its head, and columns.
MOST_ROWS, MOST_COLUMNS = 1_048_575, 16_384
_LONGEST_NAME = 31
_WIDEST = 60

#: A character of the sort ``_x000D_`` in a text, and those that a cell keeps only when they are written like that.
_LIKE_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BLANK = re.compile(r"[\t\n\r ]+")

#: A cell: a text, a number, yes or no, or nothing.
Cell = str | int | float | bool | None
Rows = list[list[Cell]]


def is_exact(value: Value) -> bool:
    """Whether a spreadsheet keeps the value as a number without changing it: it counts in doubles (IEEE 754)."""
    if isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) <= MAX_JSON_INT
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor NaN
    return isinstance(value, Decimal) and value.is_finite() and abs(value) < MAX_JSON_INT and Decimal(repr(float(value))) == value


def fits(text: str) -> bool:
    """Whether a cell holds the text as it is written: spreadsheets count UTF-16 units, and cut the rest without a word."""
    return units(_escaped(text)) <= LONGEST_CELL


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """A name that a workbook takes: short, without ``[]:*?/\\``, unlike any other of it whatever the letters' case."""
    plain = re.sub(r"[\[\]:*?/\\]|\s+", " ", visible(title)).strip(" '") or "Sheet"
    lowered = {name.casefold() for name in taken} | {"history"}  # a name that Excel keeps for itself
    ends = itertools.chain([""], (f" ({number})" for number in itertools.count(2)))
    names = (_cut(plain, _LONGEST_NAME - len(end)).rstrip(" '") + end for end in ends)
    return next(name for name in names if name.casefold() not in lowered)


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le")[: most * 2].decode("utf-16-le", "ignore")


def workbook_draft(name: str, sheets: Mapping[str, Rows], what: str) -> Draft:
    """Sheets by their names; the first row of each is its head. No text in it is ever a formula.

    It is read back by another library than the one that wrote it, and compared cell by cell.
    """
    return Draft(name, _written(sheets), what, _check_of(sheets))


def _written(sheets: Mapping[str, Rows]) -> bytes:
    book = Workbook(write_only=True)
    book.properties.creator = "DSR Desk"
    styles: dict[Any, Any] = {}
    for name, rows in sheets.items():
        sheet: Any = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for column, width in _widths(rows).items():
            sheet.column_dimensions[column].width = width
        for number, row in enumerate(rows):
            sheet.append([_drawn(sheet, cell, number == 0, styles) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(rows: Rows) -> dict[str, int]:
    """How wide each column is drawn, by its head and first rows, in characters."""
    columns = zip_longest(*rows[:200])
    longest = (max(len(line) for cell in column for line in str(cell or "").split("\n")) for column in columns)
    return {get_column_letter(n): min(max(width + 2, 8), _WIDEST) for n, width in enumerate(longest, start=1)}


def _drawn(sheet: Any, cell: Cell, head: bool, styles: dict[Any, Any]) -> Any:
    if cell is None or cell == "":
        return None
    drawn: Any = WriteOnlyCell(sheet)
    quoted = False
    if isinstance(cell, bool):
        drawn.value = cell
    elif isinstance(cell, str):
        drawn.value = _escaped(cell)
        drawn.data_type = "s"  # a text, whatever it looks like: never a formula, an error or a number
        quoted = guarded(cell) != cell  # so that it stays one when somebody edits the cell
    else:
        drawn.value = repr(cell)  # all its digits: a number would be written with 16
        drawn.data_type = "n"
    look = type(cell), head, quoted
    if look not in styles:
        styles[look] = _styled(drawn, cell, head, quoted)
    drawn._style = styles[look]  # looking one up for every cell takes most of the time
    return drawn


def _styled(drawn: Any, cell: Cell, head: bool, quoted: bool) -> Any:
    """What such cells look like; the cell gets it, too."""
    drawn.alignment = Alignment(vertical="top", wrap_text=isinstance(cell, str))
    drawn.number_format = "0" if isinstance(cell, int) and not isinstance(cell, bool) else "General"
    drawn.quotePrefix = quoted
    if head:
        drawn.font = Font(bold=True)
    return drawn._style


def _escaped(text: str) -> str:
    """The text as a workbook writes it (ISO/IEC 29500-1, 22.9.2.19): a reader takes a bare CR, or a text of blanks, for nothing."""
    text = _LIKE_ESCAPED.sub("_x005F_", text)
    if _BLANK.fullmatch(text):
        return "".join(f"_x{ord(c):04X}_" for c in text)
    return text.replace("\r", "_x000D_")


def _check_of(sheets: Mapping[str, Rows]) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
            if book.sheet_names != list(sheets):
                raise ValueError("the workbook has other sheets")
            for name, rows in sheets.items():
                if not _same(book.get_sheet_by_name(name).to_python(skip_empty_area=False), rows):
                    raise ValueError("a sheet says something else")
        except CalamineError:
            raise ValueError("the workbook can't be opened") from None

    return check


def _same(read: Sequence[Sequence[Any]], rows: Rows) -> bool:
    """Whether a sheet that another library read back holds these rows, and nothing else."""
    pairs = zip_longest(read, rows, fillvalue=())
    return all(_told(a) == _told(b) for back, row in pairs for a, b in zip_longest(back, row, fillvalue=None))


def _told(cell: Any) -> tuple[str, Any]:
    if cell is None or cell == "":
        return "", ""
    return type(cell).__name__.replace("int", "float"), cell
