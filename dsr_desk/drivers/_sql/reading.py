"""Asking lookups and reading rows by key, set by set and streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.naming import Naming
from dsr_desk.drivers._sql.narrow import condition, few, narrow
from dsr_desk.drivers._sql.paths import shown
from dsr_desk.drivers._sql.versions import Sets
from dsr_desk.drivers.base import BATCH
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Row
from dsr_desk.model.match import Question
from dsr_desk.model.values import Value, freeze

if TYPE_CHECKING:  # it is made of these functions
    from dsr_desk.drivers._sql.session import Session

#: How many values of rows without a key one statement names.
_VALUES = 1_000


def answers(
    session: Session,
    tables: Mapping[str, Table],
    questions: Sequence[Question],
    indexed: Mapping[str, frozenset[str]],
    aside: Mapping[str, Sequence[tuple[Value, ...]]],
) -> Iterator[tuple[int, Row]]:
    """Which question, which row: one statement a collection, however many lookups it has.

    ``tables`` and ``aside`` (the keys of rows that need no reading) go by collection name, ``indexed`` by ``Table.name``.
    """
    dialect = session.dialect
    naming = Naming(session.system.name)
    order = sorted(range(len(questions)), key=lambda i: questions[i].lookup.collection)
    for name, group in groupby(order, key=lambda i: questions[i].lookup.collection):
        table = tables[name]
        collection = session.system.collections[name]
        asked = []
        narrowing = []
        for i in group:
            narrowed = condition(dialect, table, questions[i], indexed.get(table.name, frozenset()), session.system.region)
            if narrowed is not None:
                asked.append(i)
                narrowing.append(narrowed)
        if not asked:
            continue
        where = or_(*narrowing)
        if aside.get(name):
            where = and_(where, dialect.beside(table, collection.key, aside[name]))
        some = [questions[i] for i in asked]
        deciding = [(i, questions[i].answers) for i in asked]
        mark = dialect.sets if all(map(narrow, some)) else None  # where many rows are read for few, it would cost too much
        for values, version in marked(session, table, where, mark, stream=not few(some)):
            answered = [i for i, answers in deciding if answers(values)]
            if answered:
                row = naming.row(collection, values, version)
                for i in answered:
                    yield i, row


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
                yield shown(table, dict(zip(names, row, strict=True)))


def marked(
    session: Session, table: Table, where: ColumnElement[bool], sets: Sets | None, stream: bool
) -> Iterator[tuple[dict[str, Value], str]]:
    """The rows of a table with their versions, where those are wanted and known."""
    columns = list(table.clause.c)
    shape = sets.shape(table) if sets and not table.is_view else ""
    extra = sets.column(table) if sets and shape else None
    statement = select(*columns).where(where) if extra is None else select(*columns, extra).where(where)
    names = list(table.columns)
    session.cancel.check()
    with session.conn.execute(statement, execution_options={"yield_per": BATCH} if stream else {}) as result:
        for part in result.partitions(BATCH):
            session.cancel.check()
            for row in part:
                if extra is not None:
                    yield shown(table, dict(zip(names, row))), shape + row[-1]  # noqa: B905  # the version stands after the columns
                elif sets is not None and shape:
                    yield shown(table, dict(zip(names, row, strict=True))), shape + sets.version(tuple(row))
                else:
                    yield shown(table, dict(zip(names, row, strict=True))), ""


def some(session: Session, table: Table, most: int) -> list[Mapping[str, Value]]:
    """Up to ``most`` rows, whichever come first."""
    return list(rows(session.conn, table, select(*table.clause.c).limit(most), session.cancel, stream=False))


def count(session: Session, table: Table) -> int:
    """How many rows a table has."""
    session.cancel.check()
    return int(session.conn.execute(select(func.count()).select_from(table.clause)).scalar_one())


def by_key(
    session: Session, collection: Collection, table: Table, keys: Sequence[tuple[Value, ...]], lock: bool = False
) -> Iterator[Row]:
    """The rows of a collection with these typed keys that exist in a table, in no order.

    Without a key, a row is found by all that it holds. ``lock`` keeps them as they are until the transaction ends.
    """
    dialect = session.dialect
    naming = Naming(session.system.name)
    for where in conditions(dialect, table, collection.key, keys):
        statement = select(*table.clause.c).where(where)
        wanted = dialect.lock(statement) if lock else statement
        for values in rows(session.conn, table, wanted, session.cancel, stream=dialect.interleaves):
            yield naming.row(collection, values)


def pointing(
    dialect: Dialect, table: Table, columns: Sequence[str], keys: Sequence[tuple[Value, ...]]
) -> Iterator[ColumnElement[bool]]:
    """The rows whose foreign key, as the database itself compares it, is one of these, in as many conditions as are wanted."""
    for start in range(0, len(keys), dialect.chunk):
        yield dialect.pointing(table, columns, keys[start : start + dialect.chunk])


def conditions(
    dialect: Dialect, table: Table, key: Sequence[str], keys: Sequence[tuple[Value, ...]]
) -> Iterator[ColumnElement[bool]]:
    """The rows with these values of the key, in as many conditions as statements are wanted, no row in two of them.

    Without a key the values are those of all columns.
    """
    if key:
        for start in range(0, len(keys), dialect.chunk):
            yield dialect.with_keys(table, key, keys[start : start + dialect.chunk])
        return
    whole = list({json.dumps([freeze(v) for v in values]): values for values in keys}.values())
    some = max(1, _VALUES // len(table.columns))
    for start in range(0, len(whole), some):
        yield or_(*(dialect.with_content(table, values) for values in whole[start : start + some]))
