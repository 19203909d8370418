"""What is known of a person: one line an identifier, its kind guessed from what is typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dsr_desk.gui.widgets.fields import Choice, Edit
from dsr_desk.gui.widgets.line_list import LineList, OneLine
from dsr_desk.gui.widgets.words import kind_word
from dsr_desk.model.identity import LONGEST_IDENTIFIER, guess_kind, normals


class _Row(OneLine):
    """One identifier: its kind and its value."""

    pasted = Signal(list)

    def __init__(self, kinds: Sequence[str], kind: str = "", value: str = "") -> None:
        super().__init__("Remove this identifier")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.kind = Choice([(k, kind_word(k).capitalize()) for k in kinds], name="Kind of identifier")
        self.value = Edit("What the person gave", mono=True)
        self.value.setMaxLength(LONGEST_IDENTIFIER)
        self._guessing = not kind
        row.addWidget(self.kind)
        row.addWidget(self.value, 1)
        row.addWidget(self.remove)
        if kind:
            self.kind.choose(kind)
        self.value.setText(value)
        self.kind.activated.connect(lambda _: setattr(self, "_guessing", False))
        self.kind.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.value.textChanged.connect(self._on_text)

    @property
    def identifier(self) -> tuple[str, str]:
        """Kind and value as they stand."""
        return self.kind.value, self.value.text().strip()

    @property
    def readable(self) -> bool:
        """Whether the value can be of that kind."""
        kind, value = self.identifier
        return bool(normals(kind, value))

    def _on_text(self, text: str) -> None:
        several = [part for part in re.split(r"[\s,;]+", text) if guess_kind(part) == "email"]
        if len(several) > 1:
            self.pasted.emit(several)
        if self._guessing and (guess := guess_kind(text)):
            self.kind.choose(guess)
        self.changed.emit()


class IdentifierRows(LineList[_Row]):
    """``pasted`` tells several addresses that came in one line."""

    pasted = Signal(list)

    def __init__(self, kinds: Sequence[str], identity: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__("Add another identifier", self.add, parent)
        self._kinds = kinds
        self._pasted: _Row | None = None
        for kind, value in identity or (("", ""),):
            self.add(kind, value)

    def add(self, kind: str = "", value: str = "") -> None:
        """One more line."""
        row = _Row(self._kinds, kind, value)
        row.pasted.connect(lambda several: self._on_pasted(row, several))
        self.put(row)
        row.value.setFocus()

    def split(self, several: Sequence[str]) -> None:
        """Make a line of each address that was pasted into one."""
        if self._pasted is not None:
            self._pasted.value.setText(several[0])
        for value in several[1:]:
            self.add("email", value)

    @property
    def identity(self) -> list[tuple[str, str]]:
        """The identifiers that are filled in."""
        return [row.identifier for row in self.rows if row.identifier[1]]

    @property
    def unreadable(self) -> str:
        """The kind of the first identifier that can't be read as what it is said to be; ``""`` where all can."""
        return next((r.identifier[0] for r in self.rows if r.identifier[1] and not r.readable), "")

    def _on_pasted(self, row: _Row, several: list[str]) -> None:
        self._pasted = row
        self.pasted.emit(several)
