"""What a CSV and a workbook have in common: named columns, numbered rows, and a rewrite of the whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import BinaryIO

from dsr_desk.drivers._file.swap import Rewritten
from dsr_desk.drivers._sheet.addresses import Addresses
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.plan import Residue
from dsr_desk.model.schema import LiveCollection
from dsr_desk.model.values import Value, as_text

#: The column under which a collection without a key is told apart: the number people see beside the row.
ROW = "row"


@dataclass(frozen=True, slots=True)
class Edits:
    """What happens to one collection: rows that go, and new values by row (from 1) and column position (from 0)."""

    deletes: frozenset[int] = frozenset()
    writes: Mapping[int, Mapping[int, Value]] = field(default_factory=dict)


class Book(ABC):
    """One open file. Everything it gives comes from the same bytes, or a later check says that it didn't."""

    server: str
    read_only: bool = False
    limits: tuple[str, ...] = ()

    def __init__(self, system: System, label: str) -> None:
        self.system, self.label = system, label

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The names of all that it holds: sheets, or the one of a CSV."""

    @abstractmethod
    def columns(self, collection: Collection) -> tuple[str, ...]:
        """The names in the header, made unique; ``UsageError`` where the collection isn't there."""

    @abstractmethod
    def header(self, collection: Collection) -> int:
        """The number of the row with the names; rows above it are no records."""

    @abstractmethod
    def live(self, collection: Collection) -> LiveCollection:
        """The collection as the file has it."""

    @abstractmethod
    def rows(self, collection: Collection, needles: Sequence[str] | Addresses | None = None) -> Iterator[tuple[int, list[Value]]]:
        """Row number and cells of every row below the header that isn't blank.

        Rows that are plain ASCII and hold none of the lower-case ``needles`` may be left out. Cells beyond the last
        column are those that the header doesn't name.
        """

    @abstractmethod
    def refuses(self, collection: Collection, edits: Edits) -> list[tuple[str, str, str]]:
        """Column (or ``""``), why and cure for everything in this file that forbids the edits."""

    @abstractmethod
    def rewrite(self, edits: Mapping[str, Edits], out: BinaryIO) -> Rewritten:
        """Writes the whole file with the edits, by collection name, to ``out``; raises where anything else would change."""

    @abstractmethod
    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Where erased texts stand in the file's bytes beyond its rows."""

    def collection(self, name: str) -> Collection:
        """What the catalog says."""
        return self.system.collections[name]

    def bound(self, collection: Collection, asked: Iterable[str] = ()) -> tuple[str, ...]:
        """The columns, after checking that all that the catalog lists, or a lookup asks for, is there once.

        ``UsageError`` names what isn't.
        """
        columns = self.columns(collection)
        for name in (*collection.fields, *collection.key, *asked):
            if name not in columns:
                near = get_close_matches(name, columns, 3)
                hint = f"Did you mean {', '.join(near)}?" if near else f"It has: {', '.join(columns)}."
                raise UsageError(f"{self.system.name}/{collection.name}/{name}: {self.label} has no such column.", hint)
            if f"{name} (2)" in columns:
                raise UsageError(
                    f"{self.system.name}/{collection.name}/{name}: {self.label} has this column twice.", "Rename one of them."
                )
        return columns


def unique_names(header: Sequence[str | None]) -> tuple[str, ...]:
    """Column names from a header: blanks around them go, an empty one becomes ``(column 3)``, a second one ``email (2)``."""
    seen: Counter[str] = Counter()
    names = []
    for position, text in enumerate(header, 1):
        name = (text or "").strip() or beyond(position)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def beyond(position: int) -> str:
    """What a cell is called that no header names; ``position`` counts from 1."""
    return f"(column {position})"


def text_of(cell: Value) -> str | None:
    """``as_text``, quickly for the texts that most cells are."""
    return cell if type(cell) is str else as_text(cell)


def as_row(columns: Sequence[str], cells: Sequence[Value]) -> dict[str, Value]:
    """A row's values by column; a missing cell is ``None``, one beyond the header keeps its place as its name."""
    values = dict(zip(columns, cells, strict=False))
    if len(cells) < len(columns):
        values.update(dict.fromkeys(columns[len(cells) :]))
    for position in range(len(columns), len(cells)):
        if cells[position] is not None:
            values[beyond(position + 1)] = cells[position]
    return values
