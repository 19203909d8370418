"""A file that is opened safely: no links, no surprises, and every fault in words that hold no data."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dsr_desk.errors import DeskError, LockedError, UnreachableError, UsageError
from dsr_desk.model.catalog import System

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Look:
    """What a file was at one moment: which file it is, and the SHA-256 (hex) of its bytes."""

    device: int
    inode: int
    size: int
    modified: int
    sha256: str


class Source:
    """The file of a system. ``label`` is its path as the catalog writes it, for messages."""

    def __init__(self, system: System, folder: Path) -> None:
        """``UsageError`` where the catalog names no file."""
        if not system.path:
            raise UsageError(f"{system.label} has no path: in the catalog.", "Write path: with the file's place in the workspace.")
        self.label = system.path
        self.path = folder / system.path

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The file for reading, unbuffered. Links, folders and devices are refused; a missing file is ``UnreachableError``."""
        with faults(self.label):
            descriptor = os.open(self._plain(), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with faults(self.label), os.fdopen(descriptor, "rb", buffering=0) as file:  # closing can fail, too
            yield file

    def look(self) -> Look:
        """Its identity and hash as they are now."""
        with self.open() as file, faults(self.label):
            digest = sha256_of(file)
            about = os.fstat(file.fileno())
        return Look(about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, digest)

    def _plain(self) -> Path:
        mode = os.lstat(self.path).st_mode
        if stat.S_ISLNK(mode):
            raise UsageError(f"{self.label} is a link, and links are not followed.", "Write the file's own path in the catalog.")
        if not stat.S_ISREG(mode):
            raise UsageError(f"{self.label} is not a file.", "Write the path of the file itself in the catalog.")
        return self.path


def sha256_of(file: BinaryIO) -> str:
    """The SHA-256 (hex) of what is left to read of a file."""
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()


@contextmanager
def faults(label: str) -> Iterator[None]:
    """Turns an operating system's error into one for people; its own text is dropped, because it can hold a path."""
    try:
        yield
    except OSError as fault:
        raise _spoken(fault, label) from None


def _spoken(fault: OSError, label: str) -> DeskError:
    if isinstance(fault, FileNotFoundError | NotADirectoryError):
        return UnreachableError(f"{label} is not there.", "Check path: in the catalog, and whether its drive is connected.")
    if isinstance(fault, FileExistsError):
        return LockedError(f"Another run is rewriting {label}.", "Wait until it has ended.")
    if isinstance(fault, PermissionError):
        return LockedError(f"{label} may not be read or written now.", "Close it where it is open, or ask for the permission.")
    if fault.errno in _FULL:
        return UnreachableError(f"The disk of {label} is full.", "Make room on it and try again. The file is as it was.")
    if fault.errno == errno.ELOOP:
        return UsageError(f"{label} is a link, and links are not followed.", "Write the file's own path in the catalog.")
    word = errno.errorcode.get(fault.errno or 0, "unknown")
    return UnreachableError(f"{label} can't be read or written ({word}).", "Check its drive and try again.")
