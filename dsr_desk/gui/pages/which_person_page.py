"""What was given leads to several people: who is it. Nothing is chosen beforehand, and nothing was looked up beyond these rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.identifier import IdentifierDialog
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import ActionBar, Button
from dsr_desk.gui.widgets.chips import ChipView, PartsView
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.fields import Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Scroll
from dsr_desk.gui.widgets.parts import Sign, Text, environment
from dsr_desk.gui.widgets.words import kind_word, kinds_of, masked, name_of
from dsr_desk.model.catalog import Field as CatalogField
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Candidate, SearchResult
from dsr_desk.model.identity import normals
from dsr_desk.model.mask import mask
from dsr_desk.model.request import Request

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

#: At most this many people stand side by side.
MOST = 4
BOTH, NEITHER = -2, -3


class WhichPersonPage(QWidget):
    """``chosen`` tells the request once somebody said who it is; the search then goes on."""

    chosen = Signal(object)
    added = Signal(object)

    def __init__(
        self, desk: Desk, bridge: Bridge, systems: Callable[[], Mapping[str, System]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._request: Request | None = None
        self._people: tuple[Candidate, ...] = ()
        self._answers = QButtonGroup(self)
        self._answers.idToggled.connect(lambda _id, _on: self._show_bar())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._scroll = Scroll()
        self._scroll.body.setContentsMargins(theme.EDGE, 18, theme.EDGE, 18)
        self._scroll.body.setSpacing(10)
        column.addWidget(self._scroll, 1)
        self.ask = Button("Add what the person says…", sign="plus", on=self._on_add)
        self.follow = Button("Follow", "primary", on=self._on_follow)
        self.bar = ActionBar(self.ask, self.follow)
        column.addWidget(self.bar)
        self.reason = Edit("For example: same birthday, same street, two accounts")
        self.reason.textChanged.connect(lambda _: self._show_bar())

    def show_result(self, request: Request, result: SearchResult) -> None:
        """Show the people that what was given leads to."""
        self._request, self._people = request, result.ambiguous
        body = self._scroll.body
        self.reason.setParent(self)
        self.reason.hide()
        while (item := body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        given = request.facts.identity[0] if len(request.facts.identity) == 1 else None
        what = f"this {kind_word(given[0])}" if given else "what was given"
        people = count(len(self._people), "person", "people")
        body.addWidget(
            PartsView(
                [
                    Sign("shared", "retained", 22),
                    Text(f"The search stopped: {what} leads to {people}", size=theme.TITLE, weight=theme.BOLD),
                ],
                30,
            )
        )
        shown = f" Given: {masked(*given)}." if given else ""
        body.addWidget(
            Label(
                f"Nothing was looked up beyond these rows.{shown} Say who it is; the answer is recorded and printed on the report.",
                tint="text2",
                wrap=True,
            )
        )
        self.banner = Banner()
        self.banner.hide()
        body.addWidget(self.banner)
        body.addWidget(self._table())
        if len(self._people) > MOST:
            more = f"{count(len(self._people) - MOST, 'other row')} not shown. Add something else the person gave."
            body.addWidget(Label(more, size=theme.SMALL, tint="retained", wrap=True))
        body.addWidget(Label("Who asks?", size=theme.PANE, weight=theme.BOLD))
        body.addWidget(self._questions())
        self._reason_field = Field("Why both rows are one person", self.reason)
        self.reason.show()
        body.addWidget(self._reason_field)
        body.addStretch(1)
        self._show_bar()

    def _table(self) -> QWidget:
        card = Card()
        card.body.setContentsMargins(0, 0, 0, 0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        people = self._people[:MOST]
        system = self._systems().get(people[0].row.ref.system) if people else None
        if system is not None:
            grid.addWidget(_cell(ChipView(environment(system.environment))), 0, 0)
        for i, person in enumerate(people, 1):
            grid.addWidget(_cell(self._person_head(person)), 0, i)
        grid.addWidget(_cell(QWidget()), 0, len(people) + 1)
        for line, (label, values, same) in enumerate(self._compared(), 1):
            ground = "retained_ground" if same == "the same" else ""
            tint = "retained" if ground else "text2"
            sign = {"the same": "same", "differs": "differs"}.get(same, "")
            grid.addWidget(_cell(Label(label, tint="text2"), ground), line, 0)
            for i, value in enumerate(values, 1):
                grid.addWidget(
                    _cell(Label(value or "none", mono=bool(value), size=theme.SMALL, tint="text" if value else "text3"), ground),
                    line,
                    i,
                )
            grid.addWidget(
                _cell(PartsView([*([Sign(sign, tint, 14)] if sign else []), Text(same, tint, size=theme.SMALL)]), ground),
                line,
                len(people) + 1,
            )
        for i in range(len(people) + 2):
            grid.setColumnStretch(i, 0 if i in (0, len(people) + 1) else 1)
        card.body.addLayout(grid)
        return card

    def _person_head(self, person: Candidate) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(4)
        ref = person.row.ref
        column.addWidget(PartsView([Sign("person"), Text(self._name(person), size=theme.PANE, weight=theme.BOLD)]))
        system = self._systems().get(ref.system)
        where = f"{system.label if system else ref.system} ▸ {ref.collection} ▸ {', '.join(ref.key)}"
        column.addWidget(Label(where, size=theme.SMALL, mono=True, tint="text2", elide=True))
        return box

    def _fields(self, person: Candidate) -> dict[str, CatalogField]:
        system = self._systems().get(person.row.ref.system)
        collection = system.collections.get(person.row.ref.collection) if system else None
        return {n: f for n, f in collection.fields.items() if f.personal} if collection else {}

    def _name(self, person: Candidate) -> str:
        return name_of(person.row, self._systems()) or "this row"

    def _compared(self) -> list[tuple[str, list[str], str]]:
        """Each personal field: its label, each person's value masked, and whether they agree."""
        people = self._people[:MOST]
        labels: dict[str, CatalogField] = {}
        for person in people:
            for field in self._fields(person).values():
                labels.setdefault(field.identity or field.category or field.name, field)
        lines = []
        for key, field in labels.items():
            values = [self._value(p, key) for p in people]
            regions = [s.region if (s := self._systems().get(p.row.ref.system)) else None for p in people]
            forms = [
                normals(field.identity or field.name, v, r) if v not in (None, "") else frozenset()
                for v, r in zip(values, regions, strict=True)
            ]
            filled = [f for f in forms if f]
            same = "only one has it" if len(filled) < len(people) else "the same" if frozenset.intersection(*filled) else "differs"
            if filled:
                word = kind_word(field.identity) if field.identity else field.title or field.name.replace("_", " ")
                lines.append((word.capitalize(), [mask(v, field.identity, field.category) for v in values], same))
        return sorted(lines, key=lambda line: line[2] != "the same")

    def _value(self, person: Candidate, key: str) -> object:
        for name, field in self._fields(person).items():
            if key in (field.identity, field.category, field.name) and person.row.values.get(name) not in (None, ""):
                return person.row.values[name]
        return None

    def _questions(self) -> QWidget:
        for button in self._answers.buttons():
            self._answers.removeButton(button)
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        choices = [
            (
                i,
                f"Only {self._name(p)}, {', '.join(p.row.ref.key)}",
                "The others' rows are left out; rows they share come to review.",
            )
            for i, p in enumerate(self._people[:MOST])
        ]
        both = "Both rows are one person" if len(self._people) == 2 else f"All {len(self._people)} rows are one person"
        choices.append((BOTH, both, "Several accounts of one person: all are followed. Needs a reason."))
        choices.append((NEITHER, "Neither, or not sure", "Ask the person for something else they gave you, and add it here."))
        half = (len(choices) + 1) // 2
        for at, (id_, words, note) in enumerate(choices):
            radio = QRadioButton(words.replace("&", "&&"))
            radio.setFont(theme.font(weight=theme.MEDIUM))
            radio.setAccessibleDescription(note)
            self._answers.addButton(radio, id_)
            grid.addWidget(radio, (at % half) * 2, at // half)
            below = Label(note, size=theme.SMALL, tint="text2")
            below.setContentsMargins(26, 0, 0, 12)
            grid.addWidget(below, (at % half) * 2 + 1, at // half, Qt.AlignmentFlag.AlignTop)
        return box

    @property
    def answer(self) -> int | None:
        """Which answer is chosen: a person's number, ``BOTH``, ``NEITHER`` or nothing yet."""
        return None if self._answers.checkedButton() is None else self._answers.checkedId()

    def choose(self, answer: int) -> None:
        """Choose an answer."""
        self._answers.button(answer).setChecked(True)

    def _show_bar(self) -> None:
        answer = self.answer
        self._reason_field.setVisible(answer == BOTH)
        every = len(self._people)
        if answer is None:
            self.follow.setText(f"Follow 1 of {count(every, 'person', 'people')}")
            self.follow.set_off("Choose one of the answers first.")
            self.bar.say("Choose an answer, or add something else the person gave.")
        elif answer == NEITHER:
            self.follow.setText(f"Follow 0 of {count(every, 'person', 'people')}")
            self.follow.set_off("Nobody can be followed before it is known who asks.")
            self.bar.say("Ask the person for a second identifier, then add it here. The search starts again with both.")
        else:
            self.follow.setText(f"Follow {every if answer == BOTH else 1} of {count(every, 'person', 'people')}")
            missing = answer == BOTH and len(self.reason.text().strip()) < 10
            self.follow.set_off("Give a reason of ten characters or more." if missing else "")
            self.bar.say(
                "Give a reason of ten characters or more." if missing else "The search goes on from there. The answer is recorded."
            )

    def _on_follow(self) -> None:
        answer = self.answer
        if self._request is None or answer is None:
            return
        people = self._people if answer == BOTH else (self._people[answer],)
        reason = self.reason.text().strip() if answer == BOTH else "Chosen by the operator among several people"
        ref, rows = self._request.ref, [p.row.ref for p in people]
        self.follow.set_off("The answer is being recorded.")
        self._bridge.run(
            lambda tell, cancel: self._desk.choose_subjects(ref, rows, reason),
            on_done=self.chosen.emit,
            on_failed=self._on_failed,
            owner=self,
        )

    def _on_add(self) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        dialog = IdentifierDialog(kinds_of(self._systems().values()), parent=self)

        def given(kind: str, value: str) -> None:
            self._bridge.run(
                lambda tell, cancel: self._desk.add_identifier(ref, kind, value),
                on_done=self.added.emit,
                on_failed=self._on_failed,
                owner=self,
            )

        dialog.given.connect(given)
        dialog.open()

    def _on_failed(self, error: DeskError) -> None:
        self.banner.show_error(error)
        self._show_bar()


class _Cell(QWidget):
    """One cell of the comparison: a ground, and a hairline below."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self._ground = ground
        self.setMinimumHeight(33)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground:
            painter.fillRect(self.rect(), theme.color(self._ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))


def _cell(widget: QWidget, ground: str = "") -> QWidget:
    cell = _Cell(ground)
    column = QVBoxLayout(cell)
    column.setContentsMargins(18, 2, 18, 3)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    return cell
