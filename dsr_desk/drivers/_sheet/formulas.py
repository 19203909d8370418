"""Which formulas look at rows that are to change: their results would change, or hold copies, without anybody's plan."""

from __future__ import annotations

import re
from collections.abc import Collection as Some
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.sax.saxutils import unescape

from dsr_desk.drivers._sheet.cells import position_of
from dsr_desk.drivers._sheet.package import Package, local

#: A cell with a formula, whatever prefix its namespace has: attributes, formula's attributes, formula, stored result.
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(\w+:)?f\b([^>]*?)(?:/>|>(.*?)</\2?f>)\s*(<(?:\w+:)?v\b[^>]*?(?:/>|>.*?</(?:\w+:)?v>))?", re.DOTALL
)
_R = re.compile(rb'\sr="([A-Z]{1,3})(\d+)"')
_REF = re.compile(rb'\sref="[A-Z]+(\d+):[A-Z]+(\d+)"')
_A1 = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?")
_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?(\d+):\$?(\d+)")
_UNTELLING = ("INDIRECT(", "OFFSET(")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_383


@dataclass(frozen=True, slots=True)
class Area:
    """Rows (from 1) and columns (from 0) of one sheet, both ends included."""

    sheet: str
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell with a formula.

    ``reach`` is how many rows further a shared formula looks; ``stored`` says whether its result is in the file.
    """

    sheet: str
    row: int
    column: int
    text: str
    reach: int
    stored: bool


class Formulas:
    """All formulas of a workbook."""

    def __init__(self, package: Package) -> None:
        self._package = package

    @cached_property
    def all(self) -> tuple[Formula, ...]:
        """Every cell with a formula, in the order of the sheets."""
        return tuple(f for s in self._package.sheets for f in in_sheet(s.name, self._package.parts[s.part]))

    def over(self, sheet: str, cells: Mapping[int, Some[int] | None]) -> list[str]:
        """The formulas (``Sheet!C5``) in these rows, or looking at them: row → the columns that change, ``None`` for all."""
        found = []
        for formula in self.all:
            inside = formula.sheet == sheet and formula.row in cells
            if inside or any(_meets(area, sheet, cells) for area in self._areas(formula, sheet)):
                found.append(f"{formula.sheet}!{_name(formula)}")
        return found

    def unstored(self, sheet: str) -> Iterator[tuple[int, int]]:
        """Row and column of formulas whose results are not in the file, so that nobody can search them."""
        return ((f.row, f.column) for f in self.all if f.sheet == sheet and not f.stored)

    def _areas(self, formula: Formula, about: str) -> Iterator[Area]:
        from openpyxl.formula import Tokenizer
        from openpyxl.formula.tokenizer import Token

        everything = Area(about, 1, _LAST_ROW, 0, _LAST_COLUMN)
        for token in Tokenizer("=" + formula.text).items:
            if token.type == Token.FUNC and token.value.upper().endswith(_UNTELLING):
                yield everything
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                for area in self._operand(token.value, formula.sheet, 0) or (everything,):
                    yield Area(area.sheet, area.top, min(area.bottom + formula.reach, _LAST_ROW), area.left, area.right)

    def _operand(self, text: str, sheet: str, depth: int) -> tuple[Area, ...]:
        """What a reference covers; empty where that can't be told."""
        if "!" in text:
            sheet, text = text.rsplit("!", 1)
            sheet = sheet.removeprefix("'").removesuffix("'").replace("''", "'")
            if sheet not in {s.name for s in self._package.sheets}:
                return ()
        if match := _A1.fullmatch(text):
            left, top = match[1], int(match[2])
            right, bottom = match[3] or left, int(match[4] or top)
            return (Area(sheet, min(top, bottom), max(top, bottom), *_between(left, right)),)
        if match := _COLUMNS.fullmatch(text):
            return (Area(sheet, 1, _LAST_ROW, *_between(match[1], match[2])),)
        if match := _ROWS.fullmatch(text):
            return (Area(sheet, int(match[1]), int(match[2]), 0, _LAST_COLUMN),)
        if "[" in text:
            return tuple(a for name, areas in self._tables.items() if text.split("[")[0].lower() == name for a in areas)
        named = self._names.get(text.lower(), "")
        return tuple(a for part in named.split(",") for a in self._operand(part, sheet, depth + 1)) if named and depth < 5 else ()

    @cached_property
    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for element in self._package.xml(self._package.workbook).iter():
            if local(element) == "definedName":
                name = element.get("name", "").lower()
                found[name] = ",".join(filter(None, (found.get(name), element.text)))
        return found

    @cached_property
    def _tables(self) -> dict[str, tuple[Area, ...]]:
        found: dict[str, tuple[Area, ...]] = {}
        for sheet in self._package.sheets:
            for kind, part, _ in self._package.relations(sheet.part).values():
                if kind.endswith("/table"):
                    table = self._package.xml(part)
                    found[table.get("displayName", "").lower()] = self._operand(table.get("ref", ""), sheet.name, 0)
        return found


def in_sheet(sheet: str, xml: bytes) -> Iterator[Formula]:
    """The cells with formulas in a sheet's XML."""
    if b"<f" not in xml and b":f" not in xml:
        return
    for match in _FORMULA.finditer(xml):
        address = _R.search(match[1])
        if address is None:
            continue
        span = _REF.search(match[3])
        reach = int(span[2]) - int(span[1]) if span else 0
        text = unescape((match[4] or b"").decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})
        stored = bool(match[5]) and (re.search(rb">[^<]", match[5]) is not None or b't="str"' in match[1])
        yield Formula(sheet, int(address[2]), position_of(address[1]), text, reach, stored)


def _meets(area: Area, sheet: str, cells: Mapping[int, Some[int] | None]) -> bool:
    if area.sheet != sheet:
        return False
    rows = (r for r in cells if area.top <= r <= area.bottom)
    return any((columns := cells[r]) is None or any(area.left <= c <= area.right for c in columns) for r in rows)


def _between(left: str, right: str) -> tuple[int, int]:
    a, b = position_of(left.upper().encode("ascii")), position_of(right.upper().encode("ascii"))
    return min(a, b), max(a, b)


def _name(formula: Formula) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(formula.column + 1)}{formula.row}"
