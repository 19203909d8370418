"""What erased texts still stand in the raw bytes of a SQLite file, its log and its journal.

Deleted rows stay in free pages and free space until they are overwritten (Wagner et al., DFRWS 2015). Where each occurrence lies is
read from the pages themselves. Inside rows and index entries of tables that the catalog lists it is no residue: they were searched.
Inside those of any other table it is, for nobody else looks there: history that a trigger writes, say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from dsr_desk.drivers._sql.sqlite_file import read_at
from dsr_desk.drivers._sql.sqlite_pages import SCHEMA, NotReadableError, Pages
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.needles import count, places
from dsr_desk.model.plan import Residue

#: Bytes read at once.
_PART = 1 << 20
#: How often to look again where another program began the log anew meanwhile.
_TRIES = 3
_BESIDE = ("-wal", "-journal")
#: SQLite's own tables that hold names and numbers only.
_NO_VALUES = frozenset({SCHEMA, "sqlite_sequence", "sqlite_stat1"})
#: SQLite's own tables that hold samples of indexed values (fileformat2.html section 2.6.4).
_SAMPLES = frozenset({"sqlite_stat3", "sqlite_stat4"})


@dataclass
class _Left:
    """How many occurrences are no part of a searched row: in free space, by the file's suffix, and in live rows, by their table."""

    free: Counter[str] = field(default_factory=Counter)
    live: Counter[str] = field(default_factory=Counter)


def residue(
    system: str, file: Path, conn: Connection, listed: Collection[str], needles: Sequence[bytes], cancel: Cancel
) -> list[Residue]:
    """One entry for each of the file, its log, its journal and the tables not ``listed`` that still holds one of the texts."""
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
    searched = _NO_VALUES.union(listed, _shadows(conn, listed))
    return [
        *([_of_file(system, file, left.free[""])] if left.free[""] else []),
        *(_of_log(system, file.name + name, left.free[name]) for name in _BESIDE if left.free[name]),
        *(_of_table(system, table, left.live[table]) for table in sorted(left.live) if table not in searched),
    ]


def _shadows(conn: Connection, listed: Collection[str]) -> Iterator[str]:
    """The tables in which listed virtual tables keep their rows (vtab.html section 2.16)."""
    kinds = conn.exec_driver_sql("SELECT name, type FROM pragma_table_list WHERE schema = 'main'").all()
    virtual = {str(name) for name, kind in kinds if kind == "virtual"}
    for name in (str(name) for name, kind in kinds if kind == "shadow"):
        if name.rpartition("_")[0] in virtual.intersection(listed):
            yield name


def _left(file: Path, conn: Connection, texts: set[bytes], cancel: Cancel) -> _Left:
    """Every occurrence, by where it lies. In doubt, all of them lie in free space."""
    for _ in range(_TRIES):
        with _snapshot(conn):
            try:
                pages = Pages(file, conn, cancel)
                left = _placed(file, pages, texts, cancel)
                if pages.still():
                    return left
            except NotReadableError:
                break
    return _placed(file, None, texts, cancel)


def _placed(file: Path, pages: Pages | None, texts: set[bytes], cancel: Cancel) -> _Left:
    left = _Left()
    for at, text in places(texts, _parts(lambda at: read_at(file, at, _PART), cancel)):
        table = pages.in_file(at, len(text)) if pages is not None else None
        if table is not None:
            left.live[table] += 1
        else:
            # What a newer page in the log replaces goes when the log is written back, not when the file is compacted.
            left.free["-wal" if pages is not None and pages.replaced(at) else ""] += 1
    for name in _BESIDE:
        beside = file.with_name(file.name + name)
        if beside.exists():
            with beside.open("rb") as handle:
                for at, text in places(texts, _parts(lambda _: handle.read(_PART), cancel)):
                    table = pages.in_log(at, len(text)) if name == "-wal" and pages is not None else None
                    if table is not None:
                        left.live[table] += 1
                    else:
                        left.free[name] += 1
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


def _of_table(system: str, table: str, copies: int) -> Residue:
    if table in _SAMPLES:
        why = "The statistics of the database's query planner keep samples of values."
        return Residue(system, f"table {table}", copies, why, "Run ANALYZE in the system's own program, then verify again.")
    where = f"table {table}, which the catalog does not list"
    return Residue(system, where, copies, "A live row holds it.", "List the table in the catalog, or clear it in the system.")


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
