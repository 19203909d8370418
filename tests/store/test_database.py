from __future__ import annotations

import contextlib
import logging
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dsr_desk.audit import trail
from dsr_desk.errors import LockedError, UnreachableError
from dsr_desk.store import database
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import PASSPHRASE, reopen
from tests.store.requests_data import CANARY, request

A = "DSR-2026-0001"
CASE = {"case": "5f" * 16}

WRITER = """
import sys
from pathlib import Path
from dsr_desk.audit import trail
from dsr_desk.store.workspace import Workspace
ws = Workspace.open(Path(sys.argv[1]), passphrase=lambda: sys.argv[2], trail=trail)
for _ in range(40):
    with ws.write() as tx:
        tx.append("case.close", {"case": "5f" * 16})
ws.close()
"""


def test_a_block_that_raises_leaves_nothing(ws: Workspace) -> None:
    with contextlib.suppress(KeyError), ws.write() as tx:
        tx.put_request(request(A))
        tx.append("case.close", CASE)
        raise KeyError
    with ws.read() as tx:
        assert tx.requests() == []
        assert tx.head().seq == 2


def test_a_reader_sees_one_moment_and_writes_nothing(ws: Workspace) -> None:
    with ws.read() as before:
        assert before.head().seq == 2
        with ws.write() as tx:
            tx.append("case.close", CASE)
        assert before.head().seq == 2
        assert before.checkpoint().splitlines()[1] == "2"
    with pytest.raises(UnreachableError), ws.read() as tx:
        tx.append("case.close", CASE)
    with ws.read() as tx:
        assert tx.head().seq == 3


def test_what_is_committed_is_durable_and_deleted_bytes_are_overwritten(ws: Workspace) -> None:
    with ws.write() as tx:
        assert tx.connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert tx.connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert tx.connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
        assert tx.connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_threads_take_turns(ws: Workspace) -> None:
    def work() -> None:
        for _ in range(15):
            with ws.write() as tx:
                tx.append("case.close", CASE)
            with ws.read() as tx:
                tx.head()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ws.read() as tx:
        assert trail.verify(tx.raw_entries(), head=tx.trail_head()).entries == 62


def test_processes_take_turns(ws: Workspace) -> None:
    command = [sys.executable, "-c", WRITER, str(ws.folder), PASSPHRASE]
    writers = [subprocess.Popen(command) for _ in range(2)]
    for _ in range(40):
        with ws.write() as tx:
            tx.append("case.close", CASE)
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with ws.read() as tx:
        verdict = trail.verify(tx.raw_entries(), head=tx.trail_head())
    assert verdict.ok
    assert verdict.entries == 2 + 3 * 40


def test_somebody_who_does_not_let_go(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    other = sqlite3.connect(ws.folder / "workspace.db", isolation_level=None)
    with reopen(ws.folder) as hasty:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LockedError), hasty.write():
            pass
        with hasty.read() as tx:
            assert tx.head().seq == 2
        other.execute("ROLLBACK")
        with hasty.write() as tx:
            tx.append("case.close", CASE)
    other.close()


def test_a_thread_of_our_own_that_does_not_let_go(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    refused: list[Exception] = []

    def late() -> None:
        try:
            with ws.write():
                pass
        except LockedError as error:
            refused.append(error)

    with ws.write():
        thread = threading.Thread(target=late)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_a_transaction_in_a_transaction_is_a_mistake_and_not_a_wait(ws: Workspace) -> None:
    with pytest.raises(RuntimeError), ws.write(), ws.write():
        pass
    with ws.write() as tx:
        tx.append("case.close", CASE)


def test_a_full_disk_changes_nothing_and_says_nothing_personal(ws: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ws.write() as tx:
        tx.put_request(request(A))
    with pytest.raises(UnreachableError, match="full") as caught, ws.write() as tx:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        tx.append("case.close", CASE)
        tx.seal(A, "findings", CANARY.encode() * 10_000)
    assert "room" in caught.value.hint
    assert caught.value.__cause__ is None
    assert CANARY not in caplog.text
    with ws.read() as tx:
        assert tx.unseal(A, "findings") is None
        assert tx.head().seq == 2
        assert tx.request(A) == request(A)


def test_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    from tests.store.conftest import make

    folder = tmp_path / "50% of #1? & Müller's"
    make(folder).close()
    with reopen(folder) as ws, ws.write() as tx:
        tx.append("case.close", CASE)
    assert (folder / "workspace.db").exists()
