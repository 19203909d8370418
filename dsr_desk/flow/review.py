"""Review: a person decides what is this person's, waives what can't be searched, and looks at single values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dsr_desk.errors import UsageError
from dsr_desk.flow.receive import now
from dsr_desk.flow.search import checked_identity
from dsr_desk.model.finding import Identifier, RowRef, SearchResult
from dsr_desk.model.request import Decision, Request
from dsr_desk.model.values import Value
from dsr_desk.store.workspace import Workspace

#: The shortest reason that says anything, in characters.
SHORTEST_REASON = 10


def checked_reason(reason: str, shortest: int = 3) -> str:
    """The reason, trimmed; ``UsageError`` where it is too short to be one."""
    text = reason.strip()
    if len(text) < shortest:
        raise UsageError("The reason is missing or too short.", f"Give a reason of {shortest} characters or more.")
    return text


def decide_rows(
    workspace: Workspace, request: Request, rows: Iterable[RowRef], include: bool, reason: str, known: Iterable[RowRef] | None
) -> Request:
    """Include rows, or leave them out, with a reason. A later decision on a row replaces the earlier one.

    ``UsageError`` for a row that the request's search did not find (``known``).
    """
    text = checked_reason(reason)
    wanted = list(dict.fromkeys(rows))
    if known is not None:
        for ref in set(wanted) - set(known):
            raise UsageError(
                f"The search found no row {ref.system}/{ref.collection} with that key.", "Copy the row from the search or the plan."
            )
    fresh = {ref: Decision(ref, include, text, workspace.operator.name, now()) for ref in wanted}
    kept = tuple(d for d in request.facts.decisions if d.ref not in fresh)
    changed = replace(request, facts=replace(request.facts, decisions=(*kept, *fresh.values())))
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("review.set", {"case": request.case, "rows": len(fresh), "include": include})
    return changed


def choose_subjects(workspace: Workspace, request: Request, rows: Sequence[RowRef], reason: str) -> Request:
    """Record which rows are the person, after a search that led to several people."""
    checked_reason(reason)
    _one_person(request)
    subjects = tuple(dict.fromkeys((*request.facts.subjects, *(r.path for r in rows))))
    changed = replace(request, facts=replace(request.facts, subjects=subjects))
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("review.set", {"case": request.case, "subjects": len(rows)})
    return changed


def switch(workspace: Workspace, request: Request, identifier: Identifier, on: bool) -> Request:
    """Follow an identifier, or don't. The next search keeps to it."""
    pair = (identifier.kind, identifier.value)
    off = tuple(p for p in request.facts.off if p != pair)
    changed = replace(request, facts=replace(request.facts, off=off if on else (*off, pair)))
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("review.set", {"case": request.case, "identifiers": 1, "include": on})
    return changed


def add_identifier(workspace: Workspace, request: Request, kind: str, value: str) -> Request:
    """One more given identifier; ``UsageError`` where it is empty or absurd."""
    _one_person(request)
    pairs = checked_identity([*request.facts.identity, (kind, value)])
    changed = replace(request, facts=replace(request.facts, identity=pairs))
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("review.set", {"case": request.case, "identifiers": 1, "include": True})
    return changed


def _one_person(request: Request) -> None:
    """``UsageError`` where the request is over a list: what was said would not tell of whom."""
    if request.facts.people:
        raise UsageError(
            f"{request.ref} is over a list of people.", "Leave the person out of it, and open a request of their own for them."
        )


def waive(workspace: Workspace, request: Request, system: str, reason: str, systems: Iterable[str]) -> Request:
    """Go on without a system that can't be searched; the report prints the reason."""
    if system not in set(systems):
        raise UsageError("The catalog has no system of that name.", "Name it as the search lists it.")
    text = checked_reason(reason, SHORTEST_REASON)
    changed = replace(request, facts=replace(request.facts, waived={**request.facts.waived, system: text}))
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("search.waive", {"case": request.case, "system": system})
    return changed


def reveal(workspace: Workspace, request: Request, found: SearchResult | None, row: RowRef, field: str) -> tuple[Value, int]:
    """One value in clear, and the number of the trail entry that says so."""
    finding = next((f for f in found.findings if f.ref == row), None) if found else None
    if finding is None or field not in finding.row.values:
        raise UsageError("The search holds no such value.", "Search again.")
    with workspace.write() as tx:
        entry = tx.append("reveal", {"case": request.case, "system": row.system, "values": 1})
    return finding.row.values[field], entry.seq
