"""A CSV as a book with one collection: its encoding, its delimiter, its rows, and its rewrite byte for byte."""

from __future__ import annotations

import codecs
import hashlib
import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.drivers._file.swap import Rewritten
from dsr_desk.drivers._sheet.addresses import Addresses
from dsr_desk.drivers._sheet.book import Book, Edits, unique_names
from dsr_desk.drivers._sheet.headers import LOOKED_AT, asked, header_row
from dsr_desk.drivers._sheet.records import Grammar
from dsr_desk.errors import DeskError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.plan import Residue
from dsr_desk.model.schema import Column, LiveCollection
from dsr_desk.model.values import Value, as_text

_DELIMITERS = (",", ";", "\t", "|")
#: So much of a file is looked at to see whether it is in the encoding that the catalog says.
_SAMPLE = 4 << 20
#: Byte order marks, longest first: UTF-32's begins like UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Coding:
    """How a file's characters are written: its byte order mark (or ``b""``) and the codec behind it."""

    mark: bytes
    codec: str


class CsvBook(Book):
    """Reads the file as a stream, so that memory does not grow with it."""

    server = "CSV file"

    def __init__(self, system: System, source: Source) -> None:
        super().__init__(system, source.label)
        self._source = source
        self.coding = self._coding()
        found = self._sniff()
        self._grammar, self._columns, self._header = found.grammar, found.columns, found.header

    def names(self) -> tuple[str, ...]:
        """The one collection: the catalog's only one, else the file's stem."""
        listed = tuple(self.system.collections)
        return listed if len(listed) == 1 else (self._source.path.stem,)

    def columns(self, collection: Collection) -> tuple[str, ...]:
        """The names in the record that has them."""
        if collection.name not in self.names():
            raise UsageError(
                f"{self.system.name}/{collection.name}: {self.label} is one collection, named {self.names()[0]}.",
                "List only that one under collections: in the catalog.",
            )
        if not self._columns:
            raise UnreachableError(f"{self.label} is empty.", "It should start with a line of column names.")
        return self._columns

    @property
    def dialect(self) -> tuple[str, str]:
        """Its delimiter, and its quote or ``""``."""
        return self._grammar.delimiter, self._grammar.quote

    def header(self, collection: Collection) -> int:
        """The number of the record with the names."""
        return self._header

    def live(self, collection: Collection) -> LiveCollection:
        """Every column holds text; a CSV knows no other types."""
        names = self.columns(collection)
        return LiveCollection(collection.name, {name: Column(name, "text", "text") for name in names})

    def rows(self, collection: Collection, needles: Sequence[str] | Addresses | None = None) -> Iterator[tuple[int, list[Value]]]:
        """The records below the header, as cells."""
        grammar, width = self._grammar, len(self._columns)
        many, few = (needles, None) if isinstance(needles, Addresses) else (None, needles)
        with self._lines() as (lines, _):
            for row, _line, raw in grammar.records(lines, self.label):
                if many is not None and raw.isascii() and not many.may(raw.lower()):
                    continue
                if few is not None and raw.isascii():
                    low = raw.lower()
                    for needle in few:
                        if needle in low:
                            break
                    else:
                        continue
                if row > self._header and raw not in ("\n", "\r\n", "\r"):
                    yield row, self._cells(raw, width)

    def refuses(self, collection: Collection, edits: Edits) -> list[tuple[str, str, str]]:
        """Values that the file's encoding, or a file without quotes, can't hold."""
        found: dict[str, tuple[str, str, str]] = {}
        for writes in edits.writes.values():
            for position, value in writes.items():
                name = self._columns[position]
                if problem := self._unwritable(value):
                    found.setdefault(name, (name, *problem))
        return list(found.values())

    def rewrite(self, edits: Mapping[str, Edits], out: BinaryIO) -> Rewritten:
        """Copies every record's own bytes but for those that go, and the changed fields of those that stay.

        The characters that were read are encoded again while they pass, and must give the very bytes of the file.
        """
        (edit,) = edits.values()
        grammar, codec = self._grammar, self.coding.codec
        again = hashlib.sha256(self.coding.mark)
        out.write(self.coding.mark)
        with self._lines() as (lines, read):
            for row, _line, raw in grammar.records(lines, self.label):
                same = raw.encode(codec)
                again.update(same)
                if row in edit.deletes:
                    continue
                writes = edit.writes.get(row)
                if writes:
                    texts = {position: as_text(value) or "" for position, value in writes.items()}
                    same = grammar.rewritten(raw, texts).encode(codec)
                out.write(same)
        if again.hexdigest() != read.hexdigest():
            raise RefusedError(
                f"{self.label} can't be written in {codec} without changing other lines.",
                "Save it as CSV UTF-8 and try again.",
            )
        return Rewritten(read.hexdigest())

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Nothing: every byte of a CSV belongs to a row, and every row was searched."""
        return []

    # -- reading it ----------------------------------------------------------------------------------------------------

    def _cells(self, raw: str, width: int) -> list[Value]:
        fields, value = self._grammar.fields(raw), self._grammar.value
        quoted = bool(self._grammar.quote) and self._grammar.quote in raw
        cells: list[Value] = [value(field) or None for field in fields] if quoted else [field or None for field in fields]
        while len(cells) > width and cells[-1] is None:
            cells.pop()
        return cells

    @contextmanager
    def _lines(self) -> Iterator[tuple[Iterator[str], _Hashed]]:
        """The file's lines with their own ends, and the running hash of its bytes."""
        with self._source.open() as raw, faults(self.label):
            hashed = _Hashed(raw)
            buffered = io.BufferedReader(hashed, 1 << 18)
            buffered.read(len(self.coding.mark))
            text = io.TextIOWrapper(buffered, self.coding.codec, "strict", newline="")
            try:
                yield text, hashed
            except UnicodeDecodeError:
                raise self._undecodable() from None

    def _coding(self) -> Coding:
        asked = self.system.options.get("encoding")
        with self._source.open() as file, faults(self.label):
            start = file.read(_SAMPLE) if asked else file.read(4)
        for mark, codec in _MARKS:
            if start.startswith(mark):
                return Coding(mark, codec)
        try:
            codec = codecs.lookup(str(asked)).name if asked else "utf-8"
        except LookupError:
            raise UsageError(
                f"{self.system.name}: encoding: {asked} is unknown.", "Write utf-8, utf-16 or cp1252, for example."
            ) from None
        if len("ä".encode(codec, "replace")) == 1 and not start.isascii() and _is_utf8(start):
            raise UsageError(
                f"{self.system.name}: {self.label} is written in UTF-8, and the catalog says {codec}, which reads it otherwise.",
                "Take encoding: out of options: in the catalog.",
            )
        return Coding(b"", codec)

    def _undecodable(self) -> DeskError:
        """Where the bytes are no text in the file's encoding: the line, as far as bytes can tell."""
        number = 1
        with self._source.open() as file, faults(self.label):
            lines = io.BufferedReader(_Hashed(file), 1 << 18)
            while _decodes(lines.readline(), self.coding.codec):
                number += 1
        where = f", line {number}," if self.coding.codec == "utf-8" else ""
        return UnreachableError(
            f"{self.label}{where} is not written in {self.coding.codec}.",
            "Write encoding: under options: in the catalog (files saved by Excel on Windows are often cp1252).",
        )

    def _sniff(self) -> _Found:
        """The delimiter with most of the columns that are listed, then most records as long as the header, then most columns.

        ``UnreachableError`` where two do equally well: a file that is split at the wrong places would be searched in vain.
        """
        quote = _quote(self.system)
        with self._lines() as (lines, _):
            head = "".join(itertools.islice(lines, 100))
        given = self.system.options.get("delimiter")
        tried: list[_Found] = []
        fault: DeskError | None = None
        for delimiter in (_delimiter(self.system, given),) if given else _DELIMITERS:
            try:
                tried.append(self._as_if(Grammar(delimiter, quote), head))
            except DeskError as problem:
                fault = problem
        if not tried:
            raise fault or UnreachableError(f"{self.label} can't be read.", "Save it again as CSV UTF-8.")
        best = max(tried, key=lambda found: found.score)
        if [found.score for found in tried].count(best.score) > 1 and len(best.columns) > 1:
            raise UnreachableError(
                f"{self.label}: what stands between its columns can't be told.",
                'Write delimiter: under options: in the catalog, such as ";" or tab.',
            )
        return best

    def _as_if(self, grammar: Grammar, head: str) -> _Found:
        """How the start of the file reads with this delimiter."""
        listed = {name for c in self.system.collections.values() for name in (*c.fields, *c.key)}
        only = next(iter(self.system.collections.values())) if len(self.system.collections) == 1 else None
        number = asked(self.system, only)
        records: list[tuple[int, int, str]] = []
        try:
            for record in grammar.records(io.StringIO(head, newline=""), self.label):
                records.append(record)
        except DeskError:
            if not records:  # else the start may end within a record
                raise
        rows = {row: [grammar.value(f) for f in grammar.fields(raw)] for row, _, raw in records}
        number = number or header_row(list(rows.items())[:LOOKED_AT], listed)
        header = rows.get(number, [])
        columns = unique_names(header) if any(text.strip() for text in header) else ()
        below = [cells for row, cells in rows.items() if row > number and any(cells)]
        even = sum(len(cells) == len(columns) for cells in below) / len(below) if below and len(columns) > 1 else 0.0
        return _Found(grammar, columns, number, (len(listed & set(columns)), even, len(columns)))

    def _unwritable(self, value: Value) -> tuple[str, str] | None:
        text = as_text(value) or ""
        if "\0" in text:
            return "the new value holds a NUL character", "Choose another value under erase:"
        try:
            text.encode(self.coding.codec)
        except UnicodeEncodeError:
            return f"the new value can't be written in {self.coding.codec}", "Choose another value, or save the file as CSV UTF-8"
        try:
            self._grammar.rewritten("", {0: text}) if text else None
        except ValueError:
            return "the new value needs quotes, and this file uses none", "Choose another value under erase:"
        return None


@dataclass(frozen=True, slots=True)
class _Found:
    """How a file is written: its grammar, its columns, the number of its header, and how well that fits."""

    grammar: Grammar
    columns: tuple[str, ...]
    header: int
    score: tuple[int, float, int]


class _Hashed(io.RawIOBase):
    """Passes a file's bytes on and hashes them."""

    def __init__(self, raw: Any) -> None:
        self._raw, self._hash = raw, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._raw.readinto(buffer) or 0
        self._hash.update(memoryview(buffer)[:count])
        return count

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _is_utf8(start: bytes) -> bool:
    """Whether the start of a file with letters beyond ASCII is UTF-8, which other encodings hardly ever are by chance."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(line: bytes, codec: str) -> bool:
    try:
        return bool(line.decode(codec))
    except UnicodeDecodeError:
        return False


def _delimiter(system: System, asked: object) -> str:
    text = {"tab": "\t", "\\t": "\t"}.get(str(asked), str(asked))
    if len(text) != 1 or text in "\r\n\"'":
        raise UsageError(f"{system.name}: delimiter: must be one character.", 'Write "," or ";" or tab, for example.')
    return text


def _quote(system: System) -> str:
    asked = str(system.options.get("quote", '"'))
    if asked not in ('"', "'", "none"):
        raise UsageError(f"{system.name}: quote: is unknown.", "Write \" or ' or none.")
    return "" if asked == "none" else asked
