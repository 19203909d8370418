"""Which requests restrict rows, or end that: known without opening the others, however many are closed.

Their references stand in one sealed list, kept in the very transaction that opens a request of any right, or closes one of these.
What it is worth against somebody who can write the database file, but has none of the keys:

- It is sealed for its name, so it can't be written, and another sealed thing can't be put in its place.
- It says how many requests there were, so an older one put back is seen by the count (some 10 ns a request), and then every
  request is opened and looked at. A list of the same count can only be a longer one: requests come in when they are opened.
- A request that it names and that is gone, or fewer requests than it counted, is ``TamperedError``; so is a closed restriction
  without its plan, without the journal of what was done, or with fewer rows than on the day when it was closed.
- Where it is missing every request is opened, too, and each restriction that the trail says was opened has to be there.

Taking back the list, all later requests, and the trail with them is putting an old copy of the workspace in place; what tells of
that is the trail's checkpoint outside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dsr_desk.errors import ShreddedError, TamperedError, UsageError
from dsr_desk.flow.applying import record
from dsr_desk.flow.planning import former
from dsr_desk.model.finding import RowRef
from dsr_desk.model.former import Former
from dsr_desk.model.request import Request
from dsr_desk.model.result import ApplyResult
from dsr_desk.store.tx import Tx

#: Restriction, and its end.
RIGHTS = ("restriction", "lifting")
_NAME = "restrictions"


@dataclass(frozen=True, slots=True)
class _List:
    """``requests``: how many there were. ``rows``: each that matters, with how many rows it wrote over, once it is closed."""

    requests: int
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A request with every row that it has written over, as ``former.of`` tells it."""

    request: Request
    rows: Mapping[RowRef, Former]


def told(tx: Tx) -> list[Told]:
    """Every restriction that may stand, and every request that ends one of these, in the order in which they came in.

    ``TamperedError`` where one of them is gone, or what it says of its rows.
    """
    known = _known(tx)
    if known is None or known.requests < tx.count_requests():
        return _every(tx)
    return _sorted(_told(tx, _there(tx, ref), rows) for ref, rows in known.rows.items())


def opened(tx: Tx, request: Request) -> None:
    """A request was opened, of whatever right: the list counts it, and names it where it is one of these."""
    known = _known(tx)
    if known is None or known.requests + 1 != tx.count_requests():
        keep(tx, _every(tx))
    else:
        _put(tx, {**known.rows, request.ref: 0} if request.right in RIGHTS else known.rows)


def keep(tx: Tx, these: Iterable[Told]) -> None:
    """From now on these are the ones that matter."""
    _put(tx, {t.request.ref: len(t.rows) if t.request.stage == "closed" else 0 for t in these})


def _known(tx: Tx) -> _List | None:
    data = tx.index(_NAME)
    if data is None:
        return None
    known = _List(**json.loads(data))
    if tx.count_requests() < known.requests:
        raise _gone()
    return known


def _put(tx: Tx, rows: Mapping[str, int]) -> None:
    tx.put_index(_NAME, json.dumps({"requests": tx.count_requests(), "rows": dict(rows)}, separators=(",", ":")).encode("ascii"))


def _there(tx: Tx, ref: str) -> Request:
    try:
        return tx.request(ref)
    except (UsageError, ShreddedError):  # none is shredded while it matters
        raise _gone() from None


def _told(tx: Tx, request: Request, least: int = 0) -> Told:
    rows = former.of(tx, request)
    if request.stage == "closed" and request.right == RIGHTS[0] and (len(rows) < least or not _whole(tx, request)):
        raise _gone()
    return Told(request, rows)


def _whole(tx: Tx, request: Request) -> bool:
    """Whether a closed restriction still says what it did: none is closed before it was carried out, unless it was refused."""
    if request.facts.decision == "refused":
        return True
    applied = record.get(tx, request.ref, "applied", ApplyResult)
    done = {row.system for row in tx.journal_rows(request.ref) if row.state == "done"}
    return (
        applied is not None
        and "plan" in tx.parts(request.ref)
        and all(s.system in done for s in applied.systems if s.status == "applied")
    )


def _sorted(every: Iterable[Told]) -> list[Told]:
    return sorted(every, key=lambda t: (t.request.opened, t.request.ref))


def _every(tx: Tx) -> list[Told]:
    """The same from all requests, and each that the trail tells of is among them, unless it tells that it was shredded, too."""
    every = [r for r in (*tx.requests(), *tx.requests(closed=True)) if r.right in RIGHTS]
    entries = tx.entries()
    cases = {r.case for r in every} | {e.body.get("case") for e in entries if e.type == "case.shred"}
    for entry in entries:
        if entry.type == "case.open" and entry.body.get("right") in RIGHTS and entry.body.get("case") not in cases:
            raise _gone()
    return _sorted(_told(tx, r) for r in every)


def _gone() -> TamperedError:
    return TamperedError(
        "A request of this workspace that restricts records is gone, or a part of it is: somebody else than this program took it.",
        "Restore the workspace from a backup.",
    )
