"""Fusion, dressed: check boxes and radio buttons that can be seen in the dark, one focus ring, one short style sheet."""

from __future__ import annotations

from string import Template

import shiboken6
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFocusFrame, QProxyStyle, QStyle, QStyleOption, QWidget

from dsr_desk.bundled import bundled
from dsr_desk.gui import theme

#: Widgets with this dynamic property get the focus ring; fields thicken their outline instead.
RING = "ring"


def paint_check(painter: QPainter, rect: QRectF, state: Qt.CheckState, enabled: bool = True) -> None:
    """A check box of 16 px in the middle of ``rect``: empty, ticked, or *some*."""
    box = theme.centre(rect, 16).adjusted(0.75, 0.75, -0.75, -0.75)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    on = state != Qt.CheckState.Unchecked
    ground = ("accent_fill" if on else "surface") if enabled else ("bar_rest" if on else "sunken")
    painter.setPen(QPen(theme.color("accent_fill" if on and enabled else "control"), 1.5))
    painter.setBrush(theme.color(ground))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QPen(theme.color("on_fill"), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    x, y = box.left(), box.top()
    if state == Qt.CheckState.Checked:
        painter.drawPolyline([QPointF(x + 3.4, y + 7.6), QPointF(x + 6.2, y + 10.2), QPointF(x + 11.2, y + 4.6)])
    elif state == Qt.CheckState.PartiallyChecked:
        painter.drawLine(QPointF(x + 4, y + 7.25), QPointF(x + 10.5, y + 7.25))
    painter.restore()


def _paint_radio(painter: QPainter, rect: QRectF, on: bool, enabled: bool) -> None:
    box = theme.centre(rect, 16).adjusted(1, 1, -1, -1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent_fill" if on and enabled else "control"), 1.5))
    painter.setBrush(theme.color("surface" if enabled else "sunken"))
    painter.drawEllipse(box)
    if on:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill" if enabled else "bar_rest"))
        painter.drawEllipse(theme.centre(box, 8))
    painter.restore()


class DeskStyle(QProxyStyle):
    """Fusion with our boxes, radio buttons and focus ring."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        kinds = QStyle.PrimitiveElement
        if element == kinds.PE_FrameFocusRect:
            return
        if element in (kinds.PE_IndicatorCheckBox, kinds.PE_IndicatorItemViewItemCheck):
            flags, states = option.state, QStyle.StateFlag
            some = bool(flags & states.State_NoChange)
            on = bool(flags & states.State_On)
            state = Qt.CheckState.PartiallyChecked if some else Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
            paint_check(painter, QRectF(option.rect), state, bool(flags & states.State_Enabled))
            return
        if element == kinds.PE_IndicatorRadioButton:
            flags, states = option.state, QStyle.StateFlag
            _paint_radio(painter, QRectF(option.rect), bool(flags & states.State_On), bool(flags & states.State_Enabled))
            return
        super().drawPrimitive(element, option, painter, widget)

    def pixelMetric(self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None) -> int:
        metrics = QStyle.PixelMetric
        if metric in (metrics.PM_FocusFrameHMargin, metrics.PM_FocusFrameVMargin):
            return 4
        if metric in (
            metrics.PM_IndicatorWidth,
            metrics.PM_IndicatorHeight,
            metrics.PM_ExclusiveIndicatorWidth,
            metrics.PM_ExclusiveIndicatorHeight,
        ):
            return 18
        return super().pixelMetric(metric, option, widget)


class _Ring(QFocusFrame):
    """A ring of 2 px, 2 px away from what has the focus."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 9, 9)


class FocusRing(QObject):
    """The one ring of the program: it follows the focus to every widget that asks for it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        wanted = new if new is not None and new.property(RING) else None
        if self._ring is None or not shiboken6.isValid(self._ring):
            if wanted is None:
                return
            self._ring = _Ring()
        self._ring.setWidget(wanted)  # type: ignore[arg-type]  # None takes it away


def sheet() -> str:
    """The style sheet in the current look."""
    text = (bundled("resources") / "styles" / "desk.qss").read_text(encoding="utf-8")
    look = theme.current()
    sizes = {"label_size": f"{theme.font(theme.LABEL).pixelSize()}px"}
    return Template(text).substitute({name: look.hex(name) for name in theme.TOKENS} | sizes)


def dress(app: QApplication, look: theme.Theme) -> None:
    """Give the whole program this look; calling it again changes it while it runs."""
    theme.use(look)
    if app.findChild(FocusRing) is None:
        style = DeskStyle()
        style.setParent(app)
        app.setStyle(style)
        FocusRing(app)
    app.setPalette(theme.palette())
    app.setFont(theme.font())
    app.setStyleSheet(sheet())
