"""Looking at a whole system: every collection once, one at a time; what is kept of its records are counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from dsr_desk.catalog.discovery import links, several
from dsr_desk.catalog.discovery.drafting import Seen, guesses
from dsr_desk.catalog.discovery.looking import Drivers, described, keyed, live, sampled
from dsr_desk.catalog.discovery.owners import Standing, standing
from dsr_desk.catalog.discovery.persons import SURE, Person, persons
from dsr_desk.catalog.discovery.tables import Index, tables
from dsr_desk.catalog.discovery.trying import tried
from dsr_desk.catalog.discovery.values import Looks, looks
from dsr_desk.catalog.discovery.writing import render
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.event import Step, Tell
from dsr_desk.model.guess import Draft


def made(system: System, driver: Drivers, cancel: Cancel, tell: Tell) -> Draft:
    """A draft of a system, see ``dsr_desk.catalog.discovery.draft``."""
    schema = live(system, driver)
    there, unread = described(schema)
    seen, failed = _seen(system, driver, Index(tables(there)), cancel, tell)
    head = [("system", system.name), ("driver", system.driver)]
    head += [(key, value) for key, value in (("url", system.url), ("path", system.path), ("region", system.region)) if value]
    if system.options:
        head.append(("options", json.dumps(dict(system.options), ensure_ascii=True)))
    columns = {name: tuple(table.columns) for name, table in seen.tables.items()}
    whole = Draft(system.name, "", tuple(guesses(seen)), (*unread, *failed), tuple(head), columns)
    return replace(whole, text=render(whole))


def _seen(system: System, driver: Drivers, index: Index, cancel: Cancel, tell: Tell) -> tuple[Seen, list[tuple[str, str]]]:
    """Look at every collection once; what is kept of its records are counts."""
    maybe = persons(index.tables, links.candidates(index, {n: 0.5 for n, t in index.tables.items() if t.rank}), {})
    possible = links.candidates(index, {name: person.sure for name, person in maybe.items()})
    seen: dict[str, dict[str, Looks]] = {}
    results = {}
    failed: list[tuple[str, str]] = []
    opened = driver(keyed(system, index.tables))
    try:
        for done, table in enumerate(index.tables.values()):
            tell(Step(system.name, "checking", done, len(index.tables), table.name))
            rows, error = sampled(opened, table.name, cancel)
            if error:
                failed.append((table.name, error))
            seen[table.name] = {c: looks((row.get(c) for row in rows), system.region) for c in table.columns}
            possible[table.name] += several.links(table, index, possible[table.name], rows)
            results[table.name] = tried(opened, possible[table.name], possible, maybe, rows, cancel)
    finally:
        opened.close()
    found = _surest(persons(index.tables, possible, seen))
    stand: dict[str, list[Standing]] = {
        name: standing(possible[name], results[name], table, found) for name, table in index.tables.items()
    }
    return Seen(system.name, index.tables, found, stand, seen), failed


def _surest(found: Mapping[str, Person]) -> dict[str, Person]:
    """Those that are sure enough; where none is, the one that is most so."""
    sure = {name: person for name, person in found.items() if person.sure >= SURE}
    return sure or dict(list(found.items())[:1])
