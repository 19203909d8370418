"""Whose each collection's rows are: from what points where, what the names of references say, and whether the ways there agree.

A reference to a person owns, unless its name says that somebody only handled the row; where a row names a customer and a clerk, it
is the customer's. What belongs to such rows (the lines of an order) belongs to their person. (K9db, OSDI '23, section 3.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dsr_desk.catalog.discovery.links import Link
from dsr_desk.catalog.discovery.persons import Person
from dsr_desk.catalog.discovery.tables import Table, kind_of
from dsr_desk.catalog.discovery.trying import Tried
from dsr_desk.catalog.discovery.values import Looks
from dsr_desk.model.catalog import ReferenceKind

#: Below this a link is not proposed.
LEAST = 0.45
_AGREEING = 0.95
_FEWEST_AGREEING = 3
#: From so many different targets per row on, a record that is pointed at seems to be of one row alone.
_OF_ONE = 0.8


@dataclass(frozen=True, slots=True)
class Edge:
    """One link that stands, what it says of the row, and why."""

    link: Link
    kind: ReferenceKind
    confidence: float
    evidence: tuple[str, ...]
    otherwise: tuple[ReferenceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A link that values and names bear out, with its confidence and the evidence so far."""

    link: Link
    confidence: float
    evidence: tuple[str, ...]
    tried: Tried


def standing(links: Sequence[Link], tried: Mapping[Link, Tried], table: Table, persons: Mapping[str, Person]) -> list[Standing]:
    """The best link of each column, where it is borne out; all of a column that leads to one of several collections."""
    found: dict[tuple[tuple[str, ...], tuple[str, str] | None], Standing] = {}
    for link in links:
        result = tried.get(link, Tried())
        sure, why = _sure(link, result, table)
        if sure < LEAST:
            continue
        place = (link.columns, link.when)
        better = found.get(place)
        if better is None or (sure, _of(persons, link)) > (better.confidence, _of(persons, better.link)):
            found[place] = Standing(link, sure, why, result)
    several = {columns for columns, when in found if when}
    return [one for (columns, when), one in found.items() if when or columns not in several]


def _of(persons: Mapping[str, Person], link: Link) -> float:
    return persons[link.target].sure if link.target in persons else 0.0


def _sure(link: Link, tried: Tried, table: Table) -> tuple[float, tuple[str, ...]]:
    why = [link.evidence]
    if link.why == "declared":
        return 1.0, tuple(why)
    if tried.nobody:
        why.append(f"{tried.nobody} sampled records hold 0 or the like, which is nobody")
    if not tried.asked:
        text = kind_of(table.columns[link.columns[0]]) == "text"
        return link.score * (0.6 if text else 0.85), (*why, "no value could be looked up")
    why.append(f"{tried.found} of {tried.asked} sampled values stand in {link.target}")
    if tried.share >= 0.98:
        sure = link.score * 0.85 + (0.13 if tried.asked >= _FEWEST_AGREEING else 0.05)
        if kind_of(table.columns[link.columns[0]]) == "number":
            why.append("small numbers stand in nearly every key, so that weighs little")
        elif tried.asked >= _FEWEST_AGREEING:
            sure += 0.1
    elif tried.share >= 0.8:
        sure = link.score * 0.85
    elif tried.share >= 0.5:
        sure = link.score * 0.6
    else:
        sure = 0.0
    return round(min(sure, 0.98), 2), tuple(why)


class Owners:
    """Decides the edges of one system. ``edges`` go by collection, ``reached`` are the collections that lead to a person."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        persons: Mapping[str, Person],
        stand: Mapping[str, Sequence[Standing]],
        looks: Mapping[str, Mapping[str, Looks]],
        personal: Callable[[str], bool],
    ) -> None:
        self._tables, self._persons, self._stand, self._looks, self._personal = tables, persons, stand, looks, personal
        self.edges: dict[str, list[Edge]] = {name: [] for name in tables}
        self.reached: dict[str, int] = dict.fromkeys(persons, 0)
        for name in tables:
            self._direct(name)
        self._through_parents()
        self._besides()
        self._owned_things()

    # -- one after the other -----------------------------------------------------------------------------------------

    def _direct(self, name: str) -> None:
        links = [s for s in self._stand.get(name, ()) if s.link.target in self._persons]
        own = [s for s in links if s.link.role in (None, "owns") and s.link.target != name]
        top = max((self._rank(s.link.target) for s in own), default=0)
        for s in links:
            self._add(name, s, *self._kind(name, s, own, top))
        if name not in self._persons and any(e.kind == "owned_by" for e in self.edges[name]):
            self.reached[name] = 1

    def _kind(
        self, name: str, s: Standing, own: Sequence[Standing], top: int
    ) -> tuple[ReferenceKind, str, tuple[ReferenceKind, ...]]:
        link = s.link
        if link.target == name:
            return "points_at", "it leads to another person of the same collection", ("owned_by",)
        if name in self._persons:
            if link.role is None and self._tables[name].unique(link.columns):
                return "owned_by", "each is pointed at once, so both are one person", ("points_at",)
            return "points_at", "its rows are persons themselves", ("owned_by", "accessed_by")
        if link.role == "sees":
            return "accessed_by", "its name says whom the row was sent to or is about", ("owned_by", "points_at")
        if link.role == "names":
            return "points_at", "its name says who handled the row, not whose it is", ("owned_by", "accessed_by")
        if self._rank(link.target) < top:
            others = " and ".join(sorted({o.link.target for o in own if self._rank(o.link.target) == top}))
            return "points_at", f"the row is that of {others}; who stands here served them", ("owned_by",)
        words = f"{link.target} are persons" + (", and its name says whose the row is" if link.role == "owns" else "")
        column = self._tables[name].columns.get(link.columns[0])
        return (
            "owned_by",
            words + (", and it is never empty" if column and not column.nullable else ""),
            ("points_at", "accessed_by"),
        )

    def _rank(self, person: str) -> int:
        return self._tables[person].rank or 2

    def _through_parents(self) -> None:
        """Wave by wave: what belongs to rows that belong to a person, unless it names its own."""
        wave = 1
        while True:
            wave += 1
            found: list[tuple[str, list[Standing]]] = []
            for name in self._tables:
                if name in self.reached:
                    continue
                parents = [s for s in self._stand.get(name, ()) if s.link.target in self.reached and self._parent(name, s)]
                if parents:
                    found.append((name, parents))
            if not found:
                return
            for name, parents in found:
                for s in parents:
                    evidence = f"{s.link.target} belong to a person, and this row belongs to one of them"
                    self._add(name, s, "owned_by", evidence, ("points_at",))
                self.reached[name] = wave

    def _parent(self, name: str, s: Standing) -> bool:
        return s.link.target not in self._persons and s.link.target != name and s.link.role != "names"

    def _besides(self) -> None:
        """A second way to a person, beside a direct one or a nearer one: it owns where both lead to the same person."""
        for name in self._tables:
            if name not in self.reached:
                continue
            said = {e.link for e in self.edges[name]}
            for s in self._stand.get(name, ()):
                link = s.link
                if link in said or link.target not in self.reached or link.target in self._persons:
                    continue
                if link.target == name or name in self._persons:
                    self._add(name, s, "points_at", "it leads to a row that has an owner of its own", ("accessed_by",))
                elif (counts := self._agreeing(name, s)) is not None:
                    evidence = f"in {counts[0]} of {sum(counts)} sampled records both ways lead to the same person"
                    self._add(name, s, "owned_by", evidence, ("points_at",))
                else:
                    evidence = "its rows name their own person, and nothing shows that this way leads to the same one"
                    self._add(name, s, "points_at", evidence, ("owned_by", "accessed_by"))

    def _agreeing(self, name: str, s: Standing) -> tuple[int, int] | None:
        mine = {e.link.columns[0] for e in self.edges[name] if e.kind == "owned_by" and e.link.target in self._persons}
        theirs = {e.link.columns[0] for e in self.edges[s.link.target] if e.kind == "owned_by" and e.link.target in self._persons}
        for (own, other), (same, differ) in s.tried.agree.items():
            if own in mine and other in theirs and same + differ >= _FEWEST_AGREEING and same >= _AGREEING * (same + differ):
                return same, differ
        return None

    def _owned_things(self) -> None:
        """What a person's rows point at, and nobody else's: their address."""
        for name in list(self.reached):
            for s in self._stand.get(name, ()):
                link = s.link
                if link.target in self.reached or not self._personal(link.target) or link.when:
                    continue
                look = self._looks.get(name, {}).get(link.columns[0])
                alone = self._tables[name].unique(link.columns) or (
                    look and look.filled >= 5 and look.distinct >= _OF_ONE * look.filled
                )
                if alone or self._tables[link.target].concept == "address":
                    evidence = (
                        "nearly every record points at one of its own" if alone else "an address is that of whoever points at it"
                    )
                    self._add(name, s, "owns", f"{link.target} hold a person's data and lead to nobody; {evidence}", ("points_at",))

    def _add(self, name: str, s: Standing, kind: ReferenceKind, evidence: str, otherwise: Iterable[ReferenceKind] = ()) -> None:
        weight = {"owned_by": 1.0, "accessed_by": 0.85, "points_at": 0.9, "owns": 0.8, "accesses": 0.8}[kind]
        sure = round(min(s.confidence, 0.97) * weight, 2)
        self.edges[name].append(Edge(s.link, kind, sure, (*s.evidence, evidence), tuple(otherwise)))
