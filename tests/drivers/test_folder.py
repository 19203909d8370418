"""The driver for folders of files: what is a record, what is found in it, and what is deleted."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.drivers.folder import FolderDriver
from dsr_desk.model.catalog import System
from tests.drivers.contract import COLUMNS, PEOPLE, OneByOneContract, Place, people


class FolderPlace(Place):
    """A folder with a JSON document a person."""

    writes = False

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "letters"
        (self.root / "people").mkdir(parents=True)
        listed = people(names={name: f"data.{name}" for name in COLUMNS}, key="path")
        self.system = System("place", "folder", path="letters", region="DE", collections={"people": listed})
        for row in PEOPLE:
            self.insert(dict(zip(COLUMNS, row, strict=True)))

    def driver(self) -> FolderDriver:
        return FolderDriver(self.system, self.folder)

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.file(str(row["id"])).write_text(json.dumps(row))

    def change(self, row: str, column: str, value: str | None) -> None:
        record = json.loads(self.file(row).read_text())
        self.file(row).write_text(json.dumps({**record, column: value}))

    def remove(self, row: str) -> None:
        self.file(row).unlink()

    def file(self, row: str) -> Path:
        return self.root / "people" / f"{row}.json"

    def dump(self) -> Any:
        return everything(self.root)


def everything(root: Path) -> dict[str, Any]:
    """Every name below a folder, with what it is and when it was changed."""
    found = {}
    for at, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(at, name)
            about = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
            found[str(path)] = (about.st_mode, about.st_mtime_ns, about.st_ino, about.st_nlink, content)
    return found


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path)


class TestFolder(OneByOneContract):
    pass
