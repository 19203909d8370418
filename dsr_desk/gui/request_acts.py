"""What a person does to a request beside its stages: hold and release, lift a restriction, take a correction back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.flow.review import SHORTEST_REASON
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ReasonDialog
from dsr_desk.gui.dialogs.hold_dialog import HoldDialog
from dsr_desk.gui.models.wording import Systems, in_words
from dsr_desk.gui.widgets.words import kinds_of
from dsr_desk.model.due import long_date
from dsr_desk.model.hold import Hold
from dsr_desk.model.request import Request

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

T = TypeVar("T")


class RequestActs(QObject):
    """``changed``: something else stands now. ``opened`` tells a request that was just made, ``said`` title and text."""

    changed = Signal()
    opened = Signal(str)
    said = Signal(str, str)
    failed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._bridge, self._page = desk, bridge, page

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._bridge.run(lambda tell, cancel: work(), on_done=done, on_failed=self.failed.emit, owner=self)

    # -- holds -----------------------------------------------------------------------------------------------------------

    def hold(self, request: Request) -> None:
        """Ask for the reason of a hold on a request or its person, then set it."""
        dialog = HoldDialog(request.ref, request.facts.identity, parent=self._page)
        dialog.given.connect(lambda who, reason, until: self._set(request.ref, who, reason, until))
        dialog.open()

    def hold_anyone(self, systems: Systems) -> None:
        """Ask who is held, in every request, and why."""
        dialog = HoldDialog(kinds=kinds_of(systems.values()), parent=self._page)
        dialog.given.connect(lambda who, reason, until: self._set("", who, reason, until))
        dialog.open()

    def _set(self, ref: str, who: list[tuple[str, str]], reason: str, until: date | None) -> None:
        def work() -> Hold:
            return self._desk.hold_person(who, reason, until) if who else self._desk.hold_request(ref, reason, until)

        self._run(work, lambda _: self.changed.emit())

    def release(self, hold: Hold) -> None:
        """Ask why a hold is over, then release it."""
        dialog = ReasonDialog(
            "Release the legal hold",
            "Release the hold",
            least=SHORTEST_REASON,
            follows="What waited for it is not erased by itself: each request is planned again, and approved again.",
            parent=self._page,
        )
        dialog.given.connect(
            lambda reason: self._run(lambda: self._desk.release_hold(hold.id, reason), self._on_released)
        )  # fmt: skip
        dialog.open()

    def _on_released(self, waiting: list[str]) -> None:
        text = f"Waited for it: {in_words(waiting)}. Plan again." if waiting else "No request waited for it."
        self.said.emit("The hold is released.", text)
        self.changed.emit()

    # -- the period ------------------------------------------------------------------------------------------------------

    def extend(self, ref: str) -> None:
        """Ask why more time is needed, then move the day on which the answer is due."""
        dialog = ReasonDialog(
            f"Extend the period of {ref}",
            "Extend it by two months",
            least=SHORTEST_REASON,
            follows="The person has to be told within the first month, with this reason (Art. 12(3)). It is recorded as today.",
            parent=self._page,
        )
        dialog.given.connect(
            lambda reason: self._run(lambda: self._desk.extend(ref, reason), lambda made: self._on_extended(made.due.on))
        )  # fmt: skip
        dialog.open()

    def _on_extended(self, due: date) -> None:
        self.said.emit("The period is extended.", f"The answer is due on {long_date(due)}.")
        self.changed.emit()

    # -- what follows from a request -------------------------------------------------------------------------------------

    def lift(self, ref: str) -> None:
        """Open the request that ends a restriction."""
        self._run(lambda: self._desk.lift(ref), lambda made: self.opened.emit(made.ref))

    def undo(self, ref: str) -> None:
        """Ask why a correction is taken back, then open the request that does it."""
        dialog = ReasonDialog(
            f"Take {ref} back",
            "Open the request that takes it back",
            follows="Nothing is written yet: it is a rectification of its own, planned, approved and proved as any other.",
            parent=self._page,
        )
        dialog.given.connect(
            lambda reason: self._run(lambda: self._desk.undo(ref, reason), lambda made: self.opened.emit(made.ref))
        )  # fmt: skip
        dialog.open()
