"""Every action by name (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.widgets.fields import Edit
from dsr_desk.gui.widgets.parts import Gap, Part, Text
from dsr_desk.gui.widgets.parts_table import PartsTable


def action_name(action: QAction) -> str:
    """An action's name without the mark of its key."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")


class _Actions(RowsModel[QAction]):
    HEADS = ("Action",)

    def parts(self, row: QAction, column: int) -> Sequence[Part]:
        keys = row.shortcut().toString()
        tint = "text" if row.isEnabled() else "text3"
        return Text(action_name(row), tint), Gap(), Text(keys, "text2", size=theme.SMALL, mono=True)


class PaletteDialog(QDialog):
    """Type some letters, Enter does it. ``chosen`` tells the action; it is triggered after the dialog is gone."""

    chosen = Signal(object)

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("DSR Desk")
        self.setAccessibleName("All actions")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 420)
        self._actions = [a for a in actions if action_name(a)]
        self.model = _Actions(self)
        self.edit = Edit("What do you want to do?", name="Find an action")
        self.table = PartsTable(self.model, name="Actions", widths={}, stretch=0, high=32, heads=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GROUP, theme.GROUP, theme.GROUP, theme.GROUP)
        column.addWidget(self.edit)
        column.addWidget(self.table, 1)
        self.edit.textChanged.connect(self.search)
        self.edit.installEventFilter(self)
        self.table.opened.connect(lambda _: self._do())
        self.table.clicked.connect(lambda _: self._do())
        self.search("")
        self.edit.setFocus()

    def search(self, text: str) -> None:
        """Show the actions whose names hold every word of ``text``."""
        words = text.lower().split()
        self.model.set_rows([a for a in self._actions if all(w in action_name(a).lower() for w in words)])
        if self.model.rows:
            self.table.go_to(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step and self.model.rows:
                self.table.go_to((self.table.current_row + step) % len(self.model.rows))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
        return super().eventFilter(watched, event)

    def _do(self) -> None:
        row = self.table.current_row
        if 0 <= row < len(self.model.rows) and self.model.rows[row].isEnabled():
            action = self.model.rows[row]
            self.accept()
            self.chosen.emit(action)
