"""Requests that follow from earlier ones: a correction is taken back, a restriction ends. What they know from the start."""

from __future__ import annotations

from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import record, standing
from dsr_desk.flow.planning import corrections, former, restricted
from dsr_desk.flow.receiving.called import called
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.identity import normals
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Facts, Request
from dsr_desk.model.values import as_text
from dsr_desk.store.tx import Tx

_GONE = "Open a request of its own for what should be."


def lifting(tx: Tx, ref: str) -> tuple[Request, Facts]:
    """The restriction that is to end, and the facts of the request that ends it."""
    request = restricted.may_lift(tx, ref)
    facts = request.facts
    return request, Facts(
        facts.identity,
        ends=ref,
        people=facts.people,
        lines=facts.lines,
        left_out=facts.left_out,
        by_controller=facts.by_controller,
    )


def undoing(tx: Tx, ref: str, reason: str) -> tuple[Request, Facts]:
    """The rectification that is to be taken back, and the facts of the request that does it.

    ``RefusedError`` for any other request, past the undo window, where it wrote nothing, and a second time.
    """
    request = tx.request(ref)
    if request.right != "rectification":
        raise RefusedError(f"{ref} is {called(request.right)}: only a rectification can be undone.", _GONE)
    for other in [*tx.requests(), *tx.requests(closed=True)]:
        given_up = other.closed and not standing.written(tx, other.ref)
        if other.facts.undoes == ref and not given_up:
            raise RefusedError(f"{other.ref} undoes {ref} already.", "Go on with it.", f"dsr-desk plan {other.ref}")
    rows = former.of(tx, request)
    back = corrections.undoing(rows.values(), ref)
    found = record.get(tx, ref, "plan-search", SearchResult)
    subjects = tuple(s.path for s in found.subjects) if found else request.facts.subjects
    facts = request.facts
    identity = tuple(dict.fromkeys((*facts.identity, *_new_identifiers(tx, ref))))
    return request, Facts(identity, subjects=subjects, corrections=back, undoes=ref, note=reason)


def _new_identifiers(tx: Tx, ref: str) -> list[tuple[str, str]]:
    """What stands in place of an identifier that was corrected: the old one leads nowhere any more."""
    plan, found = record.get(tx, ref, "plan", Plan), record.get(tx, ref, "plan-search", SearchResult)
    known = [(i.kind, normals(i.kind, i.value)) for i in found.identity if i.followed] if found else []
    return [
        (kind, text)
        for step in (plan.steps if plan else ())
        for name, value in step.writes.items()
        for kind, forms in known
        if forms & normals(kind, step.before.get(name)) and (text := as_text(value)) and normals(kind, value)
    ]
