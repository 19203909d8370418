"""What the catalog says about systems, once it has been read and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dsr_desk.model.match import holds
from dsr_desk.model.values import Value

OnErase = Literal["delete", "redact", "keep"]
ReferenceKind = Literal["owned_by", "owns", "accessed_by", "accesses", "points_at"]
Source = Literal["provided", "observed", "derived", "third_party"]
Environment = Literal["production", "test"]

#: A condition: field name -> the texts it may have (equality as text, any of them).
When = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as people write it: ``10 years``, ``6 months``, ``30 days``."""

    count: int
    unit: Literal["days", "weeks", "months", "years"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


@dataclass(frozen=True, slots=True)
class Keep:
    """Why a row stays on erasure, and until when (GDPR Art. 17(3)).

    ``until`` is a fixed date, or ``field`` + ``plus`` compute one from the row; neither means that the row ends with
    the row it belongs to.
    """

    ground: str
    reason: str
    until: date | None = None
    field: str | None = None
    plus: Period | None = None


@dataclass(frozen=True, slots=True)
class Erase:
    """An erasure strategy by name, with its parameters: ``Erase("constant", {"value": "Erased"})``."""

    strategy: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is done to a row to restrict its processing (Art. 18), or after an objection (Art. 21).

    ``set``: field → value. ``lift``: field → value when a restriction ends; without it, what stood there before. ``move``: the
    collection of the same system in which the row is set aside. ``delete`` (after an objection only): the row goes.
    """

    set: Mapping[str, Any] = field(default_factory=dict)
    lift: Mapping[str, Any] = field(default_factory=dict)
    move: str = ""
    delete: bool = False


@dataclass(frozen=True, slots=True)
class Automated:
    """A decision that a machine takes about the person alone: its logic, and what follows from it (Art. 22, Art. 15(1)(h))."""

    logic: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One column, cell or attribute of a collection."""

    name: str
    title: str = ""
    category: str | None = None
    category_when: When = field(default_factory=dict)
    identity: str | None = None
    identity_when: When = field(default_factory=dict)
    source: Source | None = None
    legal_basis: str | None = None
    erase: Erase | None = None
    mentions: bool = False
    #: ``True``: every value stands in its plain, normalised form (one lower-case address, not ``"Name" <a@b>``),
    #: so an index may answer. The search that proves an erasure never relies on it.
    stored_plain: bool = False

    @property
    def personal(self) -> bool:
        """Whether the catalog calls the field personal: it has a category or carries an identity."""
        return self.category is not None or self.identity is not None or self.mentions

    def category_in(self, values: Mapping[str, Value]) -> str | None:
        """The category that the field has in a row with these values: none where the catalog's condition does not hold."""
        return self.category if holds(self.category_when, values) else None

    def identity_in(self, values: Mapping[str, Value]) -> str | None:
        """The identity that the field carries in a row with these values."""
        return self.identity if holds(self.identity_when, values) else None

    def personal_in(self, values: Mapping[str, Value]) -> bool:
        """Whether the field is personal in a row with these values."""
        return self.mentions or self.category_in(values) is not None or self.identity_in(values) is not None


@dataclass(frozen=True, slots=True)
class Reference:
    """A row of one collection points to rows of another, by one or several fields.

    ``owned_by``: this row belongs to the one it points to. ``owns``: the row pointed to belongs to whoever owns this one.
    ``accessed_by`` / ``accesses``: may see, may not erase. ``points_at``: names a person, but the row is not theirs.
    (K9db, OSDI '23; DELF, USENIX Security '20.)
    """

    kind: ReferenceKind
    fields: tuple[str, ...]
    system: str
    collection: str
    to: tuple[str, ...]
    when: When = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """A table, sheet, endpoint or folder of one system."""

    system: str
    name: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    title: str = ""
    table: str = ""
    subject: bool = False
    subject_when: When = field(default_factory=dict)
    on_erase: OnErase | None = None
    keep: Keep | None = None
    on_restrict: Mark | None = None
    on_object: Mark | None = None
    automated: Automated | None = None
    #: The owner of the system agrees that ``ON DELETE CASCADE`` takes rows of tables that the catalog doesn't list.
    cascade: bool = False
    #: No field of a record can be changed (a file, a message): it is deleted whole, or stays. Its driver says so.
    whole: bool = False
    references: tuple[Reference, ...] = ()
    #: Identities whose value stands over several columns: ``{"name": ("first", "last")}``.
    identities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: Source | None = None
    legal_basis: str | None = None
    #: Settings of this collection that only its driver knows (the endpoints of a web service …).
    options: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    @property
    def label(self) -> str:
        """What people call it."""
        return self.title or self.name

    def of_kind(self, *kinds: ReferenceKind) -> tuple[Reference, ...]:
        """The references of these kinds, in catalog order."""
        return tuple(r for r in self.references if r.kind in kinds)

    def identity_fields(self) -> Iterator[tuple[str, tuple[str, ...], When, bool]]:
        """Each identity the collection carries: kind, fields (joined by a blank), condition, stored plain."""
        for f in self.fields.values():
            if f.identity:
                yield f.identity, (f.name,), f.identity_when, f.stored_plain
        for kind, names in self.identities.items():
            yield kind, tuple(names), {}, False


@dataclass(frozen=True, slots=True)
class Backups:
    """What is said of a system's backups: how long one is ``kept`` until it is overwritten, and a ``note`` for the report."""

    kept: Period | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class System:
    """A place that holds data: a database, a file, a paper archive."""

    name: str
    driver: str
    title: str = ""
    url: str = ""
    path: str = ""
    environment: Environment = "production"
    owner: str = ""
    purpose: str = ""
    legal_basis: str | None = None
    recipients: tuple[str, ...] = ()
    #: Countries outside the EEA, or international organisations, that the data goes to, each with its safeguard (Art. 15(2)).
    transfers: tuple[str, ...] = ()
    region: str | None = None
    #: What a person is asked to do (driver ``manual``).
    instructions: str = ""
    #: The owner of the system agrees that its files are compacted (``VACUUM``) after an erasure.
    compact: bool = False
    #: ``None``: nobody said anything of them.
    backups: Backups | None = None
    #: Seconds that a search waits for its answer. ``None``: as long as the program usually does.
    timeout: int | None = None
    #: Settings that only its driver knows (``delimiter``, ``encoding`` …).
    options: Mapping[str, Any] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)
    file: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Catalog:
    """All systems of a workspace, in catalog order, and the SHA-256 (hex) over their files."""

    systems: Mapping[str, System]
    digest: str

    def collection(self, system: str, name: str) -> Collection:
        """One collection; ``KeyError`` when there is none."""
        return self.systems[system].collections[name]

    def collections(self) -> Iterator[Collection]:
        """Every collection of every system, in catalog order."""
        for system in self.systems.values():
            yield from system.collections.values()
