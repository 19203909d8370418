"""Systems that are down, rows and files that somebody else holds, and a disk that fills up: from the start, or on the way."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg

from dsr_desk.drivers._sql import postgresql, sqlite
from dsr_desk.model.event import Event, Step
from tests.faults import child
from tests.faults.case import Case, Fault
from tests.faults.oracle import Oracle
from tests.faults.place import SYSTEMS, Place
from tests.flow.world import World
from tests.servers import missing

#: What is in the way, for as long as it is entered.
Trouble = Callable[[Place, World], AbstractContextManager[None]]


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """Each trouble before the run, and when the run begins to write to each of the systems; and each room on the disk."""
    draw = random.Random(seed)
    every = [
        Case(
            "system down or locked",
            f"{right} {name}, {f'before {at}' if at else 'at the start'}",
            partial(_one, right, trouble, at),
        )
        for right in place.refs
        for name, trouble in _TROUBLES.items()
        for at in (None, *SYSTEMS)
    ]
    yield from draw.sample(every, min(sample, len(every))) if sample else every
    if os.geteuid() != 0:
        missing("only root may mount a small disk")
    rooms = range(0, 400, 100) if sample else range(0, 400, 4)
    for room in rooms:
        yield Case("full disk", f"{room} KiB are left", partial(_full, room))


def _one(right: str, trouble: Trouble, at: str | None, place: Place) -> Fault:
    with place.copy() as here, ExitStack() as mended:
        oracle = Oracle(place, here, right)
        reading, writing = os.pipe()
        begun, telling = os.pipe()
        pid = child.start(lambda: _apply(here, oracle.ref, at, reading, telling))
        os.close(telling)
        reached = at is None or bool(os.read(begun, 1))
        if reached:
            mended.enter_context(trouble(place, here))
        os.write(writing, b".")
        status = child.ended(pid)
        for end in (reading, writing, begun):
            os.close(end)
        oracle.ended(status, 0, 3, 4)
        mended.close()
        oracle.at_the_fault()
        oracle.finished()
    return Fault(1, reached, oracle.wrong)


def _apply(here: World, ref: str, at: str | None, reading: int, telling: int) -> int:
    """Apply with less patience than usual, and wait where the trouble is made."""
    sqlite.PATIENCE = 0.2  # type: ignore[attr-defined,assignment]
    postgresql._SETTINGS["lock_timeout"] = "200ms"
    if at is None:
        os.read(reading, 1)

    def tell(event: Event) -> None:
        if isinstance(event, Step) and (event.system, event.state) == (at, "writing"):
            os.write(telling, b".")
            os.read(reading, 1)

    desk = here.desk()
    with desk.workspace:
        return desk.apply(ref, tell).exit_code


def _full(room: int, place: Place) -> Fault:
    """A small disk on which the whole workspace lies, with so little room (KiB) that the run meets its end, and then more."""
    disk = place.scratch / "disk"
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(disk)], check=True, capture_output=True)
    try:
        with replace(place, scratch=disk).copy() as here:
            oracle = Oracle(place, here)
            filler = disk / "filler"
            _fill(filler, room)
            status = child.run(partial(child.apply, here, oracle.ref))
            oracle.ended(status, 0, 1, 3, 4)
            filler.unlink()
            oracle.at_the_fault()
            oracle.finished()
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True, capture_output=True)
    return Fault(1, status != 0, oracle.wrong)


def _fill(filler: Path, room: int) -> None:
    left = shutil.disk_usage(filler.parent).free - room * 1024
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(left, 1))


@contextmanager
def _away(name: str, _: Place, here: World) -> Iterator[None]:
    path = here.folder / name
    path.rename(here.folder.parent / name)
    yield
    (here.folder.parent / name).rename(path)


@contextmanager
def _beside(name: str, _: Place, here: World) -> Iterator[None]:
    (here.folder / name).write_bytes(b"")
    yield
    (here.folder / name).unlink()


@contextmanager
def _second_name(name: str, _: Place, here: World) -> Iterator[None]:
    other = here.folder.parent / f"other-{name}"
    other.hardlink_to(here.folder / name)
    yield
    other.unlink()


@contextmanager
def _rewriting(name: str, _: Place, here: World) -> Iterator[None]:
    path = here.folder / f".{name}.dsr-desk-new"
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    path.unlink()


@contextmanager
def _database_locked(_: Place, here: World) -> Iterator[None]:
    with closing(sqlite3.connect(here.folder / "shop.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def _database_read(_: Place, here: World) -> Iterator[None]:
    with closing(sqlite3.connect(here.folder / "shop.db", isolation_level=None)) as db:
        db.execute("BEGIN")
        db.execute("SELECT * FROM customers").fetchall()
        yield


@contextmanager
def _row_locked(query: str, place: Place, _: World) -> Iterator[None]:
    with psycopg.connect(place.database) as db:
        db.execute(query)
        yield
        db.rollback()


_TROUBLES: dict[str, Trouble] = {
    "the CSV away": partial(_away, "news.csv"),
    "the workbook away": partial(_away, "desk.xlsx"),
    "the SQLite file away": partial(_away, "shop.db"),
    "the CSV open in LibreOffice": partial(_beside, ".~lock.news.csv#"),
    "the workbook open in Excel": partial(_beside, "~$desk.xlsx"),
    "the CSV with a second name": partial(_second_name, "news.csv"),
    "the CSV rewritten by another run": partial(_rewriting, "news.csv"),
    "the workbook rewritten by another run": partial(_rewriting, "desk.xlsx"),
    "the SQLite file locked": _database_locked,
    "the SQLite file read": _database_read,
    "a row of PostgreSQL locked": partial(_row_locked, "SELECT * FROM accounts WHERE id = 1 FOR UPDATE"),
    "a row of PostgreSQL shared": partial(_row_locked, "SELECT * FROM accounts WHERE id = 1 FOR KEY SHARE"),
    "a table of PostgreSQL locked": partial(_row_locked, "LOCK TABLE letters IN ACCESS EXCLUSIVE MODE"),
}
