"""A new workspace on this computer: one page of questions; and the passphrase of one that is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from dsr_desk.errors import DeskError, RolledBackError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.opening import Doors, NewWorkspace, Opened
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Edit, Field

#: The shortest passphrase that is taken, in characters.
SHORTEST = 12


class WorkspaceDialog(ActDialog):
    """``opened`` tells the workspace that was made."""

    opened = Signal(object)

    def __init__(self, bridge: Bridge, doors: Doors, parent: QWidget | None = None) -> None:
        super().__init__("Make a workspace on this computer", "Make the workspace", keep="Cancel", wide=500, parent=parent)
        self._bridge, self._doors = bridge, doors
        self._keyring = doors.has_keyring()
        self.operator = Edit("As it stands on reports")
        self.folder = Edit(str(Path.home() / "dsr-desk"), mono=True)
        self.folder.setText(str(Path.home() / "dsr-desk"))
        self.controller = Edit("Halden & Co GmbH")
        self.country = Edit("DE")
        self.country.setText("DE")
        self.country.setMaxLength(2)
        self.passphrase, self.again = Edit(mono=True), Edit(mono=True)
        for edit in (self.passphrase, self.again):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        choose = QWidget()
        row = QHBoxLayout(choose)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(Button("Choose…", small=True, on=self._on_choose))
        optional = "Leave it empty to keep the keys in this computer's keyring." if self._keyring else ""
        missing = "Keys can't be kept by this desktop. Protect the workspace with a passphrase instead."
        self._phrase = Field("Passphrase", self.passphrase, optional or f"{missing} {SHORTEST} characters or more.")
        self._again = Field(
            "The same passphrase again", self.again, "There is no way in without it. Write it down and keep it safe."
        )
        for field in (
            Field("Your name", self.operator),
            Field("Folder", choose, "Requests, the trail and the catalog are kept there, encrypted where they name a person."),
            Field("Controller", self.controller, "The company or body that answers for the data."),
            Field("Country", self.country, "Two letters. Its holidays move the day by which a request must be answered."),
            self._phrase,
            self._again,
        ):
            self.body.addWidget(field)
        for edit in (self.operator, self.folder, self.controller, self.country, self.passphrase, self.again):
            edit.textChanged.connect(lambda _: self._check())
        self._check()
        self.operator.setFocus()

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, "A folder for the workspace")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _check(self) -> None:
        phrase = self.passphrase.text()
        self._again.setVisible(bool(phrase) or not self._keyring)
        reason = ""
        if not self.operator.text().strip():
            reason = "Give your name."
        elif not self.folder.text().strip():
            reason = "Choose a folder."
        elif not self.controller.text().strip():
            reason = "Say who the controller is."
        elif len(self.country.text().strip()) != 2:
            reason = "Give the country as two letters."
        elif (phrase or not self._keyring) and len(phrase) < SHORTEST:
            reason = f"The passphrase needs {SHORTEST} characters or more."
        elif phrase and phrase != self.again.text():
            reason = "The two passphrases differ."
        self.act.set_off(reason)
        self.say_follows(reason)
        self.adjustSize()

    def on_act(self) -> None:
        """Make it; the dialog closes when that worked."""
        if self.act.reason:
            return
        wanted = NewWorkspace(
            Path(self.folder.text().strip()).expanduser(),
            self.operator.text().strip(),
            self.controller.text().strip(),
            self.country.text().strip().upper(),
            self.passphrase.text() or None,
        )
        self.act.set_off("The workspace is being made.")
        make = self._doors.make
        self._bridge.run(lambda tell, cancel: make(wanted), on_done=self._on_made, on_failed=self.show_error, owner=self)

    def _on_made(self, opened: Opened) -> None:
        self.accept()
        self.opened.emit(opened)


class PassphraseDialog(ActDialog):
    """Asks for a passphrase until ``use`` takes it; what ``use`` gives is told by ``opened``.

    ``refused``: the passphrase is right, and the workspace is older than it was.
    """

    opened = Signal(object)
    refused = Signal(object)

    def __init__(self, bridge: Bridge, title: str, use: Callable[[str], Opened], parent: QWidget | None = None) -> None:
        super().__init__(title, "Open the workspace", keep="Cancel", parent=parent)
        self._bridge, self._use = bridge, use
        self.edit = Edit(mono=True)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(Field("Passphrase", self.edit))
        self.edit.textChanged.connect(lambda _: self._check())
        self._check()
        self.edit.setFocus()

    def _check(self) -> None:
        self.act.set_off("" if self.edit.text() else "Type the passphrase of this workspace.")

    def on_act(self) -> None:
        """Try it."""
        if self.act.reason:
            return
        typed, use = self.edit.text(), self._use
        self.act.set_off("The passphrase is being checked.")
        self._bridge.run(lambda tell, cancel: use(typed), on_done=self._on_opened, on_failed=self._on_wrong, owner=self)

    def _on_wrong(self, error: DeskError) -> None:
        self.edit.clear()
        if isinstance(error, RolledBackError):
            self.reject()
            self.refused.emit(error)
            return
        self.show_error(error)
        self._check()

    def _on_opened(self, opened: Opened) -> None:
        self.accept()
        self.opened.emit(opened)
