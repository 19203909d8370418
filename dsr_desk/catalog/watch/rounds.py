"""All systems at once, each with its own patience: a slow or dead one delays no other, and times out alone."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from dsr_desk.errors import CancelledError
from dsr_desk.model.cancel import Cancel

T = TypeVar("T")

#: How often a wish to stop is looked for, and how long whoever was told to stop may take to do so, in seconds.
_OFTEN = 0.1
_GRACE = 1.0


def all_at_once(jobs: Mapping[str, Callable[[Cancel], T]], patience: float, cancel: Cancel) -> dict[str, T]:
    """What each job gave, for those that came back within ``patience`` seconds; the others were told to stop.

    A thread a job, so that dead ones take nobody's place; they are daemons, so that one that never comes back keeps no program
    open. ``CancelledError`` where somebody wished to stop all; whatever else a job raises is raised here.
    """
    came: queue.Queue[tuple[str, T | BaseException]] = queue.Queue()
    wishes = {name: Cancel() for name in jobs}

    def run(name: str, job: Callable[[Cancel], T]) -> None:
        try:
            came.put((name, job(wishes[name])))
        except BaseException as error:  # noqa: BLE001  # raised again by whoever waits
            came.put((name, error))

    found: dict[str, T] = {}
    with ExitStack() as stack:
        for wish in wishes.values():
            stack.enter_context(cancel.stops_with(wish.cancel))
        for name, job in jobs.items():
            threading.Thread(target=run, args=(name, job), name=f"watch-{name}", daemon=True).start()
        end = time.monotonic() + patience
        missing = set(jobs)
        while missing and time.monotonic() < end + _GRACE:
            cancel.check()
            if time.monotonic() >= end:
                for name in missing:
                    wishes[name].cancel()
            try:
                name, given = came.get(timeout=_OFTEN)
            except queue.Empty:
                continue
            missing.discard(name)
            if isinstance(given, CancelledError):
                cancel.check()
            elif isinstance(given, BaseException):
                raise given
            else:
                found[name] = given
    return found


@contextmanager
def no_longer_than(seconds: float, cancel: Cancel) -> Iterator[Cancel]:
    """A wish to stop that is made by itself after so many seconds, and when ``cancel`` is."""
    within = Cancel()
    timer = threading.Timer(max(seconds, 0.0), within.cancel)
    timer.daemon = True
    with cancel.stops_with(within.cancel):
        timer.start()
        try:
            yield within
        finally:
            timer.cancel()
