"""Erased texts beyond the rows: in the notes a Parquet file carries, and in old copies beside it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from dsr_desk.drivers._duckdb.places import Place
from dsr_desk.drivers._duckdb.session import name, session
from dsr_desk.drivers._file.beside import copies
from dsr_desk.drivers._file.source import faults
from dsr_desk.drivers._file.spellings import occurrences
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.plan import Residue

_BLOCK = 1 << 20


def residues(system: str, found: Sequence[Place], needles: Sequence[bytes], cancel: Cancel) -> Iterator[Residue]:
    """Where they stand. What a file's rows rightly hold is not counted: they are searched."""
    for place in found:
        cancel.check()
        if place.format == "Parquet" and (count := occurrences([_notes(place.path)], needles)):
            why = "notes in the file, outside its rows, hold what was erased"
            yield Residue(system, place.label, count, why, "Make the file again without them")
        for path in copies(place.source):
            if count := _in_copy(path, place, needles):
                why = "an old copy beside it holds what was erased"
                yield Residue(system, path.name, count, why, "Remove the copy, or take the person out of it too")


def _notes(path: Path) -> bytes:
    with session([path]) as connection:
        rows = connection.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
    return b"\n".join(bytes(part) for row in rows for part in row)


def _in_copy(path: Path, place: Place, needles: Sequence[bytes]) -> int:
    with faults(path.name):
        if place.format == "Parquet":
            return _in_parquet(path, needles)
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            try:
                return occurrences(iter(partial((gzip.GzipFile(fileobj=file) if packed else file).read, _BLOCK), b""), needles)
            except EOFError:
                return 0


def _in_parquet(path: Path, needles: Sequence[bytes]) -> int:
    """In how many rows of a copy they stand; of a file that is none any more, in its bytes."""
    import duckdb

    texts = [needle.decode("utf-8", "replace") for needle in needles]
    with session([path]) as connection:
        try:
            columns = [row[0] for row in connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()]
            whole = f"concat_ws(' ', {', '.join(f'CAST({name(c)} AS VARCHAR)' for c in columns)})"
            one = " OR ".join([f"contains({whole}, ?)"] * len(texts))
            row = connection.execute(f"SELECT count(*) FROM read_parquet(?) WHERE {one}", [str(path), *texts]).fetchone()
        except (duckdb.Error, RuntimeError):
            with path.open("rb") as file:
                return occurrences(iter(partial(file.read, _BLOCK), b""), needles)
    return int(row[0]) if row else 0
