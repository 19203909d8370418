"""A small trail with every kind of entry, and the keys that made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dsr_desk.audit.canonical import canonical
from dsr_desk.audit.checkpoint import Checkpoint
from dsr_desk.audit.record import CONTEXT, _unsigned, append, encode_bytes, key_id, read
from dsr_desk.audit.types import KEY_TYPES, TYPES, group_of
from dsr_desk.model.trail import Entry, Head, Signer

TS = "2026-11-03T09:30:00.000Z"
LOG = "dsr-desk/0123456789abcdef"


def signer(seed: int) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public = private.public_key().public_bytes_raw()
    return Signer(key_id(public), public, private.sign)


ROOT, ADA, BOB, CY, DEE = signer(1), signer(2), signer(3), signer(4), signer(5)
CASE, DIGEST = "5f" * 16, "ab" * 32


@dataclass
class Builder:
    """A trail that grows; ``raws`` are its entries' bytes, ``heads[n]`` the head after n entries."""

    log: str = LOG
    heads: list[Head] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.heads = [Head(self.log)]

    @property
    def head(self) -> Head:
        return self.heads[-1]

    def add(self, type: str, body: Mapping[str, Any], by: Signer = ADA) -> Entry:
        """The next entry, with the number that a workspace would give it."""
        group = group_of(type, body)
        if group is not None:
            self.counted[group] = self.counted.get(group, 0) + 1
            body = {"n": self.counted[group], **body}
        entry, head = append(self.head, TS, type, body, by)
        self.heads.append(head)
        self.raws.append(entry.raw)
        return entry

    def cut(self, size: int) -> Builder:
        """The first ``size`` entries, to be gone on with by somebody who holds a key."""
        out = Builder(self.log)
        out.heads, out.raws = self.heads[: size + 1], self.raws[:size]
        for raw in out.raws:
            entry = read(raw).entry
            group = group_of(entry.type, entry.body)
            if group is not None:
                out.counted[group] = out.counted.get(group, 0) + 1
        return out

    def admit(self, who: Signer, role: str) -> Entry:
        return self.add("key.add", {"key": who.public.hex(), "role": role}, ROOT)

    @property
    def tree(self) -> str:
        return Checkpoint.of(self.head).root.hex()

    def approve(self, by: Signer = ADA, digest: str = DIGEST) -> Entry:
        return self.add("plan.approve", {"case": CASE, "digest": digest, "size": self.head.size, "root": self.tree}, by)

    def begin(self, digest: str = DIGEST, by: Signer = ADA) -> Entry:
        return self.add("step.intent", {"case": CASE, "digest": digest, "system": "shop"}, by)


def forced(trail: Builder, type: str, body: Mapping[str, Any], by: Signer = ADA) -> bytes:
    """The entry after the last one, signed as it is, also where ``append`` would refuse it."""
    head = trail.head
    before, after = _unsigned(head.log, head.size + 1, head.last.hex(), TS, by.key_id, type, canonical(body))
    signature = by.sign(CONTEXT + (before + after).encode())
    return f'{before},"sig":"{encode_bytes(signature)}"{after}'.encode()


def opened(log: str = LOG) -> Builder:
    trail = Builder(log)
    trail.add("log.open", {"key": ROOT.public.hex()}, ROOT)
    trail.admit(ADA, "approver")
    return trail


FIELDS: dict[str, Any] = {
    "case": CASE,
    "digest": DIGEST,
    "catalog": "cd" * 32,
    "system": "shop",
    "right": "erasure",
    "decision": "granted",
    "due": "2027-01-31",
    "task": "archive-1",
    "hold": "5e" * 8,
    "identifiers": ["ab" * 32],
    "state": "begun",
    "act": "plan.approve",
    "why": "RefusedError",
    "had": 12,
    "behind": 60,
    "how": "file",
}


def whole() -> Builder:
    """Every type of entry, in a case with four eyes; one key retired, one stolen, and one of an auditor."""
    trail = opened()
    trail.admit(BOB, "agent")
    trail.add("key.retire", {"key_id": BOB.key_id}, ROOT)
    trail.admit(CY, "approver")
    trail.admit(DEE, "auditor")
    trail.add("policy.set", {"approvals": 2}, ROOT)
    for type, needed in TYPES.items():
        if type in KEY_TYPES:
            continue
        body = {name: FIELDS[name] for name in needed if name in FIELDS}
        if type == "plan.approve":
            trail.approve(ADA)
            trail.approve(CY)
            continue
        if type == "checkpoint.anchor":
            seen = Checkpoint.of(trail.heads[12])
            body |= {"size": seen.size, "root": seen.root.hex()}
        if type == "search.run":
            body = {"complete": True, "systems": {"shop": 14, "crm": 0}, "formats": ["json", "csv"], "none": None}
        trail.add(type, body, DEE if type == "report.print" else ADA)
    trail.add("case.close", {"case": CASE}, CY)
    trail.add("key.compromise", {"key_id": CY.key_id, "since": len(trail.raws)}, ROOT)
    return trail
