"""What a rectification is to put right: more, otherwise, or less."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.wording import Systems
from dsr_desk.gui.widgets.correction_rows import CorrectionRows, ToldRows
from dsr_desk.gui.widgets.facts_card import new_value, place_title
from dsr_desk.gui.widgets.fields import Field
from dsr_desk.model.request import Correction

_NOTHING = "A rectification corrects something: give another correction, or refuse the request."


class CorrectionsDialog(ActDialog):
    """``given`` tells places and new values, and the places whose correction is withdrawn."""

    given = Signal(list, list)

    def __init__(self, systems: Systems, told: Iterable[Correction], parent: QWidget | None = None) -> None:
        super().__init__("Correct more, or otherwise", "Take these corrections", wide=560, parent=parent)
        known = {c.where: f"{place_title(c, systems)} → {new_value(c, systems)}" for c in told}
        self.told = ToldRows(known.items())
        self.told.changed.connect(self._check)
        if known:
            self.body.addWidget(Field("To be corrected so far", self.told))
        self.rows = CorrectionRows(systems.values())
        self.rows.changed.connect(self._check)
        self.body.addWidget(self.rows)
        self._check()

    @property
    def _reason(self) -> str:
        if self.rows.blank and self.told.withdrawn:
            return "" if self.told.kept else _NOTHING
        return self.rows.reason

    def _check(self) -> None:
        self.act.set_off(self._reason)
        self.say_follows(self._reason or "It replaces an earlier correction of the same place. An earlier plan falls.")
        self.adjustSize()

    def on_act(self) -> None:
        """Tell them and close."""
        if not self.act.reason:
            self.given.emit(self.rows.corrections, self.told.withdrawn)
            self.accept()
