"""What the catalog says of one system, held against what the live system has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dsr_desk.catalog.build import Strategies
from dsr_desk.catalog.problem import Problem, did_you_mean, join, quote
from dsr_desk.catalog.source import Source
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.identity import CONFIRMING
from dsr_desk.model.schema import Column, LiveCollection, Schema

#: How many names a message lists before it says how many more there are.
_NAMED = 8
#: Kinds of identifiers that one value can spell in several ways, so that an index answers only for ``stored: plain``.
_SPELLED = frozenset({"email", "phone", "iban", "national_id"})
_DATES = frozenset({"date", "datetime", "text", "any", "other"})


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a live collection the catalog knows. ``exists`` is false where the system has no such collection."""

    collection: str
    exists: bool
    known: int
    columns: int
    uncovered: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.known} of {self.columns} columns" if self.exists else "not in the system"


def coverage(system: System, schema: Schema) -> tuple[Coverage, ...]:
    """The coverage of each collection that the catalog lists, in its order."""
    result = []
    for name, collection in system.collections.items():
        live = schema.collections.get(name)
        columns = live.columns if live else {}
        uncovered = tuple(c for c in columns if c not in collection.fields)
        result.append(Coverage(name, live is not None, len(columns) - len(uncovered), len(columns), uncovered))
    return tuple(result)


def compare(system: System, schema: Schema, source: Source, strategies: Strategies, indexes: bool) -> Iterator[Problem]:
    """Everything in which catalog and live system differ. ``indexes``: whether the system has such a thing."""
    for name, collection in system.collections.items():
        live = schema.collections.get(name)
        if live is None:
            path = ("collections", name, "table") if collection.table else ("collections", name)
            wanted = collection.table or name
            hint = did_you_mean(wanted, schema.others) or (
                f"It has {named(schema.others)}." if schema.others else "It has no others."
            )
            yield source.error(
                path, f"{system.label} has no {quote(wanted)}.", hint, key=not collection.table, code="collection_missing"
            )
            continue
        yield from _columns(collection, live, source)
        yield from _uncovered(collection, live, source)
        yield from _row(collection, live, source, indexes)
        yield from _triggers(collection, live, source)
        yield from _below(system, collection, live, source)
        yield from _unsaid(collection, live, system, source)
        for field in collection.fields.values():
            if (column := live.columns.get(field.name)) is not None:
                yield from _refusals(collection, field, column, source, strategies)
        if indexes and not live.is_view:
            yield from _scans(collection, live, source)
    yield from _system(system, schema, source)


def _columns(collection: Collection, live: LiveCollection, source: Source) -> Iterator[Problem]:
    for field in collection.fields:
        if field not in live.columns:
            free = [c for c in live.columns if c not in collection.fields]
            hint = did_you_mean(field, free or live.columns) or f"It has {named(tuple(live.columns))}."
            message = f"{quote(collection.name)} has no column {quote(field)}."
            yield source.error(place_of(source, collection.name, field), message, hint, key=True, code="column_missing")


def _uncovered(collection: Collection, live: LiveCollection, source: Source) -> Iterator[Problem]:
    uncovered = tuple(c for c in live.columns if c not in collection.fields)
    if uncovered:
        message = f"The catalog does not know {counted(uncovered, 'column')} of {quote(collection.name)}: {named(uncovered)}."
        hint = "List under fields what is personal, with a category, and write {} for what is known and not personal."
        yield source.warning(("collections", collection.name, "fields"), message, hint, key=True, code="columns_unknown")


def _row(collection: Collection, live: LiveCollection, source: Source, rules: bool) -> Iterator[Problem]:
    path = ("collections", collection.name)
    changes = collection.on_erase in ("delete", "redact")
    key = frozenset(collection.key)
    primary = frozenset(c.name for c in live.columns.values() if c.primary_key)
    declared = [frozenset(u) for u in live.unique] + ([primary] if primary else [])
    # Where a system has no rules at all, as a file has none, or a view, none can be missed.
    if key and (declared or (rules and not live.is_view)) and not any(u <= key for u in declared):
        message = f"No rule of the system keeps the key {named(collection.key)} of {quote(collection.name)} unique."
        yield source.warning(
            (*path, "key"),
            message,
            "Two rows with one key can't be told apart, and a plan refuses them.",
            key=True,
            code="key_not_unique",
        )
    if live.is_view and changes:
        message = f"{quote(collection.name)} is a view."
        yield source.warning(path, message, "Catalogue the table behind it, or its rows can't be erased.", key=True, code="is_view")
    if collection.keep and collection.keep.field:
        column = live.columns.get(collection.keep.field)
        if column and column.type not in _DATES:
            message = f"{quote(column.name)} holds {column.type}, so no end date can be computed from it."
            yield source.error((*path, "keep", "until"), message, "Name a field that holds a date.", key=True, code="no_end_date")


def _triggers(collection: Collection, live: LiveCollection, source: Source) -> Iterator[Problem]:
    """Triggers that a change may set off, and that write elsewhere or may do so: a plan warns of them, too."""
    if collection.on_erase not in ("delete", "redact") or not live.triggers:
        return
    known = {t.name: t for t in live.fires}
    outside = tuple(n for n in live.triggers if n not in known or known[n].elsewhere != "no")
    if outside:
        tables = tuple(dict.fromkeys(t for n in outside if n in known for t in known[n].tables))
        where = f"to {named(tables)}" if tables else "elsewhere, too"
        message = f"{quote(collection.name)} has triggers ({named(outside)}): a change may write {where}."
        yield source.problem(
            "note",
            ("collections", collection.name),
            message,
            "Check what they write, for instance a history table.",
            key=True,
            code="triggers",
        )


def _below(system: System, collection: Collection, live: LiveCollection, source: Source) -> Iterator[Problem]:
    """Tables that inherit from this one (PostgreSQL): all of them listed, or none."""
    if not live.parts or live.partitioned or live.alone:
        return
    path = ("collections", collection.name)
    listed = {c.table or c.name for c in system.collections.values()}
    missing = tuple(p for p in live.parts if p not in listed)
    if len(missing) == len(live.parts):
        message = f"{quote(collection.name)} shows the rows of {named(live.parts)}, too, without the columns that only they have."
        yield source.warning(
            path, message, "List those tables, too: then each row is erased where it is.", key=True, code="tables_below"
        )
    else:
        message = f"Of the tables below {quote(collection.name)} the catalog does not list {named(missing)}."
        yield source.warning(
            path, message, "List all of them or none: a plan refuses rows that would be found twice.", key=True, code="tables_below"
        )


def _unsaid(collection: Collection, live: LiveCollection, system: System, source: Source) -> Iterator[Problem]:
    """Foreign keys to persons or to what is theirs, of which the catalog says nothing: a path that no search follows."""
    tables = {c.table or name: c for name, c in system.collections.items()}
    said = {reference.fields for reference in collection.references}
    for key in live.foreign_keys:
        target = tables.get(key.to_table)
        if target and key.columns not in said and (target.subject or target.of_kind("owned_by")):
            message = (
                f"The catalog does not say that {quote(collection.name)} points at {quote(target.name)} ({named(key.columns)})."
            )
            hint = "Write owned_by where the row is that person's, points_at where it only names them."
            yield source.warning(
                place_of(source, collection.name, key.columns[0]), message, hint, key=True, code="reference_unsaid"
            )


def _refusals(collection: Collection, field: Field, column: Column, source: Source, strategies: Strategies) -> Iterator[Problem]:
    """What a plan would refuse: seen here, months before somebody asks."""
    path = ("collections", collection.name, "fields", field.name)
    what = f"Refusal ahead: {quote(collection.name)}.{quote(field.name)}"
    strategy = strategies.get(field.erase.strategy) if field.erase else None
    if strategy and field.erase and field.erase.strategy != "keep" and field.name not in collection.key:
        if column.generated:
            yield source.warning(
                (*path, "erase"),
                f"{what}: the system computes this column.",
                "Erase the columns it is made of, and list it with {} alone.",
                key=True,
                code="refusal_ahead",
            )
        elif refused := strategy().refuses(column, strategy().settled(field.erase.params, field)):
            yield source.warning(
                (*path, "erase"), f"{what}: {refused[0]}.", f"{refused[1].rstrip('.')}.", key=True, code="refusal_ahead"
            )
    elif not field.erase and not column.nullable:
        for reference in collection.of_kind("points_at"):
            if reference.fields == (field.name,):
                message = f"{what}: it points at persons, may not be NULL, and has no erase:."
                yield source.warning(
                    path, message, "Write erase: with a strategy that gives a value.", key=True, code="refusal_ahead"
                )
                return


def _scans(collection: Collection, live: LiveCollection, source: Source) -> Iterator[Problem]:
    for kind, names, _, plain in collection.identity_fields():
        first = names[0]
        if len(names) > 1 or first not in live.columns or kind in CONFIRMING:
            continue
        path = place_of(source, collection.name, first)
        if first not in live.indexed:
            yield source.problem(
                "note",
                path,
                f"{quote(first)} has no index, so every search reads all of {quote(collection.name)}.",
                key=True,
                code="no_index",
            )
        elif kind in _SPELLED and not plain:
            message = f"The index on {quote(first)} is not used, since a value could be written in several ways."
            hint = "If every value stands in one plain form, write stored: plain."
            yield source.problem("note", path, message, hint, key=True, code="index_unused")
    for reference in collection.of_kind("owned_by", "accessed_by"):
        first = reference.fields[0]
        if first in live.columns and not live.indexed.intersection(reference.fields):
            path = place_of(source, collection.name, first)
            yield source.problem(
                "note",
                path,
                f"{quote(first)} has no index, so every search reads all of {quote(collection.name)}.",
                key=True,
                code="no_index",
            )


def _system(system: System, schema: Schema, source: Source) -> Iterator[Problem]:
    tables = {c.table or name: name for name, c in system.collections.items()}
    if schema.others:
        message = f"The catalog does not list {counted(schema.others, 'table')} of {system.label}: {named(schema.others)}."
        yield source.problem(
            "note",
            ("collections",),
            message,
            "Nothing in them is searched. List those that hold personal data.",
            key=True,
            code="tables_unlisted",
        )
    for key in schema.incoming:
        name = tables.get(key.to_table, key.to_table)
        collection = system.collections.get(name)
        if collection is None or collection.on_erase != "delete":
            continue
        path = ("collections", name)
        cure = f"List {quote(key.table)}."
        if key.on_delete.upper() in ("CASCADE", "SET NULL", "SET DEFAULT"):
            does = "deletes from" if key.on_delete.upper() == "CASCADE" else "changes"
            message = f"Deleting from {quote(name)} also {does} {quote(key.table)}, which the catalog does not list."
            if collection.cascade:
                yield source.problem(
                    "note", path, message, "Its owner agrees (cascade: true): every plan counts them.", key=True, code="cascades"
                )
                continue
            cure = f"{cure} Or write cascade: true, where its owner agrees that its rows go along."
        else:
            message = f"{quote(key.table)} points at {quote(name)}, and the catalog does not list it: deleting may be refused."
        yield source.warning(path, message, cure, key=True, code="cascades")
    if not schema.writable and any(c.on_erase in ("delete", "redact") for c in system.collections.values()):
        yield source.warning(
            ("system",),
            f"{system.label} can be read, not written.",
            "Give the program an account that may write.",
            code="read_only",
        )


def counted(names: Sequence[str], what: str) -> str:
    """``1 column``, ``2 columns``."""
    return f"{len(names)} {what}{'' if len(names) == 1 else 's'}"


def named(names: Sequence[str]) -> str:
    """The names, or the first of them and how many more there are."""
    shown = [quote(n) for n in names[:_NAMED]]
    if len(names) > _NAMED:
        return f"{', '.join(shown)} and {len(names) - _NAMED} more"
    return join(shown)


def place_of(source: Source, collection: str, field: str) -> tuple[object, ...]:
    """Where a field is named: under ``fields``, else in the key, else the collection."""
    shape = source.shape.collections[collection]
    if field in shape.fields:
        return ("collections", collection, "fields", field)
    if field in shape.key:
        return ("collections", collection, "key", shape.key.index(field))
    return ("collections", collection)
