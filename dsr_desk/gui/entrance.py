"""The ways into a workspace: the first page, its dialogs, and the passphrase where one is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from dsr_desk.errors import CredentialsError, DeskError, RolledBackError
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.pages.start_page import StartPage
from dsr_desk.gui.widgets.button import Button

#: Opens the workspace in a folder, with a passphrase where one was typed.
Way = Callable[[Path, str | None], Opened]


class Entrance(QObject):
    """``opened`` tells the workspace; ``failed`` an error that no page of its own can show. ``check_wanted``: of a bundle."""

    opened = Signal(object)
    failed = Signal(object)
    check_wanted = Signal()

    def __init__(self, bridge: Bridge, doors: Doors, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._doors, self._window = bridge, doors, window
        self._page: StartPage | None = None
        self._job: Job | None = None
        self.opened.connect(self._show_sheet)

    def _show_sheet(self, opened: Opened) -> None:
        """The recovery code of a workspace that was just made, once, before anything can be done in it."""
        if opened.sheet is not None:
            from dsr_desk.gui.dialogs.recovery import RecoveryDialog

            RecoveryDialog(opened.sheet, self._window).open()

    def make_page(self) -> StartPage:
        """A first page whose buttons work."""
        page = self._page = StartPage()
        page.sample_wanted.connect(lambda: self.enter(self._doors.sample, "Making the sample company …"))
        page.make_wanted.connect(self.make_workspace)
        page.open_wanted.connect(self.choose_folder)
        page.recent_wanted.connect(self.open_folder)
        page.check_wanted.connect(self.check_wanted)
        page.stop_wanted.connect(self._on_stop)
        page.destroyed.connect(self._on_gone)
        return page

    def recent(self) -> Sequence[Path]:
        """The workspaces that were open last."""
        return self._doors.recent()

    def enter(self, work: Callable[[], Opened], words: str = "Opening the workspace …") -> None:
        """Open what ``work`` gives, off this thread; ``words`` say what goes on."""
        self._say(words)
        self._job = self._bridge.run(lambda tell, cancel: work(), on_done=self.opened.emit, on_failed=self._on_failed, owner=self)

    def make_workspace(self) -> None:
        """Ask the one page of questions, then make it."""
        from dsr_desk.gui.dialogs.workspace import WorkspaceDialog

        dialog = WorkspaceDialog(self._bridge, self._doors, parent=self._window)
        dialog.opened.connect(self.opened)
        dialog.open()

    def choose_folder(self) -> None:
        """Ask for the folder of a workspace, then open it."""
        dialog = QFileDialog(self._window, "Open a workspace folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda folder: self.open_folder(Path(folder)))
        dialog.open()

    def open_folder(self, folder: Path) -> None:
        """Open the workspace in this folder; a passphrase is asked for only where one is needed."""
        self._open(folder, self._doors.open)

    def _open(self, folder: Path, way: Way) -> None:
        self._say(f"Opening {folder.name} …")

        def failed(error: DeskError) -> None:
            if isinstance(error, CredentialsError):
                self._ask_passphrase(folder, way)
            else:
                self._on_not_opened(folder, error)

        self._job = self._bridge.run(lambda tell, cancel: way(folder, None), on_done=self.opened.emit, on_failed=failed, owner=self)

    def _ask_passphrase(self, folder: Path, way: Way) -> None:
        from dsr_desk.gui.dialogs.workspace import PassphraseDialog

        self._say("")
        dialog = PassphraseDialog(self._bridge, f"Open {folder.name}", lambda typed: way(folder, typed), parent=self._window)
        dialog.opened.connect(self.opened)
        dialog.refused.connect(lambda error: self._on_not_opened(folder, error))
        dialog.open()

    def _on_not_opened(self, folder: Path, error: DeskError) -> None:
        """It can't be opened. One that is older than it was can be, by whoever brought it back on purpose."""
        restored = self._doors.restored
        if self._page is None or restored is None or not isinstance(error, RolledBackError):
            self._on_failed(error)
            return
        leave = Button("Leave it closed", small=True, on=self._page.banner.hide)
        record = Button("It was restored on purpose…", small=True, on=lambda: self._on_restored(folder, error.message, restored))
        self._page.show_rolled_back(error, leave, record)

    def _on_restored(self, folder: Path, what: str, restored: Way) -> None:
        from dsr_desk.gui.dialogs.restored_dialog import RestoredDialog

        dialog = RestoredDialog(folder.name, what, self._window)
        dialog.recorded.connect(lambda: self._open(folder, restored))
        dialog.open()

    def _say(self, words: str) -> None:
        if self._page is not None:
            self._page.show_busy(words)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.drop()
        self._say("")

    def _on_failed(self, error: DeskError) -> None:
        if self._page is not None:
            self._page.show_error(error)
        else:
            self.failed.emit(error)

    def _on_gone(self) -> None:
        self._page = None
