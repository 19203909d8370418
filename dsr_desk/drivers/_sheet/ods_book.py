"""An OpenDocument spreadsheet (ODS) as a book with one collection a sheet."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile, zip_longest
from typing import BinaryIO
from xml.parsers import expat

from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.drivers._file.spellings import occurrences
from dsr_desk.drivers._file.swap import Rewritten
from dsr_desk.drivers._sheet.addresses import Addresses
from dsr_desk.drivers._sheet.book import Book, Edits, unique_names
from dsr_desk.drivers._sheet.cells import RowEdit, UnusualError, unwritable
from dsr_desk.drivers._sheet.headers import LOOKED_AT, asked, header_row
from dsr_desk.drivers._sheet.ods_content import Sheet, TooMuchError, sheets_of
from dsr_desk.drivers._sheet.ods_edit import edited
from dsr_desk.drivers._sheet.ods_formulas import looking
from dsr_desk.drivers._sheet.package import LARGEST_FILE, Archive
from dsr_desk.drivers._sheet.residue import unescaped
from dsr_desk.errors import RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.plan import Residue
from dsr_desk.model.schema import Column, LiveCollection
from dsr_desk.model.values import Value, as_text

_CONTENT, _MANIFEST, _THUMBNAIL = "content.xml", "META-INF/manifest.xml", "Thumbnails/thumbnail.png"
_BLANKED = "Erased rows are left blank, so that nothing else in the workbook moves."
_PICTURED = "The small picture of its first page, which could show what was erased, was replaced by an empty one."
#: One transparent pixel.
_NO_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b49444154789c63606000000003"
    "0001b8ad3a630000000049454e44ae426082"
)
#: What stands in the content or among the parts, and keeps copies of rows or acts on its own.
_MARKS = (
    (rb"<table:tracked-changes", "a record of changes"),
    (rb"<table:data-pilot-table[ >]", "pivot tables"),
    (rb"<table:(?:table-source|cell-range-source|dde-link)[ >]", "links to other files"),
    (rb"<table:scenario[ >]", "scenarios"),
    (rb"<draw:(?:object|plugin|applet)", "charts or embedded objects"),
    (rb"<draw:(?!object|plugin|applet)|<form:", "drawings, pictures or form controls"),
    (rb"<script:event-listener", "macros"),
)
_PARTS = (
    (r"(?:Basic|Scripts)/.+\.(?:xml|xlb|py|js|bsh)$", "macros"),
    (r"(?:Object |ObjectReplacements/)", "charts or embedded objects"),
    (r"(?:Pictures|media)/.", "drawings, pictures or form controls"),
    (r"Versions/|VersionList\.xml", "older versions of itself"),
    (r"META-INF/.*signatures\.xml", "a digital signature"),
)


def is_ods(start: bytes, path: str) -> bool:
    """Whether a file is an OpenDocument spreadsheet: by what stands at the start of its zip, else by its name."""
    return start.startswith(b"PK\x03\x04") and (
        b"mimetypeapplication/vnd.oasis.opendocument." in start or path.lower().endswith((".ods", ".ots"))
    )


class OdsPackage(Archive):
    """The parts of an OpenDocument spreadsheet."""

    def __init__(self, data: bytes, label: str) -> None:
        """``UnreachableError`` for what is no spreadsheet, or is locked with a password."""
        super().__init__(data, label)
        if b"encryption-data" in self.parts.get(_MANIFEST, b"") or "encrypted-package" in self.parts:
            raise UnreachableError(f"{label} has a password.", "Save it without a password, or deal with it by hand.")
        if _CONTENT not in self.parts or b"opendocument.spreadsheet" not in self.parts.get("mimetype", b""):
            raise self.damaged()

    def damaged(self) -> UnreachableError:
        """The error for a file that is no sound spreadsheet."""
        return UnreachableError(f"{self.label} is damaged or no spreadsheet.", "Open it in LibreOffice and save it again.")


class OdsBook(Book):
    """Reads the whole file at once: what is searched, compared and rewritten are the same bytes."""

    server = "OpenDocument spreadsheet"

    def __init__(self, system: System, source: Source) -> None:
        super().__init__(system, source.label)
        with source.open() as file, faults(source.label):
            self._data = file.read(LARGEST_FILE + 1)
        if len(self._data) > LARGEST_FILE:
            raise UnreachableError(f"{source.label} is larger than {LARGEST_FILE >> 20} MB.", "Split it into smaller files.")
        self._package = OdsPackage(self._data, source.label)
        self._sheets = self._parsed(self._package.parts[_CONTENT])
        self.obstacles = list(dict.fromkeys(self._forbidden()))
        self.read_only = bool(self.obstacles)
        self.limits = (f"It holds {', '.join(self.obstacles)}, so it is only read.",) if self.obstacles else ()

    def names(self) -> tuple[str, ...]:
        """The names of its sheets, hidden ones too."""
        return tuple(sheet.name for sheet in self._sheets)

    def columns(self, collection: Collection) -> tuple[str, ...]:
        """The names in the row that has them."""
        sheet, wanted = self._sheet(collection), self.header(collection)
        header = next((cells for number, cells in sheet.each() if number >= wanted), [])
        if next((number for number, _ in sheet.each() if number >= wanted), 0) != wanted:
            raise UnreachableError(
                f"{self.label}: the sheet {sheet.name} has no column names in row {wanted}.", "Write them there."
            )
        return unique_names([None if v is None else as_text(v) for v in header])

    def header(self, collection: Collection) -> int:
        """The row that the catalog names, else the one that is found."""
        rows = takewhile(lambda row: row[0] <= LOOKED_AT, self._sheet(collection).each())
        return asked(self.system, collection) or header_row(rows, (*collection.fields, *collection.key))

    def live(self, collection: Collection) -> LiveCollection:
        """Every cell of a sheet may hold any kind of value."""
        return LiveCollection(collection.name, {name: Column(name, "any", "cell") for name in self.columns(collection)})

    def rows(self, collection: Collection, needles: Sequence[str] | Addresses | None = None) -> Iterator[tuple[int, list[Value]]]:
        """The rows below the header that hold anything."""
        header = self.header(collection)
        for number, cells in self._sheet(collection).each():
            if number > header:
                yield number, list(cells)

    def refuses(self, collection: Collection, edits: Edits) -> list[tuple[str, str, str]]:
        """Parts that keep copies of rows, formulas over the rows, merged cells and notes, and values no cell can hold."""
        found = [("", f"it holds {name}", "Remove them in LibreOffice, or deal with it by hand") for name in self.obstacles]
        sheet, columns, rows = self._sheet(collection), self.columns(collection), _row_edits(edits)
        if not rows:
            return found
        over = list(looking(self._sheets, {sheet.name: rows}))
        if over:
            more = f" and {len(over) - 1} more" if len(over) > 1 else ""
            why = f"the formula in {over[0]}{more} looks at these rows, or may"
            found.append(("", why, "Replace it by its result, or deal with it by hand"))
        if any(number in merged for merged in sheet.merged for number in rows):
            found.append(("", "a merged cell or a matrix lies over several of the rows", "Split it in LibreOffice"))
        noted = [span for span in sheet.rows if span.number in sheet.noted]
        changed = [number for number, edit in rows.items() if not edit.blank]
        if any(span.number <= number < span.number + span.count for span in noted for number in changed):
            found.append(("", "a row that changes carries a note", "Remove the note in LibreOffice"))
        for edit in rows.values():
            for position, value in edit.writes.items():
                if problem := unwritable(value) or (
                    "a cell can't hold a carriage return" if "\r" in (as_text(value) or "") else None
                ):
                    found.append((columns[position], problem, "Choose another value under erase:"))
        return list(dict.fromkeys(found))

    def rewrite(self, edits: Mapping[str, Edits], out: BinaryIO) -> Rewritten:
        """Changes the rows in the content's own XML, reads the result again and compares every cell of every sheet."""
        by_sheet = {self._sheet(self.collection(name)).name: _row_edits(edit) for name, edit in edits.items()}
        before = self._package.parts
        try:
            changed = {_CONTENT: edited(before[_CONTENT], by_sheet, self._sheets)}
        except UnusualError:
            raise RefusedError(
                f"{self.label} is written in an unusual way that can't be changed safely.",
                "Open it in LibreOffice, save it there, and make a new plan.",
            ) from None
        if _THUMBNAIL in before:
            changed[_THUMBNAIL] = _NO_PICTURE
        data = self._package.packed(changed)
        self._insist_same(OdsPackage(data, self.label).parts, changed, by_sheet)
        out.write(data)
        blanked = any(edit.blank for rows in by_sheet.values() for edit in rows.values())
        notes = (_BLANKED,) * blanked + (_PICTURED,) * (_THUMBNAIL in before)
        return Rewritten(hashlib.sha256(self._data).hexdigest(), notes)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Erased texts in the unpacked parts, beyond the cells that still show them."""
        texts = {needle: needle.decode("utf-8", "replace") for needle in needles}
        shown: set[bytes] = set()
        for sheet in self._sheets:
            for _, cells in sheet.each():
                cancel.check()
                line = "\n".join(text for cell in cells if (text := as_text(cell)))
                shown |= {needle for needle, text in texts.items() if text in line}
        found = []
        for name, part in self._package.parts.items():
            wanted = [n for n in needles if not (name == _CONTENT and n in shown)]
            if count := occurrences([unescaped(part)], wanted):
                where = "the sheets, beside their cells" if name == _CONTENT else f"{name} in {self.label}"
                why = "the file keeps it outside the rows that were erased"
                found.append(Residue(self.system.name, where, count, why, "Remove it in LibreOffice and save the file"))
        return found

    # -- its parts -----------------------------------------------------------------------------------------------------

    def _parsed(self, xml: bytes) -> list[Sheet]:
        try:
            return sheets_of(xml)
        except TooMuchError:
            raise UnreachableError(f"{self.label} has more cells than can be read.", "Split it into smaller files.") from None
        except (expat.ExpatError, ValueError):
            raise self._package.damaged() from None

    def _forbidden(self) -> Iterator[str]:
        content = re.sub(rb"<office:annotation[ >].*?</office:annotation>", b"", self._package.parts[_CONTENT], flags=re.DOTALL)
        for pattern, name in _MARKS:
            if re.search(pattern, content):
                yield name
        for part in self._package.parts:
            yield from (name for pattern, name in _PARTS if re.match(pattern, part))
        if any(sheet.protected for sheet in self._sheets):
            yield "a protected sheet"
        if any(sheet.nested for sheet in self._sheets):
            yield "tables inside of cells"

    def _sheet(self, collection: Collection) -> Sheet:
        name = collection.table or collection.name
        for sheet in self._sheets:
            if sheet.name == name:
                return sheet
        raise UsageError(
            f"{self.system.name}/{collection.name}: {self.label} has no sheet named {name}.", f"It has: {', '.join(self.names())}."
        )

    def _insist_same(
        self, after: Mapping[str, bytes], changed: Mapping[str, bytes], edits: Mapping[str, Mapping[int, RowEdit]]
    ) -> None:
        before = self._package.parts
        right = before.keys() == after.keys() and all(before[name] == after[name] for name in before.keys() - changed.keys())
        for was, now in zip_longest(self._sheets, self._parsed(after[_CONTENT])):
            right = right and was.name == now.name and _wanted(was, edits.get(was.name, {})) == _texts(now)
        if not right:
            raise RefusedError(
                f"{self.label} can't be rewritten as planned: a cell would not come out as it should. Nothing was written.",
                "Deal with this file by hand.",
            )


def _row_edits(edits: Edits) -> dict[int, RowEdit]:
    return {row: RowEdit(blank=True) for row in edits.deletes} | {
        row: RowEdit(writes=writes) for row, writes in edits.writes.items()
    }


def _texts(sheet: Sheet) -> dict[int, list[str]]:
    return {number: texts for number, cells in sheet.each() if (texts := _trimmed(cells))}


def _wanted(sheet: Sheet, edits: Mapping[int, RowEdit]) -> dict[int, list[str]]:
    found = {}
    for number, cells in sheet.each():
        edit = edits.get(number, RowEdit())
        made = [] if edit.blank else list(cells)
        for column, value in edit.writes.items():
            made += [None] * (column + 1 - len(made))
            made[column] = value
        if texts := _trimmed(made):
            found[number] = texts
    return found


def _trimmed(cells: Sequence[Value]) -> list[str]:
    texts = [as_text(cell) or "" for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts
