from __future__ import annotations

from pathlib import Path

import pytest

from dsr_desk.store import keys
from tests.flow.world import World


@pytest.fixture(autouse=True)
def _light_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
