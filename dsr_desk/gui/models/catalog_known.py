"""What the program knows that may be written into a catalog file: for completion, and for the form's choices."""

from __future__ import annotations

from collections.abc import Sequence

import dsr_desk.drivers
import dsr_desk.strategies
from dsr_desk.catalog.complete import Known
from dsr_desk.drivers.base import Driver
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.model.schema import Schema
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy


def known(catalog: Catalog | None, system: System | None, schema: Schema | None, connectors: Sequence[str]) -> Known:
    """All of it for one system. Targets in other systems are written with the system's name before them."""
    columns = {name: tuple(live.columns) for name, live in schema.collections.items()} if schema else {}
    return Known(
        strategies=plugins(dsr_desk.strategies, Strategy),
        drivers=tuple(sorted(plugins(dsr_desk.drivers, Driver))),
        connectors=connectors,
        tables=schema.others if schema else (),
        columns=columns,
        targets=targets(catalog, system.name if system else ""),
    )


def targets(catalog: Catalog | None, system: str) -> tuple[str, ...]:
    """Every key that a reference may point to, those of this system first: ``customers.id``, ``crm/contacts.id``."""
    own, others = [], []
    for collection in catalog.collections() if catalog else ():
        if len(collection.key) == 1:
            to = f"{collection.name}.{collection.key[0]}"
            if collection.system == system:
                own.append(to)
            else:
                others.append(f"{collection.system}/{to}")
    return (*own, *others)
