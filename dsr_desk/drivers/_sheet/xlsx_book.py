"""An Excel workbook as a book with one collection a sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import BinaryIO

from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.drivers._file.swap import Rewritten
from dsr_desk.drivers._sheet.addresses import Addresses
from dsr_desk.drivers._sheet.attached import (
    Touched,
    linked_over,
    merged_over,
    notes_on,
    without_links,
    without_notes,
    without_relations,
)
from dsr_desk.drivers._sheet.book import Book, Edits, unique_names
from dsr_desk.drivers._sheet.cells import RowEdit, UnusualError, edited, emptied_strings, unwritable, used_strings
from dsr_desk.drivers._sheet.compare import insist_same
from dsr_desk.drivers._sheet.forbidden import forbidden
from dsr_desk.drivers._sheet.formulas import Formulas
from dsr_desk.drivers._sheet.headers import LOOKED_AT, asked, header_row
from dsr_desk.drivers._sheet.package import LARGEST_FILE, Package, SheetPart, local
from dsr_desk.drivers._sheet.reading import Reader
from dsr_desk.drivers._sheet.residue import in_parts
from dsr_desk.errors import RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.plan import Residue
from dsr_desk.model.schema import Column, LiveCollection
from dsr_desk.model.values import Value, as_text

_BLANKED = "Erased rows are left blank, so that nothing else in the workbook moves."


class XlsxBook(Book):
    """Reads the whole file at once: what is searched, compared and rewritten are the same bytes."""

    server = "Excel workbook"

    def __init__(self, system: System, source: Source) -> None:
        super().__init__(system, source.label)
        with source.open() as file, faults(source.label):
            self._data = file.read(LARGEST_FILE + 1)
        if len(self._data) > LARGEST_FILE:
            raise UnreachableError(f"{source.label} is larger than {LARGEST_FILE >> 20} MB.", "Split it into smaller workbooks.")
        self._package = Package(self._data, source.label)
        self._formulas = Formulas(self._package)
        self.obstacles = forbidden(self._package)
        self.read_only = bool(self.obstacles)
        self.limits = (f"It holds {', '.join(self.obstacles)}, so it is only read.",) if self.obstacles else ()
        self._sheets: dict[str, list[list[Value]]] = {}

    def names(self) -> tuple[str, ...]:
        """The names of its worksheets, hidden ones too."""
        return tuple(sheet.name for sheet in self._package.sheets if sheet.kind == "worksheet")

    def columns(self, collection: Collection) -> tuple[str, ...]:
        """The names in the row that has them."""
        sheet = self._sheet(collection)
        rows, number = self._cells(sheet), self.header(collection)
        header = rows[number - 1] if len(rows) >= number else []
        while header and header[-1] is None:
            header = header[:-1]
        if not header:
            raise UnreachableError(
                f"{self.label}: the sheet {sheet.name} has no column names in row {number}.", "Write them there."
            )
        return unique_names([None if v is None else str(v) for v in header])

    def header(self, collection: Collection) -> int:
        """The row that the catalog names, else the one that is found."""
        rows = enumerate(self._cells(self._sheet(collection))[:LOOKED_AT], 1)
        return asked(self.system, collection) or header_row(rows, (*collection.fields, *collection.key))

    def live(self, collection: Collection) -> LiveCollection:
        """Every cell of a sheet may hold any kind of value."""
        return LiveCollection(collection.name, {name: Column(name, "any", "cell") for name in self.columns(collection)})

    def rows(self, collection: Collection, needles: Sequence[str] | Addresses | None = None) -> Iterator[tuple[int, list[Value]]]:
        """The rows below the header that hold anything. ``UnreachableError`` for formulas that were never calculated."""
        sheet = self._sheet(collection)
        columns, header = self.columns(collection), self.header(collection)
        listed = {i for i, name in enumerate(columns) if name in collection.fields}
        for row, column in self._formulas.unstored(sheet.name):
            if column in listed and row > header:
                raise UnreachableError(
                    f"{self.label}: row {row} of {sheet.name} has a formula whose result was never stored.",
                    "Open the workbook in Excel, save it there, and search again.",
                )
        for row, cells in enumerate(self._cells(sheet), 1):
            if row <= header or all(cell is None for cell in cells):
                continue
            width = len(cells)
            while width > len(columns) and cells[width - 1] is None:
                width -= 1
            yield row, cells[:width]

    def refuses(self, collection: Collection, edits: Edits) -> list[tuple[str, str, str]]:
        """Parts that keep copies of rows, formulas over the rows, merged cells and notes, and values no cell can hold."""
        found = [
            ("", f"the workbook holds {name}", "Remove them from the workbook, or deal with it by hand") for name in self.obstacles
        ]
        sheet, columns = self._sheet(collection), self.columns(collection)
        rows = _row_edits(edits)
        if not rows:
            return found
        xml, touched = self._package.parts[sheet.part], Touched(rows)
        over = self._formulas.over(sheet.name, {row: None if e.blank else tuple(e.writes) for row, e in rows.items()})
        if over:
            more = f" and {len(over) - 1} more" if len(over) > 1 else ""
            found.append(
                ("", f"the formula in {over[0]}{more} looks at these rows", "Replace it by its result, or deal with it by hand")
            )
        if merged_over(xml, touched) or linked_over(xml, touched):
            found.append(("", "a merged cell or a link lies over several of the rows", "Split it in the workbook"))
        changed = Touched({row: e for row, e in rows.items() if not e.blank})
        if notes_on(self._package, sheet.part, changed):
            found.append(("", "a cell that changes carries a note", "Remove the note in the workbook"))
        problems = {
            columns[position]: problem
            for edit in rows.values()
            for position, value in edit.writes.items()
            if (problem := unwritable(value))
        }
        return found + [(name, problem, "Choose another value under erase:") for name, problem in problems.items()]

    def rewrite(self, edits: Mapping[str, Edits], out: BinaryIO) -> Rewritten:
        """Changes the cells in the sheets' own XML, opens the result again and compares every other part, row and cell."""
        by_sheet = {self._sheet(self.collection(name)): _row_edits(edit) for name, edit in edits.items()}
        by_sheet = {sheet: rows for sheet, rows in by_sheet.items() if rows}
        try:
            changed = self._changed(by_sheet)
        except UnusualError:
            raise RefusedError(
                f"{self.label} is written in an unusual way that can't be changed safely.",
                "Open it in Excel, save it there, and make a new plan.",
            ) from None
        self._sheets.clear()  # memory for the second reading
        self.__dict__.pop("_reader", None)
        data, names = self._package.packed(changed), set(changed)
        changed.clear()  # it is read again from what was packed
        insist_same(self._package, Package(data, self.label), by_sheet, names)
        out.write(data)
        blanked = any(edit.blank for rows in by_sheet.values() for edit in rows.values())
        return Rewritten(hashlib.sha256(self._data).hexdigest(), (_BLANKED,) if blanked else ())

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Erased texts in the unpacked parts, beyond the cells that still show them."""
        texts = {needle: needle.decode("utf-8", "replace") for needle in needles}
        shown = dict.fromkeys(needles, 0)
        for sheet in self._package.sheets:
            for row in self._cells(sheet) if sheet.kind == "worksheet" and needles else ():
                cancel.check()
                line = "\n".join(text for cell in row if (text := as_text(cell)))
                for needle, text in texts.items():
                    shown[needle] += line.count(text)
        return list(in_parts(self.system.name, self._package, shown, needles))

    @cached_property
    def era(self) -> datetime:
        """The day from which the workbook counts its dates."""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

        properties = (e for e in self._package.xml(self._package.workbook).iter() if local(e) == "workbookPr")
        since_1904 = any(e.get("date1904") in ("1", "true", "on") for e in properties)
        era: datetime = MAC_EPOCH if since_1904 else WINDOWS_EPOCH
        return era

    # -- its parts -----------------------------------------------------------------------------------------------------

    def _changed(self, by_sheet: Mapping[SheetPart, Mapping[int, RowEdit]]) -> dict[str, bytes]:
        """The parts that change: the sheets, their links and notes, and the shared texts that no cell shows any more."""
        package, changed, freed = self._package, {}, set()
        for sheet, rows in by_sheet.items():
            touched = Touched(rows)
            xml, texts = edited(package.parts[sheet.part], rows, self.era)
            xml, ids = without_links(xml, touched)
            changed[sheet.part] = xml
            changed.update(without_relations(package, sheet.part, ids))
            changed.update(without_notes(package, sheet.part, touched))
            freed |= texts
        strings = package.shared_strings()
        if freed and strings:
            for sheet in package.sheets:
                freed -= used_strings(changed.get(sheet.part, package.parts[sheet.part]))
            changed[strings] = emptied_strings(package.parts[strings], freed)
        return changed

    def _sheet(self, collection: Collection) -> SheetPart:
        name = collection.table or collection.name
        for sheet in self._package.sheets:
            if sheet.name == name and sheet.kind == "worksheet":
                return sheet
        raise UsageError(
            f"{self.system.name}/{collection.name}: {self.label} has no sheet named {name}.", f"It has: {', '.join(self.names())}."
        )

    def _cells(self, sheet: SheetPart) -> list[list[Value]]:
        """All rows of a sheet from row 1 and column A."""
        if sheet.name not in self._sheets:
            self._sheets[sheet.name] = list(self._reader.rows(sheet))
        return self._sheets[sheet.name]

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self._package)


def _row_edits(edits: Edits) -> dict[int, RowEdit]:
    return {row: RowEdit(blank=True) for row in edits.deletes} | {
        row: RowEdit(writes=writes) for row, writes in edits.writes.items()
    }
