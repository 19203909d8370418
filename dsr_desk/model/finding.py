"""Rows that were read, and what makes one of them a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple
from urllib.parse import quote, unquote

from dsr_desk.model.values import Value, as_text

SystemState = Literal["searched", "failed", "waived", "manual", "searching"]


class RowRef(NamedTuple):
    """Where a row is: system, collection and the values of its key, as text, in the key's order.

    A tuple, because rows are looked up by it many times more often than anything else is done with them.
    """

    system: str
    collection: str
    key: tuple[str, ...]

    @classmethod
    def of(cls, system: str, collection: str, key: tuple[str, ...], values: Mapping[str, Value]) -> RowRef:
        """The reference of a row from its key's field names and its values. A NULL in a key is written as an empty text."""
        return cls(system, collection, tuple([as_text(values.get(name)) or "" for name in key]))

    @property
    def path(self) -> str:
        """``SYSTEM/COLLECTION/KEY``: composite keys joined by commas, every part percent-encoded."""
        return "/".join(
            (
                quote(self.system, safe=""),
                quote(self.collection, safe=""),
                ",".join(quote(k, safe="@", errors="surrogatepass") for k in self.key),
            )
        )

    @classmethod
    def parse(cls, path: str) -> RowRef:
        """The reference that ``path`` writes; ``ValueError`` where it is not ``SYSTEM/COLLECTION/KEY``."""
        system, collection, key = path.split("/", 2)
        if not (system and collection and key):
            raise ValueError("a row is written SYSTEM/COLLECTION/KEY")
        return cls(unquote(system), unquote(collection), tuple(unquote(k, errors="surrogatepass") for k in key.split(",")))

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its driver read it: every live column, also those the catalog does not list.

    ``key`` has the key's fields with their own types, as the driver needs them to find the row again. ``version`` is the system's
    own mark of exactly these values, where it has one by which whole sets of rows can be compared.
    """

    ref: RowRef
    key: Mapping[str, Value]
    values: Mapping[str, Value]
    version: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the way to a finding, e.g. ``given email`` or ``owned_by customer_id`` from another row.

    ``rule`` is one of ``given``, ``found``, ``subject``, ``owned_by``, ``owns``, ``accessed_by``, ``accesses``, ``mention``;
    ``detail`` names identity kind or fields, never a value; ``origin`` is the row it came from.
    """

    rule: str
    detail: str
    origin: RowRef | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a free text names the person: field, identity kind, and the span ``[start, end)`` in characters."""

    field: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that was found, how it was reached, and what has to be said about it."""

    row: Row
    via: tuple[Hop, ...]
    access_only: bool = False
    shared: bool = False
    mention: bool = False
    #: Why a person must look at it first: ``name differs``, ``date of birth differs``, ``phone alone``, ``no owner`` …
    review: tuple[str, ...] = ()
    #: The other subjects' rows that own it too.
    other_owners: tuple[RowRef, ...] = ()
    mentions: tuple[Mention, ...] = ()
    #: Live columns of the row that the catalog does not list.
    uncovered: tuple[str, ...] = ()
    #: Whether the row is one of the person's own subject rows.
    subject: bool = False
    #: In a search for a list of people: the lines of those who were led here, in order.
    people: tuple[int, ...] = ()

    @property
    def ref(self) -> RowRef:
        """Where the row is."""
        return self.row.ref

    @property
    def clear(self) -> bool:
        """Whether it may be acted on without a person's decision."""
        return not (self.access_only or self.shared or self.mention or self.review)

    def confirmed(self) -> Finding:
        """The same finding after a person decided that it is this person's."""
        return replace(self, shared=False, mention=self.mention, review=())


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something we know of the subject: kind, the value as it was written, and where it came from.

    ``origin`` is ``None`` for a given one. ``followed`` is ``False`` where it was switched off, also leads to
    somebody else, or stands beside another of its kind in a record that is nobody's account, like a message.
    """

    kind: str
    value: str
    origin: RowRef | None = None
    field: str = ""
    followed: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several people a given identifier leads to."""

    row: Row
    via: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFollowed:
    """A found identifier that also leads to somebody else, so that it widened nothing."""

    identifier: Identifier
    leads_to: tuple[RowRef, ...]


@dataclass(frozen=True, slots=True)
class PersonFound:
    """What a search for a list of people says of one of them: the line of the list, and who they are.

    ``ambiguous`` has the rows that may be different people: then nothing was followed for this one.
    """

    line: int
    identity: tuple[Identifier, ...]
    subjects: tuple[RowRef, ...] = ()
    ambiguous: tuple[Candidate, ...] = ()
    not_followed: tuple[NotFollowed, ...] = ()


@dataclass(frozen=True, slots=True)
class SystemSearch:
    """How the search of one system went. ``seconds`` is wall time; ``queries`` counts what was asked of it."""

    system: str
    status: SystemState
    rows: int = 0
    seconds: float = 0.0
    queries: int = 0
    error: str = ""
    hint: str = ""
    #: ``collection.column`` of live columns that the catalog does not list.
    uncovered: tuple[str, ...] = ()
    #: What has to be said of an answer that looks complete: of collections that were emptied since the catalog was accepted.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Everything that a search found, and everything that it could not look at."""

    identity: tuple[Identifier, ...]
    systems: tuple[SystemSearch, ...]
    findings: tuple[Finding, ...] = ()
    ambiguous: tuple[Candidate, ...] = ()
    not_followed: tuple[NotFollowed, ...] = ()
    #: The subject rows that are this person.
    subjects: tuple[RowRef, ...] = ()
    started: str = ""
    #: What the command line ends with: 0, 3 (ambiguous), 4 (a system could not be reached), the highest.
    exit_code: int = 0
    #: Of a search for a list of people, one for each; the other parts are then those of all of them together.
    people: tuple[PersonFound, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every system was searched, waived, or is one that only a person can search."""
        return not self.ambiguous and all(s.status in ("searched", "waived", "manual") for s in self.systems)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question to one collection: the rows in which ``fields`` take one of ``values``.

    ``kind`` is the identity name whose rule compares them (``email``, ``phone``, ``name``, or a free one); the values are then
    what the person gave, one text each. ``None`` is a reference: field by field, as text, exactly. ``mention`` looks for the
    values as whole words inside the fields' free text. ``plain`` lets an index answer (see ``Field.stored_plain``).
    """

    collection: str
    fields: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    kind: str | None = None
    mention: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plain: bool = False


class Hit(NamedTuple):
    """A row that answers the lookup with this index."""

    lookup: int
    row: Row
