"""A list of people from a file: how many it names, which lines repeat others, and which are bad."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.flow.receiving.listing import PeopleList, read_list
from dsr_desk.flow.search import known_kinds
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class PeopleFile(QWidget):
    """``changed`` tells each change. ``file`` is the list that was read without a fault."""

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._job: Job | None = None
        self.file: Path | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        row = QHBoxLayout()
        self._name = Label("One person a line, like email=ANN@EXAMPLE.ORG, or a CSV with the kinds as its header.",
                           size=theme.SMALL, tint="text2", wrap=True)  # fmt: skip
        row.addWidget(self._name, 1)
        self.choose = Button("Choose the file…", small=True, sign="file", on=self._on_choose)
        row.addWidget(self.choose)
        column.addLayout(row)
        self.banner = Banner()
        self.banner.hide()
        column.addWidget(self.banner)
        self._own = QCheckBox("Nobody asked: we begin it ourselves (a period has ended, people are inactive)")
        self._own.toggled.connect(lambda _: self.changed.emit())
        column.addWidget(self._own)

    @property
    def by_controller(self) -> bool:
        """Whether the controller begins it, and no person asked."""
        return self._own.isChecked()

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, "Choose the list of people")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Lists (*.txt *.csv)", "All files (*)"])
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.open()

    def read(self, file: Path) -> None:
        """Read a list and say what it holds."""
        self.file = None
        self._name.setText(file.name)
        if self._job is not None:
            self._job.drop()

        def work(_tell: object, _cancel: object) -> PeopleList:
            catalog = self._desk.catalog_read().catalog
            return read_list(file, known_kinds(catalog) if catalog else set())

        self._job = self._bridge.run(
            work, on_done=lambda read: self._on_read(file, read), on_failed=self._on_failed, owner=self
        )  # fmt: skip
        self.changed.emit()

    def _on_read(self, file: Path, read: PeopleList) -> None:
        self.file = file
        again = f"{counted(len(read.repeated), 'line')} only repeat others. " if read.repeated else ""
        self.banner.say(
            f"{counted(len(read.people), 'person', 'people')} in {file.name}.",
            f"{again}They are searched and planned together; who can't be told apart is named by line.",
            tone="verified", sign="list",
        )  # fmt: skip
        self.banner.show()
        self.changed.emit()

    def _on_failed(self, error: DeskError) -> None:
        self.banner.show_error(error)
        self.changed.emit()
