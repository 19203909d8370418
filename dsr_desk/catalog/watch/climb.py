"""Whose rows are these? The sampled rows of one system climb to the people who own them, all together, level by level.

Each level is one question to the system, however many collections and rows there are. What leads into another system is not
followed: it is gathered, to be asked there. Values stay in memory until the climb ends, and leave it as counts only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dsr_desk.catalog.watch.facts import Disagreement, PathFacts
from dsr_desk.model.catalog import Catalog, Collection, Reference, When
from dsr_desk.model.finding import Hit, Lookup, RowRef
from dsr_desk.model.match import each, holds
from dsr_desk.model.schema import Schema
from dsr_desk.model.values import Value, as_text

Record = Mapping[str, Value]
Texts = tuple[str, ...]
#: A collection, the fields that are asked for, and what the rows that answer have to meet.
Question = tuple[str, Texts, tuple[tuple[str, Texts], ...]]
#: What answers lookups, all at once.
Find = Callable[[Sequence[Lookup]], Iterable[Hit]]
#: What systems without NULL write for "nobody".
NOBODY = frozenset({"0", "-1", "00000000-0000-0000-0000-000000000000"})
#: How many references a way may have: further away than any owner is.
_DEEPEST = 12


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One way up: the question to a collection, the fields that make its values, and what both rows have to meet.

    ``reference`` as the catalog declares it; ``down`` where it is declared by the row above (``owns``).
    """

    system: str
    collection: str
    asked: tuple[str, ...]
    fields: tuple[str, ...]
    reference: Reference
    when: When = field(default_factory=dict)
    then: When = field(default_factory=dict)
    down: bool = False

    @property
    def question(self) -> Question:
        """What is asked, without its values: edges from many collections that ask the same are one question."""
        return self.collection, self.asked, tuple(sorted(self.then.items()))

    def value(self, record: Record) -> Texts | None:
        """What to ask for; ``None`` where the row points to nothing. The first of a list stands for all of it."""
        reading = next(iter(each([record.get(name) for name in self.fields])), ())
        texts = tuple(as_text(part) or "" for part in reading)
        return texts if texts and all(texts) else None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Rows of a collection that point into another system: how many, by the texts they point with."""

    collection: str
    reference: Reference
    rows: Mapping[Texts, int]


@dataclass(frozen=True, slots=True)
class Climbed:
    """What one collection says of its owners: ``sampled`` of its rows should belong to somebody, ``lost`` lead to nobody."""

    sampled: int = 0
    lost: int = 0
    paths: tuple[PathFacts, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


def ways_up(collection: Collection, owning: Sequence[tuple[Collection, Reference]]) -> tuple[Edge, ...]:
    """``owned_by`` of a collection, and those ``owns`` of others (``owning``) that lead to it, read backwards."""
    out = [Edge(r.system, r.collection, r.to, r.fields, r, when=r.when) for r in collection.of_kind("owned_by")]
    back = [
        Edge(other.system, other.name, r.fields, r.to, r, then=r.when, down=True)
        for other, r in owning
        if (r.system, r.collection) == (collection.system, collection.name)
    ]
    return (*out, *back)


def climb(catalog: Catalog, system: str, schema: Schema, samples: Mapping[str, Sequence[Record]], find: Find) -> dict[str, Climbed]:
    """What the samples (records by collection) say of who owns them, for each collection that declares an owner."""
    return _Climb(catalog, system, schema, find).run(samples)


#: Which sampled row of which collection climbs, and by which of its ways it began.
_Label = tuple[str, int, int]
#: Each question, its values, and who waits for the answer.
_Asking = dict[Question, dict[Texts, set[_Label]]]


def _nothing() -> _Asking:
    return defaultdict(lambda: defaultdict(set))


class _Climb:
    def __init__(self, catalog: Catalog, system: str, schema: Schema, find: Find) -> None:
        self.catalog, self.system, self.schema, self.find = catalog, system, schema, find
        self.collections = catalog.systems[system].collections
        owning = [(c, r) for c in catalog.collections() for r in c.of_kind("owns")]
        self.ways = {name: ways_up(c, owning) for name, c in self.collections.items()}
        #: The people that each label reached, and the labels that went where this climb doesn't follow.
        self.people: dict[_Label, set[RowRef]] = defaultdict(set)
        self.unknown: set[_Label] = set()
        self.answered: set[_Label] = set()
        self.elsewhere: dict[tuple[str, int], Counter[Texts]] = defaultdict(Counter)
        self.seen: dict[RowRef, set[_Label]] = defaultdict(set)

    def run(self, samples: Mapping[str, Sequence[Record]]) -> dict[str, Climbed]:
        rows: dict[str, list[Record]] = {}
        asking = _nothing()
        for name, records in samples.items():
            if not self.ways[name]:
                continue
            rows[name] = [r for r in records if not self._person(name, r)]
            for n, record in enumerate(rows[name]):
                for way, edge in enumerate(self.ways[name]):
                    self._ask(asking, edge, record, {(name, n, way)}, first=True)
        for _ in range(_DEEPEST):
            if not asking:
                break
            asking = self._level(asking)
        self.unknown.update(label for values in asking.values() for labels in values.values() for label in labels)
        return {name: self._climbed(name, records) for name, records in rows.items()}

    def _ask(
        self,
        asking: _Asking,
        edge: Edge,
        record: Record,
        labels: set[_Label],
        first: bool = False,
    ) -> None:
        value = edge.value(record) if not edge.when or holds(edge.when, record) else None
        if value is None:
            return
        if edge.system != self.system or not self._known(edge):
            self.unknown |= labels
            if first and edge.system != self.system and not edge.down:
                ((name, _, way),) = labels
                self.elsewhere[name, way][value] += 1
            return
        asking[edge.question][value] |= labels

    def _known(self, edge: Edge) -> bool:
        live = self.schema.collections.get(edge.collection)
        return live is not None and all(name in live.columns for name in (*edge.asked, *edge.then))

    def _level(self, asking: _Asking) -> _Asking:
        questions = list(asking)
        lookups = [Lookup(collection, asked, tuple(asking[collection, asked, then])) for collection, asked, then in questions]
        front: dict[RowRef, tuple[Record, set[_Label]]] = {}
        for hit in self.find(lookups):
            collection, asked, then = question = questions[hit.lookup]
            record = hit.row.values
            if then and not holds(dict(then), record):
                continue
            labels = asking[question].get(tuple(as_text(record.get(name)) or "" for name in asked), set())
            self.answered |= labels
            ref = hit.row.ref
            new = labels - self.seen[ref]
            self.seen[ref] |= new
            if self._person(collection, record) or not self.ways[collection]:
                for label in new:
                    self.people[label].add(ref)
            elif new:
                front.setdefault(ref, (record, set()))[1].update(new)
        following = _nothing()
        for ref, (record, labels) in front.items():
            for edge in self.ways[ref.collection]:
                self._ask(following, edge, record, labels)
        return following

    def _person(self, name: str, record: Record) -> bool:
        collection = self.collections[name]
        return collection.subject and holds(collection.subject_when, record)

    def _climbed(self, name: str, records: Sequence[Record]) -> Climbed:
        ways = self.ways[name]
        leads = [
            any((name, n, w) in self.people or (name, n, w) in self.unknown for w in range(len(ways))) for n in range(len(records))
        ]
        paths, elsewhere = [], []
        for w, edge in enumerate(ways):
            if edge.down:
                continue
            meant = [n for n, r in enumerate(records) if not edge.when or holds(edge.when, r)]
            values = {(name, n, w): edge.value(records[n]) for n in meant}
            here = edge.system == self.system and self._known(edge)
            open_ends = [value for label, value in values.items() if label not in self.answered] if here else []
            empty = sum(1 for value in values.values() if value is None)
            nobody = sum(1 for value in open_ends if value is not None and NOBODY.issuperset(value))
            dangling = sum(1 for value in open_ends if value is not None) - nobody
            paths.append(PathFacts(edge.fields, f"{edge.system}/{edge.collection}", len(meant), empty + nobody, dangling))
            if edge.system != self.system and (asked := self.elsewhere.get((name, w))):
                elsewhere.append(Elsewhere(name, edge.reference, dict(asked)))
        return Climbed(
            len(records), leads.count(False), tuple(paths), tuple(self._disagreements(name, len(records))), tuple(elsewhere)
        )

    def _disagreements(self, name: str, count: int) -> Iterable[Disagreement]:
        ways = self.ways[name]
        for one in range(len(ways)):
            for other in range(one + 1, len(ways)):
                rows = different = 0
                for n in range(count):
                    mine, theirs = self.people.get((name, n, one), set()), self.people.get((name, n, other), set())
                    if not mine or not theirs or {r.collection for r in mine}.isdisjoint(r.collection for r in theirs):
                        continue
                    rows += 1
                    different += mine.isdisjoint(theirs)
                if different:
                    direct = all(self._direct(ways[w]) for w in (one, other))
                    yield Disagreement(_named(ways[one]), _named(ways[other]), rows, different, direct)

    def _direct(self, edge: Edge) -> bool:
        return not edge.down and self.collections[edge.collection].subject


def _named(edge: Edge) -> str:
    """``order_id``, or ``customers.address_id`` where another collection declares it."""
    fields = "+".join(edge.reference.fields)
    return f"{edge.collection}.{fields}" if edge.down else fields
