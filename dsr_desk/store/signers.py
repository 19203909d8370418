"""Private keys: each wrapped under the workspace key, in the key store, and unwrapped only to sign."""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import TYPE_CHECKING

from dsr_desk.errors import CredentialsError, TamperedError
from dsr_desk.model.trail import Signer
from dsr_desk.store.keys import KeyStore
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.vault import seal, unseal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

#: The names of the workspace key and of the key that admits operators.
KEK, ROOT = "kek", "root"


def operator_key(key_id: str) -> str:
    """The name of an operator's key in the key store."""
    return f"operator:{key_id}"


def new_kek(store: KeyStore) -> bytes:
    """A fresh workspace key (32 random bytes), kept in the store."""
    kek = secrets.token_bytes(32)
    store.put(KEK, base64.b64encode(kek).decode("ascii"))
    return kek


def load_kek(store: KeyStore) -> bytes:
    """The workspace key; ``CredentialsError`` when the store doesn't hold it or can't be opened."""
    return _bytes(_held(store, KEK))


def new_signer(store: KeyStore, kek: bytes, form: TrailFormat, *, root: bool = False) -> Signer:
    """A fresh Ed25519 key, kept in the store under ``kek``: an operator's, or the root."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    signer = _signer(private, form)
    name = ROOT if root else operator_key(signer.key_id)
    store.put(name, base64.b64encode(seal(kek, private.private_bytes_raw(), "signer", name)).decode("ascii"))
    return signer


def load_signer(store: KeyStore, kek: bytes, form: TrailFormat, key_id: str) -> Signer:
    """An operator's key; ``CredentialsError`` when it isn't here, ``TamperedError`` when it was changed or is another one's."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    name = operator_key(key_id)
    private = Ed25519PrivateKey.from_private_bytes(unseal(kek, _bytes(_held(store, name)), "signer", name))
    return _signer(private, form)


def _signer(private: Ed25519PrivateKey, form: TrailFormat) -> Signer:
    public = private.public_key().public_bytes_raw()
    return Signer(form.key_id(public), public, private.sign)


def _held(store: KeyStore, name: str) -> str:
    value = store.get(name)
    if value is None:
        raise CredentialsError(
            "The keys of this workspace are not on this computer.",
            "Open it as the person and on the computer that made it, or restore its keys from a backup.",
        )
    return value


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise _changed() from None


def _changed() -> TamperedError:
    return TamperedError("A key of this workspace was changed.", "Restore the keys from a backup.")
