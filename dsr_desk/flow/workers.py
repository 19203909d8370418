"""Threads and processes: one thread a system, and a spawned process pool for drivers whose work is done in Python.

Never forked: a fork beside Qt or beside database threads copies locks that nobody will ever release.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

from dsr_desk.errors import CancelledError, UnreachableError
from dsr_desk.model.cancel import Cancel

T = TypeVar("T")


class Workers:
    """Runs jobs in a thread per system, so that a connection is only ever used by the thread that made it.

    With ``processes``, ``in_process`` uses a pool of them, made at the first use; without, it runs where it is called
    (a terminal has no window to keep alive). ``close`` waits for the threads.
    """

    def __init__(self, processes: bool = False) -> None:
        self._processes = processes
        self._threads: dict[str, ThreadPoolExecutor] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def each(self, jobs: Mapping[str, Callable[[], T]]) -> Iterator[tuple[str, Future[T]]]:
        """Run one job a system, all at once; gives each as it ends."""
        futures = {self._thread(system).submit(job): system for system, job in jobs.items()}
        for future in as_completed(futures):
            yield futures[future], future

    def start(self, system: str, job: Callable[[], T]) -> Future[T]:
        """Run one job on the system's own thread, after what it has to do already."""
        return self._thread(system).submit(job)

    def leave(self, system: str, last: Callable[[], object]) -> None:
        """Wait for this system's thread no longer: it may never come back. If it does, it runs ``last`` and ends."""
        executor = self._threads.pop(system, None)
        if executor is not None:
            executor.submit(last)
            executor.shutdown(wait=False)

    def on(self, system: str, job: Callable[[], T]) -> T:
        """Run one job on the system's own thread and wait for it."""
        return self._thread(system).submit(job).result()

    def in_process(self, cancel: Cancel, function: Callable[..., T], *args: object) -> T:
        """Run a top-level function in another process; a cancel ends that process."""
        if not self._processes:
            return function(*args)
        with self._lock:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(max_workers=2, mp_context=context)
            pool = self._pool
        with cancel.stops_with(lambda: self._kill(pool)):
            try:
                return pool.submit(function, *args).result()
            except BrokenProcessPool as error:
                cancel.check()
                raise UnreachableError(
                    "The process that reads files ended unexpectedly.", "Free some memory and try again."
                ) from error

    def close(self) -> None:
        """Give back all threads and processes."""
        for executor in self._threads.values():
            executor.shutdown(wait=True, cancel_futures=True)
        self._threads.clear()
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _thread(self, system: str) -> ThreadPoolExecutor:
        if system not in self._threads:
            self._threads[system] = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"system-{system}")
        return self._threads[system]

    def _kill(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        for process in list((pool._processes or {}).values()):  # the executor has no public way to end its children
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)


#: More processes than this only wait for whoever hands them work.
_MOST_PROCESSES = 4


@contextmanager
def processes() -> Iterator[Executor | None]:
    """Spawned processes, one a processor, until the block ends; ``None`` on a computer with one processor."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if count < 2:
        yield None
        return
    pool = ProcessPoolExecutor(min(count, _MOST_PROCESSES), multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


#: So many more objects than were given back before Python looks for unreachable ones: making a hundred thousand small ones that all
#: stay would otherwise have it look through the same ones again and again.
_MANY_OBJECTS = 100_000
_making = threading.Lock()
_makers = 0
_usual = gc.get_threshold()


@contextmanager
def making_many() -> Iterator[None]:
    """While the block runs, many objects are made that stay: Python looks for unreachable ones less often, in every thread."""
    global _makers, _usual
    with _making:
        if not _makers:
            _usual = gc.get_threshold()
            gc.set_threshold(_MANY_OBJECTS, *_usual[1:])
        _makers += 1
    try:
        yield
    finally:
        with _making:
            _makers -= 1
            if not _makers:
                gc.set_threshold(*_usual)


def result(future: Future[T]) -> T:
    """A job's result; a future that was cancelled reads as ``CancelledError``."""
    if future.cancelled():
        raise CancelledError("Stopped.", "Start it again when you want to go on.")
    return future.result()
