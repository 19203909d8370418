"""Who may sign: the root and every key that it admitted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.flow.operators import Key
from dsr_desk.gui import theme
from dsr_desk.gui.models.key_model import KeyModel
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts_table import PartsTable


class KeyList(QWidget):
    """``operators_wanted``: somebody is to be admitted, to leave, or a key to end."""

    operators_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, 10, theme.EDGE, 10)
        self._said = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.change = Button("Change who works here…", sign="key", on=self.operators_wanted.emit)
        head.addWidget(self._said, 1)
        head.addWidget(self.change)
        column.addLayout(head)
        column.addWidget(Line())
        self.model = KeyModel()
        self.table = PartsTable(
            self.model, name="Keys, oldest first", high=36, stretch=3, least=240, rigid=(1,),
            widths={0: 170, 1: 186, 2: 160, 4: 96, 5: 96},
        )  # fmt: skip
        column.addWidget(self.table, 1)

    def show_keys(self, keys: Sequence[Key], approvals: int, away: bool) -> None:
        """Show these keys. ``approvals``: how many a plan needs; ``away``: the root is under a recovery code."""
        self.model.set_rows(list(keys))
        needs = "A plan needs two approvals, by different people." if approvals > 1 else "A plan needs one approval."
        root = (
            "The root key is kept under the recovery code: nobody here can admit a key without it."
            if away
            else "The root key still lies with the other keys of this workspace: put it under a recovery code."
        )
        self._said.setText(f"{needs} {root}")
