"""Adding to what a rectification is to put right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.correction_rows import CorrectionRows
from dsr_desk.model.catalog import System


class CorrectionsDialog(ActDialog):
    """``given`` tells places and new values."""

    given = Signal(list)

    def __init__(self, systems: Iterable[System], parent: QWidget | None = None) -> None:
        super().__init__("Correct more, or otherwise", "Take these corrections", wide=560, parent=parent)
        self.rows = CorrectionRows(systems)
        self.rows.changed.connect(self._check)
        self.body.addWidget(self.rows)
        self._check()

    def _check(self) -> None:
        self.act.set_off(self.rows.reason)
        self.say_follows(self.rows.reason or "It replaces an earlier correction of the same place. An earlier plan falls.")
        self.adjustSize()

    def on_act(self) -> None:
        """Tell them and close."""
        if not self.act.reason:
            self.given.emit(self.rows.corrections)
            self.accept()
