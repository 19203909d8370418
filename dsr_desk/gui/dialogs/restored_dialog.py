"""A workspace is older than it was: whoever brought it back on purpose says so, and the trail keeps that."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.label import Label


class RestoredDialog(ActDialog):
    """``recorded``: it is to be recorded, and the workspace opened."""

    recorded = Signal()

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(
            f"{name} was brought back on purpose", "Record it and open", keep="Leave it closed", wide=480, parent=parent
        )
        self.body.addWidget(Label(what, wrap=True))
        self.say_follows(
            "The trail says from then on that an older copy was brought back, and how many entries there were before. "
            "What was done after the copy was made is not in it: systems may hold changes that this workspace knows nothing of. "
            "If you did not bring it back yourself, leave it closed, keep the folder as it is, and find out who did."
        )
        self.keep.setFocus()

    def on_act(self) -> None:
        """Record it."""
        self.accept()
        self.recorded.emit()
