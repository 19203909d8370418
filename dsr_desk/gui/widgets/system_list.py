"""The list of systems: two lines and a bar each."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.catalog_model import BAR, SECOND, CatalogModel
from dsr_desk.gui.widgets.delegate import PARTS
from dsr_desk.gui.widgets.parts import paint, paint_bar, place

_HIGH = 62


class _TwoLines(QStyledItemDelegate):
    """Paints a system: first line, second line, bar."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        rect, state = QRectF(option.rect), option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        ground = "select" if chosen else "hover" if state & QStyle.StateFlag.State_MouseOver else ""
        painter.save()
        if ground:
            painter.fillRect(rect, theme.color(ground))
        if chosen:
            painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color("line"))
        inner = rect.adjusted(theme.GROUP, 6, -12, -8)
        high = theme.scaled(22)
        for role, top in ((PARTS, 0), (SECOND, high)):
            line = QRectF(inner.left(), inner.top() + top, inner.width(), high)
            for part, box in place(index.data(role) or (), line):
                paint(painter, part, box)
        bar = index.data(BAR)
        if bar is not None:
            paint_bar(painter, QRectF(inner.left() + 24, rect.bottom() - 10, inner.width() - 24, 3), bar)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, round(_HIGH * max(1.0, theme.current().scale)))


class SystemList(QListView):
    """Arrows move, what is current is shown beside."""

    def __init__(self, model: CatalogModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_TwoLines(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName("Systems")

    def go_to(self, row: int) -> None:
        """Stand on a system."""
        self.setCurrentIndex(self.model().index(row, 0))
