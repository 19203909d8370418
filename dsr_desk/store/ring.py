"""The workspace key (KEK) as an open workspace holds it: one, and while it is being changed the old and the new one, too."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from dsr_desk.errors import CredentialsError, TamperedError
from dsr_desk.store.keys import KeyStore
from dsr_desk.store.vault import unseal

#: The names of the workspace key in the key store, and of the one that is taking its place.
KEK, NEXT = "kek", "kek.next"


def new_kek(store: KeyStore, name: str = KEK) -> bytes:
    """A fresh workspace key (32 random bytes), kept in the store."""
    kek = secrets.token_bytes(32)
    store.put(name, base64.b64encode(kek).decode("ascii"))
    return kek


def stored_kek(store: KeyStore, name: str = KEK) -> bytes | None:
    """A workspace key in the store, or ``None``; ``TamperedError`` where it is none."""
    held = store.get(name)
    return None if held is None else in_base64(held)


def in_base64(text: str) -> bytes:
    """The bytes of a key in the key store; ``TamperedError`` where it was changed."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise TamperedError("A key of this workspace was changed.", "Restore the keys from a backup.") from None


def not_here() -> CredentialsError:
    """The key store doesn't hold what this workspace needs."""
    return CredentialsError(
        "The keys of this workspace are not on this computer.",
        "Open it as the person and on the computer that made it, or restore its keys from a backup.",
    )


def kek_id(kek: bytes) -> str:
    """The word by which the database says which workspace key is in use: 16 hex digits that tell nothing of the key."""
    return sha256(b"dsr-desk/kek/v1\n" + kek).hexdigest()[:16]


class Ring:
    """The workspace keys that this process knows. Another process may change the key at any time: then the store is asked again."""

    def __init__(self, store: KeyStore) -> None:
        """``CredentialsError`` when the store doesn't hold the workspace key or can't be opened."""
        kek = stored_kek(store)
        if kek is None:
            raise not_here()
        self._store = store
        self._keks: tuple[bytes, ...] = (kek,)

    def named(self, id: str | None) -> bytes:
        """The key that the database names, the only one where it names none; ``CredentialsError`` where it isn't here."""
        for kek in self._all():
            if id is None or kek_id(kek) == id:
                return kek
        raise not_here()

    def unseal(self, sealed: bytes, *place: str | int) -> bytes:
        """What was sealed for this place under any of the keys; ``TamperedError`` if none opens it."""
        for kek in self._all():
            with suppress(TamperedError):
                return unseal(kek, sealed, *place)
        return unseal(self._keks[0], sealed, *place)

    def _all(self) -> Iterator[bytes]:
        """What is known; and where that was not enough, what is in the store now."""
        yield from self._keks
        yield from self._again()

    def _again(self) -> tuple[bytes, ...]:
        """The keys that are in the store now, before those that were known: a view from before a change may need them."""
        there = [kek for name in (KEK, NEXT) if (kek := stored_kek(self._store, name)) is not None]
        self._keks = tuple(dict.fromkeys([*there, *self._keks]))
        return self._keks
