"""The statements of a plan: set-based, in the given order, with exact row counts, and read again before the commit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from dsr_desk.drivers._sql import below
from dsr_desk.drivers._sql.batch import Batch
from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.examine import holds
from dsr_desk.drivers._sql.moving import columns_aside, differing, obstacles
from dsr_desk.drivers._sql.pointing import Pointing, count
from dsr_desk.drivers._sql.reading import by_key, conditions
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.values import Value, freeze

_COUNTED = {"preserve_rowcount": True}

Rows = Mapping[RowRef, Mapping[str, Value]]


_ASK = "Ask the owner of the system which trigger that is."
_KEPT_BACK = Obstacle("a trigger or rule of the database keeps rows from being written", _ASK)
_PUT_BACK = Obstacle("a trigger of the database puts deleted rows back", _ASK)
_REMOVED = Obstacle("a trigger of the database removes the row", _ASK)
_ALTERED = Obstacle("the database alters the value: a trigger or the column's type does", "Choose another strategy under erase:")
_NOWHERE = Obstacle("the new value points at no row", "Choose null under erase:, or a value that is there")
_VIEW = Obstacle("it is a view, and what writing to it does is not known", "Describe the tables below it in the catalog instead.")


class Blocked(Exception):  # noqa: N818  # not an error of ours to show: it becomes a Refusal or a RefusedError
    """Why a batch can't be carried out: one reason or several."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("blocked")
        self.refusals = refusals


class Changing:
    """Carries batches out on one session's open transaction. ``rows`` are the present rows as they were read under lock."""

    def __init__(self, session: Session, steps: Sequence[Step], rows: Rows) -> None:
        self.session = session
        self.dialect = session.dialect
        self.conn = session.conn
        self.rows = rows
        self._steps = steps
        self._gone: list[Sequence[Step]] = []
        #: How many rows held already what a batch of rows without a key wrote.
        self._twins: dict[tuple[RowRef, tuple[str, ...]], int] = {}

    @cached_property
    def pointing(self) -> Pointing:
        """Who points at rows, as things stand."""
        pending = {s.ref for s in self._steps if s.action in ("delete", "move")}
        for steps in self._gone:
            pending.difference_update(s.ref for s in steps)
        return Pointing(self.session, pending)

    def gone(self, steps: Sequence[Step]) -> None:
        """Take note that these rows are deleted."""
        if "pointing" in self.__dict__:
            self.pointing.pending.difference_update(s.ref for s in steps)
        else:
            self._gone.append(steps)

    def run(self, batch: Batch) -> None:
        """Carry one batch out. ``Blocked`` where it can't be done, or the database did not do exactly what was planned."""
        if batch.table.is_view:
            raise self._blocked(batch, _VIEW)
        rows = [self.rows[s.ref] for s in batch.steps]
        if found := [*below.obstacles(self.session, batch), *self.pointing.obstacles(batch, rows)]:
            raise self._blocked(batch, *found)
        if batch.kind == "change" and not batch.collection.key:
            same = sum(batch.writes(s).items() <= self.rows[s.ref].items() for s in batch.steps)
            self._twins[batch.steps[0].ref, batch.columns] = self._there(batch) - same
        if batch.kind == "move":
            self._copy(batch)
        written = self._delete(batch) if batch.leaves else self._update(batch)
        # SQLite does not count the rows of a delete that its own cascade took first; that they are gone is read again.
        fewer = batch.leaves and written < len(rows) and self.pointing.cascades_into(batch.table)
        if written != len(rows) and not fewer:
            raise self._blocked(batch, _miscounted(batch, written))

    def read_again(self, batch: Batch) -> None:
        """``Blocked`` where a written row is not what was planned: a trigger undid or changed it."""
        if batch.kind == "unlink":
            return  # the database itself refuses to delete a row that another still points to
        if batch.leaves:
            if count(self.session, batch.table, batch.collection.key, batch.keys()):
                raise self._blocked(batch, _PUT_BACK)
            if batch.kind == "move" and (problem := differing(self.session, batch, self.rows)):
                raise self._blocked(batch, problem)
        elif batch.collection.key:
            self._changed(batch)
        elif self._there(batch) != self._twins[batch.steps[0].ref, batch.columns] + len(batch.steps):
            raise self._blocked(batch, _ALTERED)

    def _changed(self, batch: Batch) -> None:
        collection = batch.collection
        key = collection.key
        planned = {
            RowRef.of(collection.system, collection.name, key, dict(zip(key, values, strict=True))): step
            for step, values in zip(batch.steps, batch.keys(after=True), strict=True)
        }
        for row in by_key(self.session, collection, batch.table, batch.keys(after=True)):
            step = planned.pop(row.ref, None)
            if step is None:
                raise self._blocked(batch, _doubled(key))
            for name, value in batch.writes(step).items():
                if not holds(self.dialect.stored(batch.table.columns[name], value), row.values[name]):
                    twice = count(self.session, batch.table, key, batch.keys(after=True)) > len(batch.steps)
                    raise self._blocked(batch, _doubled(key) if twice else replace(_ALTERED, column=name))
        if planned:
            raise self._blocked(batch, _REMOVED)

    def _there(self, batch: Batch) -> int:
        """How many rows hold now what the batch writes; for rows that only their content tells apart."""
        return count(self.session, batch.table, batch.collection.key, batch.keys(after=True))

    def _copy(self, batch: Batch) -> None:
        if found := list(obstacles(self.session, batch)):
            raise self._blocked(batch, *found)
        assert batch.aside is not None
        names = columns_aside(batch.table, batch.aside)
        copied = 0
        for where in conditions(self.dialect, batch.table, batch.collection.key, batch.keys()):
            copied += self._execute(batch, self.dialect.copy(batch.table, batch.aside, names, where))
        if copied != len(batch.steps):
            raise self._blocked(batch, _miscounted(batch, copied))

    def _delete(self, batch: Batch) -> int:
        written = 0
        for where in conditions(self.dialect, batch.table, batch.collection.key, batch.keys()):
            written += self._execute(batch, delete(batch.table.clause).where(where))
        self.gone(batch.steps)
        return written

    def _update(self, batch: Batch) -> int:
        alike: dict[str, list[Step]] = defaultdict(list)
        for step in batch.steps:
            alike[json.dumps([freeze(value) for value in batch.writes(step).values()])].append(step)
        written = 0
        alone: list[dict[str, Any]] = []
        for steps in alike.values():
            some = replace(batch, steps=tuple(steps))
            values = {c: self.dialect.bound(batch.table.columns[c], v) for c, v in batch.writes(steps[0]).items()}
            if len(steps) == 1 and (parameters := self._parameters(some, values)):
                alone.append(parameters)
                continue
            for where in conditions(self.dialect, batch.table, batch.collection.key, some.keys()):
                written += self._execute(batch, update(batch.table.clause).where(where).values(values))
        return written + (self._each(batch, alone) if alone else 0)

    def _each(self, batch: Batch, parameters: list[dict[str, Any]]) -> int:
        """Rows with values of their own: one prepared statement, many parameters."""
        values = {c: bindparam(f"new_{i}", type_=NullType()) for i, c in enumerate(batch.columns)}
        where = self.dialect.with_key(batch.table, batch.found_by)
        return self._execute(batch, update(batch.table.clause).where(where).values(values), parameters)

    def _parameters(self, batch: Batch, values: Mapping[str, Any]) -> dict[str, Any]:
        if not batch.collection.key:
            return {}
        try:
            keys = {f"key_{i}": self.dialect.key_parameter(value) for i, value in enumerate(batch.keys()[0])}
        except LookupError:
            return {}
        return keys | {f"new_{i}": values[c] for i, c in enumerate(batch.columns)}

    def _execute(self, batch: Batch, statement: Any, parameters: list[dict[str, Any]] | None = None) -> int:
        self.session.cancel.check()
        try:
            return int(self.conn.execute(statement, parameters, execution_options=_COUNTED).rowcount)
        except DBAPIError as error:
            meaning = self.dialect.explain(error, writing=True)
            if isinstance(meaning, Obstacle):
                raise self._blocked(batch, self._named(batch, meaning)) from None
            raise

    def _named(self, batch: Batch, obstacle: Obstacle) -> Obstacle:
        """The obstacle with the columns of its rule, where it is a rule of the batch's own table."""
        own = [fk for fk in self.session.relations.foreign_keys if fk.table == batch.table.name]
        if obstacle.points and not batch.leaves and (fk := next((f for f in own if set(f.columns) & set(batch.columns)), None)):
            return replace(_NOWHERE, why=f"{_NOWHERE.why} of table {fk.to_table}", column=", ".join(fk.columns))
        columns = self.session.relations.rules.get((batch.table.name, obstacle.rule), ())
        return obstacle if obstacle.column else replace(obstacle, column=", ".join(columns))

    def _blocked(self, batch: Batch, *obstacles: Obstacle) -> Blocked:
        system, collection = self.session.system.name, batch.collection.name
        return Blocked(tuple(Refusal(system, collection, o.column, o.why, o.cure) for o in obstacles))


def _miscounted(batch: Batch, written: int) -> Obstacle:
    """Why not as many rows were written as were planned; what a trigger writes by itself counts in no database."""
    key = batch.collection.key
    return _doubled(key) if key and written > len(batch.steps) else _KEPT_BACK


def _doubled(key: Sequence[str]) -> Obstacle:
    why = f"the key {', '.join(key)} names more rows than the plan has: it is not unique"
    return Obstacle(why, "List more columns under key:", ", ".join(key))
