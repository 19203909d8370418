"""The safe lock of a request: its tokens can be read back with a reason, until its key is destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.flow.review import SHORTEST_REASON
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog, ReasonDialog
from dsr_desk.gui.models.wording import GetSystems, counted, day
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.model.lock import Opened, SafeLock, Shredded

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class SafeLockBox(QWidget):
    """Hidden where a request has no tokens. ``changed``: it was opened or destroyed; ``failed`` an error."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, systems: GetSystems, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._ref, self._lock = "", SafeLock()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(theme.INSIDE)
        head.addWidget(SignView("lock", "text2", 14))
        head.addWidget(Label("Safe lock", weight=theme.BOLD), 1)
        column.addLayout(head)
        self._said = Label(size=theme.SMALL, tint="text2", wrap=True)
        column.addWidget(self._said)
        self.open = Button("Open the safe lock…", "quiet", small=True, on=self._on_open)
        self.shred = Button("Destroy its key…", "quiet", small=True, on=self._on_shred)
        column.addWidget(self.open)
        column.addWidget(self.shred)
        column.addWidget(Line())
        self.hide()

    def show_lock(self, ref: str, lock: SafeLock | None) -> None:
        """Show the safe lock of a request, if it has one."""
        self._ref = ref
        self.setVisible(lock is not None and bool(lock.places))
        if lock is None:
            return
        self._lock = lock
        tokens = counted(len(lock.places), "token")
        last = lock.openings[-1] if lock.openings else None
        opened = f" Opened {counted(len(lock.openings), 'time')}, last by {last.by}." if last else ""
        if lock.shredded:
            self._said.setText(f"The key was destroyed on {day(lock.shredded)}: nothing opens the {tokens} any more.{opened}")
        else:
            self._said.setText(f"{tokens} can be read back with a reason. They are personal data still.{opened}")
        gone = "Its key was destroyed." if lock.shredded else ""
        self.open.set_off(gone)
        self.shred.set_off(gone)

    def _on_open(self) -> None:
        ref = self._ref
        dialog = ReasonDialog(
            "Open the safe lock",
            "Show what the tokens stand for",
            least=SHORTEST_REASON,
            follows="The systems are read, the values are shown, and the trail records that you opened it.",
            parent=self.window(),
        )
        dialog.given.connect(
            lambda reason: self._bridge.run(
                lambda tell, cancel: self._desk.lock_open(ref, reason, cancel),
                on_done=self._on_opened, on_failed=self.failed.emit, owner=self,
            )
        )  # fmt: skip
        dialog.open()

    def _on_opened(self, opened: Opened) -> None:
        from dsr_desk.gui.dialogs.lock_dialog import LockDialog

        LockDialog(opened, self._systems(), self.window()).open()
        self.changed.emit()

    def _on_shred(self) -> None:
        ref, tokens = self._ref, counted(len(self._lock.places), "token")
        dialog = ActDialog("Destroy the key of the safe lock", f"Destroy the key of {tokens}", kind="danger", parent=self.window())
        dialog.say_follows("Nobody reads the tokens back any more. A backup of the workspace still holds the key.")

        def destroy() -> None:
            self._bridge.run(
                lambda tell, cancel: self._desk.lock_shred(ref), on_done=self._on_shredded, on_failed=self.failed.emit, owner=self
            )

        dialog.accepted.connect(destroy)
        dialog.open()

    def _on_shredded(self, done: Shredded) -> None:
        self.changed.emit()
        if not done.gone:
            self._said.setText(f"{self._said.text()} Its bytes leave the files when every window of this workspace is closed.")
