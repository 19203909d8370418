"""Handing the person's data over: where to, in which files, and the password of an encrypted one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.password import PasswordDialog
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Tell
from dsr_desk.model.package import Exported

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class Handover(QObject):
    """``began``: files are being written. ``done`` tells folder and files once each was read back; ``failed`` the error."""

    began = Signal()
    done = Signal(object, object)
    failed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, page: QWidget) -> None:
        super().__init__(page)
        self._desk, self._bridge, self._page = desk, bridge, page

    def ask(self, ref: str, formats: Sequence[str], encrypt: bool = False) -> None:
        """Ask for a folder, then write."""
        dialog = QFileDialog(self._page, "Save the person's data into a folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self.write(ref, Path(folder), formats, encrypt))
        dialog.open()

    def write(self, ref: str, folder: Path, formats: Sequence[str], encrypt: bool = False) -> None:
        """Write the files; each is opened again and compared before it is called saved."""
        self.began.emit()

        def work(tell: Tell, cancel: Cancel) -> Exported:
            return self._desk.export(ref, folder, formats, tell, cancel, encrypt)

        self._bridge.run(work, on_done=lambda made: self._on_done(folder, made), on_failed=self.failed.emit, owner=self)

    def _on_done(self, folder: Path, made: Exported) -> None:
        self.done.emit(folder, made.files)
        if made.password:
            PasswordDialog(made.files[0].name, made.password, self._page).open()


def say_saved(banner: Banner, folder: Path, files: Sequence[Path], *, more: Sequence[Button] = ()) -> None:
    """Say in a banner what was written, and where."""
    look = Button("Open the folder", small=True, on=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
    banner.say(
        f"{counted(len(files), 'file')} written, read back and compared.",
        f"In the folder {folder}.",
        tone="verified",
        sign="done",
        buttons=(look, *more),
    )
    banner.show()
