"""What a rectification is to put right: one line a place, and the new value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.flow.forms import UnfitError, kind_of, written
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
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


class _Row(QWidget):
    """One correction: where, and what shall stand there."""

    changed = Signal()
    removed = Signal()

    def __init__(self, known: Sequence[Place]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        self.where = Choice([("", "What is wrong…"), *known], name="What is wrong")
        self.value = Edit("What is right", name="The new value")
        self.value.setMaxLength(_LONGEST)
        self.remove = Button("", "quiet", sign="close", small=True, tip="Remove this correction", on=self.removed.emit)
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


class CorrectionRows(QWidget):
    """``changed`` tells each change."""

    changed = Signal()

    def __init__(self, systems: Iterable[System], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = places(systems)
        self.rows: list[_Row] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column.addLayout(self._column)
        foot = QHBoxLayout()
        foot.addWidget(Button("Add another correction", "quiet", small=True, sign="plus", on=self.add))
        foot.addStretch(1)
        column.addLayout(foot)
        self.add()

    def add(self) -> None:
        """One more line."""
        row = _Row(self._known)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column.addWidget(row)
        self._show_remove()
        self.changed.emit()

    @property
    def corrections(self) -> list[tuple[str, str]]:
        """Place and new value of every line in which a place is chosen."""
        return [(r.where.value, r.value.text().strip()) for r in self.rows if r.where.value]

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

    def _remove(self, row: _Row) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show_remove()
        self.changed.emit()

    def _show_remove(self) -> None:
        for row in self.rows:
            row.remove.setVisible(len(self.rows) > 1)
