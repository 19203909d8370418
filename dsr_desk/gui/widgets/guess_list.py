"""The guesses of a draft: accept, change or reject each, with the evidence for it beside."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.guess_words import guess_words
from dsr_desk.gui.models.guesses_model import GuessesModel
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.fields import Choice, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts import Check, Part
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.model.guess import Draft, Guess

_REJECTED = "\x00"
#: How much evidence is told at most.
_TOLD = 6


class GuessList(QWidget):
    """``changed``: somebody decided on a guess."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        head = QHBoxLayout()
        self.sum = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.unsure = QCheckBox("Only what should be looked at")
        head.addWidget(self.sum, 1)
        head.addWidget(self.unsure)
        column.addLayout(head)
        self.model = GuessesModel()
        self.table = PartsTable(self.model, name="Guesses", widths={0: 52, 1: 178, 3: 104}, stretch=2, least=200, rigid=(0,))
        self.table.setMinimumHeight(theme.scaled(200))
        column.addWidget(self.table, 1)
        self.evidence = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.evidence.setMinimumHeight(theme.scaled(54))
        column.addWidget(self.evidence)
        self.instead = Choice()
        self.instead.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._field = Field("What the file will say: in words, and as it is written", self.instead)
        column.addWidget(self._field)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_one())
        self.table.opened.connect(self._toggle)
        self.table.part_pressed.connect(self._on_pressed)
        self.instead.activated.connect(lambda _: self._on_instead())
        self.unsure.toggled.connect(self._on_filter)

    @property
    def choices(self) -> dict[int, str | None]:
        """Number of a guess → what stands instead."""
        return dict(self.model.choices)

    def show_draft(self, draft: Draft) -> None:
        """Show the guesses of a draft."""
        self.model.show_draft(draft)
        if draft.guesses:
            self.table.go_to(0)
        self._show_sum()
        self._show_one()

    def _show_sum(self) -> None:
        draft, model = self.model.draft, self.model
        declared = sum(g.declared for g in draft.guesses)
        said = f"{counted(len(draft.columns), 'collection')}, {counted(len(draft.guesses), 'statement')}: "
        said += f"{declared} declared by the system, {len(draft.guesses) - declared} guessed"
        self.sum.setText(said + (f", {model.rejected} rejected." if model.rejected else "."))

    def _show_one(self) -> None:
        row = self.table.current_row
        shown = 0 <= row < len(self.model.rows)
        self._field.setVisible(shown)
        if not shown:
            self.evidence.setText("Nothing here has to be looked at." if not self.model.rows else "")
            return
        guess, says = self.model.guess(row), self.model.says(row)
        self.evidence.setText(_why(guess))
        self.instead.clear()
        for one in dict.fromkeys([guess.says, *guess.otherwise, *([says] if says else [])]):
            self.instead.addItem(f"{guess_words(one)}  –  {one}", one)
        self.instead.addItem("Nothing: reject it", _REJECTED)
        self.instead.choose(_REJECTED if says is None else says)

    def _toggle(self, row: int) -> None:
        self._decide(row, None if self.model.says(row) is not None else self.model.guess(row).says)

    def _decide(self, row: int, says: str | None) -> None:
        self.model.choose(row, says)
        self._show_one()
        self._show_sum()
        self.changed.emit()

    def _on_pressed(self, row: int, _column: int, part: Part) -> None:
        if isinstance(part, Check):
            self._toggle(row)

    def _on_instead(self) -> None:
        row, value = self.table.current_row, str(self.instead.currentData())
        if 0 <= row < len(self.model.rows):
            self._decide(row, None if value == _REJECTED else value)

    def _on_filter(self, unsure: bool) -> None:
        self.model.show_open(unsure)
        if self.model.rows:
            self.table.go_to(0)
        self._show_one()


def _why(guess: Guess) -> str:
    """Why it was guessed, in sentences."""
    lines = [f"• {e[:1].upper()}{e[1:]}." for e in guess.evidence[:_TOLD]]
    head = "The system says so itself:" if guess.declared else "Why:"
    told = [head, *lines] if lines else ["It follows from the kind of data in this field."]
    return "\n".join((["A special category of data (Art. 9 or 10): look at it."] if guess.special else []) + told)
