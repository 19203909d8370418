"""In which files the person gets their data, and whether they are locked with a password."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.label import Label, plain_tip

#: Format, its words, and what it is. Only the first is for reading; a copy to take elsewhere (Art. 20) is for machines alone.
FORMATS = (
    ("html", "Page to read", "One HTML page, to read and print"),
    ("json", "JSON", "One JSON document, complete, for other programs"),
    ("csv", "CSV tables", "One CSV file a table, for a spreadsheet"),
    ("xlsx", "Workbook", "One XLSX file, a sheet a table"),
    ("xml", "XML", "One XML document, for other programs"),
)
_READABLE = "html"


class ExportForm(QWidget):
    """``changed`` tells each tick."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for number, (name, words, tip) in enumerate(FORMATS):
            box = QCheckBox(words)
            box.setToolTip(plain_tip(tip))
            box.setAccessibleDescription(tip)
            box.setChecked(name in ("html", "json", "csv"))
            box.toggled.connect(lambda _: self.changed.emit())
            self.boxes[name] = box
            grid.addWidget(box, number // 2, number % 2)
        column.addLayout(grid)
        self.lock = QCheckBox("Encrypt it as one zip")
        self.lock.toggled.connect(lambda _: self._on_lock())
        column.addSpacing(4)
        column.addWidget(self.lock)
        self._hint = Label(
            "AES-256, its password shown once. It opens with 7-Zip, not with every desktop's own.",
            size=theme.SMALL, tint="text2", wrap=True,
        )  # fmt: skip
        self._hint.hide()
        column.addWidget(self._hint)

    def show_right(self, right: str) -> None:
        """Offer what fits this right."""
        machine = right == "portability"
        self.boxes[_READABLE].setVisible(not machine)

    def _on_lock(self) -> None:
        self._hint.setVisible(self.lock.isChecked())
        self.changed.emit()

    @property
    def formats(self) -> list[str]:
        """The formats that are ticked and offered."""
        return [name for name, box in self.boxes.items() if box.isChecked() and not box.isHidden()]

    @property
    def encrypt(self) -> bool:
        """Whether the files become one locked zip."""
        return self.lock.isChecked()
