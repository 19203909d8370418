"""A month of deadlines as a shape: one block is one request, one column a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.fields import say_day
from dsr_desk.gui.widgets.label import plain_tip
from dsr_desk.model.due import days_left
from dsr_desk.model.result import RequestSummary

#: How many days after today are drawn; the day before today gathers all that is overdue.
DAYS = 30
_HEAD, _FOOT, _BLOCK, _SAT = 6, 22, 12, 5


class DueChart(QWidget):
    """Painted blocks; ``pressed`` tells the day of the column that was clicked (the day before today: all that is overdue)."""

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: dict[int, list[RequestSummary]] = {}
        self._today = date.min
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_requests(self, requests: Sequence[RequestSummary], today: date) -> None:
        """Draw these open requests."""
        self._today = today
        self._days = {}
        for request in requests:
            self._days.setdefault(min(max(days_left(request.due, today), -1), DAYS), []).append(request)
        said = [f"{say_day(today + timedelta(d))}: {count(len(r), 'request')}" for d, r in sorted(self._days.items())]
        self.setAccessibleName("Due in the next 30 days. " + ("; ".join(said) or "None"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(500, 92)

    def _column(self, day: int) -> QRectF:
        wide = self.width() / (DAYS + 2)
        return QRectF((day + 1) * wide, _HEAD, wide, self.height() - _HEAD - _FOOT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._today == date.min:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for day in range(-1, DAYS + 1):
            if (self._today + timedelta(day)).weekday() >= _SAT:
                painter.fillRect(self._column(day), theme.color("sunken"))
        base = self.height() - _FOOT
        painter.fillRect(QRectF(0, base, self.width(), 1), theme.color("line"))
        for day, requests in self._days.items():
            self._paint_blocks(painter, day, len(requests), base)
        self._paint_scale(painter, base)

    def _paint_blocks(self, painter: QPainter, day: int, number: int, base: float) -> None:
        tint = "danger_fill" if day < 0 else "bar_waits" if day <= 7 else "accent_fill"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(tint))
        middle = self._column(day).center().x()
        step = min(_BLOCK + 3.0, (base - _HEAD - 4) / max(number, 1))
        for i in range(number):
            painter.drawRoundedRect(
                QRectF(middle - _BLOCK / 2, base - 6 - step * i - min(_BLOCK, step), _BLOCK, min(_BLOCK, step)), 3, 3
            )

    def _paint_scale(self, painter: QPainter, base: float) -> None:
        x = self._column(0).left() + self._column(0).width() / 2
        painter.setPen(QPen(theme.color("text"), 1.5))
        painter.setBrush(theme.color("text"))
        painter.drawLine(QPointF(x, _HEAD), QPointF(x, base))
        painter.drawEllipse(QPointF(x, _HEAD), 2.2, 2.2)
        for day in range(DAYS + 1):
            on = self._today + timedelta(day)
            if day and (on.weekday() != 0 or day < 3):
                continue
            painter.setFont(theme.font(theme.LABEL, theme.REGULAR if day else theme.BOLD))
            painter.setPen(theme.color("text" if not day else "text2"))
            box = QRectF(self._column(day).center().x() - 40, base + 3, 80, 18)
            box.moveRight(min(box.right(), self.width() + 12))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "today" if not day else say_day(on, year=False))

    def _day_at(self, x: float) -> int:
        return min(DAYS, int(x / (self.width() / (DAYS + 2))) - 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position().x())
        if self._days.get(day):
            self.pressed.emit(self._today + timedelta(day))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day = self._day_at(event.pos().x())
            due = self._days.get(day, [])
            when = "Overdue" if day < 0 else say_day(self._today + timedelta(day), weekday=True)
            text = f"{when}: {count(len(due), 'request')}\n" + "\n".join(r.ref for r in due[:12])
            QToolTip.showText(event.globalPos(), plain_tip(text) if due else "", self)
            return True
        return super().event(event)
