"""Do the signatures hold? At once, or by ranges in other processes: a signature says nothing of its neighbours, so order is free.

A range that fails is found in order, so the first fault is the one that checking one by one would find.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

#: How many signatures one job of another process checks.
RANGE = 500
#: The most ranges that wait for their answer: they bound the memory.
DEPTH = 8
#: How long to wait for a range, in seconds, before looking whether somebody wants to stop.
_PATIENCE = 0.05

#: A public key, a signature, and what was signed.
Claim = tuple[bytes, bytes, bytes]


@lru_cache(maxsize=256)
def _key(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


def holds(claim: Claim) -> bool:
    """Whether the signature is that key's over these bytes (Ed25519, RFC 8032)."""
    public, signature, signed = claim
    try:
        _key(public).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def first_false(claims: Sequence[Claim]) -> int:
    """The place of the first signature that doesn't hold, or -1."""
    return next((place for place, claim in enumerate(claims) if not holds(claim)), -1)


class Signatures(Protocol):
    """Where signatures are checked. Claims are added in the order of their entries, beginning with entry 1."""

    @property
    def settled(self) -> int:
        """How many of the first signatures are known to hold."""

    def add(self, seq: int, claim: Claim) -> int:
        """Take in the claim of entry ``seq``; gives the number of the first entry known to have a wrong signature, or 0."""

    def settle(self) -> int:
        """Wait for all; gives the number of the first entry with a wrong signature, or 0."""


class AtOnce:
    """Each signature is checked when it is added, here."""

    def __init__(self) -> None:
        self.settled = 0

    def add(self, seq: int, claim: Claim) -> int:
        """See ``Signatures``."""
        if not holds(claim):
            return seq
        self.settled = seq
        return 0

    def settle(self) -> int:
        """See ``Signatures``."""
        return 0


class ByRange:
    """Signatures are checked in the processes of ``pool``; ``pause`` is called while waiting, and raises to stop.

    Where the pool breaks (a process was killed, memory is short) what it owes is checked here instead.
    """

    def __init__(self, pool: Executor, pause: Callable[[], None]) -> None:
        self._pool = pool
        self._pause = pause
        self._open: list[Claim] = []
        self._owed: deque[tuple[list[Claim], Future[int] | None]] = deque()
        self._failed = 0
        self.settled = 0

    def add(self, seq: int, claim: Claim) -> int:
        """See ``Signatures``."""
        self._open.append(claim)
        if len(self._open) < RANGE:
            return 0
        self._hand_over()
        if len(self._owed) >= DEPTH:
            self._collect()
        return self._failed

    def settle(self) -> int:
        """See ``Signatures``."""
        if self._open:
            self._hand_over()
        while self._owed and not self._failed:
            self._collect()
        return self._failed

    def close(self) -> None:
        """Take back what no process has begun."""
        for _, future in self._owed:
            if future is not None:
                future.cancel()
        self._owed.clear()

    def _hand_over(self) -> None:
        claims, self._open = self._open, []
        try:
            self._owed.append((claims, self._pool.submit(first_false, claims)))
        except (BrokenExecutor, RuntimeError):
            self._owed.append((claims, None))

    def _collect(self) -> None:
        """The answer to the oldest range; once one has failed, no later one matters."""
        if self._failed:
            return
        claims, future = self._owed.popleft()
        place = self._answer(claims, future)
        if place >= 0:
            self._failed = self.settled + place + 1
        else:
            self.settled += len(claims)

    def _answer(self, claims: list[Claim], future: Future[int] | None) -> int:
        while future is not None:
            try:
                return future.result(_PATIENCE)
            except TimeoutError:
                self._pause()
            except BrokenExecutor:
                self._pause()
                break
        return first_false(claims)
