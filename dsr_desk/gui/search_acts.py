"""What a person decides over a search: systems to go on without, identifiers, records to take in or leave out, values to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ReasonDialog
from dsr_desk.gui.dialogs.identifier import IdentifierDialog
from dsr_desk.gui.models.wording import GetSystems, title_of
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.words import kinds_of
from dsr_desk.model.finding import Finding, Identifier, RowRef
from dsr_desk.model.request import Request
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

_REASONS = {
    "leave out": ("Somebody else's record", "Not this person", "Kept on another ground"),
    "include": ("It is this person's record", "The other owner agrees", "The person asked for exactly this record"),
}


class SearchActs(QObject):
    """Asks for the reason where one is needed, and records what was decided for the request ``ref``.

    ``changed`` tells the request; ``again`` that it is searched for something else now; ``revealed`` row, field, value and
    entry; ``failed`` an error.
    """

    changed = Signal(object)
    again = Signal()
    revealed = Signal(object, str, object, int)
    failed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, systems: GetSystems, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._bridge, self._systems, self._page = desk, bridge, systems, page
        self.ref = ""

    def _write(self, work: Callable[[], Request], *, again: bool = False) -> None:
        def done(request: Request) -> None:
            self.changed.emit(request)
            if again:
                self.again.emit()

        self._bridge.run(lambda tell, cancel: work(), on_done=done, on_failed=self.failed.emit, owner=self)

    # -- systems and identity --------------------------------------------------------------------------------------------

    def waive(self, system: str) -> None:
        """Ask for the reason to go on without a system."""
        ref, label = self.ref, title_of(system, self._systems())
        dialog = ReasonDialog(
            f"Go on without {label}",
            f"Waive {label}",
            follows="Nothing in it is found, changed or proved. The reason is printed on the report.",
            least=10,
            parent=self._page,
        )
        dialog.given.connect(lambda reason: self._write(lambda: self._desk.waive(ref, system, reason), again=True))
        dialog.open()

    def switch(self, identifier: Identifier, on: bool) -> None:
        """Follow an identifier, or don't."""
        ref = self.ref
        self._write(lambda: self._desk.switch(ref, identifier, on), again=True)

    def add(self) -> None:
        """Ask for one more identifier."""
        ref = self.ref
        dialog = IdentifierDialog(kinds_of(self._systems().values()), parent=self._page)
        dialog.given.connect(lambda kind, value: self._write(lambda: self._desk.add_identifier(ref, kind, value), again=True))
        dialog.open()

    def leave_out(self, line: int) -> None:
        """Ask why somebody is taken off the list."""
        ref = self.ref
        dialog = ReasonDialog(
            f"Leave out line {line} of the list",
            f"Leave out line {line}",
            reasons=("Can't be told apart", "Asked separately", "Not meant"),
            follows="Nothing of this person is changed, and the report says so. An earlier plan falls.",
            parent=self._page,
        )
        dialog.given.connect(lambda reason: self._write(lambda: self._desk.leave_out(ref, [line], reason), again=True))
        dialog.open()

    # -- review ----------------------------------------------------------------------------------------------------------

    def tick(self, findings: Sequence[Finding], ticked: bool) -> None:
        """Plain records are ticked again at once; everything else asks why, once for the whole selection."""
        if ticked and all(f.clear for f in findings):
            self._review(findings, True, "Ticked again")
        else:
            self.ask(findings, ticked)

    def ask(self, findings: Sequence[Finding], include: bool) -> None:
        """Ask why these records are taken in or left out."""
        many = count(len(findings), "record")
        dialog = ReasonDialog(
            f"Tick {many}" if include else f"Leave out {many}",
            f"Tick {many}" if include else f"Leave out {many}",
            reasons=_REASONS["include" if include else "leave out"],
            follows="They are treated as this person's."
            if include
            else "They stay as they are, and the report lists them as left out.",
            parent=self._page,
        )
        dialog.given.connect(lambda reason: self._review(findings, include, reason))
        dialog.open()

    def decide(self, findings: Sequence[Finding], what: str) -> None:
        """``leave out``, ``not this person`` or ``include``."""
        if what == "not this person":
            self._review(findings, False, "Not this person")
        else:
            self.ask(findings, what == "include")

    def _review(self, findings: Sequence[Finding], include: bool, reason: str) -> None:
        ref, rows = self.ref, [f.ref for f in findings]
        self._write(lambda: self._desk.review(ref, rows, include, reason))

    def reveal(self, row: RowRef, field: str) -> None:
        """Show one value in clear; the trail records it."""
        ref = self.ref

        def done(both: tuple[Value, int]) -> None:
            self.revealed.emit(row, field, *both)

        self._bridge.run(
            lambda tell, cancel: self._desk.reveal(ref, row, field), on_done=done, on_failed=self.failed.emit, owner=self
        )
