"""An operator's own two private keys, in their own key store: Ed25519 to sign with, X25519 to be sent secrets to.

They lie there as one secret, because one without the other is no use: ``<key id>.<base64 of both>``.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsr_desk.errors import CredentialsError, TamperedError
from dsr_desk.model.trail import Signer
from dsr_desk.store.keys import KeyStore
from dsr_desk.store.ring import not_here
from dsr_desk.store.trail import TrailFormat

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

#: The name of an operator's keys in their key store, and of those that are taking their place.
OWN, OWN_NEXT = "own", "own.next"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signs, what opens the envelopes, and both as the one text that a key store keeps."""

    signer: Signer
    private: X25519PrivateKey = field(repr=False)
    text: str = field(repr=False)

    @property
    def box(self) -> bytes:
        """The public key to which secrets for this operator are sealed."""
        return self.private.public_key().public_bytes_raw()


def new_identity(form: TrailFormat) -> Identity:
    """Two fresh keys. Nothing keeps them yet."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    both = Ed25519PrivateKey.generate().private_bytes_raw() + X25519PrivateKey.generate().private_bytes_raw()
    return _identity(both, form)


def load_identity(store: KeyStore, form: TrailFormat, key_id: str) -> Identity:
    """The keys of an operator. Where new ones were put beside them and the trail admitted those, they take the old ones' place.

    ``CredentialsError`` when they aren't here, ``TamperedError`` when they were changed.
    """
    following = store.get(OWN_NEXT)
    if following is not None and following.partition(".")[0] == key_id:
        store.put(OWN, following)
        store.remove(OWN_NEXT)
    held = store.get(OWN)
    if held is None:
        raise not_here()
    name, _, text = held.partition(".")
    try:
        identity = _identity(base64.b64decode(text, validate=True), form)
    except (ValueError, binascii.Error):
        raise _changed() from None
    if identity.signer.key_id != name:
        raise _changed()
    if name != key_id:
        raise not_here()
    return identity


def load_signer(private: bytes, form: TrailFormat) -> Signer:
    """Who signs with these 32 private bytes of Ed25519."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(private)
    public = key.public_key().public_bytes_raw()
    return Signer(form.key_id(public), public, key.sign)


def _identity(both: bytes, form: TrailFormat) -> Identity:
    """``ValueError`` unless there are 64 bytes."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    signer, private = load_signer(both[:32], form), X25519PrivateKey.from_private_bytes(both[32:])
    return Identity(signer, private, f"{signer.key_id}.{base64.b64encode(both).decode('ascii')}")


def _changed() -> CredentialsError | TamperedError:
    return TamperedError("A key of this workspace was changed.", "Restore the keys from a backup.")
