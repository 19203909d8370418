"""What erased texts still stand in the raw bytes of a SQLite file, its log and its journal.

Deleted rows stay in free pages and free space until they are overwritten (Wagner et al., DFRWS 2015). Occurrences that a clean
copy has too belong to rows that rightly stay.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection

from dsr_desk.drivers._sql.sqlite_file import read_at
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.needles import count
from dsr_desk.model.plan import Residue

#: Bytes read at once.
_PART = 4 << 20
#: Up to this size a clean copy is made in memory, to subtract what rightly stays.
_COPIED = 256 << 20


def residue(system: str, file: Path, conn: Connection, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
    """One entry for each of the file, its write-ahead log and its journal that still holds one of the texts."""
    encoding = str(conn.exec_driver_sql("PRAGMA encoding").scalar())
    texts = {encoded for n in needles if n and (encoded := _encoded(n, encoding))}
    if not texts:
        return []
    raw = count(texts, _parts(lambda at: read_at(file, at, _PART), cancel))
    beside = {name: found for name in ("-wal", "-journal") if (found := _beside(file.with_name(file.name + name), texts, cancel))}
    met = {t for found in (raw, *beside.values()) for t in found}
    if not met:
        return []
    rightly = _rightly(file, conn, met, encoding, cancel)
    entries = []
    if left := _minus(raw, rightly):
        entries.append(_of_file(system, file, left))
    for name, found in beside.items():
        if left := _minus(found, _minus_all(rightly, raw)):
            entries.append(_of_log(system, file.name + name, left))
    return entries


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


def _minus(found: Counter[bytes], rightly: Counter[bytes]) -> int:
    return sum((found - rightly).values())


def _minus_all(rightly: Counter[bytes], raw: Counter[bytes]) -> Counter[bytes]:
    return rightly - raw


def _rightly(file: Path, conn: Connection, texts: set[bytes], encoding: str, cancel: Cancel) -> Counter[bytes]:
    """Occurrences that live rows account for."""
    if file.stat().st_size > _COPIED:
        return Counter({text: 1 << 62 for text in texts if _lives(conn, text, encoding, cancel)})
    # The copy stands in memory only (https://sqlite.org/src/doc/trunk/src/memdb.c): no second file with personal data.
    uri = f"file:/dsr-desk-{uuid4().hex}?vfs=memdb"
    clean = sqlite3.connect(uri, uri=True)
    try:
        conn.exec_driver_sql("PRAGMA query_only=0")
        conn.exec_driver_sql("VACUUM INTO ?", (uri,))
        return count(texts, [clean.serialize()])
    finally:
        clean.close()


def _lives(conn: Connection, text: bytes, encoding: str, cancel: Cancel) -> bool:
    needle = text.decode(encoding.lower(), "replace")
    columns = conn.exec_driver_sql(
        "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_xinfo(m.name) p "
        "WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' AND p.hidden = 0"
    ).all()
    quote = conn.dialect.identifier_preparer.quote_identifier
    for table, column in columns:
        cancel.check()
        at = f"{quote(table)}.{quote(column)}"
        if conn.exec_driver_sql(f"SELECT 1 FROM {quote(table)} WHERE instr({at}, ?) LIMIT 1", (needle,)).first():
            return True
    return False
