"""A collection as a form, beside its text: what a row is, what becomes of it, and its fields. It is the same file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.catalog.complete import GROUNDS
from dsr_desk.catalog.edit import REMOVED, Change
from dsr_desk.catalog.mend import Cure
from dsr_desk.gui import theme
from dsr_desk.gui.models.fields_model import FieldsModel
from dsr_desk.gui.models.form_model import KIND_WORDS, CollectionForm, FieldRow
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Scroll
from dsr_desk.gui.widgets.parts_table import PartsTable

_ROWS = (("", "not said yet"), ("person", "one person"), ("owned", "somebody’s"))
_ENDS = (("", "not said yet"), ("delete", "the row goes"), ("redact", "the row stays, its fields don’t"), ("keep", "it is kept"))
#: Owners that are named one by one; the rest is counted.
_OWNERS = 4


class FormView(Scroll):
    """Shows one collection. ``wanted``: changes of the file; ``field_wanted``: a field to look at closely."""

    wanted = Signal(list)
    field_wanted = Signal(object)
    chosen = Signal(str)
    owner_wanted = Signal()
    uncovered_wanted = Signal()
    mended = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form: CollectionForm | None = None
        self._showing = False
        self.body.setContentsMargins(0, 12, 0, 12)
        self.body.setSpacing(10)
        self.setAccessibleName("This collection as a form")
        self._layout()
        self._connect()

    def show_form(
        self, form: CollectionForm | None, names: Sequence[str], mend: Callable[[Any], Sequence[Cure]], locked: str = ""
    ) -> None:
        """Show a collection; ``names`` are those of the file, ``mend`` gives the cures of a problem."""
        self._showing = True
        self._form = form
        self._note.setText(locked or ("" if form else "Put the cursor on a collection, or choose one here."))
        self._note.setVisible(bool(self._note.text()))
        self._list_names(names, form.name if form else "")
        for widget in (self._whole, self._table):
            widget.setVisible(form is not None)
            widget.setEnabled(not locked)
        if form is not None:
            self._fill(form, mend)
        self._showing = False

    def grey(self, reason: str) -> None:
        """The text can't be read: what is shown stays where it was, and says why."""
        self._note.setText(reason)
        self._note.set_tint("failed")
        self._note.setVisible(bool(reason))
        if not reason:
            self._note.set_tint("text2")
        else:  # what was wrong before, and its cures, are of a text that is no longer there
            self._ends.set_error("")
            self._offer(())
        for widget in (self._whole, self._table, self.names):
            widget.setEnabled(not reason)

    @property
    def form(self) -> CollectionForm | None:
        """What is shown."""
        return self._form

    @property
    def note(self) -> str:
        """What is said above it."""
        return self._note.text()

    # -- layout

    def _layout(self) -> None:
        self._note = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.names = Choice(name="Collection of this file")
        for widget in (self._note, self.names):
            beside = QVBoxLayout()
            beside.setContentsMargins(theme.GROUP, 0, theme.GROUP, 0)
            beside.addWidget(widget)
            self.body.addLayout(beside)
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(theme.GROUP, 0, theme.GROUP, 0)
        column.setSpacing(10)
        first = QHBoxLayout()
        first.setSpacing(12)
        self.title = Edit(name="Collection")
        self.row_is = Choice(list(_ROWS))
        self.row_is.setMinimumWidth(self.row_is.sizeHint().width())
        first.addWidget(Field("Collection", self.title), 1, Qt.AlignmentFlag.AlignTop)
        first.addWidget(Field("A row here is", self.row_is), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(first)
        owners = QHBoxLayout()
        self._owners = Label(size=theme.SMALL, tint="text2", wrap=True)
        self.say_owner = Button("Say who owns it…", "quiet", small=True, on=self.owner_wanted.emit)
        owners.addWidget(self._owners, 1)
        owners.addWidget(self.say_owner, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(owners)
        self.on_erase = Choice(list(_ENDS))
        self._ends = Field("When a person is erased", self.on_erase)
        column.addWidget(self._ends)
        self._cures = QHBoxLayout()
        self._cures.setSpacing(theme.INSIDE)
        column.addLayout(self._cures)
        self._keep = QWidget()
        kept = QVBoxLayout(self._keep)
        kept.setContentsMargins(0, 0, 0, 0)
        kept.setSpacing(8)
        self.ground = Choice([("", "choose…"), *((g, f"Art. {g}") for g in GROUNDS)], name="Ground")
        self.ground.setMinimumWidth(self.ground.sizeHint().width())
        self.reason = Edit(name="Reason")
        self._until = Label(size=theme.SMALL, tint="text2", wrap=True)
        pair = QHBoxLayout()
        pair.setSpacing(12)
        pair.addWidget(Field("Ground", self.ground), 0, Qt.AlignmentFlag.AlignTop)
        pair.addWidget(Field("Reason, for the report", self.reason), 1, Qt.AlignmentFlag.AlignTop)
        kept.addLayout(pair)
        kept.addWidget(self._until)
        column.addWidget(self._keep)
        self.body.addWidget(self._whole)
        self.model = FieldsModel()
        self._table = PartsTable(
            self.model, name="Fields of this collection", widths={0: 106, 1: 120, 3: 88}, stretch=2, least=96, high=28
        )
        self._table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._table)
        self.show_uncovered = Button("", "quiet", small=True, sign="pane", on=self.uncovered_wanted.emit)
        self.body.addWidget(self.show_uncovered, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.names.activated.connect(lambda _: self.chosen.emit(self.names.value))
        self.title.editingFinished.connect(lambda: self._said("title", self.title.text().strip()))
        self.row_is.activated.connect(lambda _: self._on_row())
        self.on_erase.activated.connect(lambda _: self._said("on_erase", self.on_erase.value))
        self.ground.activated.connect(lambda _: self._on_keep("ground", self.ground.value))
        self.reason.editingFinished.connect(lambda: self._on_keep("reason", self.reason.text().strip()))
        self._table.opened.connect(lambda row: self.field_wanted.emit(self.model.rows[row]))

    # -- showing

    def _list_names(self, names: Sequence[str], current: str) -> None:
        if [self.names.itemData(i) for i in range(self.names.count())] != list(names):
            self.names.clear()
            for name in names:
                self.names.addItem(name, name)
        self.names.setVisible(bool(names))
        self.names.setCurrentIndex(self.names.findData(current))

    def _fill(self, form: CollectionForm, mend: Callable[[Any], Sequence[Cure]]) -> None:
        if not self.title.hasFocus():
            self.title.setText(form.title)
        self.title.setPlaceholderText(form.name)
        _choose(self.row_is, form.row_is, {"some": "some a person"})
        _choose(self.on_erase, form.on_erase, {form.on_erase: form.on_erase})
        owners = [f"{KIND_WORDS[k]} {to} through {name}" for name, k, to in form.owners]
        more = f"; and {len(owners) - _OWNERS} more" if len(owners) > _OWNERS else ""
        self._owners.setText("; ".join(owners[:_OWNERS]).capitalize()[:1] + "; ".join(owners[:_OWNERS])[1:] + more)
        self.say_owner.setVisible(form.row_is in ("", "owned"))
        wrong = form.problems.get("on_erase") or form.problems.get("keep") or form.problems.get("key") or form.problems.get("")
        said = f"Line {wrong.line}: {wrong.message}" if wrong else ""
        if wrong is not None and wrong.severity == "warning":
            self._ends.set_hint(said, "retained")
        else:
            self._ends.set_hint("")
            self._ends.set_error(said)
        self._offer(mend(wrong) if wrong else ())
        self._keep.setVisible(form.on_erase == "keep")
        _choose(self.ground, str(form.keep.get("ground") or ""), {str(form.keep.get("ground")): str(form.keep.get("ground"))})
        if not self.reason.hasFocus():
            self.reason.setText(str(form.keep.get("reason") or ""))
        self._until.setText(_until(form.keep.get("until")))
        self.model.on_erase = form.on_erase
        here = self._table.current_row
        if list(self.model.rows) != list(form.fields):
            self.model.set_rows(form.fields)
            if 0 <= here < len(form.fields):
                self._table.go_to(here)
        self._table.fit_height()
        number = len(form.uncovered)
        self.show_uncovered.setVisible(bool(number))
        self.show_uncovered.setText(f"Show {counted(number, 'column')} that the file doesn’t list")

    def _offer(self, cures: Sequence[Cure]) -> None:
        while (item := self._cures.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for cure in cures[:3]:
            self._cures.addWidget(Button(cure.says, small=True, on=partial(self.mended.emit, cure)))
        self._cures.addStretch(1)

    # -- acts

    def _said(self, key: str, value: str) -> None:
        form = self._form
        if self._showing or form is None or value == str(form.says.get(key) or ""):
            return
        changes = [Change(("collections", form.name, key), value or REMOVED)]
        if key == "on_erase" and value != "keep" and form.keep:
            changes.append(Change(("collections", form.name, "keep"), REMOVED))
        self.wanted.emit(changes)

    def _on_row(self) -> None:
        form, value = self._form, self.row_is.value
        if self._showing or form is None or value == form.row_is:
            return
        subject = True if value == "person" else REMOVED
        if value != "owned":
            self.wanted.emit([Change(("collections", form.name, "subject"), subject)])
            return
        if "subject" in form.says:
            self.wanted.emit([Change(("collections", form.name, "subject"), REMOVED)])
        self.owner_wanted.emit()

    def _on_keep(self, key: str, value: str) -> None:
        form = self._form
        if self._showing or form is None or value == str(form.keep.get(key) or ""):
            return
        self.wanted.emit([Change(("collections", form.name, "keep", key), value or REMOVED)])


def field_named(form: CollectionForm, name: str) -> FieldRow | None:
    """One of its fields."""
    return next((row for row in form.fields if row.name == name), None)


def _choose(choice: Choice, value: str, others: Mapping[str, str]) -> None:
    """Choose a value; one that stands in the file and isn't offered is added, as it stands."""
    if choice.findData(value) < 0:
        choice.addItem(others.get(value, value), value)
    choice.choose(value)


def _until(until: Any) -> str:
    if isinstance(until, dict) and until.get("plus"):
        return f"Until {until['plus']} after {until.get('field', '')}."
    if isinstance(until, str):
        return f"Until {until}."
    return "No end is named: it goes with the row it belongs to."
