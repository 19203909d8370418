"""Receive and identify: the facts of the case, and how the person was recognised (GDPR Art. 12(6))."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import ActionBar, Button
from dsr_desk.gui.widgets.fields import Choice, Edit, Field, say_day
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Line, Scroll
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.words import GROUNDS, kind_sign, masked
from dsr_desk.model.due import long_date
from dsr_desk.model.request import Request

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

_WAYS = (
    "Logged in to their account",
    "Answered from the e-mail address on file",
    "Identity document seen",
    "Known in person",
    "Called back on the phone number on file",
)


class ReceivePage(QWidget):
    """``changed`` tells the request after its identity check was recorded; ``search_wanted`` asks for the next stage."""

    changed = Signal(object)
    search_wanted = Signal()
    left = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, article: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._article = desk, bridge, article
        self._request: Request | None = None
        self._layout()
        self._connect()

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        scroll = Scroll()
        scroll.body.setContentsMargins(theme.EDGE, 18, theme.EDGE, 18)
        scroll.body.setSpacing(theme.GROUP)
        self.banner = Banner()
        self.banner.hide()
        scroll.body.addWidget(self.banner)
        sides = QHBoxLayout()
        sides.setSpacing(theme.GROUP)
        facts = Card()
        facts.body.addWidget(Label("Facts of the case", size=theme.PANE, weight=theme.BOLD))
        self._facts = QVBoxLayout()
        self._facts.setSpacing(0)
        facts.body.addLayout(self._facts)
        facts.body.addStretch(1)
        sides.addWidget(facts, 1)
        sides.addWidget(self._check_card(), 1)
        scroll.body.addLayout(sides)
        scroll.body.addStretch(1)
        column.addWidget(scroll, 1)
        self.next = Button("Search all systems", "primary", sign="search", on=self.search_wanted.emit)
        self.bar = ActionBar(Button("Save and close", on=self.left.emit), self.next)
        column.addWidget(self.bar)

    def _check_card(self) -> Card:
        card = Card()
        card.body.addWidget(Label("Identity check", size=theme.PANE, weight=theme.BOLD))
        words = "How do you know that whoever asks is the person whose data it is? The report says how, not what was shown."
        card.body.addWidget(Label(words, size=theme.SMALL, tint="text2", wrap=True))
        self._checked = Banner(tone="verified", sign="shield")
        card.body.addWidget(self._checked)
        self._way = Choice([("", "In my own words"), *((w, w) for w in _WAYS)])
        card.body.addWidget(Field("How it was checked", self._way))
        self._how = Edit("For example: passport shown at the counter")
        self._how_field = Field(
            "In your own words", self._how, "No numbers or copies of documents: they are more data than is needed."
        )
        card.body.addWidget(self._how_field)
        self.record = Button("Record the identity check", on=self._on_record)
        row = QHBoxLayout()
        row.addWidget(self.record)
        row.addSpacing(theme.INSIDE)
        self._why = Label(size=theme.SMALL, tint="text2", wrap=True)
        row.addWidget(self._why, 1)
        card.body.addLayout(row)
        card.body.addStretch(1)
        return card

    def _connect(self) -> None:
        self._way.currentIndexChanged.connect(lambda _: self._on_typed())
        self._how.textChanged.connect(lambda _: self._on_typed())
        self._how.returnPressed.connect(self.record.click)

    def show_request(self, request: Request) -> None:
        """Show its facts."""
        self._request = request
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        facts = request.facts
        rows = [
            ("Reference", request.ref, "", True),
            ("Right", f"{request.right.capitalize()}, {self._article(request.right)} GDPR", "", False),
            ("Received", long_date(request.received), "", False),
            ("Due", long_date(request.due.on), request.due.rule, False),
        ]
        if request.right == "erasure":
            rows.append(
                ("Ground of the erasure", dict(GROUNDS).get(facts.ground, facts.ground) or "not recorded", "Art. 17(1)", False)
            )
        for word, value, note, mono in rows:
            self._facts.addWidget(_fact(word, value, note, mono=mono))
        for kind, value in facts.identity:
            self._facts.addWidget(_fact("Given by the person", masked(kind, value), "", sign=kind_sign(kind), mono=True))
        checked = bool(facts.identity_check)
        self._checked.setVisible(checked)
        if checked:
            by = f" by {facts.identity_checked_by}" if facts.identity_checked_by else ""
            self._checked.say(facts.identity_check, f"Recorded {_day(facts.identity_checked)}{by}.", tone="verified", sign="shield")
        self.record.setText("Record it again" if checked else "Record the identity check")
        if checked:
            self.bar.say("The identity was checked. The search reads all systems and changes nothing.")
        else:
            words = (
                "The identity has not been checked yet. A search changes nothing, but nothing should be erased before the check."
            )
            self.bar.say(words, "warning", "retained")
        self._on_typed()

    @property
    def how(self) -> str:
        """How the identity was checked, as it stands in the form."""
        return self._way.value or self._how.text().strip()

    def _on_typed(self) -> None:
        self._how_field.setVisible(not self._way.value)
        self.record.set_off("" if len(self.how) >= 3 else "Say how the identity was checked.")
        self._why.setText(self.record.reason)

    def _on_record(self) -> None:
        if self._request is None:
            return
        ref, how = self._request.ref, self.how
        self._bridge.run(lambda tell, cancel: self._desk.identify(ref, how), on_done=self._on_recorded, on_failed=self._on_failed)

    def _on_recorded(self, request: Request) -> None:
        self.banner.hide()
        self._how.clear()
        self._way.setCurrentIndex(0)
        self.show_request(request)
        self.changed.emit(request)

    def _on_failed(self, error: DeskError) -> None:
        self.banner.show_error(error)


def _day(stamp: str) -> str:
    try:
        return say_day(date.fromisoformat(stamp[:10]))
    except ValueError:
        return stamp


def _fact(word: str, value: str, note: str, *, mono: bool = False, sign: str = "") -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 7, 0, 0)
    column.setSpacing(3)
    row = QHBoxLayout()
    row.setSpacing(theme.INSIDE)
    head = Label(word, size=theme.SMALL, tint="text2")
    head.setFixedWidth(round(150 * theme.current().scale))
    row.addWidget(head)
    if sign:
        row.addWidget(SignView(sign))
    row.addWidget(Label(value, weight=theme.REGULAR if mono else theme.MEDIUM, mono=mono, wrap=True, selectable=True), 1)
    column.addLayout(row)
    if note:
        below = QHBoxLayout()
        below.addSpacing(round(150 * theme.current().scale) + theme.INSIDE)
        below.addWidget(Label(note, size=theme.SMALL, tint="text2", wrap=True), 1)
        column.addLayout(below)
    column.addSpacing(4)
    column.addWidget(Line())
    return box
