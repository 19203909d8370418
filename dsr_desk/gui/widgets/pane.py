"""Panes, big figures, hairlines and scrolled columns."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.style import RING


class Line(QWidget):
    """A hairline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("line"))


class Figure(QWidget):
    """A number that can be wrong, large, with its word and a note below. ``pressed`` where it filters."""

    pressed = Signal()

    def __init__(
        self,
        value: str = "–",
        word: str = "",
        note: str = "",
        *,
        tint: str = "text",
        size: int = theme.FIGURE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 2)
        column.setSpacing(1)
        column.addStretch(1)
        self._value = Label(size=size, weight=theme.BOLD, tint=tint)
        self._word = Label(size=theme.SMALL, weight=theme.MEDIUM)
        self._note = Label(size=theme.LABEL, tint="text2")
        for label in (self._value, self._word, self._note):
            column.addWidget(label)
        column.addStretch(1)
        self._filters = False
        self.show_figure(value, word, note, tint)

    def show_figure(self, value: str, word: str, note: str = "", tint: str = "text") -> None:
        """Zero is ``0``, not applicable ``–``."""
        self._value.setText(value)
        self._value.set_tint(tint)
        self._word.setText(word)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(f"{value} {word} {note}".strip())

    @property
    def value(self) -> str:
        """The number as it is shown."""
        return self._value.text()

    def make_filter(self, tip: str) -> None:
        """Let it be pressed."""
        self._filters = True
        self.setProperty(RING, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(tip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._filters:
            self.pressed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._filters and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)


class Card(QWidget):
    """A surface with a hairline around it. ``body`` is its column."""

    def __init__(self, ground: str = "surface", outline: str = "line", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground, self._outline = ground, outline
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.GROUP, 12, theme.GROUP, 12)
        self.body.setSpacing(theme.INSIDE)

    def set_outline(self, outline: str) -> None:
        """Another token for the line around it."""
        self._outline = outline
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color(self._outline), 1) if self._outline else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(theme.color(self._ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class Pane(QWidget):
    """A column beside the page: a title, a body that scrolls, a hairline at its left. ``closed`` when its x is pressed."""

    closed = Signal()

    def __init__(self, title: str = "", *, wide: int = 300, closable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(wide)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(18, 12, 12, 4)
        self.title = Label(title, size=theme.PANE, weight=theme.BOLD, elide=True)
        head.addWidget(self.title, 1)
        if closable:
            close = Button("", "quiet", sign="close", small=True, tip="Close this pane (Esc)", on=self.closed.emit)
            head.addWidget(close)
        column.addLayout(head)
        self.area = Scroll()
        self.body = self.area.body
        self.body.setContentsMargins(18, 4, 18, 12)
        column.addWidget(self.area, 1)
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(18, 8, 18, 12)
        self.foot.setSpacing(theme.INSIDE)
        column.addLayout(self.foot)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(0, 0, 1, self.height(), theme.color("line"))


class Scroll(QScrollArea):
    """A column that scrolls up and down. ``body`` is its layout."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground, inside = QWidget(), QWidget()
        ground.setAutoFillBackground(False)
        self.setViewport(ground)  # Qt's own would have to be asked for, and Python looks 10 ms for what it is
        inside.setObjectName("scrolled")
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme.INSIDE)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
