"""What the live schema says against a plan, by name and all at once; what only trying shows is left to the rehearsal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from dsr_desk.model.catalog import System
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.schema import Column, LiveCollection, Schema
from dsr_desk.model.values import freeze


def refusals(system: System, schema: Schema, steps: Iterable[Step]) -> Iterator[Refusal]:
    """Everything that the schema of one system forbids, each column once."""
    seen: set[tuple[str, str, str]] = set()
    by_collection: dict[str, list[Step]] = {}
    for step in steps:
        by_collection.setdefault(step.ref.collection, []).append(step)
    for name, rows in by_collection.items():
        live = schema.collections.get(name)
        if live is None:
            yield Refusal(system.name, name, "", "the live system has no such collection", "Mend its name in the catalog")
            continue
        writing = [s for s in rows if s.changes]
        if writing and live.is_view:
            yield Refusal(system.name, name, "", "it is a view", "Describe the tables below it instead")
        if writing and not schema.writable:
            yield Refusal(system.name, name, "", "it can only be read", "Give the desk's account the right to write")
        if any(s.action == "move" for s in rows) and not schema.moves:
            why = "its rows can't be set aside from here"
            yield Refusal(system.name, name, "", why, "Set a flag instead (set:), or leave it to a task")
        if any(s.digest and not s.key for s in rows):
            why = "its rows have no key, so one can't be told from another"
            yield Refusal(system.name, name, "", why, "List under key: the columns that tell them apart")
        for step in rows:
            for refusal in _row(system, live, step):
                if (refusal.collection, refusal.field, refusal.why) not in seen:
                    seen.add((refusal.collection, refusal.field, refusal.why))
                    yield refusal
        yield from _collisions(system, live, rows)


def doubled(refs: Iterable[RowRef]) -> Iterator[Refusal]:
    """Keys that name more than one row."""
    for system, collection in sorted({(r.system, r.collection) for r in refs}):
        yield Refusal(
            system,
            collection,
            "",
            "its key names more than one row, or rows changed while they were read",
            "Search again; if it stays so, list more columns under key:",
        )


def _row(system: System, live: LiveCollection, step: Step) -> Iterator[Refusal]:
    collection = system.collections[step.ref.collection]
    for name, value in step.writes.items():
        column = live.columns.get(name)
        if column is None:
            continue
        why = _column(column, value, name in collection.key)
        if why:
            yield Refusal(system.name, collection.name, name, *why)


def _column(column: Column, value: object, in_key: bool) -> tuple[str, str] | None:
    if in_key:
        return ("it is part of the row's key", "Take erase: away; a key that stays is listed as retained")
    if column.generated:
        return (
            "the system computes it itself",
            "Erase the columns it is computed from, and list it with {} alone",
        )
    if value is None and not column.nullable:
        return ("it may not be NULL", 'Give it a constant (erase: {constant: "…"}), or keep it with a ground')
    if column.length is not None and isinstance(value, str) and len(value) > column.length:
        return (f"the new value has {len(value)} characters, and it takes {column.length}", "Choose a shorter one")
    return None


def _collisions(system: System, live: LiveCollection, rows: list[Step]) -> Iterator[Refusal]:
    """Two rows of the plan that would get the same value where the system wants it unique."""
    for columns in live.unique:
        touched = [s for s in rows if s.action == "change" and any(c in s.writes for c in columns)]
        after = Counter(
            tuple(str(freeze(s.writes.get(c, s.before.get(c)))) for c in columns)
            for s in touched
            if all(s.writes.get(c, s.before.get(c)) is not None for c in columns)
        )
        if any(count > 1 for count in after.values()):
            yield Refusal(
                system.name,
                live.name,
                ", ".join(columns),
                "it must be unique, and two rows of this plan would get the same value",
                "Use a pseudonym or null instead of a constant",
            )
