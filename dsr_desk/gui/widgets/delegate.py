"""The one delegate: paints a cell from the parts that its model gives."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.parts import Gap, Part, paint, place, width

#: The model's answer under this role: a sequence of parts.
PARTS: Final = int(Qt.ItemDataRole.UserRole) + 1
#: The token of the row's ground; ``None`` for the view's own.
GROUND: Final = int(Qt.ItemDataRole.UserRole) + 2

Index = QModelIndex | QPersistentModelIndex
#: Left and right padding of a cell, in pixels.
PAD = 8


class PartsDelegate(QStyledItemDelegate):
    """Paints parts; ``pressed`` tells which part of which cell was clicked (a box, a caret, a chip).

    Models give the parts under ``PARTS`` and the sentence under ``AccessibleTextRole``. ``full_row``: selection and focus
    span the row.
    """

    pressed = Signal(object, object)

    def __init__(self, parent: QObject | None = None, *, lines: bool = True, left: int = PAD) -> None:
        super().__init__(parent)
        self._lines, self._left = lines, left

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, state = QRectF(option.rect), option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground = "select" if chosen else "hover" if state & QStyle.StateFlag.State_MouseOver else index.data(GROUND)
        painter.save()
        if ground:
            painter.fillRect(rect, theme.color(ground))
        if self._lines:
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color("line"))
        for part, box in place(index.data(PARTS) or (), self._inner(rect, index)):
            paint(painter, part, box)
        view = option.widget
        if chosen and index.column() == 0:
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height() - 1), theme.color("accent"))
        if isinstance(view, QAbstractItemView) and view.hasFocus() and view.currentIndex().row() == index.row():
            self._paint_ring(painter, rect, index, view)
        painter.restore()

    def parts_at(self, option_rect: QRectF, index: Index, position: QPoint) -> Part | None:
        """The part of a cell under a point."""
        for part, box in place(index.data(PARTS) or (), self._inner(option_rect, index)):
            if box.adjusted(-4, 0, 4, 0).contains(position) and not isinstance(part, Gap):
                return part
        return None

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            part = self.parts_at(QRectF(option.rect), index, event.position().toPoint())
            if part is not None:
                self.pressed.emit(QPersistentModelIndex(index), part)
        return False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        parts = index.data(PARTS) or ()
        return QSize(round(sum(width(p) for p in parts) + 8 * len(parts)) + self._left + PAD, theme.ROW)

    def _inner(self, rect: QRectF, index: Index) -> QRectF:
        return rect.adjusted(self._left if index.column() == 0 else PAD, 0, -PAD, -1)

    def _paint_ring(self, painter: QPainter, rect: QRectF, index: Index, view: QAbstractItemView) -> None:
        painter.setPen(QPen(theme.color("accent"), 2))
        box = rect.adjusted(1, 1, -1, -2)
        painter.drawLine(rect.left(), box.top(), rect.right(), box.top())  # type: ignore[call-overload]
        painter.drawLine(rect.left(), box.bottom(), rect.right(), box.bottom())  # type: ignore[call-overload]
        if index.column() == 0:
            painter.drawLine(box.topLeft(), box.bottomLeft())
        if index.column() == view.model().columnCount() - 1:
            painter.drawLine(box.topRight(), box.bottomRight())
