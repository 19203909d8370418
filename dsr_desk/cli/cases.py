"""The commands that open requests: a new one, one that ends a restriction, one that takes a correction back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date

from dsr_desk.cli import shape, words
from dsr_desk.cli.answer import Answer
from dsr_desk.errors import UsageError
from dsr_desk.flow.desk import Desk

#: So many repeated lines of a list are named one by one.
_SHOWN = 20


def _new(desk: Desk, a: Namespace) -> Answer:
    if a.people is not None:
        return _over_many(desk, a)
    same = desk.same_person(a.identity)
    made = desk.open_request(a.right, a.identity, a.received or date.today(), a.ground, a.subjects, a.corrections, a.by_controller)
    document = {**shape.request(made), "same_person": same}
    lines = [*words.request(made), *(f"  {ref} is open for the same person." for ref in same)]
    return 0, document, lines


def _lift(desk: Desk, a: Namespace) -> Answer:
    made = desk.lift(a.ref)
    first = f"  It ends the restriction {a.ref}. The person has to be told first: dsr-desk task list {made.ref}"
    return 0, shape.request(made), [*words.request(made), first]


def _undo(desk: Desk, a: Namespace) -> Answer:
    made = desk.undo(a.ref, a.reason)
    first = f"  It takes {a.ref} back. See what it puts back: dsr-desk plan {made.ref}"
    return 0, shape.request(made), [*words.request(made), first]


def _over_many(desk: Desk, a: Namespace) -> Answer:
    if a.identity or a.subjects:
        raise UsageError("Both a list of people and one person were given.", "Give one of them.")
    made = desk.open_list(a.right, a.people, a.received or date.today(), a.ground, a.by_controller)
    again = [f"  Line {line} repeats line {first}: they are one person." for line, first in made.facts.repeated.items()]
    more = [f"  And {len(again) - _SHOWN:,} lines more repeat others."] if len(again) > _SHOWN else []
    return 0, {**shape.request(made), "same_person": []}, [*words.request(made), *again[:_SHOWN], *more]


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    "request new": _new,
    "request lift": _lift,
    "request undo": _undo,
}
