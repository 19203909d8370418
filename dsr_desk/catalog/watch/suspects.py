"""Columns that nobody described and that look personal: by their names, and by what a few of their values are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsr_desk.model.catalog import Collection
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value

#: How sure a guess has to be to be told: a column whose name only hints at something is told of as unknown anyway.
_SURE = 0.6


@dataclass(frozen=True, slots=True)
class Suspect:
    """A column that looks like ``category`` (or like the identity ``identity``), and why. No value stands in ``evidence``."""

    column: str
    category: str
    identity: str = ""
    evidence: str = ""
    special: bool = False


def suspects(
    collection: Collection, columns: Sequence[Column], records: Sequence[Mapping[str, Value]], region: str | None
) -> tuple[Suspect, ...]:
    """Those of the columns that look personal, judged as a draft of the catalog would judge them. The records are not kept."""
    return tuple(_suspects(collection, columns, records, region)) if columns else ()


def _suspects(
    collection: Collection, columns: Sequence[Column], records: Sequence[Mapping[str, Value]], region: str | None
) -> Iterator[Suspect]:
    from dsr_desk.catalog.discovery.meaning import guessed  # its word lists are read when they are needed
    from dsr_desk.catalog.discovery.naming import words
    from dsr_desk.catalog.discovery.values import looks

    for column in columns:
        guess = guessed(column, words(collection.name), looks((r.get(column.name) for r in records), region), collection.subject)
        if guess is not None and guess.confidence >= _SURE:
            said = guess.meaning
            yield Suspect(column.name, said.category, said.identity or "", ", ".join(guess.evidence), said.special)
