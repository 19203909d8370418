"""The table that shows rows made of parts: no grid, whole rows, arrows fold and unfold, Enter opens."""

from __future__ import annotations

from collections.abc import Container, Mapping

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.delegate import PartsDelegate
from dsr_desk.gui.widgets.parts import Part


class PartsTable(QTableView):
    """``opened`` tells the row that Enter, Space or a double click asks for; ``folded`` a row to fold (``False``) or unfold.

    ``widths`` are columns in px at 100 %; the one named ``stretch`` takes the rest. Where that would be under ``least``, the
    others but ``rigid`` ones become narrower together.
    """

    opened = Signal(int)
    folded = Signal(int, bool)
    part_pressed = Signal(int, int, object)

    def __init__(
        self,
        model: QAbstractTableModel,
        *,
        name: str,
        widths: Mapping[int, int],
        stretch: int,
        least: int = 200,
        rigid: Container[int] = (),
        high: int = theme.ROW,
        heads: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._delegate = PartsDelegate(self, left=theme.EDGE)
        self.setItemDelegate(self._delegate)
        self._delegate.pressed.connect(self._on_pressed)
        self.setAccessibleName(name)
        self._dress(heads, high)
        self._widths, self._rigid, self._least = dict(widths), rigid, least
        for column in range(model.columnCount()):
            mode = QHeaderView.ResizeMode.Stretch if column == stretch else QHeaderView.ResizeMode.Fixed
            self.horizontalHeader().setSectionResizeMode(column, mode)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def _dress(self, heads: bool, high: int) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(8)
        self.verticalHeader().setDefaultSectionSize(round(high * max(1.0, theme.current().scale)))
        head = self.horizontalHeader()
        head.setVisible(heads)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setFont(theme.font(theme.LABEL, theme.MEDIUM))
        head.setFixedHeight(30)
        head.setStyleSheet(f"QHeaderView::section:first {{ padding-left: {theme.EDGE}px; }}")

    @property
    def current_row(self) -> int:
        """The row that has the focus; -1 for none."""
        return self.currentIndex().row()

    def go_to(self, row: int) -> None:
        """Select a row and bring it into view."""
        self.setCurrentIndex(self.model().index(row, 0))
        self.scrollTo(self.model().index(row, 0), QAbstractItemView.ScrollHint.EnsureVisible)

    def fit_height(self) -> None:
        """As high as its rows, for a table inside something that scrolls."""
        head = self.horizontalHeader().height() if self.horizontalHeader().isVisibleTo(self) else 0
        self.setFixedHeight(head + self.verticalHeader().defaultSectionSize() * self.model().rowCount() + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        scale = theme.current().scale
        shown = {c: w for c, w in self._widths.items() if not self.isColumnHidden(c)}
        soft = sum(w for c, w in shown.items() if c not in self._rigid) * scale
        room = self.viewport().width() - (self._least + sum(shown.values())) * scale + soft
        fits = min(1.0, max(0.3, room / soft)) if soft else 1.0
        for column, wide in self._widths.items():
            self.setColumnWidth(column, int(wide * scale * (1.0 if column in self._rigid else fits)))
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys, row = Qt.Key, self.current_row
        if row >= 0 and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            match event.key():
                case keys.Key_Right | keys.Key_Left:
                    self.folded.emit(row, event.key() == keys.Key_Right)
                    return
                case keys.Key_Return | keys.Key_Enter | keys.Key_Space:
                    self.opened.emit(row)
                    return
                case keys.Key_Home | keys.Key_End:
                    self.go_to(0 if event.key() == keys.Key_Home else self.model().rowCount() - 1)
                    return
        super().keyPressEvent(event)

    def _on_pressed(self, index: QModelIndex | QPersistentModelIndex, part: Part) -> None:
        if index.isValid():
            self.part_pressed.emit(index.row(), index.column(), part)
