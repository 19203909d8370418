"""A folder that is walked and changed by its open folders, so that no link put there meanwhile leads anywhere else."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from dsr_desk.errors import DeskError, LockedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel

_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
#: Without blocking, or to open a pipe would wait for somebody to write into it.
_OPEN_FILE = _OPEN | getattr(os, "O_NONBLOCK", 0)
#: Whether a folder can be kept open and its files named from there; where not (Windows), each part of a path is looked at before.
_BY_FOLDER = os.open in os.supports_dir_fd and os.unlink in os.supports_dir_fd and os.scandir in os.supports_fd
_NAME_SURROGATE = 0x2000_0000
_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ESTALE)


class GoneError(Exception):
    """There is no such file (any more), or it is none: a link, a folder, a device."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A folder: open, or (on Windows) only by its path."""

    descriptor: int | None
    path: Path

    def at(self, name: str) -> str | Path:
        """How a file in it is called for a system call that takes ``dir_fd=descriptor``."""
        return name if self.descriptor is not None else self.path / name


@dataclass
class Seen:
    """What a walk met beside files: links that it did not follow, devices and the like, and its folders."""

    links: int = 0
    special: int = 0
    folders: list[str] = field(default_factory=list)


class Tree:
    """Everything below a folder. ``label`` is its path as the catalog writes it, for messages."""

    def __init__(self, root: Path, label: str) -> None:
        self.root = root
        self.label = label

    def files(self, cancel: Cancel, seen: Seen | None = None) -> Iterator[str]:
        """The paths of all files below it, with ``/`` between their parts, in order; what isn't one goes to ``seen``."""
        seen = Seen() if seen is None else seen
        todo: list[tuple[str, ...]] = [()]
        while todo:
            cancel.check()
            parts = todo.pop()
            try:
                files, folders = self._listed(parts, seen)
            except GoneError:
                if not parts:
                    raise UnreachableError(
                        f"{self.label} is no folder that is there.",
                        "Check path: in the catalog, and whether its drive is connected.",
                    ) from None
                continue
            seen.folders += ["/".join((*parts, name)) for name in folders]
            for name in files:
                yield "/".join((*parts, name))
            todo += [(*parts, name) for name in reversed(folders)]

    def _listed(self, parts: Sequence[str], seen: Seen) -> tuple[list[str], list[str]]:
        files, folders = [], []
        with (
            self.folder(parts) as spot,
            self._faults(),
            os.scandir(spot.path if spot.descriptor is None else spot.descriptor) as found,
        ):
            for entry in found:
                try:
                    about = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if is_link(about):
                    seen.links += 1
                elif stat.S_ISDIR(about.st_mode):
                    folders.append(entry.name)
                elif stat.S_ISREG(about.st_mode):
                    files.append(entry.name)
                else:
                    seen.special += 1
        return sorted(files), sorted(folders)

    @contextmanager
    def folder(self, parts: Sequence[str]) -> Iterator[Spot]:
        """One folder, reached part by part; ``GoneError`` where one of the parts is a link or not there."""
        path = self.root.joinpath(*parts)
        if not _BY_FOLDER:
            with self._faults():
                for depth in range(len(parts) + 1):
                    about = self.root.joinpath(*parts[:depth]).lstat()
                    if is_link(about) or not stat.S_ISDIR(about.st_mode):
                        raise GoneError
            yield Spot(None, path)
            return
        with self._faults():
            descriptor = os.open(self.root, _OPEN | os.O_DIRECTORY)
        try:
            for part in parts:
                with self._faults():
                    inner = os.open(part, _OPEN | os.O_DIRECTORY, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = inner
            yield Spot(descriptor, path)
        finally:
            os.close(descriptor)

    @contextmanager
    def open(self, path: str) -> Iterator[tuple[Spot, str, BinaryIO]]:
        """A file, unbuffered, with the folder that it stands in and its name there; ``GoneError`` where there is none."""
        *parts, name = path.split("/")
        if any(part in ("", ".", "..") or "\0" in part for part in (*parts, name)) or (os.sep != "/" and os.sep in path):
            raise GoneError
        with self.folder(parts) as spot:
            with self._faults():
                if spot.descriptor is None and is_link((spot.path / name).lstat()):
                    raise GoneError
                descriptor = os.open(spot.at(name), _OPEN_FILE, dir_fd=spot.descriptor)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # a folder or a pipe took its name
                os.close(descriptor)
                raise GoneError
            with os.fdopen(descriptor, "rb", buffering=0) as file:
                yield spot, name, file

    @contextmanager
    def _faults(self) -> Iterator[None]:
        with faults(self.label):
            yield


def is_link(about: os.stat_result) -> bool:
    """Whether it is a symbolic link, or a junction of Windows (a placeholder of a cloud's folder is none)."""
    return stat.S_ISLNK(about.st_mode) or bool(getattr(about, "st_reparse_tag", 0) & _NAME_SURROGATE)


@contextmanager
def faults(label: str) -> Iterator[None]:
    """Turns an operating system's error into one for people, and one that says "not there" into ``GoneError``."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _GONE:
            raise GoneError from None
        raise _spoken(fault, label) from None


def _spoken(fault: OSError, label: str) -> DeskError:
    if isinstance(fault, PermissionError):
        return LockedError(
            f"A file or folder in {label} may not be read or changed now.", "Close it where it is open, or ask for the permission."
        )
    if fault.errno == errno.EROFS:
        return UnreachableError(f"{label} lies on a drive that can't be written to.", "Make the drive writable, then try again.")
    if fault.errno == errno.ENAMETOOLONG:
        return UsageError(f"A path in {label} is longer than this computer takes.", "Move its folder further up.")
    word = errno.errorcode.get(fault.errno or 0, "unknown")
    return UnreachableError(f"{label} can't be read or changed ({word}).", "Check its drive and try again.")
