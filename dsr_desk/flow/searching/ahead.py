"""What a person's search is sure to ask next, known without evaluating it: so a list of people is asked for in whole sets.

It decides nothing. ``Reach`` evaluates every person when this ends, and asks for whatever else it needs. Only what an evaluation
would ask as well is asked here, so that no row is read that the search has no business with: where everything that was given
leads to one person, the way down from there, as far as it is that person's alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from dsr_desk.flow.searching.answers import Answers, Asked, Group
from dsr_desk.flow.searching.owners import Edge, Graph
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.identity import CONFIRMING, MENTIONED, SHORTEST_MENTION

#: What the rows are that answer a question: they have what was given, or what was found, or lead nowhere; others are below a row.
_GIVEN, _FOUND, _SEEN = (RowRef("", "", (what,)) for what in ("given", "found", "seen"))


class Ahead:
    """One person of a list. Call ``needs`` after every wave until it gives ``None``: then only an evaluation can tell."""

    def __init__(self, graph: Graph, answers: Answers, ask: Ask) -> None:
        self._graph, self._answers, self._ask = graph, answers, ask
        #: Questions, each with where it was asked from.
        self._open: list[tuple[Group, Asked, RowRef]] = []
        self._known: dict[str, set[str]] = {}
        self._named: list[tuple[str, str]] = []
        self._hits: dict[RowRef, Row] = {}
        self._top: RowRef | None = None
        #: Rows below the person → whether it is known that they are this person's alone.
        self._mine: dict[RowRef, bool] = {}
        self._climbing: list[Row] = []
        for kind, value in ask.given:
            self._know(kind, value, None, _GIVEN)
        #: Whether all is so plain that an evaluation would ask nothing else.
        self._plain = True
        self._over = bool(ask.subjects) or not self._open

    def needs(self) -> Mapping[Group, set[Asked]] | None:
        """What the search is sure to ask and isn't answered yet; slow systems and mentions once nothing else is left."""
        if self._over:
            return None
        answers = self._answers
        answers.needed = defaultdict(set)
        self._look()
        if not self._top and not self._quick():
            self._start()
        if self._plain and self._quick():
            return answers.needed
        self._over = True
        if not self._plain or self._climbing:
            return None
        self._mention()
        return answers.needed or None

    def _quick(self) -> bool:
        return any(group.system not in self._answers.slow for group in self._answers.needed)

    def _look(self) -> None:
        """Take up every answer that there is by now."""
        answers = self._answers
        climbing, self._climbing = self._climbing, []
        for row in climbing:
            self._climb(row)
        waiting = []
        while self._open:
            opened, self._open = self._open, []
            for question in opened:
                group, value, origin = question
                before = answers.unanswered
                rows = answers.ask(group, value)
                if answers.unanswered != before:
                    waiting.append(question)
                elif origin is _GIVEN:
                    self._hits.update((row.ref, row) for row in rows)
                elif origin is _FOUND:
                    self._lead(rows)
                elif self._mine.get(origin):
                    self._below(rows)
                elif rows and origin is not _SEEN:
                    self._plain = False  # they were read for this person, but are not known to be theirs
        self._open = waiting

    def _start(self) -> None:
        """Begin with the one person to whom everything leads that was given, where it is one."""
        before = self._answers.unanswered
        leads = frozenset[RowRef]().union(*(self._graph.anchors(row, self._answers) for row in self._hits.values()))
        if self._answers.unanswered != before:
            self._plain = False  # an evaluation goes on with those that are known
            return
        if not leads:
            return
        if len(leads) > 1 or leads & self._ask.others or any(kind in CONFIRMING for kind, _ in self._ask.given):
            self._plain = False
            return
        (self._top,) = leads
        row = self._answers.rows[self._top]
        self._mine[self._top] = True
        self._ask_along(row, self._graph.ways(row).down, row.ref)
        self._own(row)
        self._look()

    def _below(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.ref not in self._mine:
                self._mine[row.ref] = False
                self._ask_along(row, self._graph.ways(row).down, row.ref)
                self._climb(row)

    def _climb(self, row: Row) -> None:
        """Whether a row below the person is that person's alone."""
        before = self._answers.unanswered
        owners = self._graph.anchors(row, self._answers)
        if self._answers.unanswered != before:
            self._climbing.append(row)
            return
        self._mine[row.ref] = owners <= {self._top}
        if self._mine[row.ref]:
            self._own(row)
        else:
            self._plain = False

    def _lead(self, rows: Iterable[Row]) -> None:
        """What was found may lead to nobody else."""
        for row in rows:
            before = self._answers.unanswered
            owners = self._graph.anchors(row, self._answers)
            if self._answers.unanswered != before or not owners <= {self._top}:
                self._plain = False

    def _own(self, row: Row) -> None:
        """What a row of the person's own leads to: what may only be seen, and what it says of who they are."""
        ways = self._graph.ways(row)
        if ways.seen:
            self._ask_along(row, ways.seen, _SEEN)
        if ways.telling:
            person = not ways.owned or self._graph.is_subject(row)
            for kind, value, _ in self._answers.identifiers(row, self._graph.collection(row)):
                if person or kind not in CONFIRMING:
                    self._know(kind, value, ways.region, _FOUND)

    def _ask_along(self, row: Row, edges: Iterable[Edge], origin: RowRef) -> None:
        for edge in edges:
            for question in edge.questions(row):
                self._open.append((*question, _SEEN if edge.last else origin))

    def _know(self, kind: str, value: str, region: str | None, origin: RowRef) -> None:
        forms = self._answers.normals(kind, value, region)
        known = self._known.setdefault(kind, set())
        if forms and forms <= known:
            return
        known |= forms
        if (kind, value) in self._ask.off:
            return
        if kind in MENTIONED and len(value) >= SHORTEST_MENTION:
            self._named.append((kind, value))
        if kind not in CONFIRMING:
            which = 1 if self._ask.thorough else 0
            self._open += [(group[which], (value,), origin) for group in self._graph.carriers.get(kind, ())]

    def _mention(self) -> None:
        for collection, fields in self._graph.mentioning:
            for name in fields:
                for kind, value in self._named:
                    group = Group(collection.system, collection.name, (name,), kind, mention=True)
                    self._answers.ask(group, (value,))
