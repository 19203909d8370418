"""Destroying the files of requests: those whose time is over, or one before its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.wording import counted, in_words
from dsr_desk.gui.widgets.label import Label
from dsr_desk.model.request import Request
from dsr_desk.model.shred import LAST_EVIDENCE, Shredding

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

_FOLLOWS = (
    "The keys of a file are destroyed, and with them whom the request was about, what was found, planned and written, and its "
    f"report. Its line and its entries in the trail stay; nothing brings the rest back. {LAST_EVIDENCE} "
    "Backups of this workspace still hold it: destroy those, too."
)
_NAMED = 8


class _Shred(ActDialog):
    """``changed``: a file was destroyed."""

    changed = Signal()

    def __init__(self, title: str, verb: str, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(title, verb, keep="Keep it", kind="danger", wide=480, parent=parent)
        self._bridge = bridge
        self.what = Label(wrap=True)
        self.body.addWidget(self.what)
        self.say_follows(_FOLLOWS)
        self.keep.setFocus()

    def _run(self, work: Callable[[], tuple[list[Shredding], Mapping[str, str]]]) -> None:
        self.act.set_off("It is being destroyed.")
        self._bridge.run(lambda _tell, _cancel: work(), on_done=self._on_done, on_failed=self.show_error, owner=self)

    def _on_done(self, made: tuple[list[Shredding], Mapping[str, str]]) -> None:
        done, stay = made
        bytes_stay = "" if all(d.gone for d in done) else " Some bytes go only when every window on this workspace is closed."
        if done:
            self.banner.say(
                f"{counted(len(done), 'file is', 'files are')} destroyed.", bytes_stay.strip(), tone="verified", sign="done"
            )
            self.banner.show()
        self.what.setText("\n".join(stay.values()) if stay else "Nothing else is due.")
        self.say_follows("")
        self.act.hide()
        self.keep.setText("Close this note")
        self.adjustSize()
        if done:
            self.changed.emit()


class ShredDueDialog(_Shred):
    """All closed requests whose retention has ended."""

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Files whose time is over", "Destroy them", bridge, parent)
        self._desk = desk
        self.act.set_off("What is due is being looked up.")
        bridge.run(lambda _tell, _cancel: desk.to_shred(), on_done=self._on_due, on_failed=self.show_error, owner=self)

    def _on_due(self, due: Sequence[Request]) -> None:
        if not due:
            self.what.setText("No request is due. Each is kept after it was closed for as long as the workspace’s settings say.")
            self.say_follows("")
            self.act.hide()
            self.keep.setText("Close this note")
        else:
            named = in_words([*(r.ref for r in due[:_NAMED]), *([f"{len(due) - _NAMED} more"] if len(due) > _NAMED else [])])
            self.what.setText(f"The time of {counted(len(due), 'request')} is over: {named}.")
            self.act.setText(f"Destroy {counted(len(due), 'file')} for good")
            self.keep.setText("Keep it" if len(due) == 1 else "Keep them")
            self.act.set_on()
        self.adjustSize()

    def on_act(self) -> None:
        """Destroy them."""
        if not self.act.reason:
            self._run(self._desk.shred_due)


class ShredDialog(_Shred):
    """One closed request, before its time."""

    def __init__(self, desk: Desk, bridge: Bridge, ref: str, parent: QWidget | None = None) -> None:
        super().__init__(f"Destroy the file of {ref}", "Destroy it for good", bridge, parent)
        self._desk, self._ref = desk, ref
        self.what.setText("Its time is not over yet. Whoever asks later what was done will get the trail, and nothing else.")

    def on_act(self) -> None:
        """Destroy it."""
        if not self.act.reason:
            self._run(lambda: ([self._desk.shred(self._ref)], {}))

    def show_error(self, error: DeskError) -> None:
        """What needs the file still."""
        super().show_error(error)
        self.act.setText("Try again")
        self.adjustSize()
