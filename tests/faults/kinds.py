"""The kinds of faults by name, and their cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from dsr_desk import rights as folder
from dsr_desk.plugins import plugins
from dsr_desk.rights.base import Right
from tests.faults import calls, down, drift, durable, lines, mutants, pairs, randomly, wire
from tests.faults.case import Case
from tests.faults.place import ERASURE, RECTIFICATION, Place

#: A kind: its cases at a place, by a seed; with a sample, about so many of them.
Kind = Callable[[Place, int, int], Iterator[Case]]

ALL: Mapping[str, Kind] = {
    "lines": lines.cases,
    "again": lines.again,
    "calls": calls.cases,
    "durable": durable.cases,
    "random": randomly.cases,
    "drift": drift.cases,
    "down": down.cases,
    "wire": wire.cases,
    "pairs": pairs.cases,
    "mutants": mutants.cases,
}


def cases(place: Place, wanted: Sequence[str], seed: int, sample: int) -> Iterator[Case]:
    """Those of the kinds that are wanted, or of all."""
    for name in wanted or ALL:
        yield from ALL[name](place, seed, sample)


def rights() -> tuple[str, ...]:
    """The rights whose plans are carried out here."""
    return tuple(name for name in (ERASURE, RECTIFICATION) if name in plugins(folder, Right))
