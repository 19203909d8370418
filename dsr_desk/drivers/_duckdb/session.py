"""A DuckDB that sees the files it is given and nothing else: no network, no extensions, no other file, no spilling to disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dsr_desk.errors import LockedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

#: Memory and threads of a search, and of a rewrite: that holds whole row groups, and several threads would mix up the rows.
READING, WRITING = ("256MB", "2"), ("1GB", "1")


@contextmanager
def session(paths: Iterable[Path], limits: tuple[str, str] = READING) -> Iterator[Connection]:
    """A database in memory that may open these paths. ``UsageError`` where DuckDB is not installed."""
    try:
        import duckdb
    except ModuleNotFoundError:
        raise UsageError(
            "DuckDB is not installed, so files of columns can't be read.", "Install it: pip install 'dsr-desk[duckdb]'."
        ) from None
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            "temp_directory": "",
            "memory_limit": limits[0],
            "threads": limits[1],
        },
    )
    try:
        connection.execute("SET TimeZone = 'UTC'")
        allowed = ", ".join(text(str(path)) for path in paths)
        if allowed:
            connection.execute(f"SET allowed_paths = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def text(value: str) -> str:
    """A text as a literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """A column's name as an identifier."""
    return '"' + value.replace('"', '""') + '"'


@contextmanager
def spoken(connection: Connection, label: str, kind: str, cancel: Cancel) -> Iterator[None]:
    """Runs a statement over one file: a cancel stops it, and every fault comes in words that hold no data."""
    import duckdb

    try:
        with cancel.stops_with(connection.interrupt):
            yield
    except duckdb.PermissionException:
        raise LockedError(f"{label} may not be read now.", "Ask for the permission, and try again.") from None
    except duckdb.OutOfMemoryException:
        raise UnreachableError(
            f"{label} has rows or row groups that are too large for the memory this search may take.",
            "Split it, or write it again with smaller row groups.",
        ) from None
    except (duckdb.Error, RuntimeError):
        cancel.check()
        raise UnreachableError(
            f"{label} can't be read as {kind}: it is damaged, encrypted, or written in a way that DuckDB doesn't know.",
            "Make it again where it comes from. For an unusual CSV file, driver: sheet tells what is wrong with it.",
        ) from None
