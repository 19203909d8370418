"""Buttons of four kinds; one that can't be pressed says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.label import Label, plain_tip
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.style import RING

Kind = Literal["primary", "secondary", "quiet", "danger", "danger-outline"]


class Button(QAbstractButton):
    """A verb, its count and its thing. ``on`` is called when it is pressed, never while it is off.

    ``set_off(reason)`` turns it off: it is drawn dashed and stays reachable by Tab, so that a screen reader hears the reason.
    ``turned`` tells the reason, ``""`` when it was turned on.
    """

    turned = Signal(str)

    def __init__(
        self,
        text: str,
        kind: Kind = "secondary",
        *,
        sign: str = "",
        small: bool = False,
        on: Callable[[], object] | None = None,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kind, self._sign, self._small, self._on, self._tip = kind, sign, small, on, tip
        self._reason = ""
        self._hover = False
        self.setProperty(RING, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setText(text)
        self.setToolTip(plain_tip(tip))
        self.clicked.connect(self._on_clicked)

    @property
    def reason(self) -> str:
        """Why it is off; ``""`` while it is on."""
        return self._reason

    @property
    def kind(self) -> Kind:
        """Which of the kinds it is."""
        return self._kind

    def become(self, kind: Kind) -> None:
        """Another of the kinds."""
        self._kind = kind
        self.update()

    def set_off(self, reason: str) -> None:
        """Turn it off, and say why in a sentence; ``""`` turns it on."""
        self._reason = reason
        self.setAccessibleDescription(f"Not available: {reason}" if reason else self._tip)
        self.setToolTip(plain_tip(reason or self._tip))
        self.setCursor(Qt.CursorShape.ArrowCursor if reason else Qt.CursorShape.PointingHandCursor)
        self.update()
        self.turned.emit(reason)

    def set_on(self) -> None:
        """Turn it on."""
        self.set_off("")

    def setText(self, text: str) -> None:
        """The verb; ``&`` marks its key and is not drawn."""
        super().setText(text.replace("\n", " "))
        self.setAccessibleName(text or self._tip)
        self.updateGeometry()

    def set_sign(self, sign: str) -> None:
        """Change its icon."""
        self._sign = sign
        self.updateGeometry()
        self.update()

    def click(self) -> None:
        """Press it, if it is on."""
        if not self._reason:
            super().click()

    def hitButton(self, position: QPoint) -> bool:
        return not self._reason and super().hitButton(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys and self._reason:
            return
        if event.key() in keys[1:]:
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        text = theme.text_width(self.text(), self._font()) if self.text() else 0
        sign = 16 if self._sign else 0
        side = 4 if not self.text() else (10 if self._small else 15) if self._kind != "quiet" else 6
        height = theme.SMALL_BUTTON if self._small else theme.BUTTON
        height = theme.scaled(height)
        width = text + sign + (8 if self._sign and self.text() else 0) + 2 * side
        return QSize(max(round(width + 1), height), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hover = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = False
        self.update()
        super().leaveEvent(event)

    def _font(self) -> QFont:
        return theme.font(theme.SMALL if self._small else theme.BASE, theme.MEDIUM)

    def _colours(self) -> tuple[str, str, str]:
        """Ground, outline and ink, as tokens; ``""`` is none."""
        hot = self._hover or self.isDown()
        match self._kind:
            case "primary":
                fill = "accent_hover" if hot else "accent_fill"
                return fill, fill, "on_fill"
            case "danger":
                fill = "danger_hover" if hot else "danger_fill"
                return fill, fill, "on_fill"
            case "danger-outline":
                return ("hover" if hot else "surface"), "failed", "failed"
            case "quiet":
                return ("hover" if hot else ""), "", "accent"
        return ("hover" if hot else "surface"), "control", "text"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, outline, ink = self._colours()
        if self._reason:
            ground, outline, ink = ("" if self._kind == "quiet" else "sunken"), outline and "control", "text3"
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(theme.color(ground) if ground else Qt.BrushStyle.NoBrush)
        pen = QPen(theme.color(outline), 1) if outline else QPen(Qt.PenStyle.NoPen)
        if self._reason and outline:
            pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.drawRoundedRect(box, 6, 6)
        self._paint_words(painter, ink)

    def _paint_words(self, painter: QPainter, ink: str) -> None:
        font = self._font()
        text = self.text()
        wide = theme.text_width(text, font) if text else 0
        sign = 16 if self._sign else 0
        gap = 8 if sign and text else 0
        x = (self.width() - wide - sign - gap) / 2
        if sign:
            theme.paint_icon(painter, QRectF(x, 0, sign, self.height()), self._sign, ink)
        painter.setFont(font)
        painter.setPen(theme.color(ink))
        painter.drawText(QRectF(x + sign + gap, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)

    def _on_clicked(self) -> None:
        if self._on is not None and not self._reason:
            self._on()


class ActionBar(QWidget):
    """The bar at the foot of a page: a sentence at the left, the strongest button at the right."""

    def __init__(self, *buttons: Button, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.scaled(50))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.EDGE, 0, theme.EDGE, 0)
        row.setSpacing(theme.INSIDE)
        self._sign = SignView()
        self._note = Label(size=theme.SMALL, tint="text2", elide=True)
        row.addWidget(self._sign)
        row.addWidget(self._note, 1)
        for button in buttons:
            row.addWidget(button)

    def say(self, text: str, sign: str = "info", tint: str = "text2") -> None:
        """The sentence: why the strongest button is off, or what it will do."""
        self._note.setText(text)
        self._sign.show_sign(sign if text else "", tint)

    @property
    def note(self) -> str:
        """The sentence that is shown."""
        return self._note.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
