"""The safe lock: what the tokens of a request stand for can be read with its key, and by nobody once that is shredded.

The key is a sealed part of the request that outlives its close (Art. 17(3): tokens stay on a ground). Shredding destroys it for
good: its bytes leave the workspace's files. A backup it does not reach; and what the request's own sealed file says of its rows
goes when that file's retention ends.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial

from dsr_desk import strategies
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, DeskError, RefusedError
from dsr_desk.flow.applying import record, standing
from dsr_desk.flow.planning.values import Keys
from dsr_desk.flow.proving import clock
from dsr_desk.flow.review import SHORTEST_REASON, checked_reason
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Lookup, RowRef
from dsr_desk.model.lock import Opened, Opening, SafeLock, Shredded, TokenPlace, Told
from dsr_desk.model.plan import Plan, Step
from dsr_desk.model.request import Request
from dsr_desk.model.result import ApplyResult
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value
from dsr_desk.plugins import plugins
from dsr_desk.store.session import now
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace
from dsr_desk.store.workspace_keys import LINK
from dsr_desk.strategies.base import Strategy

_PART, _KEY = "lock", "lock-key"
_GONE = "The row is not there any more."
_CHANGED = "The field holds no token of this lock any more."


def keys(workspace: Workspace, ref: str) -> Keys:
    """The keys of a new plan: a fresh one for its rows, and those that the request and the workspace have, or get now."""
    with workspace.read() as tx:
        request, lock, link = tx.unseal(ref, "request-key"), tx.unseal(ref, _KEY), tx.workspace_key(LINK)
    if link is None:
        with workspace.write() as tx:
            link = tx.make_workspace_key(LINK)
    return Keys(secrets.token_bytes(32), request or secrets.token_bytes(32), lock or secrets.token_bytes(32), link)


def keep(tx: Tx, ref: str, plan: Plan, known: Keys) -> None:
    """Keep the key of the safe lock, where the plan has tokens."""
    if any(True for _ in _places(plan.steps)):
        tx.seal(ref, _KEY, known.lock)


def put(tx: Tx, request: Request, plan: Plan, system: str) -> None:
    """Remember where the tokens of a system stand that was just written, and let the trail say that there are some."""
    fresh = {(p.ref, p.field): p for p in _places(s for s in plan.steps if s.ref.system == system)}
    if not fresh:
        return
    lock = record.get(tx, request.ref, _PART, SafeLock) or SafeLock()
    known = {(p.ref, p.field): p for p in lock.places}
    same = {place: p for place, p in known.items() if place in fresh and fresh[place].token == p.token}
    places = tuple({**known, **fresh, **same}.values())
    record.put(tx, request.ref, _PART, replace(lock, places=places, shredded=""))
    tx.append("lock.put", {"case": request.case, "digest": plan.digest, "system": system, "tokens": len(fresh)})


def of(tx: Tx, ref: str) -> SafeLock | None:
    """The safe lock of a request, or ``None`` where it never wrote a token."""
    return record.get(tx, ref, _PART, SafeLock)


def open_lock(workspace: Workspace, systems: Systems, request: Request, reason: str, cancel: Cancel) -> Opened:
    """Read the rows again and say what each token stands for. The trail says so before anything is told.

    ``UsageError`` without a reason; ``RefusedError`` where there are no tokens, and once the lock is shredded.
    """
    text = checked_reason(reason, SHORTEST_REASON)
    with workspace.write() as tx:
        lock = of(tx, request.ref)
        if lock is None:
            raise RefusedError(f"{request.ref} has written no tokens.", "There is nothing that its safe lock could open.")
        key = tx.unseal(request.ref, _KEY)
        if lock.shredded or key is None:
            raise RefusedError(f"The safe lock of {request.ref} was shredded.", "Nothing can tell what its tokens stood for.")
        opening = Opening(now(), workspace.operator.name, text)
        record.put(tx, request.ref, _PART, replace(lock, openings=(*lock.openings, opening)))
        entry = tx.append("lock.open", {"case": request.case, "tokens": len(lock.places)})
    held, unread = _held(systems, lock.places, cancel)
    told = (_told(p, held.get((p.ref, p.field), {}), key) for p in lock.places if p.ref.system not in unread)
    return Opened(request.ref, tuple(told), entry.seq, unread)


def shred(workspace: Workspace, request: Request) -> Shredded:
    """Destroy the key for good.

    ``RefusedError`` where there is none, while a plan with tokens is not carried out to its end, and where the clock went back.
    """
    with workspace.write() as tx:
        standing.not_at_work(tx, request.ref)
        lock = of(tx, request.ref) or SafeLock()
        if tx.unseal(request.ref, _KEY) is None:
            what = "was shredded before" if lock.shredded else "has no key: it wrote no tokens"
            raise RefusedError(f"The safe lock of {request.ref} {what}.", "There is nothing to shred.")
        _not_half_done(tx, request)
        clock.stands_right(tx)
        tx.drop(request.ref, _KEY)
        record.put(tx, request.ref, _PART, replace(lock, places=(), shredded=now()))
        entry = tx.append("lock.shred", {"case": request.case, "tokens": len(lock.places)})
    return Shredded(request.ref, len(lock.places), entry.seq, workspace.empty_log())


def _not_half_done(tx: Tx, request: Request) -> None:
    plan, applied = record.get(tx, request.ref, "plan", Plan), record.get(tx, request.ref, "applied", ApplyResult)
    waits = plan is not None and plan.digest and any(True for _ in _places(plan.steps))
    if request.stage != "closed" and waits and (applied is None or applied.status != "applied"):
        raise RefusedError(
            f"A plan of {request.ref} would write tokens that nobody could ever open.",
            "Carry it out, or plan anew; then shred.",
        )


def _places(steps: Iterable[Step]) -> Iterator[TokenPlace]:
    known = plugins(strategies, Strategy)
    reversible = {name for name, strategy in known.items() if strategy.reversible}
    for step in steps:
        for name, outcome in step.fields.items():
            token = step.writes.get(name)
            if outcome.strategy in reversible and outcome.name == "pseudonymised" and isinstance(token, str):
                kind = type(step.before.get(name)).__name__
                yield TokenPlace(step.ref, step.key, name, token, outcome.strategy, kind)


_Found = dict[tuple[RowRef, str], Mapping[str, Value]]


def _held(systems: Systems, places: tuple[TokenPlace, ...], cancel: Cancel) -> tuple[_Found, dict[str, str]]:
    """What stands in every place now, and the systems that could not be read."""
    found: _Found = {}
    unread: dict[str, str] = {}
    mine: dict[str, list[TokenPlace]] = {}
    for place in places:
        mine.setdefault(place.ref.system, []).append(place)
    for name, listed in list(mine.items()):
        known = systems.catalog.systems.get(name)
        if known is None or any(p.ref.collection not in known.collections for p in listed):
            unread[name] = "The catalog does not list it any more."
            del mine[name]
    for name, future in systems.each(list(mine), lambda d: _read(d, mine[d.system.name], cancel)):
        try:
            rows: _Found = result(future)
            found |= rows
        except CancelledError:
            raise
        except DeskError as error:
            unread[name] = f"{error.message} {error.hint}"
    return found, unread


def _read(driver: Driver, places: list[TokenPlace], cancel: Cancel) -> _Found:
    """The rows of these places: by their key; where rows have none, and so move, by the token itself."""
    keyed = {p.ref: p.key for p in places if driver.collection(p.ref.collection).key}
    rows = {row.ref: row.values for row in driver.read(keyed.items(), cancel)} if keyed else {}
    found = {(p.ref, p.field): rows[p.ref] for p in places if p.ref in rows}
    moving = [p for p in places if p.ref not in keyed]
    lookups = [Lookup(p.ref.collection, (p.field,), ((p.token,),)) for p in moving]
    for hits in driver.find(lookups, cancel) if lookups else ():
        found |= {(moving[h.lookup].ref, moving[h.lookup].field): h.row.values for h in hits}
    return found


def _told(place: TokenPlace, values: Mapping[str, Value], key: bytes) -> Told:
    if not values:
        return Told(place, why=_GONE)
    known = plugins(strategies, Strategy)[place.strategy]()
    try:
        text = known.back(values.get(place.field), Column(place.field, "any"), {}, key)
    except RefusedError:
        return Told(place, why=_CHANGED)
    return Told(place, _typed(text, place.kind))


_TYPES: Mapping[str, Callable[[str], Value]] = {
    "int": int,
    "float": float,
    "Decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "bytes": bytes.fromhex,
    "bool": partial(str.__eq__, "true"),
}


def _typed(text: Value, kind: str) -> Value:
    """The value in the type that it had, as far as its text tells."""
    if isinstance(text, str) and kind in _TYPES:
        with suppress(ValueError, ArithmeticError):
            return _TYPES[kind](text)
    return text
