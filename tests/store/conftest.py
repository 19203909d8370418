from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsr_desk.audit import trail
from dsr_desk.store import keys
from dsr_desk.store.workspace import Settings, Workspace

PASSPHRASE = "correct horse"


@pytest.fixture(autouse=True)
def _light_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)


def make(folder: Path) -> Workspace:
    return Workspace.create(folder, operator="Ada", settings=Settings("Desk"), passphrase=PASSPHRASE, trail=trail)


def reopen(folder: Path, passphrase: str = PASSPHRASE, operator: str | None = None, restored: bool = False) -> Workspace:
    return Workspace.open(folder, passphrase=lambda: passphrase, trail=trail, operator=operator, restored=restored)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "desk"


@pytest.fixture
def ws(folder: Path) -> Iterator[Workspace]:
    with make(folder) as workspace:
        yield workspace


@pytest.fixture
def execute(ws: Workspace, folder: Path) -> Callable[..., None]:
    """Change the database behind the program's back."""
    import sqlite3

    def run(statement: str, *values: object) -> None:
        with sqlite3.connect(folder / "workspace.db") as connection:
            connection.execute(statement, values)
        connection.close()

    return run
