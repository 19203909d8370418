"""Receive and identify: open a request, compute when it is due, record how the person was identified, and close it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.applying import record, standing
from dsr_desk.flow.plan import right_of
from dsr_desk.flow.planning import chains, holds, restricted
from dsr_desk.flow.receiving.called import begins, called
from dsr_desk.flow.receiving.many import identifier_batches, list_subject
from dsr_desk.flow.search import checked_identity
from dsr_desk.model.due import due_date
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.identity import CONFIRMING, commitment_form, normals
from dsr_desk.model.mask import mask
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Correction, DecisionName, Facts, Request, Task
from dsr_desk.model.result import ApplyResult, Approval, RequestSummary, Verification
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace


def now() -> str:
    """This moment, UTC, to the second, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def open_request(
    workspace: Workspace,
    right: str,
    identity: Iterable[tuple[str, str]],
    received: date,
    ground: str = "",
    subjects: Sequence[str] = (),
    tasks: Sequence[Task] = (),
    more: Facts = Facts(()),  # noqa: B008  # frozen
    may: Callable[[Tx], object] | None = None,
) -> Request:
    """A new request; ``tasks`` are what it asks of a person from the start, given without a request's reference.

    ``more`` has what else is known of it: its corrections, the request that it lifts or undoes. ``may`` raises where it may not be
    opened; it is asked inside the transaction that opens it, where nobody else comes between. ``UsageError`` for an unknown right
    or ground, an empty identifier, or a day of receipt that lies ahead.
    """
    wanted = right_of(right)
    if not wanted.asked and not more.ends:
        raise UsageError(f"{begins(right)} follows from an earlier one.", "Open it from that one.", "dsr-desk request lift REF")
    pairs = () if more.people else checked_identity(identity)
    if received > date.today():
        raise UsageError("The day of receipt lies in the future.", "Give the day on which the request arrived.")
    if ground and ground not in wanted.grounds:
        known = f"Use one of: {', '.join(wanted.grounds)}." if wanted.grounds else "Leave it out: it needs none."
        raise UsageError(f"That is no ground of {called(right)}.", known)
    if more.corrections and right != "rectification":
        raise UsageError(
            f"{begins(right)} corrects nothing.", "Open a rectification.", "dsr-desk request new --right rectification"
        )
    due = due_date(received, workspace.settings.country, workspace.settings.subdivision)
    for path in subjects:
        parsed(path)
    with workspace.write() as tx:
        if may is not None:
            may(tx)
        ref = tx.next_ref(received.year)
        facts = replace(more, identity=pairs, ground=ground, subjects=tuple(subjects))
        request = Request(ref, secrets.token_hex(16), right, received, due, "identify", facts, now())
        tx.put_request(request)
        chains.opened(tx, request)
        for task in tasks:
            tx.put_task(replace(task, request=ref))
        commitments = [tx.commit_to(ref, kind, commitment_form(kind, value)) for kind, value in pairs]
        listed = {"people": len(facts.people)} if facts.people else {}
        more_of_it = {**listed, **({"ground": ground} if ground else {}), **({"own": True} if facts.by_controller else {})}
        tx.append("case.open", {"case": request.case, "right": right, "identifiers": commitments, **more_of_it})
        for batch in identifier_batches(facts.people):
            commitments = [tx.commit_to(ref, kind, commitment_form(kind, value)) for kind, value in batch]
            tx.append("case.people", {"case": request.case, "identifiers": commitments})
    return request


def parsed(path: str) -> RowRef:
    """The row that ``path`` names; ``UsageError`` unless it is written SYSTEM/COLLECTION/KEY."""
    try:
        return RowRef.parse(path)
    except ValueError as error:
        raise UsageError(
            "A row is written SYSTEM/COLLECTION/KEY.", "Copy it from the search; the parts of a composite key are joined by commas."
        ) from error


def same_person(tx: Tx, identity: Iterable[tuple[str, str]]) -> list[str]:
    """The open requests that name one of these identifiers, too. Names and dates of birth prove nothing here."""
    wanted = {(kind, form) for kind, value in identity if kind not in CONFIRMING for form in normals(kind, value)}
    return [
        request.ref
        for request in tx.requests()
        if wanted & {(kind, form) for kind, value in request.facts.identity for form in normals(kind, value)}
    ]


def identify(workspace: Workspace, request: Request, how: str, asked: bool = False) -> Request:
    """Record how the person's identity was checked; ``asked`` where they were asked for more to confirm it (Art. 12(6))."""
    if len(how.strip()) < 3:
        raise UsageError("How the identity was checked is empty.", "Say it in a few words: passport seen, call back …")
    by = workspace.operator.name
    facts = replace(request.facts, identity_check=how.strip(), identity_checked=now(), identity_checked_by=by)
    facts = replace(facts, identity_asked=asked or facts.identity_asked)
    changed = replace(request, facts=facts, stage="search" if request.stage == "identify" else request.stage)
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("case.identify", {"case": request.case, **({"asked": True} if asked else {})})
    return changed


def correct(workspace: Workspace, request: Request, corrections: Iterable[Correction], withdrawn: Iterable[str] = ()) -> Request:
    """Add corrections to a rectification; one for the same place replaces the earlier one.

    ``withdrawn`` are places whose correction is no longer asked for. ``UsageError`` where there is none for one of them.
    """
    if request.right != "rectification":
        raise UsageError(f"{request.ref} is {called(request.right)} and corrects nothing.", "Open another one.")
    places = {place.strip() for place in withdrawn}
    if places - {c.where for c in request.facts.corrections}:
        raise UsageError(f"{request.ref} corrects nothing there.", "Name the place as it was given, without a value.")
    kept = (c for c in request.facts.corrections if c.where not in places)
    told = {(c.where, c.row): c for c in (*kept, *corrections)}
    changed = replace(request, facts=replace(request.facts, corrections=tuple(told.values())))
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("review.set", {"case": request.case, "corrections": len(told)})
    return changed


def decide(workspace: Workspace, request: Request, decision: DecisionName, reason: str, answered: date | None) -> Request:
    """Record what the controller decided and when the person was answered (Art. 12(3), 12(4)).

    Of a closed request only what nobody had recorded: the day of the answer, and a decision where the program recorded its own.
    """
    if decision not in ("granted", "partly", "refused"):
        raise UsageError("That is no decision.", "Use one of: granted, partly, refused.")
    if decision == "refused" and len(reason.strip()) < 10:
        raise UsageError("A refusal needs its reason.", "Art. 12(4): tell the person why, in a sentence or more.")
    if answered is not None and not request.received <= answered <= date.today():
        raise UsageError("The day of the answer can't be right.", "Give a day between the receipt and today.")
    facts = replace(request.facts, decision=decision, decision_reason=reason.strip(), answered=answered)
    with workspace.write() as tx:
        if request.closed:
            facts = _added(tx, request, facts)
        changed = replace(request, facts=facts)
        if decision == "refused" and _carried_out(tx, request):
            why = f"{request.ref} was carried out: what was written can't be called refused."
            raise RefusedError(why, "Decide granted or partly, with the reason.")
        tx.put_request(changed)
        when = {"answered": answered.isoformat()} if answered else {}
        tx.append("case.decide", {"case": request.case, "decision": decision, **when})
    return changed


def _added(tx: Tx, request: Request, told: Facts) -> Facts:
    """The facts of a closed request with what was not recorded yet; ``RefusedError`` where something would be changed."""
    known = request.facts
    person = any(e.type == "case.decide" for e in tx.entries_of(request.case))
    hint = "What was recorded of a closed request stays. What is missing can be added: the day of the answer."
    if known.decision != told.decision and (person or "refused" in (known.decision, told.decision)):
        raise RefusedError(f"{request.ref} is closed, and was decided: {known.decision}.", hint)
    if known.answered not in (None, told.answered) or (
        known.decision_reason and told.decision_reason not in ("", known.decision_reason)
    ):
        raise RefusedError(f"{request.ref} is closed, and its answer is on record.", hint)
    if person and told.answered in (None, known.answered):
        raise RefusedError(f"{request.ref} is closed, and nothing new was said of it.", hint)
    return replace(told, decision_reason=known.decision_reason or told.decision_reason)


def _carried_out(tx: Tx, request: Request) -> bool:
    applied = record.get(tx, request.ref, "applied", ApplyResult)
    done = any(row.state == "done" for row in tx.journal_rows(request.ref))
    return applied is not None and applied.status == "applied" and done


def why_open(tx: Tx, request: Request) -> list[str]:
    """What stands in the way of closing the request, one sentence each."""
    right = right_of(request.right)
    moot = _moot(tx, request)
    reasons = [f"The task {t.id} is open: {t.title}." for t in tx.tasks(request.ref) if t.open and t.id not in moot]
    if request.facts.decision == "refused" and not standing.written(tx, request.ref):
        return reasons  # what was written has to be finished and proved, whatever was decided since
    if right.writes:
        verification = record.get(tx, request.ref, "verification", Verification)
        applied = record.get(tx, request.ref, "applied", ApplyResult)
        if applied is None or applied.status != "applied":
            held = holds.detail(tx, request, record.get(tx, request.ref, "plan", Plan))
            on_hold = "A legal hold stands: until it is released, the request can only be refused, on 17(3)(e)."
            reasons.insert(0, on_hold if held == holds.HOLD else "The plan has not been applied to the end.")
        elif verification is None:
            reasons.insert(0, "Nobody has searched again: verify first.")
        elif verification.status != "verified":
            count = verification.total("leftover")
            reasons.insert(0, f"{count} left over." if count else "Not every system could be searched again.")
        elif request.facts.decision == "refused" and _carried_out(tx, request):
            reasons.insert(0, "It was carried out: what was written can't be called refused. Decide granted or partly.")
    elif not right.exports:
        if record.get(tx, request.ref, "plan", Plan) is None:
            reasons.insert(0, "Nobody has looked yet for decisions that a machine takes alone: plan first.")
    elif not any(e.type == "export.make" for e in tx.entries_of(request.case)):
        reasons.insert(0, "The person's data has not been exported.")
    return reasons


def _moot(tx: Tx, request: Request) -> set[str]:
    """The notices (Art. 19) of a request that was refused before anything was written: there is nothing to tell anybody of."""
    if request.facts.decision != "refused" or standing.written(tx, request.ref):
        return set()
    return {t.id for t in tx.tasks(request.ref) if t.open and t.kind == "notice"}


def close(workspace: Workspace, request: Request) -> Request:
    """Close it; ``RefusedError`` while anything is open."""
    if request.stage == "closed":
        raise RefusedError(f"{request.ref} is closed already.", "Nothing more has to be done: its report can still be printed.")
    with workspace.write() as tx:
        reasons = why_open(tx, request)
        if reasons:
            more = f" And {len(reasons) - 1} more." if len(reasons) > 1 else ""
            raise RefusedError(f"{request.ref} can't be closed. {reasons[0]}{more}", "Deal with what is open, then close it.")
        for task in _moot(tx, request):
            tx.drop_task(request.ref, task)
        plan = record.get(tx, request.ref, "plan", Plan)
        kept = plan is not None and (
            any(o.name in ("retained", "excluded", "withheld") for s in plan.steps for o in s.fields.values())
            if right_of(request.right).takes_all
            else any(not d.include for d in request.facts.decisions)
        )
        facts = request.facts
        facts = replace(facts, decision=facts.decision or ("partly" if kept else "granted"))
        changed = replace(request, facts=facts, stage="closed", closed=now())
        for key in ("plan-key", "request-key"):  # with them goes what links the request's pseudonyms
            tx.drop(request.ref, key)
        tx.put_request(changed)
        restricted.closed(tx, changed)
        tx.append("case.close", {"case": request.case, "decision": facts.decision})
    return changed


def summary(tx: Tx, request: Request) -> RequestSummary:
    """The request as a line of the inbox, masked."""
    facts = request.facts
    kind, value = facts.identity[0] if facts.identity else ("people", "")
    more = max(len(facts.identity), 1) - 1
    return RequestSummary(
        request.ref,
        request.right,
        mask(value, kind) if facts.identity else list_subject(facts),
        kind,
        more,
        request.stage,
        _detail(tx, request),
        request.received,
        request.due,
        request.closed,
    )


def _detail(tx: Tx, request: Request) -> str:
    """What the stage waits for, in a few words."""
    match request.stage:
        case "identify":
            return "identity not checked"
        case "search":
            return "not searched yet"
        case "review":
            found = record.get(tx, request.ref, "search", SearchResult)
            return f"{len(found.findings)} records" if found else ""
        case "plan" | "approve":
            plan = record.get(tx, request.ref, "plan", Plan)
            held = holds.detail(tx, request, plan)
            if held:
                return held
            if plan and plan.refusals:
                return f"{len(plan.refusals)} refusal{'s' if len(plan.refusals) > 1 else ''} to mend"
            return "waits for a second approval" if record.get(tx, request.ref, "approval", Approval) else "waits for approval"
        case "apply":
            approval = record.get(tx, request.ref, "approval", Approval)
            held = holds.detail(tx, request, None)
            if held:
                return held
            return "approved, not applied" if approval else ""
        case "verify":
            return "search again"
        case "report":
            count = sum(1 for t in tx.tasks(request.ref) if t.open)
            return f"{count} task{'s' if count != 1 else ''} by hand" if count else "answer the person"
        case _:
            return ""
