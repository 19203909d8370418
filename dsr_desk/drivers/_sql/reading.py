"""Asking lookups and reading rows by key, set by set and streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, islice

from sqlalchemy import Connection, Select, or_, select

from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.narrow import condition, few
from dsr_desk.drivers.base import BATCH
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.values import Value

#: How many keys one statement names.
CHUNK = 5_000

Answer = tuple[int, str, Mapping[str, Value]]


def answers(
    dialect: Dialect,
    conn: Connection,
    tables: Mapping[str, Table],
    questions: Sequence[Question],
    indexed: Mapping[str, frozenset[str]],
    cancel: Cancel,
) -> Iterator[Answer]:
    """Which question, which collection, which row: one statement a collection, however many lookups it has.

    ``tables`` goes by collection name, ``indexed`` by ``Table.name``.
    """
    region = dialect.system.region
    order = sorted(range(len(questions)), key=lambda i: questions[i].lookup.collection)
    for collection, group in groupby(order, key=lambda i: questions[i].lookup.collection):
        table = tables[collection]
        asked = []
        conditions = []
        for i in group:
            narrowed = condition(dialect, table, questions[i], indexed.get(table.name, frozenset()), region)
            if narrowed is not None:
                asked.append(i)
                conditions.append(narrowed)
        if not asked:
            continue
        statement = select(*table.clause.c).where(or_(*conditions))
        for values in rows(conn, table, statement, cancel, stream=not few([questions[i] for i in asked])):
            for i in asked:
                if questions[i].answers(values):
                    yield i, collection, values


def rows(
    conn: Connection, table: Table, statement: Select[tuple[Value, ...]], cancel: Cancel, stream: bool = True
) -> Iterator[dict[str, Value]]:
    """The rows of a statement over all columns of the table; memory is that of one batch where they are streamed."""
    cancel.check()
    names = list(table.columns)
    with conn.execute(statement, execution_options={"yield_per": BATCH} if stream else {}) as result:
        for part in result.partitions(BATCH):
            cancel.check()
            for row in part:
                yield dict(zip(names, row, strict=True))


def by_key(
    dialect: Dialect,
    conn: Connection,
    table: Table,
    key: tuple[str, ...],
    wanted: Mapping[RowRef, Mapping[str, Value]],
    cancel: Cancel,
    lock: bool = False,
) -> Iterator[dict[str, Value]]:
    """The rows with these typed keys that exist, in no order; ``lock`` holds them until the transaction ends."""
    typed = iter([tuple(values[name] for name in key) for values in wanted.values()])
    while chunk := list(islice(typed, CHUNK)):
        statement = select(*table.clause.c).where(dialect.with_keys(table, key, chunk))
        yield from rows(conn, table, dialect.lock(statement) if lock else statement, cancel)
