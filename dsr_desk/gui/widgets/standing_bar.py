"""Over every page of a request: that it is held, that its restriction stands, that it can still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.standing import Standing
from dsr_desk.gui.models.wording import counted, day
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.model.hold import Hold
from dsr_desk.model.request import Request

#: The rights that may take something away, which a hold forbids.
ERASING = ("erasure", "objection")


class StandingBar(QWidget):
    """Hidden while nothing stands. Each signal is one of its buttons."""

    release_wanted = Signal(object)
    lift_wanted = Signal(str)
    open_wanted = Signal(str)
    undo_wanted = Signal(str)
    plan_wanted = Signal()

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now().astimezone(), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.EDGE, 8, theme.EDGE, 0)
        self._column.setSpacing(6)
        self.banners: list[Banner] = []
        self.hide()

    def show_standing(self, request: Request, standing: Standing) -> None:
        """Show what stands over this request."""
        for banner in self.banners:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.banners = []
        for hold in standing.holds:
            self._hold(hold, erases=request.right in ERASING)
        if standing.released:
            plan = Button("Plan it again", small=True, on=self.plan_wanted.emit)
            self._say(
                "The legal hold was released", "What waited for it is proposed again: plan, read and approve it.", "retained", plan
            )
        if standing.restricts is not None:
            self._restriction(request.ref, standing)
        if standing.undo_until is not None:
            self._undo(request.ref, standing.undo_until)
        self.setVisible(bool(self.banners))

    def _hold(self, hold: Hold, *, erases: bool) -> None:
        on = "this request" if hold.request else "this person, in every request"
        again = f" To be looked at again on {day(hold.until)}." if hold.until else ""
        release = Button("Release…", small=True, on=lambda: self.release_wanted.emit(hold))
        title = f"Legal hold on {on} since {day(hold.at)}: nothing is erased"
        free = "" if erases else " It does not stand in the way of this request, which erases nothing."
        said = f"{hold.reason.rstrip('.')}. Set by {hold.by}.{again}{free}"
        self._say(title, said, "failed" if erases else "retained", release, sign="hold")

    def _restriction(self, ref: str, standing: Standing) -> None:
        restriction = standing.restricts
        assert restriction is not None
        title = f"{counted(len(restriction.rows), 'record')} restricted since {day(restriction.since)}"
        words = "DSR Desk changes none of them until it is lifted. Other programs can still change them."
        if restriction.lifting:
            act = Button(f"Open {restriction.lifting}", small=True, on=lambda: self.open_wanted.emit(restriction.lifting))
            words += f" {restriction.lifting} is to end it."
        else:
            act = Button("Lift…", small=True, on=lambda: self.lift_wanted.emit(ref))
        self._say(title, words, "retained", act, sign="restriction")

    def _undo(self, ref: str, until: datetime) -> None:
        left = (until.date() - self._now().date()).days
        undo = Button("Undo…", small=True, sign="undo", on=lambda: self.undo_wanted.emit(ref))
        if self._now() > until:
            undo.set_off(f"It could be taken back until {day(until.isoformat())}.")
            self._say(
                "This correction can’t be taken back any more", f"{undo.reason} Open a new rectification instead.", "plain", undo
            )
            return
        title = f"This correction can be taken back for {counted(left, 'day')} more"
        words = f"Until {day(until.isoformat())} the old values lie sealed with this request."
        self._say(title, words, "plain", undo, sign="undo")

    def _say(self, title: str, text: str, tone: str, button: Button, sign: str = "warning") -> None:
        banner = Banner(title, text, tone=tone, sign=sign, buttons=(button,))
        self.banners.append(banner)
        self._column.addWidget(banner)
