"""Report: everything that was done, for the files and for the authority, without a value of the subject's."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from dsr_desk.flow.plan import right_of
from dsr_desk.flow.planning import former, holds, restricted
from dsr_desk.flow.receiving.many import list_subject
from dsr_desk.flow.reporting import authority, tables
from dsr_desk.flow.reporting.kept import fields, item_by_item, kept
from dsr_desk.flow.reporting.verifier import verifier_hash
from dsr_desk.flow.reporting.words import (
    ACTS,
    RESTRICTED,
    Words,
    counted,
    figures,
    given,
    label_of,
    moment,
    proof,
    totals,
    words_of,
)
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date
from dsr_desk.model.finding import Identifier, RowRef, SearchResult
from dsr_desk.model.former import Former
from dsr_desk.model.hold import Hold
from dsr_desk.model.mask import mask_on_paper
from dsr_desk.model.plan import COMPACTED, VACUUMED, Plan, Residue
from dsr_desk.model.report import ReportData, ReportPerson, ReportSystem, ReportTable
from dsr_desk.model.request import Facts, Request, Task
from dsr_desk.model.result import ApplyResult, Approval, Verification
from dsr_desk.model.trail import Entry
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Settings


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
    #: The holds on this request or this person, released ones too.
    holds: tuple[Hold, ...] = ()
    #: Rows that the request restricted or set free, and all rows of the workspace that are restricted now.
    former: tuple[Former, ...] = ()
    restricted: Mapping[RowRef, str] = field(default_factory=dict)
    #: Key id → role, and how many have to approve a plan.
    roles: Mapping[str, str] = field(default_factory=dict)
    approvals: int = 1


def with_standing(tx: Tx, case: Case) -> Case:
    """The case with what stands beyond its own request: holds on it or its person, and rows that are restricted."""
    held = tuple(h for h in tx.holds(True) if holds.covers(h, case.catalog, case.request, case.found))
    if case.request.right not in (restricted.RESTRICTION, restricted.LIFTING):
        return replace(case, holds=held)
    written = former.of(tx, case.request).values()
    waiting = restricted.to_lift(tx, case.request.facts.ends)[0].values() if case.request.facts.ends else ()
    return replace(case, holds=held, former=(*written, *waiting), restricted=restricted.rows(tx))


def make(case: Case) -> ReportData:
    """The report as data; what has not happened yet is said, never left out."""
    request, facts = case.request, case.request.facts
    words = words_of(request)
    names = figures(request.right, case.verification)
    headline, summary = _headline(case, words)
    kind, value = facts.identity[0] if facts.identity else ("people", "")
    return ReportData(
        reference=request.ref,
        controller=case.settings.controller or case.settings.name,
        address=case.settings.address,
        subject=list_subject(facts) if facts.people else mask_on_paper(value, kind),
        right=request.right,
        article=right_of(request.right).article,
        title=words.title,
        received=long_date(request.received),
        due=long_date(request.due.on),
        due_rule=request.due.rule,
        answered=_answered(case),
        in_time=_in_time(request),
        identity_check=_identity_check(request),
        ground=_ground(request),
        decision=facts.decision or "not decided yet",
        decision_reason=facts.decision_reason,
        headline=headline,
        summary=summary,
        figures=tuple(zip(_LARGE.get(names, ("found before", *names[1:])), _totals(case, names), strict=True)),
        columns=names,
        systems=tuple(_systems(case, names)),
        not_searched=tuple(_not_searched(case)),
        kept_title=words.kept,
        kept=tuple(kept(case.plan, case.catalog)) if case.plan else (),
        fields=tuple(fields(case.plan, case.catalog)) if case.plan else (),
        people=tuple(_people(case)),
        limits=tuple(_limits(case)),
        residue=tuple(_residue(case.verification.residue if case.verification else (), case.catalog)),
        identifiers=() if facts.people else tuple(_identifiers(case)),
        plan_digest=case.plan.digest if case.plan else "",
        checkpoint=case.checkpoint,
        checkpoint_entry=case.checkpoint_entry,
        log=case.log,
        verify_command=verify_command(case.folder),
        operators=_operators(case),
        made=moment(datetime.now().astimezone().isoformat()),
        status="closed" if request.closed else "open",
        tasks=tuple((t.title, _task(t)) for t in case.tasks if t.kind != "notice"),
        tables=tuple(tables.all_of(_tables(case))),
        identity_asked=_identity_asked(facts),
        extension=_extension(request),
        verifier=verifier_hash(),
        notice=RESTRICTED if any(f.row in case.restricted for f in case.former) else "",
    )


def _tables(case: Case) -> Iterable[ReportTable | None]:
    plan, catalog, right = case.plan, case.catalog, case.request.right
    writes = right_of(right).writes
    yield authority.completeness(catalog, case.found, case.request.facts.waived, case.tasks)
    if plan is not None and right == "rectification":
        yield tables.corrections(plan, catalog, bool(case.request.facts.undoes))
    if case.former and right in ("restriction", "lifting"):
        yield tables.restriction(case.former, case.restricted, case.request, catalog)
    if plan is not None and right in ("erasure", "objection"):
        yield item_by_item(plan, catalog)
        yield authority.remains(plan, bool(case.request.closed))
    if writes:
        yield authority.backups(catalog, case.found, case.applied)
    yield tables.people(case.request, case.found, plan)
    yield tables.notices(case.tasks, catalog)
    if writes and plan is not None:
        yield tables.no_recipients(plan, case.tasks, catalog)
    yield tables.holds(case.holds)
    if plan is not None:
        yield tables.cautions(plan, catalog)
    if case.verification is not None:
        yield authority.before_and_after(case.verification, catalog)
    yield authority.procedure(case.entries, case.operators, case.roles, case.approvals, case.settings.retention_years)


def _headline(case: Case, words: Words) -> tuple[str, str]:
    if not right_of(case.request.right).writes:
        return _handed_over(case)
    if case.verification is not None:
        headline, summary = proof(words, case.verification, "these people" if case.request.facts.people else "this person")
        waiting = sum(t.open for t in case.tasks)
        tasks = (
            f" {waiting} task{'s' if waiting > 1 else ''} by hand {'are' if waiting > 1 else 'is'} still open." if waiting else ""
        )
        return headline, summary + tasks
    if case.applied is not None and case.applied.status == "applied":
        return "The plan was applied. Nobody has searched again yet.", "Without a second search nothing here is proved."
    if any(e.type == "step.intent" for e in case.entries):
        return "This is not done.", "A run began to write, and nobody has searched again since it ended. Nothing here is proved."
    if case.plan is not None:
        return f"Nothing has been {words.done} yet.", "There is a plan. It is not applied to the end."
    return "Nothing has been done yet.", ""


def _handed_over(case: Case) -> tuple[str, str]:
    if case.found is None:
        return "Nothing has been searched yet.", ""
    count = len(case.found.findings)
    what = f"{count} record{'s' if count != 1 else ''} found."
    exports = [e for e in case.entries if e.type == "export.make"]
    if not exports:
        return what, "Nothing has been handed over yet."
    sealed = " They are under a password, which is kept nowhere." if exports[-1].body.get("encrypted") else ""
    return what, f"The person's data was exported; each file was read back and compared.{sealed}"


#: The large figures of rights that hand something over.
_LARGE = {
    ("found", "disclosed", "withheld", "to be looked at"): (
        "records found",
        "fields disclosed",
        "fields withheld",
        "fields to be looked at",
    ),
    ("found", "decisions", "looked at again"): ("records found", "decisions", "looked at again"),
}


def _totals(case: Case, names: tuple[str, ...]) -> list[int | None]:
    found = len(case.found.findings) if case.found else None
    if not right_of(case.request.right).writes:
        return [found, *given(case.plan, case.tasks, names)]
    return [case.verification.total("before") if case.verification else found, *totals(case.verification, names)]


def _systems(case: Case, names: tuple[str, ...]) -> Iterable[ReportSystem]:
    searched = {s.system: s for s in case.found.systems} if case.found else {}
    verified = {s.system: s for s in case.verification.systems} if case.verification else {}
    applied = {s.system: s for s in case.applied.systems} if case.applied else {}
    writes = right_of(case.request.right).writes
    for name, system in case.catalog.systems.items():
        state, v, a = searched.get(name), verified.get(name), applied.get(name)
        by_hand = state is not None and state.status == "manual"
        found = v.before if v else None if by_hand or state is None else state.rows
        counts = counted(v, names) if writes else given(case.plan, case.tasks, names, name)
        if by_hand:
            counts = [n if column == "by hand" else None for n, column in zip(counts, names[1:], strict=True)]
        guarantee = a.guarantee if a and a.guarantee else "A person does it and says so." if by_hand else ""
        words = _system_state(state.status if state else "not searched", a.status if a else "")
        yield ReportSystem(system.label, system.environment, (found, *counts), guarantee.rstrip("."), words)


def _system_state(searched: str, applied: str) -> str:
    words = {"manual": "", "failed": "could not be searched", "waived": "waived"}
    if searched in words:
        return words[searched]
    return {"refused": "refused, nothing written", "failed": "failed", "in doubt": "in doubt", "waiting": "not reached"}.get(
        applied, "" if searched == "searched" else searched
    )


def _not_searched(case: Case) -> Iterable[tuple[str, str]]:
    for state in case.found.systems if case.found else ():
        label = label_of(case.catalog, state.system)
        if state.status == "failed":
            yield label, f"Could not be searched. {state.error}"
        elif state.status == "waived":
            yield label, f"Waived: {case.request.facts.waived.get(state.system, '')}"
        elif state.status == "manual":
            yield label, "Only a person can search it."


def _people(case: Case) -> Iterable[ReportPerson]:
    for entry in case.entries:
        act = ACTS.get(entry.type)
        if act is None:
            continue
        system = entry.body.get("system")
        label = label_of(case.catalog, system) if isinstance(system, str) else ""
        name = case.operators.get(entry.actor, "an operator since removed")
        yield ReportPerson(f"{act}: {label}" if label else act, name, entry.actor, moment(entry.ts), entry.seq)


def _worked(case: Case) -> tuple[int, int]:
    """How many people worked on the request, and how many work or worked here. Keys of one person are one."""
    here = {case.operators.get(e.actor, e.actor) for e in case.entries}
    return len(here), len(here | set(case.operators.values()))


def _operators(case: Case) -> str:
    worked, all_ = _worked(case)
    if all_ < 2:
        return "Single operator."
    return f"{worked} of {all_} operators worked on it."


def _limits(case: Case) -> Iterable[str]:
    if case.verification:
        yield from case.verification.limits
    for state in case.found.systems if case.found else ():
        yield from (f"{label_of(case.catalog, state.system)}: {note}" for note in state.notes)
        if state.uncovered:
            yield (
                f"{label_of(case.catalog, state.system)}: {len(state.uncovered)} columns that the catalog does not know were "
                f"not judged ({', '.join(state.uncovered[:5])}{' …' if len(state.uncovered) > 5 else ''})."
            )
    for a in case.applied.systems if case.applied else ():
        yield from (f"{label_of(case.catalog, a.system)}: {note}" for note in a.notes if note not in (COMPACTED, VACUUMED))
    worked, all_ = _worked(case)
    if worked < 2:
        who = "Single operator: one" if all_ < 2 else "One"
        yield f"{who} person planned, approved and applied. Their approval is no outside anchor of the trail."
    yield "The trail holds pseudonymous entries (random case numbers, keyed commitments), not anonymous ones."


def _residue(residue: Iterable[Residue], catalog: Catalog) -> Iterable[str]:
    for r in residue:
        count = f"{r.count} cop{'ies' if r.count != 1 else 'y'} in {r.where}: " if r.count else f"{r.where}: "
        yield f"{label_of(catalog, r.system)}: {count}{r.told}"


def _identifiers(case: Case) -> Iterable[tuple[str, str, str]]:
    for i in case.found.identity if case.found else tuple(Identifier(k, v) for k, v in case.request.facts.identity):
        if i.origin is None:
            origin = "given"
        else:
            origin = f"found: {label_of(case.catalog, i.origin.system, i.origin.collection)}"
        yield i.kind, mask_on_paper(i.value, i.kind), origin if i.followed else f"{origin}, not followed"


def _answered(case: Case) -> str:
    request, facts = case.request, case.request.facts
    if facts.answered:
        closed = next((e.seq for e in case.entries if e.type == "case.close"), 0)
        later = [e for e in case.entries if e.type == "case.decide" and 0 < closed < e.seq]
        when = f" (recorded on {moment(later[0].ts).partition(',')[0]}, after the request was closed)" if later else ""
        return f"{long_date(facts.answered)}{when}"
    return "nobody asked" if facts.by_controller else "not recorded" if request.closed else "not yet"


def _in_time(request: Request) -> str:
    answered = request.facts.answered
    if answered is None and request.facts.by_controller:
        return "the controller began it itself"
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
    return f"{facts.identity_check} ({facts.identity_checked_by}, {moment(facts.identity_checked)})"


def _identity_asked(facts: Facts) -> str:
    if facts.by_controller:
        return "nobody asked for anything"
    return "yes, the person was asked for more (Art. 12(6))" if facts.identity_asked else "no, as far as it is recorded"


def _extension(request: Request) -> str:
    facts = request.facts
    if not facts.extended:
        return "none"
    told = (
        f"the person was told on {long_date(facts.extended_told)}" if facts.extended_told else "when they were told is not recorded"
    )
    return f"by two further months (Art. 12(3)): {facts.extended} ({told})"


def _ground(request: Request) -> str:
    facts, grounds = request.facts, right_of(request.right).grounds
    if facts.ends:
        return f"It ends the restriction {facts.ends}."
    if facts.undoes:
        return f"It takes back the rectification {facts.undoes}: {facts.note}"
    return f"Art. {facts.ground}: {grounds[facts.ground]}" if facts.ground in grounds else ""


def _task(task: Task) -> str:
    if task.open:
        return "open"
    records = f", {task.records} record{'s' if task.records != 1 else ''}" if task.kind in ("system", "rows") else ""
    return f"{task.note} ({task.answered_by}, {moment(task.answered)}{records})"


def verify_command(folder: str) -> str:
    """What is typed to check the trail of a workspace."""
    return f"dsr-desk --workspace {shlex.quote(folder)} audit verify"


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file that was just written."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
