"""Report: everything that was done, for the files and for the authority, without a value of the subject's."""

from __future__ import annotations

import hashlib
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dsr_desk.flow.many import list_subject
from dsr_desk.flow.plan import right_of
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date
from dsr_desk.model.finding import Identifier, SearchResult
from dsr_desk.model.mask import mask
from dsr_desk.model.plan import COMPACTED, VACUUMED, Outcome, Plan, Residue, Step
from dsr_desk.model.report import ReportData, ReportField, ReportKept, ReportPerson, ReportSystem
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import ApplyResult, Approval, SystemVerified, Verification
from dsr_desk.model.trail import Entry
from dsr_desk.store.workspace import Settings

#: What the trail's entries are called on paper, in the order of the flow.
_ACTS = {
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
    "verify.pass": "Searched again: nothing left over",
    "verify.fail": "Searched again: something was left over",
    "export.make": "Exported the person's data",
    "reveal": "Looked at a value in clear",
    "case.decide": "Recorded the decision",
    "report.make": "Wrote a report",
    "case.close": "Closed the request",
}


@dataclass(frozen=True)
class Case:
    """Everything a report is made from. What has not happened yet is ``None``."""

    request: Request
    settings: Settings
    catalog: Catalog
    found: SearchResult | None
    plan: Plan | None
    approval: Approval | None
    applied: ApplyResult | None
    verification: Verification | None
    tasks: tuple[Task, ...]
    entries: tuple[Entry, ...]
    operators: Mapping[str, str]
    log: str
    checkpoint: str
    checkpoint_entry: int
    folder: str


def make(case: Case) -> ReportData:
    """The report as data; what has not happened yet is said, never left out."""
    request, facts = case.request, case.request.facts
    right = right_of(request.right)
    headline, summary = _headline(case)
    kind, value = facts.identity[0] if facts.identity else ("people", "")
    operators = {e.actor for e in case.entries}
    return ReportData(
        reference=request.ref,
        controller=case.settings.controller or case.settings.name,
        address=case.settings.address,
        subject=mask(value, kind) if facts.identity else list_subject(facts),
        right=request.right,
        article=right.article,
        title=f"Report on a request for {request.right}",
        received=long_date(request.received),
        due=long_date(request.due.on),
        due_rule=request.due.rule,
        answered=long_date(facts.answered) if facts.answered else "not recorded" if request.closed else "not yet",
        in_time=_in_time(request),
        identity_check=_identity_check(request),
        ground=_ground(request),
        decision=facts.decision or "not decided yet",
        decision_reason=facts.decision_reason,
        headline=headline,
        summary=summary,
        figures=_figures(case),
        systems=tuple(_systems(case)),
        not_searched=tuple(_not_searched(case)),
        kept=tuple(_kept(case)),
        fields=tuple(_fields(case)),
        people=tuple(_people(case)),
        limits=tuple(_limits(case)),
        residue=tuple(_residue(case.verification.residue if case.verification else (), case.catalog)),
        identifiers=tuple(_identifiers(case)),
        plan_digest=case.plan.digest if case.plan else "",
        checkpoint=case.checkpoint,
        checkpoint_entry=case.checkpoint_entry,
        log=case.log,
        verify_command=f"dsr-desk --workspace {shlex.quote(case.folder)} audit verify",
        operators="Single operator." if len(operators) < 2 else f"{len(operators)} operators.",
        made=_moment(datetime.now().astimezone().isoformat()),
        status="closed" if request.closed else "open",
        tasks=tuple((t.title, _task(t)) for t in case.tasks),
    )


def _headline(case: Case) -> tuple[str, str]:
    plan, verification = case.plan, case.verification
    if not right_of(case.request.right).writes:
        made = sum(1 for e in case.entries if e.type == "export.make")
        if case.found is None:
            return "Nothing has been searched yet.", ""
        count = len(case.found.findings)
        what = f"{count} record{'s' if count != 1 else ''} found."
        if made:
            return what, "The person's data was exported; each file was read back and compared."
        return what, "Nothing has been handed over yet."
    if verification is not None:
        total, left = verification.total("before"), verification.total("leftover")
        searched = sum(1 for s in verification.systems if s.searched)
        when = _moment(verification.at)
        if verification.status == "verified":
            return (
                f"Nothing is left over in {_the(searched)} searched.",
                f"On {when} the same questions ran again with every identifier that is known of this person."
                + (f" {verification.in_part} of the retained records lost some of their fields." if verification.in_part else ""),
            )
        if left:
            return f"{left} of {total} records are left over.", f"The second search on {when} found them. This is not done."
        return "Not every system could be searched again.", f"The second search on {when} is incomplete. This is not proved."
    if case.applied is not None and case.applied.status == "applied":
        return "The plan was applied. Nobody has searched again yet.", "Without a second search nothing here is proved."
    if plan is not None:
        return "Nothing has been erased yet.", "There is a plan. It is not applied to the end."
    return "Nothing has been done yet.", ""


def _the(systems: int) -> str:
    return "the one system that was" if systems == 1 else f"the {systems} systems that were"


def _figures(case: Case) -> tuple[tuple[str, int | None], ...]:
    v = case.verification
    if v is not None:
        return (
            ("found before", v.total("before")),
            ("erased", v.total("erased")),
            ("retained", v.total("retained")),
            ("left out", v.total("excluded")),
            ("by hand", v.total("by_hand")),
            ("left over", v.total("leftover")),
        )
    found = len(case.found.findings) if case.found else None
    if not right_of(case.request.right).writes:
        counts = Counter(o.name for s in (case.plan.steps if case.plan else ()) for o in s.fields.values())
        return (
            ("records found", found),
            ("fields disclosed", counts["disclosed"] if case.plan else None),
            ("fields withheld", counts["withheld"] if case.plan else None),
            ("fields by hand", counts["manual"] if case.plan else None),
        )
    return (
        ("found before", found),
        ("erased", None),
        ("retained", None),
        ("left out", None),
        ("by hand", None),
        ("left over", None),
    )


def _systems(case: Case) -> Iterable[ReportSystem]:
    searched = {s.system: s for s in case.found.systems} if case.found else {}
    verified = {s.system: s for s in case.verification.systems} if case.verification else {}
    applied = {s.system: s for s in case.applied.systems} if case.applied else {}
    for name, system in case.catalog.systems.items():
        state = searched.get(name)
        v: SystemVerified | None = verified.get(name)
        by_hand = state is not None and state.status == "manual"
        a = applied.get(name)
        found = v.before if v else None if by_hand or state is None else state.rows
        guarantee = a.guarantee if a and a.guarantee else "A person does it and says so." if by_hand else ""
        yield ReportSystem(
            system.label,
            system.environment,
            found,
            v.erased if v and not by_hand else None,
            v.retained if v and not by_hand else None,
            v.excluded if v and not by_hand else None,
            v.by_hand if v else None,
            v.leftover if v and not by_hand else None,
            guarantee.rstrip("."),
            _system_state(state.status if state else "not searched", a.status if a else ""),
        )


def _system_state(searched: str, applied: str) -> str:
    words = {"manual": "", "failed": "could not be searched", "waived": "waived"}
    if searched in words:
        return words[searched]
    return {"refused": "refused, nothing written", "failed": "failed", "in doubt": "in doubt", "waiting": "not reached"}.get(
        applied, "" if searched == "searched" else searched
    )


def _not_searched(case: Case) -> Iterable[tuple[str, str]]:
    for state in case.found.systems if case.found else ():
        label = case.catalog.systems[state.system].label if state.system in case.catalog.systems else state.system
        if state.status == "failed":
            yield label, f"Could not be searched. {state.error}"
        elif state.status == "waived":
            yield label, f"Waived: {case.request.facts.waived.get(state.system, '')}"
        elif state.status == "manual":
            yield label, "Only a person can search it."


def _kept(case: Case) -> Iterable[ReportKept]:
    """Each ground with its rows, counted: what stays, and what a person left out."""
    lines: dict[tuple[str, str, str, str], list[str]] = {}
    for step in case.plan.steps if case.plan else ():
        label = case.catalog.collection(step.ref.system, step.ref.collection).label
        system = case.catalog.systems[step.ref.system].label
        left_out = step.heading == "excluded"
        name = "excluded" if left_out else "retained"
        for ground, reason in dict.fromkeys((o.ground, o.reason) for o in step.fields.values() if o.name == name):
            untils = [o.until for o in step.fields.values() if (o.name, o.ground, o.reason) == (name, ground, reason)]
            end = "–" if left_out else max(untils, default="") or _no_end(case, step)
            lines.setdefault((label, system, ground, f"Left out: {reason}" if left_out else reason), []).append(end)
    for (label, system, ground, reason), ends in lines.items():
        yield ReportKept(f"{len(ends)} × {label}, {system}", f"Art. {ground}" if ground else "", reason, _span(ends))


def _no_end(case: Case, step: Step) -> str:
    """``?`` where the end was to be computed and couldn't be; nothing where the record ends with the one it belongs to."""
    keep = case.catalog.collection(step.ref.system, step.ref.collection).keep
    return "?" if keep is not None and keep.field is not None and step.heading == "retained" else ""


def _span(ends: list[str]) -> str:
    if "–" in ends:
        return "–"
    if "?" in ends:
        return "not known"
    dates = sorted({e for e in ends if e and e != "never"})
    if "never" in ends:
        return "no end"
    if not dates:
        return "with the record it belongs to" if any(not e for e in ends) else ""
    first, last = long_date(date.fromisoformat(dates[0])), long_date(date.fromisoformat(dates[-1]))
    return first if first == last else f"{first} to {last}"


def _fields(case: Case) -> Iterable[ReportField]:
    """Each field's outcome, counted; a record of which every field has the same one is one line."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for step in case.plan.steps if case.plan else ():
        label = case.catalog.collection(step.ref.system, step.ref.collection).label
        told = {n: (o.name, _how(o)) for n, o in step.fields.items()}
        if len(set(told.values())) == 1:
            told = {f"the whole record, {len(told)} fields": next(iter(told.values()))}
        counts.update((f"{label} · {name}", *what) for name, what in told.items())
    for (where, outcome, detail), records in counts.items():
        yield ReportField(where, outcome, records, detail)


def _how(outcome: Outcome) -> str:
    if outcome.name in ("erased", "changed", "pseudonymised"):
        return _STRATEGY.get(outcome.strategy, outcome.strategy)
    return f"Art. {outcome.ground}" if outcome.ground else outcome.reason


#: How a field was erased, as a reader says it.
_STRATEGY = {
    "delete": "deleted",
    "null": "emptied",
    "blank": "blank",
    "constant": "the same text for everybody",
    "mention": "the name taken out of the text",
}


def _people(case: Case) -> Iterable[ReportPerson]:
    for entry in case.entries:
        act = _ACTS.get(entry.type)
        if act is None:
            continue
        system = entry.body.get("system")
        label = case.catalog.systems[system].label if isinstance(system, str) and system in case.catalog.systems else ""
        name = case.operators.get(entry.actor, "an operator since removed")
        yield ReportPerson(f"{act}: {label}" if label else act, name, entry.actor, _moment(entry.ts), entry.seq)


def _limits(case: Case) -> Iterable[str]:
    if case.verification:
        yield from case.verification.limits
    for state in case.found.systems if case.found else ():
        if state.uncovered:
            yield (
                f"{case.catalog.systems[state.system].label}: {len(state.uncovered)} columns that the catalog does not know were "
                f"not judged ({', '.join(state.uncovered[:5])}{' …' if len(state.uncovered) > 5 else ''})."
            )
    for a in case.applied.systems if case.applied else ():
        yield from (f"{case.catalog.systems[a.system].label}: {note}" for note in a.notes if note not in (COMPACTED, VACUUMED))
    if len({e.actor for e in case.entries}) < 2:
        yield "Single operator: one person planned, approved and applied. Their approval is no outside anchor of the trail."
    yield "The trail holds pseudonymous entries (random case numbers, keyed commitments), not anonymous ones."


def _residue(residue: Iterable[Residue], catalog: Catalog) -> Iterable[str]:
    for r in residue:
        count = f"{r.count} old cop{'ies' if r.count != 1 else 'y'} in {r.where}: " if r.count else f"{r.where}: "
        yield f"{catalog.systems[r.system].label}: {count}{r.why} {r.cure}".strip()


def _identifiers(case: Case) -> Iterable[tuple[str, str, str]]:
    for i in case.found.identity if case.found else tuple(Identifier(k, v) for k, v in case.request.facts.identity):
        if i.origin is None:
            origin = "given"
        else:
            origin = f"found: {case.catalog.collection(i.origin.system, i.origin.collection).label}"
        yield i.kind, mask(i.value, i.kind), origin if i.followed else f"{origin}, not followed"


def _in_time(request: Request) -> str:
    answered = request.facts.answered
    if answered is None and request.closed:
        return "so nobody can say if in time"
    if answered is None:
        return "overdue" if date.today() > request.due.on else "in time so far"
    late = (answered - request.due.on).days
    return "in time" if late <= 0 else f"{late} day{'s' if late != 1 else ''} late"


def _identity_check(request: Request) -> str:
    facts = request.facts
    if not facts.identity_check:
        return "No identity check is recorded."
    return f"{facts.identity_check} ({facts.identity_checked_by}, {_moment(facts.identity_checked)})"


def _ground(request: Request) -> str:
    ground, grounds = request.facts.ground, right_of(request.right).grounds
    return f"Art. {ground}: {grounds[ground]}" if ground in grounds else ""


def _task(task: Task) -> str:
    if task.open:
        return "open"
    return f"{task.note} ({task.answered_by}, {_moment(task.answered)}, {task.records} record{'s' if task.records != 1 else ''})"


def _moment(iso: str) -> str:
    try:
        local = datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return iso
    return f"{long_date(local.date())}, {local:%H:%M}"


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file that was just written."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
