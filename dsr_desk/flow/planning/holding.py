"""Setting legal holds, and releasing them: anybody at the desk may hold, only some may let go."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.applying import record
from dsr_desk.flow.planning.holds import HELD, RELEASED, covers
from dsr_desk.flow.review import SHORTEST_REASON, checked_reason
from dsr_desk.flow.search import checked_identity
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.hold import Hold
from dsr_desk.model.identity import CONFIRMING, commitment_form
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

#: Who may end a hold.
MAY_RELEASE = frozenset({"approver", "dpo"})


def hold_request(workspace: Workspace, request: Request, reason: str, until: date | None) -> Hold:
    """Hold a request. ``UsageError`` without a reason, or for a day that is past."""
    hold = replace(_new(workspace, reason, until), request=request.ref)
    with workspace.write() as tx:
        tx.put_hold(hold)
        tx.seal(request.ref, HELD, b"")
        tx.append("hold.set", {"hold": hold.id, "case": request.case})
    return hold


def hold_person(
    workspace: Workspace, catalog: Catalog, identity: Iterable[tuple[str, str]], reason: str, until: date | None
) -> Hold:
    """Hold a person in every request. ``UsageError`` where nothing that was given tells one person from another."""
    pairs = checked_identity(identity)
    if all(kind in CONFIRMING for kind, _ in pairs):
        raise UsageError("A name alone tells nobody apart.", "Give an e-mail address, a number or another identifier, too.")
    hold = replace(_new(workspace, reason, until), identity=pairs)
    with workspace.write() as tx:
        tx.put_hold(hold)
        for request in tx.requests():
            if covers(hold, catalog, request, _found(tx, request)):
                tx.seal(request.ref, HELD, b"")
        commitments = [tx.commit_to_held(hold.id, kind, commitment_form(kind, value)) for kind, value in pairs]
        tx.append("hold.set", {"hold": hold.id, "identifiers": commitments})
    return hold


def release(workspace: Workspace, catalog: Catalog, id: str, reason: str) -> list[str]:
    """End a hold; gives the requests that waited for it, to be planned again.

    ``RefusedError`` where the operator may not, or it is released already.
    """
    text = checked_reason(reason, SHORTEST_REASON)
    waiting: list[str] = []
    with workspace.write() as tx:
        role = next((o.role for o in tx.operators() if o.key_id == workspace.operator.key_id), "")
        if role not in MAY_RELEASE:
            raise RefusedError("You may not release a legal hold.", "Ask somebody who approves, or the data protection officer.")
        hold = tx.hold(id)
        if not hold.stands:
            raise RefusedError("This hold was released already.", "Nothing waits for it any more.")
        tx.put_hold(replace(hold, released=_now(), released_by=workspace.operator.name, released_reason=text))
        others = tx.holds()
        for request in tx.requests():
            found = _found(tx, request)
            if not covers(hold, catalog, request, found) or any(covers(o, catalog, request, found) for o in others):
                continue
            tx.drop(request.ref, HELD)
            if _waits(tx, request):
                waiting.append(request.ref)
                tx.seal(request.ref, RELEASED, b"")
        tx.append("hold.release", {"hold": id, "waiting": len(waiting)})
    return waiting


def _found(tx: Tx, request: Request) -> SearchResult | None:
    return record.get(tx, request.ref, "plan-search", SearchResult) or record.get(tx, request.ref, "search", SearchResult)


def _waits(tx: Tx, request: Request) -> bool:
    """Whether a plan of the request stood still for the hold: it was made, not carried out, and would take something away."""
    plan = record.get(tx, request.ref, "plan", Plan) if request.stage in ("plan", "approve", "apply") else None
    return plan is not None and any(step.takes for step in plan.steps)


def _new(workspace: Workspace, reason: str, until: date | None) -> Hold:
    if until is not None and until < date.today():
        raise UsageError("The day to look at the hold again is past.", "Give a day that lies ahead, or none.")
    text = checked_reason(reason, SHORTEST_REASON)
    return Hold(secrets.token_hex(8), text, workspace.operator.name, _now(), until=until.isoformat() if until else "")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
