"""The seal of a verified request, painted. It can't be made from anything but a proof with nothing left over."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dsr_desk.gui import theme
from dsr_desk.model.result import Verification


class Seal(QWidget):
    """Shows itself for a verification with 0 left over, says ``13 of 14`` where not all was searched, and hides for any other."""

    SIDE = 104

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_proof(self, proof: Verification | None) -> None:
        """Stand for this proof, or hide."""
        sound = proof is not None and proof.status == "verified" and not proof.leftovers and proof.total("leftover") == 0
        self._words = ""
        if proof is not None and sound:
            searched = sum(1 for s in proof.systems if s.searched)
            self._words = f"{searched} of {len(proof.systems)}"
            self.setAccessibleName(f"Verified, {self._words} systems searched again, 0 left over")
        self.setVisible(sound)
        self.update()

    @property
    def words(self) -> str:
        """How many systems of how many it stands for; ``""`` while there is none."""
        return self._words

    def sizeHint(self) -> QSize:
        return QSize(self.SIDE, self.SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, outer = QPointF(self.width() / 2, self.height() / 2), min(self.width(), self.height()) / 2 - 1
        points = []
        for i in range(96):
            angle = math.tau * i / 96
            radius = outer - 2.2 * (1 - math.cos(angle * 24))
            points.append(middle + QPointF(math.cos(angle), math.sin(angle)) * radius)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("verified"))
        painter.drawPolygon(QPolygonF(points))
        ink = theme.color("surface")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 1.2))
        painter.drawEllipse(middle, outer - 10, outer - 10)
        painter.setPen(QPen(ink, 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline([middle + QPointF(-9, -20), middle + QPointF(-3, -14), middle + QPointF(9, -26)])
        painter.setPen(ink)
        line = QRectF(0, middle.y() - 8, self.width(), 18)
        painter.setFont(theme.font(theme.SMALL, theme.BOLD))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, "VERIFIED")
        painter.setFont(theme.font(theme.LABEL, theme.MEDIUM))
        painter.drawText(line.translated(0, 18), Qt.AlignmentFlag.AlignCenter, self._words)
