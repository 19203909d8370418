"""Nothing here, at work, or gone wrong: the three states that every list has besides its rows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts import Bar, paint_bar
from dsr_desk.gui.widgets.sign import SignView


class EmptyState(QWidget):
    """An icon, one sentence, what to do, and at most one button."""

    def __init__(
        self,
        sign: str,
        title: str,
        text: str = "",
        button: Button | None = None,
        *,
        tint: str = "text3",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.EDGE)
        column.setSpacing(10)
        column.addStretch(1)
        self._sign = SignView(sign, tint, 28)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        self._title = Label(title, weight=theme.MEDIUM, wrap=True)
        self._text = Label(text, size=theme.SMALL, tint="text2", wrap=True)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        self._text.setVisible(bool(text))
        if button is not None:
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def say(self, title: str, text: str = "", *, sign: str = "", tint: str = "text3") -> None:
        """Say something else."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        if sign:
            self._sign.show_sign(sign, tint)


class BarView(QWidget):
    """A bar: ``show_bar(done, total, tint)``; a total of 0 shows the empty track."""

    def __init__(self, wide: int = 0, high: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = Bar(0, 0)
        self._high = high
        self.setFixedHeight(high)
        if wide:
            self.setFixedWidth(wide)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bar(self, done: int, total: int, tint: str = "accent_fill") -> None:
        """Show so much of so much."""
        self._bar = Bar(done, total, tint)
        self.setAccessibleName(f"{done} of {total}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self._high)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(QPainter(self), QRectF(self.rect()), self._bar)


class ProgressRow(QWidget):
    """At work: what, how far, and *Stop* that is always there and real."""

    def __init__(self, on_stop: Callable[[], object], stop: str = "Stop", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        self._text = Label(size=theme.SMALL, tint="text2")
        self._bar = BarView(120)
        self.stop = Button(stop, small=True, sign="stop", on=on_stop)
        row.addWidget(SignView("busy", "accent"))
        row.addWidget(self._text)
        row.addWidget(self._bar)
        row.addStretch(1)
        row.addWidget(self.stop)

    def show_progress(self, text: str, done: int = 0, total: int = 0) -> None:
        """Say how far it is, in words and as a bar."""
        self._text.setText(text)
        self._bar.setVisible(total > 0)
        self._bar.show_bar(done, total)
