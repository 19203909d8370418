"""The guesses of a draft catalog as a table: each with its confidence, and what a person says to it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from dsr_desk.gui import theme
from dsr_desk.gui.models.guess_words import guess_words
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.widgets.parts import Bar, Check, Chip, Part, Sign, Text
from dsr_desk.model.guess import Draft, Guess

#: From here on a guess is likely enough not to be looked at first.
SURE = 0.9


class GuessesModel(RowsModel[int]):
    """Rows are numbers of guesses in the draft. ``choices``: number → the YAML that stands instead, ``None`` for none."""

    HEADS = ("", "Where", "What it says", "How sure")

    def __init__(self) -> None:
        super().__init__()
        self.draft = Draft("", "", ())
        self.choices: dict[int, str | None] = {}

    def show_draft(self, draft: Draft) -> None:
        """Show another draft, with every guess taken."""
        self.draft, self.choices = draft, {}
        self.show_open(False)

    def show_open(self, unsure: bool) -> None:
        """All guesses, or only those that somebody should look at."""
        guesses = enumerate(self.draft.guesses)
        self.set_rows([i for i, g in guesses if not unsure or (not g.declared and (g.confidence < SURE or g.special))])

    def guess(self, row: int) -> Guess:
        """The guess in a row."""
        return self.draft.guesses[self.rows[row]]

    def says(self, row: int) -> str | None:
        """What stands in the file for a row now; ``None`` where it was rejected."""
        number = self.rows[row]
        return self.choices.get(number, self.draft.guesses[number].says)

    def choose(self, row: int, says: str | None) -> None:
        """Let something else stand for a guess, or nothing."""
        number = self.rows[row]
        if says == self.draft.guesses[number].says:
            self.choices.pop(number, None)
        else:
            self.choices[number] = says
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.HEADS) - 1))

    @property
    def rejected(self) -> int:
        """How many were rejected."""
        return sum(says is None for says in self.choices.values())

    def parts(self, row: int, column: int) -> Sequence[Part]:
        guess, small = self.draft.guesses[row], theme.SMALL
        says = self.choices.get(row, guess.says)
        if column == 0:
            return (Check(Qt.CheckState.Unchecked if says is None else Qt.CheckState.Checked),)
        if column == 1:
            return (Text(f"{guess.collection}.{guess.field}" if guess.field else guess.collection, mono=True, size=small),)
        if column == 2:
            special = (Chip("special", "failed", "special"),) if guess.special else ()
            changed = (Chip("changed", "changed"),) if row in self.choices and says is not None else ()
            out = says is None
            words = guess_words(says or guess.says)
            return (*special, Text(words, "text3" if out else "text", size=small, strike=out), *changed)
        if guess.declared:
            return (Sign("done", "verified", 13), Text("declared", "text2", size=small))
        tint = "bar_done" if guess.confidence >= SURE else "bar_waits"
        return (Bar(round(guess.confidence * 100), 100, tint, 44), Text(f"{guess.confidence:.0%}", "text2", size=small))

    def said(self, row: int) -> str:
        state = "rejected: " if self.choices.get(row, "") is None else ""
        return state + super().said(row)
