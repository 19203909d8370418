"""Opening a rewritten workbook again, and insisting that nothing changed but what the plan says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, repeat, zip_longest

from dsr_desk.drivers._sheet.cells import RowEdit, UnusualError, rows
from dsr_desk.drivers._sheet.package import Package, SheetPart
from dsr_desk.drivers._sheet.reading import Reader
from dsr_desk.errors import RefusedError
from dsr_desk.model.values import Value, as_text


def insist_same(old: Package, new: Package, edits: Mapping[SheetPart, Mapping[int, RowEdit]], changed: Iterable[str]) -> None:
    """``RefusedError`` naming the first difference that nobody planned.

    Parts that were not rewritten are equal byte for byte. In a rewritten sheet every row that was not planned is equal byte
    for byte, and read by another parser every cell of every sheet holds what it held, or what the plan says.
    """
    if old.parts.keys() != new.parts.keys():
        raise _differs(old.label, "its parts")
    for name in old.parts.keys() - set(changed):
        if old.parts[name] != new.parts[name]:
            raise _differs(old.label, name)
        new.parts[name] = old.parts[name]  # once in memory
    reader, again = Reader(old), Reader(new)
    for sheet in old.sheets:
        planned = edits.get(sheet, {})
        if planned and not _same_rows(old.parts[sheet.part], new.parts[sheet.part], planned):
            raise _differs(old.label, f"the sheet {sheet.name}")
        if sheet.kind == "worksheet":
            _insist_cells(old.label, sheet.name, reader.rows(sheet), again.rows(sheet), planned)


def _same_rows(before: bytes, after: bytes, planned: Mapping[int, RowEdit]) -> bool:
    """Whether the rows that were not planned are equal byte for byte, in the same order."""
    try:
        pairs = zip_longest(_other_rows(before, planned), _other_rows(after, planned))
        return all(was == now for was, now in pairs)
    except UnusualError:
        return False


def _other_rows(xml: bytes, planned: Mapping[int, RowEdit]) -> Iterator[bytes]:
    return (xml[start:end] for number, start, end in rows(xml) if number not in planned)


def _insist_cells(
    label: str, sheet: str, before: Iterator[list[Value]], after: Iterator[list[Value]], planned: Mapping[int, RowEdit]
) -> None:
    nothing: list[Value] = []
    beyond = max(planned, default=0)
    pairs = zip_longest(before, after, fillvalue=nothing)
    for number, (was, now) in enumerate(chain(pairs, repeat((nothing, nothing))), 1):
        if was is nothing and now is nothing and number > beyond:
            return
        edit = planned.get(number)
        if edit is None:
            if was != now and _trimmed(was) != _trimmed(now):
                raise _differs(label, f"row {number} of {sheet}")
            continue
        wanted = [] if edit.blank else list(was)
        for column, value in edit.writes.items():
            wanted += [None] * (column + 1 - len(wanted))
            wanted[column] = value
        if [as_text(v) or "" for v in _trimmed(wanted)] != [as_text(v) or "" for v in _trimmed(now)]:
            raise _differs(label, f"row {number} of {sheet}")


def _trimmed(cells: list[Value]) -> list[Value]:
    end = len(cells)
    while end and (cells[end - 1] is None or cells[end - 1] == ""):
        end -= 1
    return cells[:end]


def _differs(label: str, what: str) -> RefusedError:
    return RefusedError(
        f"{label} can't be rewritten as planned: {what} would not come out as it should. Nothing was written.",
        "Deal with this workbook by hand.",
    )
