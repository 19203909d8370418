"""What hangs on cells beside their values: links and notes. They go with the value, and so do their addresses and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dsr_desk.drivers._sheet.cells import RowEdit, position_of
from dsr_desk.drivers._sheet.package import Package, relations_of

_LINK = re.compile(rb"<hyperlink\b([^>]*?)(?:/>|>.*?</hyperlink>)", re.DOTALL)
_NO_LINKS = re.compile(rb"<hyperlinks\b[^>]*>\s*</hyperlinks>")
_AREA = re.compile(rb'\sref="\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?"')
_ID = re.compile(rb'\s\w+:id="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b([^>]*?)(?:/>|>\s*</Relationship>)")
_RELATION_ID = re.compile(rb'\sId="([^"]*)"')
_NOTE = re.compile(rb"<comment\b([^>]*?)(?:/>|>.*?</comment>)", re.DOTALL)
_SHAPE = re.compile(rb"<(\w+:)shape(?=[\s>]).*?</\1shape>", re.DOTALL)
_SHAPE_ROW = re.compile(rb"<\w+:Row>\s*(\d+)\s*<")
_SHAPE_COLUMN = re.compile(rb"<\w+:Column>\s*(\d+)\s*<")
_MERGED = re.compile(rb"<mergeCell\b([^>]*?)/?>")


class Touched:
    """The cells that change."""

    def __init__(self, edits: Mapping[int, RowEdit]) -> None:
        self._edits = edits

    def within(self, rows: range, columns: range) -> bool:
        """Whether one of them lies in these rows (from 1) and columns (from 0)."""
        if len(rows) == 1:
            return rows[0] in self._edits and _of(self._edits[rows[0]], columns)
        return any(row in rows and _of(edit, columns) for row, edit in self._edits.items())


def _of(edit: RowEdit, columns: range) -> bool:
    return edit.blank or any(column in columns for column in edit.writes)


def areas(xml: bytes, pattern: re.Pattern[bytes]) -> Iterator[tuple[re.Match[bytes], range, range]]:
    """Every match of the pattern with the rows (from 1) and columns (from 0) its ``ref`` covers."""
    for match in pattern.finditer(xml):
        if area := _AREA.search(match[1]):
            top, left = int(area[2]), position_of(area[1])
            bottom, right = int(area[4] or top), position_of(area[3]) if area[3] else left
            yield match, range(top, bottom + 1), range(left, right + 1)


def merged_over(xml: bytes, touched: Touched) -> bool:
    """Whether a merged cell of several rows holds a changed cell: its value belongs to all of them."""
    return any(len(rows) > 1 and touched.within(rows, columns) for _, rows, columns in areas(xml, _MERGED))


def linked_over(xml: bytes, touched: Touched) -> bool:
    """Whether one link lies over changed and unchanged rows alike."""
    return any(len(rows) > 1 and touched.within(rows, columns) for _, rows, columns in areas(xml, _LINK))


def notes_on(package: Package, sheet: str, touched: Touched) -> bool:
    """Whether a changed cell carries a note."""
    xml = (package.parts.get(part, b"") for part in _related(package, sheet, "/comments"))
    return any(touched.within(rows, columns) for notes in xml for _, rows, columns in areas(notes, _NOTE))


def without_links(xml: bytes, touched: Touched) -> tuple[bytes, set[bytes]]:
    """The sheet without the links of changed cells, and the ids of relations that nothing in it uses any more."""
    ids: set[bytes] = set()
    pieces, at = [], 0
    for match, rows, columns in areas(xml, _LINK):
        if touched.within(rows, columns):
            pieces.append(xml[at : match.start()])
            at = match.end()
            ids |= set(_ID.findall(match[1]))
    if not at:
        return xml, set()
    left = _NO_LINKS.sub(b"", b"".join([*pieces, xml[at:]]))
    return left, ids - set(_ID.findall(left))


def without_relations(package: Package, sheet: str, ids: set[bytes]) -> dict[str, bytes]:
    """The sheet's relations without these."""
    name = relations_of(sheet)

    def keep(match: re.Match[bytes]) -> bytes:
        own = _RELATION_ID.search(match[1])
        return b"" if own and own[1] in ids else match[0]

    return {name: _RELATION.sub(keep, package.parts[name])} if ids and name in package.parts else {}


def without_notes(package: Package, sheet: str, touched: Touched) -> dict[str, bytes]:
    """The parts with notes and their boxes, without those of changed cells; only parts that change."""
    changed = {}
    for part in _related(package, sheet, "/comments"):
        notes = package.parts.get(part, b"")
        gone = {match[0] for match, rows, columns in areas(notes, _NOTE) if touched.within(rows, columns)}
        changed[part] = _NOTE.sub(lambda m, gone=gone: b"" if m[0] in gone else m[0], notes)  # type: ignore[misc]  # a lambda with a default
    for part in _related(package, sheet, "/vmlDrawing"):
        changed[part] = _SHAPE.sub(lambda m: b"" if _is_box_of(m[0], touched) else m[0], package.parts.get(part, b""))
    return {part: data for part, data in changed.items() if data != package.parts.get(part)}


def _related(package: Package, sheet: str, kind: str) -> list[str]:
    return [target for k, target, outside in package.relations(sheet).values() if k.endswith(kind) and not outside]


def _is_box_of(shape: bytes, touched: Touched) -> bool:
    row, column = _SHAPE_ROW.search(shape), _SHAPE_COLUMN.search(shape)
    return bool(
        row and column and touched.within(range(int(row[1]) + 1, int(row[1]) + 2), range(int(column[1]), int(column[1]) + 1))
    )
