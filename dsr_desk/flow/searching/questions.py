"""Questions of a second search in words: how many of a person's records answered each before, and how many answer now.

A first search also asks with what turns out to lead to somebody else. What answered that is no record of this person, so it is
not counted, and a question by which nothing of theirs was looked for is not told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from dsr_desk.flow.searching.answers import Answers
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.match import Question
from dsr_desk.model.plan import Plan

_Told = tuple[str, tuple[str, ...], str | None]


@dataclass(frozen=True)
class Questions:
    """What both searches asked and what they took to be this person's; ``again`` has its rows as they are numbered now."""

    catalog: Catalog
    plan: Plan
    before: SearchResult
    again: SearchResult
    answers: Answers

    def of(self, system: str) -> Iterator[str]:
        """One sentence for each question to this system: ``people, email is this email: 0 now, 1 before``."""
        was = {s.ref: s.before for s in self.plan.steps} | {f.ref: f.row.values for f in self.before.findings}
        known = set(was)
        knew: dict[_Told, set[RowRef]] = {}
        for watch in self.plan.watches.get(system, ()):
            question, rows = watch.lookup, known.intersection(watch.expected)
            if question.kind is not None:  # asked with theirs and with others' at once
                own = tuple(v for v in question.values if self._theirs(system, question.kind, str(v[0])))
                if not own:
                    continue
                told_by = Question(replace(question, values=own), self.catalog.systems[system].region)
                rows = {ref for ref in rows if any(True for _ in told_by.told(was[ref]))}
            knew.setdefault((question.collection, question.fields, question.kind), set()).update(rows)
        moved = {s.ref._replace(collection=s.to) for s in self.plan.steps if s.to}
        found = {f.ref for f in self.again.findings}
        now: dict[tuple[_Told, bool], set[RowRef]] = {}
        for group, told in self.answers.asked(system):
            answers = [refs for value, refs in told.items() if group.kind is None or self._theirs(system, group.kind, *value)]
            if answers or group.kind is None:
                theirs = found | known | moved if self.catalog.collection(system, group.collection).key else found
                rows = now.setdefault(((group.collection, group.fields, group.kind), group.mention), set())
                rows.update(theirs.intersection(chain.from_iterable(answers)))
        for (asked, mention), rows in now.items():
            collection, fields, kind = asked
            what = f"names this {kind}" if mention else f"is this {kind}" if kind else "points to this person's records"
            before = "" if mention or asked not in knew else f", {len(knew[asked])} before"
            yield f"{collection}, {' and '.join(fields)} {what}: {len(rows)} now{before}"

    def _theirs(self, system: str, kind: str, value: str) -> bool:
        """Whether a value is an identifier of theirs that was followed, however it is spelt."""
        region = self.catalog.systems[system].region
        own = self._followed.get(kind, set())
        forms = self._forms.get((kind, region))
        if forms is None:
            forms = self._forms[kind, region] = {form for known in own for form in self.answers.normals(kind, known, region)}
        return value in own or not forms.isdisjoint(self.answers.normals(kind, value, region))

    @cached_property
    def _followed(self) -> dict[str, set[str]]:
        own: dict[str, set[str]] = {}
        for result in (self.before, self.again):
            for known in chain(result.identity, *(person.identity for person in result.people)):
                if known.followed:
                    own.setdefault(known.kind, set()).add(known.value)
        return own

    @cached_property
    def _forms(self) -> dict[tuple[str, str | None], set[str]]:
        return {}
