"""The end of a request's data: its keys, and all that they sealed, go from the files. Its row and its entries in the trail stay."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.requests import Requests
from dsr_desk.store.session import now

_SEALED = (schema.parts, schema.journal, schema.leases, schema.case_keys)
_GONE = [Prepared(delete(table).where(table.c.ref == bindparam("of"))) for table in _SEALED]
_HOLDS = Prepared(delete(schema.holds).where(schema.holds.c.id == bindparam("named")))
_MARK = Prepared(schema.requests.update().where(schema.requests.c.ref == bindparam("of")), ["stage", "shredded"])


class Shredding(Requests):
    """What destroys the keys of requests."""

    def shred_request(self, ref: str) -> None:
        """Destroy both keys of a request and all that is sealed for it. What commitments in the trail meant goes with them."""
        self.keys(ref)  # there has to be something to shred
        for statement in _GONE:
            statement.run(self.connection, of=ref)
        _MARK.run(self.connection, of=ref, stage="shredded", shredded=now())
        self._keys.pop(ref, None)
        self.destroyed = True

    def shred_hold(self, id: str) -> None:
        """Destroy a hold with its keys."""
        _HOLDS.run(self.connection, named=id)
        self.destroyed = True
