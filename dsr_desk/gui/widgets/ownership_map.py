"""The ownership map, painted: collections as boxes, references as arrows. Drag from box to box to say who owns."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dsr_desk.catalog.graph import Arrow, Box, Graph
from dsr_desk.gui import theme
from dsr_desk.gui.models.map_layout import MANY, columns, near
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label

#: Boxes, the distance from one to the next, and the edge, in pixels.
WIDE, HIGH, ACROSS, DOWN, EDGE = 150, 48, 276, 58, 12
#: The map shrinks to what there is room for, down to this; by Ctrl and the wheel it goes from half to double.
LEAST, MOST = 0.85, 2.0
#: So far the mouse moves before it drags, in pixels.
_DRAG = 8
_ENDS = {"delete": ("deleted", "failed"), "redact": ("redacted", "changed"), "keep": ("kept", "retained")}


class OwnershipMap(QWidget):
    """``line_wanted`` carries the line of the box or arrow that was clicked; ``owner_proposed`` two collections, owned and owner.

    The list beside it says the same for screen readers.
    """

    line_wanted = Signal(int)
    owner_proposed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._graph = Graph((), ())
        self._chosen = ""
        self._all = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(20, 4, theme.GROUP, 4)
        self._says = Label(size=theme.SMALL, tint="text2")
        self.which = Button("", "quiet", small=True, on=self._on_which)
        row.addWidget(self._says)
        row.addWidget(self.which)
        row.addStretch(1)
        column.addWidget(self._bar)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._canvas = _Canvas(self._area)
        self._canvas.pressed.connect(self.line_wanted)
        self._canvas.dragged.connect(self.owner_proposed)
        self._area.setWidget(self._canvas)
        column.addWidget(self._area, 1)
        self._bar.hide()

    def show_graph(self, graph: Graph) -> None:
        """Show this map."""
        self._graph = graph
        self.setAccessibleName("Ownership map")
        self.setAccessibleDescription(". ".join(graph.sentences()))
        self._show()

    def choose(self, box: str) -> None:
        """Mark a box (``system/collection``); where there are many, its neighbours are shown."""
        if box != self._chosen:
            self._chosen = box
            self._show()

    @property
    def drawn(self) -> Graph:
        """What is drawn now."""
        return self._canvas.graph

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._canvas.fit()

    def _show(self) -> None:
        number = len(self._graph.boxes)
        some = near(self._graph, self._chosen)
        many = number > MANY and len(some.boxes) < number
        self._bar.setVisible(many)
        name = self._chosen.rpartition("/")[2]
        self._says.setText(f"All {number} collections" if self._all else f"{len(some.boxes)} of {number}: what touches {name}")
        self.which.setText(f"Only what touches {name}" if self._all else f"Show all {counted(number, 'collection')}")
        self._canvas.show_graph(some if many and not self._all else self._graph, self._chosen)

    def _on_which(self) -> None:
        self._all = not self._all
        self._show()


class _Canvas(QWidget):
    pressed = Signal(int)
    dragged = Signal(str, str)

    def __init__(self, area: QScrollArea) -> None:
        super().__init__()
        self._area = area
        self.graph = Graph((), ())
        self._chosen = ""
        self._places: dict[str, tuple[int, int]] = {}
        self._scale, self._zoom = 1.0, 1.0
        self._from: Box | None = None
        self._start, self._now = QPointF(), QPointF()
        self.setMouseTracking(True)

    def show_graph(self, graph: Graph, chosen: str) -> None:
        self.graph, self._chosen, self._places = graph, chosen, columns(graph)
        self.fit()

    def fit(self) -> None:
        """As large as there is room for."""
        need, room = self._need(), self._area.viewport().size()
        fits = min(room.width() / need.width(), room.height() / need.height()) if self._places else 1.0
        self._scale = max(LEAST, min(1.0, fits)) * self._zoom
        self.setMinimumSize(QSize(round(need.width() * self._scale), round(need.height() * self._scale)))
        self.update()

    def _need(self) -> QSize:
        wide = max((c for c, _ in self._places.values()), default=0)
        high = max((r for _, r in self._places.values()), default=0)
        return QSize(2 * EDGE + wide * ACROSS + WIDE, 2 * EDGE + high * DOWN + HIGH)

    def _rect(self, name: str) -> QRectF:
        column, row = self._places[name]
        need = self._need()
        in_column = sum(1 for c, _ in self._places.values() if c == column)
        most = max(r for _, r in self._places.values()) + 1
        left = EDGE + max(0, (self.width() / self._scale - need.width()) / 2) + column * ACROSS
        top = EDGE + max(0, (self.height() / self._scale - need.height()) / 2) + row * DOWN + (most - in_column) * DOWN / 2
        return QRectF(left, top, WIDE, HIGH)

    def box_at(self, point: QPointF) -> Box | None:
        """The box under a point of the widget."""
        at = point / self._scale
        return next((b for b in self.graph.boxes if self._rect(b.id).contains(at)), None)

    def _arrow_at(self, point: QPointF) -> Arrow | None:
        stroker = QPainterPathStroker()
        stroker.setWidth(10)
        at = point / self._scale
        drawn = (a for a in self.graph.arrows if a.source in self._places and a.target in self._places)
        return next((a for a in drawn if stroker.createStroke(self._path(a)[0]).contains(at)), None)

    # -- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = self.box_at(event.position())
        self._start = self._now = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._now = event.position()
        if self._dragging:
            self.update()
        hit = self.box_at(self._now) or self._arrow_at(self._now)
        self.setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, dragging = self._from, self._dragging
        self._now, self._from = event.position(), None
        self.update()
        to = self.box_at(event.position())
        if dragging and start is not None:
            if to is not None and to is not start and not start.outside:
                self.dragged.emit(start.collection, to.id if to.outside else to.collection)
            return
        arrow = None if to else self._arrow_at(event.position())
        line = to.line if to is not None and not to.outside else arrow.line if arrow is not None else 0
        if line:
            self.pressed.emit(line)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom = max(0.5, min(MOST, self._zoom * (1.1 if event.angleDelta().y() > 0 else 1 / 1.1)))
            self.fit()
            event.accept()
        else:
            super().wheelEvent(event)

    @property
    def _dragging(self) -> bool:
        moved = self._now - self._start
        return self._from is not None and not self._from.outside and math.hypot(moved.x(), moved.y()) > _DRAG

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("canvas"))
        if not self.graph.boxes:
            painter.setFont(theme.font())
            painter.setPen(theme.color("text2"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing to draw: no collections are listed here.")
        painter.scale(self._scale, self._scale)
        for arrow in self.graph.arrows:
            if arrow.source in self._places and arrow.target in self._places:
                self._paint_arrow(painter, arrow)
        for box in self.graph.boxes:
            self._paint_box(painter, box)
        if self._dragging and self._from is not None:
            painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
            painter.drawLine(self._rect(self._from.id).center(), self._now / self._scale)

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        rect = self._rect(box.id)
        line = "accent" if box.subject else "manual" if box.outside else "retained" if box.warning else "control"
        ground = "select" if box.subject and not box.outside else "manual_ground" if box.outside else "surface"
        broken = box.outside or bool(box.warning)
        wide = 2.2 if box.id == self._chosen else 1.2
        painter.setPen(QPen(theme.color(line), wide, Qt.PenStyle.DashLine if broken else Qt.PenStyle.SolidLine))
        painter.setBrush(theme.color(ground))
        painter.drawRoundedRect(rect, 6, 6)
        inner = rect.adjusted(10, 4, -8, -4)
        x = inner.left()
        if box.subject:
            theme.paint_icon(painter, QRectF(x, inner.top() + 2, 15, 15), "person", line)
            x += 20
        name = f"{box.system} ▸ {box.collection}" if box.outside else box.collection
        _words(painter, QRectF(x, inner.top(), inner.right() - x, 19), name, "text", theme.SMALL, theme.BOLD)
        key = ", ".join(box.key)
        below = QRectF(inner.left(), inner.top() + 20, inner.width(), 18)
        word, tint = _ENDS.get(box.on_erase, ("no end named", "retained"))
        if box.warning:
            word, tint = "nobody owns it", "retained"
        width = theme.text_width(f"{word} {box.kept}", theme.font(theme.LABEL, theme.MEDIUM)) + 8
        _words(painter, below.adjusted(0, 0, -width, 0), key, "text2", 10, mono=True)
        _words(
            painter,
            QRectF(below.right() - width, below.top(), width, 18),
            f"{word} {box.kept}".strip(),
            tint,
            theme.LABEL,
            theme.MEDIUM,
            right=True,
        )

    def _path(self, arrow: Arrow) -> tuple[QPainterPath, float]:
        """The way of an arrow, and how far it is moved aside for others between the same boxes."""
        one, other = self._rect(arrow.source), self._rect(arrow.target)
        twins = [a for a in self.graph.arrows if {a.source, a.target} == {arrow.source, arrow.target}]
        shift = (twins.index(arrow) - (len(twins) - 1) / 2) * 22
        path = QPainterPath()
        if self._places[arrow.source][0] == self._places[arrow.target][0]:
            start = QPointF(one.right(), one.center().y() + shift)
            end = QPointF(other.right(), other.center().y() + shift)
            bend = 46 + abs(shift)
            path.moveTo(start)
            path.cubicTo(start + QPointF(bend, 0), end + QPointF(bend, 0), end)
        else:
            rightwards = other.center().x() > one.center().x()
            start = QPointF(one.right() if rightwards else one.left(), one.center().y() + shift)
            end = QPointF(other.left() if rightwards else other.right(), other.center().y() + shift)
            bend = (end.x() - start.x()) / 2
            path.moveTo(start)
            path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
        return path, shift

    def _paint_arrow(self, painter: QPainter, arrow: Arrow) -> None:
        colour = theme.color({"accessed_by": "test", "accesses": "test", "points_at": "manual"}.get(arrow.kind, "text2"))
        style = Qt.PenStyle.SolidLine if arrow.kind in ("owned_by", "owns") else Qt.PenStyle.DashLine
        path, shift = self._path(arrow)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.3, style))
        painter.drawPath(path)
        _head(painter, path, colour)
        ends = [sum(end in (a.source, a.target) for a in self.graph.arrows) for end in (arrow.source, arrow.target)]
        near_to = 0.5 if ends[0] == ends[1] else 0.36 if ends[0] < ends[1] else 0.64  # away from where many of them meet
        self._label(painter, path, arrow.kind, colour, shift, near_to)

    def _label(self, painter: QPainter, path: QPainterPath, text: str, colour: QColor, shift: float, near_to: float) -> None:
        font = theme.font(theme.LABEL, theme.MEDIUM)
        width = theme.text_width(text, font) + 8
        middle = path.pointAtPercent(max(0.2, min(0.8, near_to + max(-0.2, min(0.2, shift / 60)))))
        box = QRectF(middle.x() - width / 2, middle.y() - 8, width, 16)
        painter.fillRect(box, theme.color("canvas"))
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _head(painter: QPainter, path: QPainterPath, colour: QColor) -> None:
    tip, before = path.pointAtPercent(1.0), path.pointAtPercent(0.96)
    angle = math.atan2(tip.y() - before.y(), tip.x() - before.x())
    points = [tip] + [tip - QPointF(math.cos(angle + turn) * 9, math.sin(angle + turn) * 9) for turn in (0.4, -0.4)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF(points))


def _words(
    painter: QPainter,
    rect: QRectF,
    text: str,
    tint: str,
    size: int,
    weight: int = theme.REGULAR,
    *,
    mono: bool = False,
    right: bool = False,
) -> None:
    font = theme.font(size, weight, mono)
    painter.setFont(font)
    painter.setPen(theme.color(tint))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(rect.width()))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
