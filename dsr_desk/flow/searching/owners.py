"""Whose row is it: climbing from a row to the people who own it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import KeysView, Sequence
from dataclasses import dataclass, field

from dsr_desk.flow.searching.answers import Answers, Asked, Group, condition
from dsr_desk.model.catalog import Catalog, Collection, Reference, ReferenceKind, When
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.match import each, holds
from dsr_desk.model.values import as_text


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a row to others: the question, without its value, and the fields of the row that make the value.

    ``when`` is what the row itself has to meet, ``then`` what the rows that answer have to. ``last`` says that those lead nowhere
    else: they belong to nobody but the owners of the row, own nothing, and say nothing of who somebody is.
    """

    group: Group
    fields: tuple[str, ...]
    rule: str
    detail: str
    when: When = field(default_factory=dict)
    then: When = field(default_factory=dict)
    last: bool = False

    def questions(self, row: Row) -> Sequence[tuple[Group, Asked]]:
        """What to ask from this row: nothing where it points to nothing, one for each entry where a field is a list."""
        values = row.values
        if self.when and not holds(self.when, values):
            return ()
        if len(self.fields) == 1:
            value = values.get(self.fields[0])
            if type(value) is not list:
                text = as_text(value)
                return ((self.group, (text,)),) if text else ()
        found = {tuple([as_text(v) or "" for v in some]): None for some in each([values.get(name) for name in self.fields])}
        return [(self.group, texts) for texts in found if all(texts)]


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a row of one collection leads: to its owners, to what it owns, and to what may only be seen; and what it may be."""

    up: tuple[Edge, ...]
    down: tuple[Edge, ...]
    seen: tuple[Edge, ...]
    #: Whether such a row may say who somebody is.
    telling: bool
    #: Whether it may be a person, and whether it belongs to others.
    subject: bool
    owned: bool
    region: str | None
    #: The fields that the catalog lists.
    fields: KeysView[str]


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
        #: Where people are → the condition on which a row there is one.
        self._subjects = {place: c.subject_when or {} for place, c in self._collections.items() if c.subject}
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
        when = self._subjects.get(row.ref[:2])
        return when is not None and (not when or holds(when, row.values))

    def ways(self, row: Row) -> Ways:
        """Where such a row leads."""
        return self._ways[row.ref[:2]]

    def back(self, row: Row, origin: Collection, reference: Reference) -> tuple[Group, Asked] | None:
        """The question for the rows of ``origin`` that point to ``row``."""
        return next(iter(_back(origin, reference).questions(row)), None)

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
            ways = self._ways[here.ref[:2]]
            if not ways.owned or (ways.subject and self.is_subject(here)):
                found.add(here.ref)
                continue
            for edge in ways.up:
                for question in edge.questions(here):
                    for parent in answers.ask(*question):
                        if parent.ref not in seen and (not edge.then or holds(edge.then, parent.values)):
                            seen.add(parent.ref)
                            climbing.append(parent)
        owners = frozenset(found)
        if answers.unanswered == open_before:  # no answer that comes later can change it
            answers.owners[row.ref] = owners
        return owners

    def _ways_of(self, collection: Collection) -> Ways:
        incoming = self.incoming[collection.system, collection.name]
        back = {kind: [_back(o, r) for o, r in incoming if r.kind == kind] for kind in ("owns", "accessed_by")}
        back["owned_by"] = [_back(o, r, self._last(collection, o, r)) for o, r in incoming if r.kind == "owned_by"]
        out = {kind: [_out(r) for r in collection.of_kind(kind)] for kind in _KINDS}
        return Ways(
            (*out["owned_by"], *back["owns"]),
            (*back["owned_by"], *out["owns"]),
            (*back["accessed_by"], *out["accesses"]),
            any(True for _ in collection.identity_fields()),
            collection.subject,
            (collection.system, collection.name) in self._owned,
            self.catalog.systems[collection.system].region,
            collection.fields.keys(),
        )

    def _last(self, owner: Collection, owned: Collection, reference: Reference) -> bool:
        """Whether a row that is owned by the key of another leads nowhere but there."""
        around = [r for _, r in self.incoming[owned.system, owned.name]] + [r for r in owned.references if r is not reference]
        telling = owned.subject or any(True for _ in owned.identity_fields())
        return reference.to == owner.key and not telling and all(r.kind == "points_at" for r in around)


_KINDS: tuple[ReferenceKind, ...] = ("owned_by", "owns", "accesses")


def _free_texts(collection: Collection) -> tuple[str, ...]:
    return tuple(f.name for f in collection.fields.values() if f.mentions)


def _out(reference: Reference) -> Edge:
    """To the rows that a row points to."""
    group = Group(reference.system, reference.collection, reference.to)
    return Edge(group, reference.fields, reference.kind, "+".join(reference.fields), when=reference.when)


def _back(origin: Collection, reference: Reference, last: bool = False) -> Edge:
    """To the rows of ``origin`` that point to a row."""
    group = Group(origin.system, origin.name, reference.fields, when=condition(reference.when))
    return Edge(group, reference.to, reference.kind, "+".join(reference.fields), then=reference.when, last=last)
