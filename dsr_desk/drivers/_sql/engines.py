"""SQLAlchemy engines, kept for the life of the process: they hold no connection and no password, but what they compiled."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

# When a connection breaks, both log the server's own text with a traceback, and without a handler that lands on the terminal.
for _name in ("sqlalchemy", "psycopg", "pymysql"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False

_opener: ContextVar[Callable[[], Any]] = ContextVar("opener")


def connect(url: str, opener: Callable[[], Any]) -> Connection:
    """A connection that ``opener`` makes (the database's own, not SQLAlchemy's), spoken to as ``url`` says.

    Compiling a statement and asking a server for its version cost more than most answers; a kept engine does both once.
    """
    token = _opener.set(opener)
    try:
        return _engine(url).connect()
    finally:
        _opener.reset(token)


@lru_cache(maxsize=64)
def _engine(url: str) -> Engine:
    options = {"use_native_hstore": False} if url.startswith("postgresql+psycopg") else {}
    return create_engine(url, poolclass=NullPool, creator=_opened, **options)


def _opened() -> Any:
    return _opener.get()()
