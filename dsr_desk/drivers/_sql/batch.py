"""The steps of a plan in batches that one statement can carry out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.naming import address, columns_of
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.catalog import Collection
from dsr_desk.model.plan import Step
from dsr_desk.model.values import Value

#: ``unlink``: columns of rows that go later are set to NULL. ``move``: the row is copied aside, then it goes.
Kind = Literal["unlink", "change", "move", "delete"]
Keys = Sequence[tuple[Value, ...]]


@dataclass(frozen=True)
class Batch:
    """Consecutive steps of one collection that do the same; ``columns`` are those that are written."""

    collection: Collection
    table: Table
    kind: Kind
    columns: tuple[str, ...]
    steps: tuple[Step, ...]
    #: Where a move goes to.
    aside: Table | None = None

    @property
    def leaves(self) -> bool:
        """Whether its rows are no longer there afterwards."""
        return self.kind in ("move", "delete")

    @property
    def found_by(self) -> tuple[str, ...]:
        """The columns by which its rows are found."""
        return columns_of(self.collection, self.table)

    def only(self, column: str) -> Batch:
        """The same batch, writing one of its columns."""
        return replace(self, columns=(column,))

    def writes(self, step: Step) -> Mapping[str, Value]:
        """What is written to the row of a step."""
        return {name: None if self.kind == "unlink" else step.writes[name] for name in self.columns}

    def keys(self, after: bool = False) -> Keys:
        """By which values its rows are found now, or after it has run."""
        if self.collection.key and not after:
            unlinked = self.leaves and any(step.unlink for step in self.steps)
            if not unlinked:
                return [tuple([step.key[name] for name in self.collection.key]) for step in self.steps]
        return [self._key(step, after) for step in self.steps]

    def _key(self, step: Step, after: bool) -> tuple[Value, ...]:
        values = address(self.collection, step)
        if step.unlink and self.leaves:
            values = {**values, **dict.fromkeys(step.unlink)}
        if after:
            values = {**values, **self.writes(step)}
        return tuple(values[name] for name in self.found_by)


def batches(session: Session, steps: Iterable[Step]) -> Iterator[Batch]:
    """The changing steps: what has to be unlinked first, then all in their order."""
    steps = list(steps)
    unlinked = sorted((s for s in steps if s.unlink), key=lambda s: (s.ref.collection, s.unlink))
    for (name, columns), some in groupby(unlinked, key=lambda s: (s.ref.collection, s.unlink)):
        yield _batch(session, name, "unlink", columns, tuple(some))
    for (name, kind, columns, to), group in groupby(steps, key=_alike):
        aside = session.table(session.system.collections[to]) if to else None
        yield replace(_batch(session, name, kind, columns, tuple(group)), aside=aside)


def _batch(session: Session, name: str, kind: Kind, columns: tuple[str, ...], steps: tuple[Step, ...]) -> Batch:
    collection = session.system.collections[name]
    return Batch(collection, session.table(collection, columns), kind, columns, steps)


def _alike(step: Step) -> tuple[str, Kind, tuple[str, ...], str]:
    if step.action == "delete":
        return step.ref.collection, "delete", (), ""
    if step.action == "move":
        return step.ref.collection, "move", (), step.to
    return step.ref.collection, "change", tuple(sorted(step.writes)), ""
