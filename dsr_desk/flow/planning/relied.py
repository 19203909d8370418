"""What a plan relied on in the schemas of its systems, and what of that is another now: by name, before anything is written.

A trigger or a cascade that came after the approval would do what nobody approved, while every row is still as it was planned.
Only the tables that a plan writes to count, with the foreign keys from them and to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dsr_desk.audit.canonical import canonical
from dsr_desk.drivers.base import Driver
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.codec import encode
from dsr_desk.model.plan import Drift, Fact, Step, Work
from dsr_desk.model.schema import ForeignKey, LiveCollection, Schema


def facts(system: System, schema: Schema, steps: Iterable[Step]) -> tuple[Fact, ...]:
    """What the steps of one system rely on: columns, triggers, foreign keys, and what must be unique of what is written."""
    written: dict[str, set[str]] = {}
    for step in steps:
        if step.changes:
            for name in dict.fromkeys((step.ref.collection, step.to or step.ref.collection)):
                written.setdefault(name, set()).update(step.writes)
    keys = [*schema.incoming, *(fk for live in schema.collections.values() for fk in live.foreign_keys)]
    found: dict[Fact, None] = {}
    for name in sorted(written):
        if name in schema.collections:
            table = system.collections[name].table or name
            found |= dict.fromkeys(_facts(system.name, schema.collections[name], table, keys, written[name]))
    return tuple(found)


def differing(before: Iterable[Fact], now: Iterable[Fact]) -> Iterator[str]:
    """What is another now, one clause each: ``table people of shop has a new trigger t``."""
    was, there = _named(before), _named(now)
    for place in dict.fromkeys((*was, *there)):
        system, collection, what, name = place
        table = f"table {collection} of {system}"
        if place not in was:
            yield f"{table} has a new {what} {name}"
        elif place not in there:
            yield f"{table} no longer has the {what} {name}"
        elif was[place] != there[place]:
            yield f"{table} has another {what} {name} than before"


def look(driver: Driver, relied: tuple[Fact, ...], work: Work, cancel: Cancel) -> tuple[list[str], list[Drift]]:
    """What of the schema is another now than the plan relied on; where nothing is, the rows that are."""
    now = facts(driver.system, driver.schema(), work.steps) if relied else ()
    changed = list(differing(relied, now))
    return changed, [] if changed else driver.check(work, cancel)


def _named(facts: Iterable[Fact]) -> Mapping[tuple[str, str, str, str], frozenset[str]]:
    """Foreign keys and rules may be there twice over."""
    found: dict[tuple[str, str, str, str], frozenset[str]] = {}
    for fact in facts:
        place = (fact.system, fact.collection, fact.what, fact.name)
        found[place] = found.get(place, frozenset()) | {fact.digest}
    return found


def _facts(system: str, live: LiveCollection, table: str, keys: Iterable[ForeignKey], written: set[str]) -> Iterator[Fact]:
    for column in live.columns.values():
        yield Fact(system, live.name, "column", column.name, _digest(column))
    for trigger in live.fires:
        yield Fact(system, live.name, "trigger", trigger.name, _digest(trigger))
    for fk in keys:
        if fk in live.foreign_keys or _same(fk.to_table, table):
            name = f"{fk.table} ({', '.join(fk.columns)}) to {fk.to_table}"
            yield Fact(system, live.name, "foreign key", name, _digest(fk))
    for columns in live.unique:
        if written.intersection(columns):
            yield Fact(system, live.name, "unique rule", f"({', '.join(columns)})", _digest(columns))


def _same(live: str, described: str) -> bool:
    """Whether a live table is the one that the catalog describes, which may say its schema where there is no need to."""
    return live == described or described.endswith(f".{live}")


def _digest(thing: Any) -> str:
    told = list(thing) if isinstance(thing, tuple) else encode(thing)
    return hashlib.sha256(canonical(told)).hexdigest()
