"""Whether an interrupted commit of a SQLite file happened: what can be read from its header and its write-ahead log.

File format: https://sqlite.org/fileformat2.html sections 1.3.6 (file change counter) and 4.1 (WAL). Both are read under the
write lock, when nobody else can commit.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dsr_desk.drivers._sql.dialect import Proof
from dsr_desk.drivers._sql.sqlite_file import read_at

_COUNTER_AT = 24
_WAL_HEADER = 32
_FRAME_HEADER = 24


def evidence(file: Path, mode: str) -> Mapping[str, Any]:
    """The file's state right before our commit."""
    if mode == "wal":
        salts, frames, _ = _log(file)
        return {"mode": "wal", "salts": salts, "frames": frames}
    return {"mode": "rollback", "counter": _counter(file)}


def proof(file: Path, mode: str, before: Mapping[str, Any]) -> Proof:
    """What became of it since."""
    if before.get("mode") != ("wal" if mode == "wal" else "rollback"):
        return "unknown"
    if mode != "wal":
        since = (_counter(file) - int(before["counter"])) % 2**32
        return "not committed" if since == 0 else "one" if since == 1 else "unknown"
    salts, frames, commits = _log(file, int(before["frames"]))
    if not salts or salts != before["salts"]:
        return "unknown"  # the log was started anew: our commit may have been copied into the file
    if frames == before["frames"]:
        return "not committed"
    return "one" if commits == 1 else "unknown"


def _counter(file: Path) -> int:
    return int.from_bytes(read_at(file, _COUNTER_AT, 4), "big")


def _log(file: Path, after: int = 0) -> tuple[str, int, int]:
    """Salts of the log, its frames up to the last commit, and how many commits it has after frame ``after``."""
    try:
        handle = file.with_name(file.name + "-wal").open("rb")
    except FileNotFoundError:
        return "", 0, 0
    with handle:
        header = handle.read(_WAL_HEADER)
        if len(header) < _WAL_HEADER:
            return "", 0, 0
        (page_size,) = struct.unpack(">I", header[8:12])
        salts = header[16:24]
        frames = commits = number = 0
        while len(frame := handle.read(_FRAME_HEADER)) == _FRAME_HEADER and frame[8:16] == salts:
            number += 1
            if frame[4:8] != b"\0\0\0\0":
                frames = number
                commits += number > after
            handle.seek(page_size, os.SEEK_CUR)
    return salts.hex(), frames, commits
