"""Holding a request or a person: what must not be erased (Art. 17(3)(e))."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.flow.review import SHORTEST_REASON
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.fields import Choice, DayEdit, Edit, Field


class HoldDialog(ActDialog):
    """``given`` tells whether it is the person who is held (else the request), the reason, and when to look again or ``None``."""

    given = Signal(bool, str, object)

    def __init__(
        self,
        ref: str,
        *,
        person: bool = False,
        can_hold_person: bool = True,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Set a legal hold", "Set the hold", parent=parent)
        self._today = today
        self.what = Choice([("request", f"This request, {ref}"), ("person", "This person, in every request")])
        self.what.choose("person" if person and can_hold_person else "request")
        self.edit = Edit("Court, file number, who asked for it")
        self.until = DayEdit()
        self._until = Field("Look at it again on", self.until, "A hold never ends by itself. Leave it empty for no day.")
        what = Field("What is held", self.what)
        for field in (what, Field("Reason", self.edit, f"At least {SHORTEST_REASON} characters."), self._until):
            self.body.addWidget(field)
        if not can_hold_person:
            what.hide()
        self.edit.textChanged.connect(lambda _: self._check())
        self.until.changed.connect(self._check)
        self._check()
        self.edit.setFocus()

    def _check(self) -> None:
        day, typed = self.until.day, bool(self.until.text().strip())
        wrong = "Not a day. Write it like 2 Nov 2026." if typed and day is None else ""
        if day is not None and day < self._today():
            wrong = "This day is past."
        self._until.set_error(wrong)
        short = len(self.edit.text().strip()) < SHORTEST_REASON
        self.act.set_off(wrong or (f"Give a reason of {SHORTEST_REASON} characters or more." if short else ""))
        self.say_follows(self.act.reason or "Nothing of it is erased until somebody who approves releases the hold.")
        self.adjustSize()

    def on_act(self) -> None:
        """Tell it and close."""
        if not self.act.reason:
            self.given.emit(self.what.value == "person", self.edit.text().strip(), self.until.day)
            self.accept()
