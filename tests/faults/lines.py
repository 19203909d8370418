"""Killed at every line that a run executes, in every state of its files, and again at the lines of its recovery.

Between two changes of the files a kill at a line leaves the same bytes whichever time it was reached, so each line is taken once
in each state. What a database holds is bounded by the same: the journal's file changes before and after each commit.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from functools import partial

from tests.faults import child
from tests.faults.case import Case, Fault
from tests.faults.child import Line
from tests.faults.oracle import Oracle
from tests.faults.place import ERASURE, Place
from tests.flow.world import World

#: What neither reads nor writes anything but memory, apart from a catalog's files.
_COMPUTING = ("catalog/", "model/", "audit/canonical.py")


def executed(place: Place, right: str = ERASURE, after: Line | None = None) -> dict[tuple[Line, int], None]:
    """The lines of a run, or of the recovery of a run that was killed at ``after``, each with the state of the files."""
    ref = place.refs[right]
    with place.copy("counted") as here:
        if after is not None:
            _killed(place, right, here, after)
        desk = here.desk()
        with desk.workspace:
            stop = child.record_lines(here.folder)
            try:
                desk.apply(ref)
            finally:
                lines = stop()
    return lines


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """All of them, or a ``sample`` of so many drawn with the seed."""
    draw = random.Random(seed)
    for right in place.refs:
        lines = _worth(executed(place, right), right == ERASURE)
        chosen = sorted(draw.sample(lines, min(sample, len(lines)))) if sample else lines
        for number, line in enumerate(chosen):
            yield Case("kill at a line", f"{right} {line}", partial(_one, right, (line,), number % 20 == 0))


def again(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """Kills of the recovery: one first death for each state of the files, and lines of the recovery after it."""
    draw = random.Random(seed)
    for right in place.refs:
        deaths: dict[int, Line] = {}
        for line, state in executed(place, right):
            deaths.setdefault(state, line)
        firsts = list(deaths.values())
        for first in draw.sample(firsts, min(len(firsts), 2)) if sample else firsts:
            lines = [line for line, _ in executed(place, right, after=first)]
            for second in draw.sample(lines, min(len(lines), sample or 20)):
                name = f"{right} {first}, then {second}"
                yield Case("kill at a line of the recovery", name, partial(_one, right, (first, second), False))


def _worth(lines: dict[tuple[Line, int], None], thorough: bool) -> list[Line]:
    """Every line once in each state of the files, and those that only compute at their first time.

    Where not ``thorough``, the first time of those that don't only compute.
    """
    once: set[tuple[str, int]] = set()
    chosen = []
    for line, _ in lines:
        first, computes = (line.file, line.number) not in once, line.file.startswith(_COMPUTING)
        once.add((line.file, line.number))
        if (first or not computes) if thorough else (first and not computes):
            chosen.append(line)
    return chosen


def _one(right: str, deaths: tuple[Line, ...], verify: bool, place: Place) -> Fault:
    happened = 0
    with place.copy() as here:
        oracle = Oracle(place, here, right)
        for line in deaths:
            status = _killed(place, right, here, line)
            oracle.ended(status, 0, -signal.SIGKILL)
            happened += status != 0
            oracle.at_the_fault()
        oracle.finished(verify)
    return Fault(1, happened == len(deaths), oracle.wrong)


def _killed(place: Place, right: str, here: World, line: Line) -> int:
    return child.run(lambda: child.apply(here, place.refs[right], partial(child.kill_at, line)))
