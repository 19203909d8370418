"""Extend: two further months to answer, where a request is complex, or there are many (Art. 12(3))."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.plan import right_of
from dsr_desk.flow.review import SHORTEST_REASON, checked_reason
from dsr_desk.model.due import due_date, long_date
from dsr_desk.model.request import Request
from dsr_desk.store.workspace import Workspace

#: How long the whole period is, from the receipt, once it was extended.
MONTHS = 3


def extend(workspace: Workspace, request: Request, reason: str, told: date) -> Request:
    """Move the day on which the answer is due to three months after the receipt; the trail says so, and the report why.

    ``told`` is the day on which the person was told of it, with the reason. ``RefusedError`` where nobody waits for an answer, it
    was extended before, or they were told after the first month: then the extension does not count.
    """
    text = checked_reason(reason, SHORTEST_REASON)
    facts = request.facts
    if facts.by_controller or not right_of(request.right).asked:
        raise RefusedError(f"Nobody waits for an answer to {request.ref}.", "It has no period that could be extended.")
    if facts.extended:
        raise RefusedError(f"{request.ref} was extended before.", "The law knows one extension: answer by the day that it gave.")
    if facts.answered is not None:
        raise RefusedError(f"{request.ref} is answered already.", "Nothing has to be extended.")
    if not request.received <= told <= date.today():
        raise UsageError("The day on which the person was told can't be right.", "Give a day between the receipt and today.")
    if told > request.due.on:
        why = f"The first month ended on {long_date(request.due.on)}, and the person has to be told of an extension within it."
        raise RefusedError(why, "Answer the request now: it can't be extended any more (Art. 12(3)).")
    due = due_date(request.received, workspace.settings.country, workspace.settings.subdivision, MONTHS)
    changed = replace(request, due=due, facts=replace(facts, extended=text, extended_told=told))
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("case.extend", {"case": request.case, "due": due.on.isoformat()})
    return changed
