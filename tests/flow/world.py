"""A small language for tests: a catalog and its rows, written at once into real SQLite, CSV and XLSX files.

world.sql("shop", customers=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")))
marks(world.search("email=ann@x.org")) == {"shop/customers/1": ""}
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from dsr_desk.audit import trail
from dsr_desk.catalog.read import read_catalog
from dsr_desk.flow import search
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import Tell, silent
from dsr_desk.model.finding import Finding, RowRef, SearchResult
from dsr_desk.model.plan import Plan
from dsr_desk.store.heads import STATE
from dsr_desk.store.workspace import Settings, Workspace

PASSPHRASE = "correct horse"
KEEP = {"ground": "17(3)(b)", "reason": "Tax records"}


@dataclass
class Table:
    """Columns, rows, and what the catalog says of them."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    says: dict[str, Any]
    ddl: str = ""
    unlisted: tuple[str, ...] = ()


def table(columns: str, *rows: tuple[Any, ...], ddl: str = "", unlisted: tuple[str, ...] = (), **says: Any) -> Table:
    """``columns`` by blanks; keywords named like a column describe it, all others the collection."""
    names = columns.split()
    fields = {n: says.pop(n, {}) for n in names if n not in unlisted}
    said = {"key": [names[0]], "on_erase": "delete", **says, "fields": fields}
    if said["key"] is None:
        del said["key"]
    return Table(names, list(rows), said, ddl, unlisted)


def ident(kind: str, erase: Any = ..., **more: Any) -> dict[str, Any]:
    """A field that carries an identity."""
    return {"identity": kind, **({} if erase is ... else {"erase": erase}), **more}


def owned_by(target: Any, **more: Any) -> dict[str, Any]:
    return {"owned_by": target, **more}


def owns(target: Any, **more: Any) -> dict[str, Any]:
    return {"owns": target, **more}


def seen_by(target: Any) -> dict[str, Any]:
    return {"accessed_by": target}


def text(erase: Any = ..., **more: Any) -> dict[str, Any]:
    """A personal text that identifies nobody."""
    return {"category": "user.content", **({} if erase is ... else {"erase": erase}), **more}


@dataclass
class World:
    """A workspace folder and the systems in it."""

    folder: Path
    files: list[Path] = field(default_factory=list)

    # -- making systems ------------------------------------------------------------------------------------------------

    def say(self, name: str, driver: str, says: dict[str, Any], tables: dict[str, Table]) -> None:
        """Write the catalog file of one system (JSON is YAML)."""
        (self.folder / "catalog").mkdir(exist_ok=True)
        about = {"system": name, "driver": driver, **says, "collections": {n: t.says for n, t in tables.items()}}
        about["collections"] or about.pop("collections")
        (self.folder / "catalog" / f"{name}.yaml").write_text(json.dumps(about, indent=1), encoding="utf-8")

    def sql(self, name: str, says: dict[str, Any] | None = None, /, **tables: Table) -> Path:
        """A SQLite database. Without ``ddl`` the columns have no type and the key is the primary key."""
        path = self.folder / f"{name}.db"
        with closing(sqlite3.connect(path)) as db:
            for n, t in tables.items():
                key = t.says.get("key")
                ddl = t.ddl or ", ".join([*t.columns, *([f"PRIMARY KEY ({', '.join(key)})"] if key else [])])
                db.execute(f"CREATE TABLE {n} ({ddl})")
                marks = ", ".join("?" * len(t.columns))
                db.executemany(f"INSERT INTO {n} ({', '.join(t.columns)}) VALUES ({marks})", t.rows)
            db.commit()
        self.say(name, "sql", {"url": f"sqlite:///{name}.db", **(says or {})}, tables)
        self.files.append(path)
        return path

    def csv(self, name: str, t: Table, /, **says: Any) -> Path:
        """A CSV file."""
        path = self.folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([t.columns, *t.rows])
        self.say(name, "sheet", {"path": path.name, **says}, {name: t})
        self.files.append(path)
        return path

    def xlsx(self, name: str, says: dict[str, Any] | None = None, /, **tables: Table) -> Path:
        """A workbook, one sheet a collection."""
        path = self.folder / f"{name}.xlsx"
        with closing(openpyxl.Workbook()) as book:
            book.remove(book.active)
            for n, t in tables.items():
                sheet = book.create_sheet(n)
                for row in [t.columns, *t.rows]:
                    sheet.append(row)
            book.save(path)
        self.say(name, "sheet", {"path": path.name, **(says or {})}, tables)
        self.files.append(path)
        return path

    def paper(self, name: str = "archive") -> None:
        """A system that only a person can search."""
        self.say(name, "manual", {"title": "Paper archive", "instructions": "Look in the cellar."}, {})

    # -- looking at them -------------------------------------------------------------------------------------------------

    def catalog(self) -> Catalog:
        read = read_catalog(self.folder)
        assert not read.errors, [str(e) for e in read.errors]
        assert read.catalog is not None
        return read.catalog

    def search(
        self,
        *given: str,
        subjects: Iterable[str] = (),
        confirmed: Iterable[str] = (),
        off: Iterable[str] = (),
        tell: Tell = silent,
        cancel: Cancel | None = None,
        catalog: Catalog | None = None,
        waived: Iterable[str] = (),
    ) -> SearchResult:
        """Search without a workspace."""
        ask = Ask(
            search.checked_identity(pairs(given)),
            frozenset(map(RowRef.parse, subjects)),
            frozenset(map(RowRef.parse, confirmed)),
            frozenset(pairs(off)),
        )
        with Systems(catalog or self.catalog(), self.folder, lambda _: lambda: None) as systems:
            return search.run(systems, ask, tell, cancel or Cancel(), waived).result

    def ask(self, system: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / f"{system}.db")) as db:
            return db.execute(query, values).fetchall()

    def do(self, system: str, statement: str, *values: Any) -> None:
        """Change a database behind the program's back."""
        with closing(sqlite3.connect(self.folder / f"{system}.db")) as db:
            db.execute(statement, values)
            db.commit()

    def state(self) -> dict[str, Any]:
        """All that the systems hold: databases as dumps, files as bytes."""
        return {p.name: _dump(p) if p.suffix == ".db" else p.read_bytes() for p in self.files}

    def desk(self) -> Desk:
        """A workspace over it, with its catalog accepted. The second call opens it again."""
        if (self.folder / "workspace.toml").exists():
            return Desk(Workspace.open(self.folder, passphrase=lambda: PASSPHRASE, trail=trail), no_pdf)
        made = Workspace.create(self.folder, operator="Ada", settings=Settings("Desk"), passphrase=PASSPHRASE, trail=trail)
        desk = Desk(made, no_pdf)
        desk.accept_catalog()
        return desk


def no_pdf(html: str, path: Path, title: str, footer: str, paper: str) -> int:
    raise AssertionError("no test of the flow draws")


def pairs(texts: Iterable[str]) -> list[tuple[str, str]]:
    return [(kind, value) for kind, _, value in (t.partition("=") for t in texts)]


def opened(desk: Desk, *given: str, right: str = "erasure", subjects: tuple[str, ...] = ()) -> str:
    """A new request; gives its reference."""
    return desk.open_request(right, pairs(given), date.today(), subjects=subjects).ref


def planned(desk: Desk, *given: str, **more: Any) -> tuple[str, Plan]:
    """A new request with a plan."""
    ref = opened(desk, *given, **more)
    return ref, desk.make_plan(ref)


def approved(desk: Desk, *given: str, **more: Any) -> str:
    """A new request with an approved plan."""
    ref, plan = planned(desk, *given, **more)
    assert not plan.refusals, plan.refusals
    desk.approve(ref, plan.digest)
    return ref


def marks(result: SearchResult) -> dict[str, str]:
    """Each finding with what is said about it: ``""`` for the person's own."""
    return {f.ref.path: mark(f) for f in result.findings}


def mark(finding: Finding) -> str:
    said = [*finding.review]
    said += [word for word in ("shared", "access_only", "mention") if getattr(finding, word)]
    return ", ".join(said)


def own(result: SearchResult) -> set[str]:
    return {path for path, said in marks(result).items() if not said}


def identity(result: SearchResult) -> dict[str, set[str]]:
    """The identifiers that are followed."""
    kinds: dict[str, set[str]] = {}
    for i in result.identity:
        if i.followed:
            kinds.setdefault(i.kind, set()).add(i.value)
    return kinds


def copy(world: World, folder: Path) -> World:
    """The same world somewhere else, for a desk that never saw it."""
    shutil.copytree(world.folder, folder)
    os.environ[STATE] = f"{folder}.state"
    return World(folder, [folder / p.name for p in world.files])


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def once(action: Callable[[], None]) -> Callable[..., None]:
    """Something that happens at its first call only."""
    done: list[int] = []

    def act(*_: Any) -> None:
        if not done:
            done.append(1)
            action()

    return act


def environment(**more: str) -> dict[str, str]:
    """The environment of a child process."""
    return {**os.environ, "PYTHONWARNINGS": "ignore", **more}
