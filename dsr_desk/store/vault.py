"""Sealing: whole parts of a request under the request's own keys, and those keys under the workspace's.

AES-256-GCM throughout, with a random nonce of 96 bits before each ciphertext. What a ciphertext belongs to (request, part,
chunk, number of chunks) is its associated data, so that nothing opens anywhere but in its own place.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dsr_desk.errors import TamperedError

#: The most bytes of plain text in one chunk.
CHUNK = 1 << 20
_NONCE = 12


def _associated(*place: str | int) -> bytes:
    """One place, one sequence of bytes; no two places share it."""
    return json.dumps(["dsr-desk/sealed/v1", *place], separators=(",", ":")).encode("ascii")


def seal(key: bytes, data: bytes, *place: str | int) -> bytes:
    """``data`` sealed under ``key`` (32 bytes) for one place: nonce and ciphertext."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, _associated(*place))


def unseal(key: bytes, sealed: bytes, *place: str | int) -> bytes:
    """What was sealed for this place; ``TamperedError`` if it doesn't open there."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _associated(*place))
    except (InvalidTag, ValueError):
        raise TamperedError(
            "Sealed data of this workspace was changed: it does not open any more.",
            "Stop working in this workspace and restore it from a backup.",
        ) from None


@dataclass(frozen=True, slots=True)
class CaseKeys:
    """The two independent keys of one request: ``vault`` seals its data, ``commit`` makes its commitments in the trail."""

    vault: bytes = field(repr=False)
    commit: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> CaseKeys:
        """Two new random keys of 32 bytes."""
        return cls(secrets.token_bytes(32), secrets.token_bytes(32))

    def wrapped(self, kek: bytes, ref: str) -> tuple[bytes, bytes]:
        """Both keys sealed under the workspace key, each for its request and its use."""
        return seal(kek, self.vault, "key", ref, "vault"), seal(kek, self.commit, "key", ref, "commit")

    @classmethod
    def unwrapped(cls, opened: Callable[..., bytes], ref: str, vault: bytes, commit: bytes) -> CaseKeys:
        """The keys again, by what unseals with the workspace key; ``TamperedError`` if they aren't this request's."""
        return cls(opened(vault, "key", ref, "vault"), opened(commit, "key", ref, "commit"))


def seal_part(key: bytes, ref: str, part: str, data: bytes) -> list[bytes]:
    """A part of a request in sealed chunks, at least one. Each knows its index and how many there are."""
    total = max(1, -(-len(data) // CHUNK))
    return [seal(key, data[i * CHUNK : (i + 1) * CHUNK], "part", ref, part, i, total) for i in range(total)]


def unseal_part(key: bytes, ref: str, part: str, chunks: Sequence[bytes]) -> bytes:
    """The part again, from all its chunks in order; ``TamperedError`` if one is missing, foreign, moved or changed."""
    return b"".join(unseal(key, chunk, "part", ref, part, i, len(chunks)) for i, chunk in enumerate(chunks))


def commitment(key: bytes, kind: str, value: str) -> str:
    """HMAC-SHA-256 (hex) over the kind of an identifier and its normal form: says who it was to those alone who hold the key."""
    text = f"dsr-desk/subject/v1\n{kind}\n{value}"
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), sha256).hexdigest()
