"""Which collections a search can reach at all, starting from what is known of a person."""

from __future__ import annotations

from collections.abc import Iterator

from dsr_desk.model.catalog import Catalog, Collection

_Place = tuple[str, str]


def unreached(catalog: Catalog) -> Iterator[tuple[Collection, str]]:
    """The collections in which no row can ever be found as somebody's, each with the reason.

    A collection is reached where a field carries an identity or is searched for mentions, where its rows belong to (or may be seen
    by) reached ones, or where reached ones own them.
    """
    reached = _reached(catalog)
    for collection in catalog.collections():
        if (collection.system, collection.name) in reached:
            continue
        if collection.of_kind("owned_by", "accessed_by"):
            yield collection, "its rows belong to rows that no identifier leads to."
        elif collection.subject:
            yield collection, "its rows are persons, but no field carries an identity."
        elif not collection.of_kind("points_at"):
            yield collection, "nobody owns its rows and no field carries an identity, so they are never found."


def _reached(catalog: Catalog) -> set[_Place]:
    reached: set[_Place] = set()
    below: dict[_Place, set[_Place]] = {}
    for collection in catalog.collections():
        here = (collection.system, collection.name)
        if next(collection.identity_fields(), None) or any(f.mentions for f in collection.fields.values()):
            reached.add(here)
        for reference in collection.references:
            there = (reference.system, reference.collection)
            if reference.kind in ("owned_by", "accessed_by"):
                below.setdefault(there, set()).add(here)
            elif reference.kind in ("owns", "accesses"):
                below.setdefault(here, set()).add(there)
    todo = list(reached)
    while todo:
        for place in below.get(todo.pop(), set()) - reached:
            reached.add(place)
            todo.append(place)
    return reached
