"""Live tables under their catalog names, and what to say where the catalog is wrong about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, TableClause, Text, cast, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import quoted_name

from dsr_desk.errors import UsageError
from dsr_desk.model.catalog import Collection
from dsr_desk.model.schema import Column, ForeignKey, Trigger


@dataclass(frozen=True, slots=True)
class Inside:
    """A place inside the documents of a column: names of members, and ``[]`` for every entry of a list."""

    column: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One live table or view. ``name`` is what the system's people call it; ``kinds`` are the system's own type names.

    ``identities`` are generated columns that take a value where one insists on it. ``apart`` are the names by which the database
    tells any two rows apart (``ctid``); without them it is the primary key. ``parts`` are the tables below it whose rows it shows;
    ``alone`` reads its own only. ``charsets`` are the character sets of columns, where each has its own. ``paths`` are the fields
    inside its JSON columns that the catalog lists. ``folded``: names in small letters are the database's own in capitals (Oracle).
    """

    name: str
    schema: str | None
    bare: str
    columns: Mapping[str, Column]
    kinds: Mapping[str, str]
    is_view: bool = False
    identities: frozenset[str] = frozenset()
    apart: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    partitioned: bool = False
    alone: bool = False
    charsets: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, Inside] = field(default_factory=dict)
    folded: bool = False

    @cached_property
    def clause(self) -> TableClause:
        """The table for SQLAlchemy: every name quoted, every column qualified, no type conversion of its own."""
        quote = None if self.folded else True
        schema = quoted_name(self.schema, quote) if self.schema is not None else None
        made = _Only if self.alone else TableClause
        return made(quoted_name(self.bare, quote), *(column(quoted_name(c, quote)) for c in self.columns), schema=schema)

    @cached_property
    def marks(self) -> list[ColumnElement[Any]]:
        """What tells any two of its rows apart."""
        if not self.apart:
            primary = [c.name for c in self.columns.values() if c.primary_key]
            return [self.at(name) for name in primary or self.columns]
        found: list[ColumnElement[Any]] = []
        for name in self.apart:
            mark: Any = column(quoted_name(name, True))
            mark.table = self.clause
            found.append(cast(mark, Text))
        return found

    def at(self, name: str) -> ColumnElement[Any]:
        """One column, qualified."""
        return self.clause.c[name]


class _Only(TableClause):
    """A table without those that inherit from it (PostgreSQL manual, section 5.11)."""

    inherit_cache = True


@compiles(_Only, "postgresql")
def _only(element: _Only, compiler: Any, **options: Any) -> str:
    text: str = compiler.visit_table(element, **options)
    return f"ONLY {text}" if options.get("asfrom") else text


@dataclass(frozen=True)
class Relations:
    """What holds between live tables. All maps go by ``Table.name``."""

    foreign_keys: tuple[ForeignKey, ...] = ()
    unique: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    indexed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    triggers: Mapping[str, tuple[Trigger, ...]] = field(default_factory=dict)
    #: The columns of each constraint, by its table and name, where constraints have names.
    rules: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    #: Tables that can't be written all or nothing, or not so that it is gone: why, and what to do.
    lasting: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def table_name(collection: Collection) -> str:
    """What the system calls the collection."""
    return collection.table or collection.name


def no_such_table(collection: Collection, names: Iterable[str]) -> UsageError:
    """The error for a collection that the system does not have."""
    wanted = table_name(collection)
    return UsageError(
        f"System {collection.system} has no table {wanted} (collection {collection.name}).",
        _did_you_mean(wanted, names, "table") or "Correct the collection's name or its table: in the catalog.",
    )


def require(collection: Collection, live: Table, fields: Iterable[str]) -> None:
    """Insist that the live table has these columns: SQLite would read a misspelt one as text."""
    for name in fields:
        if name not in live.columns and name not in live.paths:
            raise UsageError(
                f"System {collection.system}: table {live.name} has no column {name} (collection {collection.name}).",
                _did_you_mean(name, live.columns, "column") or "Correct the field's name in the catalog.",
            )


def _did_you_mean(wanted: str, names: Iterable[str], what: str) -> str:
    by_folded = {name.casefold(): name for name in names}
    close = [by_folded[c] for c in get_close_matches(wanted.casefold(), list(by_folded), n=3, cutoff=0.6)]
    return f"Did you mean {' or '.join(close)}? Correct the {what} in the catalog." if close else ""
