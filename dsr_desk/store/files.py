"""Files of the workspace: written whole or not at all, and locked between processes."""

from __future__ import annotations

import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from dsr_desk.errors import LockedError, UnreachableError


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the system says about a file into one clear error; its own words never come through."""
    try:
        yield
    except OSError as error:
        raise unreachable(path, error) from None


def unreachable(path: Path, error: OSError) -> UnreachableError:
    """The error a person sees when the system refuses ``path``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UnreachableError(f"The disk that holds {path} is full.", "Make room on it and try again. Nothing was changed.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return UnreachableError(f"{path} may not be opened.", "Ask for the right to read and write it.")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return UnreachableError(f"{path} is missing.", "Check the folder, or restore it from a backup.")
    return UnreachableError(f"{path} cannot be read or written.", "Check that the disk is connected, has room and is healthy.")


def write_atomically(path: Path, data: bytes, *, private: bool) -> None:
    """Write the whole file or leave the old one. Durable when it returns; ``private`` means that only its owner may read it."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with reading(path):
        try:
            descriptor = os.open(
                beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600 if private else 0o644
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Windows does that by itself and has no way to ask for it."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def try_lock(file: IO[bytes]) -> bool:
    """Lock an open file for this process until it is closed or the process ends; ``False`` when somebody else has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def locked_file(path: Path, seconds: float = 10.0) -> Iterator[None]:
    """Hold a lock file while the block runs; ``LockedError`` when another process keeps it for ``seconds``."""
    with reading(path):
        file = path.open("ab")
    with file:
        end = time.monotonic() + seconds
        while not try_lock(file):
            if time.monotonic() > end:
                raise LockedError("Another window of this program is at work in the workspace.", "Wait a moment and try again.")
            time.sleep(0.02)
        yield
