"""In which order a system's rows change: references are cleared first, then rows go, those that point before those pointed to.

Tables that point at each other in a circle, or at themselves, are ordered row by row. Where the rows themselves form a circle, one
of its references is set to NULL before anything goes (``Step.unlink``); where none may be NULL, the plan is refused by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dsr_desk.flow.planning.circles import components
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.schema import ForeignKey, Schema
from dsr_desk.model.values import as_text

_PHASE = {"change": 0, "delete": 1, "move": 1, "keep": 2, "manual": 3}
#: What the database does by itself with rows that point to one that goes, so that they need not go first.
_FOLLOWS = ("CASCADE", "SET NULL", "SET DEFAULT")


@dataclass
class Ordered:
    """The steps of one system, ready to run, and the circles that nothing can break."""

    steps: list[Step] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def __iadd__(self, other: Ordered) -> Ordered:
        """These steps, and then the other's."""
        self.steps += other.steps
        self.refusals += other.refusals
        return self


class _Edge(NamedTuple):
    """A row that goes points to another that goes, through a foreign key of the live system."""

    child: int
    parent: int
    fk: ForeignKey


def in_order(steps: Iterable[Step], system: System, schema: Schema | None) -> Ordered:
    """The steps of one system: changes, then rows that go, children first, then what stays. Always in the same order."""
    phases: dict[int, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=lambda s: s.ref.key):
        phases[_PHASE[step.action]].append(step)
    out = Ordered()
    groups = _children_first(system, schema)
    rank = {name: place for place, names in enumerate(groups) for name in names}
    for phase in sorted(phases):
        if phase != _PHASE["delete"] or schema is None:
            out.steps += sorted(phases[phase], key=lambda s: (rank.get(s.ref.collection, 0), s.ref.collection))
            continue
        for names in groups:
            going = [s for name in names for s in phases[phase] if s.ref.collection == name]
            if going:
                out += _Circle(system, schema, going, names).ordered()
    return out


class _Circle:
    """The rows of tables that point at each other, or at themselves."""

    def __init__(self, system: System, schema: Schema, steps: Sequence[Step], names: Sequence[str]) -> None:
        self.system, self.schema, self.steps = system, schema, list(steps)
        self.place = {name: place for place, name in enumerate(names)}
        self.out = Ordered()
        self.unlink: dict[int, dict[str, None]] = defaultdict(dict)
        self.edges: dict[int, list[_Edge]] = defaultdict(list)
        for edge in self._edges():
            self.edges[edge.child].append(edge)

    def ordered(self) -> Ordered:
        """Layer after layer of rows to which no row points any more."""
        left = set(range(len(self.steps)))
        while left:
            pointed = self._pointed(left)
            layer = sorted((n for n in left if not pointed[n]), key=self._rank)
            while layer:
                left.difference_update(layer)
                self.out.steps += [self._step(n) for n in layer]
                free: set[int] = set()
                for edge in (e for n in layer for e in self.edges[n]):
                    pointed[edge.parent] -= 1
                    if not pointed[edge.parent]:
                        free.add(edge.parent)
                layer = sorted(free, key=self._rank)
            if left:
                self._break(left)
        return self.out

    def _edges(self) -> Iterator[_Edge]:
        tables = _tables(self.system)
        for name in self.place:
            live = self.schema.collections.get(name)
            for fk in live.foreign_keys if live else ():
                target = tables.get(fk.to_table)
                if target not in self.place:
                    continue
                to_columns = fk.to_columns or self.system.collections[target].key
                there: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
                for n, step in enumerate(self.steps):
                    if step.ref.collection == target:
                        there[tuple(as_text(step.before.get(c)) for c in to_columns)].append(n)
                for n, step in enumerate(self.steps):
                    texts = tuple(as_text(step.before.get(c)) for c in fk.columns)
                    if step.ref.collection == name and None not in texts:
                        yield from (_Edge(n, parent, fk) for parent in there.get(texts, ()) if parent != n)

    def _pointed(self, left: Iterable[int]) -> dict[int, int]:
        """How many references of rows that are left lead to each."""
        pointed = dict.fromkeys(left, 0)
        for n in left:
            for edge in self.edges[n]:
                if edge.parent in pointed:
                    pointed[edge.parent] += 1
        return pointed

    def _rank(self, n: int) -> tuple[int, tuple[str, ...]]:
        ref = self.steps[n].ref
        return self.place[ref.collection], ref.key

    def _step(self, n: int) -> Step:
        return replace(self.steps[n], unlink=tuple(self.unlink[n])) if self.unlink.get(n) else self.steps[n]

    def _break(self, left: set[int]) -> None:
        """Take at least one reference out of every circle there is."""
        within = {n: [e.parent for e in self.edges[n] if e.parent in left] for n in sorted(left, key=self._rank)}
        for circle in components(within):
            if len(circle) > 1:
                self._open(set(circle))

    def _open(self, circle: set[int]) -> None:
        inside = [e for n in sorted(circle, key=self._rank) for e in self.edges[n] if e.parent in circle]
        late = [e for e in inside if e.fk.deferred]
        if late:
            return self._drop(late)
        for edge in inside:
            if self._nullable(edge) is not None:
                mine = [e for e in inside if e.child == edge.child and self._nullable(e) is not None]
                self.unlink[edge.child] |= dict.fromkeys(c for e in mine if (c := self._nullable(e)))
                return self._drop(mine)
        follows = [e for e in inside if e.fk.on_delete in _FOLLOWS]
        if not follows:
            self._refuse(inside)
        return self._drop(follows or inside)

    def _drop(self, edges: Iterable[_Edge]) -> None:
        for edge in edges:
            self.edges[edge.child].remove(edge)

    def _nullable(self, edge: _Edge) -> str | None:
        """The column of a reference that may be NULL for a moment, for the row to be let go; one of several is enough."""
        step = self.steps[edge.child]
        live = self.schema.collections[step.ref.collection]
        key = self.system.collections[step.ref.collection].key
        for name in edge.fk.columns if step.action == "delete" else ():
            column = live.columns.get(name)
            if column is not None and column.nullable and not column.generated and name not in key:
                return name
        return None

    def _refuse(self, inside: Iterable[_Edge]) -> None:
        for collection, fk in dict.fromkeys((self.steps[e.child].ref.collection, e.fk) for e in inside):
            why = "rows of this plan point at each other in a circle, and none of the columns may be NULL"
            cure = "Ask the owner of the system to let the column be NULL, or to check the foreign key at the commit (DEFERRABLE)"
            self.out.refusals.append(Refusal(self.system.name, collection, ", ".join(fk.columns), why, cure))


def _tables(system: System) -> dict[str, str]:
    return {c.table or c.name: c.name for c in system.collections.values()}


def _children_first(system: System, schema: Schema | None) -> list[list[str]]:
    """The collections in groups: those of one group point at each other, and to none of an earlier group."""
    points: dict[str, list[str]] = {name: [] for name in system.collections}
    for name, collection in system.collections.items():
        points[name] += [r.collection for r in collection.references if r.system == system.name and r.collection != name]
    tables = _tables(system)
    for name, live in (schema.collections if schema else {}).items():
        targets = [tables.get(fk.to_table) for fk in live.foreign_keys]
        points[name] += [t for t in targets if t is not None and t != name]
    return [sorted(group, key=list(points).index) for group in reversed(components(points))]
