"""Feeds a model in slices, so that a hundred thousand findings that arrive at once never stall the window."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from dsr_desk.gui.models.findings_model import FindingsModel
from dsr_desk.model.finding import Finding

#: Findings a slice, and the seconds that one turn of the event loop may spend.
SLICE = 250
BUDGET = 0.006
#: New rows are shown so often, in seconds.
SHOW_EVERY = 0.15


class Feeder(QObject):
    """``add`` what is found; ``finish`` with the final result, and hear when all of it is shown."""

    def __init__(self, model: FindingsModel, on_fed: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._on_fed = model, on_fed
        self._waiting: deque[Sequence[Finding]] = deque()
        self._final: Sequence[Finding] = ()
        self._finished: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._shown = 0.0
        self._timer.timeout.connect(self._feed)

    def clear(self) -> None:
        """Forget what waits, and what is shown."""
        self._waiting.clear()
        self._final, self._finished = (), None
        self._timer.stop()
        self._model.clear()

    def add(self, findings: Sequence[Finding]) -> None:
        """Show these as soon as there is time."""
        self._waiting.extend(findings[i : i + SLICE] for i in range(0, len(findings), SLICE))
        self._timer.start()

    def finish(self, findings: Sequence[Finding], finished: Callable[[], None]) -> None:
        """Show exactly these in the end, then call ``finished``."""
        self._final, self._finished = findings, finished
        self._waiting.clear()
        if self._model.counts().found > len(findings):
            self._model.clear()
        self.add(findings)

    def _show(self, every: float) -> None:
        """Let the list show what came in, if the last time is long enough ago: a repaint costs more than a slice."""
        now = time.perf_counter()
        if now - self._shown >= every:
            self._model.publish()
            self._on_fed()
            self._shown = now

    def _feed(self) -> None:
        until = time.perf_counter() + BUDGET
        while self._waiting:
            if fresh := self._model.unknown(self._waiting.popleft()):
                self._model.stage(fresh)
            if time.perf_counter() >= until:
                self._show(SHOW_EVERY)
                return
        self._timer.stop()
        self._show(0)
        if self._finished is not None and self._model.counts().found > len(self._final):
            self.finish(self._final, self._finished)  # something that was shown meanwhile is not in the result
            return
        if self._finished is not None:
            finished, self._finished = self._finished, None
            finished()
