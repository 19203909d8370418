from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from dsr_desk.errors import TamperedError, UsageError
from dsr_desk.store import vault
from dsr_desk.store.workspace import Workspace
from tests.store.requests_data import request

A, B = "DSR-2026-0001", "DSR-2026-0002"
BIG = bytes(range(256)) * 4096 * 3 + b"end"

MINE = "WHERE ref = '{a}' AND part = 'plan'"
FROM = "(SELECT data FROM parts p WHERE p.ref = '{0}' AND p.part = {1} AND p.position = {2})"
FINDINGS = "'findings'"
KEYS_OF_B = """(SELECT vault, "commit" FROM case_keys k WHERE k.ref = '{b}')"""
TAMPERINGS = {
    "a chunk changed": f"UPDATE parts SET data = substr(data, 1, 40) || x'00' || substr(data, 42) {MINE} AND position = 1",
    "a chunk that is text": f"UPDATE parts SET data = 'text' {MINE} AND position = 1",
    "the last chunk cut": f"DELETE FROM parts {MINE} AND position = 3",
    "the first chunk cut": f"DELETE FROM parts {MINE} AND position = 0",
    "a chunk doubled": f"INSERT INTO parts SELECT ref, part, 4, data FROM parts {MINE} AND position = 3",
    "a chunk over another": f"UPDATE parts SET data = {FROM.format('{a}', 'parts.part', 0)} {MINE} AND position = 1",
    "a chunk emptied": f"UPDATE parts SET data = x'' {MINE} AND position = 1",
    "a part of another request": f"UPDATE parts SET data = {FROM.format('{b}', 'parts.part', 'parts.position')} {MINE}",
    "another part of the request": f"UPDATE parts SET data = {FROM.format('{a}', FINDINGS, 'parts.position')} {MINE}",
    "the keys of another request": f"""UPDATE case_keys SET (vault, "commit") = {KEYS_OF_B} WHERE ref = '{{a}}'""",
    "its two keys swapped": """UPDATE case_keys SET vault = "commit", "commit" = vault WHERE ref = '{a}'""",
}
SWAP = (
    f"UPDATE parts SET position = position + 100 {MINE} AND position < 2",
    f"UPDATE parts SET position = 101 - position {MINE} AND position > 99",
)


@pytest.fixture
def two(ws: Workspace) -> Workspace:
    with ws.write() as tx:
        for ref in (A, B):
            tx.put_request(request(ref))
            tx.seal(ref, "plan", BIG)
            tx.seal(ref, "findings", BIG[::-1])
    return ws


def test_parts_come_back_whole_and_go(two: Workspace) -> None:
    with two.write() as tx:
        assert tx.unseal(A, "plan") == BIG
        assert tx.unseal(A, "nothing") is None
        for data in (b"", b"x", b"x" * vault.CHUNK, b"x" * (vault.CHUNK + 1)):
            tx.seal(A, "plan", data)
            assert tx.unseal(A, "plan") == data
        assert tx.parts(A) == ["facts", "findings", "plan"]
        tx.drop(A, "plan")
        tx.drop(A, "plan")
        assert tx.unseal(A, "plan") is None
        assert tx.unseal(B, "plan") == BIG


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering(name: str, two: Workspace, execute: Callable[..., None]) -> None:
    execute(TAMPERINGS[name].format(a=A, b=B))
    with two.read() as tx, pytest.raises(TamperedError):
        tx.unseal(A, "plan")
    with two.read() as tx:
        assert tx.unseal(B, "plan") == BIG


def test_two_chunks_swapped(two: Workspace, execute: Callable[..., None]) -> None:
    for statement in SWAP:
        execute(statement.format(a=A))
    with two.read() as tx, pytest.raises(TamperedError):
        tx.unseal(A, "plan")


def test_no_part_without_a_request_and_no_name_that_says_something(two: Workspace) -> None:
    with two.write() as tx:
        with pytest.raises(UsageError, match="no request"):
            tx.seal("DSR-2026-9999", "plan", b"")
        for name in ("", "Plan", "a b", "maria@example.org", "é", "a\n"):
            with pytest.raises(ValueError):
                tx.seal(A, name, b"")


def test_a_commitment_is_the_same_within_a_request_alone(two: Workspace) -> None:
    with two.read() as tx:
        mine = tx.commit_to(A, "email", "maria@example.org")
    with two.read() as tx:
        assert tx.commit_to(A, "email", "maria@example.org") == mine
        others = {
            tx.commit_to(B, "email", "maria@example.org"),
            tx.commit_to(A, "phone", "maria@example.org"),
            tx.commit_to(A, "email", "mario@example.org"),
        }
    assert mine not in others
    assert len(others) == 3
    assert len(bytes.fromhex(mine)) == 32


def test_without_the_keys_the_file_shows_nothing(two: Workspace) -> None:
    with two.read() as tx:
        keys = tx.keys(A)
    two.close()
    with sqlite3.connect(two.folder / "workspace.db") as connection:
        everything = repr(
            [connection.execute(f"SELECT * FROM {t}").fetchall() for t in ("case_keys", "parts", "trail", "requests")]
        )
    connection.close()
    raw = (two.folder / "workspace.db").read_bytes()
    for secret in (keys.vault, keys.commit, BIG[:64], BIG[::-1][:64]):
        assert secret not in raw
        assert repr(secret)[2:-1] not in everything
    assert "vault=" not in repr(keys)
