"""Whether the rows are still what the plan saw (under lock or without), and whether the watches find what they found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dsr_desk.drivers._sql.session import Session
from dsr_desk.drivers.base import still
from dsr_desk.model.finding import RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Drift, Step, Work
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value, as_text, same

#: ``before``: as the plan saw it. ``after``: as the plan leaves it. ``changed`` and ``gone``: neither.
State = Literal["before", "after", "changed", "gone"]


@dataclass(frozen=True)
class Examined:
    """What was seen. ``rows`` holds the rows that are there."""

    states: Mapping[RowRef, State]
    #: The rows that the work writes.
    writing: frozenset[RowRef]
    rows: Mapping[RowRef, Mapping[str, Value]]
    new: tuple[RowRef, ...]
    missing: tuple[RowRef, ...]

    @property
    def untouched(self) -> bool:
        """Whether every row to write is still as the plan saw it."""
        return all(self.states[ref] == "before" for ref in self.writing)

    @property
    def finished(self) -> bool:
        """Whether every row to write is as the plan leaves it, and nothing unknown turned up."""
        return not self.new and all(self.states[ref] == "after" for ref in self.writing)

    def drifts(self) -> list[Drift]:
        """Every row that is not what the plan saw, for a run that nothing came before."""
        moved = {ref: state for ref, state in self.states.items() if state != "before"}
        return [
            *(Drift(ref, "changed" if ref in self.rows else "gone") for ref in moved),
            *(Drift(ref, "new") for ref in self.new),
            *(Drift(ref, "no longer matches") for ref in self.missing if ref not in moved),
        ]


def examine(session: Session, work: Work, lock: bool) -> Examined:
    """Read every row of the work, those it writes under lock, and ask its watches again."""
    steps = {s.ref: s for s in work.steps if s.action != "manual"}
    writing = frozenset(s.ref for s in work.changing())
    found: dict[RowRef, Mapping[str, Value]] = {}
    times: Counter[RowRef] = Counter()
    for ref, values in _present(session, steps, writing, lock):
        times[ref] += 1
        found[ref] = values
    states: dict[RowRef, State] = {}
    for ref, step in steps.items():
        columns = session.live[ref.collection].columns
        states[ref] = "changed" if times[ref] > 1 else _state(session, work, step, columns, found.get(ref))
    new, missing = watched(session, work)
    return Examined(
        states,
        writing,
        found,
        tuple(new),
        tuple(missing),
    )


def watched(session: Session, work: Work) -> tuple[dict[RowRef, None], dict[RowRef, None]]:
    """Rows that a watch finds now and did not when the plan was made, and rows that it no longer finds."""
    questions = [Question(w.lookup, session.system.region) for w in work.watches]
    wanted = [frozenset(w.expected) for w in work.watches]
    got: list[set[RowRef]] = [set() for _ in questions]
    for number, name, values in session.answers(questions):
        got[number].add(RowRef.of(session.system.name, name, session.system.collections[name].key, values))
    new = {ref: None for seen, known in zip(got, wanted, strict=True) for ref in sorted(seen - known, key=str)}
    missing = {ref: None for seen, known in zip(got, wanted, strict=True) for ref in sorted(known - seen, key=str)}
    return new, missing


def _present(
    session: Session, steps: Mapping[RowRef, Step], writing: frozenset[RowRef], lock: bool
) -> Iterator[tuple[RowRef, Mapping[str, Value]]]:
    for locked in (True, False):
        keys = {ref: step.key for ref, step in steps.items() if (ref in writing) is locked}
        for collection, values in session.by_key(keys, lock and locked):
            yield RowRef.of(session.system.name, collection.name, collection.key, values), values


def _state(session: Session, work: Work, step: Step, columns: Mapping[str, Column], values: Mapping[str, Value] | None) -> State:
    if values is None:
        return "after" if step.action == "delete" else "gone"
    if still(work, step.digest, values):
        return "before"
    written = bool(step.writes) and all(
        holds(session.dialect.stored(columns[name], value), values.get(name)) for name, value in step.writes.items()
    )
    return "after" if written and step.action != "delete" else "changed"


def holds(planned: Value, found: Value) -> bool:
    """Whether a column holds the planned value, in whatever form the database gives it back (``7.50`` for ``7.5``)."""
    if planned is None or found is None:
        return planned is found
    return same(planned, found) or as_text(planned) == as_text(found) or (type(planned) is type(found) and bool(planned == found))
