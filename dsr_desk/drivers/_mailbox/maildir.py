"""A maildir: a folder of files, one message each (https://cr.yp.to/proto/maildir.html), with its folders beside (Maildir++)."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from dsr_desk.drivers._file.source import faults
from dsr_desk.drivers._file.spellings import occurrences
from dsr_desk.drivers._file.swap import sync_folder
from dsr_desk.drivers._mailbox.headers import LONGEST_HEAD, head_of
from dsr_desk.drivers._mailbox.message import LARGEST
from dsr_desk.drivers._mailbox.naming import from_utf7
from dsr_desk.drivers._mailbox.store import INBOX, Store, Wanted
from dsr_desk.drivers._rows.driver import MovedError
from dsr_desk.errors import LockedError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Residue

_TRIES = 5
_BLOCK = 1 << 20
_START = 1 << 16


class Maildir(Store):
    """Messages are told apart by the part of their file's name that stays when a mail program marks them as read."""

    server = "Maildir"
    guarantee = "One message at a time: each file is read again right before it is removed, and no other file is touched."
    limits = (
        "A message counts as gone when its file is gone; a mail program that has it open may show it until it looks again.",
        "An index that a mail server keeps elsewhere than in the maildir can't be looked into.",
    )

    def __init__(self, system: System, folder: Path) -> None:
        super().__init__(system)
        self._root = folder / system.path
        self._known: dict[tuple[Path, str], Path] = {}

    # -- its folders ---------------------------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """``INBOX`` for the maildir itself, then its folders by name."""
        return tuple(self._folders())

    def _folders(self) -> dict[str, Path]:
        with faults(self.system.path):
            if not _is_maildir(self._root):
                raise UsageError(
                    f"{self.system.path} is not a maildir.", "Write the path of the folder that has cur and new in it."
                )
            return {INBOX: self._root, **dict(sorted(_below(self._root, "")))}

    def _path(self, folder: str) -> Path:
        return self._folders()[folder]

    def count(self, folder: str) -> int:
        """The files in it."""
        return len(self._files(self._path(folder)))

    def refuses(self, folder: str) -> Iterator[tuple[str, str]]:
        """Folders that this user may not write to."""
        for name in ("new", "cur"):
            if not os.access(self._path(folder) / name, os.W_OK | os.X_OK):
                yield f"messages of {folder} may not be removed by this user", "Ask for the permission to write there"
                return

    def apart(self, folder: str) -> bool:
        """Files are as easily looked through in one folder as in another."""
        return True

    # -- its messages --------------------------------------------------------------------------------------------------

    def messages(self, folder: str, wanted: Wanted, cancel: Cancel) -> Iterator[tuple[str, bytes]]:
        """One file after the other."""
        path = self._path(folder)
        for key in self._files(path):
            cancel.check()
            start = self._read(path, key, _START)
            if start is not None and len(head_of(start)) == len(start) == _START:
                start = self._read(path, key, LONGEST_HEAD)
            if start is None or not wanted(key, head_of(start)):
                continue
            raw = self._read(path, key, LARGEST)
            if raw is not None:
                yield key, raw

    def get(self, folder: str, key: str) -> bytes | None:
        """The file that has this name now, whatever flags stand behind it."""
        return self._read(self._path(folder), key, LARGEST)

    def delete(self, folder: str, key: str, same: Callable[[bytes], bool]) -> None:
        """Removes the file; one that is renamed meanwhile is the same message."""
        path = self._path(folder)
        for _ in range(_TRIES):
            raw = self._read(path, key, LARGEST)
            if raw is None or not same(raw):
                raise MovedError
            file = self._files(path).get(key)
            if file is None:
                continue
            with faults(self.system.path), suppress(FileNotFoundError):
                file.unlink()
                sync_folder(file.parent)
                return
        raise self._restless()

    def _read(self, folder: Path, key: str, most: int) -> bytes | None:
        for _ in range(_TRIES):
            file = self._known.get((folder, key)) or self._files(folder).get(key)
            if file is None:
                return None
            with faults(self.system.path), suppress(FileNotFoundError):
                return _start_of(file, most)
            self._known.pop((folder, key), None)
        raise self._restless()

    def _files(self, folder: Path) -> dict[str, Path]:
        """The messages by their keys. ``new`` is listed first: what moves from there to ``cur`` meanwhile is seen in one of them.

        It is listed until two listings have the same messages, since one that is renamed meanwhile may be left out of a listing.
        """
        before: dict[str, Path] | None = None
        for _ in range(_TRIES):
            found: dict[str, Path] = {}
            with faults(self.system.path):
                for name in ("new", "cur"):
                    with os.scandir(folder / name) as entries:
                        found |= {_unique(e.name): folder / name / e.name for e in entries if _is_message(e)}
            if before is not None and found.keys() == before.keys():
                break
            before = found
        self._known = {(folder, key): file for key, file in found.items()}
        return found

    def raw(self, needles: list[bytes], cancel: Cancel) -> Iterator[Residue]:
        """Indexes and unfinished deliveries beside the messages: a mail server's index keeps sender and subject."""
        for name, path in self._folders().items():
            for file in (*path.iterdir(), *(path / "tmp").glob("*")):
                cancel.check()
                if file.is_symlink() or not file.is_file():
                    continue
                with faults(self.system.path), file.open("rb") as opened:
                    found = occurrences(iter(lambda: opened.read(_BLOCK), b""), needles)
                if found:
                    why = "the mail server or a mail program keeps it beside the messages"
                    yield Residue(self.system.name, f"{name}/{file.name}", found, why, "Let the mail server make its index anew")

    def _restless(self) -> LockedError:
        return LockedError(f"Messages of {self.system.path} are renamed all the time.", "Wait until the mail server is idle.")


def _unique(name: str) -> str:
    return name.partition(":")[0]


def _is_message(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)


def _is_maildir(path: Path) -> bool:
    return all(_is_folder(path / name) for name in ("cur", "new"))


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False


def _below(path: Path, above: str) -> Iterator[tuple[str, Path]]:
    """Folders of both customs: ``.Archive.2024`` beside, and ``Archive/2024`` below."""
    for entry in path.iterdir():
        if entry.name in ("cur", "new", "tmp") or not _is_folder(entry):
            continue
        name = above + from_utf7(entry.name.removeprefix(".")).replace(".", "/" if entry.name.startswith(".") else ".")
        if _is_maildir(entry):
            yield name, entry
        if not entry.name.startswith("."):
            yield from _below(entry, f"{name}/")


def _start_of(file: Path, most: int) -> bytes:
    descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as opened:
        return opened.read(most)
