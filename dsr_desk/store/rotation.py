"""Rotation of the workspace key: everything that it wraps is wrapped anew under a fresh one, and then the old one is destroyed.

Every line is durable before the next begins, so that it can be killed anywhere and whoever opens the workspace next goes on:

1. one transaction seals the new key to every operator who stays, says that from now on new things are wrapped under it, and tells
   the trail that the change began;
2. what was wrapped under the old key is wrapped under the new one, in batches, each a transaction;
3. one transaction proves that nothing in the database needs the old key, destroys its envelopes, and tells the trail.

Until step 3 both keys reach everybody who stays, and whoever has the workspace open reads what is wrapped under either.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Table, select

from dsr_desk.errors import TamperedError
from dsr_desk.store import schema
from dsr_desk.store.database import Database
from dsr_desk.store.ring import kek_id
from dsr_desk.store.session import Unlocked
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


def begin_rotation(tx: Tx) -> None:
    """Step 1, inside a transaction: a fresh workspace key for everybody whose key the trail says stands now."""
    new = secrets.token_bytes(32)
    head = tx.trail_head()
    tx.put_envelopes(new, head.log, {k.key_id: k.box for k in tx.admissions().keys.values() if k.stands})
    tx.connection.execute(schema.wrapping.delete())
    tx.connection.execute(schema.wrapping.insert().values(kek=kek_id(new), done=False))
    tx.append("key.rotate", {"state": "begun"})


def unfinished(connection: Connection) -> bool:
    """Whether a rotation was begun and something of it is still to do."""
    state = connection.execute(select(schema.wrapping.c.done)).scalar_one_or_none()
    return state is False


@dataclass(frozen=True, slots=True)
class Rotation:
    """A change of the workspace key, begun or to begin. One process at a time may run it."""

    data: Database
    unlocked: Unlocked
    form: TrailFormat

    def unfinished(self) -> bool:
        """Whether one was begun and something of it is still to do."""
        with self.data.read() as connection:
            return unfinished(connection)

    def run(self) -> int:
        """Change the key, or finish the change that was begun; gives how many keys of the database are under the new one."""
        if not self.unfinished():
            with self.data.write() as connection:
                begin_rotation(self._tx(connection))
        with self.data.read() as connection:
            new = self.unlocked.ring.named(connection.execute(select(schema.wrapping.c.kek)).scalar_one())
        for wrapped in WRAPPED:
            self._anew(wrapped, new)
        count = self._prove(new)
        self.data.empty_log()
        return count

    def _anew(self, wrapped: Wrapped, new: bytes) -> None:
        """Wrap the keys of one table anew. What is under the new key already stays as it is."""
        after, more = "", True
        while more:
            with self.data.write() as connection:
                rows = wrapped.rows(connection, after, BATCH)
                for row in rows:
                    after = row._mapping[wrapped.id]
                    changed = {
                        column: seal(new, self.unlocked.ring.unseal(sealed, *place), *place)
                        for column, sealed, place in wrapped.keys(row)
                        if not _opens(new, sealed, *place)
                    }
                    if changed:
                        connection.execute(wrapped.table.update().where(wrapped.table.c[wrapped.id] == after).values(**changed))
            more = len(rows) == BATCH

    def _prove(self, new: bytes) -> int:
        """``TamperedError`` while anything in the database doesn't open under the new key."""
        with self.data.write() as connection:
            count = 0
            for wrapped in WRAPPED:
                for row in wrapped.rows(connection, "", None):
                    for _, sealed, place in wrapped.keys(row):
                        unseal(new, sealed, *place)
                        count += 1
            tx = self._tx(connection)
            tx.drop_other_envelopes(new)
            connection.execute(schema.wrapping.update().values(done=True))
            tx.append("key.rotate", {"state": "done", "keys": count})
        return count

    def _tx(self, connection: Connection) -> Tx:
        return Tx(connection, self.unlocked, self.form)


def _opens(kek: bytes, sealed: bytes, *place: str) -> bool:
    try:
        unseal(kek, sealed, *place)
    except TamperedError:
        return False
    return True
