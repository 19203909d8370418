from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dsr_desk.audit import trail
from dsr_desk.errors import CredentialsError, TamperedError, UnreachableError, UsageError
from dsr_desk.store import founding
from dsr_desk.store.workspace import Settings, Workspace
from tests.store.conftest import PASSPHRASE, make, reopen


def never() -> str:
    raise AssertionError("the passphrase was asked for")


def test_a_new_workspace_opens_again(folder: Path) -> None:
    with make(folder) as made:
        assert made.operator.name == "Ada"
        assert made.operator.role == "approver"
        assert made.catalog_folder.is_dir()
        first = made.operator
    with reopen(folder) as again:
        assert again.operator == first
        assert again.settings.name == "Desk"
        with again.read() as tx:
            assert [e.type for e in tx.entries()] == ["log.open", "key.add"]
            assert trail.verify(tx.raw_entries(), log=again.settings.log, head=tx.trail_head()).ok
    with reopen(folder, operator=" ada "), reopen(folder, operator=first.key_id):
        pass
    assert not (folder / "workspace.db-wal").exists()


def test_its_files_are_for_its_owner_alone(ws: Workspace) -> None:
    if os.name != "posix":
        pytest.skip("modes are a matter of POSIX")
    for name in ("workspace.db", "workspace.db-wal", "keys.sealed"):
        assert stat.S_IMODE((ws.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(ws.folder.stat().st_mode) == 0o700


def test_a_workspace_is_never_made_over_another_one(ws: Workspace) -> None:
    before = {p.name: p.read_bytes() for p in ws.folder.iterdir() if p.is_file()}
    with pytest.raises(UsageError, match="already"):
        make(ws.folder)
    (ws.folder / "workspace.toml").rename(ws.folder / "kept")
    with pytest.raises(UsageError, match=r"workspace\.db"):
        make(ws.folder)
    (ws.folder / "kept").rename(ws.folder / "workspace.toml")
    assert {p.name: p.read_bytes() for p in ws.folder.iterdir() if p.is_file()} == before


def test_no_workspace_no_passphrase_asked(tmp_path: Path) -> None:
    for missing in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(UsageError, match="no workspace"):
            Workspace.open(missing, passphrase=never, trail=trail)


@pytest.mark.parametrize("passphrase", ["", "correct Horse", "correct horse ", "x" * 1000])
def test_a_wrong_passphrase_opens_nothing_and_loses_nothing(folder: Path, passphrase: str) -> None:
    make(folder).close()
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    with pytest.raises(CredentialsError, match="does not open") as caught:
        reopen(folder, passphrase)
    assert "\n" not in caught.value.message
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before
    reopen(folder).close()


def test_an_operator_nobody_admitted(folder: Path) -> None:
    make(folder).close()
    with pytest.raises(UsageError, match="no operator"):
        reopen(folder, operator="Bob")


@pytest.mark.parametrize(("operator", "name", "passphrase"), [("  ", "Desk", "x"), ("Ada", " ", "x"), ("Ada", "Desk", "")])
def test_what_a_workspace_needs(folder: Path, operator: str, name: str, passphrase: str) -> None:
    with pytest.raises(UsageError):
        Workspace.create(folder, operator=operator, settings=Settings(name), passphrase=passphrase, trail=trail)
    assert not (folder / "workspace.toml").exists()
    make(folder).close()


def test_a_making_that_fails_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise UnreachableError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(founding, "write_settings", full)
        with pytest.raises(UnreachableError):
            make(folder)
    assert [p.name for p in folder.iterdir() if p.name.startswith(("workspace", "keys"))] == []
    make(folder).close()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UnreachableError):
        make(tmp_path / "file" / "desk")


def test_parts_of_it_that_are_missing(folder: Path, tmp_path: Path) -> None:
    make(folder).close()
    for name in ("workspace.db", "keys.sealed"):
        copy = tmp_path / name.replace(".", "-")
        shutil.copytree(folder, copy)
        (copy / name).unlink()
        with pytest.raises((UnreachableError, CredentialsError)):
            reopen(copy)
        assert not (copy / name).exists()


def test_parts_of_it_that_are_damaged(folder: Path, tmp_path: Path) -> None:
    make(folder).close()
    for name in ("workspace.db", "keys.sealed"):
        copy = tmp_path / name.replace(".", "-")
        shutil.copytree(folder, copy)
        (copy / name).write_bytes(b"not what it was" * 100)
        with pytest.raises(TamperedError):
            reopen(copy)


def test_two_halves_of_two_workspaces(folder: Path, tmp_path: Path) -> None:
    make(folder).close()
    make(tmp_path / "other").close()
    shutil.copy(tmp_path / "other" / "workspace.db", folder / "workspace.db")
    with pytest.raises(UsageError, match="two different trails"):
        reopen(folder)


def test_an_operators_key_under_another_name(folder: Path, ws: Workspace, execute: Callable[..., None]) -> None:
    execute("UPDATE operators SET key_id = 'ffffffffffffffff'")
    with pytest.raises(CredentialsError, match="not on this computer"):
        reopen(folder)


def test_settings_are_kept_but_the_trail_keeps_its_name(ws: Workspace) -> None:
    log = ws.settings.log
    ws.save_settings(replace(ws.settings, controller="Müller & Söhne", country="AT", subdivision="9", log="dsr-desk/else"))
    with reopen(ws.folder) as again:
        assert again.settings == ws.settings
        assert again.settings.log == log


def test_secrets_are_kept_and_stand_in_no_file(ws: Workspace) -> None:
    password = "pw-canary-4711"
    read = ws.secret("shop")
    assert read() is None
    ws.set_secret("shop", password)
    assert read() == password
    with reopen(ws.folder) as again:
        assert again.secret("shop")() == password
        assert again.secret("crm")() is None
    for path in ws.folder.rglob("*"):
        assert not path.is_file() or password.encode() not in path.read_bytes()
    assert password not in repr(vars(ws))


def test_the_passphrase_is_asked_for_once(folder: Path) -> None:
    make(folder).close()
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return PASSPHRASE

    with Workspace.open(folder, passphrase=ask, trail=trail) as ws:
        ws.set_secret("shop", "x")
        assert ws.secret("shop")() == "x"
    assert len(asked) == 1
