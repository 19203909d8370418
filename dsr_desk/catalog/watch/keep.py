"""The facts that are kept with a version of the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from dsr_desk import __version__
from dsr_desk.catalog.watch.facts import CollectionFacts, Facts, SystemFacts, facts_of
from dsr_desk.catalog.watch.look import Look


def facts_now(looks: Mapping[str, Look], before: Facts, version: int) -> Facts:
    """What the systems showed, for version number ``version``. One that did not answer keeps what it last showed.

    So does a collection that could not be looked into: its columns are new, its counts are those from before.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    last = before.named
    systems = [_one(seen, last.get(name), at, version) for name, seen in looks.items() if not seen.by_hand]
    return Facts(__version__, tuple(s for s in systems if s is not None))


def _one(seen: Look, last: SystemFacts | None, at: str, version: int) -> SystemFacts | None:
    if seen.schema is None:
        return last
    known = last.named if last else {}
    return facts_of(
        seen.system.name, seen.schema, (_collection(seen, name, known.get(name)) for name in seen.collections), at, version
    )


def _collection(seen: Look, name: str, last: CollectionFacts | None) -> CollectionFacts:
    now = seen.facts(name)
    if now.filled is None and last is not None:
        return replace(last, columns=now.columns, unique=now.unique, foreign=now.foreign, is_view=now.is_view)
    return now
