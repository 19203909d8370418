"""Workspaces of an earlier version: one operator, whose key store holds the workspace key, and their key and the root under it.

They are brought over when they are opened: the root admits a new key of the operator with one to which secrets can be sealed, ends
the old one, and the workspace key goes into an envelope. The root stays in the key store until a recovery code takes it away.
"""

from __future__ import annotations

import base64
import binascii
from contextlib import suppress

from sqlalchemy import select

from dsr_desk.errors import TamperedError
from dsr_desk.model.trail import Signer
from dsr_desk.store import schema
from dsr_desk.store.database import Database
from dsr_desk.store.keys import KeyStore
from dsr_desk.store.operators import Operator
from dsr_desk.store.presence import Presence
from dsr_desk.store.ring import Ring, kek_id
from dsr_desk.store.session import Unlocked, now
from dsr_desk.store.signers import OWN, OWN_NEXT, Identity, load_signer, new_identity
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx
from dsr_desk.store.vault import unseal

#: The name of the root key in the key store of whoever made a workspace with an earlier version.
ROOT_HERE = "root.here"
_KEK, _NEXT, _ROOT = "kek", "kek.next", "root"


def brought_over(data: Database, store: KeyStore, form: TrailFormat, operator: Operator) -> tuple[Operator, Identity] | None:
    """The operator and their new keys; ``None`` where the keys are of today's kind already.

    Each step is durable before the next. ``TamperedError`` where a key doesn't open.
    """
    if operator.file or store.get(_KEK) is None:
        return None
    name = _own(operator.key_id)
    if (held := store.get(name)) is None:
        if store.get(OWN) or store.get(OWN_NEXT):
            _clear(data, store)
        return None
    keks = [_bytes(text) for text in (store.get(_KEK), store.get(_NEXT)) if text is not None]
    load_signer(_unsealed(keks, held, name), form)
    root = _unsealed(keks, store.get(_ROOT) or "", _ROOT)
    fresh = new_identity(form)
    store.put(ROOT_HERE, base64.b64encode(root).decode("ascii"))
    store.put(OWN_NEXT, fresh.text)
    anew = Operator(fresh.signer.key_id, operator.name, operator.role)
    _renew(data, form, operator, anew, fresh, load_signer(root, form), keks)
    store.put(OWN, fresh.text)
    store.remove(OWN_NEXT)
    _clear(data, store)
    return anew, fresh


def _renew(
    data: Database, form: TrailFormat, before: Operator, after: Operator, fresh: Identity, root: Signer, keks: list[bytes]
) -> None:
    with data.write() as connection:
        tx = Tx(connection, Unlocked(Ring(lambda: keks), fresh.signer, Presence(data.path.parent)), form)
        tx.append_as(root, "key.add", {"key": fresh.signer.public.hex(), "box": fresh.box.hex(), "role": before.role})
        tx.append_as(root, "key.retire", {"key_id": before.key_id})
        tx.operator_left(before.key_id, now())
        tx.put_operator(after, fresh.box)
        state = connection.execute(select(schema.wrapping)).one_or_none()
        for kek in keks:
            if state is None or not state.done or kek_id(kek) == state.kek:
                tx.put_envelopes(kek, tx.trail_head().log, {after.key_id: fresh.box})


def _clear(data: Database, store: KeyStore) -> None:
    """Forget what nothing needs any more."""
    with data.read() as connection:
        every = [row.key_id for row in connection.execute(select(schema.operators.c.key_id))]
    for name in (_ROOT, _NEXT, *map(_own, every), _KEK):
        store.remove(name)


def _own(key_id: str) -> str:
    return f"operator:{key_id}"


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise TamperedError("A key of this workspace was changed.", "Restore the keys from a backup.") from None


def _unsealed(keks: list[bytes], text: str, name: str) -> bytes:
    sealed = _bytes(text)
    for kek in keks[1:]:
        with suppress(TamperedError):
            return unseal(kek, sealed, "signer", name)
    return unseal(keks[0], sealed, "signer", name)
