"""For all tests: windows are drawn into memory, so that two workers don't fight for the keyboard of one screen; what a desk
remembers outside its workspaces is each test's own."""

import os

import pytest

from dsr_desk.store.heads import STATE

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STATE, str(tmp_path_factory.mktemp("state")))
