"""A request over a list of people: a controller's own clean-up, or a bulk of requests. Who is on it, and what becomes of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from dsr_desk.errors import UsageError
from dsr_desk.flow.receiving.called import begins
from dsr_desk.flow.receiving.listing import Identity, PeopleList
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.plan import Heading, Plan
from dsr_desk.model.request import Facts, Request
from dsr_desk.store.workspace import Workspace

#: The rights that are carried out for a list of people. Whoever is given or corrected data is one person.
RIGHTS = ("erasure", "restriction", "objection")

#: How many identifiers an entry of the trail commits to.
_BATCH = 800

Counted = Heading | Literal["leftover"]

_HEADINGS: Mapping[Counted, str] = {
    "erased": "erased",
    "changed": "changed",
    "retained": "kept on a ground",
    "excluded": "left out",
    "by_hand": "by hand",
    "leftover": "left over",
}


@dataclass(frozen=True)
class PersonOutcome:
    """What a plan does about one person of a list, or why nothing: ``left out``, ``ambiguous``, ``nobody found``, or ``""``.

    ``records`` counts by the headings of the proof. A record of several listed people counts for each of them.
    """

    line: int
    records: Mapping[Counted, int]
    why: str = ""

    def __str__(self) -> str:
        told = ", ".join(
            f"{n} record{'s' if n != 1 else ''} {words}" for h, words in _HEADINGS.items() if (n := self.records.get(h, 0))
        )
        return f"line {self.line}: {told or self.why or 'nobody found'}"


def list_facts(right: str, people: PeopleList, by_controller: bool) -> Facts:
    """What the case's file says of a list; ``UsageError`` where the right is about one person."""
    if right not in RIGHTS:
        raise UsageError(f"{begins(right)} is about one person.", f"A list of people is for: {', '.join(RIGHTS)}.")
    return Facts((), people=people.people, lines=people.lines, by_controller=by_controller, repeated=people.repeated)


def asks(facts: Facts) -> tuple[Ask, ...]:
    """Where the search for each person starts, without those who were left out."""
    confirmed = frozenset(d.ref for d in facts.decisions if d.include)
    off = frozenset(facts.off)
    return tuple(
        Ask(given, confirmed=confirmed, off=off, line=line)
        for line, given in zip(facts.lines, facts.people, strict=True)
        if line not in facts.left_out
    )


def left_out(workspace: Workspace, request: Request, lines: Iterable[int], reason: str) -> Request:
    """Take people off the list, with a reason; ``UsageError`` for a line that lists nobody, or where nobody would be left."""
    out = dict.fromkeys(lines, reason)
    for line in out.keys() - set(request.facts.lines):
        raise UsageError(f"Line {line} of the list is nobody.", "Name a line as the plan and the search do.")
    facts = replace(request.facts, left_out={**request.facts.left_out, **out})
    if len(facts.left_out) == len(facts.people):
        raise UsageError(
            "Nobody would be left on the list.",
            "Refuse the request instead.",
            f"dsr-desk request decide {request.ref} --decision refused",
        )
    changed = replace(request, facts=facts)
    with workspace.write() as tx:
        tx.put_request(changed)
        tx.append("review.set", {"case": request.case, "people": len(out), "include": False})
    return changed


def outcomes(facts: Facts, found: SearchResult, plan: Plan | None, left: Container[RowRef] = ()) -> Iterator[PersonOutcome]:
    """What becomes of each person, in the order of the list. ``left`` are the rows that a second search says are left over."""
    headings: dict[int, Counter[Counted]] = {}
    steps: dict[RowRef, Counted] = {s.ref: "leftover" if s.ref in left else s.heading for s in plan.steps} if plan else {}
    for finding in found.findings:
        heading = steps.get(finding.ref)
        if heading is not None:
            for line in finding.people:
                headings.setdefault(line, Counter())[heading] += 1
    ambiguous = {p.line: len(p.ambiguous) for p in found.people if p.ambiguous}
    for line in facts.lines:
        if line in facts.left_out:
            yield PersonOutcome(line, {}, f"left out: {facts.left_out[line]}")
        elif line in ambiguous:
            yield PersonOutcome(line, {}, f"{ambiguous[line]} rows that may be different people")
        else:
            yield PersonOutcome(line, headings.get(line, Counter()))


def asks_again(facts: Facts, known: Iterable[Ask]) -> tuple[Ask, ...]:
    """The people of the list with everything that is known of them since a first search, and those who were not in it."""
    by_line = {ask.line: ask for ask in known}
    return tuple(
        replace(by_line[ask.line], given=tuple(dict.fromkeys((*ask.given, *by_line[ask.line].given))), thorough=False)
        if ask.line in by_line
        else ask
        for ask in asks(facts)
    )


def list_subject(facts: Facts) -> str:
    """Who a request over a list is about, in words."""
    return f"a list of {len(facts.people):,} people" if len(facts.people) > 1 else "a list of one person"


def identifier_batches(people: Iterable[Identity]) -> Iterator[tuple[tuple[str, str], ...]]:
    """The identifiers of a list, so many at once as one entry of the trail takes."""
    pairs = iter([pair for identity in people for pair in identity])
    while batch := tuple(islice(pairs, _BATCH)):
        yield batch


def undecided(found: SearchResult) -> str:
    """The lines of the people who are ambiguous, as a text; ``""`` where there is none."""
    lines = [p.line for p in found.people if p.ambiguous]
    named = ", ".join(map(str, lines[:10]))
    return named + (f" and {len(lines) - 10} more" if len(lines) > 10 else "")
