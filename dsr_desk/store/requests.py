"""Requests: a row with nothing personal in it, and the facts sealed beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from dsr_desk.errors import ShreddedError, TamperedError
from dsr_desk.model.codec import decode, encode
from dsr_desk.model.due import long_date
from dsr_desk.model.request import Due, Facts, Request
from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.sealed import SealedParts
from dsr_desk.store.session import no_request

_PART = "facts"
_TABLE = schema.requests
_ONE = Prepared(select(_TABLE).where(_TABLE.c.ref == bindparam("of")))
_OPEN = Prepared(select(_TABLE).where(_TABLE.c.closed == "").order_by(_TABLE.c.due, _TABLE.c.ref))
_CLOSED = Prepared(select(_TABLE).where(_TABLE.c.closed != "", _TABLE.c.shredded == "").order_by(_TABLE.c.due, _TABLE.c.ref))
_KEPT = ["case_id", "right", "received", "due", "stage", "opened", "closed"]
_NEW = Prepared(_TABLE.insert(), ["ref", *_KEPT])
_CHANGE = Prepared(_TABLE.update().where(_TABLE.c.ref == bindparam("of")), _KEPT)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What of a request is sealed. Its reference, case and right are in it too, so that a row can't be given other ones."""

    ref: str
    case: str
    right: str
    due: Due
    facts: Facts


@dataclass(frozen=True, slots=True)
class RequestRow:
    """What of a request stands in clear, and stays when its file is destroyed. Days are local."""

    ref: str
    case: str
    right: str
    received: date
    due: date
    stage: str
    closed: date | None
    shredded: bool


class Requests(SealedParts):
    """The requests of the workspace."""

    def request_rows(self) -> list[RequestRow]:
        """Every request there ever was, shredded ones too, by reference. Nothing is unsealed: this is not proof against changes."""
        return [_row(row) for row in self.connection.execute(select(_TABLE).order_by(_TABLE.c.ref))]

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
        row = {
            "case_id": request.case,
            "right": request.right,
            "received": request.received.isoformat(),
            "due": request.due.on.isoformat(),
            "stage": request.stage,
            "opened": request.opened,
            "closed": request.closed,
        }
        if _ONE.one(self.connection, of=request.ref) is None:
            _NEW.run(self.connection, ref=request.ref, **row)
            self.make_keys(request.ref)
        else:
            _CHANGE.run(self.connection, of=request.ref, **row)
        sealed = _Sealed(request.ref, request.case, request.right, request.due, request.facts)
        self.seal(request.ref, _PART, json.dumps(encode(sealed), separators=(",", ":")).encode("ascii"))

    def request(self, ref: str) -> Request:
        """One request; ``UsageError`` when there is none, ``ShreddedError`` when its file was destroyed, ``TamperedError`` when
        its facts don't open."""
        row = _ONE.one(self.connection, of=ref)
        if row is None:
            raise no_request()
        return self._whole(row)

    def requests(self, closed: bool = False) -> list[Request]:
        """The open requests, or the closed ones, by due date; none whose file was destroyed."""
        return [self._whole(row) for row in (_CLOSED if closed else _OPEN).all(self.connection)]

    def _whole(self, row: Any) -> Request:
        if row.shredded:
            raise ShreddedError(
                f"The file of {row.ref} was destroyed on {long_date(_day(row.shredded))}: nothing opens it any more.",
                "Its entries in the audit trail are still there.",
                "dsr-desk audit list",
            )
        data = self.unseal(row.ref, _PART)
        if data is None:
            raise _lost()
        sealed = decode(_Sealed, json.loads(data))
        if (sealed.case, sealed.right, sealed.due.on.isoformat()) != (row.case_id, row.right, row.due):
            raise _lost()
        received = date.fromisoformat(row.received)
        return Request(row.ref, sealed.case, sealed.right, received, sealed.due, row.stage, sealed.facts, row.opened, row.closed)


def _row(row: Any) -> RequestRow:
    received, due = date.fromisoformat(row.received), date.fromisoformat(row.due)
    closed = _day(row.closed) if row.closed else None
    return RequestRow(row.ref, row.case_id, row.right, received, due, row.stage, closed, bool(row.shredded))


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone().date()


def _lost() -> TamperedError:
    return TamperedError("A request of this workspace was changed by somebody else than this program.", "Restore it from a backup.")
