"""The facts of a case: what was asked, when, on which ground, about whom, and what is to be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.flow.planning.forms import kind_of
from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.wording import GetSystems, Systems, counted, title_of
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Line
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.words import category_title, kind_sign, masked
from dsr_desk.model.catalog import Field
from dsr_desk.model.due import long_date
from dsr_desk.model.mask import mask
from dsr_desk.model.request import Correction, Request
from dsr_desk.model.values import as_text

#: So many corrections are listed one by one.
_MOST = 6


@dataclass(frozen=True, slots=True)
class _Fact:
    word: str
    value: str
    note: str = ""
    mono: bool = False
    sign: str = ""


class FactsCard(Card):
    """``correct_wanted``: another correction is to be added."""

    correct_wanted = Signal()

    def __init__(self, systems: GetSystems, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._systems = systems
        self.body.addWidget(Label("Facts of the case", size=theme.PANE, weight=theme.BOLD))
        self._facts = QVBoxLayout()
        self._facts.setSpacing(0)
        self.body.addLayout(self._facts)
        row = QHBoxLayout()
        self.correct = Button("Correct more…", small=True, sign="rectification", on=self.correct_wanted.emit)
        row.addWidget(self.correct)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def show_request(self, request: Request) -> None:
        """Show the facts of this request."""
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for fact in _facts(request, self._systems()):
            self._facts.addWidget(_line(fact))
        self.correct.setVisible(request.right == "rectification" and not request.facts.undoes and not request.closed)


def _facts(request: Request, systems: Systems) -> Iterator[_Fact]:
    facts, right = request.facts, request.right
    yield _Fact("Reference", request.ref, mono=True)
    yield _Fact("Right", f"{rights.look(right).word}, {rights.article(right)} GDPR")
    yield _Fact("Received", long_date(request.received))
    yield _Fact("Due", long_date(request.due.on), request.due.rule)
    if facts.by_controller:
        yield _Fact("Asked by", "Nobody: we began it ourselves")
    if rights.grounds(right):
        yield _Fact("Ground", rights.ground_words(right, facts.ground) or "not recorded", rights.article(right))
    if facts.ends:
        yield _Fact("Ends the restriction of", facts.ends, "Art. 18(3): the person is told before it ends.", mono=True)
    if facts.undoes:
        yield _Fact("Takes back", facts.undoes, facts.note, mono=True)
    for kind, value in facts.identity:
        yield _Fact("Given by the person", masked(kind, value), mono=True, sign=kind_sign(kind))
    if facts.people:
        out = f"{counted(len(facts.left_out), 'line')} left out" if facts.left_out else ""
        yield _Fact("About", counted(len(facts.people), "person", "people") + " of a list", out, sign="list")
    for correction in facts.corrections[:_MOST]:
        yield _Fact(place_title(correction, systems), f"→ {new_value(correction, systems)}", mono=True)
    more = len(facts.corrections) - _MOST
    if more > 0:
        yield _Fact("", f"and {counted(more, 'more correction')}")


def place_title(correction: Correction, systems: Systems) -> str:
    """Where a value is corrected, in words: a category, or a field of one system."""
    if not correction.by_field:
        return category_title(correction.where)
    system, collection, field = correction.where.split("/", 2)
    return f"{title_of(system, systems)} ▸ {collection} ▸ {field}"


def new_value(correction: Correction, systems: Systems) -> str:
    """What is to stand there, masked."""
    known: Field | None = Field("", category=correction.where)
    if correction.by_field:
        system, collection, field = correction.where.split("/", 2)
        found = systems[system].collections.get(collection) if system in systems else None
        known = found.fields.get(field) if found else None
    if not as_text(correction.value):
        return "empty"
    return mask(correction.value, kind_of(known, {}) or known.identity, known.category) if known else mask(correction.value)


def _line(fact: _Fact) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 7, 0, 0)
    column.setSpacing(3)
    row = QHBoxLayout()
    row.setSpacing(theme.INSIDE)
    head = Label(fact.word, size=theme.SMALL, tint="text2", wrap=True)
    head.setFixedWidth(round(150 * theme.current().scale))
    row.addWidget(head)
    if fact.sign:
        row.addWidget(SignView(fact.sign))
    weight = theme.REGULAR if fact.mono else theme.MEDIUM
    row.addWidget(Label(fact.value, weight=weight, mono=fact.mono, wrap=True, selectable=True), 1)
    column.addLayout(row)
    if fact.note:
        below = QHBoxLayout()
        below.addSpacing(round(150 * theme.current().scale) + theme.INSIDE)
        below.addWidget(Label(fact.note, size=theme.SMALL, tint="text2", wrap=True), 1)
        column.addLayout(below)
    column.addSpacing(4)
    column.addWidget(Line())
    return box
