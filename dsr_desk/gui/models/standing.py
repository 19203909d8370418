"""What stands over a request beside its stage: legal holds, its restriction, and whether it can still be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dsr_desk.flow.planning.corrections import UNDO_WINDOW
from dsr_desk.flow.planning.holds import AGAIN, covers
from dsr_desk.gui.models.wording import day, moment
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef
from dsr_desk.model.former import Restriction
from dsr_desk.model.hold import Hold
from dsr_desk.model.request import Request

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


@dataclass(frozen=True, slots=True)
class Standing:
    """``undo_until`` is the moment up to which a correction can be taken back; ``None`` where there is nothing to take back.

    ``restricts`` is the restriction that this request began and that stands; ``released``: a hold that it waited for is gone.
    """

    holds: tuple[Hold, ...] = ()
    restricts: Restriction | None = None
    released: bool = False
    undo_until: datetime | None = None


def read_standing(desk: Desk, request: Request) -> Standing:
    """Read it from the workspace; call it off the GUI thread."""
    ref = request.ref
    holds = desk.holds()
    if holds:
        catalog, found = desk.catalog_read().catalog or Catalog({}, ""), desk.found(ref)
        holds = [h for h in holds if covers(h, catalog, request, found)]
    restricts = next((r for r in desk.restrictions() if r.request == ref), None) if request.right == "restriction" else None
    released = any(r.ref == ref and r.detail == AGAIN for r in desk.requests())
    return Standing(tuple(holds), restricts, released, _undo_until(desk, request))


def restricted_words(restrictions: Iterable[Restriction]) -> dict[RowRef, str]:
    """Every restricted row: ``Restricted since 3 Nov 2026 by DSR-2026-0004``."""
    words: dict[RowRef, str] = {}
    for restriction in restrictions:
        said = f"Restricted since {day(restriction.since).partition(' ')[2]} by {restriction.request}"
        for row in restriction.rows:
            words.setdefault(row, said)
    return words


def _undo_until(desk: Desk, request: Request) -> datetime | None:
    applied = desk.applied(request.ref) if request.right == "rectification" else None
    at = [m for s in applied.systems if s.status == "applied" and (m := moment(s.at))] if applied else []
    return max(at) + UNDO_WINDOW if at else None
