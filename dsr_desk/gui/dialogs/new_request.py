"""A new request: which right, of whom, since when, and until when it must be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.errors import DeskError
from dsr_desk.flow.receiving.many import RIGHTS as LISTED
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models import rights
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.correction_rows import CorrectionRows
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.fields import Choice, DayEdit, Field
from dsr_desk.gui.widgets.identifier_rows import IdentifierRows
from dsr_desk.gui.widgets.people_file import PeopleFile
from dsr_desk.gui.widgets.words import kind_word, kinds_of
from dsr_desk.model.catalog import System
from dsr_desk.model.due import due_date, left_in_words, long_date
from dsr_desk.model.request import Due, Request

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class NewRequestDialog(ActDialog):
    """``made`` tells the request; ``opened`` the reference of one that is already open for the same person."""

    made = Signal(object)
    opened = Signal(str)

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        systems: Mapping[str, System],
        *,
        country: str = "DE",
        subdivision: str | None = None,
        identity: Sequence[tuple[str, str]] = (),
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("New request", "Open the request", keep="Cancel", wide=560, parent=parent)
        self._desk, self._bridge, self._today = desk, bridge, today
        self._where = (country, subdivision)
        self.right = Choice([(n, f"{rights.look(n).word} · {rights.article(n)}") for n in rights.offered()])
        self.right.choose("erasure")
        self.received = DayEdit(today())
        self._received = Field("Received on", self.received)
        self.ground = Choice()
        self._ground = Field("Ground", self.ground)
        self.who = Choice([("one", "One person"), ("list", "A list of people, from a file")])
        self._who = Field("Who it is about", self.who)
        self.rows = IdentifierRows(kinds_of(systems.values()), identity)
        self._identity = Field("What we know of this person", self.rows)
        self.people = PeopleFile(desk, bridge)
        self.corrections = CorrectionRows(systems.values())
        self._corrections = Field("What is to be corrected", self.corrections)
        self._due: Due | None = None
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(250)
        self._ask.timeout.connect(self._ask_same)
        self._layout()
        self._connect()
        self._on_right()
        self._on_day()
        self._on_identity()
        self.rows.rows[0].value.setFocus()

    def _layout(self) -> None:
        self.body.addWidget(Field("Right", self.right))
        self._same = Banner(tone="retained", sign="shared")
        self._same.hide()
        for widget in (self._who, self._identity, self.people, self._same, self._corrections, self._received, self._ground):
            self.body.addWidget(widget)

    def _connect(self) -> None:
        self.right.currentIndexChanged.connect(lambda _: self._on_right())
        self.who.currentIndexChanged.connect(lambda _: self._check())
        self.ground.currentIndexChanged.connect(lambda _: self._check())
        self.received.changed.connect(self._on_day)
        self.rows.changed.connect(self._on_identity)
        self.rows.pasted.connect(self._on_pasted)
        self.people.changed.connect(self._check)
        self.corrections.changed.connect(self._check)

    def _on_right(self) -> None:
        """Each right has its own grounds; a correction says what is wrong; a list of people is for some of them only."""
        right = self.right.value
        known = rights.grounds(right)
        self.ground.clear()
        for value, words in [("", "Choose a ground…"), *known] if known else ():
            self.ground.addItem(words, value)
        self._ground.setVisible(bool(known))
        self._ground.set_label(f"Ground, {rights.article(right)}")
        self._corrections.setVisible(right == "rectification")
        self._who.setVisible(right in LISTED)
        self._check()

    @property
    def listed(self) -> bool:
        """Whether it is about a list of people."""
        return self.right.value in LISTED and self.who.value == "list"

    # -- identifiers ---------------------------------------------------------------------------------------------------

    def _on_pasted(self, several: list[str]) -> None:
        def split() -> None:
            self._same.hide()
            self.rows.split(several)

        self._same.say(
            f"{count(len(several), 'address', 'addresses')} in one line.",
            "Are they all this one person's? Otherwise open a request for each.",
            sign="question",
            buttons=[Button(f"Add {len(several)} of one person", small=True, on=split)],
        )
        self._same.show()
        self.adjustSize()

    def _on_identity(self) -> None:
        self._check()
        self._ask.start()

    def _ask_same(self) -> None:
        identity = self.rows.identity
        if identity and not self.rows.unreadable and not self.listed:
            self._bridge.run(
                lambda tell, cancel: self._desk.same_person(identity),
                on_done=lambda refs: self._on_same(identity, refs),
                on_failed=self.show_error,
                owner=self,
            )

    def _on_same(self, identity: list[tuple[str, str]], refs: list[str]) -> None:
        if identity != self.rows.identity:
            return
        if not refs:
            self._same.hide()
            self.adjustSize()
            return
        first = refs[0]
        more = f" and {count(len(refs) - 1, 'other')}" if len(refs) > 1 else ""
        self._same.say(
            f"{first}{more} is open for the same person.",
            "Look at it before a second one is opened.",
            sign="shared",
            buttons=[Button(f"Open {first}", small=True, on=lambda: self._open(first))],
        )
        self._same.show()
        self.adjustSize()

    def _open(self, ref: str) -> None:
        self.opened.emit(ref)
        self.reject()

    # -- days ----------------------------------------------------------------------------------------------------------

    def _on_day(self) -> None:
        day = self.received.day
        if day is None:
            self._due = None
            self._received.set_error("Not a day. Write it like 2 Nov 2026 or 2026-11-02.")
            self._check()
            return
        if day > self._today():
            self._due = None
            self._received.set_error("This day has not come yet.")
            self._check()
            return
        where = self._where
        self._bridge.run(
            lambda tell, cancel: due_date(day, *where),
            on_done=lambda due: self._on_due(day, due),
            on_failed=self._on_due_failed,
            owner=self,
        )

    def _on_due(self, day: date, due: Due) -> None:
        if day != self.received.day:  # an answer about a day that was typed before
            return
        self._due = due
        late = due.on < self._today()
        self._received.set_hint(
            f"Due {long_date(due.on)}, {left_in_words(due, self._today())}. {due.rule}", "failed" if late else "text2"
        )
        self._check()
        self.adjustSize()

    def _on_due_failed(self, error: DeskError) -> None:
        self._received.set_error(error.message)
        self._check()

    # -- the act --------------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        self._identity.setVisible(not self.listed)
        self.people.setVisible(self.listed)
        unreadable = self.rows.unreadable
        self._identity.set_error(f"This can't be read as {kind_word(unreadable)}." if unreadable else "")
        reason = self._missing()
        self.act.set_off(reason)
        self.say_follows(reason)
        self.adjustSize()

    def _missing(self) -> str:
        """What still has to be said, as a sentence; ``""`` where the request can be opened."""
        day = self.received.day
        if self.listed and self.people.file is None:
            return "Choose the file that lists the people."
        if not self.listed and not self.rows.identity:
            return "Give at least one identifier of the person."
        if not self.listed and self.rows.unreadable:
            return "One identifier can't be searched for as it stands."
        if self.right.value == "rectification" and self.corrections.reason:
            return self.corrections.reason
        if day is None or day > self._today():
            return "Say on which day the request was received."
        if self.ground.count() and not self.ground.value:
            return f"Choose the ground of the {rights.look(self.right.value).word.lower()}."
        return ""

    def on_act(self) -> None:
        """Open it; the dialog closes when that worked."""
        day = self.received.day
        if self.act.reason or day is None:
            return
        right, ground, identity = self.right.value, self.ground.value, self.rows.identity
        file, own = self.people.file, self.people.by_controller
        corrections = self.corrections.corrections if right == "rectification" else []
        listed = file if self.listed else None

        def work(_tell: object, _cancel: object) -> Request:
            if listed is not None:
                return self._desk.open_list(right, listed, day, ground, own)
            return self._desk.open_request(right, identity, day, ground, (), corrections)

        self.act.set_off("The request is being opened.")
        self._bridge.run(work, on_done=self._on_made, on_failed=self.show_error, owner=self)

    def _on_made(self, request: Request) -> None:
        self.accept()
        self.made.emit(request)
