"""A table model over a plain list: rows are objects, cells are made of parts only when they are painted."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dsr_desk.gui.widgets.delegate import GROUND, PARTS
from dsr_desk.gui.widgets.parts import Part, spoken

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[T]):
    """Columns by their heads, rows by ``set_rows``; a subclass says which parts stand in a cell."""

    #: The heads of the columns.
    HEADS: tuple[str, ...] = ()
    #: The columns whose head stands at the right.
    RIGHT: frozenset[int] = frozenset()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[T] = ()

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    @property
    def rows(self) -> Sequence[T]:
        """The rows that are shown, in order."""
        return self._rows

    @abstractmethod
    def parts(self, row: T, column: int) -> Sequence[Part]:
        """What a cell is made of."""

    def ground(self, row: T) -> str | None:
        """The token of a row's ground; ``None`` for the view's own."""
        return None

    def said(self, row: T) -> str:
        """A row as one sentence, for a screen reader."""
        cells = (spoken(self.parts(row, c)) for c in range(len(self.HEADS)))
        return ", ".join(c for c in cells if c)

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == PARTS:
            return self.parts(row, index.column())
        if role == GROUND:
            return self.ground(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.said(row) if index.column() == 0 else spoken(self.parts(row, index.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in self.RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None
