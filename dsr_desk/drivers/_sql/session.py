"""One connection at work on one system: its tables under their collections, lookups asked, rows read by key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from sqlalchemy import Connection

from dsr_desk.drivers._sql import reading
from dsr_desk.drivers._sql.dialect import Dialect
from dsr_desk.drivers._sql.live import Relations, Table, no_such_table, require, table_name
from dsr_desk.drivers._sql.narrow import indexes_matter
from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.finding import RowRef
from dsr_desk.model.match import Question
from dsr_desk.model.schema import LiveCollection, Schema
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
        return {c.name: found[table_name(c)] for c in collections if table_name(c) in found}

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

    def answers(self, questions: Sequence[Question]) -> Iterator[reading.Answer]:
        """Which question, which collection, which row."""
        tables = {}
        for question in questions:
            lookup = question.lookup
            collection = self.system.collections[lookup.collection]
            tables[lookup.collection] = self.table(collection, (*lookup.fields, *lookup.when))
        plain = indexes_matter([q.lookup for q in questions])
        indexed = self.dialect.indexed(self.conn, list(tables.values())) if plain else {}
        return reading.answers(self.dialect, self.conn, tables, questions, indexed, self.cancel)

    def by_key(
        self, refs: Mapping[RowRef, Mapping[str, Value]], lock: bool = False
    ) -> Iterator[tuple[Collection, Mapping[str, Value]]]:
        """The rows with these keys that exist. ``UsageError`` for a collection without a key: nothing tells its rows apart."""
        groups: dict[str, dict[RowRef, Mapping[str, Value]]] = defaultdict(dict)
        for ref, key in refs.items():
            groups[ref.collection][ref] = key
        for name, wanted in groups.items():
            collection = self.system.collections[name]
            if not collection.key:
                raise UsageError(
                    f"Collection {name} of system {self.system.name} has no key, so its rows can't be told apart.",
                    "Give it a key: in the catalog.",
                )
            table = self.table(collection)
            for values in reading.by_key(self.dialect, self.conn, table, collection.key, wanted, self.cancel, lock):
                yield collection, values


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
            limits=(*dialect.limits(conn), *_trigger_limits(tables, relations)),
        )


def _collection(name: str, table: Table, relations: Relations) -> LiveCollection:
    return LiveCollection(
        name=name,
        columns=table.columns,
        unique=relations.unique.get(table.name, ()),
        indexed=relations.indexed.get(table.name, frozenset()),
        foreign_keys=tuple(fk for fk in relations.foreign_keys if fk.table == table.name),
        triggers=relations.triggers.get(table.name, ()),
        is_view=table.is_view,
    )


def _trigger_limits(tables: Mapping[str, Table], relations: Relations) -> Iterator[str]:
    for table in tables.values():
        if triggers := relations.triggers.get(table.name):
            yield f"Table {table.name} has triggers ({', '.join(triggers)}): what they write elsewhere is not part of a plan."
