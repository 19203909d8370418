"""Whose row is it: climbing from a row to the people who own it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from dsr_desk.flow.answers import Answers, Asked, Group, condition
from dsr_desk.model.catalog import Catalog, Collection, Reference, ReferenceKind, When
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.match import holds
from dsr_desk.model.values import as_text


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a row to others: the question, without its value, and the fields of the row that make the value.

    ``when`` is what the row itself has to meet, ``then`` what the rows that answer have to.
    """

    group: Group
    fields: tuple[str, ...]
    rule: str
    detail: str
    when: When = field(default_factory=dict)
    then: When = field(default_factory=dict)

    def question(self, row: Row) -> tuple[Group, Asked] | None:
        """What to ask from this row; ``None`` where it points to nothing."""
        values = row.values
        if self.when and not holds(self.when, values):
            return None
        if len(self.fields) == 1:
            text = as_text(values.get(self.fields[0]))
            return (self.group, (text,)) if text else None
        texts = tuple([as_text(values.get(name)) or "" for name in self.fields])
        return (self.group, texts) if all(texts) else None


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a row of one collection leads: to its owners, to what it owns, and to what may only be seen."""

    up: tuple[Edge, ...]
    down: tuple[Edge, ...]
    seen: tuple[Edge, ...]
    #: Whether such a row may say who somebody is.
    telling: bool


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
        #: Identity kind → the questions for those who have it: as an index may answer it, and as it is asked thoroughly.
        self.carriers: dict[str, list[tuple[Group, Group]]] = defaultdict(list)
        #: The collections with free texts, and the fields of those.
        self.mentioning = [(c, fields) for c in catalog.collections() if (fields := _free_texts(c))]
        for collection in catalog.collections():
            for reference in collection.references:
                self.incoming[reference.system, reference.collection].append((collection, reference))
                if reference.kind == "owns":
                    self._owned.add((reference.system, reference.collection))
            for kind, fields, when, plain in collection.identity_fields():
                thorough = Group(collection.system, collection.name, fields, kind, when=condition(when))
                self.carriers[kind].append((thorough._replace(plain=plain), thorough))
        self._ways = {place: self._ways_of(c) for place, c in self._collections.items()}

    def collection(self, row: Row) -> Collection:
        """The catalog's description of a row."""
        return self._collections[row.ref[:2]]

    def is_subject(self, row: Row) -> bool:
        """Whether the row is a person."""
        collection = self._collections[row.ref[:2]]
        return collection.subject and (not collection.subject_when or holds(collection.subject_when, row.values))

    def declares_owner(self, row: Row) -> bool:
        """Whether the catalog says that such a row belongs to another one."""
        return row.ref[:2] in self._owned

    def ways(self, row: Row) -> Ways:
        """Where such a row leads."""
        return self._ways[row.ref[:2]]

    def back(self, row: Row, origin: Collection, reference: Reference) -> tuple[Group, Asked] | None:
        """The question for the rows of ``origin`` that point to ``row``."""
        return _back(origin, reference).question(row)

    def anchors(self, row: Row, answers: Answers) -> frozenset[RowRef]:
        """The people the row belongs to: subject rows, or a row of its own where no owner is declared.

        Empty where an owner is declared and none is there. Asks what it needs to know. Cycles end where they began.
        """
        known = answers.owners.get(row.ref)
        if known is not None:
            return known
        open_before = answers.unanswered
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
        owners = frozenset(found)
        if answers.unanswered == open_before:  # no answer that comes later can change it
            answers.owners[row.ref] = owners
        return owners

    def _parents(self, row: Row, answers: Answers) -> Iterator[Row]:
        for edge in self.ways(row).up:
            question = edge.question(row)
            if question is not None:
                parents = answers.ask(*question)
                yield from (r for r in parents if holds(edge.then, r.values)) if edge.then else parents

    def _ways_of(self, collection: Collection) -> Ways:
        incoming = self.incoming[collection.system, collection.name]
        back = {kind: [_back(o, r) for o, r in incoming if r.kind == kind] for kind in ("owned_by", "owns", "accessed_by")}
        out = {kind: [_out(r) for r in collection.of_kind(kind)] for kind in _KINDS}
        return Ways(
            (*out["owned_by"], *back["owns"]),
            (*back["owned_by"], *out["owns"]),
            (*back["accessed_by"], *out["accesses"]),
            any(True for _ in collection.identity_fields()),
        )


_KINDS: tuple[ReferenceKind, ...] = ("owned_by", "owns", "accesses")


def _free_texts(collection: Collection) -> tuple[str, ...]:
    return tuple(f.name for f in collection.fields.values() if f.mentions)


def _out(reference: Reference) -> Edge:
    """To the rows that a row points to."""
    group = Group(reference.system, reference.collection, reference.to)
    return Edge(group, reference.fields, reference.kind, "+".join(reference.fields), when=reference.when)


def _back(origin: Collection, reference: Reference) -> Edge:
    """To the rows of ``origin`` that point to a row."""
    group = Group(origin.system, origin.name, reference.fields, when=condition(reference.when))
    return Edge(group, reference.to, reference.kind, "+".join(reference.fields), then=reference.when)
