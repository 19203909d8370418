"""Verify: search again with every known identifier, and hold what is there against what the plan said would be.

Left over is a field that the plan erased and that still holds its old value, one that doesn't hold the value it was told, a row
that should be gone, or a finding the plan didn't know. Keys that stay, retained rows and rows left out are listed, not counted.
Then the raw bytes are read.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, DeskError
from dsr_desk.flow import search
from dsr_desk.flow.applying.residue import old_bytes
from dsr_desk.flow.searching.people import identifiers
from dsr_desk.flow.searching.questions import Questions
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.tasks import of_system
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, Collection, Field
from dsr_desk.model.event import Tell
from dsr_desk.model.finding import PersonFound, Row, RowRef, SearchResult
from dsr_desk.model.identity import CONFIRMING, normals
from dsr_desk.model.plan import TOLD, Plan, Residue, Step
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import Leftover, Retained, SystemVerified, Verification
from dsr_desk.model.values import Value, freeze, same
from dsr_desk.rights.base import alike


def run(
    systems: Systems,
    request: Request,
    plan: Plan,
    before: SearchResult,
    tasks: Iterable[Task],
    tell: Tell,
    cancel: Cancel,
    written: Container[str] = (),
) -> Verification:
    """The second search and its balance: found before = erased + changed + retained + excluded + by hand + left over, per system.

    ``written`` names the systems in which the plan was carried out. What any other was to lose is left over, unless seen gone.
    """
    asked = everybody_known(systems.catalog, request, plan, before)
    searched = search.run(systems, asked, tell, cancel, plan.waived)
    again = placed(systems.catalog, plan, searched.result)
    now: dict[RowRef, Row] = {f.ref: f.row for f in again.findings}
    reached = frozenset(now)
    failed = {s.system: f"{s.error} {s.hint}".strip() for s in again.systems if s.status in ("failed", "waived")}
    _read_planned(systems, plan, now, failed, cancel)
    leftovers = [
        *_still_there(systems.catalog, plan, now, reached, failed),
        *_unknown(plan, before, again),
        *_not_written(plan, failed, written),
    ]
    left = frozenset(x.ref for x in leftovers)
    residue = old_bytes(systems, plan, failed, tell, cancel)
    questions = Questions(systems.catalog, plan, before, searched.result, searched.answers)
    asked_of = {n: tuple(questions.of(n)) for n in systems.catalog.systems}
    found = tuple(_system(systems, n, plan, asked_of[n], leftovers, residue, failed, tasks) for n in systems.catalog.systems)
    incomplete = [n for n in failed if n not in plan.waived]
    status = "leftovers" if leftovers else "incomplete" if incomplete else "verified"
    return Verification(
        request.ref,
        status,  # type: ignore[arg-type]  # one of three
        datetime.now(UTC).isoformat(timespec="seconds"),
        found,
        tuple(leftovers),
        tuple(_listed(plan, ("retained",), ("retained", "pseudonymised"), left)),
        tuple(_listed(plan, ("excluded",), ("excluded",), left)),
        tuple(residue),
        tuple(_listed(plan, ("erased", "changed"), ("retained",), left)),
        sum(1 for s in plan.steps if s.in_part and s.ref not in left),
        tuple(_limits(systems.catalog, plan)),
    )


def everybody_known(catalog: Catalog, request: Request, plan: Plan, before: SearchResult) -> search.Asks:
    """``everything_known`` of one person, or of each on a list."""
    if not request.facts.people:
        return everything_known(catalog, request, plan, before)
    written = _written(catalog, plan)
    return tuple(_known(request, written, person, person.line) for person in before.people)


def everything_known(catalog: Catalog, request: Request, plan: Plan, before: SearchResult) -> Ask:
    """All identifiers that were followed, and the rows that were this person, even if nothing on them says so any more.

    What the plan wrote in place of an identifier (``Erased``) is none, unless somebody told it: a corrected address is asked for
    beside the old one. Who was told apart before stays somebody else.
    """
    known = _known(request, _written(catalog, plan), before)
    told = _written(catalog, plan, told=True)
    return replace(known, given=(*known.given, *sorted(pair for pair in told if pair[0] not in CONFIRMING)), off=known.off - told)


def _known(request: Request, written: frozenset[tuple[str, str]], before: SearchResult | PersonFound, line: int = 0) -> Ask:
    given = tuple(dict.fromkeys((i.kind, i.value) for i in before.identity if i.followed))
    leading = tuple(pair for pair in given if pair[0] not in CONFIRMING) or given
    names = tuple(pair for pair in given if pair[0] in CONFIRMING and leading is not given)
    subjects = frozenset(before.subjects) or frozenset(RowRef.parse(s) for s in request.facts.subjects)
    confirmed = frozenset(d.ref for d in request.facts.decisions if d.include)
    dropped = frozenset((i.kind, i.value) for i in before.identity if not i.followed)
    off = (frozenset(request.facts.off) | dropped | written) - frozenset(given)
    return Ask(leading + names, subjects, confirmed, off, _others(before), thorough=True, line=line)


def placed(catalog: Catalog, plan: Plan, again: SearchResult) -> SearchResult:
    """The second search with the rows of keyless files under the numbers they had in the plan.

    A row without a key is named by its number, and numbers move up when a row goes; so these are told by what they hold. One that
    holds what no row of the plan should hold is new, under a number that the plan doesn't know.
    """
    left: dict[tuple[str, str], list[tuple[Any, RowRef]]] = {}
    for step in sorted(plan.steps, key=lambda s: s.action == "delete"):
        if not catalog.collection(step.ref.system, step.ref.collection).key:
            after = step.before if step.action == "delete" else {**step.before, **step.writes}
            left.setdefault((step.ref.system, step.ref.collection), []).append((_held(after), step.ref))
    findings = []
    for finding in again.findings:
        ref = finding.ref
        if catalog.collection(ref.system, ref.collection).key:
            findings.append(finding)
            continue
        known = left.get((ref.system, ref.collection), [])
        at = next((n for n, (values, _) in enumerate(known) if values == _held(finding.row.values)), None)
        place = known.pop(at)[1] if at is not None else RowRef(ref.system, ref.collection, (f"{ref.key[0]} now",))
        findings.append(replace(finding, row=replace(finding.row, ref=place)))
    return replace(again, findings=tuple(findings))


def _held(values: Mapping[str, Value]) -> Any:
    return freeze({name: values[name] for name in sorted(values)})


def _written(catalog: Catalog, plan: Plan, told: bool = False) -> frozenset[tuple[str, str]]:
    """What the rows will say of who they are once the plan has run, where that is not what they said before.

    With ``told`` what somebody said that it is, and else what only stands in place of what was erased.
    """
    said: set[tuple[str, str]] = set()
    for step in plan.steps:
        collection = catalog.collection(step.ref.system, step.ref.collection)
        new = {n for n in step.writes if (n in step.fields and step.fields[n].strategy in TOLD) is told}
        if new:
            after = Row(step.ref, step.key, {**step.before, **step.writes})
            said |= {(kind, value) for kind, value, names in identifiers(after, collection) if {*names.split("+")} & new}
    return frozenset(said)


def _others(before: SearchResult | PersonFound) -> frozenset[RowRef]:
    return frozenset(ref for n in before.not_followed for ref in n.leads_to)


def _read_planned(systems: Systems, plan: Plan, now: dict[RowRef, Row], failed: dict[str, str], cancel: Cancel) -> None:
    """Read every planned row by its key, too: what nothing leads to any more could still be there."""
    keyed = [s for s in plan.steps if s.digest and systems.catalog.collection(s.ref.system, s.ref.collection).key]
    aside = [(_place(s), s.key) for s in plan.steps if s.action == "move"]
    reading = [*((s.ref, s.key) for s in keyed), *aside]
    wanted = {n: [(ref, key) for ref, key in reading if ref.system == n] for n in plan.systems()}

    def job(driver: Driver) -> list[Row]:
        return list(driver.read(wanted[driver.system.name], cancel))

    for name, future in systems.each([n for n in wanted if n not in failed], job):
        try:
            rows: list[Row] = result(future)
            now.update({row.ref: row for row in rows})
        except CancelledError:
            raise
        except DeskError as error:
            failed[name] = f"{error.message} {error.hint}"


def _still_there(
    catalog: Catalog, plan: Plan, now: Mapping[RowRef, Row], reached: frozenset[RowRef], failed: Mapping[str, str]
) -> Iterable[Leftover]:
    for step in plan.steps:
        row = now.get(step.ref)
        if step.ref.system in failed:
            continue
        if step.tells:
            yield from _untold(step, row, now.get(_place(step)))
            continue
        if row is None:
            continue
        collection = catalog.collection(step.ref.system, step.ref.collection)
        if step.action == "delete":
            if row.ref in reached or _is_it(collection, step, row):
                yield Leftover(step.ref, (), "still there")
            continue
        region = catalog.systems[step.ref.system].region
        kept = tuple(name for name in step.writes if _kept(collection.fields.get(name), step, name, row.values.get(name), region))
        if kept:
            yield Leftover(step.ref, kept, "still holds its old value")


def _place(step: Step) -> RowRef:
    """Where the row lies once the plan has run."""
    return step.ref._replace(collection=step.to) if step.to else step.ref


def _untold(step: Step, row: Row | None, aside: Row | None) -> Iterable[Leftover]:
    """A row that isn't where it was to be set aside, or fields that don't hold what they were told."""
    if step.action == "move":
        if row is not None:
            yield Leftover(step.ref, (), "was not moved")
        elif aside is None or not all(alike(value, aside.values.get(name)) for name, value in step.before.items()):
            yield Leftover(step.ref, (), "is not where it was moved to")
        return
    if row is None:
        yield Leftover(step.ref, (), "is gone")
        return
    told = {n: step.writes.get(n, step.before.get(n)) for n, o in step.fields.items() if o.strategy in TOLD}
    missing = tuple(name for name, value in told.items() if not alike(value, row.values.get(name)))
    if missing:
        yield Leftover(step.ref, missing, "does not hold its new value")


def _is_it(collection: Collection, step: Step, row: Row) -> bool:
    """Whether a row under the key of a deleted one is that row: systems give the number of a deleted row to the next one."""
    rest = {name: value for name, value in step.before.items() if name not in collection.key and value is not None}
    telling = [name for name in rest if name not in collection.fields or collection.fields[name].personal_in(step.before)]
    alike = [same(row.values.get(name), rest[name]) for name in telling or rest]
    return any(alike) if telling else all(alike)


def _kept(field: Field | None, step: Step, name: str, value: Value, region: str | None) -> bool:
    """Whether a field that was to be erased holds its old value, however an identifier is spelt."""
    old, new = step.before.get(name), step.writes[name]
    if old is None or same(new, old) or (isinstance(old, list) and all(entry is None for entry in old)):  # nothing stood there
        return False
    if field is not None and field.identity:
        forms = normals(field.identity, old, region) - normals(field.identity, new, region)
        return same(value, old) or bool(forms & normals(field.identity, value, region))
    return same(value, old)


def _unknown(plan: Plan, before: SearchResult, again: SearchResult) -> Iterable[Leftover]:
    """Rows that the plan didn't know, and people to whom an identifier leads now and didn't before."""
    strangers = (_others(again) | {c.row.ref for c in again.ambiguous}) - _others(before)
    planned = {s.ref for s in plan.steps} | {_place(s) for s in plan.steps}
    for ref in dict.fromkeys([*(f.ref for f in again.findings), *sorted(strangers, key=str)]):
        if ref not in planned:
            yield Leftover(ref, (), "not in the plan")


def _not_written(plan: Plan, failed: Container[str], written: Container[str]) -> Iterable[Leftover]:
    """What nobody wrote, in a system that nobody can look at now: it can't be called gone."""
    for step in plan.steps:
        if step.changes and step.ref.system in failed and step.ref.system not in written:
            yield Leftover(step.ref, (), "not written, and not searched again")


def _listed(plan: Plan, counted: Container[str], outcomes: Container[str], left: Container[RowRef]) -> Iterable[Retained]:
    """The rows that count under these headings, one line each, with the fields of those outcomes and why.

    The other fields of a row that is told something stay as they are, on no ground of their own.
    """
    for step in plan.steps:
        told = {n: o for n, o in step.fields.items() if o.name in outcomes}
        if step.heading not in counted or not told or step.ref in left or (step.tells and step.heading == "changed"):
            continue
        grounds = dict.fromkeys(o.ground for o in told.values() if o.ground)
        reasons = dict.fromkeys(o.reason for o in told.values() if o.reason)
        until = max((o.until for o in told.values()), default="")
        yield Retained(step.ref, ", ".join(grounds), "; ".join(reasons), until, tuple(told))


def _system(
    systems: Systems,
    name: str,
    plan: Plan,
    queries: tuple[str, ...],
    leftovers: list[Leftover],
    residue: list[Residue],
    failed: Mapping[str, str],
    tasks: Iterable[Task],
) -> SystemVerified:
    mine = [s for s in plan.steps if s.ref.system == name]
    left = {x.ref for x in leftovers if x.ref.system == name}
    counts = dict.fromkeys(("erased", "changed", "retained", "excluded", "by_hand"), 0)
    for step in mine:
        if step.ref not in left:
            counts[step.heading] += 1
    by_hand = name in plan.manual_systems
    if by_hand:
        counts["by_hand"] = sum(t.records for t in tasks if t.system == name and of_system(t) and not t.open)
    bytes_too = name in plan.systems() and not any(r.system == name and not r.count for r in residue)
    how = (
        "By hand: no program can search it"
        if by_hand
        else f"{len(queries)} question{'' if len(queries) == 1 else 's'} again{', then raw bytes' if bytes_too else ''}"
    )
    return SystemVerified(
        name,
        sum(counts.values()) + len(left),
        counts["erased"],
        counts["retained"],
        counts["excluded"],
        counts["by_hand"],
        len(left),
        how,
        searched=not by_hand and name not in failed,
        error=failed.get(name, ""),
        residue=tuple(r for r in residue if r.system == name),
        queries=queries,
        changed=counts["changed"],
    )


def _limits(catalog: Catalog, plan: Plan) -> Iterable[str]:
    """What this proof can't reach, in plain sentences."""
    yield "Backups made before today still hold the data: nothing here reaches them."
    for name in plan.manual_systems:
        yield f"{catalog.systems[name].label}: dealt with by hand, and not searched by machine."
    for name in plan.waived:
        yield f"{catalog.systems[name].label}: not searched. Somebody waived it with a reason."


def with_entry(verification: Verification, entry: int) -> Verification:
    """The same verification, with the trail entry that records it."""
    return replace(verification, entry=entry)
