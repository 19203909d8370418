"""What the live systems looked like at one moment: names, types, counts and shares. Never a value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dsr_desk.model.codec import decode, encode
from dsr_desk.model.schema import LiveCollection, Schema


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column as it was: its kind of value, the system's own word for it, and what it insisted on."""

    name: str
    type: str
    native: str = ""
    nullable: bool = True
    length: int | None = None
    key: bool = False


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What a sample said of one reference: of ``rows`` rows that it holds for, so many are ``empty``, and so many lead to no row.

    ``fields`` are those of the collection; ``to`` is ``system/collection``.
    """

    fields: tuple[str, ...]
    to: str
    rows: int = 0
    empty: int = 0
    dangling: int = 0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Of ``rows`` sampled rows whose ``one`` and ``other`` both lead to a person, so many lead to ``different`` ones.

    ``direct``: both point straight at people, so that they may be different on purpose (sender and recipient).
    """

    one: str
    other: str
    rows: int
    different: int
    direct: bool


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """A collection as it was. ``records`` is ``None`` where the system could not count; ``filled`` whether it had any, if known.

    Of ``sampled`` records that should belong to somebody, ``lost`` lead to nobody. A key of ``foreign`` is columns, table, columns.
    """

    name: str
    columns: tuple[ColumnFacts, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    foreign: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    is_view: bool = False
    records: int | None = None
    filled: bool | None = None
    sampled: int = 0
    lost: int = 0
    paths: tuple[PathFacts, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def had(self) -> str:
        """How many records there were, as people write it: ``5,204``; ``some`` where nobody counted, nothing where none were."""
        return f"{self.records:,}" if self.records else "some" if self.filled else ""


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """A system as it was when it last answered at an acceptance: at ``at`` (UTC), of version ``version`` of the catalog.

    ``tables`` are those that the catalog did not list.
    """

    system: str
    at: str
    version: int
    server: str = ""
    tables: tuple[str, ...] = ()
    collections: tuple[CollectionFacts, ...] = ()

    @property
    def named(self) -> Mapping[str, CollectionFacts]:
        """The collections by name."""
        return {c.name: c for c in self.collections}

    @property
    def since(self) -> str:
        """``since version 3 of 2026-11-22``."""
        return f"since version {self.version} of {self.at[:10]}"


@dataclass(frozen=True, slots=True)
class Facts:
    """All systems at an acceptance, and the version of the program that looked at them."""

    program: str = ""
    systems: tuple[SystemFacts, ...] = field(default_factory=tuple)

    @property
    def named(self) -> Mapping[str, SystemFacts]:
        """The systems by name."""
        return {s.system: s for s in self.systems}

    def written(self) -> str:
        """The facts as JSON, as they are kept."""
        return json.dumps(encode(self), separators=(",", ":"))


def read_facts(text: str) -> Facts:
    """The facts that ``written`` wrote; none where nothing was kept, or where a newer program kept them in another form."""
    if not text:
        return Facts()
    try:
        return decode(Facts, json.loads(text))
    except (ValueError, KeyError, TypeError):
        return Facts()


def shape_of(live: LiveCollection) -> CollectionFacts:
    """What the schema says of a collection, before anybody counted."""
    columns = tuple(ColumnFacts(c.name, c.type, c.native, c.nullable, c.length, c.primary_key) for c in live.columns.values())
    foreign = tuple(sorted((k.columns, k.to_table, k.to_columns) for k in live.foreign_keys))
    return CollectionFacts(live.name, columns, tuple(sorted(live.unique)), foreign, live.is_view)


def facts_of(system: str, schema: Schema, collections: Iterable[CollectionFacts], at: str, version: int) -> SystemFacts:
    """A system as it answered now."""
    return SystemFacts(system, at, version, schema.server, tuple(sorted(schema.others)), tuple(collections))


def same_shape(one: Facts, other: Facts) -> bool:
    """Whether two looks saw the same: columns, keys, tables, how much there is by its digits, and owners by tenths of a sample.

    A few records more are nothing to accept anew; whatever a check would say of the difference is.
    """
    return [_shape(s) for s in one.systems] == [_shape(s) for s in other.systems]


def _shape(system: SystemFacts) -> object:
    return (system.system, system.tables, [(*_columns(c), *_amounts(c)) for c in system.collections])


def _columns(of: CollectionFacts) -> tuple[object, ...]:
    return of.name, of.columns, of.unique, of.foreign, of.is_view


def _amounts(of: CollectionFacts) -> tuple[object, ...]:
    paths = [(p.fields, p.to, p.dangling > 0, _tenths(p.dangling, p.rows), _tenths(p.empty, p.rows)) for p in of.paths]
    different = [(d.one, d.other, _tenths(d.different, d.rows)) for d in of.disagreements]
    return of.filled, len(str(of.records or "")), of.lost == of.sampled, paths, different


def _tenths(part: int, whole: int) -> int:
    return round(10 * part / whole) if whole else 0
