"""Whose the rows of a collection are: the field that says it, and the key that it points to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.catalog.edit import Change
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.form_model import KIND_WORDS
from dsr_desk.gui.widgets.fields import Choice, Field

_FOLLOWS = {
    "owned_by": "A search for that person finds these rows, and an erasure takes them.",
    "owns": "The row it points to goes with whoever owns this one.",
    "accessed_by": "That person sees these rows in a copy, and an erasure leaves them.",
    "accesses": "A person who owns this row sees the other one in a copy; an erasure leaves it.",
    "points_at": "The row stays; what names the person in it is dealt with.",
}


class OwnerDialog(ActDialog):
    """``wanted`` carries the changes of the file."""

    wanted = Signal(list)

    def __init__(
        self,
        collection: str,
        columns: Sequence[str],
        targets: Sequence[str],
        target: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(f"Whose the rows of {collection} are", "Write it into the file", wide=440, parent=parent)
        self._collection = collection
        self.field = Choice([("", "choose…"), *((c, c) for c in columns)])
        self.kind = Choice(list(KIND_WORDS.items()))
        self.target = Choice([("", "choose…"), *((t, t) for t in targets if not t.startswith(f"{collection}."))])
        self.body.addWidget(Field("The field that says it", self.field))
        self.body.addWidget(Field("Through it, the row", self.kind))
        self.body.addWidget(Field("Whom it points to", self.target))
        self.target.choose(next((t for t in targets if t.rpartition(".")[0] == target), ""))
        self.field.choose(_likely(columns, self.target.value))
        for choice in (self.field, self.kind, self.target):
            choice.currentIndexChanged.connect(lambda _: self._show_state())
        self._show_state()

    def on_act(self) -> None:
        """Tell the change and close."""
        if not self.act.reason:
            path = ("collections", self._collection, "fields", self.field.value, self.kind.value)
            self.wanted.emit([Change(path, self.target.value)])
            self.accept()

    def _show_state(self) -> None:
        self.say_follows(_FOLLOWS[self.kind.value])
        missing = "" if self.field.value else "Choose the field that says it."
        self.act.set_off(missing or ("" if self.target.value else "Choose whom it points to."))


def _likely(columns: Sequence[str], target: str) -> str:
    """The column whose name speaks of the target: ``customer_id`` for ``customers.id``."""
    word = target.rpartition("/")[2].partition(".")[0].lower().rstrip("s")
    return next((c for c in columns if word and word in c.lower()), "")
