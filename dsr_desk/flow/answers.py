"""What has been asked of the systems so far, and what they answered: a search's memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dsr_desk.flow.people import identifiers
from dsr_desk.model.catalog import Collection, When
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.identity import normals
from dsr_desk.model.match import Question
from dsr_desk.model.values import Value, as_text

#: A condition as part of a group: fields and the texts that each may have.
Condition = tuple[tuple[str, tuple[str, ...]], ...]

#: The value of a question: one text a field (one text in all for a question with a kind).
Asked = tuple[str, ...]


class Group(NamedTuple):
    """Questions that differ in their value only, so that they travel together."""

    system: str
    collection: str
    fields: tuple[str, ...]
    kind: str | None = None
    mention: bool = False
    when: Condition = ()
    plain: bool = False

    def lookup(self, values: Iterable[Asked]) -> Lookup:
        """These questions as one lookup."""
        return Lookup(self.collection, self.fields, tuple(sorted(values)), self.kind, self.mention, dict(self.when), self.plain)


def condition(when: When) -> Condition:
    """A condition as part of a group."""
    return tuple(sorted((name, tuple(texts)) for name, texts in when.items()))


class Answers:
    """Every row read and every question answered; a question not answered yet is noted as needed.

    ``keys`` gives the key fields of a collection: a question by whole key about a row that was read already needs no asking.
    ``slow`` systems are read from end to end, so they are asked last, once, with everything. ``silent`` ones don't answer.
    """

    def __init__(
        self,
        keys: Mapping[tuple[str, str], tuple[str, ...]],
        regions: Mapping[str, str | None],
        slow: frozenset[str] = frozenset(),
    ) -> None:
        self.slow = slow
        self.rows: dict[RowRef, Row] = {}
        self.needed: dict[Group, set[Asked]] = defaultdict(set)
        self.silent: set[str] = set()
        #: How often something was asked that has no answer yet.
        self.unanswered = 0
        #: Whose a row is, where everything that this takes was answered: it is the same for everybody on a list.
        self.owners: dict[RowRef, frozenset[RowRef]] = {}
        #: Rows that came with different values under one key: the key is not unique, or they changed while we looked.
        self.doubled: set[RowRef] = set()
        self._keys = keys
        self._regions = regions
        self._answered: dict[Group, dict[Asked, list[RowRef]]] = defaultdict(dict)
        self._identifiers: dict[RowRef, tuple[tuple[str, str, str], ...]] = {}
        self._forms: dict[tuple[str, Value, str | None], frozenset[str]] = {}

    def ask(self, group: Group, value: Asked) -> list[Row]:
        """The rows that answer; none while the answer is still needed, or where the system is silent."""
        refs = self._answered[group].get(value)
        if refs is not None:
            return [self.rows[r] for r in refs]
        if group.kind is None and not group.when and group.fields == self._keys[group.system, group.collection]:
            known = self.rows.get(RowRef(group.system, group.collection, value))
            if known is not None:
                return [known]
        if group.system not in self.silent:
            self.needed[group].add(value)
            self.unanswered += 1
        return []

    def identifiers(self, row: Row, collection: Collection) -> tuple[tuple[str, str, str], ...]:
        """``people.identifiers`` of a row, worked out once."""
        said = self._identifiers.get(row.ref)
        if said is None:
            said = self._identifiers[row.ref] = tuple(identifiers(row, collection))
        return said

    def normals(self, kind: str, value: str, region: str | None = None) -> frozenset[str]:
        """``identity.normals`` of a text, worked out once."""
        asked = (kind, value, region)
        forms = self._forms.get(asked)
        if forms is None:
            forms = self._forms[asked] = normals(kind, value, region)
        return forms

    def take(self, groups: list[tuple[Group, set[Asked]]], hits: Iterable[Hit]) -> None:
        """File one system's answer to these questions."""
        for group, values in groups:
            for value in values:
                self._answered[group].setdefault(value, [])
        questions: dict[int, Question] = {}
        for hit in hits:
            group, values = groups[hit.lookup]
            known = self.rows.setdefault(hit.row.ref, hit.row)
            if known is not hit.row and known.values != hit.row.values:
                self.doubled.add(hit.row.ref)
            if group.kind is None:
                told: Iterable[Asked] = [tuple(as_text(hit.row.values.get(f)) or "" for f in group.fields)]
            elif len(values) == 1:
                told = values
            else:
                if hit.lookup not in questions:
                    questions[hit.lookup] = Question(group.lookup(values), self._regions[group.system])
                told = questions[hit.lookup].told(hit.row.values)
            for value in told:
                refs = self._answered[group].setdefault(value, [])
                if hit.row.ref not in refs[-1:]:
                    refs.append(hit.row.ref)

    def asked(self, system: str) -> list[tuple[Group, dict[Asked, list[RowRef]]]]:
        """Everything one system was asked, with the rows that answered."""
        return [(g, answers) for g, answers in self._answered.items() if g.system == system]
