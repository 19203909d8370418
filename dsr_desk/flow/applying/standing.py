"""How a request stands, and what that allows: closed, at work, half done, or written to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace

from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import four_eyes, record
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request
from dsr_desk.model.result import ApplyResult
from dsr_desk.store.journal import JournalRow
from dsr_desk.store.tx import Tx

#: The parts that a plan is made of, and under which names they are kept when it falls after an earlier one was carried out.
LAST = {"plan": "last-plan", "plan-search": "last-search"}


def not_closed(request: Request) -> Request:
    """The request; ``RefusedError`` where it is closed."""
    if request.stage == "closed":
        raise RefusedError(f"{request.ref} is closed.", "Open a new request.")
    return request


def not_at_work(tx: Tx, ref: str) -> None:
    """``RefusedError`` while a run holds the request: a plan that fell under its feet would be taken for what it did."""
    tx.release(ref, tx.lease(ref, secrets.token_hex(8), 1.0))


def written(tx: Tx, ref: str) -> bool:
    """Whether a run has begun to write, so that the person's rows may be gone."""
    return any(row.state in ("intent", "committing", "done") for row in tx.journal_rows(ref))


def run_states(rows: Iterable[JournalRow]) -> dict[str, str]:
    """How far the runs of a request came in each system, by its journal.

    ``intent``: it meant to. ``committing``: its commit may have happened. ``done``; ``settled`` (a person looked); ``""``: it was
    refused before it wrote anything.
    """
    states: dict[str, str] = {}
    for row in rows:
        here = states.get(row.system, "")
        match row.state:
            case "intent" | "blocked" | "doubt" if here == "committing":
                continue  # a later try that came to nothing doesn't tell what became of the first
            case "blocked" | "drift":
                states[row.system] = ""  # rolled back; or the driver looked, and ours is not what is there
            case state:
                states[row.system] = state
    return states


def half_done(tx: Tx, ref: str) -> list[str]:
    """The systems in which a run may have committed and did not say so. One that only meant to has written nothing."""
    return [system for system, state in run_states(tx.journal_rows(ref)).items() if state in ("committing", "doubt")]


def finished(tx: Tx, request: Request) -> Request:
    """The request; ``RefusedError`` in the middle of a run: what it wrote has to be finished or settled first."""
    systems = half_done(tx, request.ref)
    if systems:
        raise RefusedError(
            f"A run on {', '.join(systems)} was interrupted and is not finished.",
            "Apply again first: it finishes the run.",
        )
    return request


def drop_plan(tx: Tx, request: Request) -> Request:
    """A plan that no longer says what was decided falls, with its approval, unless something of it was already written.

    What an earlier plan of the request wrote is not forgotten with it: what the search had known then stays (``last``).
    """
    if request.stage not in ("search", "review", "plan", "approve", "apply") or begun(tx, request):
        return request
    changed = replace(request, stage="search" if request.stage == "search" else "review")
    for part, kept in LAST.items():
        before = tx.unseal(request.ref, part) if written(tx, request.ref) else None
        if before is not None:
            tx.seal(request.ref, kept, before)
    for part in (*LAST, "plan-key", *four_eyes.PARTS, "applied"):
        tx.drop(request.ref, part)
    tx.put_request(changed)
    return changed


def last(tx: Tx, ref: str) -> tuple[Plan, SearchResult] | None:
    """The plan of a request and what it was made on; where it fell after something was written, the one that fell."""
    for plan, search in (tuple(LAST), tuple(LAST.values())):
        made, found = record.get(tx, ref, plan, Plan), record.get(tx, ref, search, SearchResult)
        if made is not None and found is not None:
            return made, found
    return None


def begun(tx: Tx, request: Request) -> bool:
    """Whether a run of the current plan wrote something, or may have, even one that was killed before it could say how it went."""
    done, plan = record.get(tx, request.ref, "applied", ApplyResult), record.get(tx, request.ref, "plan", Plan)
    rows = tx.journal_rows(request.ref, plan.digest) if plan is not None and plan.digest else []
    states = {state for state in run_states(rows).values() if state not in ("", "intent")}
    return bool(states) or (done is not None and done.status != "refused")


def cut_short(tx: Tx, request: Request) -> bool:
    """Whether a run wrote something and did not come to its end: it was killed, or a system is left to do."""
    if request.stage == "closed" or not written(tx, request.ref):
        return False
    applied = record.get(tx, request.ref, "applied", ApplyResult)
    return applied is None or applied.status != "applied" or bool(half_done(tx, request.ref))
