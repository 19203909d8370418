"""One connection at work on one system: its tables under their collections, lookups asked, rows read by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from sqlalchemy import Connection

from dsr_desk.drivers._sql import reading
from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.drivers._sql.live import Relations, Table, no_such_table, require, table_name
from dsr_desk.drivers._sql.narrow import indexes_matter
from dsr_desk.drivers._sql.paths import columns_of_paths, with_paths
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.schema import ForeignKey, LiveCollection, Schema
from dsr_desk.model.values import Value


class Session:
    """One connection. Everything it says about tables was asked through that connection."""

    def __init__(self, dialect: Dialect, conn: Connection, cancel: Cancel) -> None:
        self.dialect = dialect
        self.conn = conn
        self.cancel = cancel
        self.system = dialect.system

    @cached_property
    def live(self) -> Mapping[str, Table]:
        """The live tables by collection name, of those collections that exist."""
        collections = self.system.collections.values()
        found = self.dialect.tables(self.conn, {table_name(c) for c in collections})
        ours = {table.name for table in found.values()}
        for name, table in found.items():
            if table.parts and not table.partitioned and ours.issuperset(table.parts):
                found[name] = replace(table, alone=True)
        return {c.name: with_paths(found[table_name(c)], c) for c in collections if table_name(c) in found}

    @cached_property
    def _ours(self) -> Mapping[str, Table]:
        return {table.name: table for table in self.live.values()}

    def listed(self, table: str) -> bool:
        """Whether the catalog lists a live table."""
        return table in self._ours

    def pointing(self, fk: ForeignKey) -> Table | None:
        """The table in which a foreign key stands. It holds for none of those that inherit from it."""
        found = self._ours.get(fk.table) or self.dialect.tables(self.conn, {fk.table}).get(fk.table)
        return replace(found, alone=True) if found and found.parts and not found.partitioned else found

    @cached_property
    def relations(self) -> Relations:
        """What holds between the tables of the whole database."""
        return self.dialect.relations(self.conn)

    def table(self, collection: Collection, fields: Iterable[str] = ()) -> Table:
        """The live table of a collection; ``UsageError`` where it, its key or one of the fields is missing."""
        if collection.name not in self.live:
            raise no_such_table(collection, self.dialect.names(self.conn))
        require(collection, self.live[collection.name], (*collection.key, *fields))
        return self.live[collection.name]

    def answers(
        self, questions: Sequence[Question], aside: Mapping[str, Sequence[tuple[Value, ...]]] | None = None
    ) -> Iterator[tuple[int, Row]]:
        """Which question, which row; ``aside`` are keys of rows that are left out, by collection."""
        tables = {}
        for question in questions:
            lookup = question.lookup
            collection = self.system.collections[lookup.collection]
            tables[lookup.collection] = self.table(collection, (*lookup.fields, *lookup.when))
        plain = indexes_matter([q.lookup for q in questions])
        indexed = self.dialect.indexed(self.conn, list(tables.values())) if plain else {}
        return reading.answers(self, tables, questions, indexed, aside or {})

    def by_key(self, refs: Mapping[RowRef, Mapping[str, Value]], lock: bool = False) -> Iterator[Row]:
        """The rows that exist, of those with these keys (without a key: with all these values).

        ``UsageError`` for a row without a key of which not all is said.
        """
        groups: dict[str, list[Mapping[str, Value]]] = defaultdict(list)
        for ref, key in refs.items():
            groups[ref.collection].append(key)
        for name, wanted in groups.items():
            collection = self.system.collections[name]
            table = self.table(collection)
            columns = collection.key or tuple(table.columns)
            if not collection.key and any(not set(columns) <= set(values) for values in wanted):
                raise UsageError(
                    f"Collection {name} of system {self.system.name} has no key, so its rows can't be told apart.",
                    "Give it a key: in the catalog.",
                )
            keys = [tuple(values[c] for c in columns) for values in wanted]
            yield from reading.by_key(self, collection, table, keys, lock)

    def some(self, collection: Collection, count: int) -> list[Mapping[str, Value]]:
        """Up to ``count`` rows, whichever the database gives first."""
        return reading.some(self, self.table(collection), count)

    def count(self, collection: Collection) -> int:
        """How many rows there are."""
        return reading.count(self, self.table(collection))


def schema(dialect: Dialect) -> Schema:
    """What the live system says about itself."""
    with dialect.connected(write=False) as conn:
        session = Session(dialect, conn, Cancel())
        relations = session.relations
        tables = session.live
        ours = {table.name for table in tables.values()}
        names = dialect.names(conn)
        return Schema(
            server=dialect.server(conn),
            collections={name: _collection(name, table, relations) for name, table in tables.items()},
            others=tuple(n for n in names if n not in ours),
            incoming=tuple(fk for fk in relations.foreign_keys if fk.to_table in ours and fk.table not in ours),
            tried=dialect.tried,
            writable=dialect.writable(conn),
            moves=dialect.tried,
            limits=(*dialect.limits(conn), *_trigger_limits(tables, relations)),
        )


def _collection(name: str, table: Table, relations: Relations) -> LiveCollection:
    return LiveCollection(
        name=name,
        columns={**table.columns, **columns_of_paths(table)},
        unique=relations.unique.get(table.name, ()),
        indexed=relations.indexed.get(table.name, frozenset()),
        foreign_keys=tuple(fk for fk in relations.foreign_keys if fk.table == table.name),
        triggers=tuple(t.name for t in relations.triggers.get(table.name, ())),
        is_view=table.is_view,
        fires=relations.triggers.get(table.name, ()),
        parts=table.parts,
        partitioned=table.partitioned,
        alone=table.alone,
    )


def _trigger_limits(tables: Mapping[str, Table], relations: Relations) -> Iterator[str]:
    for table in tables.values():
        if beyond := [t.name for t in relations.triggers.get(table.name, ()) if t.elsewhere != "no"]:
            yield f"Table {table.name} has triggers ({', '.join(beyond)}): what they write elsewhere is not part of a plan."
