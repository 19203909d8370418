"""The trail's nouns: an entry, the head that the next one is written after, and who signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the trail. ``raw`` are its stored bytes; ``leaf`` and ``prev`` are SHA-256 values in hex.

    An entry whose bytes can't be read (somebody changed them) has the type ``unreadable`` and an empty body.
    """

    seq: int
    ts: str
    type: str
    actor: str
    body: Mapping[str, Any]
    raw: bytes
    leaf: str
    prev: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the trail ends: its name, how many entries, the last leaf, and the open edge of the hash tree.

    ``frontier`` has one hash for every 1 in the binary form of ``size``, the largest subtree first (RFC 6962 section 2.1).
    """

    log: str
    size: int = 0
    last: bytes = bytes(32)
    frontier: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the id of an Ed25519 key, its 32 public bytes, and what makes the 64 bytes of a signature."""

    key_id: str
    public: bytes
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A key that the root admitted: 32 public bytes, the role it signs in, and ``box``, the X25519 key that secrets are sealed to.

    ``since`` and ``until`` are the numbers of the entries that admitted and ended it (``until`` is 0 while it stands). From
    entry ``doubted`` on somebody else may have signed with it (0: nobody did).
    """

    key_id: str
    public: bytes
    role: str
    box: bytes
    since: int
    until: int = 0
    doubted: int = 0

    @property
    def stands(self) -> bool:
        """Whether it may sign now."""
        return not self.until


@dataclass(frozen=True, slots=True)
class Admissions:
    """What the trail's entries about keys say: the root's id, every key it admitted, and how many have to approve, since when."""

    root: str
    keys: Mapping[str, Admitted]
    policies: tuple[tuple[int, int], ...] = ()

    def asked(self, seq: int | None = None) -> int:
        """How many different approvers a plan needs at entry ``seq``, or now."""
        return next((n for since, n in reversed(self.policies) if seq is None or since < seq), 1)
