"""What each stage of a request yielded, in a few words, for the stepper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsr_desk.gui.widgets.counts import count, number
from dsr_desk.gui.widgets.fields import say_day
from dsr_desk.gui.widgets.stepper import StageView
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.request import STAGES, Request

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


@dataclass(frozen=True)
class Yield:
    """A stage's words, and whether it waits for something."""

    text: str
    waits: bool = False


def searched(result: SearchResult) -> Yield:
    """``12 of 14 systems``, ``13 and 1 by hand``."""
    if result.ambiguous:
        return Yield("stopped: who is it?", True)
    done = sum(s.status == "searched" for s in result.systems)
    hand = sum(s.status == "manual" for s in result.systems)
    waived = sum(s.status == "waived" for s in result.systems)
    if not result.complete:
        return Yield(f"{done} of {count(len(result.systems), 'system')}", True)
    more = (f" and {hand} by hand" if hand else "") + (f", {waived} waived" if waived else "")
    return Yield(f"{done}{more}" if more else count(done, "system"))


def read_yields(desk: Desk, request: Request) -> dict[str, Yield]:
    """What the stages so far yielded, read from the workspace; call it off the GUI thread."""
    at = len(STAGES) if request.stage == "closed" else STAGES.index(request.stage)
    facts, found = request.facts, {"receive": Yield(say_day(request.received, year=False))}
    found["identify"] = Yield(facts.identity_check or "not checked yet", not facts.identity_check)
    if at >= STAGES.index("search") and (result := desk.found(request.ref)) is not None:
        found["search"] = searched(result)
        found["review"] = Yield(f"{count(len(result.findings), 'record')}")
    if at >= STAGES.index("plan") and (plan := desk.plan(request.ref)) is not None:
        digest = f"{plan.digest[:4]} {plan.digest[4:8]}"
        found["plan"] = Yield(count(len(plan.refusals), "refusal"), True) if plan.refusals else Yield(digest)
    if at >= STAGES.index("approve") and (approvals := desk.approvals(request.ref)):
        found["approve"] = Yield(f"{approvals[-1].by}")
    if at >= STAGES.index("apply") and (applied := desk.applied(request.ref)) is not None:
        systems = [s for s in applied.systems if s.status not in ("unchanged", "manual")]
        done = sum(s.status == "applied" for s in systems)
        found["apply"] = Yield(f"{done} of {count(len(systems), 'system')}", applied.status != "applied")
    if at >= STAGES.index("verify") and (proof := desk.verification(request.ref)) is not None:
        found["verify"] = Yield(f"{number(proof.total('leftover'))} left over", proof.status != "verified")
    if facts.decision:
        found["report"] = Yield(facts.decision)
    return found


def stage_views(request: Request, yields: dict[str, Yield]) -> dict[str, StageView]:
    """The state of every stage."""
    at = len(STAGES) if request.stage == "closed" else STAGES.index(request.stage)
    views: dict[str, StageView] = {}
    for i, name in enumerate(STAGES):
        known = yields.get(name)
        text = known.text if known and i <= at else ""
        waits = bool(known and known.waits and i <= at and name != "identify") or (
            name == "identify" and bool(known and known.waits and i < at)
        )
        views[name] = StageView("waits" if waits else "done" if i < at else "here" if i == at else "open", text)
    return views
