"""Statements over whole sets of rows, each row by its key and its version: what a dialect has to offer for ``sets``."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import ColumnElement, Connection

from dsr_desk.drivers._sql.live import Table
from dsr_desk.model.plan import Step
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from dsr_desk.drivers._sql.batch import Batch

#: How many characters of a version say which table it is of.
MARK = 17


class Sets(ABC):
    """One database's way. Every function gives how many rows were as planned; the caller insists on all of them."""

    #: Whether a row that still points to a deleted one stops the delete, at the latest when asked to (``Dialect.settle``).
    refuses_at_once: ClassVar[bool]
    #: How versions are made: those of another form are not compared with them.
    form: ClassVar[str]

    def shape(self, table: Table) -> str:
        """What every version of a row of the table begins with: a digest of its columns and types; empty where it has none."""
        told = repr([self.form, *((c.name, c.native, table.kinds[c.name]) for c in table.columns.values())])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[: MARK - 1] + ":"

    def column(self, table: Table) -> ColumnElement[str] | None:
        """The rest of the version as a column to be read along; ``None`` where ``version`` makes it of the values."""
        return None

    def version(self, values: tuple[Value, ...]) -> str:
        """The rest of the version of a row with these values of all columns."""
        raise NotImplementedError

    @abstractmethod
    def takes(self, table: Table, key: Sequence[str], steps: Sequence[Step], new: Set[str]) -> bool:
        """Whether the keys and new values of all steps can be said in such statements; ``new`` are the columns of those."""

    @abstractmethod
    def same(self, conn: Connection, table: Table, key: Sequence[str], steps: Sequence[Step], lock: bool) -> int:
        """How many of the steps' rows have their version."""

    @abstractmethod
    def delete(self, conn: Connection, table: Table, key: Sequence[str], steps: Sequence[Step]) -> int:
        """Delete those that have their version."""

    @abstractmethod
    def update(self, conn: Connection, batch: Batch) -> int:
        """Write those that have their version."""

    @abstractmethod
    def holding(self, conn: Connection, batch: Batch) -> int:
        """How many rows of the batch hold what it wrote."""
