"""What a catalog's ``url:`` says, made ready to connect: relative files found, passwords refused."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import System

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "mariadb+pymysql": "mysql+pymysql",
    "mssql": "mssql+mssqlpython",
    "sqlserver": "mssql+mssqlpython",
    "oracle": "oracle+oracledb",
}
_SECRET_OPTIONS = frozenset({"password", "passwd", "pwd", "sslpassword"})


def dialect(system: System, folder: Path, secret: Callable[[], str | None]) -> Dialect:
    """The dialect that speaks to the system. Only the module of its own kind of database is loaded."""
    url = address(system)
    if url.get_backend_name() == "sqlite":
        from dsr_desk.drivers._sql.sqlite import Sqlite

        return Sqlite(system, sqlite_file(system, url, folder))
    if url.drivername == "postgresql+psycopg":
        _needs("psycopg", "postgresql", system)
        from dsr_desk.drivers._sql.postgresql import Postgresql

        return Postgresql(system, url, secret)
    if url.drivername == "mysql+pymysql":
        _needs("pymysql", "mysql", system)
        from dsr_desk.drivers._sql.mariadb import MariaDb

        return MariaDb(system, url, secret)
    from dsr_desk.drivers._sql.other import Other
    from dsr_desk.drivers._sql.untried import Oracle, SqlServer, Trino

    kinds = {"mssql": SqlServer, "oracle": Oracle, "trino": Trino}
    return kinds.get(url.get_backend_name(), Other)(system, url, secret)


def _needs(library: str, extra: str, system: System) -> None:
    """Insist that an optional library is there."""
    if find_spec(library) is None:
        raise UsageError(
            f"The driver for the database of system {system.name} is not installed.",
            f"Install it in a terminal: pip install 'dsr-desk[{extra}]'",
        )


def address(system: System) -> URL:
    """The system's SQLAlchemy URL; ``UsageError`` where it can't be one or holds a password."""
    try:
        url = make_url(system.url)
    except (ArgumentError, ValueError):
        raise UsageError(
            f"The url of system {system.name} can't be read.",
            "Write it like sqlite:///shop.db or postgresql://user@host/database in its catalog file.",
        ) from None
    if url.password is not None or _SECRET_OPTIONS & {name.lower() for name in url.query}:
        raise UsageError(
            f"The url of system {system.name} holds a password.",
            f"Remove it from the catalog file, and give it in a terminal: dsr-desk secret set {system.name}",
        )
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def sqlite_file(system: System, url: URL, folder: Path) -> Path:
    """The database file of a SQLite URL, absolute; ``folder`` is where relative ones start."""
    name = url.database or ""
    if not name or name.startswith((":memory:", "file:")) or url.query:
        raise UsageError(
            f"The url of system {system.name} names no database file.",
            "Write sqlite:///shop.db for a file in the workspace folder, sqlite:////data/shop.db for any other.",
        )
    return (folder / Path(name).expanduser()).absolute()
