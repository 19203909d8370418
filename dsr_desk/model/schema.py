"""What a live system says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal[
    "text",
    "integer",
    "decimal",
    "float",
    "boolean",
    "date",
    "datetime",
    "time",
    "binary",
    "json",
    "uuid",
    "other",
    "any",
]


@dataclass(frozen=True, slots=True)
class Column:
    """A live column: its kind of value, what the system calls the type, and what it insists on."""

    name: str
    type: ColumnType
    native: str = ""
    nullable: bool = True
    length: int | None = None
    generated: bool = False
    primary_key: bool = False
    has_default: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A declared foreign key: ``columns`` of ``table`` point to ``to_columns`` of ``to_table`` (the system's own names)."""

    table: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    on_delete: str = ""
    #: Whether it is looked at only when the transaction ends (``INITIALLY DEFERRED``).
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """What the system runs by itself when rows of a table change.

    ``events`` are of ``INSERT``, ``UPDATE`` and ``DELETE``; ``columns`` those whose update fires it (none: any). ``elsewhere`` says
    whether it writes to other tables: ``yes`` (``tables`` names them), ``no``, or ``may`` where its code can't tell.
    """

    name: str
    events: tuple[str, ...]
    columns: tuple[str, ...] = ()
    elsewhere: Literal["no", "may", "yes"] = "may"
    tables: tuple[str, ...] = ()
    #: SHA-256 (hex) of its program, as the system keeps it.
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LiveCollection:
    """A live table or sheet, under the name the catalog gives it. ``indexed`` holds the leading columns of its indexes.

    ``parts`` are the tables below it whose rows it shows as its own: partitions (then it is ``partitioned``), or tables that
    inherit from it. ``alone``: all of those are in the catalog, so only its own rows are its.
    """

    name: str
    columns: Mapping[str, Column]
    unique: tuple[tuple[str, ...], ...] = ()
    indexed: frozenset[str] = frozenset()
    foreign_keys: tuple[ForeignKey, ...] = ()
    triggers: tuple[str, ...] = ()
    is_view: bool = False
    fires: tuple[Trigger, ...] = ()
    parts: tuple[str, ...] = ()
    partitioned: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Schema:
    """A live system. ``collections`` holds only those that the catalog names and the system has; ``others`` the rest.

    ``incoming`` are foreign keys of tables that the catalog does not list, pointing at ones it does.
    """

    server: str
    collections: Mapping[str, LiveCollection]
    others: tuple[str, ...] = ()
    incoming: tuple[ForeignKey, ...] = ()
    tried: bool = True
    writable: bool = True
    #: Whether a row can be set aside in another collection (action ``move``).
    moves: bool = False
    #: What this system cannot promise, one plain sentence each.
    limits: tuple[str, ...] = field(default_factory=tuple)
