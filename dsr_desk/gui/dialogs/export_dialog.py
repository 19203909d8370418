"""Choosing the files of a copy of the person's data."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.export_form import ExportForm


class ExportDialog(ActDialog):
    """``chosen`` tells the formats and whether they are encrypted."""

    chosen = Signal(list, bool)

    def __init__(self, right: str, parent: QWidget | None = None) -> None:
        super().__init__("Save the person's data", "Choose the folder…", parent=parent)
        self.form = ExportForm()
        self.form.show_right(right)
        self.form.changed.connect(self._check)
        self.body.addWidget(self.form)
        self.say_follows("Each file is opened again and compared with what was found before it is called saved.")
        self._check()

    def _check(self) -> None:
        self.act.set_off("" if self.form.formats else "Choose at least one format.")
        self.adjustSize()

    def on_act(self) -> None:
        """Tell the choice and close."""
        if not self.act.reason:
            self.chosen.emit(self.form.formats, self.form.encrypt)
            self.accept()
