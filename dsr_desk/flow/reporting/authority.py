"""The parts of a report that supervisory authorities ask for, whatever the right.

The EDPB's coordinated enforcement of 2024 (access) and 2025 (erasure) asked controllers how they make sure that a search is
complete, what becomes of backups, how anonymous what remains is, which recipients were told, and who does what in the procedure.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from dsr_desk.errors import UsageError
from dsr_desk.flow.reporting.words import CAUTIONS, label_of, moment
from dsr_desk.model.catalog import Backups, Catalog, Period, System
from dsr_desk.model.due import long_date, months_after
from dsr_desk.model.finding import RowRef, SearchResult, SystemSearch
from dsr_desk.model.plan import Plan, Step
from dsr_desk.model.report import ReportTable
from dsr_desk.model.request import Task
from dsr_desk.model.result import ApplyResult, Verification
from dsr_desk.model.trail import Entry

#: So many columns that were not judged are named one by one.
_NAMED = 5


def completeness(catalog: Catalog, found: SearchResult | None, waived: Mapping[str, str], tasks: Sequence[Task]) -> ReportTable:
    """How every system of the catalog was searched, or why not, and what the catalog does not know of it."""
    states = {s.system: s for s in found.systems} if found else {}
    rows = []
    for name, system in catalog.systems.items():
        state = states.get(name)
        rows.append((system.label, _known(system), _how_searched(state, waived.get(name, ""), tasks), _not_judged(state)))
    heads = (("System", 18), ("Described", 18), ("How it was searched", 36), ("Not judged", 28))
    intro = "Systems that stand in no catalog were not searched."
    if found:
        led = sum(1 for i in found.identity if i.origin is not None)
        asked = f"Asked with {len(found.identity)} identifier{'s' if len(found.identity) != 1 else ''}"
        intro = (
            f"{asked}, {led} of them found on the way, on {moment(found.started) if found.started else 'a day not kept'}. {intro}"
        )
    return ReportTable("How the search was made complete", heads, tuple(rows), intro)


def _known(system: System) -> str:
    collections = len(system.collections)
    if not collections:
        return "as a whole"
    columns = sum(len(c.fields) for c in system.collections.values())
    return f"{collections} table{'s' if collections != 1 else ''}, {columns} column{'s' if columns != 1 else ''}"


def _how_searched(state: SystemSearch | None, waived: str, tasks: Sequence[Task]) -> str:
    match state.status if state else "":
        case "searched":
            assert state is not None
            asked = f"{state.queries} question{'s' if state.queries != 1 else ''}" if state.queries else "nothing led to it"
            return f"by machine: {asked}, {state.rows} record{'s' if state.rows != 1 else ''} found"
        case "manual":
            assert state is not None
            of_it = [t for t in tasks if t.system == state.system and t.kind == "system"]
            return "by hand: nobody has answered yet" if not of_it or any(t.open for t in of_it) else "by hand: answered, see below"
        case "waived":
            return f"not searched, waived: {waived or 'the reason is not kept'}"
        case "failed":
            assert state is not None
            return f"not searched: {state.error}"
        case _:
            return "not searched yet"


def _not_judged(state: SystemSearch | None) -> str:
    if state is None or state.status != "searched":
        return "–"
    if not state.uncovered:
        return "nothing: every column that was met is described"
    more = f" and {len(state.uncovered) - _NAMED} more" if len(state.uncovered) > _NAMED else ""
    return f"columns that the catalog does not know: {', '.join(state.uncovered[:_NAMED])}{more}"


def backups(catalog: Catalog, found: SearchResult | None, applied: ApplyResult | None) -> ReportTable | None:
    """Until when backups may hold what was erased (Art. 17, Art. 32): what the catalog says of them, or that nobody said."""
    if not catalog.systems:
        return None
    changed = {s.system: s.at for s in applied.systems if s.status == "applied" and s.at} if applied else {}
    rows = [
        (s.label, *_backups(s.backups, changed.get(name, "")))
        for name, s in catalog.systems.items()
        if found is None or any(state.system == name for state in found.systems)
    ]
    heads = (("System", 20), ("Kept for", 16), ("May hold the old data until", 26), ("What is said of them", 38))
    intro = "No program reaches into a backup. Whoever restores one has to carry this request out again."
    return ReportTable("Backups", heads, tuple(rows), intro)


def _backups(said: Backups | None, changed: str) -> tuple[str, str, str]:
    if said is None:
        return "not known", "not known", "Nobody has said: the catalog is silent on the backups of this system."
    note = said.note or "–"
    if said.kept is None:
        return "not said", "not said", note
    if not changed:
        return str(said.kept), "–", note
    day = datetime.fromisoformat(changed).astimezone().date()
    return str(said.kept), _end(day, said.kept), note


def _end(day: date, kept: Period) -> str:
    """The last day of a time that begins on ``day``, in words."""
    try:
        match kept.unit:
            case "days" | "weeks":
                return long_date(day + timedelta(days=kept.count * (7 if kept.unit == "weeks" else 1)))
            case "months" | "years":
                return long_date(months_after(day, kept.count * (12 if kept.unit == "years" else 1)))
    except (OverflowError, UsageError):
        return "no end"


#: What stands in a field now, by the strategy that wrote it: in words, and what it is in law.
_GONE = "no: nothing of it is there any more"
_SAME = "no: it is the same for everybody"
_KEYED = "its key is destroyed when the request is closed; until then yes (Art. 4(5))"
_KEY_GONE = "no, by itself: its key was destroyed when the request was closed (Art. 4(5))"
_REMAINS: Mapping[str, tuple[str, str]] = {
    "null": ("emptied", _GONE),
    "blank": ("blank", _GONE),
    "default": ("the column’s usual value", _SAME),
    "constant": ("the same text for everybody", _SAME),
    "mention": ("free text without the name", "it may be: somebody can be known from what else the text tells"),
    "random": ("a random value", "no, unless the rest of the record tells who it is"),
    "fake": ("an invented value", "it may be: an invented value can link records, or be taken for a real one"),
    "generalise": ("a coarser value", "it may be: together with the rest of the record it can single somebody out"),
    "noise": ("a value changed at random", "it may be: together with the rest of the record it can single somebody out"),
    "shift": ("a shifted date", "it may be: intervals stay, and can single somebody out"),
    "mask": ("a masked value", "it may be: what is not masked can single somebody out"),
    "pseudonym": ("a pseudonym", _KEYED),
    "hash": ("a keyed digest", _KEYED),
    "hmac": ("a keyed digest", _KEYED),
    "token": ("a token", "yes: whoever has the safe lock can undo it (Art. 4(5))"),
    "key": ("the key of the row", "yes, as long as anything else points to the person by it"),
}


def remains(plan: Plan, closed: bool) -> ReportTable | None:
    """What stands where personal data stood, and whether that is personal data still (Recital 26, Art. 4(5)).

    Of a ``closed`` request no key is left.
    """
    values: Counter[tuple[str, str]] = Counter()
    records: defaultdict[tuple[str, str], set[RowRef]] = defaultdict(set)
    for step in plan.steps:
        for stands, law in _left_of(step):
            what = stands, _KEY_GONE if closed and law == _KEYED else law
            values[what] += 1
            records[what].add(step.ref)
    if not values:
        return None
    heads = (("What stands there now", 30), ("Values", 10), ("Records", 11), ("Is it personal data still?", 49))
    rows = tuple((what, count, len(records[what, law]), law) for (what, law), count in sorted(values.items()))
    single = sum(1 for c in plan.cautions if "single" in c.what)
    intro = (
        "No record that stays was found to single somebody out by what is left of it; only columns of the catalog were compared."
    )
    if single:
        lines = "1 line says" if single == 1 else f"{single} lines say"
        intro = f"Under “{CAUTIONS}” {lines} where what is left still singles somebody out."
    return ReportTable("How anonymous what remains is", heads, rows, intro)


def _left_of(step: Step) -> Iterator[tuple[str, str]]:
    if step.action == "delete":
        yield "nothing: the record is deleted", _GONE
        return
    for outcome in step.fields.values():
        if outcome.name == "pseudonymised":
            yield _REMAINS.get(outcome.strategy, ("a pseudonym", ""))[0], "yes: it can be undone or linked (Art. 4(5))"
        elif outcome.strategy in _REMAINS and outcome.name in ("erased", "changed", "retained"):
            yield _REMAINS[outcome.strategy]
        elif outcome.name in ("erased", "changed"):
            yield "another value", "it may be: the catalog’s strategy is not one that this report knows"
        elif outcome.name in ("retained", "excluded"):
            yield "the value as it was", "yes"


_QUESTION = re.compile(r"(.*): (\d+) now(?:, (\d+) before)?", re.DOTALL)


def before_and_after(verification: Verification, catalog: Catalog) -> ReportTable | None:
    """Each question of the second search, with how many records of the request answered it before and after."""
    rows: list[tuple[str, str, int | None, int | None]] = []
    for system in verification.systems:
        for asked in system.queries:
            if told := _QUESTION.fullmatch(asked):
                before = int(told[3]) if told[3] is not None else None
                rows.append((label_of(catalog, system.system), told[1], before, int(told[2])))
    if not rows:
        return None
    heads = (("System", 18), ("Question", 58), ("Before", 12), ("After", 12))
    intro = (
        "Only records of this request are counted. Those that still answer are those that stay, each with its ground above, or are "
        "left over. A dash: not asked when the plan was made."
    )
    return ReportTable("Before and after, question by question", heads, tuple(rows), intro)


_ROLES = {"approver": "approver", "agent": "agent: prepares, does not approve", "auditor": "auditor: reads only"}
_DECIDING = {"plan.approve": "approved a plan", "hold.release": "released a hold", "case.decide": "recorded the decision"}


def procedure(
    entries: Iterable[Entry], names: Mapping[str, str], roles: Mapping[str, str], approvals: int, years: int
) -> ReportTable:
    """Who had a hand in the request, in which role, and what rules the workspace sets them."""
    did: dict[str, Counter[str]] = {}
    for entry in entries:
        did.setdefault(entry.actor, Counter())[_DECIDING.get(entry.type, "")] += 1
    rows = []
    for actor, acts in did.items():
        told = [f"{act}{f' ({count} times)' if count > 1 else ''}" for act, count in acts.items() if act]
        other = acts[""]
        told += [f"{other} other entr{'ies' if other != 1 else 'y'}"] if other else []
        role = _ROLES.get(roles.get(actor, ""), "not known any more")
        rows.append((names.get(actor, "an operator since removed"), role, actor, ", ".join(told)))
    heads = (("Who", 22), ("Role", 24), ("Key", 20), ("What they did", 34))
    intro = (
        f"Each plan needs {'one approval' if approvals == 1 else f'{approvals} approvals, by different people'}. "
        f"The file of a request is kept for {years} year{'s' if years != 1 else ''} after it was closed; its trail stays."
    )
    return ReportTable("Procedure and roles", heads, tuple(rows), intro)
