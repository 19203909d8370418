"""The field for words that must be typed: nothing can be pasted or dropped into it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.widgets.fields import Edit


class TypedWords(Edit):
    """``refused`` when something tried to come in at once instead of letter by letter."""

    refused = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(mono=True, name=name, parent=parent)
        self.setAcceptDrops(False)
        self.setDragEnabled(False)
        self._typed = ""
        #: Whether the last thing that came was refused.
        self.came_at_once = False
        self.textEdited.connect(self._on_edited)

    def clear_words(self) -> None:
        """Empty it."""
        self._typed, self.came_at_once = "", False
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._refuse()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)

    def _on_edited(self, text: str) -> None:
        if len(text) - len(self._typed) > 1:  # whatever way it took
            self.setText(self._typed)
            self._refuse()
            return
        self._typed, self.came_at_once = text, False

    def _refuse(self) -> None:
        self.came_at_once = True
        self.refused.emit()
