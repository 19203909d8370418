"""Legal holds: sealed, for they name people; in the open stands only a random word."""

from __future__ import annotations

import json

from sqlalchemy import Row, select

from dsr_desk.errors import UsageError
from dsr_desk.model.codec import decode, encode
from dsr_desk.model.hold import Hold
from dsr_desk.store import schema, vault
from dsr_desk.store.session import Session
from dsr_desk.store.vault import CaseKeys

_PART = "hold"


class Holds(Session):
    """The holds of the workspace, each under two keys of its own, as a request has them."""

    def put_hold(self, hold: Hold) -> None:
        """Keep a new hold, or a hold as it is now."""
        table = schema.holds
        row = self._hold_row(hold.id)
        if row is None:
            keys = CaseKeys.fresh()
            wrapped = dict(zip(("vault", "commit"), keys.wrapped(self.kek(), hold.id), strict=True))
            self.connection.execute(table.insert().values(id=hold.id, **wrapped, data=_sealed(keys, hold)))
        else:
            changed = {"data": _sealed(self._hold_keys(row), hold)}
            self.connection.execute(table.update().where(table.c.id == hold.id).values(**changed))

    def hold(self, id: str) -> Hold:
        """One hold; ``UsageError`` where there is none of that word, ``TamperedError`` where it was changed."""
        row = self._hold_row(id)
        if row is None:
            raise UsageError("There is no hold of that name.", "Look it up.", "dsr-desk hold list")
        return self._hold(row)

    def holds(self, released: bool = False) -> list[Hold]:
        """The holds that stand, oldest first; with ``released`` all there ever were."""
        rows = self.connection.execute(select(schema.holds)).all()
        found = sorted((self._hold(row) for row in rows), key=lambda h: (h.at, h.id))
        return [h for h in found if released or h.stands]

    def commit_to_held(self, id: str, kind: str, normal_value: str) -> str:
        """A commitment to an identifier of a held person (hex), under the hold's own key."""
        row = self._hold_row(id)
        if row is None:
            raise UsageError("There is no hold of that name.", "Look it up.", "dsr-desk hold list")
        return vault.commitment(self._hold_keys(row).commit, kind, normal_value)

    def _hold_row(self, id: str) -> Row[tuple[str, bytes, bytes, bytes]] | None:
        return self.connection.execute(select(schema.holds).where(schema.holds.c.id == id)).one_or_none()

    def _hold_keys(self, row: Row[tuple[str, bytes, bytes, bytes]]) -> CaseKeys:
        return CaseKeys.unwrapped(self.unlocked.ring.unseal, row.id, row.vault, row.commit)

    def _hold(self, row: Row[tuple[str, bytes, bytes, bytes]]) -> Hold:
        return decode(Hold, json.loads(vault.unseal(self._hold_keys(row).vault, row.data, _PART, row.id)))


def _sealed(keys: CaseKeys, hold: Hold) -> bytes:
    data = json.dumps(encode(hold), separators=(",", ":")).encode("ascii")
    return vault.seal(keys.vault, data, _PART, hold.id)
