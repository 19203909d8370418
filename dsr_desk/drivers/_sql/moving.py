"""Rows that are set aside: copied to another table of the same system, column by column, then deleted where they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dsr_desk.drivers._sql.batch import Batch
from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.paths import shown
from dsr_desk.drivers._sql.pointing import count
from dsr_desk.drivers._sql.reading import by_key
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.finding import RowRef
from dsr_desk.model.values import Value, same


def columns_aside(table: Table, aside: Table) -> list[str]:
    """The columns that are copied: all but those that the other table computes itself."""
    return [name for name in table.columns if not aside.columns[name].generated or name in aside.identities]


def obstacles(session: Session, batch: Batch) -> Iterator[Obstacle]:
    """What forbids setting these rows aside there."""
    aside = batch.aside
    assert aside is not None
    if not batch.collection.key:
        yield Obstacle("its rows have no key, so none could be found again once it is set aside", "List a key: in the catalog.")
        return
    if missing := [name for name in batch.table.columns if name not in aside.columns]:
        what = f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        yield Obstacle(f"table {aside.name} has no {what}, so rows can't be set aside there", f"Add the {what} to {aside.name}.")
        return
    if found := count(session, aside, batch.collection.key, batch.keys()):
        rows = f"{found} row{'s' if found > 1 else ''}"
        yield Obstacle(
            f"{rows} with the same key already stand{'' if found > 1 else 's'} in {aside.name}", "Look at them there first."
        )


def standing(session: Session, batch: Batch) -> Iterator[tuple[RowRef, Mapping[str, Value]]]:
    """The rows of the batch that stand aside, under their old references, with the columns that they had."""
    aside = batch.aside
    key = batch.collection.key
    if aside is None or not key or not set(batch.table.columns) <= set(aside.columns):
        return
    for row in by_key(session, batch.collection, aside, batch.keys()):
        yield row.ref, shown(batch.table, {name: row.values[name] for name in batch.table.columns})


def differing(session: Session, batch: Batch, rows: Mapping[RowRef, Mapping[str, Value]]) -> Obstacle | None:
    """Why what stands aside now is not what was moved."""
    there = dict(standing(session, batch))
    for step in batch.steps:
        copy = there.get(step.ref)
        if copy is None:
            return Obstacle("a trigger or rule of the database keeps the row from being set aside", "Ask the owner of the system.")
        for name, value in rows[step.ref].items():
            if not same(value, copy[name]):
                why = "the other table alters the value: its type differs, or a trigger does it"
                return Obstacle(why, "Make the column there like the one here.", name)
    return None
