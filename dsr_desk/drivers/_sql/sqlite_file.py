"""Reading the bytes of a database file beside SQLite, without taking its locks away."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

_pinned: dict[tuple[int, int], int] = {}
_lock = threading.Lock()


def read_at(file: Path, offset: int, count: int) -> bytes:
    """Up to ``count`` bytes from ``offset``; ``OSError`` where the file can't be read.

    POSIX drops every lock a process holds on a file when it closes *any* descriptor of it, SQLite's own among them
    (https://sqlite.org/howtocorrupt.html section 2.2). So our descriptor stays open for as long as the process lives.
    Windows locks by handle, and would forbid deleting an open file.
    """
    if sys.platform == "win32":
        with file.open("rb") as handle:
            handle.seek(offset)
            return handle.read(count)
    return os.pread(_descriptor(file), count, offset)


def _descriptor(file: Path) -> int:
    status = file.stat()
    identity = status.st_dev, status.st_ino
    with _lock:
        if identity not in _pinned:
            _pinned[identity] = os.open(file, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        return _pinned[identity]
