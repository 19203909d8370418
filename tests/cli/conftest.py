from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.cli import run
from dsr_desk.store import keys
from tests.flow.company import company
from tests.flow.world import PASSPHRASE, World


@dataclass
class Said:
    """What one command left: exit status, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


Cli = Callable[..., Said]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """Runs a command in this process, on the workspace in the temporary folder."""
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)
    monkeypatch.setenv("DSR_DESK_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def call(*argv: str, passphrase: str | None = PASSPHRASE) -> Said:
        if passphrase is None:
            monkeypatch.delenv("DSR_DESK_PASSPHRASE", raising=False)
        else:
            monkeypatch.setenv("DSR_DESK_PASSPHRASE", passphrase)
        capsys.readouterr()
        try:
            code = run(list(argv))
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return Said(code, out, err)

    yield call


@pytest.fixture
def world(tmp_path: Path, cli: Cli) -> World:
    """The small company in a workspace with an accepted catalog, made on the command line."""
    world = company(World(tmp_path))
    assert cli("init", str(tmp_path), "--operator", "Ada").code == 0
    assert cli("catalog", "accept", "--yes").code == 0
    return world
