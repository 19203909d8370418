"""A new request: which right, of whom, since when, and until when it must be answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.fields import Choice, DayEdit, Edit, Field
from dsr_desk.gui.widgets.words import GROUNDS, kind_word, kinds_of
from dsr_desk.model.catalog import System
from dsr_desk.model.due import due_date, left_in_words, long_date
from dsr_desk.model.identity import LONGEST_IDENTIFIER, guess_kind, normals
from dsr_desk.model.request import Due, Request

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class _Row(QWidget):
    """One identifier: its kind and its value."""

    changed = Signal()
    removed = Signal()
    pasted = Signal(list)

    def __init__(self, kinds: Sequence[str], kind: str = "", value: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.kind = Choice([(k, kind_word(k).capitalize()) for k in kinds], name="Kind of identifier")
        self.value = Edit("What the person gave", mono=True)
        self.value.setMaxLength(LONGEST_IDENTIFIER)
        self.remove = Button("", "quiet", sign="close", small=True, tip="Remove this identifier", on=self.removed.emit)
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


class NewRequestDialog(ActDialog):
    """``made`` tells the request; ``opened`` the reference of one that is already open for the same person."""

    made = Signal(object)
    opened = Signal(str)

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        systems: Mapping[str, System],
        rights: Sequence[tuple[str, str]],
        *,
        country: str = "DE",
        subdivision: str | None = None,
        identity: Sequence[tuple[str, str]] = (),
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("New request", "Open the request", keep="Cancel", wide=520, parent=parent)
        self._desk, self._bridge, self._today = desk, bridge, today
        self._kinds = kinds_of(systems.values())
        self._where = (country, subdivision)
        self.right = Choice([(name, f"{name.capitalize()} · {article}") for name, article in rights])
        self.right.choose("erasure")
        self.received = DayEdit(today())
        self._received = Field("Received on", self.received)
        self.ground = Choice([("", "Choose a ground…"), *GROUNDS])
        self._ground = Field("Ground of the erasure, Art. 17(1)", self.ground)
        self._rows: list[_Row] = []
        self._rows_box = QVBoxLayout()
        self._rows_box.setSpacing(6)
        self._due: Due | None = None
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(250)
        self._ask.timeout.connect(self._ask_same)
        self._layout()
        for kind, value in identity or (("", ""),):
            self._add_row(kind, value)
        self.right.currentIndexChanged.connect(lambda _: self._check())
        self.received.changed.connect(self._on_day)
        self.ground.currentIndexChanged.connect(lambda _: self._check())
        self._on_day()
        self._on_identity()
        self._rows[0].value.setFocus()

    def _layout(self) -> None:
        self.body.addWidget(Field("Right", self.right))
        box = QWidget()
        box.setLayout(self._rows_box)
        self._rows_box.setContentsMargins(0, 0, 0, 0)
        self._identity = Field("What we know of this person", box)
        self.body.addWidget(self._identity)
        row = QHBoxLayout()
        row.addWidget(Button("Add another identifier", "quiet", small=True, sign="plus", on=self._add_row))
        row.addStretch(1)
        self.body.addLayout(row)
        self._same = Banner(tone="retained", sign="shared")
        self._same.hide()
        self.body.addWidget(self._same)
        self.body.addWidget(self._received)
        self.body.addWidget(self._ground)

    # -- identifiers ---------------------------------------------------------------------------------------------------

    def _add_row(self, kind: str = "", value: str = "") -> None:
        row = _Row(self._kinds, kind, value)
        row.changed.connect(self._on_identity)
        row.removed.connect(lambda: self._remove(row))
        row.pasted.connect(lambda several: self._on_pasted(row, several))
        self._rows.append(row)
        self._rows_box.addWidget(row)
        for other in self._rows:
            other.remove.setVisible(len(self._rows) > 1)
        row.value.setFocus()
        self._check()

    def _remove(self, row: _Row) -> None:
        self._rows.remove(row)
        self._rows_box.removeWidget(row)
        row.hide()
        row.deleteLater()
        for other in self._rows:
            other.remove.setVisible(len(self._rows) > 1)
        self._on_identity()

    def _on_pasted(self, row: _Row, several: list[str]) -> None:
        def split() -> None:
            self._same.hide()
            row.value.setText(several[0])
            for value in several[1:]:
                self._add_row("email", value)

        self._same.say(
            f"{count(len(several), 'address', 'addresses')} in one line.",
            "Are they all this one person's? Otherwise open a request for each.",
            sign="question",
            buttons=[Button(f"Add {len(several)} of one person", small=True, on=split)],
        )
        self._same.show()
        self.adjustSize()

    @property
    def identity(self) -> list[tuple[str, str]]:
        """The identifiers that are filled in."""
        return [row.identifier for row in self._rows if row.identifier[1]]

    def _on_identity(self) -> None:
        self._check()
        self._ask.start()

    def _ask_same(self) -> None:
        identity = self.identity
        if identity and all(r.readable for r in self._rows if r.identifier[1]):
            self._bridge.run(
                lambda tell, cancel: self._desk.same_person(identity),
                on_done=lambda refs: self._on_same(identity, refs),
                on_failed=self.show_error,
                owner=self,
            )

    def _on_same(self, identity: list[tuple[str, str]], refs: list[str]) -> None:
        if identity != self.identity:
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
        erasure = self.right.value == "erasure"
        self._ground.setVisible(erasure)
        unreadable = next((r for r in self._rows if r.identifier[1] and not r.readable), None)
        self._identity.set_error(f"This can't be read as {kind_word(unreadable.identifier[0])}." if unreadable else "")
        reason = ""
        if not self.identity:
            reason = "Give at least one identifier of the person."
        elif unreadable:
            reason = "One identifier can't be searched for as it stands."
        elif self.received.day is None or self.received.day > self._today():
            reason = "Say on which day the request was received."
        elif erasure and not self.ground.value:
            reason = "Choose the ground of the erasure."
        self.act.set_off(reason)
        self.say_follows(reason)
        self.adjustSize()

    def on_act(self) -> None:
        """Open it; the dialog closes when that worked."""
        day = self.received.day
        if self.act.reason or day is None:
            return
        right, identity, ground = self.right.value, self.identity, self.ground.value if self.right.value == "erasure" else ""
        self.act.set_off("The request is being opened.")
        self._bridge.run(
            lambda tell, cancel: self._desk.open_request(right, identity, day, ground),
            on_done=self._on_made,
            on_failed=self.show_error,
            owner=self,
        )

    def _on_made(self, request: Request) -> None:
        self.accept()
        self.made.emit(request)
