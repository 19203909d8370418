"""Accepted versions of the catalog: what is kept of them can't be changed unseen, and their reasons can't be read outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dsr_desk.errors import TamperedError, UsageError
from dsr_desk.store.workspace import Workspace

FILES = {"catalog/shop.yaml": "system: shop\n"}


@pytest.fixture
def kept(ws: Workspace) -> Workspace:
    with ws.write() as tx:
        tx.put_catalog("1" * 64, FILES, '{"facts": 1}', "Ann Müller asked for it")
    with ws.write() as tx:
        tx.put_catalog("2" * 64, FILES | {"catalog/crm.yaml": "system: crm\n"})
    return ws


def test_versions_are_counted_and_nothing_of_them_is_lost(kept: Workspace) -> None:
    with kept.read() as tx:
        first, second = tx.catalog_versions()
        assert (first.number, first.reason, first.facts) == (1, "Ann Müller asked for it", '{"facts": 1}')
        assert (second.number, second.reason, second.facts, len(second.files)) == (2, "", "", 2)
        assert first.files == FILES and first.by == kept.operator.key_id
        assert tx.catalog_version(2) == second
        for none in (0, 3, -1):
            with pytest.raises(UsageError, match=f"no version {none} of the catalog"):
                tx.catalog_version(none)


def test_a_reason_stands_nowhere_in_clear(kept: Workspace, folder: Path) -> None:
    with kept.read() as tx:
        assert all("Müller" not in json.dumps(e.body, ensure_ascii=False) for e in tx.entries())
    for file in folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert "Müller".encode() not in data and b"asked for it" not in data, file


@pytest.mark.parametrize(
    "change",
    [
        "files = '{}'",
        "facts = '{}'",
        "reason = x'00'",
        "reason = x''",
        "digest = '3333'",
        "\"by\" = '00000000'",
    ],
)
def test_what_is_kept_of_a_version_is_not_changed_unseen(kept: Workspace, execute: Callable[..., None], change: str) -> None:
    execute(f"UPDATE catalog_versions SET {change} WHERE digest LIKE '11%'")
    with kept.read() as tx:
        with pytest.raises(TamperedError, match="Version 1 of the catalog is not what was accepted"):
            tx.catalog_version(1)
        with pytest.raises(TamperedError):
            tx.catalog_versions()
        assert tx.catalog_version(2).digest == "2" * 64


def test_two_versions_can_not_change_places(kept: Workspace, execute: Callable[..., None]) -> None:
    execute("UPDATE catalog_versions SET entry = entry + 1000")
    with kept.read() as tx, pytest.raises(TamperedError):
        tx.catalog_versions()


def test_a_version_of_an_earlier_program_is_read(ws: Workspace, execute: Callable[..., None]) -> None:
    with ws.write() as tx:
        entry = tx.append("catalog.set", {"catalog": "a" * 64, "files": 1})
    execute(
        'INSERT INTO catalog_versions (entry, digest, at, "by", files) VALUES (?, ?, ?, ?, ?)',
        entry.seq, "a" * 64, "2026-01-01T00:00:00.000Z", ws.operator.key_id, json.dumps(FILES),
    )  # fmt: skip
    with ws.read() as tx:
        (only,) = tx.catalog_versions()
    assert (only.files, only.facts, only.reason) == (FILES, "", "")


def test_a_reason_is_read_under_a_new_workspace_key(kept: Workspace) -> None:
    assert kept.rotate_key()
    with kept.read() as tx:
        assert tx.catalog_version(1).reason == "Ann Müller asked for it"
