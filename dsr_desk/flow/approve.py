"""Approve: somebody stands by exactly this plan, and witnesses the trail's head while doing so."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime

from dsr_desk.audit.checkpoint import Checkpoint
from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import four_eyes
from dsr_desk.flow.plan import digest_of, right_of
from dsr_desk.flow.planning.holds import not_held
from dsr_desk.flow.planning.restricted import not_restricted
from dsr_desk.flow.receiving.called import changes_nothing
from dsr_desk.flow.tasks import insist_told
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request
from dsr_desk.model.result import Approval
from dsr_desk.store.workspace import Workspace


def affected(plan: Plan) -> int:
    """How many records the plan changes or takes away: the figure that is typed."""
    return sum(1 for s in plan.steps if s.changes)


def phrase(plan: Plan) -> str:
    """What a person types to approve: verb and count, like ``ERASE 47``."""
    return f"{right_of(plan.right).verb} {affected(plan)}"


def expired(plan: Plan) -> bool:
    """Whether the plan is too old to be approved or begun."""
    return datetime.now(UTC) > datetime.fromisoformat(plan.expires)


def approve(workspace: Workspace, catalog: Catalog, request: Request, plan: Plan | None, digest: str) -> Approval:
    """Sign the plan's digest together with the trail's current checkpoint. Where two are asked for, it
    may run after the second.

    ``RefusedError`` for any digest but the plan's own, for a plan with refusals, an expired one, one that needs no approval more or
    none of whoever sits here, when the catalog changed since, or a legal hold stands against it.
    """
    right = right_of(request.right)
    if not right.writes:
        raise changes_nothing(request.ref, right.name, right.exports, "approve")
    if plan is None:
        raise RefusedError(f"{request.ref} has no plan to approve.", "Make one first.", f"dsr-desk plan {request.ref}")
    if plan.refusals or not plan.digest:
        raise RefusedError("The plan has refusals, so it can't be approved.", "Mend them in the catalog and plan again.")
    if not hmac.compare_digest(plan.digest, digest.strip().lower()):
        raise RefusedError("That is not the digest of the current plan.", "Read the plan again, and approve the digest it shows.")
    if digest_of(plan) != plan.digest:
        raise RefusedError("The plan is not what its digest says.", "Make a new plan.")
    if expired(plan):
        raise RefusedError("The plan has expired.", "Make a new one: a day is long enough for data to change.")
    with workspace.write() as tx:
        given = four_eyes.counting(tx, request, plan)
        if four_eyes.enough(tx, given):
            raise RefusedError("This plan is already approved.", "Apply it, or make a new plan.")
        if four_eyes.by(tx, given, workspace.operator.key_id):
            raise RefusedError("You approved this plan already.", "It needs another approver, too: two pairs of eyes.")
        version = tx.catalog()
        if version is None or version.digest != plan.catalog:
            raise RefusedError("The catalog was changed since the plan was made.", "Accept it and make a new plan.")
        not_held(tx, catalog, request, plan)
        not_restricted(tx, catalog, request, plan)
        insist_told(tx, request)
        seen = Checkpoint.of(tx.trail_head())
        body = {"case": request.case, "digest": plan.digest, "size": seen.size, "root": seen.root.hex()}
        entry = tx.append("plan.approve", body)
        who = workspace.operator
        approval = Approval(request.ref, plan.digest, who.name, who.key_id, entry.ts, seen.root.hex(), entry.seq)
        given = [*given, approval]
        four_eyes.keep(tx, request.ref, given)
        if four_eyes.enough(tx, given):
            tx.put_request(replace(request, stage="apply"))
    return approval
