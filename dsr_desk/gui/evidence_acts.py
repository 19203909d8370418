"""Writing the evidence of a request, and a receipt for the person: where to, which, and the password of an opened one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.password import PasswordDialog
from dsr_desk.gui.models.wording import grouped
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.model.evidence import Evidence

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

_ZIP = "Zip (*.zip)"


class EvidenceActs(QObject):
    """``began``: a file is being written. ``done`` tells the ``Evidence`` and what to say of it; ``failed`` the error."""

    began = Signal()
    done = Signal(object, str)
    failed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._bridge, self._page = desk, bridge, page

    def ask_bundle(self, ref: str) -> None:
        """Ask which and where to, then write."""
        from dsr_desk.gui.dialogs.evidence_dialog import EvidenceDialog

        dialog = EvidenceDialog(ref, self._page)
        dialog.chosen.connect(lambda opened: self._ask_file(f"Evidence {ref}", lambda file: self.write_bundle(ref, file, opened)))
        dialog.open()

    def ask_receipt(self, ref: str) -> None:
        """Ask where to, then write."""
        self._ask_file(f"Receipt {ref}", lambda file: self.write_receipt(ref, file))

    def write_bundle(self, ref: str, file: Path, opened: bool = False) -> None:
        """Write the evidence; it is checked before it is called written."""
        said = "Whoever has it unpacks it and runs python verify.py in its folder."
        self._write(lambda: self._desk.evidence(ref, file, opened), said)

    def write_receipt(self, ref: str, file: Path) -> None:
        """Write the receipt; it is checked before it is called written."""
        said = "Give it to the person alone: with it they can see that their request stands in the trail, and nobody else’s."
        self._write(lambda: self._desk.receipt(ref, file), said)

    def _ask_file(self, name: str, then: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._page, "Where to", f"{name}.zip", _ZIP)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
        dialog.open()

    def _write(self, work: Callable[[], Evidence], said: str) -> None:
        self.began.emit()
        self._bridge.run(
            lambda _tell, _cancel: work(), on_done=lambda made: self._on_done(made, said), on_failed=self.failed.emit, owner=self
        )

    def _on_done(self, made: Evidence, said: str) -> None:
        self.done.emit(made, said)
        if made.password:
            PasswordDialog(made.path.name, made.password, self._page).open()


def say_written(banner: Banner, made: Evidence, said: str) -> None:
    """Say in a banner what was written, how to check it, and the hash of the script in it, to compare with the report's."""
    folder = made.path.parent
    look = Button("Open the folder", small=True, on=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
    words = f"{said} Its script has the hash {grouped(made.verifier_sha256, 16)}, as the report prints it."
    banner.say(f"{made.path.name} is written, read back and checked.", words, tone="verified", sign="done", buttons=(look,))
    banner.show()
