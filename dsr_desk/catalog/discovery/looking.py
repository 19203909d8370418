"""Reading a live system for the first time: its names, columns and keys, and a few records of one collection at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dsr_desk.catalog.discovery.tables import Table
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, DeskError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.schema import LiveCollection, Schema
from dsr_desk.model.values import Value

Drivers = Callable[[System], Driver]

#: How many records of a collection are looked at.
SAMPLE = 100


def live(system: System, drivers: Drivers) -> Schema:
    """Everything that the system has, with the columns of each collection. ``UnreachableError`` where it doesn't answer."""
    first = _schema(replace(system, collections={}), drivers)
    names = dict.fromkeys((*first.collections, *first.others))
    if not names:
        return first
    return _schema(replace(system, collections={n: Collection(system.name, n, (), {}) for n in names}), drivers)


def _schema(system: System, drivers: Drivers) -> Schema:
    driver = drivers(system)
    try:
        return driver.schema()
    finally:
        driver.close()


def described(schema: Schema) -> tuple[dict[str, LiveCollection], list[tuple[str, str]]]:
    """The collections that a catalog describes, and those that show rows of others (views, partitions), each with the reason."""
    parts = {part for live in schema.collections.values() if live.partitioned for part in live.parts}
    left: list[tuple[str, str]] = []
    found: dict[str, LiveCollection] = {}
    for name, live in schema.collections.items():
        if live.is_view:
            left.append((name, "It is a view: it shows rows of other collections."))
        elif name in parts:
            left.append((name, "It is a partition: the table it is of shows its rows."))
        else:
            found[name] = live
    left += [(name, "The system names it, but says nothing of its columns.") for name in schema.others]
    return found, left


def keyed(system: System, tables: Mapping[str, Table]) -> System:
    """The system as a catalog would describe it so far: every column, and what names a row."""
    made = {
        name: Collection(system.name, name, table.key, {column: Field(column) for column in table.columns})
        for name, table in tables.items()
    }
    return replace(system, collections=made)


def sampled(driver: Driver, name: str, cancel: Cancel) -> tuple[list[Mapping[str, Value]], str]:
    """A few records of one collection, or why there are none."""
    cancel.check()
    try:
        return driver.sample(name, SAMPLE, cancel), ""
    except CancelledError:
        raise
    except DeskError as error:
        return [], error.message
