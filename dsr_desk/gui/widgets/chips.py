"""Parts and chips as widgets of their own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, paint, paint_chip, place, spoken, width
from dsr_desk.gui.widgets.style import RING


class PartsView(QWidget):
    """Shows parts outside a table, exactly as a cell does."""

    def __init__(self, parts: Sequence[Part] = (), high: int = 22, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self._high = high
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_parts(parts)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these parts."""
        self._parts = tuple(parts)
        self.setAccessibleName(spoken(self._parts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        gaps = 8 * max(0, len(self._parts) - 1)
        return QSize(round(sum(width(p) for p in self._parts) + gaps) + 2, theme.scaled(self._high))

    def minimumSizeHint(self) -> QSize:
        return (
            QSize(24, theme.scaled(self._high))
            if any(p == Gap(0) for p in self._parts)
            else QSize(min(80, self.sizeHint().width()), theme.scaled(self._high))
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for part, box in place(self._parts, QRectF(self.rect())):
            paint(painter, part, box)


class ChipView(PartsView):
    """One chip to read."""

    def __init__(self, chip: Chip, parent: QWidget | None = None) -> None:
        super().__init__((chip,), 22, parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class ChipButton(QAbstractButton):
    """A chip to press: a filter that can be on, or an act."""

    def __init__(self, chip: Chip, *, checkable: bool = True, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(checkable)
        self.setProperty(RING, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tip = tip
        self.show_chip(chip)

    @property
    def chip(self) -> Chip:
        """What it shows."""
        return self._chip

    def show_chip(self, chip: Chip) -> None:
        """Show another chip."""
        self._chip = chip
        self.setText(chip.text)
        self.setAccessibleName(chip.text or self._tip)
        self.setAccessibleDescription(self._tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(width(self._chip)) + 2, 26)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, self._chip, QRectF(self.rect()).adjusted(1, 0, -1, 0))
        if self.isChecked() or self.underMouse():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent" if self.isChecked() else "control"), 2 if self.isChecked() else 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 2, -1, -2), 6, 6)
