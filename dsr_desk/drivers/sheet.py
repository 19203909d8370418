"""The driver for files with rows: CSV, Excel workbooks and OpenDocument spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import ClassVar

from dsr_desk.drivers._file.beside import insist_unlocked, obstacles
from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.drivers._file.swap import MovedError, Nowhere, confirm, remove_leftover, swap
from dsr_desk.drivers._sheet.book import ROW, Book, as_row
from dsr_desk.drivers._sheet.change import Comparison, compare, keys, not_unique
from dsr_desk.drivers._sheet.csv_book import CsvBook
from dsr_desk.drivers._sheet.ods_book import OdsBook, is_ods
from dsr_desk.drivers._sheet.package import is_workbook
from dsr_desk.drivers._sheet.residue import copies_beside
from dsr_desk.drivers._sheet.sieve import Sieve, together
from dsr_desk.drivers._sheet.xlsx_book import XlsxBook
from dsr_desk.drivers.base import BATCH, Driver, Run
from dsr_desk.errors import DriftError, LockedError, RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.plan import Applied, Drift, Refusal, Residue, Work
from dsr_desk.model.schema import Schema
from dsr_desk.model.values import Value

_CHECK_EVERY = 4096


class SheetDriver(Driver):
    """A CSV or a workbook. It is read as a whole and rewritten as a whole, beside the old file, and swapped in at once."""

    name: ClassVar[str] = "sheet"
    heavy: ClassVar[bool] = True

    @property
    def guarantee(self) -> str:
        """All or nothing, and every other line or cell as it was."""
        return "All or nothing: a new file is written beside the old one, compared, and put in its place in one step."

    def schema(self) -> Schema:
        """The header of the file, or of every sheet that the catalog names."""
        book = self._book()
        names = book.names()
        listed = {n: c for n, c in self.system.collections.items() if (c.table or n) in names or n in names}
        live = {name: book.live(collection) for name, collection in listed.items()}
        taken = {c.table or n for n, c in listed.items()} | set(listed)
        others = tuple(name for name in names if name not in taken)
        above = [_above(name, book.header(collection)) for name, collection in listed.items()]
        limits = (*book.limits, *(limit for limit in above if limit))
        return Schema(book.server, live, others, writable=not book.read_only, limits=limits)

    # -- reading -----------------------------------------------------------------------------------------------------

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """Reads each collection once for all its lookups."""
        book = self._book()
        batch: list[Hit] = []
        for name in dict.fromkeys(lookup.collection for lookup in lookups):
            for hit in self._hits(book, self.collection(name), lookups, cancel):
                batch.append(hit)
                if len(batch) == BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def _hits(self, book: Book, collection: Collection, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[Hit]:
        asked = [(i, lookup) for i, lookup in enumerate(lookups) if lookup.collection == collection.name]
        columns = book.bound(collection, (name for _, lookup in asked for name in (*lookup.fields, *lookup.when)))
        sieves = [Sieve(i, lookup, self.system.region, columns) for i, lookup in asked]
        seen: dict[tuple[str, ...], int] = {}
        cancel.check()
        for count, (row, cells) in enumerate(book.rows(collection, together(sieves))):
            if not count % _CHECK_EVERY:
                cancel.check()
            if not (passed := [s for s in sieves if s.may(cells)]):
                continue
            found = self._row(collection, columns, row, cells)
            for sieve in passed:
                if sieve.question.answers(found.values):
                    if seen.setdefault(found.ref.key, row) != row:
                        raise not_unique(book, collection, seen[found.ref.key], row)
                    yield Hit(sieve.index, found)

    def read(self, refs: Iterable[tuple[RowRef, Mapping[str, Value]]], cancel: Cancel) -> Iterator[Row]:
        """Reads each collection once for all its rows."""
        wanted: dict[str, set[tuple[str, ...]]] = {}
        for ref, _ in refs:
            wanted.setdefault(ref.collection, set()).add(ref.key)
        if not wanted:
            return
        book = self._book()
        for name, asked in wanted.items():
            collection = self.collection(name)
            columns = book.bound(collection)
            key_of = keys(collection, columns)
            seen: dict[tuple[str, ...], int] = {}
            for count, (row, cells) in enumerate(book.rows(collection)):
                if not count % _CHECK_EVERY:
                    cancel.check()
                key = key_of(row, cells)
                if key in asked:
                    if seen.setdefault(key, row) != row:
                        raise not_unique(book, collection, seen[key], row)
                    yield self._row(collection, columns, row, cells)

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        """The first rows of the file or sheet."""
        book, known = self._book(), self.collection(collection)
        columns = book.bound(known)
        cancel.check()
        return [as_row(columns, cells) for _, cells in islice(book.rows(known), count)]

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """Nothing: it would take reading the whole file."""
        return {}

    def _row(self, collection: Collection, columns: Sequence[str], row: int, cells: Sequence[Value]) -> Row:
        values = as_row(columns, cells)
        if collection.key:
            return self.row(collection, values)
        return Row(RowRef(self.system.name, collection.name, (str(row),)), {ROW: row}, values)

    # -- writing -----------------------------------------------------------------------------------------------------

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """Makes the whole new file, compares it, and throws it away."""
        source, book = self._source(), self._book()
        edits = compare(book, work, cancel).edits
        found = [Refusal(self.system.name, "", "", *obstacle) for obstacle in obstacles(source)]
        for name, edit in edits.items():
            if edit.deletes or edit.writes:
                found += [Refusal(self.system.name, name, *problem) for problem in book.refuses(self.collection(name), edit)]
        if not found and any(edit.deletes or edit.writes for edit in edits.values()):
            try:
                book.rewrite(edits, Nowhere())
            except RefusedError as refused:
                found.append(Refusal(self.system.name, "", "", refused.message, refused.hint))
        return found

    def check(self, work: Work, cancel: Cancel) -> list[Drift]:
        """Reads the file once; ``LockedError`` where another program holds it, before anything is written anywhere."""
        insist_unlocked(self._source())
        return compare(self._book(), work, cancel).drifts

    def apply(self, work: Work, run: Run) -> Applied:
        """Compares, rewrites beside, and swaps in; ``LockedError`` where another program holds or changes the file."""
        source, cancel = self._source(), Cancel()
        deleted = sum(s.action == "delete" for s in work.changing())
        changed = sum(s.action != "delete" for s in work.changing())
        insist_unlocked(source)
        before = source.look()
        if run.evidence and before.sha256 == run.evidence.get("sha256"):
            remove_leftover(source)
            confirm(source)  # the run that renamed it may have ended before it did this
            return Applied(deleted, changed, "in-doubt-resolved")
        book = self._book()
        recovering = bool(run.evidence) and before.sha256 != (run.evidence or {}).get("before")
        comparison = compare(book, work, cancel, recovering)
        _insist(self.system.label, comparison)
        if comparison.done:
            return Applied(deleted, changed, "already")
        if not deleted + changed:
            return Applied(0, 0)
        self._insist_possible(book, comparison)
        try:
            made = swap(source, before, lambda out: book.rewrite(comparison.edits, out), run.about_to_commit)
        except MovedError:
            _insist(self.system.label, compare(self._book(), work, cancel))
            raise LockedError(
                f"{source.label} was saved by another program meanwhile; nothing was written.", "Close it there and try again."
            ) from None
        return Applied(deleted, changed, notes=made.notes)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Looks through the file's bytes, unpacked where it is a workbook, and names old copies beside it."""
        if not needles:
            return []
        found = self._book().residue(needles, cancel)
        return found + list(copies_beside(self.system.name, self._source(), needles))

    def _insist_possible(self, book: Book, comparison: Comparison) -> None:
        for name, edit in comparison.edits.items():
            for column, why, cure in book.refuses(self.collection(name), edit) if edit.deletes or edit.writes else ():
                where = f"{self.system.label}: {name}/{column}" if column else f"{self.system.label}: {name}"
                raise RefusedError(f"{where} can't be changed: {why}. Nothing was written.", f"{cure}.")

    # -- the file ------------------------------------------------------------------------------------------------------

    def _source(self) -> Source:
        return Source(self.system, self.folder)

    def _book(self) -> Book:
        source = self._source()
        with source.open() as file, faults(source.label):
            start = file.read(128)
        if is_ods(start, source.label):
            return OdsBook(self.system, source)
        return XlsxBook(self.system, source) if is_workbook(start) else CsvBook(self.system, source)


def _above(name: str, header: int) -> str:
    """What is said of rows above the column names."""
    rows = "row 1 stands" if header == 2 else f"rows 1 to {header - 1} stand"
    return f"In {name}, {rows} above the names of the columns and is not searched." if header > 1 else ""


def _insist(label: str, comparison: Comparison) -> None:
    """``DriftError`` naming the rows unless all stand as the plan saw them, or all as it wants them."""
    rows = [drift.ref for drift in comparison.drifts]
    if comparison.done and any(e.deletes or e.writes for e in comparison.edits.values()):
        rows += comparison.done
    if rows:
        count = f"{len(rows)} rows of {label} are" if len(rows) > 1 else f"A row of {label} is"
        raise DriftError(
            f"{count} no longer what was approved; nothing was written there.",
            "Search again and make a new plan.",
            tuple(ref.path for ref in rows),
        )
