"""What stays and what became of each field, counted: the parts of a report that the plan alone tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from dsr_desk.flow.reporting.words import label_of
from dsr_desk.model.catalog import Catalog, Collection
from dsr_desk.model.due import long_date
from dsr_desk.model.mask import is_special
from dsr_desk.model.plan import Outcome, Plan, Step
from dsr_desk.model.report import ReportField, ReportKept, ReportTable

#: How a field was erased, as a reader says it.
_STRATEGY = {
    "delete": "deleted",
    "null": "emptied",
    "blank": "blank",
    "constant": "the same text for everybody",
    "mention": "the name taken out of the text",
    "entry": "taken out of the list",
    "given": "the value that the person gave",
    "flag": "marked",
    "former": "what stood there before",
    "moved": "set aside, or moved back",
}

#: An end that is no date, as a reader says it.
_UNDATED = {"": "with the record it belongs to", "?": "not known", "never": "no end"}


def kept(plan: Plan, catalog: Catalog) -> Iterator[ReportKept]:
    """Each ground with its rows, counted: what stays, and what a person left out."""
    lines: dict[tuple[str, str, str, str], list[str]] = {}
    for step in plan.steps:
        if step.tells and step.heading == "changed":
            continue  # its other fields stay as they are, on no ground of their own
        label, system = _labels(catalog, step)
        left_out = step.heading == "excluded"
        name = "excluded" if left_out else "retained"
        for ground, reason in dict.fromkeys((o.ground, o.reason) for o in step.fields.values() if o.name == name):
            end = "–" if left_out else _until(step, ground, reason) or _no_end(catalog, step)
            lines.setdefault((label, system, ground, f"Left out: {reason}" if left_out else reason), []).append(end)
    for (label, system, ground, reason), ends in lines.items():
        yield ReportKept(f"{len(ends)} × {label}, {system}", f"Art. {ground}" if ground else "", reason, _span(ends))


def item_by_item(plan: Plan, catalog: Catalog) -> ReportTable | None:
    """A partial erasure (Art. 17(3)): for each kind of record and each end date, which fields stay, why, and which go.

    ``None`` where nothing stays on a ground.
    """
    items: Counter[tuple[str, str, str, str, str, str]] = Counter()
    for step in plan.steps:
        if step.heading != "retained":
            continue
        label, system = _labels(catalog, step)
        reasons = dict.fromkeys((o.ground, o.reason) for o in step.fields.values() if _stays(o))
        for ground, reason in reasons:
            stays = [n for n, o in step.fields.items() if _stays(o) and (o.ground, o.reason) == (ground, reason)]
            gone = [n for n in step.fields if n in step.writes]
            end = _until(step, ground, reason) or _no_end(catalog, step)
            passed = ", which has passed" if end and end < plan.made[:10] and end[0].isdigit() else ""
            why = ": ".join(part for part in (f"Art. {ground}" if ground else "", reason) if part)
            what = (f"{label}, {system}", end, _named(catalog, step, stays), why, f"{_span([end])}{passed}")
            items[*what, _named(catalog, step, gone)] += 1
    if not items:
        return None
    heads = (("Records", 9), ("Of", 20), ("What stays", 25), ("Why", 20), ("Until", 12), ("What goes", 14))
    rows = tuple((count, what, stays, why, until, gone) for (what, _, stays, why, until, gone), count in sorted(items.items()))
    return ReportTable("What stays, item by item", heads, rows)


def fields(plan: Plan, catalog: Catalog) -> Iterator[ReportField]:
    """Each field's outcome, counted; a record of which every field has the same one is one line."""
    counts: Counter[tuple[str, str, str, bool]] = Counter()
    for step in plan.steps:
        label, _ = _labels(catalog, step)
        special = {n for n in step.fields if _is_special(catalog, step, n)}
        told = {n: (o.name, _how(o), n in special) for n, o in step.fields.items()}
        if len({what[:2] for what in told.values()}) == 1:
            first = next(iter(told.values()))
            told = {f"the whole record, {len(told)} fields": (*first[:2], bool(special))}
        counts.update((f"{label} · {name}", *what) for name, what in told.items())
    for (where, outcome, detail, marked), records in counts.items():
        yield ReportField(where, outcome, records, detail, marked)


def _how(outcome: Outcome) -> str:
    if outcome.name in ("erased", "changed", "pseudonymised"):
        return _STRATEGY.get(outcome.strategy, outcome.strategy)
    return f"Art. {outcome.ground}" if outcome.ground else outcome.reason


def _labels(catalog: Catalog, step: Step) -> tuple[str, str]:
    return label_of(catalog, step.ref.system, step.ref.collection), label_of(catalog, step.ref.system)


def _collection(catalog: Catalog, step: Step) -> Collection | None:
    """What the catalog says now of the step's collection, if it still has it."""
    system = catalog.systems.get(step.ref.system)
    return system.collections.get(step.ref.collection) if system else None


def _stays(outcome: Outcome) -> bool:
    """Personal data that is still there, the key of a redacted row apart: that is listed with the proof."""
    return outcome.name in ("retained", "pseudonymised") and outcome.strategy != "key"


def _named(catalog: Catalog, step: Step, names: Iterable[str]) -> str:
    """Fields by the words that people have for them; special categories say that they are (Art. 9)."""
    collection = _collection(catalog, step)
    known = collection.fields if collection else {}
    titles = ((n, (known[n].title if n in known else "") or n) for n in names)
    return ", ".join(f"{title} (special category)" if _is_special(catalog, step, n) else title for n, title in titles)


def _is_special(catalog: Catalog, step: Step, name: str) -> bool:
    collection = _collection(catalog, step)
    field = collection.fields.get(name) if collection else None
    return field is not None and is_special(field.category_in(step.before))


def _until(step: Step, ground: str, reason: str) -> str:
    """The end date of what stays for this reason: ISO, ``never``, or ``""``."""
    return max((o.until for o in step.fields.values() if _stays(o) and (o.ground, o.reason) == (ground, reason)), default="")


def _no_end(catalog: Catalog, step: Step) -> str:
    """``?`` where the end was to be computed and couldn't be; nothing where the record ends with the one it belongs to."""
    collection = _collection(catalog, step)
    keep = collection.keep if collection else None
    return "?" if keep is not None and keep.field is not None and step.heading == "retained" else ""


def _span(ends: list[str]) -> str:
    """Every kind of end among the records: dates from the first to the last, and what has none beside them."""
    if "–" in ends:
        return "–"
    dates = sorted({e for e in ends if e and e not in _UNDATED})
    first, last = (long_date(date.fromisoformat(dates[i])) for i in (0, -1)) if dates else ("", "")
    span = first if first == last else f"{first} to {last}"
    return ", or ".join([*([span] if span else []), *(said for end, said in _UNDATED.items() if end in ends)])
