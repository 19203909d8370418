"""Rows outside a plan that point to rows it deletes: no cascade of the database may take what nobody approved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property

from sqlalchemy import ColumnElement, func, select

from dsr_desk.drivers._sql.batch import Batch, Keys
from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.naming import Naming, columns_of
from dsr_desk.drivers._sql.reading import conditions, pointing
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.finding import RowRef
from dsr_desk.model.schema import ForeignKey
from dsr_desk.model.values import Value


def count(session: Session, table: Table, columns: Sequence[str], keys: Keys) -> int:
    """How many rows hold one of these keys in these columns (none: in all of them)."""
    return _counted(session, table, conditions(session.dialect, table, columns, keys))


def _counted(session: Session, table: Table, wanted: Iterable[ColumnElement[bool]]) -> int:
    counted = select(func.count()).select_from(table.clause)
    return sum(int(session.conn.execute(counted.where(where)).scalar_one()) for where in wanted)


#: What a foreign key does to rows that point at a deleted one, other than stand in its way.
TAKES = ("CASCADE", "SET NULL", "SET DEFAULT")


class Pointing:
    """The foreign keys of the whole live database, asked for rows outside the plan.

    ``pending`` are the rows that the plan still has to delete.
    """

    def __init__(self, session: Session, pending: set[RowRef]) -> None:
        self.session = session
        self.pending = pending

    def obstacles(self, batch: Batch, rows: Sequence[Mapping[str, Value]]) -> Iterator[Obstacle]:
        """What forbids taking these rows of the batch away, or writing its columns of them.

        What its cascades take where the catalog agrees to that is none: it stands in the plan, counted (``taking``).
        """
        agreed = batch.kind == "delete" and batch.collection.cascade
        for fk in self._incoming.get(batch.table.name, ()):
            if agreed and fk.on_delete in TAKES and not self.session.listed(fk.table):
                continue
            if (batch.leaves or set(fk.to_columns) & set(batch.columns)) and (found := self._outside(fk, rows)):
                yield _obstacle(fk, found, batch, self.session)

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
        child = self.session.pointing(fk)
        if child is None or not keys:
            return 0
        return outside(self.session, self.pending, child, fk.columns, keys)


def outside(session: Session, pending: Set[RowRef], child: Table, columns: Sequence[str], keys: Keys) -> int:
    """How many rows of a table hold one of these keys in these columns and are none that the plan still deletes."""
    names = {ref.collection for ref in pending if session.live[ref.collection].name == child.name}
    if not names:
        return _counted(session, child, pointing(session.dialect, child, columns, keys))
    planned = session.system.collections[min(names)]
    naming = Naming(session.system.name)
    found = 0
    for where in pointing(session.dialect, child, columns, keys):
        wanted = columns_of(planned, child)
        for row in session.conn.execute(select(*(child.at(k) for k in wanted)).where(where)):
            found += naming.row(planned, dict(zip(wanted, row, strict=True))).ref not in pending
    return found


def _obstacle(fk: ForeignKey, found: int, batch: Batch, session: Session) -> Obstacle:
    listed = session.listed(fk.table)
    which = "that the plan does not erase" if listed else "outside the plan"
    rows = f"{found} row{'s' if found != 1 else ''} of table {fk.table} {which}"
    by = ", ".join(fk.columns)
    point = "point" if found != 1 else "points"
    if listed:
        them = f"row{'s' if found != 1 else ''} that {point} to it"
        cure = f"Leave this record out, give the reference an erase: in the catalog ({by} of {fk.table}), or include the {them}."
    else:
        whose = "they are" if found != 1 else "it is"
        cure = (
            f"If {whose} somebody else's, leave this record out. If not, list {fk.table} in the catalog with owned_by, or an "
            f"erase: for {by}, so that the plan shows its rows."
        )
    if not batch.leaves:
        return Obstacle(f"{rows} {point} to the value ({by})", cure)
    if fk.on_delete in TAKES:
        effect = "be deleted" if fk.on_delete == "CASCADE" else "be changed"
        if batch.kind == "delete" and not listed:
            cure += f" If its owner agrees to that, write cascade: true under {batch.collection.name}."
        return Obstacle(f"{rows} would {effect} with it ({by}: ON DELETE {fk.on_delete})", cure)
    return Obstacle(f"{rows} still {point} to it ({by})", cure)
