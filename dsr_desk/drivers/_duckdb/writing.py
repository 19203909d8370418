"""Which files can be rewritten, and how each kind is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from dsr_desk.drivers._duckdb import parquet
from dsr_desk.drivers._duckdb.comparing import Edit
from dsr_desk.drivers._duckdb.part import Part
from dsr_desk.drivers._file.beside import obstacles
from dsr_desk.drivers._sheet.book import Edits, as_row
from dsr_desk.drivers._sheet.change import keys
from dsr_desk.drivers._sheet.csv_book import CsvBook
from dsr_desk.drivers.base import still
from dsr_desk.errors import LockedError
from dsr_desk.model.catalog import Collection
from dsr_desk.model.plan import Work

_ELSEWHERE = "Erase it where the file is made and make the file again, or describe it as a system of driver: manual"


def refusals(part: Part, collection: Collection, edits: Sequence[Edit]) -> Iterator[tuple[str, str, str]]:
    """Field (or ``""``), why and cure for everything that is known to stand against these edits of one file."""
    if part.place.format in ("JSON", "packed CSV"):
        yield "", f"{part.label} is a {part.place.format} file, which is only read", _ELSEWHERE
        return
    if not collection.key and not part.numbered:
        yield "", "a row of a CSV file can't be told from the others without a key", "Write key: in the catalog"
        return
    if any(e.step.action == "move" for e in edits):
        yield "", "a row can't be set aside in another collection of this system", "Write on_restrict: with set:"
    yield from (("", *obstacle) for obstacle in obstacles(part.place.source))
    if part.numbered:
        yield from parquet.unwritable(part, edits)
    else:
        book = part.book()
        columns = book.columns(collection)
        writes = {number: {columns.index(c): v for c, v in e.step.writes.items()} for number, e in enumerate(edits)}
        yield from book.refuses(collection, Edits(writes=writes))


def tried(part: Part, scratch: Path) -> None:
    """Write what can be written without the rows; ``RefusedError`` where the file can't be written again as it is."""
    if part.numbered:
        parquet.write_shape(part, scratch)


def notes(part: Part) -> tuple[str, ...]:
    """What else is other in the new file, as plain sentences."""
    if part.numbered and parquet.loosened(part):
        return (f"The schema of {part.label} no longer says which columns must have a value; all values are as they were.",)
    return ()


def rewritten(part: Part, collection: Collection, edits: Sequence[Edit], work: Work) -> Callable[[BinaryIO, Path], None]:
    """What writes the new file."""

    def by_duckdb(out: BinaryIO, path: Path) -> None:
        parquet.rewrite(part, edits, path)

    def by_lines(out: BinaryIO, path: Path) -> None:
        book = part.book()
        book.rewrite({collection.name: _lines(book, collection, edits, work)}, out)

    return by_duckdb if part.numbered else by_lines


def _lines(book: CsvBook, collection: Collection, edits: Sequence[Edit], work: Work) -> Edits:
    """The edits by line. They are read a second time, by the reader that rewrites, and must be what the plan saw."""
    columns = book.bound(collection)
    key_of = keys(collection, columns)
    wanted = {edit.step.ref.key: edit.step for edit in edits}
    deletes, writes = set(), {}
    for row, cells in book.rows(collection):
        if (step := wanted.get(key_of(row, cells))) is None:
            continue
        if not still(work, step.digest, as_row(columns, cells)):
            break
        if step.action == "delete":
            deletes.add(row)
        else:
            writes[row] = {columns.index(column): value for column, value in step.writes.items()}
    if len(deletes) + len(writes) != len(edits):
        raise LockedError(
            f"{book.label} reads otherwise line by line than as a whole, or it was just changed; nothing was written.",
            "Try again. If it stays so, write driver: sheet for this file.",
        )
    return Edits(frozenset(deletes), writes)
