"""Killed at every line of a transaction: the journal row is there if, and only if, its trail entry is."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from dsr_desk.audit import trail
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import make, reopen
from tests.store.requests_data import DIGEST, request

A = "DSR-2026-0001"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def step(ws: Workspace) -> None:
    with ws.write() as tx:
        case = tx.request(A).case
        tx.seal(A, "plan", b"x" * 5000)
        tx.journal(A, DIGEST, "shop", "intent", {"row": 1})
        tx.append("step.intent", {"case": case, "digest": DIGEST, "system": "shop"})


def killed_at(line: int) -> Callable[[FrameType, str, object], object]:
    """A tracer that kills this process when so many lines of our code or SQLAlchemy's engine have run."""
    left = [line]

    def trace(frame: FrameType, event: str, _: object) -> object:
        name = frame.f_code.co_filename
        if "dsr_desk" not in name and "sqlalchemy/engine" not in name:
            return None
        if event == "line":
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def run(folder: Path, line: int) -> bool:
    """One step in a process of its own, killed at that line; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        try:
            ws = reopen(folder)
            sys.settrace(killed_at(line))
            step(ws)
            sys.settrace(None)
            os._exit(0)
        finally:  # the child must never come back into pytest
            os._exit(70)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


def state(folder: Path) -> tuple[int, int]:
    with reopen(folder) as ws, ws.read() as tx:
        assert trail.verify(tx.raw_entries(), head=tx.trail_head()).ok
        intents = [e for e in tx.entries() if e.type == "step.intent"]
        assert (tx.unseal(A, "plan") is not None) == bool(intents)
        return len(tx.journal_rows(A)), len(intents)


def test_all_or_nothing(folder: Path) -> None:
    with make(folder) as ws, ws.write() as tx:
        tx.put_request(request(A))
    seen = set()
    line, ended = 1, False
    while not ended:
        before = state(folder)[0]
        ended = run(folder, line)
        rows, entries = state(folder)
        assert rows == entries
        seen.add((ended, rows - before))
        line += 47
    assert seen == {(False, 0), (False, 1), (True, 1)}
