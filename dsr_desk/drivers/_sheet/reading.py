"""Typed cell values out of a workbook's parts, by a reader that has no part in writing them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dsr_desk.drivers._sheet.package import Package, SheetPart, insist_bounded
from dsr_desk.model.values import MAX_JSON_INT, Value


class Reader:
    """Reads sheets of one package. Whole numbers come as ``int``, dates and times as such, empty cells as ``None``."""

    def __init__(self, package: Package) -> None:
        """``UnreachableError`` where the workbook can't be opened."""
        from python_calamine import load_workbook

        self._package = package
        self._workbook = self._sound(lambda: load_workbook(package.readable()))

    def rows(self, sheet: SheetPart) -> Iterator[list[Value]]:
        """All rows from row 1 and column A, one after the other."""
        insist_bounded(self._package.parts[sheet.part], self._package.label, sheet.name)
        found = self._sound(lambda: self._workbook.get_sheet_by_name(sheet.name))
        start = found.start
        if start is None:
            return
        indent: list[Value] = [None] * start[1]
        rows = self._sound(found.iter_rows)
        while (row := self._sound(lambda: next(rows, None))) is not None:
            yield indent + _plain(row)

    def _sound(self, call: Callable[[], Any]) -> Any:
        """Calls the parser; all its failures mean the same, and their own text is dropped because it can hold values."""
        try:
            return call()
        except Exception:  # noqa: BLE001  # see above
            raise self._package.damaged() from None
        except BaseException as panic:
            if type(panic).__name__ == "PanicException":  # how the parser's own assertions arrive
                raise self._package.damaged() from None
            raise


def _plain(row: list[Value]) -> list[Value]:
    return [
        (cell or None)
        if type(cell) is str
        else int(cell)
        if type(cell) is float and cell.is_integer() and abs(cell) <= MAX_JSON_INT
        else cell
        for cell in row
    ]
