"""Where somebody outside was given a checkpoint, and the way to hold one that was kept against the trail."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk.audit.trail import Entry
from dsr_desk.gui import theme
from dsr_desk.gui.models.entry_words import says
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.trail_index import TrailIndex
from dsr_desk.gui.models.wording import clock, day, thin
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts import Gap, Part, Sign, Text
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.states import EmptyState

_WHAT = (
    "A checkpoint is three lines that stand for every entry before it. Whoever keeps one outside can tell later whether these "
    "entries were written anew. Reports print one, too."
)


class AnchorModel(RowsModel[Entry]):
    """The entries that say that a checkpoint was given away, the newest first."""

    HEADS = ("When", "What", "Over entries", "By", "Entry")
    RIGHT = frozenset({2, 4})

    def __init__(self) -> None:
        super().__init__()
        self.trail = TrailIndex()

    def parts(self, row: Entry, column: int) -> Sequence[Part]:
        match column:
            case 0:
                return (Text(f"{day(row.ts)}, {clock(row.ts)}", size=theme.SMALL),)
            case 1:
                return Sign("anchor", "verified"), Text(says(row))
            case 2:
                size = row.body.get("size", 0)
                return Gap(), Text(f"1 – {thin(size)}" if isinstance(size, int) else "–", size=theme.SMALL, mono=True)
            case 3:
                return (Text(self.trail.name(row.actor), size=theme.SMALL),)
        return Gap(), Text(thin(row.seq), "text2", size=theme.SMALL, mono=True)


class AnchorList(QWidget):
    """``against_wanted``: a kept checkpoint is to be held against the trail."""

    against_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, 10, theme.EDGE, 10)
        head.setSpacing(theme.INSIDE)
        head.addWidget(Label(_WHAT, size=theme.SMALL, tint="text2", wrap=True), 1)
        self.against = Button("Verify against kept checkpoints…", sign="shield", on=self.against_wanted.emit)
        head.addWidget(self.against)
        column.addLayout(head)
        column.addWidget(Line())
        self.model = AnchorModel()
        self.table = PartsTable(
            self.model, name="Checkpoints that were given away, the newest first", high=36, stretch=1, least=240, rigid=(2, 4),
            widths={0: 190, 2: 130, 3: 140, 4: 76},
        )  # fmt: skip
        empty = EmptyState("anchor", "No checkpoint was given away yet.", "Reports that left this office carry one all the same.")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        column.addWidget(self._stack, 1)

    def show_trail(self, trail: TrailIndex) -> None:
        """Show the anchors of this trail."""
        self.model.trail = trail
        self.model.set_rows([e for e in trail.entries if e.type == "checkpoint.anchor"])
        self._stack.setCurrentIndex(0 if self.model.rows else 1)
