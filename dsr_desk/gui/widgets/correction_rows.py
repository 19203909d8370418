"""What a rectification is to put right: one line a place, and the new value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.flow.planning.forms import UnfitError, kind_of, written
from dsr_desk.gui import theme
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.line_list import LineList, OneLine
from dsr_desk.gui.widgets.words import category_title
from dsr_desk.model.catalog import Field as CatalogField
from dsr_desk.model.catalog import System

#: The longest new value, in characters.
_LONGEST = 4000
Place = tuple[str, str]


def places(systems: Iterable[System]) -> list[Place]:
    """Where a value can be corrected, with its words: every data category first (in all systems), then every personal field."""
    categories: dict[str, list[str]] = {}
    fields: list[Place] = []
    for system in systems:
        for collection in system.collections.values():
            for field in collection.fields.values():
                if field.category is None:
                    continue
                where = categories.setdefault(field.category, [])
                if system.label not in where:
                    where.append(system.label)
                place = f"{system.name}/{collection.name}/{field.name}"
                fields.append((place, f"{system.label} ▸ {collection.label} ▸ {field.title or field.name}"))
    said = [(c, f"{category_title(c)} · {_everywhere(names)}") for c, names in categories.items()]
    return sorted(said, key=lambda p: p[1].lower()) + fields


def _everywhere(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"in {len(names)} systems"


class _Row(OneLine):
    """One correction: where, and what shall stand there."""

    def __init__(self, known: Sequence[Place]) -> None:
        super().__init__("Remove this correction")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self.where = Choice([("", "What is wrong…"), *known], name="What is wrong")
        self.value = Edit("What is right", name="The new value")
        self.value.setMaxLength(_LONGEST)
        row.addWidget(self.where, 1)
        row.addWidget(self.value, 1)
        row.addWidget(self.remove)
        box = QWidget()
        box.setLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        self._field = Field("", box)
        column.addWidget(self._field)
        self.where.currentIndexChanged.connect(lambda _: self._on_change())
        self.value.textChanged.connect(lambda _: self._on_change())

    @property
    def wrong(self) -> str:
        """What is wrong with the new value by its kind; ``""`` where nothing is, or nothing is known."""
        where, value = self.where.value, self.value.text().strip()
        if not value or not where.startswith("user"):
            return ""
        try:
            written(kind_of(CatalogField("", category=where), {}), value, None, None)
        except UnfitError as unfit:
            return f"{unfit.why.capitalize()}. {unfit.cure}."
        return ""

    def _on_change(self) -> None:
        self._field.set_error(self.wrong)
        self.value.set_wrong(bool(self.wrong))
        self.changed.emit()


class CorrectionRows(LineList[_Row]):
    """What is told now; the corrections that were told before are ``ToldRows``."""

    def __init__(self, systems: Iterable[System], parent: QWidget | None = None) -> None:
        super().__init__("Add another correction", self.add, parent)
        self._known = places(systems)
        self.add()

    def add(self) -> None:
        """One more line."""
        self.put(_Row(self._known))

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """Place and new value of every line in which a place is chosen."""
        return [(r.where.value, r.value.text().strip()) for r in self.rows if r.where.value]

    @property
    def blank(self) -> bool:
        """Whether nothing was typed or chosen."""
        return not any(r.where.value or r.value.text().strip() for r in self.rows)

    @property
    def reason(self) -> str:
        """Why they can't be taken yet, as a sentence; ``""`` where they can."""
        if any(r.value.text().strip() and not r.where.value for r in self.rows):
            return "Say what is wrong: a category or a field."
        chosen = [r for r in self.rows if r.where.value]
        if not chosen:
            return "Say what is wrong, and what is right."
        if any(not r.value.text().strip() for r in chosen):
            return "Give the new value of each correction."
        if any(r.wrong for r in chosen):
            return "One new value can't be written as it stands."
        return "" if len({r.where.value for r in chosen}) == len(chosen) else "One place is named twice."


class ToldRows(QWidget):
    """Corrections that were told before, each with its button: it is withdrawn, or stays after all."""

    changed = Signal()

    def __init__(self, told: Iterable[Place], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._withdrawn: dict[str, bool] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for where, words in told:
            column.addLayout(self._line(where, words))

    def _line(self, where: str, words: str) -> QHBoxLayout:
        self._withdrawn[where] = False
        row = QHBoxLayout()
        said = Label(words, size=theme.SMALL, wrap=True)
        row.addWidget(said, 1)

        def turn() -> None:
            withdrawn = self._withdrawn[where] = not self._withdrawn[where]
            said.setText(f"{words} · withdrawn" if withdrawn else words)
            button.setText("Keep it" if withdrawn else "Withdraw")
            self.changed.emit()

        button = Button("Withdraw", "quiet", small=True, on=turn)
        button.setAccessibleDescription(words)
        row.addWidget(button)
        return row

    @property
    def withdrawn(self) -> list[str]:
        """The places whose correction is withdrawn."""
        return [where for where, gone in self._withdrawn.items() if gone]

    @property
    def kept(self) -> list[str]:
        """The places whose correction stays."""
        return [where for where, gone in self._withdrawn.items() if not gone]
