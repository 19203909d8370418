"""Plan: every field of every finding gets its outcome, new values are fixed, and one digest covers it all."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dsr_desk import rights
from dsr_desk.audit.canonical import canonical
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.planning import foresee, order, refuse, relied
from dsr_desk.flow.planning.blocks import Blocks
from dsr_desk.flow.planning.caution import cautions
from dsr_desk.flow.planning.detach import clearable, detached
from dsr_desk.flow.planning.pointers import pointers
from dsr_desk.flow.planning.told import Earlier, cured, fitted, ready
from dsr_desk.flow.planning.values import Keys, Values
from dsr_desk.flow.receiving.many import undecided
from dsr_desk.flow.search import Searched
from dsr_desk.flow.searching.answers import Answers
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import making_many, result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.codec import encode
from dsr_desk.model.event import Step as StepEvent
from dsr_desk.model.event import Tell
from dsr_desk.model.finding import Finding, RowRef, SearchResult
from dsr_desk.model.identity import normals
from dsr_desk.model.plan import Plan, Step, Watch, Work
from dsr_desk.model.request import Request
from dsr_desk.model.schema import Schema
from dsr_desk.plugins import plugins
from dsr_desk.rights.base import Case, Right

#: A plan that nobody approved and applied within this time has to be made again.
LIFETIME = timedelta(hours=24)


def right_of(name: str) -> Right:
    """The right of that name; ``UsageError`` where there is none."""
    known: Mapping[str, type[Right]] = plugins(rights, Right)
    if name not in known:
        raise UsageError(f"There is no right called {name!r}.", f"Use one of: {', '.join(sorted(known))}.")
    return known[name]()


def case_of(systems: Systems, request: Request, found: SearchResult) -> Case:
    """What a right may look at."""
    identity: dict[str, set[str]] = {}
    for identifier in found.identity:
        if identifier.followed:
            origin = identifier.origin
            region = systems.catalog.systems[origin.system].region if origin else None
            identity.setdefault(identifier.kind, set()).update(normals(identifier.kind, identifier.value, region))
    return Case(
        systems.catalog,
        found.findings,
        {d.ref: d for d in request.facts.decisions},
        frozenset(found.subjects),
        {kind: frozenset(forms) for kind, forms in identity.items()},
        request.facts.ground,
    )


def digest_of(plan: Plan) -> str:
    """SHA-256 (hex) over the RFC 8785 form of the whole plan but its digest."""
    return hashlib.sha256(canonical(encode(replace(plan, digest="")))).hexdigest()


def work_of(plan: Plan, system: str, key: bytes) -> Work:
    """One system's part of a plan, as its driver takes it. Rows that only people deal with, or that are left out, are no part."""
    steps = tuple(s for s in plan.steps if s.ref.system == system and s.digest)
    return Work(system, steps, plan.watches.get(system, ()), key, system in plan.compact)


@making_many()
def make(
    systems: Systems,
    request: Request,
    searched: Searched,
    keys: Keys,
    blocks: Blocks,
    tell: Tell,
    cancel: Cancel,
    earlier: Earlier = Earlier(),  # noqa: B008  # frozen
) -> Plan:
    """The plan of a request on a fresh, complete search. ``blocks`` is what stands against it beyond the systems.

    ``earlier`` is what it has to know of the request that it lifts or undoes.

    Raises ``RefusedError`` (exit 3) where the search is ambiguous or not complete.
    """
    found = searched.result
    _complete(found)
    right = right_of(request.right)
    prepared = ready(systems, request, case_of(systems, request, found), earlier, cancel)
    rows = {f.ref: f for f in prepared.case.findings}
    own = detached(prepared.case, list(right.intents(prepared.case)))
    pointing = pointers(systems, rows, own, cancel)
    intents = list(pointing.intents.values())
    rows |= pointing.rows
    schemas = _schemas(systems, {i.ref.system for i in intents}, tell)
    intents, unfit = fitted(schemas, rows, intents)
    intents, bound = clearable(systems.catalog, schemas, intents)
    values = Values(systems.catalog, schemas, keys)
    ordered = order.Ordered()
    for name in systems.catalog.systems:
        mine = [values.step(i, rows[i.ref]) for i in intents if i.ref.system == name]
        ordered += order.in_order(mine, systems.catalog.systems[name], schemas.get(name))
    steps = ordered.steps
    problems = [
        *prepared.refusals,
        *unfit,
        *bound,
        *blocks.refusals(systems.catalog, request, found, steps),
        *values.refusals,
        *pointing.refusals,
        *ordered.refusals,
        *refuse.doubled(r for r in searched.answers.doubled if r in rows),
    ]
    changing = [n for n in schemas if any(s.changes for s in steps if s.ref.system == n)]
    for name in changing:
        mine = _of(name, steps)
        problems += refuse.refusals(systems.catalog.systems[name], schemas[name], mine)
    now = datetime.now(UTC).replace(microsecond=0)
    plan = Plan(
        request.ref,
        request.right,
        secrets.token_hex(32),
        systems.catalog.digest,
        now.isoformat(),
        (now + LIFETIME).isoformat(),
        tuple(steps),
        {n: _watches(n, searched.answers, rows, found) for n in changing},
        manual_systems=tuple(s.system for s in found.systems if s.status == "manual"),
        waived=tuple(s.system for s in found.systems if s.status == "waived"),
        compact=tuple(n for n in changing if systems.catalog.systems[n].compact),
        relied=tuple(f for n in changing for f in relied.facts(systems.catalog.systems[n], schemas[n], _of(n, steps))),
    )
    works = {n: work_of(plan, n, keys.plan) for n in changing}
    plan = replace(plan, steps=tuple(foresee.with_reach(systems, plan.steps, works, cancel)))
    works = {n: work_of(plan, n, keys.plan) for n in changing}
    problems += foresee.there_already(systems, schemas, plan.steps, cancel)
    problems += foresee.rehearsed(systems, schemas, works, problems, tell, cancel)
    plan = replace(
        plan, refusals=tuple(dict.fromkeys(cured(request, problems))), cautions=cautions(systems, schemas, plan, rows, cancel)
    )
    return plan if plan.refusals else replace(plan, digest=digest_of(plan))


def _of(system: str, steps: Iterable[Step]) -> list[Step]:
    return [s for s in steps if s.ref.system == system]


def _complete(found: SearchResult) -> None:
    lines = undecided(found)
    if lines:
        raise RefusedError(
            f"People of the list may be several each: line {lines}. Nobody is planned for until each is decided.",
            "Give another identifier, open a request of its own, or leave each out with a reason.",
            "dsr-desk plan REF --exclude-person LINE --reason TEXT",
        )
    if found.ambiguous:
        raise RefusedError(
            f"The search stopped: what was given leads to {len(found.ambiguous)} rows that may be different people.",
            "Give another identifier, or say who the person is.",
            "dsr-desk plan REF --subject SYSTEM/COLLECTION/KEY",
        )
    failed = [s for s in found.systems if s.status == "failed"]
    if failed:
        raise RefusedError(
            f"No plan on an incomplete search: {', '.join(s.system for s in failed)} could not be searched.",
            f"{failed[0].error} {failed[0].hint} Then try again, or waive the system with a reason.".strip(),
        )


def _schemas(systems: Systems, names: Iterable[str], tell: Tell) -> dict[str, Schema]:
    schemas: dict[str, Schema] = {}
    wanted = [n for n in systems.catalog.systems if n in set(names)]
    for name in wanted:
        tell(StepEvent(name, "checking", text="live schema"))
    for name, future in systems.each(wanted, lambda d: d.schema()):
        schemas[name] = result(future)
    return {n: schemas[n] for n in wanted}


def _watches(system: str, answers: Answers, findings: Mapping[RowRef, Finding], found: SearchResult) -> tuple[Watch, ...]:
    """The questions that led to this person's rows, to be asked again under lock: a new row is drift, too.

    Questions that only told whose a row is, those of identifiers that were not followed, and mentions are left to the second
    search after the change.
    """
    dropped = {(n.identifier.kind, n.identifier.value) for n in found.not_followed}
    watches = []
    for group, told in answers.asked(system):
        if group.mention:
            continue
        values = [
            value
            for value, refs in told.items()
            if not refs or any(r in findings for r in refs)
            if group.kind is None or (group.kind, value[0]) not in dropped
        ]
        if values:
            expected = dict.fromkeys(r for v in values for r in told[v])
            watches.append(Watch(group.lookup(values), tuple(expected)))
    return tuple(watches)
