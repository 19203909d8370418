"""The workspace key is changed under everything that it wraps; killed anywhere, both keys read it, and it goes on."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from dsr_desk.audit import trail
from dsr_desk.errors import CredentialsError, TamperedError
from dsr_desk.model.hold import Hold
from dsr_desk.store import rotation, schema
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import make, reopen
from tests.store.requests_data import CANARY, request
from tests.store.test_keys import Memory, create, memory  # noqa: F401

REFS = [f"DSR-2026-{n:04d}" for n in range(1, 8)]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)


@pytest.fixture
def full(folder: Path) -> Path:
    """A workspace with seven requests, a hold, and a key of its own."""
    with make(folder) as ws, ws.write() as tx:
        for ref in REFS:
            tx.put_request(request(ref))
        tx.put_hold(Hold("5e" * 8, "a lawsuit", "Ada", "2026-01-31", identity=(("email", CANARY),)))
        tx.make_workspace_key("link")
    return folder


def keks(folder: Path) -> frozenset[str]:
    """Which workspace keys lie in envelopes."""
    connection = sqlite3.connect(folder / "workspace.db")
    found = connection.execute("SELECT kek FROM envelopes").fetchall()
    connection.close()
    return frozenset(row[0] for row in found)


def readable(ws: Workspace) -> bytes:
    """Reads everything that is sealed and verifies the trail; gives the workspace's own key."""
    with ws.read() as tx:
        requests = tx.requests()
        assert [r.facts.identity[0][1] for r in requests] == [CANARY] * max(len(requests), len(REFS))
        assert tx.hold("5e" * 8).identity
        assert trail.verify(tx.raw_entries(), head=tx.trail_head()).ok
        link = tx.workspace_key("link")
    assert link is not None
    return link


def states(ws: Workspace) -> list[object]:
    with ws.read() as tx:
        return [e.body["state"] for e in tx.entries() if e.type == "key.rotate"]


def test_everything_is_under_the_new_key_and_the_old_one_is_gone(full: Path) -> None:
    with reopen(full) as ws:
        (old,) = ws._unlocked.ring.held()
        before = readable(ws)
        wrapped = [row.vault for row in _rows(ws)]
        assert ws.rotate_key() == 2 * len(REFS) + 2 + 1
        assert readable(ws) == before
        assert not any(_opens(old, row.vault, "key", row.ref, "vault") for row in _rows(ws))
        files = b"".join(p.read_bytes() for p in full.glob("workspace.db*"))
        assert not [w for w in wrapped if w in files]
        with ws.write() as tx:
            tx.put_request(request("DSR-2026-0099"))
            tx.append("case.close", {"case": "ab" * 16})
        assert states(ws) == ["begun", "done"]
    with reopen(full) as ws:
        (new,) = ws._unlocked.ring.held()
        assert new != old
        assert ws.rotate_key() == 2 * (len(REFS) + 1) + 2 + 1


def test_a_window_that_was_open_before_goes_on_reading_and_wraps_under_the_new_key(full: Path) -> None:
    with reopen(full) as other, reopen(full) as writer, reopen(full) as ws:
        ws.rotate_key()
        readable(other)
        for number, window in enumerate((other, writer), 8):
            with window.write() as tx:
                tx.put_request(request(f"DSR-2026-{number:04d}"))
    with reopen(full) as ws, ws.read() as tx:
        assert [tx.request(f"DSR-2026-{n:04d}").facts.identity[0][1] for n in (8, 9)] == [CANARY] * 2


def test_an_open_window_keeps_reading_while_the_key_is_being_changed(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count(20)
    with reopen(full) as other, reopen(full) as writer, reopen(full) as ws:
        anew = rotation.Rotation._anew

        def looked(self: rotation.Rotation, *given: object) -> None:
            anew(self, *given)  # type: ignore[arg-type]
            with writer.write() as tx:
                tx.put_request(request(f"DSR-2026-{next(numbers):04d}"))
            readable(other)
            with reopen(full) as third:
                readable(third)

        monkeypatch.setattr(rotation.Rotation, "_anew", looked)
        ws.rotate_key()
        assert states(ws) == ["begun", "done"]


def test_a_key_that_does_not_open_stops_it_and_the_old_key_stays(full: Path, execute_on: Callable[..., None]) -> None:
    old = keks(full)
    execute_on("UPDATE case_keys SET vault = zeroblob(60) WHERE ref = ?", REFS[4])
    with reopen(full) as ws, pytest.raises(TamperedError):
        ws.rotate_key()
    assert old < keks(full)
    with reopen(full) as ws, ws.read() as tx:
        assert tx.request(REFS[0]).facts.identity[0][1] == CANARY
        assert tx.request(REFS[6]).facts.identity[0][1] == CANARY


def test_a_new_key_that_was_lost_is_said_and_not_invented(
    full: Path, monkeypatch: pytest.MonkeyPatch, execute_on: Callable[..., None]
) -> None:
    def stopped(*_: object) -> None:
        raise TamperedError("stopped")

    with reopen(full) as ws, monkeypatch.context() as patch:
        patch.setattr(rotation.Rotation, "_anew", stopped)
        with pytest.raises(TamperedError, match="stopped"):
            ws.rotate_key()
        execute_on("DELETE FROM envelopes WHERE kek = (SELECT kek FROM wrapping)")
    with reopen(full) as ws:
        readable(ws)  # the old key still opens what was not wrapped anew
        with pytest.raises(CredentialsError), ws.write() as tx:
            tx.put_request(request("DSR-2026-0098"))


def test_a_keyring_holds_the_operators_own_keys_alone(memory: Memory, folder: Path) -> None:  # noqa: F811
    with create(folder) as ws, ws.write() as tx:
        tx.put_request(request(REFS[0]))
    before = dict(memory.kept)
    assert [name for _, name in before if not name.endswith(":own")] == []
    with Workspace.open(folder, passphrase=lambda: "", trail=trail) as ws:
        ws.rotate_key()
    assert memory.kept == before
    with Workspace.open(folder, passphrase=lambda: "", trail=trail) as ws, ws.read() as tx:
        assert tx.request(REFS[0]).facts.identity[0][1] == CANARY


def test_every_table_with_wrapped_keys_is_known() -> None:
    names = {t.name for t in schema.metadata.tables.values() if {"vault", "commit"} <= {c.name for c in t.columns}}
    assert names | {"workspace_keys"} == {w.table.name for w in rotation.WRAPPED}


# -- killed ----------------------------------------------------------------------------------------------------------

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
Tracer = Callable[[FrameType, str, object], object]


def at_lines(reached: Callable[[], object]) -> Tracer:
    def trace(frame: FrameType, event: str, _: object) -> object:
        if Path(frame.f_code.co_filename).name not in ("rotation.py", "database.py", "files.py"):
            return None
        if event == "line":
            reached()
        return trace

    return trace


@contextmanager
def traced(tracer: Tracer) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(before)


def killed(folder: Path, line: int, work: Callable[[Workspace], object]) -> bool:
    """The work in a process of its own, killed at that line; whether it came to its end before."""
    child = os.fork()
    if child == 0:
        try:
            ws = reopen(folder)
            left = itertools.count(1)
            with traced(at_lines(lambda: next(left) == line and os.kill(os.getpid(), signal.SIGKILL))):
                work(ws)
            os._exit(0)
        finally:  # the child must never come back into pytest
            os._exit(70)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


@needs_fork
def test_killed_anywhere_both_keys_read_it_and_it_goes_on_when_it_is_opened(full: Path) -> None:
    lines: list[int] = []
    with reopen(full) as ws, traced(at_lines(lambda: lines.append(1))):
        link = _link(ws)
        ws.rotate_key()
    seen = set()
    for line in [*range(1, len(lines), len(lines) // 10), *range(len(lines) - 25, len(lines), 5), len(lines) * 2]:
        old, begun = keks(full), _count(full)
        with reopen(full) as open_before:
            ended = killed(full, line, lambda ws: ws.rotate_key())
            assert readable(open_before) == link
        half = len(keks(full)) == 2
        with reopen(full) as ws:  # merely opening it goes on
            assert readable(ws) == link
            said = states(ws)[begun:]
        assert said in ([], ["begun", "done"]), line
        assert len(keks(full)) == 1
        assert (keks(full) != old) == bool(said)
        seen.add((ended, half, bool(said)))
    assert {(False, False, False), (False, True, True), (False, False, True), (True, False, True)} <= seen


@needs_fork
def test_killed_while_it_goes_on_it_goes_on_again(full: Path) -> None:
    with reopen(full) as ws:
        link = _link(ws)
    lines: list[int] = []
    with reopen(full) as ws, traced(at_lines(lambda: lines.append(1))):
        ws.rotate_key()
    for part in (4, 3, 2):
        assert not killed(full, len(lines) // part, lambda ws: ws.rotate_key())
    with reopen(full) as ws:
        assert readable(ws) == link
        assert states(ws)[-2:] == ["begun", "done"]


# -- helpers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def execute_on(full: Path) -> Callable[..., None]:
    def run(statement: str, *values: object) -> None:
        connection = sqlite3.connect(full / "workspace.db")
        with connection:
            connection.execute(statement, values)
        connection.close()

    return run


def _rows(ws: Workspace) -> list[object]:
    with ws.read() as tx:
        return list(tx.connection.execute(schema.case_keys.select()))


def _opens(kek: bytes, sealed: bytes, *place: str) -> bool:
    return rotation._opens(kek, sealed, *place)


def _link(ws: Workspace) -> bytes:
    with ws.read() as tx:
        link = tx.workspace_key("link")
    assert link is not None
    return link


def _count(folder: Path) -> int:
    with reopen(folder) as ws:
        return len(states(ws))
