"""The commands that open requests: a new one, one that ends a restriction, one that takes a correction back."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import date

from dsr_desk.cli import shape, words
from dsr_desk.cli.answer import Answer
from dsr_desk.flow.desk import Desk


def _new(desk: Desk, a: Namespace) -> Answer:
    same = desk.same_person(a.identity)
    made = desk.open_request(a.right, a.identity, a.received or date.today(), a.ground, a.subjects)
    document = {**shape.request(made), "same_person": same}
    lines = [*words.request(made), *(f"  {ref} is open for the same person." for ref in same)]
    return 0, document, lines


VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {"request new": _new}
