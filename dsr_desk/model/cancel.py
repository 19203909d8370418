"""Stopping work that runs elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dsr_desk.errors import CancelledError


class Cancel:
    """A wish to stop that reaches every connection that is at work. Safe to use from several threads."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Stop: calls every registered ``stop`` once. Calling it again does nothing."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            stops = list(self._stops)
        for stop in stops:
            stop()

    @property
    def cancelled(self) -> bool:
        """Whether somebody wished to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise ``CancelledError`` if somebody wished to stop."""
        if self._event.is_set():
            raise CancelledError("Stopped.", "Nothing more was done. Start it again when you want to go on.")

    @contextmanager
    def stops_with(self, stop: Callable[[], None]) -> Iterator[None]:
        """While the block runs, a cancel also calls ``stop`` (from the cancelling thread)."""
        with self._lock:
            self._stops.append(stop)
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)
