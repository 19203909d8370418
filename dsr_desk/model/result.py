"""What the later stages give: approvals, what was applied, what a second search says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Residue
from dsr_desk.model.request import Due, Stage


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody stood by a plan: who, when (ISO 8601, UTC), which digest, at which checkpoint, as which trail entry."""

    request: str
    digest: str
    by: str
    key_id: str
    at: str
    checkpoint: str
    entry: int


@dataclass(frozen=True, slots=True)
class Approvals:
    """Who stands by a plan: ``given``, the first one first, and how many more are ``missing`` before it may run.

    ``mine``: whoever looks may still approve it. ``others`` are the names of the other approvers who didn't yet.
    """

    given: tuple[Approval, ...]
    missing: int
    mine: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SystemApplied:
    """What became of one system.

    ``refused``: nothing written. ``waiting``: not reached. ``unchanged``: the plan writes nothing there.
    """

    system: str
    status: Literal["applied", "refused", "failed", "waiting", "in doubt", "manual", "unchanged"]
    deleted: int = 0
    changed: int = 0
    guarantee: str = ""
    error: str = ""
    hint: str = ""
    rows: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True)
class ApplyResult:
    """What became of a plan. ``open`` counts what a person still has to do."""

    request: str
    status: Literal["applied", "refused", "partial"]
    open: int
    systems: tuple[SystemApplied, ...]
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that should be gone and is not: a row, and the fields that still hold their old value.

    No fields: the row itself is left over (``why`` says ``still there``, ``not in the plan``, or that nobody could look).
    """

    ref: RowRef
    fields: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Retained:
    """A row that stays, and why. ``until``: ISO date, ``"never"`` or ``""``."""

    ref: RowRef
    ground: str
    reason: str
    until: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SystemVerified:
    """The balance of one system: ``before = erased + changed + retained + excluded + by_hand + leftover``.

    ``queries`` is what was asked, in plain words (collection, fields, how compared), with the counts then and now.
    """

    system: str
    before: int
    erased: int
    retained: int
    excluded: int
    by_hand: int
    leftover: int
    how: str
    searched: bool = True
    error: str = ""
    residue: tuple[Residue, ...] = ()
    queries: tuple[str, ...] = ()
    #: Records in which a told value stands in place of another: rectified, restricted, moved, objected.
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """The second search. ``status`` is ``verified`` only with 0 left over and every system searched or waived."""

    request: str
    status: Literal["verified", "leftovers", "incomplete"]
    at: str
    systems: tuple[SystemVerified, ...]
    leftovers: tuple[Leftover, ...]
    retained: tuple[Retained, ...]
    excluded: tuple[Retained, ...]
    residue: tuple[Residue, ...]
    #: Keys that stay in rows of which everything else was erased: listed, not counted.
    keys: tuple[Retained, ...] = ()
    #: Retained records that lost some of their fields.
    in_part: int = 0
    limits: tuple[str, ...] = field(default_factory=tuple)
    entry: int = 0

    def total(self, what: Literal["before", "erased", "changed", "retained", "excluded", "by_hand", "leftover"]) -> int:
        """One figure over all systems."""
        return sum(getattr(s, what) for s in self.systems)

    def grounds(self) -> Mapping[str, int]:
        """On which ground how many records stay: ``17(3)(b)`` → 15. A record that stays on two counts for both."""
        return dict(Counter(ground for r in self.retained for ground in r.ground.split(", ") if ground))


@dataclass(frozen=True, slots=True)
class RequestSummary:
    """A line of the inbox. ``subject`` is masked; ``detail`` says what the stage waits for, in a few words."""

    ref: str
    right: str
    subject: str
    kind: str
    more: int
    stage: Stage
    detail: str
    received: date
    due: Due
    closed: str = ""
    #: How many records this request restricts now.
    restricts: int = 0
