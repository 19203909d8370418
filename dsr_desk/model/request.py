"""A request: who asks for what, since when, how far it is, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dsr_desk.model.catalog import Field
from dsr_desk.model.finding import Row, RowRef
from dsr_desk.model.values import Value

#: The stages of the flow, in order; the same words on every screen and page.
STAGES = ("receive", "identify", "search", "review", "plan", "approve", "apply", "verify", "report")
Stage = Literal["receive", "identify", "search", "review", "plan", "approve", "apply", "verify", "report", "closed"]
DecisionName = Literal["granted", "partly", "refused"]


@dataclass(frozen=True, slots=True)
class Due:
    """The last day to answer, and why it is that day.

    ``rule`` is a plain sentence with the arithmetic; ``holiday`` names the holiday that moved it, or ``""``.
    """

    on: date
    unmoved: date
    rule: str
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one row: it is included or left out, and why."""

    ref: RowRef
    include: bool
    reason: str
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A value to be corrected (Art. 16). ``where`` is a data category (``user.contact.email``) or ``SYSTEM/COLLECTION/FIELD``.

    ``row`` limits it to one row. ``value`` is the text that was given; where it comes from a system (an undone correction), it has
    that system's type.
    """

    where: str
    value: Value
    row: RowRef | None = None

    @property
    def by_field(self) -> bool:
        """Whether it names a field, not a category."""
        return "/" in self.where

    def concerns(self, row: Row, known: Field) -> bool:
        """Whether it is about this field of this row. A category covers its sub-keys: ``user.name`` has ``user.name.first``."""
        if self.row is not None and self.row != row.ref:
            return False
        if self.by_field:
            return self.where == f"{row.ref.system}/{row.ref.collection}/{known.name}"
        category = known.category_in(row.values) or ""
        return category == self.where or category.startswith(f"{self.where}.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What only this case's file holds (sealed): identifiers, checks, reasons in free text."""

    identity: tuple[tuple[str, str], ...]
    identity_check: str = ""
    identity_checked: str = ""
    identity_checked_by: str = ""
    ground: str = ""
    subjects: tuple[str, ...] = ()
    #: Given or found identifiers that were switched off, as (kind, value).
    off: tuple[tuple[str, str], ...] = ()
    decisions: tuple[Decision, ...] = ()
    waived: Mapping[str, str] = field(default_factory=dict)
    decision: DecisionName | None = None
    decision_reason: str = ""
    answered: date | None = None
    note: str = ""
    #: The corrections of a rectification.
    corrections: tuple[Correction, ...] = ()
    #: The reference of the restriction that this request ends, or of the rectification that it undoes.
    ends: str = ""
    undoes: str = ""
    #: A request over a list of people: the identifiers of each. ``identity`` is then empty.
    people: tuple[tuple[tuple[str, str], ...], ...] = ()
    #: The line of the list on which each of them stands, and the lines that were left out of it, with the reason.
    lines: tuple[int, ...] = ()
    left_out: Mapping[int, str] = field(default_factory=dict)
    #: Whether the controller began it itself (a retention period has ended, people are inactive), and nobody asked.
    by_controller: bool = False
    #: The lines of the list that only repeat another one, each with that.
    repeated: Mapping[int, int] = field(default_factory=dict)
    #: Whether the person was asked for more to confirm who they are (Art. 12(6)).
    identity_asked: bool = False
    #: Why the period was extended by two further months, and on which day within the first the person was told (Art. 12(3)).
    extended: str = ""
    extended_told: date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request of one data subject. ``case`` is the random id under which the trail knows it."""

    ref: str
    case: str
    right: str
    received: date
    due: Due
    stage: Stage
    facts: Facts
    opened: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that only a person can do: a manual system, or a row of one that no plan may touch.

    ``records`` is how many records the person says they dealt with; ``files`` names the attachments (sealed beside it).
    """

    id: str
    request: str
    system: str
    title: str
    instructions: str
    row: str = ""
    answered: str = ""
    answered_by: str = ""
    note: str = ""
    records: int = 0
    files: tuple[str, ...] = ()
    #: The rows that it is about, as ``SYSTEM/COLLECTION/KEY``; none for a whole system.
    rows: tuple[str, ...] = ()
    #: ``system``: search and change it by hand. ``rows``: decide them. ``notice``: tell a recipient (Art. 19). ``tell``: tell the
    #: person before a restriction ends (Art. 18(3)). ``review``: look at an automated decision (Art. 22(3)).
    kind: Literal["system", "rows", "notice", "tell", "review"] = "system"

    @property
    def open(self) -> bool:
        """Whether nobody has answered yet."""
        return not self.answered
