"""Why a request can't be closed yet, in a sentence for beside the button. The flow refuses it, too."""

from __future__ import annotations

from collections.abc import Sequence

from dsr_desk.gui.models.wording import counted
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import Verification

#: The rights that write nothing: there is nothing to search again for.
READING = frozenset({"access", "portability"})


def what_is_open(request: Request, proof: Verification | None, tasks: Sequence[Task]) -> str:
    """The first thing that keeps the request open; ``""`` where nothing does."""
    if request.closed or request.stage == "closed":
        return "It is closed already."
    if request.right not in READING:
        if proof is None:
            return "The systems have not been searched again yet."
        if proof.status == "leftovers" or proof.total("leftover"):
            return f"{counted(max(proof.total('leftover'), len(proof.leftovers)), 'record is', 'records are')} left over."
        if proof.status != "verified":
            return "Not every system could be searched again."
    still = [t for t in tasks if t.open]
    if still:
        return f"{counted(len(still), 'task')} still to be done by hand: {still[0].title}."
    if request.facts.decision is None:
        return "The decision isn't recorded yet; it stands beside the report."
    return ""
