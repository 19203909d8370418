"""Columns that the catalog doesn't list: each is personal, with a category, or known and not personal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsr_desk.catalog.edit import Change
from dsr_desk.catalog.rules_collection import categories
from dsr_desk.gui import theme
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.dialogs.field_dialog import category_edit
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.fields import Choice, Edit
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Scroll

#: As many are asked for at once; the rest comes when these are written.
MOST = 40
_ANSWERS = [("", "not decided"), ("plain", "known, not personal"), ("personal", "personal:")]


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A live column that the file doesn't list; ``kind`` as the system says it."""

    collection: str
    column: str
    kind: str = ""


class UncoveredDialog(ActDialog):
    """``wanted`` carries the changes of the file."""

    wanted = Signal(list)

    def __init__(self, columns: Sequence[Uncovered], parent: QWidget | None = None) -> None:
        super().__init__("Columns that the catalog doesn’t list", "Write them into the file", wide=680, parent=parent)
        self._columns = columns[:MOST]
        self.rows: list[tuple[Choice, Edit]] = []
        area = Scroll()
        area.body.setSpacing(6)
        for one in self._columns:
            area.body.addWidget(self._row(one))
        area.body.addStretch(1)
        area.setMinimumHeight(min(420, 42 * len(self._columns) + 8))
        self.body.addWidget(area)
        rest = len(columns) - len(self._columns)
        more = f" {counted(rest, 'more', 'more')} after these." if rest else ""
        self.say_follows(f"What is personal needs an erasure, too: the form then shows what is missing.{more}")
        self._show_state()

    def on_act(self) -> None:
        """Tell the changes and close."""
        if self.act.reason:
            return
        found = []
        for one, (answer, category) in zip(self._columns, self.rows, strict=True):
            path = ("collections", one.collection, "fields", one.column)
            if answer.value == "plain":
                found.append(Change(path, {}))
            elif answer.value == "personal":
                found.append(Change(path, {"category": category.text().strip()}))
        self.wanted.emit(found)
        self.accept()

    def _row(self, one: Uncovered) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.INSIDE)
        name = f"{one.collection}.{one.column}"
        row.addWidget(Label(name, size=theme.SMALL, mono=True, elide=True), 3)
        row.addWidget(Label(one.kind, size=theme.SMALL, tint="text2"), 0)
        answer = Choice(list(_ANSWERS), name=f"What {name} is")
        category = category_edit(f"Category of {name}")
        category.setVisible(False)
        answer.currentIndexChanged.connect(lambda _: category.setVisible(answer.value == "personal"))
        answer.currentIndexChanged.connect(lambda _: self._show_state())
        category.textChanged.connect(lambda _: self._show_state())
        row.addWidget(answer)
        row.addWidget(category, 3)
        self.rows.append((answer, category))
        return box

    def _show_state(self) -> None:
        decided = [(a.value, c.text().strip()) for a, c in self.rows if a.value]
        wrong = [c for value, c in decided if value == "personal" and c not in categories()]
        why = "" if decided else "Decide one of them first."
        if wrong:
            why = f"{wrong[0]} is not a category." if wrong[0] else "Choose a category for what is personal."
        self.act.set_off(why)
        self.act.setText(f"Write {counted(len(decided), 'column')} into the file" if decided else "Write them into the file")
