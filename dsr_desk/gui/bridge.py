"""Work off the GUI thread, and the only way back into it: a queue that a timer drains."""

from __future__ import annotations

import gc
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from dsr_desk.errors import DeskError
from dsr_desk.gui.messages import scrub
from dsr_desk.model.cancel import Cancel

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from dsr_desk.model.event import Event, Tell

T = TypeVar("T")

#: How often the queue is drained, in milliseconds, and how long one turn may take, in seconds.
TURN_MS = 50
TURN_BUDGET = 0.008
#: After it told of so many findings a worker pauses for so long, in seconds: else one that only computes takes every second turn
#: of the interpreter, and the window stutters while a flood comes in.
FLOOD = 100
PAUSE = 0.006
#: How many pieces of work run beside each other.
WORKERS = 4


def run_smoothly() -> None:
    """Let the window's thread have its turn while others work.

    A full collection of a hundred thousand findings stops everything for 100 ms and more, so it comes rarely; and a thread that
    only computes gives way after one millisecond instead of five.
    """
    gc.set_threshold(50_000, 50, 1000)
    sys.setswitchinterval(0.001)


class Job:
    """One piece of work: whether it still runs, and the wish to stop it."""

    def __init__(self, owner: QObject | None) -> None:
        self._cancel = Cancel()
        self._owner = owner
        self._running = True
        self._dropped = False

    @property
    def running(self) -> bool:
        """Whether it has not yet told its end."""
        return self._running

    def cancel(self) -> None:
        """Wish it to stop; it still ends by ``on_failed`` with a ``CancelledError`` (or by ``on_done`` if it was faster)."""
        self._cancel.cancel()

    def drop(self) -> None:
        """Stop it and call nobody back: its page is gone."""
        self._dropped = True
        self.cancel()

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return not self._dropped and (self._owner is None or shiboken6.isValid(self._owner))


class Bridge(QObject):
    """Runs work in threads. Every callback runs in the GUI thread, in order, the end exactly once, and none after its page is gone.

    A signal per finding would stall the window; so workers only append to a queue, and a timer works it off for at most
    ``TURN_BUDGET`` a turn.
    """

    _ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool: ThreadPoolExecutor | None = None
        self._queue: deque[tuple[Job, Callable[[Any], None], Any, bool]] = deque()
        self._jobs: set[Job] = set()
        self._draining = False
        self._timer = QTimer(self)
        self._timer.setInterval(TURN_MS)
        self._timer.timeout.connect(self._drain)
        self._ended.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[Tell, Cancel], T],
        *,
        on_done: Callable[[T], None],
        on_failed: Callable[[DeskError], None],
        on_event: Callable[[Event], None] | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Start ``work(tell, cancel)`` in a thread.

        It ends by exactly one of ``on_done`` and ``on_failed``. ``owner`` is the widget whose end makes the callbacks
        pointless; by default the one that ``on_done`` is a method of.
        """
        bound = getattr(on_done, "__self__", None)
        job = Job(owner or (bound if isinstance(bound, QObject) else None))
        self._jobs.add(job)
        queue = self._queue

        def tell(event: Event) -> None:
            if on_event is not None:
                queue.append((job, on_event, event, False))
                if len(getattr(event, "findings", ())) >= FLOOD:
                    time.sleep(PAUSE)

        def worker() -> None:
            end: Callable[[Any], None] = on_failed
            outcome: Any
            try:
                job._cancel.check()
                outcome = work(tell, job._cancel)
                end = on_done
            except BaseException as error:  # noqa: BLE001  # whatever it is, the page must hear that the work ended
                outcome = scrub(error)
            queue.append((job, end, outcome, True))
            if shiboken6.isValid(self):
                self._ended.emit()

        if self._pool is None:
            from concurrent.futures import ThreadPoolExecutor  # not before the first work: the window is there sooner

            self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="desk")
        self._pool.submit(worker)
        self._timer.start()
        return job

    def close(self) -> None:
        """Stop everything; nobody is called back. Threads that are at work end by themselves."""
        for job in self._jobs:
            job.drop()
        self._timer.stop()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def busy(self) -> bool:
        """Whether any work has not yet told its end."""
        return bool(self._jobs)

    def _drain(self) -> None:
        if self._draining:  # a callback opened a dialog: its event loop must not overtake the queue
            return
        self._draining = True
        until = time.perf_counter() + TURN_BUDGET
        try:
            while self._queue:
                job, call, payload, last = self._queue.popleft()
                if last:
                    job._running = False
                    self._jobs.discard(job)
                if job.wanted:
                    call(payload)
                if time.perf_counter() >= until:
                    break
        finally:
            self._draining = False
        if not self._jobs and not self._queue:
            self._timer.stop()
