"""Holding a request or a person: what must not be erased (Art. 17(3)(e))."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.flow.review import SHORTEST_REASON
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.widgets.fields import Choice, DayEdit, Edit, Field
from dsr_desk.gui.widgets.identifier_rows import IdentifierRows
from dsr_desk.gui.widgets.words import kind_word


class HoldDialog(ActDialog):
    """``given`` tells who is held (identifiers; empty for the request), the reason, and when to look again or ``None``.

    With a reference it is about that request or, where ``identity`` is known, its person; without one, about somebody to name.
    """

    given = Signal(list, str, object)

    def __init__(
        self,
        ref: str = "",
        identity: Sequence[tuple[str, str]] = (),
        kinds: Sequence[str] = (),
        *,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Set a legal hold", "Set the hold", wide=480, parent=parent)
        self._today, self._identity = today, list(identity)
        self.what = Choice([("request", f"This request, {ref}"), ("person", "This person, in every request")])
        self.rows = IdentifierRows(kinds or ["email"])
        self._who = Field("Who is held, in every request", self.rows)
        self.edit = Edit("Court, file number, who asked for it")
        self.until = DayEdit()
        self._until = Field("Look at it again on", self.until, "A hold never ends by itself. Leave it empty for no day.")
        what = Field("What is held", self.what)
        for field in (what, self._who, Field("Reason", self.edit, f"At least {SHORTEST_REASON} characters."), self._until):
            self.body.addWidget(field)
        if not (ref and identity):
            what.hide()
        if ref:
            self._who.hide()
        self._names = not ref
        self.edit.textChanged.connect(lambda _: self._check())
        self.rows.changed.connect(self._check)
        self.until.changed.connect(self._check)
        self._check()
        (self.edit if ref else self.rows.rows[0].value).setFocus()

    def _check(self) -> None:
        day, typed = self.until.day, bool(self.until.text().strip())
        wrong = "Not a day. Write it like 2 Nov 2026." if typed and day is None else ""
        if day is not None and day < self._today():
            wrong = "This day is past."
        self._until.set_error(wrong)
        unreadable = self.rows.unreadable if self._names else ""
        self._who.set_error(f"This can't be read as {kind_word(unreadable)}." if unreadable else "")
        nobody = self._names and not self.rows.identity
        short = len(self.edit.text().strip()) < SHORTEST_REASON
        reason = "Give at least one identifier of the person." if nobody else ""
        reason = reason or ("One identifier can't be searched for as it stands." if unreadable else "")
        reason = reason or (f"Give a reason of {SHORTEST_REASON} characters or more." if short else "")
        self.act.set_off(reason or wrong)
        self.say_follows(self.act.reason or "Nothing of it is erased until somebody who approves releases the hold.")
        self.adjustSize()

    def on_act(self) -> None:
        """Tell it and close."""
        if self.act.reason:
            return
        who = self.rows.identity if self._names else self._identity if self.what.value == "person" else []
        self.given.emit(who, self.edit.text().strip(), self.until.day)
        self.accept()
