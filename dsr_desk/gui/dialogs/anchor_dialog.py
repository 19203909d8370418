"""Giving a checkpoint away: as a file, as a letter to print, or to an authority that stamps it with the time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ActDialog
from dsr_desk.gui.models.wording import counted, thin
from dsr_desk.gui.paper import PaperChoice
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk
    from dsr_desk.model.anchor import Anchor

_WAYS = [
    ("letter", "A letter to print, sign and file"),
    ("file", "A file that somebody else keeps"),
    ("timestamp", "A timestamp of an authority (RFC 3161)"),
]
_FOLLOWS = {
    "letter": "A PDF of one page. It counts only once somebody outside this office has it: print it, have it signed, file it.",
    "file": "Three lines and a signature. It counts only once somebody outside has it: send it by mail, or keep it elsewhere.",
    "timestamp": "Only a hash leaves this computer. The authority’s reply is kept, and says at what time these entries were there.",
}


class AnchorDialog(ActDialog):
    """``anchored``: a checkpoint was given away, and the trail says so."""

    anchored = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("Anchor the trail outside", "Anchor it…", keep="Not now", wide=480, parent=parent)
        self._desk, self._bridge = desk, bridge
        self._done = False
        self._what = Label("The entries that nobody outside has seen are being counted.", tint="text2", wrap=True)
        self.body.addWidget(self._what)
        self.way = Choice(_WAYS)
        self.body.addWidget(Field("How", self.way))
        self.paper = PaperChoice()
        self._paper = Field("Paper", self.paper)
        self.url = Edit("https://…", mono=True)
        self._url = Field("Address of the authority", self.url, "It has to begin with https. Nothing of a person is sent there.")
        self.body.addWidget(self._paper)
        self.body.addWidget(self._url)
        self.way.currentIndexChanged.connect(lambda _: self._show())
        self.url.textChanged.connect(lambda _: self._show())
        self._show()
        bridge.run(lambda _tell, _cancel: desk.unanchored(), on_done=self._on_counted, on_failed=self.show_error, owner=self)

    def _on_counted(self, unseen: int) -> None:
        self._what.setText(f"{counted(unseen, 'entry has', 'entries have')} been seen by nobody outside yet.")

    def _show(self) -> None:
        way = self.way.value
        self._paper.setVisible(way == "letter")
        self._url.setVisible(way == "timestamp")
        self.act.setText({"timestamp": "Ask for a timestamp", "letter": "Save the letter…"}.get(way, "Save the file…"))
        missing = way == "timestamp" and not self.url.text().strip()
        self.act.set_off("Give the address of the authority." if missing else "")
        self.say_follows(_FOLLOWS[way])
        self.adjustSize()

    def on_act(self) -> None:
        """Give it away; once that is done, close."""
        if self._done:
            self.accept()
        elif self.act.reason:
            return
        elif self.way.value == "timestamp":
            self.ask_authority(self.url.text().strip())
        else:
            self._ask_file()

    def _ask_file(self) -> None:
        letter = self.way.value == "letter"
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Save the letter" if letter else "Save the checkpoint",
            "Checkpoint.pdf" if letter else "checkpoint.txt",
            "PDF (*.pdf)" if letter else "Checkpoint (*.txt)",
        )
        if name:
            self.save_to(Path(name))

    def save_to(self, file: Path) -> None:
        """Write the letter or the file."""
        desk, paper = self._desk, self.paper.paper
        if self.way.value == "letter":
            self._run(lambda: desk.anchor_letter(file, paper))
        else:
            self._run(lambda: desk.anchor_file(file))

    def ask_authority(self, url: str) -> None:
        """Have it stamped."""
        self._run(lambda: self._desk.anchor_timestamp(url))

    def _run(self, work: Callable[[], Anchor]) -> None:
        self.act.set_off("The checkpoint is being given away.")
        self._bridge.run(lambda _tell, _cancel: work(), on_done=self._on_done, on_failed=self.show_error, owner=self)

    def _on_done(self, made: Anchor) -> None:
        self._done = True
        what = {"letter": "The letter is written", "file": "The file is written"}.get(made.how, "The authority stamped it")
        self.banner.say(f"{what}: it covers the first {thin(made.size)} entries.", tone="verified", sign="anchor")
        self.banner.show()
        self.way.setEnabled(False)
        self.keep.hide()
        self.act.set_on()
        self.act.setText("Close this note")
        self.adjustSize()
        self.anchored.emit()
