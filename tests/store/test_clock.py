from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from dsr_desk.store.clock import behind
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import make, reopen

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def _types(ws: Workspace) -> list[str]:
    with ws.read() as tx:
        return [e.type for e in tx.entries()]


def _append(ws: Workspace) -> None:
    with ws.write() as tx:
        tx.append("secret.set", {"system": "shop"})


def test_a_clock_that_jumps_back_at_work_is_warned_of_once(folder: Path) -> None:
    with time_machine.travel(START, tick=False) as clock, make(folder) as ws:
        _append(ws)
        clock.shift(-3600)
        _append(ws)
        _append(ws)
        assert _types(ws)[-4:] == ["secret.set", "secret.set", "clock.warn", "secret.set"]
        with ws.read() as tx:
            assert [e.body for e in tx.entries() if e.type == "clock.warn"] == [{"behind": 3600}]
        clock.shift(-3600)
        _append(ws)
        assert _types(ws)[-1] == "clock.warn"


def test_a_workspace_that_is_opened_before_its_last_entry_says_so(folder: Path) -> None:
    with time_machine.travel(START, tick=False) as clock:
        make(folder).close()
        clock.shift(-61)
        with reopen(folder) as ws:
            assert _types(ws)[-1] == "clock.warn"
        with reopen(folder) as ws:
            assert _types(ws).count("clock.warn") == 1


@pytest.mark.parametrize("by", [-60, 0, 1, 86_400])
def test_a_clock_that_is_set_by_a_minute_is_not_one(folder: Path, by: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        make(folder).close()
        clock.shift(by)
        with reopen(folder) as ws:
            _append(ws)
            assert "clock.warn" not in _types(ws)


def test_what_did_not_become_durable_is_not_the_latest(folder: Path) -> None:
    with time_machine.travel(START, tick=False) as clock, make(folder) as ws:
        clock.shift(7200)
        with pytest.raises(RuntimeError), ws.write() as tx:
            tx.append("secret.set", {"system": "shop"})
            raise RuntimeError
        clock.shift(-7200)
        _append(ws)
        assert "clock.warn" not in _types(ws)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-03-01"])
def test_a_time_that_cannot_be_read_warns_of_nothing(text: str) -> None:
    assert behind(text) == 0


def test_how_far() -> None:
    with time_machine.travel(START, tick=False):
        later = (START + timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
        assert behind(later) == 300
