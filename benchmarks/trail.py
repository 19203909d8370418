"""The trail: writing and verifying beside the bare signature."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.measure import Figure, pair
from dsr_desk.audit import trail
from dsr_desk.model.trail import Head, Signer

ENTRIES = 2000


def _signer(key: Ed25519PrivateKey) -> Signer:
    public = key.public_key().public_bytes_raw()
    return Signer(trail.key_id(public), public, key.sign)


def figures(folder: Path, runs: int) -> Iterator[Figure]:
    """Rates, as times for the same number of entries: a ratio of 1.67 is 0.6 of the bare rate, 1.25 is 0.8."""
    root, key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = key.public_key()
    admitting, signer = _signer(root), _signer(key)
    raws: list[bytes] = []

    def append() -> None:
        raws.clear()
        head = Head("dsr-desk/" + "0" * 32)
        for type, body in (
            ("log.open", {"key": admitting.public.hex()}),
            ("key.add", {"key": signer.public.hex(), "role": "approver"}),
        ):
            entry, head = trail.append(head, "2026-01-01T00:00:00.000Z", type, body, admitting)
            raws.append(entry.raw)
        for n in range(ENTRIES - 2):
            entry, head = trail.append(head, "2026-01-01T00:00:00.000Z", "search.run", {"rows": n, "systems": 5}, signer)
            raws.append(entry.raw)

    def sign() -> None:
        for _ in range(ENTRIES):
            key.sign(b"x" * 300)

    signature = key.sign(b"x" * 300)

    def check() -> None:
        for _ in range(ENTRIES):
            public.verify(signature, b"x" * 300)

    def verify() -> None:
        verdict = trail.verify(list(raws))
        assert verdict.ok and verdict.entries == ENTRIES

    yield Figure(f"trail: chain and sign {ENTRIES:,} entries ÷ bare signatures", *pair(append, sign, runs), 1 / 0.6)
    yield Figure(f"trail: verify {ENTRIES:,} entries ÷ bare signature checks", *pair(verify, check, runs), 1 / 0.8)
