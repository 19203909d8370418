"""Ended from outside at a random moment, up to three times in a row, and then finished."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from functools import partial

from tests.faults import child
from tests.faults.case import Case, Fault
from tests.faults.oracle import Oracle
from tests.faults.place import Place

KILLS = 1000
#: The longest that a run is left alone, in seconds: a little more than most of them take.
LONGEST = 0.15


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """So many kills, those of recoveries included."""
    draw = random.Random(seed)
    left = sample or KILLS
    while left > 0:
        right = draw.choice(sorted(place.refs))
        delays = [draw.uniform(0.001, LONGEST) for _ in range(min(left, draw.choice((1, 1, 2, 3))))]
        left -= len(delays)
        times = ", ".join(f"{d * 1000:.1f}" for d in delays)
        yield Case("random kill", f"{right} after {times} ms", partial(_one, right, delays))


def _one(right: str, delays: list[float], place: Place) -> Fault:
    happened = 0
    with place.copy() as here:
        oracle = Oracle(place, here, right)
        for delay in delays:
            # The kernel ends it, wherever it is: nobody in it handles that signal.
            status = child.run(
                lambda d=delay: child.apply(here, place.refs[right], partial(signal.setitimer, signal.ITIMER_REAL, d))
            )
            oracle.ended(status, 0, -signal.SIGALRM)
            happened += status != 0
            oracle.at_the_fault()
        oracle.finished()
    return Fault(len(delays), happened, oracle.wrong)
