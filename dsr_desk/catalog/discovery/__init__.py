"""Discovery: a first draft of a catalog file from a live system, every statement a guess with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dsr_desk.catalog.discovery.looking import Drivers, live
from dsr_desk.catalog.discovery.writing import listed, render
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.event import Step, Tell, silent
from dsr_desk.model.guess import Draft, Guess

__all__ = ["draft", "rendered"]


def draft(system: System, driver: Drivers, cancel: Cancel | None = None, tell: Tell = silent) -> Draft:
    """A draft catalog of a system that nobody described yet; ``system.collections`` is not looked at.

    ``driver`` makes a driver for a system; each is closed here. Nothing is written to the system, and nothing that was sampled is
    kept. ``UnreachableError`` where it doesn't answer, ``CancelledError`` where somebody wished to stop.
    """
    cancel = cancel or Cancel()
    schema = live(system, driver)
    guesses: list[Guess] = []
    columns: dict[str, tuple[str, ...]] = {}
    for done, (name, collection) in enumerate(schema.collections.items()):
        cancel.check()
        tell(Step(system.name, "checking", done, len(schema.collections), name))
        columns[name] = tuple(collection.columns)
        primary = [c.name for c in collection.columns.values() if c.primary_key]
        if primary:
            guesses.append(Guess(name, "", "key", f"key: {listed(primary)}", 1.0, ("the system's own primary key",), declared=True))
    head = [("system", system.name), ("driver", system.driver)]
    head += [(key, value) for key, value in (("url", system.url), ("path", system.path)) if value]
    made = Draft(system.name, "", tuple(guesses), (), tuple(head), columns)
    return replace(made, text=render(made))


def rendered(draft: Draft, choices: Mapping[int, str | None]) -> str:
    """The file's text with what a person chose: the index of a guess → the YAML that stands instead, ``None``: it is rejected."""
    return render(draft, choices)
