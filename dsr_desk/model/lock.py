"""The safe lock of a request: where its tokens stand, and what they are found to stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dsr_desk.model.finding import RowRef
from dsr_desk.model.values import Value


@dataclass(frozen=True, slots=True)
class TokenPlace:
    """One token that was written: the row, its typed key, the field, the strategy, and the type that the value had."""

    ref: RowRef
    key: Mapping[str, Value]
    field: str
    token: str
    strategy: str
    kind: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody read what the tokens stand for: when (UTC), who, and why."""

    at: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SafeLock:
    """What the file of a request holds of its tokens (sealed). ``shredded`` is when its key was destroyed, or ``""``."""

    places: tuple[TokenPlace, ...] = ()
    openings: tuple[Opening, ...] = ()
    shredded: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What one token stands for. ``why`` says why it can't be told (the row is gone, the field was changed), or is ``""``."""

    place: TokenPlace
    value: Value = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What an open safe lock tells. ``unread`` are the systems that could not be read, and why; ``entry`` records the opening."""

    request: str
    values: tuple[Told, ...]
    entry: int
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shredded:
    """A safe lock whose key was destroyed: how many tokens it opened, the entry, and whether its bytes are gone from the files."""

    request: str
    tokens: int
    entry: int
    gone: bool
