"""The locks under which mail programs write to an mbox file: a ``.lock`` beside it, and both locks of the operating system."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.errors import LockedError

try:
    import fcntl
except ImportError:  # Windows: an open file can't be replaced there, which serves as well
    fcntl = None  # type: ignore[assignment]

_MARK = b" dsr-desk\n"


@contextmanager
def locked(source: Source) -> Iterator[None]:
    """No mail program that keeps the customs writes to the file meanwhile; ``LockedError`` where one does already."""
    with _dotlock(source), _system_locks(source):
        yield


@contextmanager
def _dotlock(source: Source) -> Iterator[None]:
    path = source.path.with_name(f"{source.path.name}.lock")
    _remove_ours(path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    try:
        with faults(source.label):
            descriptor = os.open(path, flags, 0o644)
    except LockedError:
        if not path.exists():
            raise
        raise LockedError(
            f"{source.label} is locked by a mail program.", f"Wait, or remove {path.name} beside it if none is running."
        ) from None
    try:
        with faults(source.label):
            if fcntl is not None:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.write(descriptor, b"%d" % os.getpid() + _MARK)
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _remove_ours(path: Path) -> None:
    """Remove the lock of a run of ours that was killed: it holds its lock file itself as long as it lives."""
    if fcntl is None:
        return
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.read(descriptor, 64).endswith(_MARK):
                path.unlink()
        finally:
            os.close(descriptor)


@contextmanager
def _system_locks(source: Source) -> Iterator[None]:
    if fcntl is None:
        yield
        return
    with faults(source.label):
        descriptor = os.open(source.path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        try:
            _take(descriptor)
        except OSError:
            raise LockedError(
                f"{source.label} is locked by a mail program.", "Wait until it has ended, or close it there."
            ) from None
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> None:
    """Both kinds. The second belongs to the open file where the system knows that: a plain one ends with any other reading."""
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if hasattr(fcntl, "F_OFD_SETLK"):
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
    else:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
