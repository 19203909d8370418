"""Rotation of the workspace key: everything that it wraps is wrapped anew under a fresh one, and then the old one is destroyed.

Every line is durable before the next begins, so that it can be killed anywhere and goes on where it was:

1. the new key is put into the key store, beside the old one;
2. the database says that from now on new things are wrapped under it, and the trail that the change began;
3. what was wrapped under the old key is wrapped under the new one, in batches, each a transaction;
4. so are the private keys in the key store;
5. one transaction proves that nothing in the database needs the old key, and the trail says that the change is done;
6. in the key store the new key takes the old one's place.

Until step 6 both keys are there, and whoever has the workspace open reads what is wrapped under either.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Table, select

from dsr_desk.errors import TamperedError
from dsr_desk.store import schema
from dsr_desk.store.database import Database
from dsr_desk.store.keys import KeyStore
from dsr_desk.store.ring import KEK, NEXT, in_base64, kek_id, new_kek, not_here, stored_kek
from dsr_desk.store.session import Unlocked
from dsr_desk.store.signers import ROOT, operator_key
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx
from dsr_desk.store.vault import seal, unseal

#: How many rows one transaction wraps anew.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A table with keys under the workspace key: the column that names a row, and each column of a key with its use."""

    table: Table
    id: str
    uses: Mapping[str, str]

    def rows(self, connection: Connection, after: str, limit: int | None) -> list[Row[tuple[object, ...]]]:
        """The rows behind ``after``, by name."""
        name = self.table.c[self.id]
        return list(connection.execute(select(self.table).where(name > after).order_by(name).limit(limit)))

    def keys(self, row: Row[tuple[object, ...]]) -> Iterator[tuple[str, bytes, tuple[str, str, str]]]:
        """Each key of a row: its column, the sealed bytes, and the place for which they were sealed."""
        held = row._mapping
        for column, use in self.uses.items():
            yield column, held[column], ("key", held[self.id], use)


#: Every table that has such keys.
WRAPPED = (
    Wrapped(schema.case_keys, "ref", {"vault": "vault", "commit": "commit"}),
    Wrapped(schema.holds, "id", {"vault": "vault", "commit": "commit"}),
    Wrapped(schema.workspace_keys, "name", {"data": "workspace"}),
)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of the workspace key, begun or to begin. One process at a time may run it."""

    data: Database
    store: KeyStore
    unlocked: Unlocked
    form: TrailFormat

    def unfinished(self) -> bool:
        """Whether one was begun and something of it is still to do."""
        with self.data.read() as connection:
            state = connection.execute(select(schema.wrapping)).one_or_none()
        return state is not None and not (state.done and kek_id(self._stored(KEK)) == state.kek)

    def run(self) -> int:
        """Change the key, or finish the change that was begun; gives how many keys of the database are under the new one."""
        new = self._stored(NEXT) if self.unfinished() else self._begin()
        old = self._stored(KEK)
        for wrapped in WRAPPED:
            self._anew(wrapped, old, new)
        self._signers(old, new)
        count = self._prove(new)
        self.store.put(KEK, base64.b64encode(new).decode("ascii"))
        self.store.remove(NEXT)
        self.data.empty_log()
        return count

    def _stored(self, name: str) -> bytes:
        kek = stored_kek(self.store, name)
        if kek is None:
            raise not_here()
        return kek

    def _begin(self) -> bytes:
        new = stored_kek(self.store, NEXT)
        if new is None or new == self._stored(KEK):
            new = new_kek(self.store, NEXT)
        with self.data.write() as connection:
            connection.execute(schema.wrapping.delete())
            connection.execute(schema.wrapping.insert().values(kek=kek_id(new), done=False))
            self._tx(connection).append("key.rotate", {"state": "begun"})
        return new

    def _anew(self, wrapped: Wrapped, old: bytes, new: bytes) -> None:
        """Wrap the keys of one table anew. What is under the new key already stays as it is."""
        after, more = "", True
        while more:
            with self.data.write() as connection:
                rows = wrapped.rows(connection, after, BATCH)
                for row in rows:
                    after = row._mapping[wrapped.id]
                    changed = {
                        column: seal(new, unseal(old, sealed, *place), *place)
                        for column, sealed, place in wrapped.keys(row)
                        if not _opens(new, sealed, *place)
                    }
                    if changed:
                        connection.execute(wrapped.table.update().where(wrapped.table.c[wrapped.id] == after).values(**changed))
            more = len(rows) == BATCH

    def _signers(self, old: bytes, new: bytes) -> None:
        with self.data.read() as connection:
            operators = self._tx(connection).operators()
        for name in (ROOT, *(operator_key(o.key_id) for o in operators)):
            held = self.store.get(name)
            if held is not None and not _opens(new, in_base64(held), "signer", name):
                private = unseal(old, in_base64(held), "signer", name)
                self.store.put(name, base64.b64encode(seal(new, private, "signer", name)).decode("ascii"))

    def _prove(self, new: bytes) -> int:
        """``TamperedError`` while anything in the database doesn't open under the new key."""
        with self.data.write() as connection:
            count = 0
            for wrapped in WRAPPED:
                for row in wrapped.rows(connection, "", None):
                    for _, sealed, place in wrapped.keys(row):
                        unseal(new, sealed, *place)
                        count += 1
            if not connection.execute(select(schema.wrapping.c.done)).scalar_one():
                connection.execute(schema.wrapping.update().values(done=True))
                self._tx(connection).append("key.rotate", {"state": "done", "keys": count})
        return count

    def _tx(self, connection: Connection) -> Tx:
        return Tx(connection, self.unlocked, self.form)


def _opens(kek: bytes, sealed: bytes, *place: str) -> bool:
    try:
        unseal(kek, sealed, *place)
    except TamperedError:
        return False
    return True
