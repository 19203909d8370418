"""Requests: a row with nothing personal in it, and the facts sealed beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select

from dsr_desk.errors import TamperedError
from dsr_desk.model.codec import decode, encode
from dsr_desk.model.request import Due, Facts, Request
from dsr_desk.store import schema
from dsr_desk.store.sealed import SealedParts
from dsr_desk.store.session import no_request

_PART = "facts"


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What of a request is sealed. Its reference, case and right are in it too, so that a row can't be given other ones."""

    ref: str
    case: str
    right: str
    due: Due
    facts: Facts


class Requests(SealedParts):
    """The requests of the workspace."""

    def next_ref(self, year: int) -> str:
        """A reference nobody has had: ``DSR-2026-0001``. It is used up, even if the request is never kept."""
        table = schema.counters
        last = self.connection.execute(select(table.c.last).where(table.c.year == year)).scalar_one_or_none()
        number = (last or 0) + 1
        if last is None:
            self.connection.execute(table.insert().values(year=year, last=number))
        else:
            self.connection.execute(table.update().where(table.c.year == year).values(last=number))
        return f"DSR-{year}-{number:04d}"

    def put_request(self, request: Request) -> None:
        """Keep a new request, or a request as it is now. The first time it gets its own two keys."""
        table = schema.requests
        row = {
            "case_id": request.case,
            "right": request.right,
            "received": request.received.isoformat(),
            "due": request.due.on.isoformat(),
            "stage": request.stage,
            "opened": request.opened,
            "closed": request.closed,
        }
        known = self.connection.execute(select(table.c.ref).where(table.c.ref == request.ref)).one_or_none()
        if known is None:
            self.connection.execute(table.insert().values(ref=request.ref, **row))
            self.make_keys(request.ref)
        else:
            self.connection.execute(table.update().where(table.c.ref == request.ref).values(**row))
        sealed = _Sealed(request.ref, request.case, request.right, request.due, request.facts)
        self.seal(request.ref, _PART, json.dumps(encode(sealed), separators=(",", ":")).encode("ascii"))

    def request(self, ref: str) -> Request:
        """One request; ``UsageError`` when there is none, ``TamperedError`` when its facts don't open."""
        row = self.connection.execute(select(schema.requests).where(schema.requests.c.ref == ref)).one_or_none()
        if row is None:
            raise no_request()
        return self._whole(row)

    def requests(self, closed: bool = False) -> list[Request]:
        """The open requests, or the closed ones, by due date."""
        table = schema.requests
        wanted = table.c.closed != "" if closed else table.c.closed == ""
        rows = self.connection.execute(select(table).where(wanted).order_by(table.c.due, table.c.ref)).all()
        return [self._whole(row) for row in rows]

    def _whole(self, row: Row[tuple[str, ...]]) -> Request:
        data = self.unseal(row.ref, _PART)
        if data is None:
            raise _lost()
        sealed = decode(_Sealed, json.loads(data))
        if (sealed.case, sealed.right, sealed.due.on.isoformat()) != (row.case_id, row.right, row.due):
            raise _lost()
        received = date.fromisoformat(row.received)
        return Request(row.ref, sealed.case, sealed.right, received, sealed.due, row.stage, sealed.facts, row.opened, row.closed)


def _lost() -> TamperedError:
    return TamperedError("A request of this workspace was changed by somebody else than this program.", "Restore it from a backup.")
