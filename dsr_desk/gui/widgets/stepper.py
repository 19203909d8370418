"""The picture of a request: nine stages, what each yielded, and where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.label import plain_tip
from dsr_desk.model.request import STAGES

State = Literal["done", "here", "waits", "open"]


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage: ``done``, ``here``, ``waits`` (incomplete: amber) or ``open`` (not yet), and what it yielded."""

    state: State = "open"
    text: str = ""


class Stepper(QWidget):
    """Nine bars and words; ``chosen`` tells the name of the stage that was clicked. Below 1280 px it has one line."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages = dict.fromkeys(STAGES, StageView())
        self._shown = ""
        self._cursor = 0
        self._short = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Stages of the request")

    def show_stages(self, stages: dict[str, StageView], shown: str) -> None:
        """The state of each stage by its name, and which of them the page below shows."""
        self._stages = {name: stages.get(name, StageView()) for name in STAGES}
        self._shown = shown
        self._cursor = STAGES.index(shown) if shown in STAGES else 0
        self.setAccessibleDescription(". ".join(f"{n}: {v.state} {v.text}".strip() for n, v in self._stages.items()))
        self.update()

    def set_short(self, short: bool) -> None:
        """Whether the second line is left out, for small windows."""
        if self._short != short:
            self._short = short
            self.updateGeometry()
            self.update()

    def reachable(self, stage: str) -> bool:
        """Whether the stage can be opened: it has begun, or is the next."""
        return self._stages[stage].state != "open"

    def sizeHint(self) -> QSize:
        return QSize(640, theme.scaled(26 if self._short else 42))

    def minimumSizeHint(self) -> QSize:
        return QSize(400, self.sizeHint().height())

    def _cell(self, i: int) -> QRectF:
        gap = 5
        wide = (self.width() - gap * 8) / 9
        return QRectF(i * (wide + gap), 0, wide, self.height())

    def _at(self, position: QPoint) -> int | None:
        return next((i for i in range(9) if self._cell(i).contains(position)), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, (name, view) in enumerate(self._stages.items()):
            self._paint_stage(painter, self._cell(i), name, view)
            if self.hasFocus() and i == self._cursor:
                painter.setPen(QPen(theme.color("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(self._cell(i).adjusted(1, 5, -1, -1), 5, 5)

    def _paint_stage(self, painter: QPainter, cell: QRectF, name: str, view: StageView) -> None:
        bar = {"done": "accent_fill", "here": "accent_fill", "waits": "bar_waits", "open": "track"}[view.state]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(bar))
        painter.drawRoundedRect(QRectF(cell.left(), 0, cell.width(), 3), 1.5, 1.5)
        here = name == self._shown
        font = theme.font(theme.SMALL, theme.BOLD if here else theme.REGULAR)
        x, high = cell.left() + 1, theme.scaled(17)
        sign = {"done": "check", "waits": "warning"}.get(view.state)
        if sign and not (here and view.state == "done"):
            theme.paint_icon(painter, QRectF(x, 7, 12, high), sign, "retained" if sign == "warning" else "text2")
            x += 17
        painter.setFont(font)
        painter.setPen(theme.color("text" if here else "text2" if view.state != "open" else "text3"))
        painter.drawText(QRectF(x, 7, cell.right() - x, high), Qt.AlignmentFlag.AlignVCenter, name.capitalize())
        if view.text and not self._short:
            font = theme.font(theme.LABEL)
            painter.setFont(font)
            painter.setPen(theme.color("text2"))
            text = QFontMetricsF(font).elidedText(view.text, Qt.TextElideMode.ElideRight, cell.width() - 2)
            painter.drawText(QRectF(cell.left() + 1, 6 + high, cell.width(), high), Qt.AlignmentFlag.AlignVCenter, text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().toPoint())
        if at is not None:
            self._choose(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step:
            self._cursor = min(8, max(0, self._cursor + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self._cursor)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self._at(event.pos())
            name = STAGES[at] if at is not None else ""
            view = self._stages.get(name, StageView())
            QToolTip.showText(event.globalPos(), plain_tip(f"{name.capitalize()}: {view.text or 'not yet'}" if name else ""), self)
            return True
        return super().event(event)

    def _choose(self, at: int) -> None:
        self._cursor = at
        self.update()
        if self.reachable(STAGES[at]):
            self.chosen.emit(STAGES[at])
