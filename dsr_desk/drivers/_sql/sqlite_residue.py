"""What erased texts still stand in the raw bytes of a SQLite file, its log and its journal.

Deleted rows stay in free pages and free space until they are overwritten (Wagner et al., DFRWS 2015). Occurrences inside rows and
index entries that stand there now are no residue; where each occurrence lies is read from the pages themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from dsr_desk.drivers._sql.sqlite_file import read_at
from dsr_desk.drivers._sql.sqlite_pages import NotReadableError, Pages
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.needles import count, places
from dsr_desk.model.plan import Residue

#: Bytes read at once.
_PART = 1 << 20
#: How often to look again where another program began the log anew meanwhile.
_TRIES = 3
_BESIDE = ("-wal", "-journal")


def residue(system: str, file: Path, conn: Connection, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
    """One entry for each of the file, its write-ahead log and its journal that still holds one of the texts."""
    encoding = str(conn.exec_driver_sql("PRAGMA encoding").scalar())
    texts = {encoded for n in needles if n and (encoded := _encoded(n, encoding))}
    if not texts:
        return []
    raw = count(texts, _parts(lambda at: read_at(file, at, _PART), cancel))
    beside = {name: found for name in _BESIDE if (found := _beside(file.with_name(file.name + name), texts, cancel))}
    met = {text for found in (raw, *beside.values()) for text in found}
    if not met:
        return []
    left = _left(file, conn, met, cancel)
    entries = [_of_file(system, file, left[""])] if left[""] else []
    return entries + [_of_log(system, file.name + name, left[name]) for name in _BESIDE if left[name]]


def _left(file: Path, conn: Connection, texts: set[bytes], cancel: Cancel) -> Counter[str]:
    """How many occurrences are no part of a live row or index entry, by the file's suffix. In doubt, all of them."""
    for _ in range(_TRIES):
        with _snapshot(conn):
            try:
                pages = Pages(file, conn, cancel)
                left = _outside(file, pages, texts, cancel)
                if pages.still():
                    return left
            except NotReadableError:
                break
    return _outside(file, None, texts, cancel)


def _outside(file: Path, pages: Pages | None, texts: set[bytes], cancel: Cancel) -> Counter[str]:
    left: Counter[str] = Counter()
    for at, text in places(texts, _parts(lambda at: read_at(file, at, _PART), cancel)):
        if pages is None or not pages.in_file(at, len(text)):
            # What a newer page in the log replaces goes when the log is written back, not when the file is compacted.
            left["-wal" if pages is not None and pages.replaced(at) else ""] += 1
    for name in _BESIDE:
        beside = file.with_name(file.name + name)
        if beside.exists():
            with beside.open("rb") as handle:
                for at, text in places(texts, _parts(lambda _: handle.read(_PART), cancel)):
                    left[name] += not (name == "-wal" and pages is not None and pages.in_log(at, len(text)))
    return left


@contextmanager
def _snapshot(conn: Connection) -> Iterator[None]:
    """While the block runs, nobody changes the pages that this connection sees."""
    conn.exec_driver_sql("BEGIN")
    try:
        conn.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all()
        yield
    finally:
        conn.exec_driver_sql("ROLLBACK")


def _of_file(system: str, file: Path, copies: int) -> Residue:
    why = "Free space inside the file keeps what its own program deleted or moved earlier."
    return Residue(system, file.name, copies, why, "Compact the file (VACUUM): set compact: true for the system.")


def _of_log(system: str, name: str, copies: int) -> Residue:
    why = "The log keeps earlier pages until no program reads the file and it is written back."
    return Residue(system, name, copies, why, "Close the program that uses the file, then apply or verify again.")


def _encoded(needle: bytes, encoding: str) -> bytes:
    return needle if encoding == "UTF-8" else needle.decode("utf-8", "replace").encode(encoding.lower())


def _beside(file: Path, texts: Iterable[bytes], cancel: Cancel) -> Counter[bytes]:
    if not file.exists():
        return Counter()
    with file.open("rb") as handle:
        return count(texts, _parts(lambda _: handle.read(_PART), cancel))


def _parts(read: Callable[[int], bytes], cancel: Cancel) -> Iterator[bytes]:
    at = 0
    while part := read(at):
        cancel.check()
        yield part
        at += len(part)
