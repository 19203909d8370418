"""Where the faults happen: one person in SQLite, PostgreSQL, a CSV and a workbook, with approved plans, and its copies.

Every copy shares the one PostgreSQL database, which is put back whenever a copy is made: a place is for one at a time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from dsr_desk.flow.desk import Desk
from dsr_desk.store import keys
from dsr_desk.store.heads import STATE
from tests.flow.company import company as small_company
from tests.flow.world import KEEP, World, ident, owned_by, table, text

#: In the order of the catalog, which is the order of a run.
SYSTEMS = ("crm", "desk", "news", "shop")
ERASURE, RECTIFICATION = "erasure", "rectification"

#: What a rectification puts right, in every system.
_CORRECTIONS = [("user.name", "Anne Leigh"), ("user.contact.email", "anne@y.org")]

#: By table: its columns and rows. What points to another comes after it.
_CRM: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "accounts": (
        "id integer PRIMARY KEY, mail text NOT NULL UNIQUE, name text NOT NULL, made date",
        [(1, "ann@x.org", "Ann Lee", "2020-01-01"), (2, "ben@x.org", "Ben Orr", "2020-01-02")],
    ),
    "letters": (
        "id integer PRIMARY KEY, account integer REFERENCES accounts (id), body text",
        [(10, 1, "Dear Ann"), (11, 1, "Dear Ann again"), (12, 2, "Dear Ben")],
    ),
    "calls": (
        "id integer PRIMARY KEY, account integer REFERENCES accounts (id), notes text",
        [(15, 1, "asked for a refund"), (16, 2, "asked for the time")],
    ),
    "chores": (
        "id integer PRIMARY KEY, clerk integer REFERENCES accounts (id), what text",
        [(20, 1, "water the plants"), (21, 2, "feed the cat")],
    ),
}


@dataclass(frozen=True)
class Place:
    """A workspace with approved plans, and what its systems hold before and after each."""

    world: World
    database: str
    refs: dict[str, str]
    before: dict[str, Any]
    after: dict[str, dict[str, Any]]
    names: tuple[str, ...]
    scratch: Path

    @contextmanager
    def copy(self, name: str = "copy") -> Iterator[World]:
        """The place as it was, somewhere else; gone afterwards."""
        folder = self.scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.world.folder, folder)
        restore(self.database)
        state = self.scratch / f"{name}.state"  # a desk that never saw it
        os.environ[STATE] = str(state)
        try:
            yield World(folder, [folder / p.name for p in self.world.files])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(state, ignore_errors=True)

    def systems(self, world: World) -> dict[str, Any]:
        """What each system holds now."""
        return systems(world, self.database)


def prepared(folder: Path, database: str, rights: tuple[str, ...] = (ERASURE,)) -> Place:
    """Make a place in an empty folder, on an empty PostgreSQL database."""
    with closing(psycopg.connect(database, autocommit=True)) as db:
        db.execute("CREATE SCHEMA pristine")
        for name, (columns, rows) in _CRM.items():
            db.execute(f"CREATE TABLE {name} ({columns})")
            for row in rows:
                db.execute(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(row))})", row)
            db.execute(f"CREATE TABLE pristine.{name} AS TABLE {name}")
    world = company(World(folder / "w"), database)
    refs: dict[str, str] = {}
    desk = world.desk()
    with desk.workspace:
        for right in rights:
            refs[right] = approved(desk, right)
    names = tuple(_names(world.folder))
    place = Place(world, database, refs, systems(world, database), {}, names, folder)
    for right, ref in refs.items():
        with place.copy("undisturbed") as here:
            desk = here.desk()
            with desk.workspace:
                done = desk.apply(ref)
                assert (done.status, done.exit_code) == ("applied", 0), done
                assert desk.verify(ref).status == "verified"
            place.after[right] = place.systems(here)
            assert tuple(_names(here.folder)) == names
            assert all(place.after[right][s] != place.before[s] for s in SYSTEMS), (
                "a system that nothing is written to proves nothing"
            )
    return place


def approved(desk: Desk, right: str) -> str:
    """A request of that right for Ann, with an approved plan."""
    told = _CORRECTIONS if right == RECTIFICATION else []
    ref = desk.open_request(right, [("email", "ann@x.org")], date.today(), corrections=told).ref
    plan = desk.make_plan(ref)
    assert not plan.refusals, plan.refusals
    desk.approve(ref, plan.digest)
    return ref


def company(world: World, database: str) -> World:
    """The small company of the flow's tests, and a CRM in PostgreSQL: Ann is customer 1 and account 1; Ben is 2 and 2."""
    world.folder.mkdir(parents=True)
    small_company(world)
    plain = database.replace("postgresql://", "postgresql+psycopg://")
    world.say(
        "crm",
        "sql",
        {"url": plain},
        {
            "accounts": table(
                "id mail name made",
                subject=True,
                id=ident("account_id", category="user.unique_id"),
                mail=ident("email", category="user.contact.email"),
                name=ident("name", category="user.name"),
            ),
            "letters": table("id account body", account=owned_by("accounts.id"), body=text()),
            "calls": table("id account notes", on_erase="redact", account=owned_by("accounts.id", erase=None), notes=text("blank")),
            "chores": table("id clerk what", on_erase="keep", keep=KEEP, clerk={"points_at": "accounts.id"}),
        },
    )
    return world


def systems(world: World, database: str) -> dict[str, Any]:
    """What each system holds, comparable with ``==``."""
    with zipfile.ZipFile(world.folder / "desk.xlsx") as book:
        desk = {i.filename: hashlib.sha256(book.read(i)).hexdigest() for i in book.infolist()}
    with closing(sqlite3.connect(world.folder / "shop.db")) as db:
        shop = list(db.iterdump())
    return {"crm": _rows(database), "desk": desk, "news": (world.folder / "news.csv").read_bytes(), "shop": shop}


def left_behind(place: Place, world: World) -> list[str]:
    """Files that were not there before, or are there no more."""
    return sorted(set(place.names) ^ set(_names(world.folder)))


def restore(database: str) -> None:
    """Put the rows of the PostgreSQL database back. Waits for transactions that are still ending."""
    with psycopg.connect(database) as db:
        db.execute(f"TRUNCATE {', '.join(_CRM)}")
        for name in _CRM:
            db.execute(f"INSERT INTO {name} TABLE pristine.{name}")


def _rows(database: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows once every transaction that wrote has ended: the server learns a moment later that its client is dead."""
    with psycopg.connect(database) as db:
        db.execute(f"LOCK TABLE {', '.join(_CRM)} IN SHARE MODE")
        return {name: db.execute(f"SELECT * FROM {name} ORDER BY id").fetchall() for name in _CRM}


def _names(folder: Path) -> list[str]:
    """All files but the workspace's own database and the signs of life of its runs."""
    return sorted(
        os.fspath(p.relative_to(folder))
        for p in folder.rglob("*")
        if not p.name.startswith(("workspace.db", "shop.db-")) and p.parent.name != ".running" and p.name != ".running"
    )


def light() -> None:
    """Make the workspace's passphrase cheap to check: it is asked thousands of times here."""
    keys._MEMORY_KIB, keys._ITERATIONS = 8 * 1024, 1
