"""The trail: writing and verifying beside the bare signature, and one durable entry beside a bare commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.measure import Figure, pair
from dsr_desk.app.workspaces import make_workspace
from dsr_desk.audit import trail
from dsr_desk.audit.inclusion import paths
from dsr_desk.flow.workers import processes
from dsr_desk.model.trail import Head, Signer
from dsr_desk.store.workspace import Settings

ENTRIES, COMMITS = 2000, 100
#: A trail that is worth other processes; their start is timed, too.
LONG, LONG_RUNS = 30_000, 3
PROVED = 100_000
#: After so many rounds both write-ahead logs are written over from their beginning: a log that still grows costs more a commit.
_WRAPPED = 12


def _signer(key: Ed25519PrivateKey) -> Signer:
    public = key.public_key().public_bytes_raw()
    return Signer(trail.key_id(public), public, key.sign)


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """Rates, as times for the same number of entries: a ratio of 1.67 is 0.6 of the bare rate, 1.25 is 0.8."""
    root, key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = key.public_key()
    admitting, signer = _signer(root), _signer(key)
    raws: list[bytes] = []

    def append(entries: int = ENTRIES) -> Head:
        raws.clear()
        head = Head("dsr-desk/" + "0" * 32)
        for type, body in (
            ("log.open", {"key": admitting.public.hex()}),
            ("key.add", {"key": signer.public.hex(), "role": "approver"}),
        ):
            entry, head = trail.append(head, "2026-01-01T00:00:00.000Z", type, body, admitting)
            raws.append(entry.raw)
        for n in range(entries - 2):
            entry, head = trail.append(head, "2026-01-01T00:00:00.000Z", "search.run", {"rows": n, "systems": 5}, signer)
            raws.append(entry.raw)
        return head

    def sign() -> None:
        for _ in range(ENTRIES):
            key.sign(b"x" * 300)

    signature = key.sign(b"x" * 300)

    def check(entries: int = ENTRIES) -> None:
        for _ in range(entries):
            public.verify(signature, b"x" * 300)

    def verify() -> None:
        verdict = trail.verify(list(raws))
        assert verdict.ok and verdict.entries == ENTRIES

    def verify_long() -> None:
        with processes() as pool:
            verdict = trail.verify(list(raws), head=head, pool=pool)
        assert verdict.ok and verdict.entries == LONG

    yield Figure(f"trail: chain and sign {ENTRIES:,} entries ÷ bare signatures", *pair(append, sign, runs), 1 / 0.6)
    yield Figure(f"trail: verify {ENTRIES:,} entries ÷ bare signature checks", *pair(verify, check, runs), 1 / 0.8)
    head = append(LONG)
    bare = pair(verify_long, partial(check, LONG), min(runs, LONG_RUNS))
    yield Figure(f"trail: verify {LONG:,} entries in processes ÷ bare checks in one", *bare, 1 / 1.25)
    leaves = [n.to_bytes(32, "big") for n in range(PROVED)]
    longest = max(map(len, paths(leaves, (1, PROVED // 3, PROVED)).values()))
    yield Figure(f"trail: hashes in a proof that an entry is one of {PROVED:,} ÷ 20", longest, 20, 1, unit="  ")
    yield _durable(folder, runs)


def _durable(folder: Path, runs: int) -> Figure:
    """A transaction with one entry in it, beside one with one row of its size, in a database that is as careful."""
    desk = make_workspace(folder / "work", "Bench", Settings("Bench"), "passphrase")
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        bare.execute(f"PRAGMA {pragma}")
    bare.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, raw BLOB NOT NULL)")

    def append() -> None:
        for n in range(COMMITS):
            with desk.workspace.write() as tx:
                tx.append("search.run", {"rows": n, "systems": 5})

    def commit() -> None:
        for _ in range(COMMITS):
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT INTO entries (raw) VALUES (?)", (b"x" * 500,))
            bare.execute("COMMIT")

    for _ in range(_WRAPPED):
        append(), commit()
    ours, hand = pair(append, commit, runs)
    bare.close()
    desk.workspace.close()
    return Figure(f"trail: {COMMITS} durable entries ÷ bare commits (WAL, FULL)", ours, hand, 1 / 0.7)
