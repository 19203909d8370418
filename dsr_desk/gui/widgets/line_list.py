"""Lines that are added and taken away one by one: there is always at least one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui.widgets.button import Button


class OneLine(QWidget):
    """``changed`` tells each change; ``removed`` that it is to go. A subclass places ``remove``, the button for that."""

    changed = Signal()
    removed = Signal()

    def __init__(self, tip: str) -> None:
        super().__init__()
        self.remove = Button("", "quiet", sign="close", small=True, tip=tip, on=self.removed.emit)


L = TypeVar("L", bound=OneLine)


class LineList(QWidget, Generic[L]):
    """``changed`` tells each change of a line, and lines that come and go."""

    changed = Signal()

    def __init__(self, another: str, on_another: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[L] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column.addLayout(self._column)
        foot = QHBoxLayout()
        foot.addWidget(Button(another, "quiet", small=True, sign="plus", on=on_another))
        foot.addStretch(1)
        column.addLayout(foot)

    def put(self, row: L) -> None:
        """Put one more line below the others."""
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._on_removed(row))
        self.rows.append(row)
        self._column.addWidget(row)
        self._show_remove()
        self.changed.emit()

    def _on_removed(self, row: L) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show_remove()
        self.changed.emit()

    def _show_remove(self) -> None:
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1)
