"""The trail as a time line by day, the newest first; a line is made of parts only when it is painted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import Qt

from dsr_desk.audit.trail import Entry
from dsr_desk.gui import theme
from dsr_desk.gui.models.entry_words import look, says
from dsr_desk.gui.models.rows import Index, RowsModel
from dsr_desk.gui.models.trail_index import Anchored, Day, Line, Rows, TrailIndex, Wanted
from dsr_desk.gui.models.wording import clock, counted, thin
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, Sign, Text


class AuditModel(RowsModel[Line]):
    """``show_trail`` once, then ``filter``."""

    HEADS = ("Time", "", "Type", "What", "Request", "By", "Entry")
    RIGHT = frozenset({6})

    def __init__(self) -> None:
        super().__init__()
        #: All that is known of the trail.
        self.trail = TrailIndex()
        #: The entry at which a verification found the first fault; 0 for none.
        self.fault = 0
        #: The entries that somebody else may have signed.
        self.doubted: Collection[int] = frozenset()

    def show_trail(self, trail: TrailIndex) -> None:
        """Show a trail, all of it."""
        self.trail = trail
        self.filter(Wanted())

    def filter(self, wanted: Wanted) -> int:
        """Show only this; gives how many entries that is."""
        rows, shown = self.trail.rows(wanted)
        self.set_rows(rows)
        return shown

    def heads(self) -> list[int]:
        """The rows that span all columns."""
        return list(self.rows.heads()) if isinstance(self.rows, Rows) else []

    def row_of(self, seq: int) -> int:
        """The line of an entry; -1 where it is filtered away."""
        return self.rows.row_of(seq) if isinstance(self.rows, Rows) else -1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A head is no entry: it can't be chosen."""
        head = index.isValid() and not isinstance(self.rows[index.row()], Entry)
        return Qt.ItemFlag.ItemIsEnabled if head else super().flags(index)

    def parts(self, row: Line, column: int) -> Sequence[Part]:
        if not isinstance(row, Entry):
            return _head(row) if column == 0 else ()  # the view lets it span the line
        bad = row.seq == self.fault
        match column:
            case 0:
                return (Text(clock(row.ts), "text2", size=theme.SMALL, mono=True),)
            case 1:
                return (Sign("failed", "failed") if bad else Sign(*look(row.type)),)
            case 2:
                return (Text(row.type, "text2", size=theme.SMALL, mono=True),)
            case 3:
                return self._says(row)
            case 4:
                ref = self.trail.ref(row)
                return (Text(f"…{ref[-4:]}" if ref else "–", "text2", size=theme.SMALL, mono=True),)
            case 5:
                return (Text(self.trail.name(row.actor), size=theme.SMALL),)
        return Gap(), Text(thin(row.seq), "text2", size=theme.SMALL, mono=True)

    def _says(self, entry: Entry) -> Sequence[Part]:
        marks: tuple[Part, ...] = ()
        if entry.seq == self.fault:
            marks = (Chip("does not hold", "failed", "failed"),)
        elif entry.seq in self.doubted:
            marks = (Chip("doubted", "retained", "warning"),)
        elif entry.type == "act.refused":
            marks = (Chip("refused", "failed", "refused"),)
        return (*marks, Text(says(entry), "failed" if entry.seq == self.fault else "text"))

    def ground(self, row: Line) -> str | None:
        if isinstance(row, Anchored):
            return "verified_ground"
        if not isinstance(row, Entry):
            return "sunken"
        return "failed_ground" if row.seq == self.fault else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The whole sentence as a tip, where the column is too narrow for it."""
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid() and index.column() == 3:
            row = self.rows[index.row()]
            return says(row) if isinstance(row, Entry) else None
        return super().data(index, role)


def _head(row: Day | Anchored) -> Sequence[Part]:
    if isinstance(row, Anchored):
        return Sign("anchor", "verified"), Text(f"{row.how}. Everything below is covered by it.", "verified", size=theme.SMALL)
    return (
        Text(row.title, weight=theme.BOLD, size=theme.SMALL),
        Text(counted(row.entries, "entry", "entries"), "text2", size=theme.SMALL),
    )
