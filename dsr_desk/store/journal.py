"""The journal of a run: what was about to happen and what did, so that a killed run can be finished."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from dsr_desk.errors import TamperedError
from dsr_desk.model.values import freeze, thaw
from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import Session, now
from dsr_desk.store.vault import seal, unseal

_TABLE = schema.journal
_ADD = Prepared(_TABLE.insert())
_LAST = Prepared(select(func.max(_TABLE.c.number).label("number")).where(_TABLE.c.ref == bindparam("of")))
_ROWS = Prepared(select(_TABLE).where(_TABLE.c.ref == bindparam("of")).order_by(_TABLE.c.number))


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One line of a run's journal. ``number`` counts from 1 within the request; ``at`` is UTC."""

    ref: str
    number: int
    digest: str
    system: str
    state: str
    detail: Mapping[str, Any]
    at: str


class Journal(Session):
    """Journal rows, one sequence a request, never changed once written."""

    def journal(self, ref: str, digest: str, system: str, state: str, detail: Mapping[str, Any]) -> JournalRow:
        """Write the next line. ``detail`` may hold any value that a driver reads; it is sealed."""
        last = _LAST.one(self.connection, of=ref)
        row = JournalRow(ref, (last.number if last and last.number else 0) + 1, digest, system, state, dict(detail), now())
        text = json.dumps(freeze(row.detail), separators=(",", ":")).encode("ascii")
        sealed = seal(self.keys(ref).vault, text, *_place(row.ref, row.number, digest, system, state))
        values = {"ref": ref, "number": row.number, "digest": digest, "system": system, "state": state}
        _ADD.run(self.connection, **values, at=row.at, detail=sealed)
        return row

    def journal_rows(self, ref: str, digest: str | None = None) -> list[JournalRow]:
        """The lines of a request, or of one plan of it, in the order in which they were written.

        ``TamperedError`` when one was changed, or one before another is missing.
        """
        rows = _ROWS.all(self.connection, of=ref)
        lines = []
        for expected, row in enumerate(rows, 1):
            if row.number != expected:
                raise TamperedError("The journal of a request lacks a line.", "Restore the workspace from a backup.")
            text = unseal(self.keys(ref).vault, row.detail, *_place(ref, row.number, row.digest, row.system, row.state))
            lines.append(JournalRow(ref, row.number, row.digest, row.system, row.state, thaw(json.loads(text)), row.at))
        return [line for line in lines if digest is None or line.digest == digest]


def _place(ref: str, number: int, digest: str, system: str, state: str) -> tuple[str | int, ...]:
    return ("journal", ref, number, digest, system, state)
