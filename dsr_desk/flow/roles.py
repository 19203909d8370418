"""Who may do what. An agent prepares, an approver decides, an auditor looks; the verifier of the trail holds entries to the same.

Art. 38(6) GDPR: the data protection officer advises and monitors. Whoever audits therefore prepares nothing and decides nothing.
"""

from __future__ import annotations

from dsr_desk.audit.rights import role_may
from dsr_desk.audit.types import KEY_TYPES
from dsr_desk.errors import RefusedError
from dsr_desk.store.workspace import Workspace

#: What a desk finishes by itself whoever sits at it, and an auditor doesn't begin.
_BEGUN_BY_WORK = frozenset({"key.rotate"})
#: What only an approver does, though the trail would take an agent's entry: it can't be undone.
_APPROVERS = frozenset({"case.shred"}) | KEY_TYPES
#: What each act is called in a sentence, by the type of entry that it makes.
_ACTS = {
    "case.close": "close a request",
    "case.decide": "record a decision",
    "case.identify": "record how a person was identified",
    "case.open": "open a request",
    "case.people": "change a request",
    "case.shred": "destroy what a request holds",
    "catalog.discover": "look into a system for a draft catalog",
    "catalog.set": "change a catalog",
    "export.make": "save a person's data",
    "hold.release": "release a legal hold",
    "hold.set": "set a legal hold",
    "key.rotate": "change the workspace key",
    "lock.open": "open a safe lock",
    "lock.shred": "destroy the key of a safe lock",
    "plan.approve": "approve a plan",
    "plan.make": "make a plan",
    "reveal": "see a value in clear",
    "review.set": "review what was found",
    "search.run": "search for a person",
    "search.waive": "leave a system out",
    "secret.set": "set the password of a system",
    "step.blocked": "say what became of a system",
    "step.intent": "apply a plan",
    "task.answer": "answer a task",
    "verify.pass": "verify a request",
}


def may(workspace: Workspace, act: str) -> None:
    """``RefusedError`` unless the role of whoever sits here allows an act, named by the type of entry that it makes."""
    role = workspace.operator.role
    final = act in _APPROVERS
    if role_may(role, act) and not (final and role != "approver") and not (role == "auditor" and act in _BEGUN_BY_WORK):
        return
    what = "say who works here" if act in KEY_TYPES else _ACTS.get(act, "do this")
    who = {"agent": "An agent prepares", "auditor": "An auditor looks and reports"}.get(role, "Your role looks")
    by = "an approver" if final or not role_may("agent", act) else "an agent or an approver"
    raise RefusedError(f"{who}, and may not {what}.", f"Ask {by}.")
