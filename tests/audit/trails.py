"""A small trail with every kind of entry, and the keys that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dsr_desk.audit.checkpoint import Checkpoint
from dsr_desk.audit.record import append, key_id
from dsr_desk.audit.types import KEY_TYPES, TYPES
from dsr_desk.model.trail import Entry, Head, Signer

TS = "2026-11-03T09:30:00.000Z"
LOG = "dsr-desk/0123456789abcdef"


def signer(seed: int) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public = private.public_key().public_bytes_raw()
    return Signer(key_id(public), public, private.sign)


ROOT, ADA, BOB = signer(1), signer(2), signer(3)


@dataclass
class Builder:
    """A trail that grows; ``raws`` are its entries' bytes, ``heads[n]`` the head after n entries."""

    log: str = LOG
    heads: list[Head] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.heads = [Head(self.log)]

    @property
    def head(self) -> Head:
        return self.heads[-1]

    def add(self, type: str, body: Mapping[str, Any], by: Signer = ADA) -> Entry:
        entry, head = append(self.head, TS, type, body, by)
        self.heads.append(head)
        self.raws.append(entry.raw)
        return entry


def opened(log: str = LOG) -> Builder:
    trail = Builder(log)
    trail.add("log.open", {"key": ROOT.public.hex()}, ROOT)
    trail.add("key.add", {"key": ADA.public.hex(), "role": "approver"}, ROOT)
    return trail


_FIELDS: dict[str, Any] = {
    "case": "5f" * 16,
    "digest": "ab" * 32,
    "catalog": "cd" * 32,
    "system": "shop",
    "right": "erasure",
    "decision": "granted",
    "task": "archive-1",
    "hold": "5e" * 8,
    "identifiers": ["ab" * 32],
    "state": "begun",
    "act": "plan.approve",
    "why": "RefusedError",
    "had": 12,
    "behind": 60,
    "size": 12,
    "root": "ab" * 32,
    "how": "file",
    "due": "2027-02-02",
}


def whole() -> Builder:
    """Every type of entry once."""
    trail = opened()
    trail.add("key.add", {"key": BOB.public.hex(), "role": "agent"}, ROOT)
    trail.add("key.retire", {"key_id": BOB.key_id}, ROOT)
    trail.add("policy.set", {"approvals": 1}, ROOT)
    for type, needed in TYPES.items():
        if type in KEY_TYPES:
            continue
        body = {name: _FIELDS[name] for name in needed if name in _FIELDS}
        if type == "plan.approve":
            now = Checkpoint.of(trail.head)
            body |= {"size": now.size, "root": now.root.hex()}
        if type == "search.run":
            body = {"complete": True, "systems": {"shop": 14, "crm": 0}, "formats": ["json", "csv"], "none": None}
        trail.add(type, body)
    return trail
