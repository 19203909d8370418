from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dsr_desk.errors import RolledBackError
from dsr_desk.store.heads import STATE, Heads, Seen, state_folder
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import make, reopen


def _backup(folder: Path, to: Path) -> Callable[[], None]:
    """A copy of the workspace, and what brings it back."""
    shutil.copytree(folder, to)

    def back() -> None:
        shutil.rmtree(folder)
        shutil.copytree(to, folder)

    return back


def _more(folder: Path, system: str) -> None:
    with reopen(folder) as ws, ws.write() as tx:
        tx.append("secret.set", {"system": system})


def test_an_older_copy_is_refused_and_named(folder: Path, tmp_path: Path) -> None:
    make(folder).close()
    back = _backup(folder, tmp_path / "backup")
    _more(folder, "shop")
    back()
    with pytest.raises(RolledBackError, match="it had 3 entries and now has 2"):
        reopen(folder)


def test_a_tail_written_anew_with_ones_own_key_is_refused(folder: Path, tmp_path: Path) -> None:
    make(folder).close()
    back = _backup(folder, tmp_path / "backup")
    _more(folder, "shop")
    back()
    kept = os.environ[STATE]
    os.environ[STATE] = str(tmp_path / "another desk")
    _more(folder, "crm")
    _more(folder, "crm")
    os.environ[STATE] = kept
    with pytest.raises(RolledBackError, match="entry 3 is not the one that was seen"):
        reopen(folder)


def test_a_restored_workspace_says_so_and_goes_on(folder: Path, tmp_path: Path) -> None:
    make(folder).close()
    back = _backup(folder, tmp_path / "backup")
    _more(folder, "shop")
    back()
    with reopen(folder, restored=True) as ws, ws.read() as tx:
        entry = tx.head()
    assert (entry.seq, entry.type, entry.body) == (3, "head.reset", {"had": 3})
    reopen(folder).close()


def test_restored_says_nothing_where_nothing_was(folder: Path) -> None:
    make(folder).close()
    with reopen(folder, restored=True) as ws, ws.read() as tx:
        assert tx.head().type == "key.add"


def test_what_another_window_saw_is_not_forgotten(ws: Workspace) -> None:
    with ws.write() as tx:
        tx.append("secret.set", {"system": "shop"})
        more = tx.trail_head()
    older, newer = Heads(more.log), Heads(more.log)
    newer.saw(more)
    with ws.read() as tx:
        first = tx.entries(limit=1)[0]
    older.saw(type(more)(more.log, 1, bytes.fromhex(first.leaf), (bytes.fromhex(first.leaf),)))
    assert newer.seen() == Seen(more.size, more.last.hex())


@pytest.mark.parametrize("broken", [b"", b"[]", b'{"log": 1}', b"\xff", b'{"log": "another", "size": 99, "last": "00"}'])
def test_a_memory_that_cannot_be_read_stops_nobody(folder: Path, broken: bytes) -> None:
    make(folder).close()
    (file,) = (state_folder() / "heads").iterdir()
    file.write_bytes(broken)
    reopen(folder).close()


def test_where_nothing_can_be_remembered_work_goes_on_and_it_is_said(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    os.environ[STATE] = str(tmp_path / "file")
    with make(folder) as ws:
        with ws.write() as tx:
            tx.append("secret.set", {"system": "shop"})
            more = tx.trail_head()
        ws.heads.saw(more)
        ws.heads.keep()
        assert not ws.heads.kept


def test_what_did_not_become_durable_was_not_seen(ws: Workspace) -> None:
    with pytest.raises(RuntimeError), ws.write() as tx:
        tx.append("secret.set", {"system": "shop"})
        raise RuntimeError
    ws.heads.keep()
    seen = ws.heads.seen()
    assert seen is not None
    assert seen.size == 2


def test_who_is_killed_before_it_is_recorded_is_asked_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(folder).close()
    back = _backup(folder, tmp_path / "backup")
    _more(folder, "shop")
    back()
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Workspace, "write", lambda self: (_ for _ in ()).throw(KeyboardInterrupt()))
        reopen(folder, restored=True)
    with pytest.raises(RolledBackError):
        reopen(folder)
