"""The list of findings: arrows fold and unfold, Space ticks, Shift extends, a click on a box ticks."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.findings_index import Node
from dsr_desk.gui.models.findings_model import COL_CATEGORIES, COL_REACHED, COL_SAYS, COL_WHAT, FindingsModel
from dsr_desk.gui.widgets.parts import Check, Fold, Part
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.model.finding import Finding, RowRef

#: Below these widths in px the categories go, then how a row was reached.
_WIDE, _NARROW = 860, 620


class FindingsTable(PartsTable):
    """``tick_wanted`` tells the findings to tick (``True``) or untick; ``looked_at`` the one that has the focus, or ``None``."""

    tick_wanted = Signal(list, bool)
    looked_at = Signal(object)

    def __init__(self, model: FindingsModel, parent: QWidget | None = None) -> None:
        super().__init__(
            model,
            name="Records found",
            widths={COL_WHAT: 296, COL_CATEGORIES: 190, COL_REACHED: 168},
            stretch=COL_SAYS,
            parent=parent,
        )
        self._findings = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.folded.connect(self._on_folded)
        self.part_pressed.connect(self._on_part)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        model.rowsInserted.connect(self._on_inserted)
        model.modelAboutToBeReset.connect(self._on_leaving)
        model.modelReset.connect(self._on_reset)
        self._kept: RowRef | None = None

    @property
    def current(self) -> Node | None:
        """What has the focus."""
        row = self.current_row
        return self._findings.node(row) if 0 <= row < self._findings.rowCount() else None

    def chosen(self) -> list[Finding]:
        """The findings of all selected rows; a selected system or collection stands for what is below it."""
        rows = sorted({i.row() for i in self.selectionModel().selectedRows()}) or (
            [self.current_row] if self.current_row >= 0 else []
        )
        found = {f.ref: f for row in rows for f in self._findings.index_.under(self._findings.node(row))}
        return list(found.values())

    def look_at(self, ref: RowRef) -> None:
        """Unfold and focus one finding."""
        row = self._findings.reveal(ref)
        if row is not None:
            self.go_to(row)

    def next_undecided(self) -> Finding | None:
        """Focus the next finding that somebody must decide, from the current one on and round; ``None`` when all are."""
        every = [f for b in self._findings.index_.blocks.values() if b.counts.undecided for f in b.findings if self._undecided(f)]
        if not every:
            return None
        here = self.current
        refs = [f.ref for f in every]
        at = refs.index(here.finding.ref) + 1 if here and here.finding and here.finding.ref in refs else 0
        found = every[at % len(every)]
        self.look_at(found.ref)
        return found

    def _undecided(self, finding: Finding) -> bool:
        return self._findings.index_.undecided(finding)

    def ask(self, findings: Iterable[Finding], ticked: bool) -> None:
        """Wish for these to be ticked or not, those that are already so left out."""
        index = self._findings.index_
        wanted = [f for f in findings if index.ticked(f) != ticked and not index.locked(f)]
        if wanted:
            self.tick_wanted.emit(wanted, ticked)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not self._findings.readonly:
            findings = self.chosen()
            self.ask(findings, not all(self._findings.index_.ticked(f) for f in findings if not self._findings.index_.locked(f)))
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        scale = theme.current().scale
        self.setColumnHidden(COL_CATEGORIES, self.width() < _WIDE * scale)
        self.setColumnHidden(COL_REACHED, self.width() < _NARROW * scale)

    def _on_part(self, row: int, column: int, part: Part) -> None:
        if isinstance(part, Fold):
            self._findings.fold(row, not part.open)
        elif isinstance(part, Check):
            self.ask(list(self._findings.index_.under(self._findings.node(row))), part.state != Qt.CheckState.Checked)

    def _on_folded(self, row: int, open_: bool) -> None:
        if self._findings.fold(row, open_) or open_:
            return
        for above in range(row - 1, -1, -1):  # ← on a row that can't fold goes to what it is in
            if self._findings.node(above).kind != self._findings.node(row).kind:
                self.go_to(above)
                return

    def _on_current(self, index: QModelIndex | QPersistentModelIndex) -> None:
        node = self._findings.node(index.row()) if index.isValid() else None
        self.looked_at.emit(node.finding if node else None)

    def _on_inserted(self) -> None:
        if not self.currentIndex().isValid():
            self.selectionModel().setCurrentIndex(self._findings.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def _on_leaving(self) -> None:
        node = self.current
        self._kept = node.finding.ref if node and node.finding else None

    def _on_reset(self) -> None:
        row = self._findings.index_.row_of(self._kept) if self._kept else None
        if row is not None:
            self.go_to(row)
        elif self._findings.rowCount():
            self._on_inserted()
