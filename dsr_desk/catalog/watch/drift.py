"""What is another way than when the catalog was accepted: columns, keys, tables, and how much there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsr_desk.catalog.live import counted, named, place_of
from dsr_desk.catalog.problem import Problem, quote
from dsr_desk.catalog.source import Source
from dsr_desk.catalog.watch.facts import CollectionFacts, ColumnFacts, SystemFacts
from dsr_desk.catalog.watch.look import Look
from dsr_desk.catalog.watch.suspects import Suspect

#: Fewer than one record in so many is left of a collection: then somebody should know.
_SHRUNK = 10
_DESCRIBE = "List it under fields: with a category if it is personal, {} if it is not; then accept the catalog."
_ACCEPT = "If that is as it should be, accept the catalog again."


def drift(seen: Look, then: SystemFacts | None, source: Source) -> Iterator[Problem]:
    """What changed in one system since it was last looked at for an acceptance, and what nobody described and looks personal."""
    for name in seen.collections:
        before = then.named.get(name) if then else None
        yield from _columns(seen, name, before, then, source)
        if then and before:
            yield from _keys(seen.facts(name), before, then, source)
    if then is None:
        return
    yield from _tables(seen, then, source)
    yield from _records(seen, then, source)


def _columns(seen: Look, name: str, before: CollectionFacts | None, then: SystemFacts | None, source: Source) -> Iterator[Problem]:
    listed = seen.system.collections[name].fields
    suspects = {s.column: s for s in seen.suspects.get(name, ())}
    old = {c.name: c for c in before.columns} if before else {}
    now = {c.name: c for c in seen.facts(name).columns}
    for column in now.values():
        was, suspect = old.get(column.name), suspects.pop(column.name, None)
        if was is not None and then is not None:
            yield from _retyped(name, was, column, then, source)
        elif before is not None and then is not None:
            message = f"{quote(name)} has a new column {quote(column.name)}, {then.since}.{_looks(suspect)}"
            if column.name in listed:
                yield source.problem(
                    "note", place_of(source, name, column.name), message, "Accept the catalog.", key=True, code="column_added"
                )
            else:
                code = "personal_column_added" if suspect else "column_added"
                yield source.warning(("collections", name, "fields"), message, _DESCRIBE, key=True, code=code)
            continue
        if suspect is not None:
            message = f"The catalog does not know the column {quote(column.name)} of {quote(name)}.{_looks(suspect)}"
            yield source.warning(("collections", name, "fields"), message, _DESCRIBE, key=True, code="column_looks_personal")
    for gone in old.keys() - now.keys():
        message = f"{quote(name)} no longer has the column {quote(gone)}, {then.since if then else ''}."
        hint = "Take it out of the catalog." if gone in listed else "Where did its data go? Look for it under another name."
        yield source.problem("note", ("collections", name, "fields"), message, hint, key=True, code="column_removed")


def _looks(suspect: Suspect | None) -> str:
    if suspect is None:
        return ""
    special = ", a special category (Art. 9 GDPR)" if suspect.special else ""
    return f" It looks like {suspect.category}{special}: {suspect.evidence.rstrip('.')}."


def _retyped(name: str, was: ColumnFacts, now: ColumnFacts, then: SystemFacts, source: Source) -> Iterator[Problem]:
    place = place_of(source, name, now.name) if now.name in source.shape.collections[name].fields else ("collections", name)
    what = f"{quote(name)}.{quote(now.name)}"
    if was.type != now.type:
        message = f"{what} was {was.type} and holds {now.type} now, {then.since}."
        hint = "Check its erase:, and the fields that are compared with it."
        yield source.warning(place, message, f"{hint} {_ACCEPT}", key=True, code="column_retyped")
        return
    changes = []
    if was.nullable != now.nullable:
        changes.append("may be empty now" if now.nullable else "may no longer be empty")
    if was.length != now.length:
        changes.append(f"takes {now.length or 'any number of'} characters now, {was.length or 'any number'} before")
    if changes:
        message = f"{what} {' and '.join(changes)}, {then.since}."
        yield source.problem("note", place, message, "Check its erase:.", key=True, code="column_changed")


def _keys(now: CollectionFacts, was: CollectionFacts, then: SystemFacts, source: Source) -> Iterator[Problem]:
    path = ("collections", now.name)
    for gone in (key for key in _unique(was) if key not in _unique(now)):
        message = f"No rule keeps {named(gone)} of {quote(now.name)} unique any more, {then.since}."
        yield source.warning(path, message, "Two rows with one key can't be told apart.", key=True, code="key_dropped")
    for columns, table, _ in (key for key in was.foreign if key not in now.foreign):
        message = f"{quote(now.name)} no longer declares that {named(columns)} points at {quote(table)}, {then.since}."
        yield source.problem(
            "note", path, message, "Rows may come to point nowhere from now on.", key=True, code="reference_dropped"
        )
    for columns, table, _ in (key for key in now.foreign if key not in was.foreign):
        message = f"{quote(now.name)} declares now that {named(columns)} points at {quote(table)}, {then.since}."
        yield source.problem("note", path, message, "Check what the catalog says of it.", key=True, code="reference_added")


def _unique(of: CollectionFacts) -> list[tuple[str, ...]]:
    primary = tuple(c.name for c in of.columns if c.key)
    return list(dict.fromkeys([*([tuple(sorted(primary))] if primary else []), *(tuple(sorted(u)) for u in of.unique)]))


def _tables(seen: Look, then: SystemFacts, source: Source) -> Iterator[Problem]:
    assert seen.schema is not None  # only a system that answered is held against what it was
    listed = {c.table or c.name for c in seen.system.collections.values()}
    before = {*then.tables, *(c.name for c in then.collections), *listed}
    new = tuple(t for t in seen.schema.others if t not in before)
    if new:
        message = f"{seen.system.label} has {counted(new, 'new table')}, {then.since}: {named(new)}."
        hint = "Nothing in them is searched. List those that hold personal data; then accept the catalog."
        yield source.warning(("collections",), message, hint, key=True, code="table_added")
    gone = tuple(t for t in then.tables if t not in {*seen.schema.others, *listed})
    if gone:
        message = f"{seen.system.label} no longer has {named(gone)}, {then.since}."
        yield source.problem("note", ("collections",), message, _ACCEPT, key=True, code="table_removed")


def _records(seen: Look, then: SystemFacts, source: Source) -> Iterator[Problem]:
    had = {n: before for n, before in then.named.items() if before.had}
    looked = {name: seen.collections[name] for name in had if name in seen.collections}
    empty = [name for name, now in looked.items() if now.filled is False]
    if len(empty) > 1 and len(empty) == len(had):
        message = f"All of {seen.system.label} is empty: it had {_list(had, empty)} when version {then.version} was accepted."
        hint = f"A search that finds nothing there proves nothing. Check that url: leads to the right place. {_ACCEPT}"
        yield source.warning(("system",), message, hint, key=True, code="system_emptied")
    else:
        for name in empty:
            message = f"{quote(name)} is empty: 0 records, {_was(had[name], then)}."
            hint = f"A search that finds nothing there proves nothing. Check where its records went. {_ACCEPT}"
            yield source.warning(("collections", name), message, hint, key=True, code="collection_emptied")
    for name, now in looked.items():
        before = had[name].records
        if before and now.records and now.records * _SHRUNK < before:
            message = f"{quote(name)} has {now.records:,} records, {_was(had[name], then)}."
            hint = f"Check where the others went. {_ACCEPT}"
            yield source.problem("note", ("collections", name), message, hint, key=True, code="collection_shrunk")


def _was(before: CollectionFacts, then: SystemFacts) -> str:
    return f"{before.had} when version {then.version} of the catalog was accepted on {then.at[:10]}"


def _list(had: dict[str, CollectionFacts], names: Sequence[str]) -> str:
    total = sum(had[n].records or 0 for n in names)
    return f"{total:,} records in {len(names)} collections" if total else f"records in {len(names)} collections"
