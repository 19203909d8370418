"""Rows whose processing is restricted (Art. 18): nothing of ours changes them until the restriction is lifted.

A restriction stands from the moment it was applied until a lifting request was, whether its own request is closed or not. Other
programs are not bound by it: the mark, or the place where a row was set aside, is all that they see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import record
from dsr_desk.flow.applying.standing import cut_short
from dsr_desk.flow.planning import chains, former
from dsr_desk.flow.receiving.called import called
from dsr_desk.model.catalog import Catalog, Collection
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.former import IN_SYSTEM, Former, Restriction
from dsr_desk.model.plan import Plan, Refusal, Step
from dsr_desk.model.request import Request
from dsr_desk.model.result import ApplyResult
from dsr_desk.model.values import Value
from dsr_desk.rights.base import alike
from dsr_desk.store.tx import Tx

RESTRICTION, LIFTING = chains.RIGHTS


@dataclass
class _Standing:
    """One restriction request: the rows that it restricts, those it left to another one that restricts them, too, and its ends."""

    told: chains.Told
    rows: dict[RowRef, Former]
    passed: dict[RowRef, Former] = field(default_factory=dict)
    ends: list[chains.Told] = field(default_factory=list)

    @property
    def request(self) -> Request:
        return self.told.request


def rows(tx: Tx) -> dict[RowRef, str]:
    """Every row that a request of this workspace has restricted and none has lifted: row → that request's reference."""
    found: dict[RowRef, str] = {}
    for standing in _standing(tx):
        for row in standing.rows:
            found.setdefault(row, standing.request.ref)
    return found


def marked(catalog: Catalog, found: SearchResult) -> dict[RowRef, str]:
    """The rows of a search that bear their collection's mark, whoever set it: row → ``IN_SYSTEM``."""
    return {
        f.ref: IN_SYSTEM for f in found.findings if _holds_mark(catalog.collection(f.ref.system, f.ref.collection), f.row.values)
    }


def restrictions(tx: Tx) -> list[Restriction]:
    """The restrictions that stand, the oldest first."""
    return [
        Restriction(s.request.ref, min(f.at for f in s.rows.values()), s.request.facts.ground, tuple(s.rows), _lifting(s))
        for s in _standing(tx)
        if s.rows
    ]


def closed(tx: Tx, request: Request) -> None:
    """A request was closed: from now on no restriction is looked at that restricts nothing any more, and hands nothing on."""
    if request.right not in chains.RIGHTS:
        return
    every = _standing(tx)
    held = {row for s in every for row in s.rows}
    matter = [s for s in every if s.request.stage != "closed" or _lifting(s) or s.rows or held & s.passed.keys()]
    chains.keep(tx, [told for s in matter for told in (s.told, *s.ends)])


def matters(tx: Tx, ref: str) -> bool:
    """Whether a restriction is still needed, to know what is restricted, and what stood there before it."""
    every = _standing(tx)
    held = {row for s in every for row in s.rows}
    return any(s.rows or held & s.passed.keys() or _lifting(s) for s in every if s.request.ref == ref)


def to_lift(tx: Tx, ref: str) -> tuple[dict[RowRef, Former], dict[RowRef, str]]:
    """What one restriction has restricted and nobody lifted, and which of these rows another request restricts, too.

    Of a row that several requests restricted in turn, what stood there before the first of them counts.
    """
    every = _standing(tx)
    also: dict[RowRef, str] = {}
    for other in every:
        if other.request.ref != ref:
            also |= dict.fromkeys(other.rows, other.request.ref)
    mine = next((s for s in every if s.request.ref == ref), None)
    chains: dict[RowRef, Former] = {}
    for row, own in (mine.rows if mine else {}).items():
        chains[row] = former.first([*(s.passed[row] for s in every if row in s.passed), own])
    return chains, {row: other for row, other in also.items() if row in chains}


def may_lift(tx: Tx, ref: str) -> Request:
    """The restriction request; ``RefusedError`` unless it stands, as a whole, and nobody is about to lift it.

    Half of one could be lifted, and its run then go on to restrict the other half, of which nothing would be left to lift.
    """
    request = tx.request(ref)
    standing = next((r for r in restrictions(tx) if r.request == ref), None)
    if standing is None:
        what = "restricts nothing (yet)" if request.right == RESTRICTION else f"is {called(request.right)}"
        raise RefusedError(f"{ref} {what}, so there is nothing to lift.", "See what is restricted.", "dsr-desk request list")
    if standing.lifting:
        raise RefusedError(f"{standing.lifting} already lifts {ref}.", "Go on with it.", f"dsr-desk plan {standing.lifting}")
    if cut_short(tx, request):
        raise RefusedError(f"{ref} has not been applied to the end.", "Finish it first.", f"dsr-desk apply {ref}")
    return request


def refusals(known: Mapping[RowRef, str], catalog: Catalog, request: Request, steps: Iterable[Step]) -> Iterator[Refusal]:
    """The restricted rows that a plan would change, one refusal a collection and restriction."""
    groups: dict[tuple[str, str, str], int] = {}
    for step in steps:
        collection = catalog.collection(step.ref.system, step.ref.collection)
        if not step.changes or _allowed(request, step, collection, known.get(step.ref)):
            continue
        since = known.get(step.ref)
        if since is not None or _flagged(step, collection):
            group = (step.ref.system, step.ref.collection, since or "")
            groups[group] = groups.get(group, 0) + 1
    for (system, name, since), count in groups.items():
        records = f"{count} record{'s' if count > 1 else ''}"
        if since:
            why, cure = f"{records} restricted since {since} (Art. 18)", "Lift it first"
        else:
            why = f"{records} marked as restricted, by no request of this workspace (Art. 18)"
            cure = "Take the mark away in the system itself, if its restriction has ended"
        yield Refusal(system, name, "", why, cure, since, f"dsr-desk request lift {since}" if since else "")


def not_restricted(tx: Tx, catalog: Catalog, request: Request, plan: Plan) -> None:
    """``RefusedError`` where rows of the plan have been restricted since it was made."""
    for refusal in refusals(rows(tx), catalog, request, plan.steps):
        what = f"{refusal.system}/{refusal.collection}: {refusal.why}. Nothing was written."
        raise RefusedError(what, f"{refusal.cure}.", refusal.command)


def _allowed(request: Request, step: Step, collection: Collection, since: str | None) -> bool:
    """Whether the change only restricts, or ends the very restriction that it is to end."""
    if request.right == LIFTING:
        return since in (None, request.facts.ends)
    mark = collection.on_restrict
    return request.right == RESTRICTION and mark is not None and step.writes.keys() <= mark.set.keys()


def _flagged(step: Step, collection: Collection) -> bool:
    return _holds_mark(collection, step.before)


def _holds_mark(collection: Collection, values: Mapping[str, Value]) -> bool:
    mark = collection.on_restrict
    if mark is None or not mark.set:
        return False
    return all(name in values and alike(value, values[name]) for name, value in mark.set.items())


def _standing(tx: Tx) -> list[_Standing]:
    """Every restriction request with what is left of it, in the order in which they came in."""
    every = chains.told(tx)
    found = {t.request.ref: _Standing(t, dict(t.rows)) for t in every if t.request.right == RESTRICTION}
    for told in every:
        request = told.request
        standing = found.get(request.facts.ends) if request.right == LIFTING else None
        if standing is None:
            continue
        standing.ends.append(told)
        for lifted in told.rows.values():
            row = standing.rows.pop(lifted.was, None)
            if row is not None and lifted.how == "kept":
                standing.passed[lifted.was] = row
        for gone in _gone(tx, request, standing):
            del standing.rows[gone]
    return list(found.values())


def _gone(tx: Tx, lifting: Request, standing: _Standing) -> list[RowRef]:
    """The restricted rows that were no longer there when the restriction was lifted."""
    plan, applied = record.get(tx, lifting.ref, "plan", Plan), record.get(tx, lifting.ref, "applied", ApplyResult)
    if plan is None or applied is None or applied.status != "applied":
        return []
    seen = {step.ref for step in plan.steps}
    return [row for row in standing.rows if row not in seen]


def _lifting(standing: _Standing) -> str:
    """The open request that is to end the restriction, or ``""``."""
    return next((t.request.ref for t in reversed(standing.ends) if t.request.stage != "closed"), "")
