"""Whether the rows are still what the plan saw (under lock or without), and whether the watches find what they found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dsr_desk.drivers._sql.batch import batches
from dsr_desk.drivers._sql.moving import standing
from dsr_desk.drivers._sql.naming import address
from dsr_desk.drivers._sql.pointing import count
from dsr_desk.drivers._sql.session import Session
from dsr_desk.drivers._sql.taking import NOTHING, Taken, taken
from dsr_desk.drivers.base import still
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Drift, Step, Work
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
    #: Rows without a key that are like one of the plan, and not in it.
    twins: tuple[RowRef, ...] = ()
    taking: Taken = NOTHING

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
    twins: list[RowRef] = []
    for row in _present(session, steps, writing, lock):
        times[row.ref] += 1
        found[row.ref] = row.values
        if row.ref not in steps and not session.system.collections[row.ref.collection].key:
            twins.append(row.ref)
    states: dict[RowRef, State] = {ref: _state(session, work, step, found.get(ref)) for ref, step in steps.items()}
    states |= {ref: "changed" for ref, seen in times.items() if seen > 1 and ref in steps}
    states |= dict.fromkeys(_left(session, work, [s for ref, s in steps.items() if states[ref] == "gone"]), "after")
    taking = taken(session, list(work.changing()), lock)
    states |= {s.ref: "changed" for s in taking.differing(work.changing()) if states[s.ref] == "before"}
    new, missing = watched(session, work)
    return Examined(states, writing, found, (*new, *twins), tuple(missing), tuple(twins), taking)


def watched(session: Session, work: Work) -> tuple[dict[RowRef, None], dict[RowRef, None]]:
    """Rows that a watch finds now and did not when the plan was made, and rows that it no longer finds."""
    questions = [Question(w.lookup, session.system.region) for w in work.watches]
    wanted = [frozenset(w.expected) for w in work.watches]
    got: list[set[RowRef]] = [set() for _ in questions]
    for number, row in session.answers(questions):
        got[number].add(row.ref)
    new = {ref: None for seen, known in zip(got, wanted, strict=True) for ref in sorted(seen - known, key=str)}
    missing = {ref: None for seen, known in zip(got, wanted, strict=True) for ref in sorted(known - seen, key=str)}
    return new, missing


def _present(session: Session, steps: Mapping[RowRef, Step], writing: frozenset[RowRef], lock: bool) -> Iterator[Row]:
    collections = session.system.collections
    for locked in (True, False):
        wanted = {ref: address(collections[ref.collection], s) for ref, s in steps.items() if (ref in writing) is locked}
        yield from session.by_key(wanted, lock and locked)


def _state(session: Session, work: Work, step: Step, values: Mapping[str, Value] | None) -> State:
    if values is None:
        return "after" if step.action == "delete" else "gone"
    if still(work, step.digest, values):
        return "before"
    columns = session.live[step.ref.collection].columns
    written = bool(step.writes) and all(
        name in columns and holds(session.dialect.stored(columns[name], value), values.get(name))
        for name, value in step.writes.items()
    )
    return "after" if written and step.action == "change" else "changed"


def _left(session: Session, work: Work, steps: Sequence[Step]) -> Iterator[RowRef]:
    """Of rows that are no longer where they were, those that are where the plan puts them: aside, or under another content."""
    columns = {name: set(table.columns) for name, table in session.live.items()}
    moved = [s for s in steps if s.action == "move"]
    changed = [
        s for s in steps if not session.system.collections[s.ref.collection].key and columns[s.ref.collection] >= set(s.writes)
    ]
    for batch in batches(session, (*moved, *(s for s in changed if s.action == "change"))):
        if batch.kind == "move":
            planned = {s.ref: s for s in batch.steps}
            yield from (ref for ref, values in standing(session, batch) if still(work, planned[ref].digest, values))
        elif count(session, batch.table, (), batch.keys(after=True)) == len(batch.steps):
            yield from (s.ref for s in batch.steps)


def holds(planned: Value, found: Value) -> bool:
    """Whether a column holds the planned value, in whatever form the database gives it back (``7.50`` for ``7.5``)."""
    if planned is None or found is None:
        return planned is found
    return same(planned, found) or as_text(planned) == as_text(found) or (type(planned) is type(found) and bool(planned == found))
