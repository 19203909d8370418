"""A plan: what will happen to every field of every finding, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dsr_desk.model.finding import Lookup, RowRef
from dsr_desk.model.values import Value

#: ``move``: the row is set aside in another collection of its system (``Step.to``), where nothing works with it.
Action = Literal["delete", "change", "move", "keep", "manual"]
OutcomeName = Literal[
    "erased",
    "changed",
    "pseudonymised",
    "retained",
    "disclosed",
    "withheld",
    "excluded",
    "not personal",
    "failed",
    "manual",
]


#: What a driver notes when it made room of what was erased: good news, and no limit of the proof.
COMPACTED = "The file was compacted."
VACUUMED = "The tables were vacuumed and analysed."
Heading = Literal["erased", "changed", "retained", "excluded", "by_hand"]
#: Strategies of an outcome that put a told value in place of another, erasing nothing: what the person said, what the catalog
#: sets, what stood there before, and a row that was set aside.
TOLD = frozenset({"given", "flag", "former", "moved"})
#: What stands as the strategy of the fields of a row that others own, too: it is detached from one owner, and stays.
SHARED = "shared"


#: Outcomes of personal data that is still there. A pseudonym that can be undone or linked is personal data (Art. 4(5)).
_STAYS = ("retained", "pseudonymised")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one field: exactly one name, with its ground, end date and reason.

    ``until`` is an ISO date, ``"never"`` for an end beyond the calendar, or ``""``.
    """

    name: OutcomeName
    strategy: str = ""
    ground: str = ""
    until: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a right wants for one field of one finding, before values are fixed.

    ``erase`` names a strategy and its parameters where the field's value is to be replaced; ``values`` has new values as they are
    (in the column's own type). ``to`` is the collection that a ``move`` goes to.
    """

    ref: RowRef
    action: Action
    fields: Mapping[str, Outcome]
    erase: Mapping[str, tuple[str, Mapping[str, Value]]] = field(default_factory=dict)
    reason: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    to: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """Rows of a table that the catalog doesn't list, and that the database takes along (``ON DELETE CASCADE``).

    ``cleared``: they stay, and lose the value that points (``ON DELETE SET NULL``, ``SET DEFAULT``).
    """

    table: str
    columns: tuple[str, ...]
    count: int
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the plan.

    ``key`` has the typed values of the key; ``digest`` is the keyed fingerprint of all columns as they were read; ``before``
    holds every column as it was (sealed with the plan, never in the trail); ``writes`` what the changed columns will be.
    ``unlink`` are columns of a row to be deleted that are set to NULL first, to break a circle of rows that point at each other.
    ``to`` is the collection that a ``move`` goes to. ``reach`` is what a delete takes along beyond the catalog, counted exactly.
    ``version`` is the row's, where its system has one: it says no less than ``digest``, and whole sets can be compared by it.
    """

    ref: RowRef
    key: Mapping[str, Value]
    action: Action
    fields: Mapping[str, Outcome]
    digest: str
    before: Mapping[str, Value] = field(default_factory=dict)
    writes: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""
    unlink: tuple[str, ...] = ()
    to: str = ""
    reach: tuple[Reach, ...] = ()
    version: str = ""

    @property
    def changes(self) -> bool:
        """Whether anything is written in its system."""
        return self.action in ("delete", "move") or bool(self.writes)

    @property
    def takes(self) -> bool:
        """Whether it takes something away: a row, or a value in place of which no told one is put."""
        erased = (n in self.writes and o.strategy not in TOLD for n, o in self.fields.items())
        return self.action == "delete" or any(erased)

    @property
    def heading(self) -> Heading:
        """Under which heading the record counts, in the plan and in its proof: exactly one."""
        names = {o.name for o in self.fields.values()}
        if self.action == "manual":
            return "by_hand"
        if self.action == "delete":
            return "erased"
        if any(o.strategy == SHARED for o in self.fields.values()):
            return "excluded"
        if self.tells:
            # What holds already what it is told is not changed: it stays as it is, for the reason that its other fields say.
            return "changed" if self.changes else "retained" if "retained" in names else "excluded"
        if self.writes:
            kept = any(o.name in _STAYS and o.strategy != "key" for o in self.fields.values())
            return "retained" if kept else "erased" if "erased" in names else "changed"
        return "excluded" if names and names <= {"excluded"} else "retained"

    @property
    def tells(self) -> bool:
        """Whether it is about told values, or a row that is set aside: the proof is that they stand."""
        return self.action == "move" or any(o.strategy in TOLD for o in self.fields.values())

    @property
    def in_part(self) -> bool:
        """Whether the record stays on a ground and loses some of its fields."""
        return bool(self.writes) and self.heading == "retained"


@dataclass(frozen=True, slots=True)
class Watch:
    """A question of the search, asked again under lock: it must still find exactly these rows."""

    lookup: Lookup
    expected: tuple[RowRef, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a plan can't be carried out, and what mends it: in words, and by which ``command`` of a terminal, where one does.

    ``request`` is another one that has to be dealt with first.
    """

    system: str
    collection: str
    field: str
    why: str
    cure: str
    request: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before approving a plan that can be carried out: it is in the plan's digest, and on the report."""

    system: str
    collection: str
    field: str
    what: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a system said of a table that the plan writes to; ``digest`` (SHA-256, hex) is of all that it said of it."""

    system: str
    collection: str
    what: Literal["column", "trigger", "foreign key", "unique rule"]
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Work:
    """Everything a driver needs to carry out one system's part of a plan.

    ``steps`` stand in the order in which they must run (children first). ``fingerprint_key`` is the HMAC key of the digests.
    ``compact`` asks for the file to be compacted after the change, where the catalog allows it.
    """

    system: str
    steps: tuple[Step, ...]
    watches: tuple[Watch, ...]
    fingerprint_key: bytes
    compact: bool = False

    def changing(self) -> Iterator[Step]:
        """The steps that write."""
        return (s for s in self.steps if s.changes)


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. Its digest (SHA-256 over RFC 8785, see ``flow/plan.py``) covers everything in it."""

    request: str
    right: str
    nonce: str
    catalog: str
    made: str
    expires: str
    steps: tuple[Step, ...]
    watches: Mapping[str, tuple[Watch, ...]]
    refusals: tuple[Refusal, ...] = ()
    cautions: tuple[Caution, ...] = ()
    #: Systems that only a person can deal with, and those that were waived.
    manual_systems: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    compact: tuple[str, ...] = ()
    digest: str = ""
    #: What it relied on in the schemas of the systems. Nothing in a plan that an earlier version of the program made.
    relied: tuple[Fact, ...] = ()

    def systems(self) -> tuple[str, ...]:
        """The systems that have steps, in plan order."""
        return tuple(dict.fromkeys(s.ref.system for s in self.steps))


@dataclass(frozen=True, slots=True)
class Drift:
    """A row that is no longer what the plan saw: ``changed``, ``gone``, ``new`` or ``no longer matches``."""

    ref: RowRef
    what: Literal["changed", "gone", "new", "no longer matches"]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a driver did: how many rows, and ``how`` (``done``, ``already``, ``in-doubt-resolved``)."""

    deleted: int
    changed: int
    how: Literal["done", "already", "in-doubt-resolved"] = "done"
    #: Plain sentences on what happened beside the rows: ``compacted``, ``could not be compacted: in use``.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Residue:
    """Old bytes that are still there: where, how many occurrences, why, and what would end it. Never the bytes."""

    system: str
    where: str
    count: int
    why: str
    cure: str = ""

    @property
    def told(self) -> str:
        """Why, and what would end it, as sentences."""
        return " ".join(f"{text[0].upper()}{text[1:].rstrip('.')}." for text in (self.why, self.cure) if text)
