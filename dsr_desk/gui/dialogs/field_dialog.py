"""One field of a collection: what it is, whom it finds, to whom it belongs, and what is left of it after an erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.catalog.complete import KINDS
from dsr_desk.catalog.rules_collection import categories
from dsr_desk.gui import theme
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.field_choices import FieldChoice, changes, chosen, fitting, strategy_words
from dsr_desk.gui.models.form_model import KIND_WORDS, FieldRow
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.words import kind_word
from dsr_desk.model.mask import is_special
from dsr_desk.strategies.base import Strategy

_SPECIAL = "A special category of data (Art. 9 or 10): its values are hidden, and a person looks at each."
_CONDITION = "It holds under a condition: change that in the text."


def category_edit(name: str = "Category") -> Edit:
    """A line in which any part of a category finds it."""
    edit = Edit("user.contact.email…", name=name, mono=True)
    completer = QCompleter(sorted(categories()), edit)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    edit.setCompleter(completer)
    return edit


class FieldDialog(ActDialog):
    """``wanted`` carries the changes of the file."""

    wanted = Signal(list)

    def __init__(
        self,
        collection: str,
        row: FieldRow,
        strategies: Mapping[str, type[Strategy]],
        targets: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"{collection} ▸ {row.name}", "Write it into the file", wide=460, parent=parent)
        self._collection, self._row, self._strategies = collection, row, strategies
        self._before = chosen(row, strategies)
        self._short = {n: next(iter(s.parameters)) for n, s in strategies.items() if s.parameters}
        self._says = {a.name: a for a in fitting(strategies, row.column)}
        column = row.column
        if column is not None:
            null = "may be empty" if column.nullable else "may not be empty"
            self.body.addWidget(Label(f"The column holds {column.type}, and {null}.", size=theme.SMALL, tint="text2", wrap=True))
        self.title = Edit(name="Title")
        self.category = category_edit()
        self.identity = Choice([("", "nothing"), *((k, kind_word(k)) for k in _with(KINDS, self._before.identity))])
        self.kind = Choice([("", "nobody by this field"), *KIND_WORDS.items()])
        self.target = Choice([("", "choose…"), *((t, t) for t in _with(targets, self._before.target))])
        ends = ((n, strategy_words(n)) for n in _with(self._says, self._before.strategy))
        self.erase = Choice([("", "nothing is said"), *ends])
        self.mentions = QCheckBox("Free text in which the person may be named")
        self.body.addWidget(Field("What people call it", self.title))
        self._category = Field("Category of data; empty where it is not personal", self.category)
        self.body.addWidget(self._category)
        self.body.addWidget(Field("A person is found by it as", self.identity))
        self._owner = QWidget()
        owner = QHBoxLayout(self._owner)
        owner.setContentsMargins(0, 0, 0, 0)
        owner.setSpacing(theme.INSIDE)
        owner.addWidget(self.kind)
        owner.addWidget(self.target, 1)
        self.body.addWidget(Field("This row…", self._owner))
        self._erase = Field("When the person is erased", self.erase)
        self.body.addWidget(self._erase)
        self._settings: dict[str, Edit] = {}
        self._box = QVBoxLayout()
        self._box.setSpacing(theme.INSIDE)
        self.body.addLayout(self._box)
        self.body.addWidget(self.mentions)
        self._fill()
        self.erase.currentIndexChanged.connect(lambda _: self._show_settings({}))
        self.kind.currentIndexChanged.connect(lambda _: self._show_state())
        for edit in (self.title, self.category):
            edit.textChanged.connect(lambda _: self._show_state())
        for choice in (self.identity, self.target):
            choice.currentIndexChanged.connect(lambda _: self._show_state())
        self.mentions.toggled.connect(lambda _: self._show_state())
        self.category.setFocus()

    @property
    def choice(self) -> FieldChoice:
        """What is chosen now."""
        settings = {name: edit.text().strip() for name, edit in self._settings.items() if edit.text().strip()}
        return FieldChoice(
            self.title.text().strip(),
            self.category.text().strip(),
            self.identity.value,
            self.kind.value,
            self.target.value if self.kind.value else "",
            self.erase.value,
            settings,
            self.mentions.isChecked(),
        )

    def on_act(self) -> None:
        """Tell the changes and close."""
        if not self.act.reason:
            self.wanted.emit(changes(self._collection, self._row, self._before, self.choice, self._short))
            self.accept()

    def _fill(self) -> None:
        before, row = self._before, self._row
        self.title.setText(before.title)
        self.category.setText(before.category)
        self.identity.choose(before.identity)
        self.kind.choose(before.kind)
        self.target.choose(before.target)
        self.erase.choose(before.strategy)
        self.mentions.setChecked(before.mentions)
        if not row.simple:
            for widget in (self.category, self.identity, self._owner):
                widget.setEnabled(False)
            self.say_follows(_CONDITION)
        if row.in_key:
            self.erase.setEnabled(False)
            self._erase.set_hint("It is part of the key, by which the row is found again: it stays.")
        self._show_settings(before.settings)

    def _show_settings(self, given: Mapping[str, str]) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._settings = {}
        about = self._says.get(self.erase.value)
        if about is None and self.erase.value in self._strategies:
            about = self._strategies[self.erase.value].about()
            self._erase.set_error("The column does not take it: a plan would refuse.")
        elif not self._row.in_key:
            self._erase.set_hint(about.does.replace("``", "") if about else "")
        for name, says in about.parameters.items() if about else ():
            edit = Edit(name=name)
            edit.setText(given.get(name, ""))
            edit.textChanged.connect(lambda _: self._show_state())
            self._settings[name] = edit
            self._box.addWidget(Field(f"{name.replace('_', ' ')}: {says}", edit))
        self._show_state()
        self.adjustSize()

    def _show_state(self) -> None:
        self.target.setVisible(bool(self.kind.value))
        now, why = self.choice, ""
        self._category.set_hint(_SPECIAL if is_special(now.category) else "", "failed")
        needed = self._strategies[now.strategy].parameters if now.strategy in self._strategies else {}
        missing = [n for n, p in needed.items() if p.needed and not now.settings.get(n)]
        if now.kind and not now.target:
            why = "Choose whose it is."
        elif missing:
            why = f"{now.strategy} needs {missing[0].replace('_', ' ')}."
        elif now == self._before:
            why = "Nothing is changed yet."
        self.act.set_off(why)


def _with(known: Sequence[str] | Mapping[str, object], word: str) -> list[str]:
    return [*known, *([word] if word and word not in known else [])]
