"""What a report says by right: its title, its headline, and which figures stand on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dsr_desk.flow.plan import right_of
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date
from dsr_desk.model.plan import Plan, Step
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import SystemVerified, Verification
from dsr_desk.rights.base import REVIEW


@dataclass(frozen=True)
class Words:
    """``done`` is what becomes of a record, in the past tense; ``proved`` is said where the second search found no fault."""

    title: str
    done: str
    proved: str
    kept: str = "What was left as it is, and why"


_OF_RIGHT: Mapping[str, Words] = {
    "access": Words("Report on a request for access", "handed over", "", "What was left out, and why"),
    "portability": Words("Report on a request for data to take along", "handed over", "", "What was left out, and why"),
    "automated-decisions": Words("Report on decisions that a machine took", "looked at", "", "What was left out, and why"),
    "erasure": Words("Report on a request for erasure", "erased", "Nothing is left over", "What was kept, and why"),
    "rectification": Words("Report on a request for rectification", "corrected", "Every corrected value stands"),
    "restriction": Words("Report on a request for restriction", "restricted", "All that the plan restricts is restricted"),
    "lifting": Words("Report on the end of a restriction", "lifted", "All that the plan sets free is free again"),
    "objection": Words("Report on an objection", "changed", "All that the plan changes for the objection is changed"),
}

#: What the trail's entries are called on paper, in the order of the flow.
ACTS: Mapping[str, str] = {
    "case.open": "Opened the request",
    "case.identify": "Checked the identity",
    "search.run": "Searched",
    "search.waive": "Went on without a system",
    "review.set": "Decided on rows or identifiers",
    "plan.make": "Made a plan",
    "plan.approve": "Approved the plan",
    "step.done": "Applied the plan to one system",
    "step.drift": "Stopped: rows had changed",
    "step.blocked": "Stopped: a system did not go along",
    "task.answer": "Answered a task by hand",
    "verify.pass": "Searched again: no record left over",
    "verify.fail": "Searched again: something was left over",
    "export.make": "Exported the person's data",
    "reveal": "Looked at a value in clear",
    "case.extend": "Extended the period by two months",
    "case.decide": "Recorded the decision",
    "case.view": "Looked at the request",
    "act.refused": "Was refused, or failed",
    "report.make": "Wrote a report",
    "report.print": "Printed a report",
    "evidence.make": "Made an evidence bundle",
    "receipt.make": "Made a receipt for the person",
    "lock.put": "Kept what tokens stand for in the safe lock",
    "lock.open": "Opened the safe lock",
    "lock.shred": "Destroyed the key of the safe lock",
    "hold.set": "Set a legal hold",
    "hold.release": "Released a legal hold",
    "case.close": "Closed the request",
}

#: The heading of what the plan warned of; other parts name it.
CAUTIONS = "What was to be known before approving"
RESTRICTED = (
    "DSR Desk refuses to change these records until the restriction is lifted. Other programs are not bound by it: "
    "they can still change them."
)


def words_of(request: Request) -> Words:
    """The words of the request's right."""
    right = request.right
    words = _OF_RIGHT.get(right, Words(f"Report on a request for {right}", "dealt with", "All is as the plan says"))
    if request.facts.undoes:
        return Words("Report on a rectification taken back", "put back", "Every value stands as it was before", words.kept)
    if request.facts.by_controller:
        title = words.title.replace("a request for erasure", "an erasure").replace("a request for restriction", "a restriction")
        return Words(f"{title} that the controller began itself", words.done, words.proved, words.kept)
    return words


def proof(words: Words, verification: Verification, whom: str) -> tuple[str, str]:
    """Headline and summary of a second search; nothing but a whole one with nothing left over is called done."""
    when = moment(verification.at)
    left, total = verification.total("leftover"), verification.total("before")
    if verification.status == "verified":
        searched = sum(1 for s in verification.systems if s.searched)
        where = "the one system that was" if searched == 1 else f"the {searched} systems that were"
        again = f"On {when} the same questions ran again with every identifier that is known of {whom}."
        if not total:
            return f"Nothing was found in {where} searched, so nothing was {words.done}.", again
        if words.done != "erased" and not verification.total("changed") + verification.total("erased"):
            return f"DSR Desk found nothing to change: nothing was {words.done} by it.", again
        part = f" {verification.in_part} of the retained records lost some of their fields." if verification.in_part else ""
        copies = sum(r.count for r in verification.residue)
        if copies:
            proved = "No record is left over" if words.done == "erased" else words.proved
            return f"{proved} in {where} searched. Residue: {copies}.", again + part
        return f"{words.proved} in {where} searched.", again + part
    if left:
        return f"{left} of {total} records are left over.", f"The second search on {when} found them. This is not done."
    return "Not every system could be searched again.", f"The second search on {when} is incomplete. This is not proved."


def label_of(catalog: Catalog, system: str, collection: str = "") -> str:
    """What people call a system or a collection; its name where the catalog no longer has it."""
    known = catalog.systems.get(system)
    if not collection:
        return known.label if known else system
    inner = known.collections.get(collection) if known else None
    return inner.label if inner else collection


def moment(iso: str) -> str:
    """A time of the trail or the journal, local, as people read it: ``Wed 2 Dec 2026, 11:28``."""
    try:
        local = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return iso
    return f"{long_date(local.date())}, {local:%H:%M}"


# -- figures ---------------------------------------------------------------------------------------------------------------

_COUNTED = {
    "erased": "erased",
    "changed": "changed",
    "retained": "retained",
    "left out": "excluded",
    "by hand": "by_hand",
    "left over": "leftover",
}
_GIVEN = {"disclosed": "disclosed", "withheld": "withheld", "to be looked at": "manual"}
_LOOKED = ("decisions", "looked at again")


def figures(right: str, verification: Verification | None) -> tuple[str, ...]:
    """What is counted for a right, found records first: only erasures erase, only told values change, unless they did both."""
    if not right_of(right).writes:
        return ("found", *(_LOOKED if right == "automated-decisions" else _GIVEN))
    erases, changes = right in ("erasure", "objection"), right != "erasure"
    if verification is not None:
        erases, changes = erases or bool(verification.total("erased")), changes or bool(verification.total("changed"))
    return ("found", *(name for name in _COUNTED if (name != "erased" or erases) and (name != "changed" or changes)))


def counted(verified: SystemVerified | None, names: tuple[str, ...]) -> list[int | None]:
    """These figures of one system's second search, without the first; ``None`` where there was none."""
    return [getattr(verified, _COUNTED[name]) if verified else None for name in names[1:]]


def totals(verification: Verification | None, names: tuple[str, ...]) -> list[int | None]:
    """These figures over all systems, without the first."""
    return [verification.total(_COUNTED[name]) if verification else None for name in names[1:]]  # type: ignore[arg-type]


def given(plan: Plan | None, tasks: tuple[Task, ...], names: tuple[str, ...], system: str = "") -> list[int | None]:
    """These figures of a right that writes nothing, without the first: fields by their outcome, or decisions looked at again."""
    if plan is None:
        return [None for _ in names[1:]]
    steps = [s for s in plan.steps if system in ("", s.ref.system)]
    if names[1:] == _LOOKED:
        answered = {path for t in tasks if t.kind == "review" and not t.open for path in t.rows}
        decisions = [s for s in steps if _to_review(s)]
        return [len(decisions), sum(1 for s in decisions if s.ref.path in answered)]
    outcomes = Counter(o.name for s in steps for o in s.fields.values())
    return [outcomes[_GIVEN[name]] for name in names[1:]]  # type: ignore[index]  # they are names of outcomes


def _to_review(step: Step) -> bool:
    return any(o.strategy == REVIEW for o in step.fields.values())
