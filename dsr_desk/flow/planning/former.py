"""What a request has written over so far, from its plans and its journal: to lift it, or to take it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dsr_desk.flow.applying import record, standing
from dsr_desk.model.finding import RowRef
from dsr_desk.model.former import Former, Formers, How
from dsr_desk.model.plan import Plan, Step
from dsr_desk.model.request import Request
from dsr_desk.model.result import ApplyResult
from dsr_desk.rights.base import BY_HAND
from dsr_desk.store.tx import Tx

_PART = "former"
#: The rights whose effect a later request may end or take back.
_TAKEN_BACK = ("rectification", "restriction", "lifting")
_TOLD = ("changed", "manual", "retained", "excluded")
_HOW: dict[str, How] = {"given": "given", "flag": "flag", "former": "former", "moved": "moved", "kept": "kept", BY_HAND: "by hand"}


def of(tx: Tx, request: Request) -> dict[RowRef, Former]:
    """Every row in which the request has put a told value, by where the row lies now.

    What stood there first counts, however often the request was planned anew. A row that already held what was told is one, too,
    and one that a person dealt with by hand, once they said so.
    """
    earlier = record.get(tx, request.ref, _PART, Formers) or Formers()
    rows = {f.row: f for f in earlier.rows}
    plan = record.get(tx, request.ref, "plan", Plan)
    if plan is None:
        return rows
    journal = tx.journal_rows(request.ref, plan.digest)
    done = {row.system: row.at for row in journal if row.state == "done"}
    states = standing.run_states(journal)
    applied = record.get(tx, request.ref, "applied", ApplyResult)
    whole = applied is not None and applied.status == "applied"
    answered = {path for t in tx.tasks(request.ref) if not t.open for path in t.rows}
    for step in plan.steps:
        there = states.get(step.ref.system) in ("done", "settled") or (whole and not step.changes)
        if there if step.action != "manual" else step.ref.path in answered:
            _add(rows, _former(step, done.get(step.ref.system, plan.made)))
    return rows


def keep(tx: Tx, request: Request) -> None:
    """Keep what was written over, before another plan takes the place of the one that did it."""
    rows = of(tx, request) if request.right in _TAKEN_BACK else {}
    if rows:
        record.put(tx, request.ref, _PART, Formers(tuple(rows.values())))


def _former(step: Step, at: str) -> Former | None:
    told = {n: _HOW[o.strategy] for n, o in step.fields.items() if o.name in _TOLD and o.strategy in _HOW}
    how = next(iter(told.values()), None)
    if how is None:
        return None
    if how in ("moved", "by hand", "kept"):
        row = RowRef(step.ref.system, step.to, step.ref.key) if step.to else step.ref
        return Former(step.ref, row, how, step.key, origin=step.ref.collection if step.to else "", at=at)
    before = {n: step.before.get(n) for n in told}
    return Former(step.ref, step.ref, how, step.key, before, {n: step.writes.get(n, before[n]) for n in told}, at=at)


def _add(rows: dict[RowRef, Former], new: Former | None) -> None:
    if new is None:
        return
    old = rows.get(new.row)
    if old is None:
        rows[new.row] = new
    else:
        rows[new.row] = replace(old, before={**new.before, **old.before}, told={**old.told, **new.told})


def first(chain: Iterable[Former]) -> Former:
    """One row as several requests in turn found it: what stood there before the first of them wrote."""
    head, *later = chain
    for former in later:
        head = replace(former, before={**former.before, **head.before}, origin=head.origin or former.origin)
    return head
