"""The head of a system: where you are, how it is, how much of it is known, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.catalog_model import Listed, health_parts
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts import Sign, Text

_SAYS = {
    "production": ("PRODUCTION", "what is erased here is gone"),
    "test": ("TEST", "nothing here is anybody’s real data"),
}


#: Below this width, in px at 100 %, the trial has no button of its own.
_ROOM = 800


class Stripe(QWidget):
    """Production or test: colour, pattern and word, before anything can be done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._environment, self._right = "", ""
        self.setFixedHeight(theme.scaled(24))

    def show_environment(self, environment: str, right: str) -> None:
        """``right`` is which file it is, and its version."""
        self._environment, self._right = environment, right
        self.setVisible(bool(environment))
        self.setAccessibleName(". ".join((*_SAYS.get(environment, ("",)), right)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._environment not in _SAYS:
            return
        painter, rect = QPainter(self), QRectF(self.rect())
        tone = "test" if self._environment == "test" else "stripe"
        painter.fillRect(rect, theme.color(f"{tone}_ground"))
        word, says = _SAYS[self._environment]
        inner = rect.adjusted(20, 0, -theme.GROUP, 0)
        if tone == "test":
            line = theme.color("test")
            line.setAlphaF(0.22)
            painter.fillRect(rect, QBrush(line, Qt.BrushStyle.BDiagPattern))
        painter.setPen(theme.color(tone))
        painter.setFont(theme.font(theme.LABEL, theme.BOLD))
        wide = theme.text_width(word, painter.font()) + 14
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, word)
        painter.setFont(theme.font(theme.SMALL, theme.MEDIUM))
        painter.drawText(inner.adjusted(wide, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, says)
        free = inner.width() - wide - theme.text_width(says, painter.font()) - 24
        right = painter.fontMetrics().elidedText(self._right, Qt.TextElideMode.ElideLeft, max(0, int(free)))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)


class CatalogHead(QWidget):
    """``acts`` are the buttons by name: ``check``, ``save``, ``accept``, ``trial``, and ``more`` with its menu."""

    uncovered_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.stripe = Stripe()
        whole.addWidget(self.stripe)
        column = QVBoxLayout()
        column.setContentsMargins(20, 10, theme.GROUP, 8)
        column.setSpacing(4)
        self.banner = Banner()
        self.banner.hide()
        column.addWidget(self.banner)
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        self._name, self._health = PartsView((), 32), PartsView((), 26)
        row.addWidget(self._name, 1)
        self.trial = Button("What would this find?", sign="search", tip="Try the catalog as it is typed on one person")
        self.more = Button("", sign="more", tip="More of this system: password, file, versions")
        self.check = Button("Check again", sign="refresh", tip="Hold the files against the live systems (F5)")
        self.save = Button("Save", "primary", tip="Write what was typed (Ctrl+S)")
        self.accept = Button("Accept this catalog…", "primary", tip="Look at the changes, and record that you stand by them")
        for button in (self.trial, self.more, self.check, self.save, self.accept):
            row.addWidget(button)
        column.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(theme.INSIDE)
        below.addWidget(self._health)
        self.uncovered = Button("", "quiet", small=True, on=self.uncovered_wanted.emit)
        below.addWidget(self.uncovered)
        self.why = Label(size=theme.SMALL, tint="text2", elide=True)
        self.why.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self.why, 1)
        column.addLayout(below)
        whole.addLayout(column)
        whole.addWidget(Line())

    def wire(self, acts: dict[str, Callable[[], object]], menu: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """What the buttons do; ``menu`` stands behind *more*."""
        for name, act in acts.items():
            getattr(self, name).clicked.connect(act)
        self.menu = QMenu(self.more)
        for words, act in menu:
            self.menu.addAction(words).triggered.connect(lambda _=False, a=act: a())
        self.more.clicked.connect(lambda: self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft())))

    def show_system(self, line: Listed, version: str) -> None:
        """Show which system it is."""
        health = line.health
        self.stripe.show_environment(health.environment if health else "", f"{line.file.rpartition('/')[2]} · {version}")
        server = Text(health.server if health else "", "text2", size=theme.SMALL)
        self._name.show_parts((Text(health.title if health else line.name, size=theme.TITLE, weight=theme.BOLD), server))
        coverage = health.coverage if health else ""
        whole = health is None or health.known_columns == health.live_columns
        known = Text(f"{coverage} known", "text2" if whole else "retained", theme.MEDIUM, theme.SMALL)
        self._health.show_parts((*health_parts(line), *((Sign("pane", known.tint, 14), known) if coverage else ())))
        number = len(health.uncovered) if health else 0
        self.uncovered.setVisible(bool(number))
        self.uncovered.setText("Show it" if number == 1 else f"Show the {number}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little room the trial is only behind *more*, so that the name of the system can be read."""
        super().resizeEvent(event)
        self.trial.setVisible(self.width() >= _ROOM * theme.current().scale)

    def show_stand(self, changed: int, why: str, tint: str) -> None:
        """What is to be done next: save, or accept; ``why`` the strongest button is off, or what it waits for."""
        self.save.setVisible(bool(changed))
        self.accept.setVisible(not changed)
        self.save.setText(f"Save {changed} file{'s' if changed > 1 else ''}")
        self.why.setText(why)
        self.why.set_tint(tint)
