"""Reading a live system for the first time: its names, columns and keys, and a few records of one collection at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from dsr_desk.drivers.base import Driver
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.schema import LiveCollection, Schema

Drivers = Callable[[System], Driver]


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


def keyed(system: System, collections: Mapping[str, LiveCollection], keys: Mapping[str, tuple[str, ...]]) -> System:
    """The system as a catalog would describe it so far: every column, and what names a row."""
    made = {
        name: Collection(system.name, name, keys.get(name, ()), {column: Field(column) for column in live.columns})
        for name, live in collections.items()
    }
    return replace(system, collections=made)
