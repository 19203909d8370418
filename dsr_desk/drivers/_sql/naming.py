"""What tells a row apart: its key or, where the catalog gives none, everything that it holds."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from dsr_desk.drivers._sql.live import Table
from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.values import Value, fingerprint, freeze

#: Under which name a row without a key shows what it is called.
CONTENT = "row"


class Naming:
    """Calls rows by their key. Those without one are called by a digest of all they hold; identical ones are numbered.

    Identical rows answer the same questions, so whatever statement finds one of them finds all, and the numbers mean the same
    rows each time. One naming serves one statement a collection.
    """

    def __init__(self, system: str) -> None:
        self._system = system
        self._seen: Counter[tuple[str, str]] = Counter()

    def row(self, collection: Collection, values: Mapping[str, Value], version: str = "") -> Row:
        """The row with its reference and its key."""
        if collection.key:
            ref = RowRef.of(self._system, collection.name, collection.key, values)
            return Row(ref, {name: values[name] for name in collection.key}, values, version)
        content = fingerprint(b"", values)[:16]
        self._seen[collection.name, content] += 1
        number = self._seen[collection.name, content]
        called = (content,) if number == 1 else (content, str(number))
        return Row(RowRef(self._system, collection.name, called), {CONTENT: ",".join(called)}, values)


def columns_of(collection: Collection, table: Table) -> tuple[str, ...]:
    """The columns by which a row is found again."""
    return collection.key or tuple(table.columns)


def address(collection: Collection, step: Step) -> Mapping[str, Value]:
    """The values by which the row of a step is found again."""
    return step.key if collection.key else step.before


def written_alike(values: Mapping[str, Value]) -> str:
    """A text that is the same for the same values, with their types."""
    return json.dumps([[name, freeze(values[name])] for name in sorted(values)])


def mixed_up(system: System, steps: Iterable[Step], beside: Iterable[RowRef]) -> Iterator[Refusal]:
    """Identical rows that the plan would treat differently; ``beside`` are those that it leaves out."""
    alike: dict[tuple[str, str], list[RowRef]] = defaultdict(list)
    treated: dict[tuple[str, str], set[str]] = defaultdict(set)
    for step in steps:
        if not system.collections[step.ref.collection].key:
            place = (step.ref.collection, step.ref.key[0])
            alike[place].append(step.ref)
            treated[place].add(f"{step.action} {step.unlink} {written_alike(step.writes)}")
    for ref in beside:
        place = (ref.collection, ref.key[0])
        alike[place].append(ref)
        treated[place].add("")
    for (collection, _), refs in alike.items():
        if len(treated[collection, refs[0].key[0]]) > 1:
            why = f"{len(refs)} identical rows can't be told apart, and the plan would not treat them alike"
            yield Refusal(
                system.name, collection, "", why, "Decide the same for all of them, or list under key: what tells them apart"
            )
