"""Which evidence is written: one that names nobody, or one that says whose case it is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QRadioButton, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.label import Label

_CLOSED = (
    "Every entry of this request and all about keys, the proof that none was left out, the plan and the result in counts, "
    "the report with masked values, and a script that checks it all without this program. It names nobody."
)
_OPENED = (
    "The same, and the identifiers that the request was opened for, in clear: it proves whose case it was. "
    "The file is encrypted, and its password is shown once."
)


class EvidenceDialog(ActDialog):
    """``chosen`` tells whether the case is opened in it."""

    chosen = Signal(bool)

    def __init__(self, ref: str, parent: QWidget | None = None) -> None:
        super().__init__(f"Evidence of {ref}", "Write the bundle…", keep="Not now", wide=480, parent=parent)
        self.closed, self.opened = QRadioButton("It names nobody"), QRadioButton("It says whose case it is")
        for button, words in ((self.closed, _CLOSED), (self.opened, _OPENED)):
            button.setAutoExclusive(False)  # else Tab reaches one of the two alone
            button.clicked.connect(partial(self.choose, button is self.opened))
            button.setAccessibleDescription(words)
            self.body.addWidget(button)
            said = Label(words, size=theme.SMALL, tint="text2", wrap=True)
            said.setContentsMargins(26, 0, 0, 6)
            self.body.addWidget(said)
        self.choose(False)
        self.say_follows("The trail records that evidence was made. Nothing in it can be changed later without being noticed.")
        self.closed.setFocus()

    def choose(self, opened: bool) -> None:
        """Whether the case is opened in it."""
        self.closed.setChecked(not opened)
        self.opened.setChecked(opened)

    def on_act(self) -> None:
        """Tell which."""
        self.accept()
        self.chosen.emit(self.opened.isChecked())
