"""Discovery: a live system → a draft of its catalog file; nothing of it counts before somebody kept it and accepted the catalog."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dsr_desk import drivers
from dsr_desk.catalog.discovery import draft
from dsr_desk.catalog.read import FOLDER
from dsr_desk.catalog.shape import SYSTEM_NAME
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.access import permitted, recorded
from dsr_desk.flow.catalogs import Catalogs
from dsr_desk.flow.systems import driver_class
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.event import Tell, silent
from dsr_desk.model.guess import Draft
from dsr_desk.plugins import plugins
from dsr_desk.store.files import reading, write_atomically

#: The driver that speaks to an address, by how it begins; all other schemes are SQLAlchemy's.
_SCHEMES = {
    "imap": "mailbox", "imaps": "mailbox", "ldap": "ldap", "ldaps": "ldap", "ldapi": "ldap", "mongodb": "mongodb",
    "mongodb+srv": "mongodb", "s3": "s3", "http": "rest", "https": "rest",
}  # fmt: skip
#: The driver of a file, by how its name ends.
_ENDINGS = {
    ".csv": "sheet", ".tsv": "sheet", ".xlsx": "sheet", ".ods": "sheet", ".mbox": "mailbox",
    ".parquet": "duckdb", ".jsonl": "duckdb", ".ndjson": "duckdb",
}  # fmt: skip
_DATABASES = frozenset({".db", ".sqlite", ".sqlite3"})
_PASSWORD = re.compile(r"[^/?#]+://[^/?#@]*:[^/?#]*@")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")


class Discovering(Catalogs):
    """The verbs by which a system that nobody described yet gets into the catalog."""

    @recorded("catalog.discover")
    def discover(
        self,
        place: str,
        name: str = "",
        driver: str = "",
        tell: Tell = silent,
        cancel: Cancel | None = None,
        password: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Draft:
        """A draft for the system at a URL, or at a path in the workspace or anywhere. Nothing is written but the trail.

        ``name`` and ``driver`` are told from the place where they are not given. ``UsageError`` where they can't be, and where a
        password stands in the place. ``password`` is used for this look alone; without one, that which is kept for the system.
        ``options`` are the driver's, as the catalog writes them.
        """
        system = replace(self._at(place, name, driver), options=options or {})
        secret = self.workspace.secret(system.name) if password is None else lambda: password
        made = draft(system, lambda s: driver_class(s)(s, self.workspace.folder, secret), cancel or Cancel(), tell)
        with self.workspace.write() as tx:
            tx.append("catalog.discover", {"system": system.name, "collections": len(made.columns), "guesses": len(made.guesses)})
        return made

    @permitted("catalog.set")
    def keep_draft(self, name: str, text: str) -> Path:
        """Write a draft as ``catalog/NAME.yaml``; gives the file. ``RefusedError`` where the catalog has such a file or system."""
        self._free(name)
        file = self.workspace.catalog_folder / f"{name}.yaml"
        with reading(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            taken = file.exists() or file.with_suffix(".yml").exists()
        if taken:
            raise RefusedError(f"{FOLDER}/{file.name} is there already.", "Give the system another name, or delete the file first.")
        write_atomically(file, text.encode("utf-8"), private=False)
        return file

    def _free(self, name: str) -> None:
        if not re.fullmatch(SYSTEM_NAME, name) or name.isdigit():
            raise UsageError("A system's name has small letters, digits, _ and -, and is no number.", "Name it, for instance shop.")
        if name in self.systems():
            raise RefusedError(f"The catalog describes a system {name} already.", "Give this one another name.")

    def _at(self, place: str, name: str, driver: str) -> System:
        scheme = _SCHEME.match(place)
        is_url = bool(scheme and ("//" in place or not Path(place).exists()))
        if is_url and _PASSWORD.match(place):
            raise UsageError("A password stands in the address.", "Leave it out: it is asked for, or kept apart from the catalog.")
        path = self.workspace.folder / Path(place).expanduser()
        if not is_url and not path.exists() and Path(place).exists():  # it stands where the command was typed
            path = Path(place).resolve()
            place = str(path)
        if not is_url:
            with reading(path):
                path.stat()
        known = plugins(drivers, Driver)
        if not driver:
            driver = _SCHEMES.get(scheme[1].lower(), "sql") if is_url and scheme else _of_path(path)
        if driver not in known or known[driver].by_hand:
            raise UsageError(
                "Nothing here can look into this system." if driver else "It can't be told what kind of system this is.",
                f"Name what speaks to it: --driver with one of {', '.join(sorted(n for n, d in known.items() if not d.by_hand))}.",
            )
        name = name or _name(place)
        self._free(name)
        if not is_url and driver == "sql":
            return System(name, driver, url=f"sqlite:///{place}")
        return System(name, driver, url=place) if is_url else System(name, driver, path=place)


def _of_path(path: Path) -> str:
    if path.is_dir():
        return "mailbox" if (path / "cur").is_dir() and (path / "new").is_dir() else "folder"
    ending = path.suffix.lower()
    return "sql" if ending in _DATABASES else _ENDINGS.get(ending, "")


def _name(place: str) -> str:
    """A name from the last part of an address: ``postgresql://reader@host/shop`` → ``shop``."""
    last = re.split(r"[/\\]", re.split(r"[?#]", place)[0].rstrip("/\\"))[-1].rpartition("@")[2]
    stem = re.sub(r"\.(csv|tsv|xlsx|ods|mbox|db|sqlite3?)$", "", last.lower()).partition(":")[0]
    return re.sub(r"[^a-z0-9_-]+", "-", stem).strip("-_")[:63]
