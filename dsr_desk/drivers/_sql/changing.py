"""The statements of a plan: set-based, in the given order, with exact row counts, and read again before the commit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError

from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.examine import holds
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.reading import CHUNK
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.schema import ForeignKey
from dsr_desk.model.values import Value, freeze

Rows = Mapping[RowRef, Mapping[str, Value]]


class Blocked(Exception):  # noqa: N818  # not an error of ours to show: it becomes a Refusal or a RefusedError
    """Why a batch can't be carried out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.why)
        self.refusal = refusal


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
    for (name, action, columns), group in groupby(
        steps, key=lambda s: (s.ref.collection, s.action == "delete", tuple(sorted(s.writes)))
    ):
        collection = session.system.collections[name]
        written = () if action else columns
        yield Batch(collection, session.table(collection, written), action, written, tuple(group))


class Changing:
    """Carries batches out on one session's open transaction. ``rows`` are the present rows as they were read under lock."""

    def __init__(self, session: Session, steps: Sequence[Step], rows: Rows) -> None:
        self.session = session
        self.dialect = session.dialect
        self.conn = session.conn
        self.rows = rows
        self._pending = {s.ref for s in steps if s.action == "delete"}

    def run(self, batch: Batch) -> int:
        """Carry one batch out; how many rows it changed. ``Blocked`` where it can't be done, or did anything but what was planned."""
        self._refuse_orphans(batch)
        written = self._delete(batch) if batch.delete else self._update(batch)
        if written != len(batch.steps) and not (batch.delete and self._cascades_into_itself(batch)):
            raise self._blocked(
                batch, Obstacle("a trigger or rule of the database keeps rows from being written", "Ask the owner of the system.")
            )
        return len(batch.steps)

    def read_again(self, batch: Batch) -> None:
        """``Blocked`` where a written row is not what was planned: a trigger undid or changed it."""
        if batch.delete:
            if any(self._count(batch.table, batch.collection.key, keys) for keys in _chunks(_keys(batch))):
                raise self._blocked(
                    batch, Obstacle("a trigger of the database puts deleted rows back", "Ask the owner of the system.")
                )
            return
        planned = {self._ref_after(batch, s): s for s in batch.steps}
        keys = {ref: {**s.key, **{k: s.writes[k] for k in batch.columns if k in s.key}} for ref, s in planned.items()}
        for _, values in self.session.by_key(keys):
            step = planned.pop(self._ref(batch, values))
            for name in batch.columns:
                if not holds(self._value(batch, name, step.writes[name]), values[name]):
                    raise self._blocked(
                        batch,
                        Obstacle(
                            "the database does not keep the value: a trigger or its type changes it",
                            "Choose another strategy under erase:.",
                            name,
                        ),
                    )
        if planned:
            raise self._blocked(batch, Obstacle("a trigger of the database removes the row", "Ask the owner of the system."))

    # -- statements ------------------------------------------------------------------------------------------------

    def _delete(self, batch: Batch) -> int:
        count = 0
        for keys in _chunks(_keys(batch)):
            count += self._execute(
                batch, delete(batch.table.clause).where(self.dialect.with_keys(batch.table, batch.collection.key, keys))
            )
        self._pending -= {s.ref for s in batch.steps}
        return count

    def _update(self, batch: Batch) -> int:
        alike: dict[str, list[Step]] = defaultdict(list)
        for step in batch.steps:
            alike[json.dumps([freeze(step.writes[c]) for c in batch.columns])].append(step)
        count = 0
        for steps in alike.values():
            values = {c: self._value(batch, c, steps[0].writes[c]) for c in batch.columns}
            for keys in _chunks([tuple(s.key[name] for name in batch.collection.key) for s in steps]):
                where = self.dialect.with_keys(batch.table, batch.collection.key, keys)
                count += self._execute(batch, update(batch.table.clause).where(where).values(values))
        return count

    def _value(self, batch: Batch, name: str, value: Value) -> Any:
        return self.dialect.stored(batch.table.columns[name], value)

    def _execute(self, batch: Batch, statement: Any) -> int:
        self.session.cancel.check()
        try:
            return int(self.conn.execute(statement).rowcount)
        except DBAPIError as error:
            meaning = self.dialect.explain(error)
            if isinstance(meaning, Obstacle):
                raise self._blocked(batch, meaning) from None
            raise

    # -- rows that point to what goes ------------------------------------------------------------------------------------

    @cached_property
    def _incoming(self) -> Mapping[str, list[ForeignKey]]:
        incoming: dict[str, list[ForeignKey]] = defaultdict(list)
        for fk in self.session.relations.foreign_keys:
            incoming[fk.to_table].append(fk)
        return incoming

    def _cascades_into_itself(self, batch: Batch) -> bool:
        """SQLite does not count rows of a statement that its own cascade took first."""
        return any(fk.table == batch.table.name and fk.on_delete == "CASCADE" for fk in self._incoming[batch.table.name])

    def _refuse_orphans(self, batch: Batch) -> None:
        for fk in self._incoming.get(batch.table.name, ()):
            if not batch.delete and not set(fk.to_columns) & set(batch.columns):
                continue
            if count := self._pointing(batch, fk):
                raise self._blocked(batch, _orphans(fk, count, batch.delete))

    def _pointing(self, batch: Batch, fk: ForeignKey) -> int:
        """How many rows outside the plan point to the batch's rows through a foreign key."""
        targets = {tuple(self.rows[s.ref][c] for c in fk.to_columns): None for s in batch.steps if s.ref in self.rows}
        keys = [t for t in targets if None not in t]
        child = self.dialect.tables(self.conn, {fk.table}).get(fk.table)
        if child is None or not keys:
            return 0
        planned = next(
            (
                c
                for c in self.session.system.collections.values()
                if c.name in self.session.live
                and self.session.live[c.name].name == fk.table
                and any(r.collection == c.name for r in self._pending)
            ),
            None,
        )
        count = 0
        for some in _chunks(keys):
            if planned is None:
                count += self._count(child, fk.columns, some)
            else:
                wanted = self.dialect.with_keys(child, fk.columns, some)
                for row in self.conn.execute(select(*(child.at(k) for k in planned.key)).where(wanted)):
                    values = dict(zip(planned.key, row, strict=True))
                    count += RowRef.of(self.session.system.name, planned.name, planned.key, values) not in self._pending
        return count

    def _count(self, table: Table, columns: Sequence[str], keys: Sequence[tuple[Value, ...]]) -> int:
        statement = select(func.count()).select_from(table.clause).where(self.dialect.with_keys(table, columns, keys))
        return int(self.conn.execute(statement).scalar_one())

    # -- names ---------------------------------------------------------------------------------------------------------

    def _ref(self, batch: Batch, values: Mapping[str, Value]) -> RowRef:
        return RowRef.of(self.session.system.name, batch.collection.name, batch.collection.key, values)

    def _ref_after(self, batch: Batch, step: Step) -> RowRef:
        return self._ref(batch, {**step.key, **{k: step.writes[k] for k in batch.columns if k in step.key}})

    def _blocked(self, batch: Batch, obstacle: Obstacle) -> Blocked:
        return Blocked(Refusal(self.session.system.name, batch.collection.name, obstacle.column, obstacle.why, obstacle.cure))


def _keys(batch: Batch) -> list[tuple[Value, ...]]:
    return [tuple(s.key[name] for name in batch.collection.key) for s in batch.steps]


def _chunks(keys: Sequence[tuple[Value, ...]]) -> Iterator[Sequence[tuple[Value, ...]]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _orphans(fk: ForeignKey, count: int, deleting: bool) -> Obstacle:
    rows = f"{count} row{'s' if count != 1 else ''} of table {fk.table}"
    cure = f"List {fk.table} in the catalog with owned_by, or with an erase: for {', '.join(fk.columns)}, so that the plan shows its rows."
    if not deleting:
        return Obstacle(f"{rows} outside the plan point to the value ({', '.join(fk.columns)})", cure, "")
    if fk.on_delete in ("CASCADE", "SET NULL", "SET DEFAULT"):
        effect = "be deleted" if fk.on_delete == "CASCADE" else "be changed"
        return Obstacle(f"{rows} outside the plan would {effect} with it ({', '.join(fk.columns)}: ON DELETE {fk.on_delete})", cure)
    return Obstacle(f"{rows} outside the plan still point to it ({', '.join(fk.columns)})", cure)
