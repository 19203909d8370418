"""The head of a request: where it is, whose it is, how long it has, and its nine stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.stages import Yield, stage_views
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import plain_tip
from dsr_desk.gui.widgets.parts import Chip, Part, Sign, Text
from dsr_desk.gui.widgets.stepper import Stepper
from dsr_desk.gui.widgets.words import masked
from dsr_desk.model.due import days_left, left_in_words, long_date
from dsr_desk.model.request import Request


class RequestHead(QWidget):
    """``left``: back to the inbox. ``more_wanted``: the menu of this request. ``chosen`` the stage that was pressed."""

    left = Signal()
    more_wanted = Signal()
    chosen = Signal(str)

    def __init__(self, today: Callable[[], date] = date.today, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.stepper = Stepper()
        self.stepper.chosen.connect(self.chosen)
        head = QVBoxLayout(self)
        head.setContentsMargins(theme.EDGE - 6, 4, theme.EDGE, 6)
        head.setSpacing(0)
        crumbs = QHBoxLayout()
        crumbs.setSpacing(4)
        self._ref = PartsView((), 26)
        crumbs.addWidget(Button("Requests", "quiet", small=True, tip="Back to the inbox (Alt+←)", on=self.left.emit))
        crumbs.addWidget(self._ref)
        crumbs.addStretch(1)
        title = QHBoxLayout()
        title.setContentsMargins(6, 0, 0, 0)
        title.setSpacing(10)
        self.title = PartsView((), 28)
        self._due = PartsView((), 28)
        self.more = Button("", sign="more", tip="More about this request", on=self.more_wanted.emit)
        title.addWidget(self.title, 1)
        title.addWidget(self._due)
        title.addWidget(self.more)
        head.addLayout(crumbs)
        head.addLayout(title)
        head.addSpacing(8)
        stages = QHBoxLayout()
        stages.setContentsMargins(6, 0, 0, 0)
        stages.addWidget(self.stepper)
        head.addLayout(stages)

    def show_request(self, request: Request, yields: Mapping[str, Yield], shown: str) -> None:
        """Show this request, looked at in the stage ``shown``."""
        self._ref.show_parts([Sign("right", "text3", 11), Text(request.ref, "text2", size=theme.SMALL, mono=True)])
        known = rights.known().get(request.right)
        look = rights.look(request.right)
        article = f" · {known.article}" if known else ""
        self.title.show_parts(
            [
                Text(known.title if known else request.right, size=theme.TITLE, weight=theme.BOLD),
                *_who(request),
                Chip(f"{look.word}{article}", "plain", look.sign),
            ]
        )
        self._show_due(request)
        self.stepper.show_stages(stage_views(request, dict(yields)), shown)

    def _show_due(self, request: Request) -> None:
        if request.closed:
            self._due.show_parts([Sign("done", "verified"), Text(f"closed {request.closed[:10]}", weight=theme.MEDIUM)])
            return
        left = days_left(request.due, self._today())
        sign, tint = ("alert", "failed") if left < 0 else ("clock-alert", "retained") if left <= 7 else ("clock", "text")
        day = long_date(request.due.on).rsplit(" ", 1)[0]
        self._due.show_parts(
            [Sign(sign, tint), Text(left_in_words(request.due, self._today()), tint, theme.MEDIUM), Text(f"· due {day}", "text2")]
        )
        self._due.setToolTip(plain_tip(request.due.rule))
        self._due.setAccessibleDescription(request.due.rule)


def _who(request: Request) -> tuple[Part, ...]:
    """The person, masked; or how many a list names."""
    facts = request.facts
    if facts.people:
        return (Text(counted(len(facts.people) - len(facts.left_out), "person", "people") + " of a list", size=18),)
    if not facts.identity:
        return ()
    more = len(facts.identity) - 1
    return (Text(masked(*facts.identity[0]) + (f" +{more}" if more > 0 else ""), size=18, mono=True),)
