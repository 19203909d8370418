"""Discovery: a first draft of a catalog file from a live system, every statement a guess with its evidence.

``looking`` reads the schema and a few records of one collection at a time; ``tables`` and ``naming`` say what names
mean (``lexicon``, ``wordlists``), ``values`` and ``meaning`` what columns hold; ``links`` and ``several`` which column may point
where, and ``trying`` asks the live system; ``persons`` and ``owners`` decide whose the rows are, ``erasing`` proposes what becomes
of them; ``making`` does one after the other, ``drafting`` makes the guesses, and ``writing`` the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dsr_desk.catalog.discovery.writing import render
from dsr_desk.drivers.base import Driver
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.event import Tell, silent
from dsr_desk.model.guess import Draft

__all__ = ["draft", "rendered"]


def draft(system: System, driver: Callable[[System], Driver], cancel: Cancel | None = None, tell: Tell = silent) -> Draft:
    """A draft catalog of a system that nobody described yet; ``system.collections`` is not looked at.

    ``driver`` makes a driver for a system; each is closed here. Nothing is written to the system, and nothing that was sampled is
    kept. ``UnreachableError`` where it doesn't answer, ``CancelledError`` where somebody wished to stop.
    """
    from dsr_desk.catalog.discovery.making import made  # with its word lists, which no window needs that starts

    return made(system, driver, cancel or Cancel(), tell)


def rendered(draft: Draft, choices: Mapping[int, str | None]) -> str:
    """The file's text with what a person chose: the index of a guess → the YAML that stands instead, ``None``: it is rejected."""
    return render(draft, choices)
