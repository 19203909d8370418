"""The parts that only some reports have: corrections, restrictions, recipients, holds, cautions, the people of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dsr_desk.flow.receiving.many import outcomes
from dsr_desk.flow.reporting.words import CAUTIONS, label_of, moment
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.former import Former
from dsr_desk.model.hold import Hold
from dsr_desk.model.mask import mask_on_paper
from dsr_desk.model.plan import Plan
from dsr_desk.model.report import ReportTable
from dsr_desk.model.request import Request, Task
from dsr_desk.render import words


def corrections(plan: Plan, catalog: Catalog, undone: bool) -> ReportTable | None:
    """Which kinds of data a rectification changes, and where (Art. 16): kinds and fields, and no value, old or new."""
    rows: Counter[tuple[str, str, str]] = Counter()
    for step in plan.steps:
        ref = step.ref
        known = catalog.systems[ref.system].collections.get(ref.collection) if ref.system in catalog.systems else None
        for name, outcome in step.fields.items():
            if outcome.strategy != "given":
                continue
            field = known.fields.get(name) if known else None
            kind = words.category(field.category_in(step.before)) if field else ""
            title = (field.title if field else "") or name
            where = f"{label_of(catalog, ref.system)}: {label_of(catalog, ref.system, ref.collection)} · {title}"
            what = "as it was before" if undone else "the value that was given"
            rows[kind or "not personal by itself", where, what] += 1
    if not rows:
        return None
    heads = (("Kind of data", 24), ("Where", 42), ("New value", 24), ("Records", 10))
    return ReportTable("What is corrected", heads, tuple((*row, count) for row, count in rows.items()), "Without the values.")


_HOW = {"flag": "marked", "moved": "set aside", "by hand": "by hand"}
_FREED = {"former": "mark taken away", "moved": "moved back", "by hand": "by hand"}


def restriction(rows: Iterable[Former], standing: Mapping[RowRef, str], request: Request, catalog: Catalog) -> ReportTable | None:
    """What a request restricts, how and since when (Art. 18), or what it sets free (Art. 18(3)).

    ``standing`` has the rows that are restricted now. ``None`` where nothing was written yet.
    """
    counts: Counter[tuple[str, str, str, str]] = Counter()
    ends = request.right == "lifting"
    for row in rows:
        what = f"{label_of(catalog, row.was.system, row.was.collection)}, {label_of(catalog, row.was.system)}"
        how = (_FREED if ends and row.row not in standing else _HOW).get(row.how, "–")
        now = "restricted" if row.row in standing else "free"
        counts[what, how, moment(row.at).partition(",")[0] or "–", now] += 1
    if not counts:
        return None
    heads = (("Records", 10), ("Of", 38), ("How", 20), ("Since", 20), ("Now", 12))
    title = "What was set free, and what is still restricted" if ends else "What is restricted, and since when"
    return ReportTable(title, heads, tuple((count, *row) for row, count in counts.items()))


def notices(tasks: Sequence[Task], catalog: Catalog) -> ReportTable | None:
    """Who received the data, and who told them of the change, when and how (Art. 19)."""
    rows = []
    for task in (t for t in tasks if t.kind == "notice"):
        told = "not told yet" if task.open else f"{task.note} ({task.answered_by}, {moment(task.answered)})"
        proof = "–" if not task.files else f"{len(task.files)} file{'s' if len(task.files) > 1 else ''}"
        rows.append((task.row or task.title, label_of(catalog, task.system), task.records, told, proof))
    if not rows:
        return None
    heads = (("Recipient", 20), ("Data of", 18), ("Records", 9), ("Told", 43), ("Proof", 10))
    return ReportTable("Recipients", heads, tuple(rows), "Art. 19 GDPR: whoever received the data is told of the change.")


def no_recipients(plan: Plan, tasks: Sequence[Task], catalog: Catalog) -> ReportTable | None:
    """What the report says of recipients where nobody has to be told (Art. 19): never nothing at all."""
    if any(t.kind == "notice" for t in tasks):
        return None
    named = [n for n in plan.systems() if n in catalog.systems and catalog.systems[n].recipients]
    why = "Nothing of what recipients were given changes." if named else "The catalog names no recipient of the data concerned."
    return ReportTable("Recipients", (("Art. 19 GDPR", 100),), ((f"{why} Nobody had to be told.",),))


def holds(held: Iterable[Hold]) -> ReportTable | None:
    """The legal holds on this request or this person, and how they ended (Art. 17(3)(e))."""
    rows = []
    for hold in held:
        ended = "stands" if hold.stands else f"released: {hold.released_reason} ({hold.released_by}, {moment(hold.released)})"
        on = "this request" if hold.request else "this person"
        rows.append((moment(hold.at), on, f"{hold.reason} ({hold.by})", ended))
    if not rows:
        return None
    heads = (("Since", 20), ("On", 12), ("Why", 34), ("Now", 34))
    return ReportTable("Legal holds", heads, tuple(rows), "While one stands, nothing that it covers is erased.")


def cautions(plan: Plan, catalog: Catalog) -> ReportTable | None:
    """What was to be known before the plan was approved: records that still single somebody out, triggers, cascades."""
    rows = tuple((_place(catalog, c.system, c.collection, c.field), c.what) for c in plan.cautions)
    if not rows:
        return None
    return ReportTable(CAUTIONS, (("Where", 32), ("What", 68)), rows)


def people(request: Request, found: SearchResult | None, plan: Plan | None) -> ReportTable | None:
    """What becomes of each person of a list: by line, masked, counted. A record of several of them counts for each."""
    facts = request.facts
    if not facts.people or found is None:
        return None
    lines = facts.lines or tuple(range(1, len(facts.people) + 1))
    who = {line: ", ".join(mask_on_paper(v, k) for k, v in pairs) for line, pairs in zip(lines, facts.people, strict=True)}
    rows = tuple((str(o.line), who[o.line], str(o).partition(": ")[2]) for o in outcomes(facts, found, plan))
    return ReportTable("The people on the list", (("Line", 8), ("Who", 40), ("What becomes of their records", 52)), rows)


def all_of(tables: Iterable[ReportTable | None]) -> Iterator[ReportTable]:
    """Those that have something to tell."""
    return (table for table in tables if table is not None)


def _place(catalog: Catalog, system: str, collection: str, field: str = "") -> str:
    parts = [label_of(catalog, system), label_of(catalog, system, collection) if collection else "", field]
    return " · ".join(part for part in parts if part) or "–"
