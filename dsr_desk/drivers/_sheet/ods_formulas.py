"""Which formulas of an OpenDocument spreadsheet look at rows (OpenFormula, ODF 1.3 part 4): they keep what they saw."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from dsr_desk.drivers._sheet.cells import RowEdit
from dsr_desk.drivers._sheet.ods_content import Sheet

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_REFERENCE = re.compile(r"\[((?:'(?:[^']|'')*'|[^\]'])*)\]")
_AREA = re.compile(
    r"\$?(?P<sheet>'(?:[^']|'')*'|[^.'#]*)\.\$?[A-Z]+\$?(?P<top>\d+)"
    r"(?::(?:\$?(?P<to>'(?:[^']|'')*'|[^.'#]*))\.\$?[A-Z]+\$?(?P<bottom>\d+))?"
)
_NAME = re.compile(r"[^\W\d][\w.]*(?!\w|\.|\s*\()")
_CONSTANTS = frozenset({"TRUE", "FALSE"})
_ANYWHERE = re.compile(r"\b(?:INDIRECT|OFFSET|DDE|MULTIPLE\.OPERATIONS|CELL|GETPIVOTDATA|INFO|WEBSERVICE)\s*\(", re.IGNORECASE)


def looking(sheets: Iterable[Sheet], edits: Mapping[str, Mapping[int, RowEdit]]) -> Iterator[str]:
    """Where formulas stand that may look at one of these rows, as ``Sheet, row 4``. One that goes itself doesn't count."""
    touched = {name: sorted(rows) for name, rows in edits.items()}
    for sheet in sheets:
        going = {number for number, edit in edits.get(sheet.name, {}).items() if edit.blank}
        for row, count, formula in sheet.formulas:
            if not going.issuperset(range(row, row + count)) and _looks(formula, sheet.name, touched):
                yield f"{sheet.name}, row {row}"


def _looks(formula: str, own: str, touched: Mapping[str, list[int]]) -> bool:
    prefix, begins, body = formula.partition("=")
    if not begins or prefix not in ("of:", "oooc:") or _ANYWHERE.search(body):
        return True
    body = _TEXT.sub("", body)
    for reference in _REFERENCE.findall(body):
        if "#REF!" in reference:
            continue
        area = _AREA.fullmatch(reference)
        if area is None or (area["to"] and _plain(area["to"]) != _plain(area["sheet"])):
            return True
        rows = touched.get(_plain(area["sheet"]) or own, [])
        top, bottom = sorted((int(area["top"]), int(area["bottom"] or area["top"])))
        at = bisect_left(rows, top)
        if at < len(rows) and rows[at] <= bottom:
            return True
    names = _NAME.findall(_REFERENCE.sub("", body))  # of areas that have a name: what they cover is not looked up
    return any(name.upper() not in _CONSTANTS for name in names)


def _plain(name: str) -> str:
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
