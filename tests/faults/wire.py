"""PostgreSQL cut off at every message of a run, the COMMIT among them, before the server has it or after it has answered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

from tests.faults import child, proxy
from tests.faults.case import Case, Fault
from tests.faults.oracle import Oracle
from tests.faults.place import Place
from tests.faults.proxy import Cut


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """All cuts, or a ``sample`` of so many."""
    draw = random.Random(seed)
    every = [
        Case("connection cut", f"{right} {cut}", partial(_one, right, cut))
        for right in place.refs
        for message in range(_messages(place, right) + 1)  # 0: the server is not there at all
        for cut in (Cut(message, answered, back) for answered in (False, True) for back in (True, False))
    ]
    yield from draw.sample(every, min(sample, len(every))) if sample else every


def _messages(place: Place, right: str) -> int:
    with place.copy() as here, proxy.wire(place.database) as wire:
        status = child.run(lambda: child.apply(here, place.refs[right], wire.use))
        assert status == 0, status
        return wire.messages()


def _one(right: str, cut: Cut, place: Place) -> Fault:
    with place.copy() as here:
        oracle = Oracle(place, here, right)
        with proxy.wire(place.database, cut) as wire:
            status = child.run(lambda: child.apply(here, place.refs[right], wire.use))
            happened = wire.messages() >= cut.message
        oracle.ended(status, 0, 3, 4)
        oracle.at_the_fault()
        oracle.finished()
    return Fault(1, happened, oracle.wrong)
