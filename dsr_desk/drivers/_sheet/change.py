"""Comparing a file with what a plan saw, and turning the plan's steps into edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dsr_desk.drivers._sheet.book import Book, Edits, as_row, text_of
from dsr_desk.drivers._sheet.sieve import Sieve
from dsr_desk.drivers.base import still
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Drift, Step, Watch, Work
from dsr_desk.model.values import Value, as_text

_CHECK_EVERY = 4096


@dataclass
class Comparison:
    """How every row of the work stands: drifted, as the plan saw it, or already as the plan wants it."""

    drifts: list[Drift] = field(default_factory=list)
    done: list[RowRef] = field(default_factory=list)
    edits: dict[str, Edits] = field(default_factory=dict)


def keys(collection: Collection, columns: Sequence[str]) -> Callable[[int, Sequence[Value]], tuple[str, ...]]:
    """What gives the key of a row, from its number and cells, as its reference writes it: key columns as text, or the number."""
    if not collection.key:
        return lambda row, cells: (str(row),)
    positions = [columns.index(name) for name in collection.key]
    if len(positions) == 1:
        (at,) = positions
        return lambda row, cells: ((text_of(cells[at]) if at < len(cells) else None) or "",)
    return lambda row, cells: tuple((text_of(cells[p]) if p < len(cells) else None) or "" for p in positions)


def compare(book: Book, work: Work, cancel: Cancel, recovering: bool = False) -> Comparison:
    """Reads each collection once: every step's row against its digest, every watch against the rows it expects.

    ``recovering`` also takes a row that is already what the plan wants, and says so in ``done``. ``UsageError`` where a
    key leads to two rows.
    """
    result = Comparison()
    names = dict.fromkeys([s.ref.collection for s in work.steps] + [w.lookup.collection for w in work.watches])
    for name in names:
        _compare_one(book, name, work, cancel, recovering, result)
    return result


def _compare_one(book: Book, name: str, work: Work, cancel: Cancel, recovering: bool, result: Comparison) -> None:
    collection = book.collection(name)
    columns = book.bound(collection)
    key_of = keys(collection, columns)
    steps = {s.ref.key: s for s in work.steps if s.ref.collection == name}
    watches = [w for w in work.watches if w.lookup.collection == name]
    sieves = [Sieve(i, w.lookup, book.system.region, columns) for i, w in enumerate(watches)]
    found: list[set[tuple[str, ...]]] = [set() for _ in watches]
    seen: dict[tuple[str, ...], int] = {}
    deletes: set[int] = set()
    writes: dict[int, Mapping[int, Value]] = {}
    drifted: set[tuple[str, ...]] = set()
    done: set[tuple[str, ...]] = set()
    for row, cells in book.rows(collection):
        if not row % _CHECK_EVERY:
            cancel.check()
        key = key_of(row, cells)
        if step := steps.get(key):
            if key in seen:
                raise not_unique(book, collection, seen[key], row)
            seen[key] = row
            values = as_row(columns, cells)
            if still(work, step.digest, values):
                if step.action == "delete":
                    deletes.add(row)
                elif step.writes:
                    writes[row] = {columns.index(column): value for column, value in step.writes.items()}
            elif recovering and _is_after(step, values):
                done.add(key)
            else:
                drifted.add(key)
                result.drifts.append(Drift(step.ref, "changed"))
        for sieve in sieves:
            if sieve.may(cells) and sieve.question.answers(as_row(columns, cells)):
                found[sieve.index].add(key)
    for key, step in steps.items():
        if key in seen:
            continue
        if recovering and step.action == "delete":
            done.add(key)
        else:
            drifted.add(key)
            result.drifts.append(Drift(step.ref, "gone"))
    result.drifts += _watched(collection, watches, found, drifted, done)
    result.done += [steps[key].ref for key in done]
    result.edits[name] = Edits(frozenset(deletes), writes)


def _watched(
    collection: Collection,
    watches: Sequence[Watch],
    found: Sequence[set[tuple[str, ...]]],
    drifted: set[tuple[str, ...]],
    done: set[tuple[str, ...]],
) -> list[Drift]:
    drifts: dict[RowRef, Drift] = {}
    for watch, keys in zip(watches, found, strict=True):
        expected = {ref.key for ref in watch.expected}
        for key in sorted(keys - expected - drifted):
            ref = RowRef(collection.system, collection.name, key)
            drifts.setdefault(ref, Drift(ref, "new"))
        for key in sorted(expected - keys - drifted - done):
            ref = RowRef(collection.system, collection.name, key)
            drifts.setdefault(ref, Drift(ref, "no longer matches"))
    return list(drifts.values())


def _is_after(step: Step, values: Mapping[str, Value]) -> bool:
    """Whether the row is what the step makes of it: what it wrote, and everything else as it was."""
    if step.action == "delete" or not step.writes:
        return False
    wanted = {**step.before, **step.writes}
    return all((as_text(values.get(name)) or "") == (as_text(value) or "") for name, value in wanted.items())


def not_unique(book: Book, collection: Collection, first: int, second: int) -> UsageError:
    """The error for a key that leads to two rows, named by their numbers."""
    where = f"{book.system.name}/{collection.name}: rows {first} and {second} of {book.label}"
    return UsageError(
        f"{where} have the same key ({', '.join(collection.key)}).", "List a key: in the catalog that is unique, or none."
    )
