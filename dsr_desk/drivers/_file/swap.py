"""Putting a rewritten file in the place of the old one, or not at all."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from dsr_desk.drivers._file.source import Look, Source, faults, sha256_of
from dsr_desk.errors import InDoubtError, LockedError

try:
    import fcntl
except ImportError:  # Windows: an open file can't be removed or replaced there, which serves as well
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a rewrite made: the SHA-256 (hex) of the bytes it read, and plain sentences on what else changed."""

    read: str
    notes: tuple[str, ...] = ()


class MovedError(Exception):
    """The file is no longer what was read; nothing was written."""


def swap(
    source: Source,
    before: Look,
    write: Callable[[BinaryIO], Rewritten],
    about_to_commit: Callable[[Mapping[str, Any]], None],
) -> Rewritten:
    """Writes a new file beside the old one, makes it durable, and renames it over the old one if that is still ``before``.

    The evidence handed over before the rename is the SHA-256 of the new file and of the old one. Mode, owner and extended
    attributes are kept. ``MovedError`` where the old file changed meanwhile. Whatever goes wrong, the temporary file is removed.
    """
    with faults(source.label), _temporary(source) as (path, file):
        made = write(file)
        file.flush()
        if made.read != before.sha256:
            raise MovedError
        _take_after(source.path, file.fileno())
        os.fsync(file.fileno())
        file.seek(0)
        about_to_commit({"sha256": sha256_of(file), "before": before.sha256})
        if source.look() != before or not _is(path, file):
            raise MovedError
        if fcntl is None:
            file.close()
        path.replace(source.path)
        confirm(source)
    return made


def confirm(source: Source) -> None:
    """Makes the rename durable; ``InDoubtError`` where the disk can't promise that, for the new file may be lost with the power."""
    try:
        sync_folder(source.path.parent)
    except OSError:
        raise InDoubtError(
            f"{source.label} was replaced, but its disk can't promise to keep the new file.",
            "Check its drive, then apply again: it finds out which of the two files is there.",
        ) from None


class Nowhere(io.RawIOBase, BinaryIO):
    """A file that keeps nothing, for trying a rewrite."""

    def write(self, data: Any) -> int:
        """Takes everything."""
        return len(data)


def leftover(path: Path) -> Path:
    """Where a rewrite of this file is made; one found there was left by a run that was killed."""
    return path.with_name(f".{path.name}.dsr-desk-new")


def remove_leftover(source: Source) -> None:
    """Remove what a killed run left; ``LockedError`` where that run is still alive."""
    path = leftover(source.path)
    with faults(source.label), suppress(FileNotFoundError):
        if fcntl is not None and not path.is_symlink():
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                _hold(descriptor, source.label)
            finally:
                os.close(descriptor)
        path.unlink()


@contextmanager
def _temporary(source: Source) -> Iterator[tuple[Path, BinaryIO]]:
    remove_leftover(source)
    path = leftover(source.path)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with faults(source.label):
        descriptor = os.open(path, flags, 0o600)
    file = os.fdopen(descriptor, "w+b")
    try:
        if fcntl is not None:
            _hold(descriptor, source.label)
        yield path, file
    finally:
        # What can't be cleaned away now is removed by the next run; it must not hide what became of the file.
        ours = False
        with suppress(OSError):
            ours = file.closed or _is(path, file)
        with suppress(OSError):
            file.close()
        if ours:
            with suppress(OSError):
                path.unlink()


def _hold(descriptor: int, label: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LockedError(f"Another run is rewriting {label}.", "Wait until it has ended.") from None


def _is(path: Path, file: BinaryIO) -> bool:
    """Whether the name still leads to this open file."""
    try:
        named, opened = os.lstat(path), os.fstat(file.fileno())
    except FileNotFoundError:
        return False
    return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)


def _take_after(old: Path, descriptor: int) -> None:
    """Give the new file the old one's owner, mode and extended attributes (access lists are among them)."""
    about = os.lstat(old)
    if not hasattr(os, "fchown"):
        return
    mine = os.fstat(descriptor)
    if (mine.st_uid, mine.st_gid) != (about.st_uid, about.st_gid):
        os.fchown(descriptor, about.st_uid, about.st_gid)
    os.fchmod(descriptor, about.st_mode & 0o7777)
    if hasattr(os, "listxattr"):
        for name in os.listxattr(old):
            os.setxattr(descriptor, name, os.getxattr(old, name))


def sync_folder(folder: Path) -> None:
    """Make what was renamed or removed in a folder durable, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
