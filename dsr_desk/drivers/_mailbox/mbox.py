"""An mbox file: read as a whole, and rewritten as a whole without the messages that go; every other byte stays as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

from dsr_desk.drivers._file.beside import copies, insist_unlocked, obstacles
from dsr_desk.drivers._file.source import Look, Source, faults
from dsr_desk.drivers._file.spellings import occurrences
from dsr_desk.drivers._file.swap import Rewritten, swap
from dsr_desk.drivers._mailbox.headers import LONGEST_HEAD, head_of
from dsr_desk.drivers._mailbox.locks import locked
from dsr_desk.drivers._mailbox.mbox_index import Message, content, index
from dsr_desk.drivers._mailbox.message import LARGEST, record
from dsr_desk.drivers._mailbox.residue import says
from dsr_desk.drivers._mailbox.store import Store, Wanted
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.plan import Residue

_BLOCK = 1 << 20


class Mbox(Store):
    """One file, one folder. Its messages are indexed anew whenever the file is another one than before."""

    server = "mbox file"
    guarantee = (
        "All or nothing: under the locks of mail programs a new file is written beside the old one without the messages that go, "
        "and put in its place in one step."
    )
    limits = (
        "A mail program that keeps the file open without locking it may write to the old file, which is gone then.",
        "Where a text has a line that begins with From behind an empty line, unquoted, a message may be taken for two.",
    )

    def __init__(self, system: System, folder: Path) -> None:
        super().__init__(system)
        self.source = Source(system, folder)
        self._index: dict[str, Message] = {}
        self._look: Look | None = None

    def names(self) -> tuple[str, ...]:
        """The file."""
        self._insist_mbox()
        return (self.source.path.stem,)

    def folder(self, collection: Collection) -> str:
        """The file, whatever the collection is called; ``UsageError`` where the catalog has several."""
        if len(self.system.collections) > 1:
            raise UsageError(f"{self.system.name}: an mbox file is one collection.", "Write one system for each file.")
        self._insist_mbox()
        return self.source.path.stem

    def _insist_mbox(self) -> None:
        with self.source.open() as file, faults(self.source.label):
            start = file.read(5)
        if start and start != b"From ":
            raise UnreachableError(f"{self.source.label} is no mbox file.", "Such a file begins with From and a blank.")

    def count(self, folder: str) -> int | None:
        """Unknown until it is read."""
        return None

    def refuses(self, folder: str) -> Iterator[tuple[str, str]]:
        """Links, missing rights, and a mail program at work."""
        yield from obstacles(self.source)

    def indexed(self, cancel: Cancel) -> tuple[dict[str, Message], str]:
        """The messages by key, and the SHA-256 (hex) of the file in which they stand."""
        with self.source.open() as file, faults(self.source.label):
            found, sha256 = index(file, cancel)
        self._index = {message.key: message for message in found}
        return self._index, sha256

    def messages(self, folder: str, wanted: Wanted, cancel: Cancel) -> Iterator[tuple[str, bytes]]:
        """In the order of the file; ``UnreachableError`` where it is rewritten meanwhile."""
        with self.source.open() as file:
            with faults(self.source.label):
                found, _ = index(file, cancel)
            for message in found:
                cancel.check()
                with faults(self.source.label):
                    if not wanted(message.key, head_of(content(file, message.start, message.end, LONGEST_HEAD))):
                        continue
                    raw = content(file, message.start, message.end, LARGEST)
                yield message.key, raw

    def get(self, folder: str, key: str) -> bytes | None:
        """One message; the file is gone through again only where it changed since."""
        before = self._look
        self._look = self.source.look() if before is None or self._moved(before) else before
        if self._look != before:
            self.indexed(Cancel())
        message = self._index.get(key)
        if message is None:
            return None
        with self.source.open() as file, faults(self.source.label):
            return content(file, message.start, message.end, LARGEST)

    def _moved(self, before: Look) -> bool:
        with faults(self.source.label):
            about = self.source.path.lstat()
        return (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns) != (
            before.device,
            before.inode,
            before.size,
            before.modified,
        )

    def forget(self) -> None:
        """Read the file again before anything is said of it."""
        self._look = None

    def delete(self, folder: str, key: str, same: Callable[[bytes], bool]) -> None:
        """Never one alone: see ``without``."""
        raise UsageError(f"{self.source.label} is rewritten as a whole.", "Make a new plan.")

    def without(self, keys: set[str], before: Look, about_to_commit: Callable[[Mapping[str, Any]], None]) -> None:
        """The file without these messages in the place of the one that was ``before``; ``MovedError`` where it changed."""
        swap(self.source, before, lambda out: self.rewrite(keys, out), about_to_commit)

    def rewrite(self, keys: set[str], out: BinaryIO) -> Rewritten:
        """Copies every byte but those of these messages."""
        found, _ = self.indexed(Cancel())
        gone = sorted((found[key].start, found[key].end) for key in keys)
        digest, at = hashlib.sha256(), 0
        with self.source.open() as file:
            for start, end in [*gone, (None, None)]:
                for block in _blocks(file, None if start is None else start - at):
                    digest.update(block)
                    out.write(block)
                if start is None or end is None:
                    break
                for block in _blocks(file, end - start):
                    digest.update(block)
                at = end
        return Rewritten(digest.hexdigest())

    def locked(self) -> AbstractContextManager[None]:
        """The locks of mail programs."""
        insist_unlocked(self.source)
        return locked(self.source)

    def raw(self, needles: list[bytes], cancel: Cancel) -> Iterator[Residue]:
        """Messages in old copies of the file beside it."""
        texts = [needle.decode("utf-8", "surrogatepass") for needle in needles]
        for path in copies(self.source):
            with faults(path.name), path.open("rb") as file:
                spans, _ = index(file, cancel)
                found = sum(says(record(m.key, content(file, m.start, m.end, LARGEST)), texts) for m in spans)
                if not spans:
                    file.seek(0)
                    found = occurrences(_blocks(file, None), needles)
            if found:
                why = "an old copy beside it holds what was erased"
                yield Residue(self.system.name, path.name, found, why, "Remove the copy, or take the person out of it too")


def _blocks(file: BinaryIO, count: int | None) -> Iterator[bytes]:
    """So many bytes, or all that are left."""
    while count is None or count > 0:
        block = file.read(_BLOCK if count is None else min(count, _BLOCK))
        if not block:
            return
        if count is not None:
            count -= len(block)
        yield block
