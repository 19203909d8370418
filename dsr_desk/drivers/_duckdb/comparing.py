"""Comparing files with what a plan saw, and turning the plan's steps into edits of each file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dsr_desk.drivers._duckdb.part import Part, Record
from dsr_desk.drivers.base import still
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Drift, Step, Work
from dsr_desk.model.values import as_text


@dataclass(frozen=True, slots=True)
class Edit:
    """One row of a file, and the step that changes it."""

    step: Step
    record: Record


@dataclass
class Comparison:
    """How the rows of the work stand; ``edits`` by collection and label of the file."""

    drifts: dict[RowRef, Drift] = field(default_factory=dict)
    done: set[RowRef] = field(default_factory=set)
    edits: dict[tuple[str, str], list[Edit]] = field(default_factory=dict)


#: Rows of a collection that answer one of the questions, or have one of the keys.
Scan = Callable[[Collection, Sequence[Question], Sequence[tuple[str, ...]], Cancel], Iterator[tuple[Part, Record, Row]]]


def compare(
    work: Work, collections: Mapping[str, Collection], region: str | None, scan: Scan, cancel: Cancel, recovering: bool = False
) -> Comparison:
    """Every step's row against its digest, every watch against the rows it expects; each file is gone through once.

    ``recovering`` also takes a row that is already what the plan wants. ``UsageError`` where a key leads to two rows.
    """
    result = Comparison()
    for name in dict.fromkeys([s.ref.collection for s in work.steps] + [w.lookup.collection for w in work.watches]):
        _compare(work, collections[name], region, scan, cancel, recovering, result)
    return result


def _compare(
    work: Work, collection: Collection, region: str | None, scan: Scan, cancel: Cancel, recovering: bool, result: Comparison
) -> None:
    steps = {s.ref: s for s in work.steps if s.ref.collection == collection.name}
    watches = [(w, Question(w.lookup, region)) for w in work.watches if w.lookup.collection == collection.name]
    found: list[set[RowRef]] = [set() for _ in watches]
    seen: set[RowRef] = set()
    for part, record, row in scan(collection, [q for _, q in watches], [ref.key for ref in steps], cancel):
        answered = [hits for (_, question), hits in zip(watches, found, strict=True) if question.answers(record.values)]
        for hits in answered:
            hits.add(row.ref)
        step = steps.get(row.ref)
        if step is None:
            continue
        if row.ref in seen:
            raise twice(collection)
        seen.add(row.ref)
        if still(work, step.digest, record.values):
            if step.action == "delete" or step.writes:
                result.edits.setdefault((collection.name, part.label), []).append(Edit(step, record))
        elif recovering and _is_after(step, record):
            result.done.add(row.ref)
        else:
            result.drifts[row.ref] = Drift(row.ref, "changed")
    for ref, step in steps.items():
        if ref not in seen and recovering and step.action == "delete":
            result.done.add(ref)
        elif ref not in seen:
            result.drifts[ref] = Drift(ref, "gone")
    for (watch, _), hits in zip(watches, found, strict=True):
        for ref in sorted(hits - {*watch.expected}):
            result.drifts.setdefault(ref, Drift(ref, "new"))
        for ref in sorted({*watch.expected} - hits - result.done):
            result.drifts.setdefault(ref, Drift(ref, "no longer matches"))


def _is_after(step: Step, record: Record) -> bool:
    if step.action == "delete" or not step.writes:
        return False
    wanted = {**step.before, **step.writes}
    return all((as_text(record.values.get(name)) or "") == (as_text(value) or "") for name, value in wanted.items())


def twice(collection: Collection) -> UsageError:
    """The error for a key that leads to two rows."""
    return UsageError(
        f"{collection.system}/{collection.name}: two rows have the same key ({', '.join(collection.key)}).",
        "List a key: in the catalog that is unique over all its files.",
    )
