"""Legal holds: set, released by who may, and what they stand against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dsr_desk.model.finding import SearchResult
from dsr_desk.model.hold import Hold
from dsr_desk.model.plan import Intent, Refusal
from dsr_desk.model.request import Request
from dsr_desk.store.tx import Tx


def standing(tx: Tx) -> list[Hold]:
    """The holds that nobody has released."""
    return []


def refusals(holds: Iterable[Hold], request: Request, found: SearchResult, intents: Iterable[Intent]) -> Iterator[Refusal]:
    """The holds that cover this request or this person, where the plan would take something away."""
    yield from ()
