"""What of the trail is shown: by words, kind of act, operator, days and request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.entry_words import KINDS
from dsr_desk.gui.models.trail_index import TrailIndex, Wanted
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Choice, Edit
from dsr_desk.gui.widgets.label import Label

_DAYS = (("", "All days"), ("0", "Today"), ("6", "Last 7 days"), ("29", "Last 30 days"), ("364", "Last 365 days"))
#: Typed words wait so long for the next letter, in milliseconds.
_PAUSE = 120


class TrailFilter(QWidget):
    """``changed``: something else is ``wanted``."""

    changed = Signal()

    def __init__(self, today: Callable[[], date] = date.today, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._ref = ""
        self.words = Edit("Find in the entries", name="Find in the entries: words, a type, a number")
        self.words.setMinimumWidth(theme.scaled(150))
        self.words.setMaximumWidth(320)
        self.kinds = Choice([("", "All acts")], name="Only these acts")
        self.actors = Choice([("", "All operators")], name="Only this operator")
        self.days = Choice(list(_DAYS), name="Only these days")
        self.one = Button("Show every request", "quiet", small=True, sign="close", on=lambda: self.only(""))
        self.shown = Label(size=theme.SMALL, tint="text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.EDGE, 8, theme.GROUP, 8)
        row.setSpacing(theme.INSIDE)
        row.addWidget(self.words, 1)
        for choice, most in ((self.kinds, 170), (self.actors, 130), (self.days, 130)):
            choice.setMaximumWidth(theme.scaled(most))
            row.addWidget(choice)
        row.addWidget(self.one)
        row.addStretch(1)
        row.addWidget(self.shown)
        self.one.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda _: self._timer.start())
        for choice in (self.kinds, self.actors, self.days):
            choice.currentIndexChanged.connect(lambda _: self.changed.emit())

    @property
    def wanted(self) -> Wanted:
        """What is to be shown."""
        since = self._today() - timedelta(days=int(self.days.value)) if self.days.value else None
        return Wanted(self.words.text().strip(), self.kinds.value, self.actors.value, self._ref, since)

    def show_trail(self, trail: TrailIndex) -> None:
        """Offer what stands in this trail; what was chosen stays chosen. Tells nobody."""
        kinds = [(name, words) for name, (words, _) in KINDS.items()]
        _offer(self.kinds, [("", "All acts"), *kinds, *((t, t) for t in trail.types)])
        _offer(self.actors, [("", "All operators"), *trail.actors()])

    def only(self, ref: str) -> None:
        """Show only what is about this request; ``""`` for every one."""
        if ref == self._ref:
            return
        self._ref = ref
        self.one.setText(f"Only {ref}" if ref else "Show every request")
        self.one.setAccessibleName(f"Only {ref} is shown: show every request")
        self.one.setVisible(bool(ref))
        self.changed.emit()

    def clear(self) -> None:
        """Show everything."""
        for part in (self.words, self.kinds, self.actors, self.days):
            with QSignalBlocker(part):
                part.setCurrentIndex(0) if isinstance(part, Choice) else part.clear()
        self._ref = ""
        self.one.hide()
        self._timer.stop()
        self.changed.emit()

    def say(self, text: str) -> None:
        """How many are shown."""
        self.shown.setText(text)


def _offer(choice: Choice, options: list[tuple[str, str]]) -> None:
    before = choice.value
    with QSignalBlocker(choice):
        choice.clear()
        for value, words in options:
            choice.addItem(words, value)
        choice.choose(before)
    choice.updateGeometry()
