"""Shred: the end of a request's own data. What its keys sealed goes for good; the trail stays, and stays valid.

The keys are of the request alone (``store/vault.py``), so destroying them ends its identifiers, findings, plan, report and safe
lock at once, and what the commitments in the trail meant with them. Backups of the workspace are not reached: the keys in them go
with them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import record
from dsr_desk.flow.planning import chains, restricted
from dsr_desk.flow.planning.corrections import UNDO_WINDOW
from dsr_desk.flow.planning.holds import covers
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date, months_after
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.hold import Hold
from dsr_desk.model.request import Request
from dsr_desk.model.shred import Shredding
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace


def ends(closed: date, years: int) -> date:
    """The day after which the data of a request is kept no longer: so many years after it was closed."""
    return months_after(closed, 12 * years)


def due(tx: Tx, years: int, today: date) -> list[Request]:
    """The closed requests whose time is over, by due date."""
    return [r for r in tx.requests(closed=True) if ends(_day(r.closed), years) < today]


def stands_against(tx: Tx, catalog: Catalog, request: Request) -> list[str]:
    """What still needs the data of a request, one sentence each."""
    ref = request.ref
    if not request.closed:
        return [f"{ref} is open: close it first."]
    found = _found(tx, ref)
    reasons = [
        f"A legal hold stands on {'this request' if hold.request else 'this person'}."
        for hold in tx.holds()
        if covers(hold, catalog, request, found)
    ]
    if restricted.matters(tx, ref):
        reasons.append("Records are still restricted by it, or by one that goes back to it: lift that first.")
    if request.facts.ends and not _shredded(tx, request.facts.ends):
        reasons.append(f"It ended the restriction {request.facts.ends}, which is still on file: shred that first.")
    reasons += [f"{other.ref} takes it back and is open: close that first." for other in tx.requests() if other.facts.undoes == ref]
    since = _last_write(tx, request)
    if request.right == "rectification" and since is not None and since + UNDO_WINDOW > datetime.now(UTC):
        day = long_date((since + UNDO_WINDOW).astimezone().date())
        reasons.append(f"Its corrections can be taken back until {day}: that needs the old values.")
    return reasons


def shred(workspace: Workspace, catalog: Catalog, request: Request, why: str) -> Shredding:
    """Destroy a request's keys and everything that they sealed. ``why`` is ``asked`` or ``retention``.

    ``RefusedError`` while something needs it.
    """
    ref = request.ref
    with workspace.write() as tx:
        reasons = stands_against(tx, catalog, tx.request(ref))
        if reasons:
            more = f" And {len(reasons) - 1} more." if len(reasons) > 1 else ""
            raise RefusedError(f"{ref} can't be shredded. {reasons[0]}{more}", "See to that first.")
        holds = [hold for hold in tx.holds(released=True) if hold.request == ref or _ends_with(tx, catalog, request, hold)]
        for hold in holds:
            tx.shred_hold(hold.id)
        chains.keep(tx, [told for told in chains.told(tx) if told.request.ref != ref])
        tx.shred_request(ref)
        entry = tx.append("case.shred", {"case": request.case, "why": why, "holds": len(holds)})
    return Shredding(ref, entry.seq, workspace.empty_log())


def _shredded(tx: Tx, ref: str) -> bool:
    return any(row.ref == ref and row.shredded for row in tx.request_rows())


def _ends_with(tx: Tx, catalog: Catalog, request: Request, hold: Hold) -> bool:
    """Whether a hold on a person is released, and this is the last request on file that it was about: nobody else needs it."""
    if hold.stands or not covers(hold, catalog, request, _found(tx, request.ref)):
        return False
    others = (other for other in (*tx.requests(), *tx.requests(closed=True)) if other.ref != request.ref)
    return not any(covers(hold, catalog, other, _found(tx, other.ref)) for other in others)


def _found(tx: Tx, ref: str) -> SearchResult | None:
    return record.get(tx, ref, "plan-search", SearchResult) or record.get(tx, ref, "search", SearchResult)


def _last_write(tx: Tx, request: Request) -> datetime | None:
    done = [row.at for row in tx.journal_rows(request.ref) if row.state == "done"]
    return datetime.fromisoformat(max(done)) if done else None


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone().date()
