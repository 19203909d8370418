"""The password of an encrypted package, shown this once."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label

#: A copied password leaves the clipboard after so many milliseconds.
COPIED_MS = 30_000


class PasswordDialog(ActDialog):
    """No key closes it by mistake: what is not kept now is gone, and the package must be made again."""

    def __init__(self, file: str, password: str, parent: QWidget | None = None) -> None:
        super().__init__("The password of this package", "I have kept it", parent=parent)
        self._password = password
        self.keep.hide()
        self.body.addWidget(Label(file, size=theme.SMALL, tint="text2", wrap=True))
        row = QHBoxLayout()
        row.addWidget(Label(password, mono=True, size=theme.PANE, wrap=True, selectable=True), 1)
        self.copy = Button("Copy it", small=True, sign="copy", on=self._on_copy)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.say_follows(
            "It is shown now and never again: it is written down nowhere, not in the workspace and not in the trail. "
            "Send it another way than the file, by phone for example."
        )
        self.act.setFocus()

    def _on_copy(self) -> None:
        board, password = QGuiApplication.clipboard(), self._password
        board.setText(password)
        self.copy.setText("Copied for 30 s")

        def forget() -> None:
            if board.text() == password:
                board.clear()

        QTimer.singleShot(COPIED_MS, board, forget)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
