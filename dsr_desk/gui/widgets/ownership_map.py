"""The ownership map, painted: collections as boxes around the person, references as arrows."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from dsr_desk.catalog.graph import Arrow, Box, Graph
from dsr_desk.gui import theme

#: Boxes, the distance from one to the next, and the edge, in pixels.
WIDE, HIGH, ACROSS, DOWN, EDGE = 150, 48, 320, 74, 24
_ENDS = {"delete": ("deleted", "failed"), "redact": ("redacted", "changed"), "keep": ("kept", "retained")}


def columns(graph: Graph) -> dict[str, tuple[int, int]]:
    """Where each box goes, as (column, row): the people in the middle, their rows beside them, others farther out."""
    near: dict[str, set[str]] = {b.id: set() for b in graph.boxes}
    for arrow in graph.arrows:
        if arrow.source in near and arrow.target in near and arrow.source != arrow.target:
            near[arrow.source].add(arrow.target)
            near[arrow.target].add(arrow.source)
    side: dict[str, int] = {b.id: 0 for b in graph.boxes if b.subject and not b.outside}
    wave = list(side)
    turn = 1
    while wave:
        following = []
        for name in wave:
            for other in (b.id for b in graph.boxes if b.id in near[name] and b.id not in side):
                if side[name] == 0:
                    side[other], turn = turn, -turn
                else:
                    side[other] = side[name] + (1 if side[name] > 0 else -1)
                following.append(other)
        wave = following
    last = max(side.values(), default=0)
    for box in graph.boxes:
        side.setdefault(box.id, last + 1)
    first = min(side.values(), default=0)
    rows: dict[int, int] = {}
    places = {}
    for box in graph.boxes:
        column = side[box.id] - first
        places[box.id] = (column, rows.get(column, 0))
        rows[column] = rows.get(column, 0) + 1
    return places


class OwnershipMap(QScrollArea):
    """``line_wanted`` carries the line of the box that was clicked. The list beside it says the same for screen readers."""

    line_wanted = Signal(int)
    owner_proposed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._canvas = _Canvas()
        self._canvas.pressed.connect(self.line_wanted)
        self.setWidget(self._canvas)

    def show_graph(self, graph: Graph) -> None:
        """Show this map."""
        self._canvas.show_graph(graph)
        self.setAccessibleName("Ownership map")
        self.setAccessibleDescription(". ".join(graph.sentences()))


class _Canvas(QWidget):
    pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._graph = Graph((), ())
        self._places: dict[str, tuple[int, int]] = {}
        self.setMouseTracking(True)

    def show_graph(self, graph: Graph) -> None:
        self._graph, self._places = graph, columns(graph)
        self.setMinimumSize(self._need())
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
        left = EDGE + max(0, (self.width() - need.width()) / 2) + column * ACROSS
        top = EDGE + max(0, (self.height() - need.height()) / 2) + row * DOWN + (most - in_column) * DOWN / 2
        return QRectF(left, top, WIDE, HIGH)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hit = any(self._rect(b.id).contains(event.position()) for b in self._graph.boxes)
        self.setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for box in self._graph.boxes:
            if self._rect(box.id).contains(event.position()) and box.line and not box.outside:
                self.pressed.emit(box.line)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("canvas"))
        if not self._graph.boxes:
            painter.setFont(theme.font())
            painter.setPen(theme.color("text2"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Nothing to draw: no collections are listed here.")
        for arrow in self._graph.arrows:
            if arrow.source in self._places and arrow.target in self._places:
                self._paint_arrow(painter, arrow)
        for box in self._graph.boxes:
            self._paint_box(painter, box)

    def _paint_box(self, painter: QPainter, box: Box) -> None:
        rect = self._rect(box.id)
        line = "accent" if box.subject else "manual" if box.outside else "retained" if box.warning else "control"
        ground = "select" if box.subject and not box.outside else "manual_ground" if box.outside else "surface"
        painter.setPen(QPen(theme.color(line), 1.2, Qt.PenStyle.DashLine if box.outside or box.warning else Qt.PenStyle.SolidLine))
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

    def _paint_arrow(self, painter: QPainter, arrow: Arrow) -> None:
        colour = theme.color({"accessed_by": "test", "accesses": "test", "points_at": "manual"}.get(arrow.kind, "text2"))
        style = Qt.PenStyle.SolidLine if arrow.kind in ("owned_by", "owns") else Qt.PenStyle.DashLine
        one, other = self._rect(arrow.source), self._rect(arrow.target)
        twins = [a for a in self._graph.arrows if {a.source, a.target} == {arrow.source, arrow.target}]
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
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.3, style))
        painter.drawPath(path)
        _head(painter, path, colour)
        self._label(painter, path, arrow.kind, colour, shift)

    def _label(self, painter: QPainter, path: QPainterPath, text: str, colour: QColor, shift: float) -> None:
        font = theme.font(theme.LABEL, theme.MEDIUM)
        width = theme.text_width(text, font) + 8
        middle = path.pointAtPercent(0.5 + max(-0.27, min(0.27, shift / 44)))
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
