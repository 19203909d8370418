"""In which order bytes become durable, read off the system calls: nothing is announced before it would survive a power cut."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from functools import partial

from tests.faults import strace
from tests.faults.case import Case, Fault
from tests.faults.oracle import Oracle
from tests.faults.place import Place
from tests.faults.strace import Call
from tests.servers import missing

#: The files that are rewritten, in the order of the run.
FILES = ("desk.xlsx", "news.csv")
JOURNAL = "workspace.db-wal"
_WRITES = ("write", "pwrite64", "writev", "pwritev")
_SYNCS = ("fsync", "fdatasync")


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """Each rule, over the log of one run of each right."""
    if reason := strace.missing():
        missing(reason)
    for right in place.refs:
        yield Case("order of what becomes durable", f"{right} run", partial(_run, right))
        for file in FILES:
            yield Case("order of what becomes durable", f"{right} {file} after a kill", partial(_recovery, right, file))


def _run(right: str, place: Place) -> Fault:
    with place.copy() as here:
        status, log = strace.apply(place, right, here)
        calls = list(strace.calls(here.folder, log))
    wrong = [] if status == 0 else [f"the run ended with {status}"]
    for file in FILES:
        wrong += _swapped(calls, file)
    wrong += _workspace(calls)
    return Fault(1, 1, wrong)


def _swapped(calls: list[Call], file: str) -> list[str]:
    """Write → fsync → the journal's *committing* is durable → rename → fsync of the folder → the journal's *done*."""
    new = f".{file}.dsr-desk-new"
    renamed = [i for i, c in enumerate(calls) if c.name.startswith("rename") and c.paths[:2] == (new, file)]
    if len(renamed) != 1:
        return [f"{file} was renamed {len(renamed)} times"]
    before, after = calls[: renamed[0]], calls[renamed[0] :]
    written = _last(before, _WRITES, new)
    synced = _last(before, _SYNCS, new)
    announced = [i for i in _all(before, _SYNCS, JOURNAL) if i > synced]
    folder = next(iter(_all(after, _SYNCS, ".")), -1)
    told = next(iter(_all(after, _WRITES, JOURNAL)), -1)
    wrong = []
    if not 0 <= written < synced:
        wrong.append(f"{file} was renamed before its bytes were durable")
    if not announced:
        wrong.append(f"{file} was renamed before its evidence was durable")
    if not 0 <= folder < told:
        wrong.append(f"{file} was called done before its name was durable")
    if any(c.name in _WRITES and file in c.paths for c in calls[: renamed[0]]):
        wrong.append(f"{file} was written to in place")
    return wrong


def _workspace(calls: list[Call]) -> list[str]:
    """Every transaction of the workspace is synced before the next begins, and before the next system is written to."""
    wrong = []
    phases = sorted({c.phase for c in calls if c.phase})
    for phase in phases:
        here = [c for c in calls if c.phase == phase]
        written = _last(here, _WRITES, JOURNAL)
        if written >= 0 and _last(here, _SYNCS, JOURNAL) < written:
            wrong.append(f"transaction {phase} of the workspace was not durable when it ended")
    if len(phases) < 10:
        wrong.append(f"only {len(phases)} transactions were seen")
    return wrong


def _recovery(right: str, file: str, place: Place) -> Fault:
    """Killed between the rename and the folder's fsync, twice: the next run, too, makes the name durable before it says *done*."""
    system = file.split(".")[0]
    with place.copy() as here:
        _, log = strace.apply(place, right, here)
        phase = next(c.phase for c in strace.calls(here.folder, log) if c.name.startswith("rename") and file in c.paths)
    with place.copy() as here:
        oracle = Oracle(place, here, right)
        at_the_folder = ["-P", str(here.folder), "-e", "trace=fsync", "-e", "inject=fsync:signal=SIGKILL:when=1"]
        for first in (phase, 0):
            status, _ = strace.apply(place, right, here, at_the_folder, first)
            oracle.ended(status, -signal.SIGKILL)
            oracle.at_the_fault()
            wrong = [] if place.systems(here)[system] == place.after[right][system] else [f"killed before {file} was renamed"]
            if oracle.said_done(system):
                wrong.append(f"{file} was called done before its name was durable")
            oracle.wrong += wrong
        oracle.finished()
    return Fault(2, 2, oracle.wrong)


def _all(calls: Iterable[Call], names: Iterable[str], path: str) -> list[int]:
    return [i for i, c in enumerate(calls) if c.name in names and path in c.paths]


def _last(calls: list[Call], names: Iterable[str], path: str) -> int:
    return max(_all(calls, names, path), default=-1)
