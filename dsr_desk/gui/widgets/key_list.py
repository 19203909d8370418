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
    """``operators_wanted``: somebody is to be admitted, or to leave. ``stolen_wanted``: somebody else may have had this ``Key``."""

    operators_wanted = Signal()
    stolen_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, 10, theme.EDGE, 10)
        self._said = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.change = Button("Change who works here…", sign="key", on=self.operators_wanted.emit)
        self.stolen = Button("This key was stolen…", "danger-outline", on=self._on_stolen)
        head.setSpacing(theme.INSIDE)
        head.addWidget(self._said, 1)
        head.addWidget(self.stolen)
        head.addWidget(self.change)
        column.addLayout(head)
        column.addWidget(Line())
        self.model = KeyModel()
        self.table = PartsTable(
            self.model, name="Keys, oldest first", high=36, stretch=3, least=240, rigid=(1,),
            widths={0: 170, 1: 186, 2: 160, 4: 96, 5: 96},
        )  # fmt: skip
        column.addWidget(self.table, 1)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_stolen())
        self.model.modelReset.connect(self._show_stolen)
        self._show_stolen()

    def _key(self) -> Key | None:
        row = self.table.current_row
        return self.model.rows[row] if 0 <= row < len(self.model.rows) else None

    def _show_stolen(self) -> None:
        key = self._key()
        no_root = "The root is under the recovery code: whoever has that code makes a new workspace."
        self.stolen.set_off("Choose the key in the list." if key is None else no_root if key.state == "root" else "")

    def _on_stolen(self) -> None:
        key = self._key()
        if key is not None:
            self.stolen_wanted.emit(key)

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
