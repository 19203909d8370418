"""Over the findings of a list: how many of its people were found, and each of them where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.people_model import PeopleModel, Person, sentence
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.sign import SignView

#: So many people are in view at once; the rest scrolls.
_IN_VIEW = 6


class PeopleBar(QWidget):
    """``leave_out`` carries the line of somebody who is to be taken off the list."""

    leave_out = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        row.addWidget(SignView("list", "text2", 18))
        self._said = Label(weight=theme.BOLD)
        row.addWidget(self._said, 1)
        self.fold = Button("Show each", "quiet", small=True, on=self._on_fold)
        row.addWidget(self.fold)
        column.addLayout(row)
        self.model = PeopleModel()
        self.table = PartsTable(
            self.model, name="The people of the list", widths={0: 84, 1: 260, 3: 90, 4: 120}, stretch=2, rigid=(0, 3, 4)
        )
        self.table.part_pressed.connect(self._on_part)
        self.table.opened.connect(lambda row: self.leave_out.emit(self.model.rows[row].line))
        column.addWidget(self.table)
        self.table.hide()

    def show_people(self, listed: Sequence[Person]) -> None:
        """Show these; they unfold by themselves where somebody must be decided about."""
        self.model.set_rows(listed)
        self._said.setText(sentence(listed) if listed else "The people of the list have not been searched yet.")
        self.fold.setVisible(bool(listed))
        if any(p.state == "ambiguous" for p in listed) and self.table.isHidden():
            self._on_fold()
        rows = min(len(listed), _IN_VIEW)
        high = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(self.table.horizontalHeader().height() + rows * high + 1)

    @property
    def said(self) -> str:
        """Its sentence."""
        return self._said.text()

    def _on_fold(self) -> None:
        self.table.setVisible(self.table.isHidden())
        self.fold.setText("Show each" if self.table.isHidden() else "Hide the list")

    def _on_part(self, row: int, column: int, _part: object) -> None:
        if column == self.model.columnCount() - 1:
            self.leave_out.emit(self.model.rows[row].line)
