"""One runner a request: a lease with a number that only grows, so that a late one notices that it lost (a fencing token)."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import bindparam, select

from dsr_desk.errors import RefusedError
from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import Session

_TABLE = schema.leases
_HELD = ["fence", "holder", "process", "until"]
_ROW = Prepared(select(_TABLE).where(_TABLE.c.ref == bindparam("of")))
_FIRST = Prepared(_TABLE.insert())
_AGAIN = Prepared(_TABLE.update().where(_TABLE.c.ref == bindparam("of")), _HELD)
_RELEASE = Prepared(_TABLE.update().where(_TABLE.c.ref == bindparam("of"), _TABLE.c.fence == bindparam("mine")), _HELD[1:])


class Leases(Session):
    """Who works on which request."""

    def lease(self, ref: str, holder: str, seconds: float) -> int:
        """The fencing number under which ``holder`` may work on the request for so long.

        ``RefusedError`` while another holder has it, its time isn't over and its process lives: a run that was killed is
        taken over at once. The same holder may take it again (a longer time, a higher number).
        """
        self.keys(ref)
        row = self._free(ref, holder)
        fence = row.fence + 1 if row is not None else 1
        values = {"fence": fence, "holder": holder, "process": self.unlocked.presence.name(), "until": _ms() + int(seconds * 1000)}
        if row is None:
            _FIRST.run(self.connection, ref=ref, **values)
        else:
            _AGAIN.run(self.connection, of=ref, **values)
        return fence

    def not_leased(self, ref: str) -> None:
        """``RefusedError`` while a run holds the request. Nothing is written for it."""
        self._free(ref, None)

    def fence_holds(self, ref: str, fence: int) -> bool:
        """Whether this number is still the one that may write."""
        row = self._row(ref)
        return row is not None and row.fence == fence and row.holder is not None and row.until > _ms()

    def release(self, ref: str, fence: int) -> None:
        """Give the lease back, if it is still this one."""
        _RELEASE.run(self.connection, of=ref, mine=fence, holder=None, process=None, until=0)

    def _free(self, ref: str, holder: str | None) -> Any | None:
        row = self._row(ref)
        if row is not None and row.holder not in (None, holder) and row.until > _ms() and self.unlocked.presence.alive(row.process):
            raise RefusedError(
                "Somebody else is working on this request just now.", "Wait until they have finished, or stop their run first."
            )
        return row

    def _row(self, ref: str) -> Any | None:
        return _ROW.one(self.connection, of=ref)


def _ms() -> int:
    return int(time.time() * 1000)
