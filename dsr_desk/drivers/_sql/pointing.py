"""Rows outside a plan that point to rows it deletes: no cascade of the database may take what nobody approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from sqlalchemy import func, select

from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.reading import CHUNK
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import RowRef
from dsr_desk.model.schema import ForeignKey
from dsr_desk.model.values import Value

Keys = Sequence[tuple[Value, ...]]


def chunks(keys: Keys) -> Iterator[Keys]:
    """The keys in parts of what one statement names."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def count(session: Session, table: Table, columns: Sequence[str], keys: Keys) -> int:
    """How many rows hold one of these keys in these columns."""
    total = 0
    for some in chunks(keys):
        wanted = session.dialect.with_keys(table, columns, some)
        total += int(session.conn.execute(select(func.count()).select_from(table.clause).where(wanted)).scalar_one())
    return total


class Pointing:
    """The foreign keys of the whole live database, asked for rows outside the plan.

    ``pending`` are the rows that the plan still has to delete.
    """

    def __init__(self, session: Session, pending: set[RowRef]) -> None:
        self.session = session
        self.pending = pending

    def obstacles(self, table: Table, rows: Sequence[Mapping[str, Value]], written: Sequence[str] | None) -> Iterator[Obstacle]:
        """What forbids deleting these rows of a table, or writing these columns of them (``None``: they are deleted)."""
        for fk in self._incoming.get(table.name, ()):
            if (written is None or set(fk.to_columns) & set(written)) and (found := self._outside(fk, rows)):
                yield _obstacle(fk, found, written is None)

    def cascades_into(self, table: Table) -> bool:
        """Whether deleting other rows can take rows of this table with them."""
        return any(fk.table == table.name and fk.on_delete == "CASCADE" for fk in self.session.relations.foreign_keys)

    @cached_property
    def _incoming(self) -> Mapping[str, list[ForeignKey]]:
        incoming: dict[str, list[ForeignKey]] = defaultdict(list)
        for fk in self.session.relations.foreign_keys:
            incoming[fk.to_table].append(fk)
        return incoming

    def _outside(self, fk: ForeignKey, rows: Sequence[Mapping[str, Value]]) -> int:
        """How many rows outside the plan point to the rows through a foreign key."""
        targets = {tuple(values[c] for c in fk.to_columns): None for values in rows}
        keys = [t for t in targets if None not in t]
        child = self.session.dialect.tables(self.session.conn, {fk.table}).get(fk.table)
        if child is None or not keys:
            return 0
        planned = self._planned_in(fk.table)
        if planned is None:
            return count(self.session, child, fk.columns, keys)
        return sum(ref not in self.pending for some in chunks(keys) for ref in self._refs(child, fk, some, planned))

    def _refs(self, child: Table, fk: ForeignKey, keys: Keys, planned: Collection) -> Iterator[RowRef]:
        wanted = self.session.dialect.with_keys(child, fk.columns, keys)
        for row in self.session.conn.execute(select(*(child.at(k) for k in planned.key)).where(wanted)):
            yield RowRef.of(self.session.system.name, planned.name, planned.key, dict(zip(planned.key, row, strict=True)))

    def _planned_in(self, table: str) -> Collection | None:
        """The collection of a live table of which rows are still to be deleted."""
        names = {ref.collection for ref in self.pending if self.session.live[ref.collection].name == table}
        return self.session.system.collections[min(names)] if names else None


def _obstacle(fk: ForeignKey, found: int, deleting: bool) -> Obstacle:
    rows = f"{found} row{'s' if found != 1 else ''} of table {fk.table} outside the plan"
    by = ", ".join(fk.columns)
    whose = "they are" if found != 1 else "it is"
    cure = (
        f"If {whose} somebody else's, leave this record out. If not, list {fk.table} in the catalog with owned_by, or an erase: "
        f"for {by}, so that the plan shows its rows."
    )
    point = "point" if found != 1 else "points"
    if not deleting:
        return Obstacle(f"{rows} {point} to the value ({by})", cure)
    if fk.on_delete in ("CASCADE", "SET NULL", "SET DEFAULT"):
        effect = "be deleted" if fk.on_delete == "CASCADE" else "be changed"
        return Obstacle(f"{rows} would {effect} with it ({by}: ON DELETE {fk.on_delete})", cure)
    return Obstacle(f"{rows} still {point} to it ({by})", cure)
