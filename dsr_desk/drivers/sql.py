"""SQL databases through SQLAlchemy Core: SQLite, PostgreSQL and MariaDB, and others untried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from dsr_desk.drivers.base import BATCH, Driver, Run
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.plan import Applied, Drift, Reach, Refusal, Residue, Work
from dsr_desk.model.schema import Schema
from dsr_desk.model.values import Value

if TYPE_CHECKING:  # SQLAlchemy is loaded when a database is spoken to, not when the window opens
    from dsr_desk.drivers._sql.dialect import Dialect
    from dsr_desk.drivers._sql.session import Session


class SqlDriver(Driver):
    """One SQL database."""

    name: ClassVar[str] = "sql"
    _idle: Session | None = None

    @property
    def guarantee(self) -> str:
        """All or nothing, in one transaction, where that was tried."""
        if self.system.url.startswith(("sqlite:", "postgres")):
            return "One transaction: every row is locked and compared, then all changes are made or none."
        if self.system.url.startswith(("mariadb", "mysql")):
            return (
                "One transaction: every row is locked and compared, then all changes are made or none. Tables without transactions "
                "(MyISAM, Aria) are searched, and never written."
            )
        if self.system.url.startswith("trino"):
            return "It is read, and never written: the program was not tried against it."
        return "One transaction, if this database keeps to it: the program was not tried against it."

    @cached_property
    def _dialect(self) -> Dialect:
        from dsr_desk.drivers._sql.address import dialect

        return dialect(self.system, self.folder, self.secret)

    def schema(self) -> Schema:
        """What the live database has."""
        from dsr_desk.drivers._sql.session import schema

        return schema(self._dialect)

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """The rows that answer, streamed from a read-only connection."""
        questions = self.questions(lookups)
        batch: list[Hit] = []
        with self._reading(cancel) as session:
            for number, row in session.answers(questions):
                batch.append(Hit(number, row))
                if len(batch) == BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch

    def read(self, refs: Iterable[tuple[RowRef, Mapping[str, Value]]], cancel: Cancel) -> Iterator[Row]:
        """The rows with these keys that still exist."""
        with self._reading(cancel) as session:
            yield from session.by_key(dict(refs))

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        """The first rows that the database gives."""
        with self._reading(cancel) as session:
            return session.some(self.collection(collection), count)

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """Counted exactly, table by table."""
        with self._reading(cancel) as session:
            return {name: session.count(self.collection(name)) for name in collections if name in session.live}

    @contextmanager
    def _reading(self, cancel: Cancel) -> Iterator[Session]:
        """A session on the one reading connection of this job, or on one more while that is at work."""
        from dsr_desk.drivers._sql.session import Session

        dialect = self._dialect
        with dialect.speaking(cancel):
            cancel.check()
            session, self._idle = self._idle or Session(dialect, dialect.open(write=False), cancel), None
            session.cancel = cancel
            try:
                with dialect.stoppable(session.conn, cancel):
                    yield session
                session.conn.rollback()  # the next question sees what was changed until then
            except BaseException:
                session.conn.close()
                raise
            if self._idle is None:
                self._idle = session
            else:
                session.conn.close()

    def close(self) -> None:
        """Give the reading connection back."""
        if self._idle is not None:
            self._idle.conn.close()
            self._idle = None

    def reach(self, work: Work, cancel: Cancel) -> Mapping[RowRef, tuple[Reach, ...]]:
        """What ``ON DELETE`` takes along in tables that the catalog doesn't list."""
        from dsr_desk.drivers._sql.applying import reach

        return reach(self._dialect, work, cancel)

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """What refuses the work, found by running it in a transaction that is rolled back."""
        from dsr_desk.drivers._sql.applying import rehearse

        return rehearse(self._dialect, work, cancel)

    def check(self, work: Work, cancel: Cancel) -> list[Drift]:
        """The rows that are no longer what the plan saw."""
        from dsr_desk.drivers._sql.applying import check

        return check(self._dialect, work, cancel)

    def apply(self, work: Work, run: Run) -> Applied:
        """Carry the work out in one transaction."""
        from dsr_desk.drivers._sql.applying import apply

        return apply(self._dialect, work, run)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """Where erased texts still stand in the raw bytes of a SQLite file."""
        return self._dialect.residue(needles, cancel)
