"""One file: read as a whole at one moment, and deleted only while it is still that."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from dsr_desk.drivers._folder.tree import GoneError, Spot, Tree, faults
from dsr_desk.drivers._texts.reading import LARGEST_FILE
from dsr_desk.errors import LockedError, RefusedError
from dsr_desk.model.cancel import Cancel

BLOCK = 1 << 20
_TRIES = 3

#: Which file it is, and every mark by which a change of it shows.
Identity = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """A file at one moment. ``content`` is ``None`` where it is too large to stand in memory; ``names`` counts its hard links."""

    sha256: str
    size: int
    modified: datetime | None
    names: int
    content: bytes | None


def look(tree: Tree, path: str, cancel: Cancel) -> Look | None:
    """What the file is now; ``None`` where there is none. ``LockedError`` where somebody keeps writing to it."""
    try:
        with tree.open(path) as (_, _, file):
            for _ in range(_TRIES):
                before = os.fstat(file.fileno())
                with faults(tree.label):
                    file.seek(0)
                    digest, content = _read(file, before.st_size <= LARGEST_FILE, cancel)
                if _identity(os.fstat(file.fileno())) == _identity(before):
                    return Look(digest, before.st_size, _moment(before.st_mtime_ns), before.st_nlink, content)
    except GoneError:
        return None
    raise LockedError(f"A file in {tree.label} is being written to by another program.", "Wait until that has ended.")


def remove(tree: Tree, path: str, sha256: str) -> bool:
    """Delete the file if its bytes have this SHA-256; whether it did. The folder is then written to the disk.

    ``RefusedError`` where it has a second name: its content would stay under that one.
    """
    try:
        with tree.open(path) as (spot, name, file):
            about = os.fstat(file.fileno())
            with faults(tree.label):
                digest, _ = _read(file, False, Cancel())
            if about.st_nlink > 1:
                raise RefusedError(*second_name(tree.label))
            if digest != sha256 or _identity(os.fstat(file.fileno())) != _identity(about) or not _same(tree, spot, name, about):
                return False
            if spot.descriptor is not None:
                _unlink(tree, spot, name)
                return True
        _unlink(tree, spot, name)  # Windows deletes no file that is open
    except GoneError:
        return False
    return True


def second_name(label: str) -> tuple[str, str]:
    """What and what to do, of a file that has a hard link elsewhere."""
    return (
        f"A file in {label} has a second name elsewhere on its disk (a hard link), under which its content would stay.",
        "Find and remove the other name, then try again.",
    )


def _unlink(tree: Tree, spot: Spot, name: str) -> None:
    with faults(tree.label):
        os.unlink(spot.at(name), dir_fd=spot.descriptor)
        if spot.descriptor is not None:
            os.fsync(spot.descriptor)


def _same(tree: Tree, spot: Spot, name: str, about: os.stat_result) -> bool:
    """Whether the name still stands for the file that was opened."""
    with faults(tree.label):
        now = os.stat(spot.at(name), dir_fd=spot.descriptor, follow_symlinks=False)
    return _identity(now) == _identity(about)


def _moment(nanoseconds: int) -> datetime | None:
    """A file's time; ``None`` for one that no calendar has, which some programs write."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)
    except OverflowError:
        return None


def _identity(about: os.stat_result) -> Identity:
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def _read(file: BinaryIO, keep: bool, cancel: Cancel) -> tuple[str, bytes | None]:
    digest, blocks = hashlib.sha256(), []
    while block := file.read(BLOCK):
        cancel.check()
        digest.update(block)
        if keep:
            blocks.append(block)
    return digest.hexdigest(), b"".join(blocks) if keep else None
