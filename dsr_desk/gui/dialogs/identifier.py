"""Adding an identifier of this person."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.words import kind_word
from dsr_desk.model.identity import LONGEST_IDENTIFIER, guess_kind, normals


class IdentifierDialog(ActDialog):
    """``given`` tells kind and value."""

    given = Signal(str, str)

    def __init__(self, kinds: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__("Add an identifier of this person", "Add it and search again", parent=parent)
        self.kind = Choice([(k, kind_word(k).capitalize()) for k in kinds])
        self.value = Edit(mono=True)
        self.value.setMaxLength(LONGEST_IDENTIFIER)
        self._field = Field("What the person gave", self.value)
        self.body.addWidget(self._field)
        self.body.addWidget(Field("What it is", self.kind))
        self.say_follows("All systems are searched again with it, and the trail records that it was added.")
        self.value.textChanged.connect(self._on_text)
        self.kind.currentIndexChanged.connect(lambda _: self._check())
        self._check()
        self.value.setFocus()

    def _on_text(self, text: str) -> None:
        if guess := guess_kind(text):
            self.kind.choose(guess)
        self._check()

    def _check(self) -> None:
        text = self.value.text().strip()
        wrong = bool(text) and not normals(self.kind.value, text)
        self._field.set_error(f"This can't be read as {kind_word(self.kind.value)}." if wrong else "")
        self.act.set_off("Type what the person gave." if not text else "It can't be searched for as it stands." if wrong else "")
        self.adjustSize()

    def on_act(self) -> None:
        """Tell it and close."""
        if not self.act.reason:
            self.given.emit(self.kind.value, self.value.text().strip())
            self.accept()
