"""Killed at every line of a transaction: the journal row is there if, and only if, its trail entry is."""

from __future__ import annotations

import itertools
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


Tracer = Callable[[FrameType, str, object], object]


def at_lines(reached: Callable[[], object]) -> Tracer:
    """A tracer that calls ``reached`` at every line of our code and of SQLAlchemy's engine."""

    def trace(frame: FrameType, event: str, _: object) -> object:
        name = frame.f_code.co_filename
        if "dsr_desk" not in name and "sqlalchemy/engine" not in name:
            return None
        if event == "line":
            reached()
        return trace

    return trace


def lines_of_a_step(folder: Path) -> int:
    reached: list[int] = []
    with reopen(folder) as ws:
        before = sys.gettrace()
        sys.settrace(at_lines(lambda: reached.append(1)))
        try:
            step(ws)
        finally:
            sys.settrace(before)
    return len(reached)


def killed_at(line: int) -> Tracer:
    """A tracer that kills this process at that line."""
    left = itertools.count(1)
    return at_lines(lambda: next(left) == line and os.kill(os.getpid(), signal.SIGKILL))


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
        now = trail.Checkpoint.of(tx.trail_head())
        tx.append("plan.approve", {"case": request(A).case, "digest": DIGEST, "size": now.size, "root": now.root.hex()})
    lines_of_a_step(folder)  # the first one fills caches, and takes lines that no later one takes
    last = lines_of_a_step(folder)
    seen = set()
    # Every few lines, and the end, where the commit is, line by line; the last number is past it all.
    for line in [*range(1, last, 61), *range(last - 40, last, 3), last * 2]:
        before = state(folder)[0]
        ended = run(folder, line)
        rows, entries = state(folder)
        assert rows == entries
        seen.add((ended, rows - before))
    assert seen == {(False, 0), (False, 1), (True, 1)}
