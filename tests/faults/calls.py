"""A disk that fails: at every system call of a run that names one of its files, once or from then on, and a kill at each."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from tests.faults import strace
from tests.faults.case import Case, Fault
from tests.faults.oracle import Oracle
from tests.faults.place import ERASURE, Place
from tests.servers import missing

#: The calls that change something, and those that only look.
WRITING = (
    *("write", "pwrite64", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "fallocate", "rename", "renameat", "renameat2"),
    *("unlink", "unlinkat", "openat", "fchmod", "fchown", "fsetxattr", "mkdir"),
)
READING = ("read", "pread64", "newfstatat", "lseek", "fcntl", "flock", "getdents64", "listxattr", "flistxattr", "close")


@dataclass(frozen=True)
class Point:
    """The n-th call of that name on that file, by one thread in one phase of the run."""

    phase: int
    path: str
    name: str
    number: int


def points(place: Place, right: str) -> dict[Point, None]:
    """Every such call of an undisturbed run."""
    with place.copy() as here:
        status, log = strace.apply(place, right, here)
        assert status == 0, status
        seen: Counter[tuple[int, str, str, str]] = Counter()
        found: dict[Point, None] = {}
        for call in strace.calls(here.folder, log):
            if call.name in WRITING + READING:
                for path in dict.fromkeys(call.paths):
                    at = call.phase, path, call.name
                    seen[(*at, call.thread)] += 1
                    found[Point(*at, seen[(*at, call.thread)])] = None
    return found


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """Every fault at every point, or a ``sample`` of so many."""
    if reason := strace.missing():
        missing(reason)
    draw = random.Random(seed)
    for right in place.refs:
        every = [
            Case(f"{fault} at a system call", f"{right} {point}{' and from then on' if lasting else ''}", act)
            for point in points(place, right)
            for fault, lasting in _faults(point.name)
            for act in [partial(_one, right, point, fault, lasting)]
        ]
        chosen = every if right == ERASURE else draw.sample(every, len(every) // 5)
        yield from draw.sample(chosen, min(sample, len(chosen))) if sample else chosen


def _faults(name: str) -> Iterator[tuple[str, bool]]:
    yield "EIO", False
    if name in WRITING:
        yield from (("EIO", True), ("ENOSPC", False), ("ENOSPC", True), ("SIGKILL", False))


def _one(right: str, point: Point, fault: str, lasting: bool, place: Place) -> Fault:
    how = "signal=SIGKILL" if fault == "SIGKILL" else f"error={fault}"
    with place.copy() as here:
        oracle = Oracle(place, here, right)
        inject = f"inject={point.name}:{how}:when={point.number}{'+' if lasting else ''}"
        path = here.folder if point.path == "." else here.folder / point.path
        more = ["-P", str(path), "-e", f"trace={point.name}", "-e", inject]
        status, log = strace.apply(place, right, here, more, point.phase)
        # Done in spite of it, or in words why not (SQLite calls what it can't read damaged), never with a traceback.
        oracle.ended(status, *([-signal.SIGKILL, 0] if fault == "SIGKILL" else [0, 1, 3, 4]))
        oracle.at_the_fault()
        oracle.finished()
    return Fault(1, "(INJECTED)" in log or status < 0, oracle.wrong)
