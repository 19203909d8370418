"""One icon on a page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dsr_desk.gui import theme


class SignView(QWidget):
    """An icon by its name in ``theme.SIGNS`` and its colour by token; ``""`` shows none."""

    def __init__(self, name: str = "", tint: str = "text2", side: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tint = name, tint
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_sign(self, name: str, tint: str) -> None:
        """Show another icon."""
        self._name, self._tint = name, tint
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._name:
            theme.paint_icon(QPainter(self), QRectF(self.rect()), self._name, self._tint)
