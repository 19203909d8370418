"""What the flow tells while it works. It knows no screen: a window and a terminal hear the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from dsr_desk.model.finding import Finding, Identifier, SystemSearch
from dsr_desk.model.plan import Applied, Drift


@dataclass(frozen=True, slots=True)
class Searching:
    """A system is being asked, in this wave (1, 2 …)."""

    system: str
    wave: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A system has answered what it was asked; what others answer may lead to more questions."""

    system: str


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one system, as they stand now; a later one with the same row replaces it."""

    system: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class IdentifierFound:
    """The identity grew."""

    identifier: Identifier


@dataclass(frozen=True, slots=True)
class SystemSearched:
    """A system has answered for the last time, or failed."""

    result: SystemSearch


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the work on one system, and how far it is (``done`` of ``total`` records)."""

    system: str
    state: Literal["checking", "next", "writing", "done", "refused", "failed", "manual", "in doubt", "verifying"]
    done: int = 0
    total: int = 0
    text: str = ""
    applied: Applied | None = None
    drift: tuple[Drift, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A line for the journal on screen. ``at`` is local time, ISO 8601."""

    at: str
    text: str


Event = Searching | Answered | Found | IdentifierFound | SystemSearched | Step | Note
Tell = Callable[[Event], None]


def silent(_: Event) -> None:
    """Tells nobody."""
