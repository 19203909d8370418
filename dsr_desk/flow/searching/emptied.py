"""Nothing was found where nothing is left: a search that says so, instead of a success that is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from dsr_desk.catalog.watch.facts import CollectionFacts, Facts, SystemFacts
from dsr_desk.catalog.watch.rounds import no_longer_than
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import DeskError
from dsr_desk.flow.search import Searched
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.workers import result
from dsr_desk.model.cancel import Cancel

#: How long one system may be asked whether its collections have any record, in seconds.
_PATIENCE = 5.0


def with_emptied(systems: Systems, searched: Searched, accepted: Facts, cancel: Cancel) -> Searched:
    """The search, with a note on each system where a collection that was asked and gave nothing is empty now, and was not before.

    Only such collections are asked for one record more; a search that found something everywhere costs nothing here.
    """
    before = accepted.named
    silent = _silent(searched, before)
    notes: dict[str, tuple[str, ...]] = {}
    for name, future in systems.each(silent, partial(_empty, systems, silent, cancel)):
        empty = result(future)
        had = before[name].named
        notes[name] = tuple(_note(had[c], before[name]) for c in silent[name] if c in empty)
        if None in empty:
            notes[name] += ("Whether all of its collections still have records could not be told.",)
    if not any(notes.values()):
        return searched
    states = tuple(replace(s, notes=notes.get(s.system, ())) for s in searched.result.systems)
    return replace(searched, result=replace(searched.result, systems=states))


def _silent(searched: Searched, before: Mapping[str, SystemFacts]) -> dict[str, list[str]]:
    """Of each system that answered, the collections that gave no row at all and had some when the catalog was accepted."""
    found: dict[str, list[str]] = {}
    for state in searched.result.systems:
        facts = before.get(state.system)
        if state.status != "searched" or facts is None:
            continue
        asked = searched.answers.asked(state.system)
        gave = {group.collection for group, told in asked if any(told.values())}
        silent = {group.collection for group, _ in asked} - gave
        named = [c.name for c in facts.collections if c.name in silent and c.had]
        if named:
            found[state.system] = named
    return found


def _empty(systems: Systems, silent: Mapping[str, Sequence[str]], cancel: Cancel, driver: Driver) -> set[str | None]:
    """Which of them have no record now; ``None`` is among them where that could not be told of all."""
    empty: set[str | None] = set()
    with no_longer_than(_PATIENCE, cancel) as within:
        for name in silent[driver.system.name]:
            try:
                if name in driver.system.collections and not systems.has_records(driver, name, within):
                    empty.add(name)
            except DeskError:
                cancel.check()
                empty.add(None)
    return empty


def _note(had: CollectionFacts, facts: SystemFacts) -> str:
    return (
        f"{had.name} is empty: 0 records, {had.had} when the catalog was accepted on {facts.at[:10]}. Nothing found proves nothing."
    )
