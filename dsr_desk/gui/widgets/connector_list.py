"""The ready connectors, each with what its description says of itself; and what a system needs to start from one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.catalog.connectors import connectors
from dsr_desk.catalog.edit import rendered
from dsr_desk.catalog.shape import SYSTEM_NAME
from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import driver_word
from dsr_desk.gui.widgets.fields import Choice, Edit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Scroll
from dsr_desk.gui.widgets.parts import Part, Text
from dsr_desk.gui.widgets.parts_table import PartsTable

#: As much of a connector is read for its list, in characters.
_HEAD = 8_000
#: So many lines of what it says of itself are seen at once.
_LINES = 5
_TOP = re.compile(r"^(title|driver):\s*(.+?)\s*(?:#.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ready:
    """A connector: its name, what it describes, the driver it needs, and what its first lines tell."""

    name: str
    title: str
    driver: str
    tells: str


def ready(workspace: Path) -> list[Ready]:
    """The connectors there are, by title. One that can't be read stands there by its name alone."""
    found = []
    for name, path in connectors(workspace).items():
        try:
            head = path.read_text(encoding="utf-8-sig", errors="replace")[:_HEAD]
        except OSError:
            head = ""
        top = {key: value.strip("\"'") for key, value in _TOP.findall(head)}
        first = [line[1:].strip() for line in head.splitlines() if line.startswith("#") and "yaml-language-server" not in line]
        found.append(Ready(name, top.get("title", name), top.get("driver", ""), " ".join(filter(None, first[:12]))))
    return sorted(found, key=lambda r: r.title.lower())


class _Model(RowsModel[Ready]):
    HEADS = ("Connector", "What it is", "What it says of itself")

    def parts(self, row: Ready, column: int) -> Sequence[Part]:
        if column == 0:
            return (Text(row.title, weight=theme.MEDIUM),)
        if column == 1:
            return (Text(driver_word(row.driver) or "–", "text2", size=theme.SMALL),)
        return (Text(row.tells or "–", "text2", size=theme.SMALL),)


class ConnectorList(QWidget):
    """``changed``: another one was chosen, or something typed."""

    changed = Signal()

    def __init__(self, workspace: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.model = _Model()
        self.table = PartsTable(self.model, name="Ready connectors", widths={0: 160, 1: 110}, stretch=2, least=220)
        self.table.setMinimumHeight(theme.scaled(110))
        column.addWidget(self.table, 1)
        self.tells = Label(size=theme.SMALL, tint="text2", wrap=True)
        tells = Scroll()
        tells.setAccessibleName("What the connector says of itself")
        tells.setFixedHeight(theme.scaled(_LINES * 16))
        tells.body.addWidget(self.tells)
        tells.body.addStretch(1)
        column.addWidget(tells)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.edit = Edit(name="Its name in the catalog")
        self.place = Edit(mono=True, name="Where it is")
        self.environment = Choice([("production", "production"), ("test", "test")])
        self.environment.setMinimumWidth(self.environment.sizeHint().width())
        row.addWidget(Field("Its name in the catalog", self.edit), 1)
        row.addWidget(Field("It is", self.environment))
        column.addLayout(row)
        column.addWidget(Field("Where it is", self.place, "Its address without a password, or a path for files."))
        for edit in (self.edit, self.place):
            edit.textChanged.connect(lambda _: self.changed.emit())
        self.table.selectionModel().currentChanged.connect(lambda *_: self._on_chosen())
        self.model.set_rows(ready(workspace))
        if self.model.rows:
            self.table.go_to(0)
        else:
            self.tells.setText("There are no ready connectors in this installation.")

    @property
    def missing(self) -> str:
        """What is missing still, as a sentence; ``""`` for nothing."""
        if self.table.current_row < 0:
            return "Choose a connector first."
        if not re.fullmatch(SYSTEM_NAME, self.name_) or self.name_.isdigit():
            return "Its name has small letters, digits, - and _."
        return "" if self.place.text().strip() else "Say where it is."

    @property
    def name_(self) -> str:
        """The name of the new system."""
        return self.edit.text().strip()

    @property
    def file_text(self) -> str:
        """The new file."""
        chosen = self.model.rows[self.table.current_row]
        where = self.place.text().strip()
        key = "url" if ":" in where and not Path(where).exists() else "path"
        lines = [("system", self.name_), ("connector", chosen.name), (key, where), ("environment", self.environment.value)]
        return "".join(f"{name}: {rendered(value)}\n" for name, value in lines)

    def _on_chosen(self) -> None:
        row = self.table.current_row
        if row >= 0:
            chosen = self.model.rows[row]
            self.tells.setText(chosen.tells)
            self.edit.setText(chosen.name)
        self.changed.emit()
