"""The line at the foot of the window: the trail, when the desk locks, and the time."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.fields import say_day
from dsr_desk.gui.widgets.parts import Part, Sign, Text


class StatusLine(QWidget):
    """What is always worth knowing. It never says *intact* before somebody verified in this run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fit()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GROUP, 0, theme.GROUP, 0)
        self._trail = PartsView((Sign("info", "text2", 14), Text("No workspace open", "text2", size=theme.SMALL)))
        self._lock = PartsView()
        self._clock = PartsView()
        row.addWidget(self._trail)
        row.addStretch(1)
        row.addWidget(self._lock)
        row.addSpacing(theme.INSIDE)
        row.addWidget(self._clock)
        self._verdict: tuple[bool, int, str] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(20_000)
        self._timer.timeout.connect(self.show_clock)
        self._timer.start()
        self.show_clock()

    def fit(self) -> None:
        """As high as the type needs."""
        self.setFixedHeight(theme.scaled(28))

    def show_clock(self) -> None:
        """The time now."""
        now = datetime.now().astimezone()
        self._clock.show_parts((Text(f"{say_day(now.date(), weekday=True)}, {now:%H:%M}", "text2", size=theme.SMALL),))

    def show_trail(self, entries: int, last: str) -> None:
        """How many entries the trail has, and when the last one was written (``HH:MM``)."""
        said: list[Part] = [
            Sign("audit", "text2", 14),
            Text(f"Last audit entry {last}, {count(entries, 'entry', 'entries')}", "text2", size=theme.SMALL),
        ]
        if self._verdict is not None:
            ok, doubted, at = self._verdict
            words = f"verified {at}, intact" if ok else f"verified {at}: it does not hold"
            if ok and doubted:
                words = f"verified {at}, {count(doubted, 'entry', 'entries')} in doubt"
            sign, tint = ("alert", "failed") if not ok else ("warning", "retained") if doubted else ("shield", "verified")
            said += [Sign(sign, tint, 14), Text(words, tint, size=theme.SMALL)]
        self._trail.show_parts(said)

    def show_verdict(self, ok: bool, doubted: int = 0) -> None:
        """What a verification in this run said, and how many entries are in doubt."""
        self._verdict = (ok, doubted, f"{datetime.now().astimezone():%H:%M}")

    def show_lock(self, minutes: int | None) -> None:
        """After how many idle minutes the desk locks; ``None`` shows nothing."""
        parts = (Sign("lock", "text2", 14), Text(f"Locks after {minutes} min", "text2", size=theme.SMALL))
        self._lock.show_parts(parts if minutes else ())

    def show_closed(self) -> None:
        """No workspace is open."""
        self._verdict = None
        self._trail.show_parts((Sign("info", "text2", 14), Text("No workspace open", "text2", size=theme.SMALL)))
        self._lock.show_parts(())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("side"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
