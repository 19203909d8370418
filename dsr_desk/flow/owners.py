"""Whose row is it: climbing from a row to the people who own it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dsr_desk.flow.answers import Answers, Asked, Condition, Group, condition
from dsr_desk.model.catalog import Catalog, Collection, Reference
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.match import holds
from dsr_desk.model.values import as_text


class Graph:
    """The catalog's references, in both directions.

    Owners are all subjects reached by ``owned_by`` and by ``owns`` read backwards (K9db, OSDI '23, section 3).
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        #: (system, collection) → the references of any collection that point to it.
        self.incoming: dict[tuple[str, str], list[tuple[Collection, Reference]]] = defaultdict(list)
        #: (system, collection) → its place in the catalog.
        self.order = {(c.system, c.name): place for place, c in enumerate(catalog.collections())}
        self._collections = {(c.system, c.name): c for c in catalog.collections()}
        self._owned = {place for place, c in self._collections.items() if c.of_kind("owned_by")}
        #: Identity kind → where it stands: fields, condition, whether an index may answer.
        self.carriers: dict[str, list[tuple[Collection, tuple[str, ...], Condition, bool]]] = defaultdict(list)
        for collection in catalog.collections():
            for reference in collection.references:
                self.incoming[reference.system, reference.collection].append((collection, reference))
                if reference.kind == "owns":
                    self._owned.add((reference.system, reference.collection))
            for kind, fields, when, plain in collection.identity_fields():
                self.carriers[kind].append((collection, fields, condition(when), plain))

    def collection(self, row: Row) -> Collection:
        """The catalog's description of a row."""
        return self._collections[row.ref.system, row.ref.collection]

    def is_subject(self, row: Row) -> bool:
        """Whether the row is a person."""
        collection = self.collection(row)
        return collection.subject and (not collection.subject_when or holds(collection.subject_when, row.values))

    def declares_owner(self, row: Row) -> bool:
        """Whether the catalog says that such a row belongs to another one."""
        return (row.ref.system, row.ref.collection) in self._owned

    def out(self, row: Row, reference: Reference) -> tuple[Group, Asked] | None:
        """The question for the rows that ``row`` points to; ``None`` where it points to nothing."""
        if not holds(reference.when, row.values):
            return None
        return _question(reference.system, reference.collection, reference.to, (), row, reference.fields)

    def back(self, row: Row, origin: Collection, reference: Reference) -> tuple[Group, Asked] | None:
        """The question for the rows of ``origin`` that point to ``row``."""
        when = condition(reference.when)
        return _question(origin.system, origin.name, reference.fields, when, row, reference.to)

    def anchors(self, row: Row, answers: Answers) -> frozenset[RowRef]:
        """The people the row belongs to: subject rows, or a row of its own where no owner is declared.

        Empty where an owner is declared and none is there. Asks what it needs to know. Cycles end where they began.
        """
        found: set[RowRef] = set()
        seen = {row.ref}
        climbing = [row]
        while climbing:
            here = climbing.pop()
            if self.is_subject(here) or not self.declares_owner(here):
                found.add(here.ref)
                continue
            for parent in self._parents(here, answers):
                if parent.ref not in seen:
                    seen.add(parent.ref)
                    climbing.append(parent)
        return frozenset(found)

    def _parents(self, row: Row, answers: Answers) -> Iterator[Row]:
        collection = self.collection(row)
        for reference in collection.of_kind("owned_by"):
            question = self.out(row, reference)
            if question:
                yield from answers.ask(*question)
        for origin, reference in self.incoming[collection.system, collection.name]:
            question = self.back(row, origin, reference) if reference.kind == "owns" else None
            if question:
                yield from (r for r in answers.ask(*question) if holds(reference.when, r.values))


def _question(
    system: str,
    collection: str,
    fields: tuple[str, ...],
    when: tuple[tuple[str, tuple[str, ...]], ...],
    row: Row,
    from_fields: tuple[str, ...],
) -> tuple[Group, Asked] | None:
    texts = [as_text(row.values.get(name)) for name in from_fields]
    if any(t is None or t == "" for t in texts):
        return None
    return Group(system, collection, fields, when=when), tuple(t for t in texts if t is not None)
