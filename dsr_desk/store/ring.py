"""The workspace key (KEK) as an open workspace holds it: one, and while it is being changed the old and the new one, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256

from dsr_desk.errors import CredentialsError, TamperedError
from dsr_desk.store.vault import unseal


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
    """The workspace keys that this process knows. Another process may change the key at any time: then it is asked for again."""

    def __init__(self, held: Callable[[], Sequence[bytes]]) -> None:
        """``held`` gives the keys that reach this operator now; its ``CredentialsError`` when none does."""
        self._held = held
        self._keks = tuple(held())

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

    def held(self) -> tuple[bytes, ...]:
        """The keys that reach this operator now."""
        return tuple(self._held())

    def _all(self) -> Iterator[bytes]:
        """What is known; and where that was not enough, what there is now, before what was known: an older view may need it."""
        yield from self._keks
        self._keks = tuple(dict.fromkeys([*self._held(), *self._keks]))
        yield from self._keks
