"""Whole sets at once: rows whose version is still the one that was planned are compared and written by one statement.

A version (``Row.version``) stands for all columns of a row with their types, so this compares no less than ``examine`` does. It is
tried first where there are many rows. Whatever is not exactly as planned ends it: everything is taken back, and the rows are looked
at one by one, which says which of them it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dsr_desk.drivers._sql.batch import Batch, Keys, batches
from dsr_desk.drivers._sql.changing import Changing
from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.drivers._sql.examine import examine
from dsr_desk.drivers._sql.pointing import TAKES, count
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.finding import RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Step, Work

#: From how many rows on it is worth it.
MANY = 500


@dataclass(frozen=True)
class _Parted:
    """The steps of a work by how they are compared; ``whole`` are the collections compared in sets."""

    whole: Mapping[str, Sequence[Step]]
    single: tuple[Step, ...]


def unchanged(session: Session, work: Work) -> bool:
    """Whether every row is what the plan saw and every watch finds what it found; ``False`` too where sets can't tell."""
    parted = _part(session, work)
    if parted is None or examine(session, replace(work, steps=parted.single, watches=()), lock=False).drifts():
        return False
    if not all(_same(session, name, steps, lock=False) for name, steps in parted.whole.items()):
        return False
    aside = {name: _keys(session.system.collections[name].key, steps) for name, steps in parted.whole.items()}
    return _watched(session, work, {s.ref for steps in parted.whole.values() for s in steps}, aside)


def carried_out(session: Session, work: Work) -> bool:
    """Whether the work was carried out exactly; where not, the transaction has to be taken back. May raise ``Blocked``."""
    parted = _part(session, work)
    if parted is None:
        return False
    seen = examine(session, replace(work, steps=parted.single, watches=()), lock=True)
    if seen.drifts() or seen.taking.inside:
        return False
    if not all(_same(session, name, [s for s in steps if not s.changes], lock=False) for name, steps in parted.whole.items()):
        return False
    writing = list(work.changing())
    changing = Changing(session, writing, seen.rows)
    todo = list(batches(session, writing))
    for batch in todo:
        if batch.collection.name not in parted.whole:
            changing.run(batch)
        elif not _write(session, changing, batch):
            return False
    for batch in todo:
        if batch.collection.name not in parted.whole:
            changing.read_again(batch)
        elif not _holds(session, batch):
            return False
    return _watched(session, work, {s.ref for s in writing}, {})


def _part(session: Session, work: Work) -> _Parted | None:
    sets = session.dialect.sets
    steps = [s for s in work.steps if s.action != "manual"]
    if sets is None or len(steps) < MANY:
        return None
    grouped: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        grouped[step.ref.collection].append(step)
    whole = {name: some for name, some in grouped.items() if _fits(session, name, some)}
    if not whole:
        return None
    return _Parted(whole, tuple(s for s in steps if s.ref.collection not in whole))


def _fits(session: Session, name: str, steps: Sequence[Step]) -> bool:
    """Whether every step of a collection is plain enough: a row with a key and a version of the table as it is now."""
    collection = session.system.collections[name]
    table = session.live.get(name)
    sets = session.dialect.sets
    if table is None or sets is None or not collection.key or collection.cascade or not set(collection.key) <= set(table.columns):
        return False
    if table.is_view or (table.parts and not table.partitioned and not table.alone):
        return False
    if not any(set(unique) <= set(collection.key) for unique in session.relations.unique.get(table.name, ())):
        return False  # a row with the same key could stand beside it, unseen
    mark = sets.shape(table)
    if not mark:
        return False
    written: set[str] = set()
    for step in steps:
        if step.unlink or step.reach or step.action == "move" or not step.version.startswith(mark):
            return False
        if step.writes:
            written.update(step.writes)
    plain = written.isdisjoint(collection.key) and written <= set(table.columns)
    return plain and sets.takes(table, collection.key, steps, written)


def _same(session: Session, name: str, steps: Sequence[Step], lock: bool) -> bool:
    sets, table = session.dialect.sets, session.live[name]
    assert sets is not None
    return not steps or sets.same(session.conn, table, session.system.collections[name].key, steps, lock) == len(steps)


def _write(session: Session, changing: Changing, batch: Batch) -> bool:
    """Compare and write; whether exactly the rows of the batch were as planned."""
    sets = session.dialect.sets
    assert sets is not None
    session.cancel.check()
    if _pointed_at(session, batch):  # nobody may add to what cascades between the look and the delete
        if not _same(session, batch.collection.name, batch.steps, lock=True):
            return False
        if list(changing.pointing.obstacles(batch, [s.before for s in batch.steps])):
            return False
    if batch.kind == "change":
        return sets.update(session.conn, batch) == len(batch.steps)
    changing.gone(batch.steps)
    return sets.delete(session.conn, batch.table, batch.collection.key, batch.steps) == len(batch.steps)


def _pointed_at(session: Session, batch: Batch) -> bool:
    """Whether foreign keys may do more than refuse the batch, or refuse it only when it is committed."""
    incoming = [fk for fk in session.relations.foreign_keys if fk.to_table == batch.table.name]
    told = session.dialect.sets is not None and session.dialect.sets.refuses_at_once
    if batch.kind == "change":
        return any(set(fk.to_columns) & set(batch.columns) for fk in incoming)
    return any(fk.on_delete in TAKES for fk in incoming) or bool(incoming and not told)


def _holds(session: Session, batch: Batch) -> bool:
    """Whether the rows are what was written. Deleted ones come back by triggers only."""
    sets = session.dialect.sets
    assert sets is not None
    if batch.kind == "change":
        return sets.holding(session.conn, batch) == len(batch.steps)
    return not session.relations.triggers or count(session, batch.table, batch.collection.key, batch.keys()) == 0


def _watched(session: Session, work: Work, settled: set[RowRef], aside: Mapping[str, Keys]) -> bool:
    """Whether the watches find no row that the plan doesn't know, and miss none but the ``settled``.

    ``aside`` are keys of rows that are known to be what they were, so that they answer as they did: they need no reading.
    """
    questions = [Question(w.lookup, session.system.region) for w in work.watches]
    got: list[set[RowRef]] = [set() for _ in questions]
    for number, row in session.answers(questions, aside):
        got[number].add(row.ref)
    return all(
        (not found or found <= set(watch.expected))
        and (settled.issuperset(watch.expected) or all(ref in settled or ref in found for ref in watch.expected))
        for watch, found in zip(work.watches, got, strict=True)
    )


def _keys(key: Sequence[str], steps: Iterable[Step]) -> Keys:
    return [tuple(s.key[name] for name in key) for s in steps]


def wanted(dialect: Dialect, work: Work) -> bool:
    """Whether it is worth trying at all."""
    return dialect.sets is not None and len(work.steps) >= MANY
