"""A few views of one page, side by side as words; the one that is shown is underlined."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.style import RING


class _Tab(QAbstractButton):
    def __init__(self, words: str) -> None:
        super().__init__()
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setProperty(RING, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(round(theme.text_width(self.text(), self._font())) + 22, theme.scaled(32))

    def _font(self) -> QFont:
        return theme.font(theme.BASE, theme.BOLD if self.isChecked() else theme.MEDIUM)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        chosen = self.isChecked()
        painter.setPen(theme.color("text" if chosen or self.underMouse() else "text2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if chosen:
            painter.fillRect(8, self.height() - 3, self.width() - 16, 3, theme.color("accent_fill"))


class Tabs(QWidget):
    """``chosen`` tells the number of the view that is to be shown; arrows move between them."""

    chosen = Signal(int)

    def __init__(self, words: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._tabs = [_Tab(text) for text in words]  # no exclusive group: Qt takes all but one of its buttons out of the Tab order
        for i, tab in enumerate(self._tabs):
            tab.clicked.connect(partial(self.choose, i))
            row.addWidget(tab)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._current = 0
        self._tabs[0].setChecked(True)

    @property
    def current(self) -> int:
        """The number of the view that is shown."""
        return self._current

    def choose(self, number: int) -> None:
        """Show another view."""
        moved = number != self._current
        self._current = number
        for i, tab in enumerate(self._tabs):
            tab.setChecked(i == number)
            tab.updateGeometry()
        if moved:
            self.chosen.emit(number)

    def set_words(self, number: int, words: str) -> None:
        """Call a view something else."""
        self._tabs[number].setText(words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.choose((self._current + step) % len(self._tabs))
        self._tabs[self._current].setFocus()
