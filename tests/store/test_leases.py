from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import PASSPHRASE, reopen
from tests.store.requests_data import request

A = "DSR-2026-0001"

RUNNER = """
import sys
from pathlib import Path
from dsr_desk.audit import trail
from dsr_desk.store.workspace import Workspace
ws = Workspace.open(Path(sys.argv[1]), passphrase=lambda: sys.argv[2], trail=trail)
with ws.write() as tx:
    print(tx.lease(sys.argv[3], "runner", 3600), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(ws: Workspace) -> Iterator[Workspace]:
    with ws.write() as tx:
        tx.put_request(request(A))
    with reopen(ws.folder) as again:
        yield again


def test_one_runner_at_a_time_and_a_number_that_grows(ws: Workspace, other: Workspace) -> None:
    with ws.write() as tx:
        first = tx.lease(A, "ada", 60)
        assert tx.fence_holds(A, first)
    with other.write() as tx, pytest.raises(RefusedError, match="working on this request"):
        tx.lease(A, "bob", 60)
    with ws.write() as tx:
        assert tx.fence_holds(A, first)
        tx.release(A, first)
        assert not tx.fence_holds(A, first)
    with other.write() as tx:
        second = tx.lease(A, "bob", 60)
        assert second > first
        tx.release(A, first)
        assert tx.fence_holds(A, second)


def test_the_same_holder_goes_on_under_a_higher_number(ws: Workspace, other: Workspace) -> None:
    with ws.write() as tx:
        first, second = tx.lease(A, "ada", 60), tx.lease(A, "ada", 60)
        assert second > first
        assert tx.fence_holds(A, second)
        assert not tx.fence_holds(A, first)


def test_what_ran_out_is_taken_over(ws: Workspace, other: Workspace) -> None:
    with time_machine.travel("2026-11-03T09:00:00Z", tick=False) as clock:
        with ws.write() as tx:
            first = tx.lease(A, "ada", 60)
        clock.shift(61)
        with other.write() as tx:
            assert not tx.fence_holds(A, first)
            second = tx.lease(A, "bob", 60)
            assert second > first
            assert tx.fence_holds(A, second)


def test_a_closed_window_is_taken_over(ws: Workspace, other: Workspace) -> None:
    with ws.write() as tx:
        first = tx.lease(A, "ada", 3600)
    ws.close()
    with other.write() as tx:
        assert tx.lease(A, "bob", 60) > first
    assert len(list((ws.folder / ".running").iterdir())) == 1


def test_a_killed_runner_is_taken_over_at_once_and_a_living_one_is_not(ws: Workspace, other: Workspace) -> None:
    command = [sys.executable, "-c", RUNNER, str(ws.folder), PASSPHRASE, A]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as runner:
        assert runner.stdout is not None
        first = int(runner.stdout.readline())
        try:
            with ws.write() as tx, pytest.raises(RefusedError):
                tx.lease(A, "ada", 60)
        finally:
            runner.kill()
    assert os.name != "posix" or runner.returncode == -signal.SIGKILL
    with ws.write() as tx:
        assert tx.lease(A, "ada", 60) > first


def test_a_lease_needs_a_request(ws: Workspace) -> None:
    with ws.write() as tx, pytest.raises(UsageError):
        tx.lease(A, "ada", 60)
    with ws.read() as tx:
        assert not tx.fence_holds(A, 1)


def test_what_looks_like_a_run_but_is_none(ws: Workspace, other: Workspace, tmp_path: Path) -> None:
    with ws.write() as tx:
        tx.lease(A, "ada", 3600)
    (name,) = list((ws.folder / ".running").iterdir())
    with other.write() as tx, pytest.raises(RefusedError):
        tx.lease(A, "bob", 60)
    assert name.exists()
