"""What has been asked of the systems so far, and what they answered: a search's memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from dsr_desk.flow.searching.people import identifiers
from dsr_desk.model.catalog import Collection, When
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.identity import normals
from dsr_desk.model.match import Question, each
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
        self._answered: dict[Group, dict[Asked, list[Row]]] = defaultdict(dict)
        self._identifiers: dict[RowRef, tuple[tuple[str, str, str], ...]] = {}
        self._forms: dict[tuple[str, Value, str | None], frozenset[str]] = {}

    def ask(self, group: Group, value: Asked) -> Sequence[Row]:
        """The rows that answer; none while the answer is still needed, or where the system is silent."""
        rows = self._answered[group].get(value)
        if rows is not None:
            return rows
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

    def take(self, groups: Sequence[tuple[Group, set[Asked]]], hits: Iterable[Hit]) -> None:
        """File one system's answer to these questions."""
        filed = [self._answered[group] for group, _ in groups]
        for told, (_, values) in zip(filed, groups, strict=True):
            for value in values:
                told.setdefault(value, [])
        which = [self._which(group, values) for group, values in groups]
        rows = self.rows
        for number, row in hits:
            known = rows.setdefault(row.ref, row)
            if known is not row and known.values != row.values:
                self.doubled.add(row.ref)
            told = filed[number]
            for value in which[number](row.values):
                answers = told.setdefault(value, [])
                if not answers or answers[-1].ref != row.ref:
                    answers.append(known)

    def _which(self, group: Group, values: set[Asked]) -> Callable[[Mapping[str, Value]], Iterable[Asked]]:
        """What says which of the values a row that is a hit answers."""
        if group.kind is None and len(group.fields) == 1:
            (name,) = group.fields
            return lambda row: _texts((row.get(name),)) if type(row.get(name)) is list else ((as_text(row.get(name)) or "",),)
        if group.kind is None:
            return lambda row: _texts([row.get(name) for name in group.fields])
        return (lambda _: values) if len(values) == 1 else Question(group.lookup(values), self._regions[group.system]).told

    def asked(self, system: str) -> list[tuple[Group, dict[Asked, list[RowRef]]]]:
        """Everything one system was asked, with the rows that answered."""
        return [
            (group, {value: [row.ref for row in rows] for value, rows in told.items()})
            for group, told in self._answered.items()
            if group.system == system
        ]


def _texts(parts: Sequence[Value]) -> Iterable[Asked]:
    """The values that a row answers by these fields: each entry, where one is a list."""
    whole = tuple([as_text(part) or "" for part in parts])
    return {whole: None, **{tuple([as_text(part) or "" for part in some]): None for some in each(parts)}}
