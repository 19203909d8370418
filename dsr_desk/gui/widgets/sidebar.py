"""The sidebar: the pages, and the filters of the inbox with their counts. Folded, it is a rail of icons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.counts import number
from dsr_desk.gui.widgets.label import plain_tip
from dsr_desk.gui.widgets.style import RING

_OPEN, _FOLDED = 212, 56


class _Entry(QAbstractButton):
    """One line: icon, word, count."""

    def __init__(self, words: str, sign: str, *, below: bool = False, tint: str = "text2") -> None:
        super().__init__()
        self._sign, self._below, self._tint = sign, below, tint
        self._count: int | None = None
        self.folded = False
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setProperty(RING, True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_count(self, count: int | None) -> None:
        self._count = count
        self.setAccessibleName(f"{self.text()}, {count}" if count is not None else self.text())
        self.update()

    def fold(self, folded: bool) -> None:
        self.folded = folded
        self.setVisible(not (folded and self._below))
        self.setToolTip(plain_tip(self.text()) if folded else "")

    def sizeHint(self) -> QSize:
        return QSize(40 if self.folded else _OPEN - 16, 30 if self._below else 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked():
            painter.setPen(QPen(theme.color("line"), 1))
            painter.setBrush(theme.color("surface"))
            painter.drawRoundedRect(box, 6, 6)
        elif self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(box, 6, 6)
        if self.folded:
            theme.paint_icon(painter, theme.centre(box, 17), self._sign, "accent" if self.isChecked() else "text2")
            return
        left = 26.0 if self._below else 8.0
        if not self._below:
            theme.paint_icon(painter, QRectF(left, 0, 16, self.height()), self._sign, "accent" if self.isChecked() else "text2")
            left += 26
        weight = theme.BOLD if self.isChecked() else theme.REGULAR if self._below else theme.MEDIUM
        painter.setFont(theme.font(theme.BASE, weight))
        painter.setPen(theme.color("text" if self.isChecked() else "text2"))
        painter.drawText(QRectF(left, 0, self.width() - left - 40, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._count is not None:
            painter.setFont(theme.font(theme.SMALL, theme.MEDIUM if self._count else theme.REGULAR))
            painter.setPen(theme.color(self._tint if self._count else "text3"))
            words = number(self._count)
            painter.drawText(
                QRectF(0, 0, self.width() - 8, self.height()), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words
            )


class Sidebar(QWidget):
    """``chosen`` tells the page, or the filter of the inbox, that was pressed."""

    chosen = Signal(str)

    def __init__(
        self, pages: Sequence[tuple[str, str, str]], filters: Sequence[tuple[str, str, str]], parent: QWidget | None = None
    ) -> None:
        """``pages`` are (name, words, icon), ``filters`` (name, words, colour of the count); filters stand below the first page."""
        super().__init__(parent)
        self._name, self._operator, self._folded = "", "", False
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 62, 8, 12)
        column.setSpacing(2)
        self._entries: dict[str, _Entry] = {}
        for i, (name, words, sign) in enumerate(pages):
            self._add(column, name, _Entry(words, sign))
            if not i:
                for filter_, said, tint in filters:
                    self._add(column, filter_, _Entry(said, "filter", below=True, tint=tint))
        column.addStretch(1)
        self.setFixedWidth(_OPEN)

    def _add(self, column: QVBoxLayout, name: str, entry: _Entry) -> None:
        self._entries[name] = entry
        entry.clicked.connect(lambda: self.chosen.emit(name))
        column.addWidget(entry)

    def show_workspace(self, name: str, operator: str) -> None:
        """Whose workspace this is, and who sits at the desk."""
        self._name, self._operator = name, operator
        self.update()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """The counts by page or filter."""
        for name, count in counts.items():
            if name in self._entries:
                self._entries[name].show_count(count)

    def mark(self, name: str) -> None:
        """Mark where we are."""
        for known, entry in self._entries.items():
            entry.setChecked(known == name)

    def fold(self, folded: bool) -> None:
        """Show only the rail, or all of it."""
        self._folded = folded
        self.setFixedWidth(_FOLDED if folded else round(_OPEN * max(1.0, theme.current().scale)))
        for entry in self._entries.values():
            entry.fold(folded)
        self.update()

    @property
    def folded(self) -> bool:
        """Whether only the rail is shown."""
        return self._folded

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("side"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        logo = QRectF(14, 16, 28, 28)
        painter.drawRoundedRect(logo, 6, 6)
        painter.setBrush(theme.color("on_fill"))
        for y, wide in ((24, 14), (29, 8), (34, 14)):
            painter.drawRoundedRect(QRectF(21, y, wide, 2.6), 1.3, 1.3)
        if self._folded:
            return
        room = self.width() - 62
        painter.setFont(theme.font(theme.BASE, theme.BOLD))
        painter.setPen(theme.color("text"))
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(54, 13, room, 18), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.font(theme.LABEL))
        painter.setPen(theme.color("text2"))
        who = painter.fontMetrics().elidedText(self._operator, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(54, 30, room, 16), Qt.AlignmentFlag.AlignVCenter, who)
