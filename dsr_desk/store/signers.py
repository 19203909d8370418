"""Private keys: each wrapped under the workspace key, in the key store, and unwrapped only to sign."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from dsr_desk.model.trail import Signer
from dsr_desk.store.keys import KeyStore
from dsr_desk.store.ring import Ring, in_base64, not_here
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.vault import seal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: The name of the key that admits operators.
ROOT = "root"


def operator_key(key_id: str) -> str:
    """The name of an operator's key in the key store."""
    return f"operator:{key_id}"


def new_signer(store: KeyStore, kek: bytes, form: TrailFormat, *, root: bool = False) -> Signer:
    """A fresh Ed25519 key, kept in the store under ``kek``: an operator's, or the root."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    signer = _signer(private, form)
    name = ROOT if root else operator_key(signer.key_id)
    store.put(name, base64.b64encode(seal(kek, private.private_bytes_raw(), "signer", name)).decode("ascii"))
    return signer


def load_signer(store: KeyStore, ring: Ring, form: TrailFormat, key_id: str) -> Signer:
    """An operator's key; ``CredentialsError`` when it isn't here, ``TamperedError`` when it was changed or is another one's."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    name = operator_key(key_id)
    held = store.get(name)
    if held is None:
        raise not_here()
    private = Ed25519PrivateKey.from_private_bytes(ring.unseal(in_base64(held), "signer", name))
    return _signer(private, form)


def _signer(private: Ed25519PrivateKey, form: TrailFormat) -> Signer:
    public = private.public_key().public_bytes_raw()
    return Signer(form.key_id(public), public, private.sign)
