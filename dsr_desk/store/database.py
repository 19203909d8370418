"""The embedded database: durable, one writer at a time, and silent about the values it holds."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from dsr_desk.errors import DeskError, LockedError, TamperedError, UnreachableError
from dsr_desk.store.prepared import raw
from dsr_desk.store.schema import metadata

FILE = "workspace.db"
#: How SQLite names a table that somebody dropped.
_MISSING = re.compile(r"no such table: (?:main\.)?(\w+)")
#: How long a writer waits for one of another process.
BUSY_SECONDS = 10.0
#: How long the emptying of the log waits for its readers.
_EMPTYING_MS = 1000

#: FULL makes a commit durable in WAL mode; secure_delete overwrites what is deleted with zeros.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
)


class Database:
    """One database file. Any thread may open a transaction; writers of this process wait for each other."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet."""
        self.path = path
        self._lock = threading.Lock()
        self._holder: int | None = None
        self._kept: Connection | None = None
        self._writer = _engine(path, "BEGIN IMMEDIATE", ())
        self._reader = _engine(path, "BEGIN", ("PRAGMA query_only=ON",))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One durable transaction: all of it when the block ends, nothing of it when it raises.

        ``LockedError`` when another process keeps the database, ``UnreachableError`` when the disk is full or gone.
        """
        if self._holder == threading.get_ident():
            raise RuntimeError("a transaction in a transaction would wait for itself")
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise _locked()
        try:
            self._holder = threading.get_ident()
            with _translated(self.path):
                connection = self._writing()
                with connection.begin():
                    yield connection
        finally:
            self._holder = None
            self._lock.release()

    def _writing(self) -> Connection:
        """The connection of whoever writes: one for all, as there is one writer at a time."""
        if self._kept is None or self._kept.closed or self._kept.invalidated:
            self._kept = self._writer.connect()
        return self._kept

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A view of one moment, that later writers do not change. Writing in it fails."""
        with _translated(self.path), self._reader.begin() as connection:
            yield connection

    def empty_log(self) -> bool:
        """Move what is in the write-ahead log into the file and empty it, so that what was overwritten is in neither.

        ``False`` where that could not be done, since another process is reading what the log holds: then it is still there.
        """
        with self._lock, _translated(self.path):
            raw = self._writer.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute(f"PRAGMA busy_timeout={_EMPTYING_MS}")
                busy: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
            except sqlite3.Error:
                raw.invalidate()
                return False
            finally:
                raw.close()
        return not busy

    def close(self) -> None:
        """Give back every connection; the last one to go empties the write-ahead log into the file."""
        if self._lock.acquire(timeout=BUSY_SECONDS):
            kept, self._kept = self._kept, None
            self._lock.release()
            if kept is not None:
                kept.close()
        self._reader.dispose()
        self._writer.dispose()


def _engine(path: Path, begin: str, more: tuple[str, ...]) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=-1,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: Any) -> None:
        for pragma in (*_PRAGMAS, *more):
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Python's sqlite3 would begin late and only before a write: a reader's view could change between two questions.
        raw(connection).execute(begin).close()

    return engine


def _locked() -> LockedError:
    return LockedError(
        "The workspace is busy: another window or program is writing to it.",
        "Wait a moment and try again. Nothing was changed.",
    )


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _in_words(path, error.orig) from None
    except sqlite3.Error as error:
        raise _in_words(path, error) from None


def _in_words(path: Path, error: BaseException | None) -> DeskError:
    """What SQLite means, without its own text, which can hold values."""
    primary = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _locked()
    if primary == sqlite3.SQLITE_FULL:
        return UnreachableError("The disk that holds the workspace is full.", "Make room on it and try again. Nothing was changed.")
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return TamperedError(f"{path} is damaged: it is not a database any more.", "Restore the workspace from a backup.")
    missing = _MISSING.fullmatch(str(error))
    if missing and missing[1] in metadata.tables:
        return TamperedError(
            f"The table {missing[1]} is missing from the database of the workspace.", "Restore the workspace from a backup."
        )
    if primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return UnreachableError(f"{path} cannot be opened for writing.", "Ask for the right to read and write it and its folder.")
    if primary == sqlite3.SQLITE_IOERR:
        return UnreachableError(f"{path} cannot be read or written.", "Check that the disk is connected, has room and is healthy.")
    return UnreachableError(
        f"The database of the workspace refused a step (SQLite code {primary}).", "Nothing was changed. Restart the program."
    )
