"""The rules over what a restriction and an objection do to a collection's rows (``on_restrict``, ``on_object``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dsr_desk.catalog.problem import Problem, did_you_mean, join, quote
from dsr_desk.catalog.shape import known_fields
from dsr_desk.catalog.source import Source
from dsr_desk.model.catalog import Collection

Path = tuple[object, ...]


def check_marks(collection: Collection, source: Source, path: Path) -> Iterator[Problem]:
    """That what is set can be set and lifted again, and that rows are set aside where they fit."""
    restrict, on_object = collection.on_restrict, collection.on_object
    if restrict is not None:
        yield from _set(collection, source, (*path, "on_restrict", "set"), restrict.set)
        for name, value in restrict.lift.items():
            place = (*path, "on_restrict", "lift", name)
            if name not in restrict.set:
                yield source.error(place, f"{quote(name)} is lifted and never set.", "Set it under set:, too.", key=True)
            elif value == restrict.set[name]:
                message = f"{quote(name)} is lifted to the value that restricts it."
                yield source.error(place, message, "Write the value of rows that are not restricted.")
        if restrict.move:
            yield from _move(collection, source, (*path, "on_restrict", "move"), restrict.move)
    if on_object is not None:
        yield from _set(collection, source, (*path, "on_object", "set"), on_object.set)


def _set(collection: Collection, source: Source, path: Path, names: Iterable[str]) -> Iterator[Problem]:
    pointing = {name for reference in collection.references for name in reference.fields}
    for name in names:
        if name in collection.key:
            yield source.error((*path, name), f"{quote(name)} is part of the key and can't be set.", "Set another field.", key=True)
        elif name in pointing:
            message = f"{quote(name)} says whose the row is, or what it points to."
            yield source.error((*path, name), message, "Set another field.", key=True)


def _move(collection: Collection, source: Source, path: Path, to: str) -> Iterator[Problem]:
    aside = source.shape.collections.get(to)
    if to == collection.name:
        yield source.error(path, "Its rows can't be set aside in the collection itself.", "Name another collection of this system.")
    elif aside is None:
        others = [name for name in source.shape.collections if name != collection.name]
        hint = did_you_mean(to, others) or "Describe it here: the same fields, the same key, and whose its rows are."
        yield source.error(path, f"This system has no collection {quote(to)}.", hint)
    else:
        missing = [name for name in collection.fields if name not in known_fields(aside)]
        if missing:
            message = f"{quote(to)} lacks {join(map(quote, missing))}."
            yield source.error(path, message, "Rows can be set aside only where all their fields have a place.")
        if tuple(aside.key) != collection.key:
            yield source.error(path, f"{quote(to)} has another key.", f"Give it the key [{', '.join(collection.key)}].")
