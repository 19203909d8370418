"""The statements of a plan: set-based, in the given order, with exact row counts, and read again before the commit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.examine import holds
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.pointing import Keys, Pointing, chunks, count
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.values import Value, freeze

Rows = Mapping[RowRef, Mapping[str, Value]]


_ASK = "Ask the owner of the system which trigger that is."
_KEPT_BACK = Obstacle("a trigger or rule of the database keeps rows from being written", _ASK)
_PUT_BACK = Obstacle("a trigger of the database puts deleted rows back", _ASK)
_REMOVED = Obstacle("a trigger of the database removes the row", _ASK)
_ALTERED = Obstacle("the database alters the value: a trigger or the column's type does", "Choose another strategy under erase:")


class Blocked(Exception):  # noqa: N818  # not an error of ours to show: it becomes a Refusal or a RefusedError
    """Why a batch can't be carried out: one reason or several."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("blocked")
        self.refusals = refusals


@dataclass(frozen=True)
class Batch:
    """Consecutive steps of one collection that do the same: delete, or write the same columns."""

    collection: Collection
    table: Table
    delete: bool
    columns: tuple[str, ...]
    steps: tuple[Step, ...]

    def only(self, column: str) -> Batch:
        """The same batch, writing one of its columns."""
        return replace(self, columns=(column,))


def batches(session: Session, steps: Iterable[Step]) -> Iterator[Batch]:
    """The changing steps, in their order."""
    for (name, deletes, columns), group in groupby(steps, key=_alike):
        collection = session.system.collections[name]
        yield Batch(collection, session.table(collection, columns), deletes, columns, tuple(group))


def _alike(step: Step) -> tuple[str, bool, tuple[str, ...]]:
    deletes = step.action == "delete"
    return step.ref.collection, deletes, () if deletes else tuple(sorted(step.writes))


class Changing:
    """Carries batches out on one session's open transaction. ``rows`` are the present rows as they were read under lock."""

    def __init__(self, session: Session, steps: Sequence[Step], rows: Rows) -> None:
        self.session = session
        self.dialect = session.dialect
        self.conn = session.conn
        self.rows = rows
        self._pending = {s.ref for s in steps if s.action == "delete"}
        self._pointing = Pointing(session, self._pending)

    def run(self, batch: Batch) -> None:
        """Carry one batch out. ``Blocked`` where it can't be done, or the database did not do exactly what was planned."""
        rows = [self.rows[s.ref] for s in batch.steps]
        pointing = list(self._pointing.obstacles(batch.table, rows, None if batch.delete else batch.columns))
        if pointing:
            raise self._blocked(batch, *pointing)
        written = self._delete(batch) if batch.delete else self._update(batch)
        # SQLite does not count the rows of a delete that its own cascade took first; that they are gone is read again.
        fewer = batch.delete and written < len(rows) and self._pointing.cascades_into(batch.table)
        if written != len(rows) and not fewer:
            raise self._blocked(batch, _KEPT_BACK)

    def read_again(self, batch: Batch) -> None:
        """``Blocked`` where a written row is not what was planned: a trigger undid or changed it."""
        if batch.delete:
            if count(self.session, batch.table, batch.collection.key, _keys(batch.collection, batch.steps)):
                raise self._blocked(batch, _PUT_BACK)
            return
        planned = {self._ref_after(batch, s): s for s in batch.steps}
        keys = {ref: {**s.key, **{k: s.writes[k] for k in batch.columns if k in s.key}} for ref, s in planned.items()}
        for _, values in self.session.by_key(keys):
            step = planned.pop(self._ref(batch, values))
            for name in batch.columns:
                if not holds(self._value(batch, name, step.writes[name]), values[name]):
                    raise self._blocked(batch, replace(_ALTERED, column=name))
        if planned:
            raise self._blocked(batch, _REMOVED)

    def _delete(self, batch: Batch) -> int:
        written = 0
        for keys in chunks(_keys(batch.collection, batch.steps)):
            where = self.dialect.with_keys(batch.table, batch.collection.key, keys)
            written += self._execute(batch, delete(batch.table.clause).where(where))
        self._pending.difference_update(s.ref for s in batch.steps)
        return written

    def _update(self, batch: Batch) -> int:
        alike: dict[str, list[Step]] = defaultdict(list)
        for step in batch.steps:
            alike[json.dumps([freeze(step.writes[c]) for c in batch.columns])].append(step)
        written = 0
        alone: list[dict[str, Any]] = []
        for steps in alike.values():
            values = {c: self.dialect.bound(batch.table.columns[c], steps[0].writes[c]) for c in batch.columns}
            if len(steps) == 1 and (parameters := self._parameters(batch, steps[0], values)):
                alone.append(parameters)
                continue
            for keys in chunks(_keys(batch.collection, steps)):
                where = self.dialect.with_keys(batch.table, batch.collection.key, keys)
                written += self._execute(batch, update(batch.table.clause).where(where).values(values))
        return written + (self._each(batch, alone) if alone else 0)

    def _each(self, batch: Batch, parameters: list[dict[str, Any]]) -> int:
        """Rows with values of their own: one prepared statement, many parameters."""
        values = {c: bindparam(f"new_{i}", type_=NullType()) for i, c in enumerate(batch.columns)}
        where = self.dialect.with_key(batch.table, batch.collection.key)
        return self._execute(batch, update(batch.table.clause).where(where).values(values), parameters)

    def _parameters(self, batch: Batch, step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
        try:
            keys = {f"key_{i}": self.dialect.key_parameter(step.key[k]) for i, k in enumerate(batch.collection.key)}
        except LookupError:
            return {}
        return keys | {f"new_{i}": values[c] for i, c in enumerate(batch.columns)}

    def _value(self, batch: Batch, name: str, value: Value) -> Any:
        return self.dialect.stored(batch.table.columns[name], value)

    def _execute(self, batch: Batch, statement: Any, parameters: list[dict[str, Any]] | None = None) -> int:
        self.session.cancel.check()
        try:
            return int(self.conn.execute(statement, parameters).rowcount)
        except DBAPIError as error:
            meaning = self.dialect.explain(error, writing=True)
            if isinstance(meaning, Obstacle):
                raise self._blocked(batch, meaning) from None
            raise

    def _ref(self, batch: Batch, values: Mapping[str, Value]) -> RowRef:
        return RowRef.of(self.session.system.name, batch.collection.name, batch.collection.key, values)

    def _ref_after(self, batch: Batch, step: Step) -> RowRef:
        return self._ref(batch, {**step.key, **{k: step.writes[k] for k in batch.columns if k in step.key}})

    def _blocked(self, batch: Batch, *obstacles: Obstacle) -> Blocked:
        system, collection = self.session.system.name, batch.collection.name
        return Blocked(tuple(Refusal(system, collection, o.column, o.why, o.cure) for o in obstacles))


def _keys(collection: Collection, steps: Iterable[Step]) -> Keys:
    return [tuple(s.key[name] for name in collection.key) for s in steps]
