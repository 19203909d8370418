"""The locked desk: the page is painted over, and no name is seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.messages import explain
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.sign import SignView


class LockScreen(QWidget):
    """Covers its parent. ``unlocked`` tells that the right passphrase was given (or that the keyring opened)."""

    unlocked = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._unlock: Callable[[str], bool] = lambda _: False
        self._asks = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.setSpacing(12)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(SignView("lock", "accent", 36), 0, centre)
        column.addWidget(Label("The desk is locked", size=theme.TITLE, weight=theme.BOLD), 0, centre)
        self._note = Label(size=theme.SMALL, tint="text2")
        column.addWidget(self._note, 0, centre)
        self.edit = Edit("", mono=True)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setFixedWidth(280)
        self._field = Field("Passphrase", self.edit)
        self._field.setFixedWidth(280)
        column.addWidget(self._field, 0, centre)
        self.button = Button("Unlock the desk", "primary", on=self.try_unlock)
        column.addWidget(self.button, 0, centre)
        column.addStretch(3)
        self.edit.returnPressed.connect(self.try_unlock)
        self.hide()

    def lock(self, unlock: Callable[[str], bool], *, asks: bool) -> None:
        """Cover the window. ``asks``: a passphrase is needed; else the desktop's keyring answers."""
        self._unlock, self._asks = unlock, asks
        self._note.setText("Work that was running goes on." if asks else "This desktop's keyring keeps the keys.")
        self._field.setVisible(asks)
        self._field.set_error("")
        self.edit.clear()
        self.button.set_on()
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        (self.edit if asks else self.button).setFocus()

    def try_unlock(self) -> None:
        """Try what was typed."""
        if self.button.reason:
            return
        typed, unlock = self.edit.text(), self._unlock
        self.button.set_off("The passphrase is being checked.")
        self._bridge.run(lambda tell, cancel: unlock(typed), on_done=self._on_answer, on_failed=self._on_failed)

    def _on_answer(self, right: bool) -> None:
        self.button.set_on()
        self.edit.clear()
        if right:
            self.hide()
            self.unlocked.emit()
        else:
            self._field.set_error("That is not the passphrase. Try again.")

    def _on_failed(self, error: DeskError) -> None:
        self.button.set_on()
        message = explain(error)
        self._field.show()
        self._field.set_error(f"{message.title} {message.text}")

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.color("canvas"))
