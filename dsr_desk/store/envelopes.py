"""The workspace key for each operator: sealed to the X25519 key with which the trail admitted them.

Ephemeral X25519 (RFC 7748), HKDF-SHA-256 (RFC 5869) over both public keys, AES-256-GCM. An envelope opens for one operator, one
trail and one workspace key alone. Whoever changes the workspace key seals the new one to all who stay; nobody has to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select

from dsr_desk.errors import TamperedError
from dsr_desk.store import schema
from dsr_desk.store.database import Database
from dsr_desk.store.ring import kek_id, not_here
from dsr_desk.store.session import Session
from dsr_desk.store.vault import seal, unseal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

_TABLE = schema.envelopes
_PUBLIC = 32


def put_in_envelope(kek: bytes, box: bytes, log: str, key_id: str) -> bytes:
    """The workspace key, sealed to the public key ``box`` (32 bytes) of an operator."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    once = X25519PrivateKey.generate()
    public = once.public_key().public_bytes_raw()
    try:
        shared = once.exchange(X25519PublicKey.from_public_bytes(box))
    except ValueError:  # a key of small order, which gives the same secret to everybody
        raise TamperedError(
            "The key of an operator is none to which a secret can be sealed.",
            "Record that this key is compromised, and admit a new one.",
        ) from None
    return public + seal(_wrapping(shared, public + box), kek, *_place(log, key_id, kek_id(kek)))


def open_envelope(data: bytes, private: X25519PrivateKey, log: str, key_id: str, kek: str) -> bytes:
    """The workspace key named ``kek`` again; ``TamperedError`` where the envelope isn't this operator's, or was changed."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    public, box = data[:_PUBLIC], private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        shared = bytes(32)  # opens nothing
    return unseal(_wrapping(shared, public + box), data[_PUBLIC:], *_place(log, key_id, kek))


def _wrapping(shared: bytes, publics: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, publics, b"dsr-desk/envelope/v1").derive(shared)


def _place(log: str, key_id: str, kek: str) -> tuple[str, ...]:
    return "envelope", log, key_id, kek


def held(data: Database, private: X25519PrivateKey, log: str, key_id: str) -> Callable[[], list[bytes]]:
    """What gives the workspace keys that lie in the envelopes of one operator now. ``CredentialsError`` where there is none."""

    def read() -> list[bytes]:
        with data.read() as connection:
            rows = connection.execute(select(_TABLE).where(_TABLE.c.key_id == key_id)).all()
        if not rows:
            raise not_here()
        return [open_envelope(row.data, private, log, key_id, row.kek) for row in rows]

    return read


class Envelopes(Session):
    """The envelopes of the workspace, inside a transaction."""

    def put_envelopes(self, kek: bytes, log: str, boxes: Mapping[str, bytes]) -> None:
        """Seal a workspace key to every operator of ``boxes`` (key id → public key)."""
        for key_id, box in boxes.items():
            values = {"key_id": key_id, "kek": kek_id(kek), "data": put_in_envelope(kek, box, log, key_id)}
            self.connection.execute(_TABLE.insert().values(**values))

    def drop_envelopes(self, *, key_id: str) -> None:
        """From now on the workspace key doesn't reach this operator."""
        self.connection.execute(_TABLE.delete().where(_TABLE.c.key_id == key_id))

    def drop_other_envelopes(self, kek: bytes) -> None:
        """Nothing needs any other workspace key than this one: destroy them."""
        self.connection.execute(_TABLE.delete().where(_TABLE.c.kek != kek_id(kek)))
