"""Receive and identify: the facts of the case, and how the person was recognised (GDPR Art. 12(6))."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.corrections_dialog import CorrectionsDialog
from dsr_desk.gui.models.wording import GetSystems
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import ActionBar, Button
from dsr_desk.gui.widgets.facts_card import FactsCard
from dsr_desk.gui.widgets.fields import Choice, Edit, Field, say_day
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Scroll
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

    def __init__(self, desk: Desk, bridge: Bridge, systems: GetSystems, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
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
        self.facts = FactsCard(self._systems)
        sides.addWidget(self.facts, 1)
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
        self._asked = Choice([("", "No"), ("asked", "Yes, to confirm who they are (Art. 12(6))")])
        card.body.addWidget(Field("Was the person asked for more", self._asked))
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
        self.facts.correct_wanted.connect(self.correct)
        self._way.currentIndexChanged.connect(lambda _: self._on_typed())
        self._how.textChanged.connect(lambda _: self._on_typed())
        self._how.returnPressed.connect(self.record.click)

    def show_request(self, request: Request) -> None:
        """Show its facts."""
        self._request = request
        self.facts.show_request(request)
        facts = request.facts
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
        ref, how, asked = self._request.ref, self.how, bool(self._asked.value)
        self._bridge.run(
            lambda tell, cancel: self._desk.identify(ref, how, asked), on_done=self._on_recorded, on_failed=self._on_failed
        )

    def correct(self) -> None:
        """Ask for more corrections, other ones, or fewer."""
        if self._request is None:
            return
        ref = self._request.ref
        dialog = CorrectionsDialog(self._systems(), self._request.facts.corrections, parent=self)
        dialog.given.connect(lambda told, withdrawn: self._correct(ref, told, withdrawn))
        dialog.open()

    def _correct(self, ref: str, told: list[tuple[str, str]], withdrawn: list[str]) -> None:
        self._bridge.run(
            lambda tell, cancel: self._desk.correct(ref, told, withdrawn), on_done=self._on_recorded, on_failed=self._on_failed
        )

    def _on_recorded(self, request: Request) -> None:
        self.banner.hide()
        self._how.clear()
        self._way.setCurrentIndex(0)
        self._asked.setCurrentIndex(0)
        self.show_request(request)
        self.changed.emit(request)

    def _on_failed(self, error: DeskError) -> None:
        self.banner.show_error(error)


def _day(stamp: str) -> str:
    try:
        return say_day(date.fromisoformat(stamp[:10]))
    except ValueError:
        return stamp
