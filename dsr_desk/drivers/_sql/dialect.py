"""What differs between databases: connecting, introspecting, narrowing, and what their errors mean."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, bindparam, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import NullType

from dsr_desk.drivers._sql.live import Inside, Relations, Table
from dsr_desk.drivers._sql.versions import Sets
from dsr_desk.errors import DeskError, RefusedError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Residue
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value

#: Seconds that we wait to connect, and for a lock that somebody else holds.
PATIENCE = 10

#: What is known of an interrupted run's commit. ``one``: exactly one commit happened since; only the rows tell whether it was ours.
Proof = Literal["committed", "not committed", "one", "unknown"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the database refuses a statement, in words; ``column`` where it can be told.

    ``rule`` and ``table`` are the constraint that stands in the way and its table, ``points`` says that it is a foreign key.
    """

    why: str
    cure: str
    column: str = ""
    rule: str = ""
    table: str = ""
    points: bool = False


class Dialect(ABC):
    """One kind of database. It holds no connection."""

    #: Whether this program was tried against a server of this kind.
    tried = True
    #: Whether it is known to take every statement back, so that a plan can be tried and undone.
    rehearses = True
    #: Why nothing is ever written, and what to do, where that is so.
    reads_only: tuple[str, str] | None = None
    #: How many keys one statement names.
    chunk = 5_000
    #: Whether a connection takes a question while rows of another are still coming.
    interleaves = True
    #: How whole sets of rows are compared and written at once, where that is known.
    sets: Sets | None = None

    def __init__(self, system: System) -> None:
        self.system = system

    # -- connecting --------------------------------------------------------------------------------------------------

    @abstractmethod
    def open(self, write: bool) -> Connection:
        """A new connection; a reading one can't write."""

    @contextmanager
    def stoppable(self, conn: Connection, cancel: Cancel | None) -> Iterator[None]:
        """While the block runs, a cancel also stops the connection's running statement, where the database can."""
        yield

    @abstractmethod
    def explain(self, error: DBAPIError, writing: bool = False) -> DeskError | Obstacle:
        """What a driver's error means; never its own text. An ``Obstacle`` is what stands against a statement that writes."""

    # -- introspecting -----------------------------------------------------------------------------------------------

    @abstractmethod
    def server(self, conn: Connection) -> str:
        """Product and version."""

    @abstractmethod
    def names(self, conn: Connection) -> list[str]:
        """Every table and view, as a catalog would name it."""

    @abstractmethod
    def tables(self, conn: Connection, wanted: Collection[str]) -> dict[str, Table]:
        """Those of the wanted tables that exist, with their columns, in one round of queries."""

    @abstractmethod
    def relations(self, conn: Connection) -> Relations:
        """Keys, indexes, foreign keys and triggers of the whole database."""

    @abstractmethod
    def indexed(self, conn: Connection, tables: Collection[Table]) -> Mapping[str, frozenset[str]]:
        """The leading columns of the indexes of these tables (``lower(x)`` for an index on that expression)."""

    @abstractmethod
    def limits(self, conn: Connection) -> tuple[str, ...]:
        """What this kind of system cannot promise, one plain sentence each."""

    def writable(self, conn: Connection) -> bool:
        """Whether the system takes changes at all."""
        return True

    # -- narrowing ---------------------------------------------------------------------------------------------------

    @abstractmethod
    def among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool] | None:
        """True at least where the column equals one of the texts as ``values.as_text`` compares; ``None`` if that can't be said.

        An index on the column can answer it.
        """

    @abstractmethod
    def lower_among(self, table: Table, name: str, texts: Sequence[str]) -> ColumnElement[bool]:
        """``lower(column)`` is one of the texts: an index on that expression can answer it."""

    @abstractmethod
    def text_of(self, table: Table, name: str) -> ColumnElement[str] | None:
        """The column as text on which patterns may be tried; ``None`` where its text is not what Python would compare."""

    def inside(self, table: Table, path: Inside) -> ColumnElement[str] | None:
        """What stands at a path, as text (a list or object as JSON); ``None`` where the database can't be asked for it safely."""
        return None

    @abstractmethod
    def like(self, text: ColumnElement[str], pattern: str) -> ColumnElement[bool]:
        r"""``LIKE`` without regard to ASCII case, ``\`` escapes."""

    @abstractmethod
    def not_ascii(self, text: ColumnElement[str]) -> ColumnElement[bool]:
        """True at least where the text holds a character beyond ASCII."""

    # -- rows by key, and writing --------------------------------------------------------------------------------------

    @abstractmethod
    def with_keys(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        """Exactly the rows whose key columns hold one of these typed tuples; NULL equals NULL."""

    def pointing(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        """The rows that point at one of these values as the database's own foreign keys compare them."""
        return self.with_keys(table, key, keys)

    def with_key(self, table: Table, key: Sequence[str]) -> ColumnElement[bool]:
        """One row by its key, as a statement to be run with many sets of parameters ``key_0``, ``key_1`` …"""
        return and_(*(table.at(name) == bindparam(f"key_{i}", type_=NullType()) for i, name in enumerate(key)))

    def beside(self, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> ColumnElement[bool]:
        """All rows but those with these typed keys, none of which is NULL."""
        raise NotImplementedError

    @abstractmethod
    def with_content(self, table: Table, values: Sequence[Value]) -> ColumnElement[bool]:
        """True where the columns, in the table's order, hold exactly these values as far as the database compares; NULL is NULL."""

    def key_parameter(self, value: Value) -> Value:
        """A key's value as a parameter of ``with_key``; ``LookupError`` where only ``with_keys`` can address the row."""
        if value is None:
            raise LookupError
        return value

    @abstractmethod
    def stored(self, column: Column, value: Value) -> Value:
        """The value in the form in which the column will give it back."""

    def bound(self, column: Column, value: Value) -> Any:
        """The value in the form in which the database's driver takes it for this column."""
        return self.stored(column, value)

    @abstractmethod
    def begin(self, conn: Connection) -> None:
        """Start a transaction that may write."""

    @abstractmethod
    def lock(self, statement: Any) -> Any:
        """The select, made to lock its rows where the database locks rows."""

    def may_lock(self, conn: Connection, table: Table) -> bool:
        """Whether this user may lock the rows of a table that the catalog doesn't list."""
        return True

    def copy(self, source: Table, aside: Table, names: Sequence[str], where: ColumnElement[bool]) -> Any:
        """Copies these columns of some rows into another table."""
        rows = select(*(source.at(name) for name in names)).where(where)
        return insert(aside.clause).from_select(list(names), rows)

    @abstractmethod
    def settle(self, conn: Connection) -> None:
        """Let everything that waits for the commit be checked now."""

    @abstractmethod
    def evidence(self, conn: Connection) -> Mapping[str, Any]:
        """What will tell after a crash whether this transaction was committed."""

    @abstractmethod
    def proof(self, conn: Connection, evidence: Mapping[str, Any]) -> Proof:
        """What the evidence of an earlier run says now, asked inside the new transaction."""

    @abstractmethod
    def after_commit(self, conn: Connection, touched: Sequence[Table], compact: bool) -> tuple[str, ...]:
        """Push old bytes out where that is possible; sentences on what was and wasn't done."""

    @abstractmethod
    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """See ``Driver.residue``."""

    # -- shared --------------------------------------------------------------------------------------------------------

    @contextmanager
    def speaking(self, cancel: Cancel | None = None, writing: bool = False) -> Iterator[None]:
        """Turn a database's errors into ours while the block runs."""
        try:
            yield
        except DBAPIError as error:
            if cancel is not None:
                cancel.check()
            raise self.error(error, writing) from None
        except (UnicodeError, OverflowError):
            raise RefusedError(
                f"System {self.system.name} holds a key or value that its database can't be asked for again.",
                "Such a row has to be changed in the system itself.",
            ) from None
        except SQLAlchemyError:
            raise UnreachableError(
                f"System {self.system.name} could not be asked: its database driver refused.",
                "Check the url in its catalog file and that the driver for this database is installed.",
            ) from None
        except OSError:  # of a file that is read beside its database, to find out what became of a commit
            raise UnreachableError(f"The file of {self.system.name} can't be read.", "Check its drive and try again.") from None

    def error(self, error: DBAPIError, writing: bool = False) -> DeskError:
        """The error to raise for a driver's."""
        meaning = self.explain(error, writing)
        if isinstance(meaning, Obstacle):
            where = f" (column {meaning.column})" if meaning.column else ""
            return RefusedError(f"System {self.system.name} refused the change{where}: {meaning.why}.", meaning.cure)
        return meaning

    @contextmanager
    def connected(self, write: bool, cancel: Cancel | None = None) -> Iterator[Connection]:
        """A connection while the block runs; whatever was not committed is rolled back."""
        with self.speaking(cancel, write):
            if cancel is not None:
                cancel.check()
            conn = self.open(write)
            try:
                with self.stoppable(conn, cancel):
                    yield conn
            finally:
                conn.close()
