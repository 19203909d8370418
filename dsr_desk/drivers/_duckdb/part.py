"""One file of a collection: its columns and its rows as DuckDB reads them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from dsr_desk.drivers._duckdb.kinds import ZONED, Leaf, flat, leaves, readable
from dsr_desk.drivers._duckdb.places import Place
from dsr_desk.drivers._duckdb.session import name, spoken, text
from dsr_desk.drivers._file.source import Source
from dsr_desk.drivers._rows.nested import flatten
from dsr_desk.drivers._sheet.csv_book import CsvBook
from dsr_desk.drivers.base import BATCH
from dsr_desk.errors import UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

#: In a Parquet file the number of a row from 0, as DuckDB calls it.
NUMBER = "file_row_number"
_LONGEST = 16_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its number in a Parquet file (from 0), its columns as they are nested, and its fields."""

    number: int | None
    columns: Mapping[str, Value]
    values: Mapping[str, Value]


class Part:
    """One file, opened by a session that may read it."""

    def __init__(self, system: System, collection: Collection, place: Place, connection: Connection) -> None:
        self.place, self.label, self.connection = place, place.label, connection
        self._system = replace(system, driver="sheet", path=place.label, collections={collection.name: collection})
        self._collection = collection

    @property
    def numbered(self) -> bool:
        """Whether a row can be named by its number."""
        return self.place.format == "Parquet"

    @property
    def dynamic(self) -> bool:
        """Whether each record has fields of its own."""
        return self.place.format == "JSON"

    def book(self) -> CsvBook:
        """The same CSV as it is read character by character."""
        source = _Unpacked(self.place.source) if self.place.format == "packed CSV" else self.place.source
        return CsvBook(self._system, source)

    @cached_property
    def relation(self) -> str:
        """The file as SQL reads it."""
        path = text(str(self.place.path))
        if self.place.format == "Parquet":
            return f"read_parquet({path}, {NUMBER}=true, hive_partitioning=false, filename=false)"
        if self.place.format == "JSON":
            return f"read_json({path}, maximum_depth=1, sample_size=-1, maximum_object_size={_LONGEST}, hive_partitioning=false)"
        book = self.book()
        if book.coding.codec != "utf-8":
            raise UnreachableError(
                f"{self.label} is written in {book.coding.codec}, and DuckDB reads UTF-8.",
                "Write driver: sheet for it, or save it as CSV UTF-8.",
            )
        columns = ", ".join(f"{text(column)}: 'VARCHAR'" for column in book.columns(self._collection))
        delimiter, quote = book.dialect
        relation = (
            f"read_csv({path}, delim={text(delimiter)}, quote={text(quote)}, escape={text(quote)}, header=false, "
            f"skip={book.header(self._collection)}, "
            f"auto_detect=false, columns={{{columns}}}, nullstr='', strict_mode=true, max_line_size={_LONGEST}, "
            f"buffer_size={2 * _LONGEST}, "
            f"hive_partitioning=false, comment='')"
        )
        self._insist_same_start(book, relation)
        return relation

    def _insist_same_start(self, book: CsvBook, relation: str) -> None:
        """DuckDB skips the header by rules of its own: the first row that it gives must be the first one below."""
        expected = next(book.rows(self._collection), (0, None))[1]
        with self.faults(Cancel()):
            row = self.connection.execute(f"SELECT * FROM {relation} LIMIT 1").fetchone()
        if (list(row) if row else None) != expected:
            raise UnreachableError(
                f"{self.label} begins in a way that DuckDB reads otherwise than it stands there.",
                "Write driver: sheet for this file.",
            )

    @cached_property
    def columns(self) -> dict[str, Any]:
        """The columns and their types."""
        with self.faults(Cancel()):
            found = self.connection.execute(f"SELECT * FROM {self.relation} LIMIT 0").description or []
            return {str(column[0]): column[1] for column in found if not (self.numbered and column[0] == NUMBER)}

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """Its fields by path."""
        return {leaf.path: leaf for column, kind in self.columns.items() for leaf in leaves(column, kind)}

    @cached_property
    def _flat(self) -> bool:
        return all(
            leaf.path == column and leaf.id != ZONED for leaf, column in zip(self.leaves.values(), self.columns, strict=False)
        )

    def records(self, where: str, parameters: Sequence[Any], cancel: Cancel, most: int | None = None) -> Iterator[Record]:
        """The rows for which the condition holds, in batches of little memory."""
        shown = [
            name(c) if readable(kind) == str(kind) else f"CAST({name(c)} AS {readable(kind)}) AS {name(c)}"
            for c, kind in self.columns.items()
        ]
        number = NUMBER if self.numbered else "NULL"
        limit = f" LIMIT {most}" if most is not None else ""
        query = f"SELECT {number}, {', '.join(shown)} FROM {self.relation} WHERE {where}{limit}"
        cursor = self.connection.cursor()
        with spoken(cursor, self.label, self.place.format, cancel):
            result = cursor.execute(query, list(parameters))
            while rows := result.fetchmany(BATCH):
                cancel.check()
                for row in rows:
                    yield self._record(row)

    def rows(self, cancel: Cancel) -> int:
        """How many rows the end of a Parquet file says that it has."""
        with self.faults(cancel):
            row = self.connection.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(self.place.path)]).fetchone()
        return int(row[0] or 0) if row else 0

    def faults(self, cancel: Cancel) -> AbstractContextManager[None]:
        """Faults of this file in plain words."""
        return spoken(self.connection, self.label, self.place.format, cancel)

    def _record(self, row: Sequence[Any]) -> Record:
        number, *cells = row
        if self.dynamic:
            pairs = zip(self.columns, cells, strict=True)
            document = {column: None if cell is None else json.loads(cell) for column, cell in pairs}
            return Record(None, document, flatten(document))
        columns = dict(zip(self.columns, cells, strict=True))
        if self._flat:
            return Record(number, columns, columns)
        values = {path: value for c, kind in self.columns.items() for path, value in flat(c, columns[c], kind)}
        return Record(number, columns, values)


class _Unpacked(Source):
    """A packed file as what is in it."""

    def __init__(self, packed: Source) -> None:
        self.label, self.path = packed.label, packed.path

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        with super().open() as file, gzip.GzipFile(fileobj=file) as unpacked:
            try:
                yield cast(BinaryIO, unpacked)
            except (EOFError, gzip.zlib.error):  # type: ignore[attr-defined]
                raise UnreachableError(f"{self.label} is cut off or damaged.", "Make it again where it comes from.") from None
