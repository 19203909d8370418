"""Rows that a table shows as its own and that stand in one that inherits from it, with columns that nobody has seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsr_desk.drivers._sql.batch import Batch
from dsr_desk.drivers._sql.dialect import Obstacle
from dsr_desk.drivers._sql.pointing import count
from dsr_desk.drivers._sql.session import Session


def obstacles(session: Session, batch: Batch) -> Iterator[Obstacle]:
    """What forbids writing through a table that others inherit from; partitions have no columns of their own."""
    table = batch.table
    if not table.parts or table.partitioned or table.alone:
        return
    known = [part for part in table.parts if session.listed(part)]
    if known:
        others = ", ".join(part for part in table.parts if part not in known)
        why = f"of the tables that inherit from it, the catalog lists {', '.join(known)} and not {others}"
        yield Obstacle(why, "List all of them, or none.")
        return
    for name, part in sorted(session.dialect.tables(session.conn, set(table.parts)).items()):
        more = sorted(set(part.columns) - set(table.columns))
        found = count(session, replace(part, alone=True), batch.collection.key, batch.keys()) if more else 0
        if found:
            rows = f"{found} row{'s' if found > 1 else ''}"
            why = f"{rows} of it stand{'' if found > 1 else 's'} in table {name}, whose columns {', '.join(more)} it does not show"
            yield Obstacle(why, f"List {name}, and every other table that inherits from {table.name}, in the catalog.")
