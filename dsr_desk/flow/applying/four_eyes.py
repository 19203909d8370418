"""How many people stand by a plan, and who is still asked: counted by what the trail says of keys, never by names.

An approval counts if its entry in the trail is of this plan, the root admitted its key as an approver's, and nobody else may have
had that key then. Two by one person count once, even where their key was renewed between them.
"""

from __future__ import annotations

from collections.abc import Sequence

from dsr_desk.audit import rights
from dsr_desk.errors import RefusedError
from dsr_desk.flow.applying import record
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request
from dsr_desk.model.result import Approval, Approvals
from dsr_desk.model.trail import Admissions
from dsr_desk.store.tx import Tx

#: The parts of a request that hold its approvals, the first one first.
PARTS = ("approval", "approval-second")


def stored(tx: Tx, ref: str) -> list[Approval]:
    """Who approved the current plan, the first one first; not held against the trail."""
    return [a for part in PARTS if (a := record.get(tx, ref, part, Approval)) is not None]


def keep(tx: Tx, ref: str, approvals: Sequence[Approval]) -> None:
    """Keep these, and no others."""
    for part, approval in zip(PARTS, approvals, strict=False):
        record.put(tx, ref, part, approval)
    for part in PARTS[len(approvals) :]:
        tx.drop(ref, part)


def counting(tx: Tx, request: Request, plan: Plan) -> list[Approval]:
    """The approvals that count; ``RefusedError`` where one is kept that the trail doesn't hold."""
    kept = [a for a in stored(tx, request.ref) if a.digest == plan.digest]
    entries = {e.seq: e for e in tx.entries_of(request.case) if e.type == "plan.approve"} if kept else {}
    known = tx.admissions()
    for approval in kept:
        entry = entries.get(approval.entry)
        if entry is None or entry.body.get("digest") != plan.digest or entry.actor != approval.key_id:
            raise RefusedError("The trail does not hold this approval.", "Verify the trail, then make and approve a new plan.")
    return [a for a in kept if _counts(known, a)]


def enough(tx: Tx, approvals: Sequence[Approval]) -> bool:
    """Whether as many different people approved as were asked for when one of them did (rule 13 of the trail)."""
    known, people = tx.admissions(), _people(tx)
    return rights.enough(rights.Approval(a.entry, people.get(a.key_id, a.key_id), known.asked(a.entry)) for a in approvals)


def by(tx: Tx, approvals: Sequence[Approval], key_id: str) -> bool:
    """Whether one of these approvals is by the person whose key this is, with whatever key."""
    people = _people(tx)
    return people.get(key_id, key_id) in {people.get(a.key_id, a.key_id) for a in approvals}


def _people(tx: Tx) -> dict[str, str]:
    """Each key, and whose it is."""
    return {o.key_id: o.name or o.key_id for o in tx.operators(left=True)}


def insist(tx: Tx, request: Request, plan: Plan) -> None:
    """``RefusedError`` unless enough people approved the plan."""
    approvals = counting(tx, request, plan)
    if not enough(tx, approvals):
        how = "another approver" if approvals else "an approver"
        raise RefusedError(
            f"This plan needs the approval of {how} before it may run.",
            "Let them read it and approve it.",
            f"dsr-desk --as NAME approve {request.ref} --digest DIGEST",
        )


def standing(tx: Tx, request: Request, plan: Plan | None, me: str) -> Approvals:
    """Who stands by a plan, how many are missing, and who could be asked; ``me`` is the key of whoever looks."""
    known = tx.admissions()
    given = counting(tx, request, plan) if plan is not None and plan.digest else []
    missing = 0 if enough(tx, given) else max(1, known.asked() - len(given))
    free = [o for o in tx.operators() if _approves(known, o.key_id) and not by(tx, given, o.key_id)]
    mine = any(o.key_id == me for o in free)
    return Approvals(tuple(given), missing, mine, tuple(o.name for o in free if o.key_id != me))


def _counts(known: Admissions, approval: Approval) -> bool:
    key = known.keys.get(approval.key_id)
    return key is not None and key.role == "approver" and not 0 < key.doubted <= approval.entry


def _approves(known: Admissions, key_id: str) -> bool:
    key = known.keys.get(key_id)
    return key is not None and key.stands and key.role == "approver"
