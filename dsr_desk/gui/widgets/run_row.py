"""One system of a run: name, guarantee, state in words, and a bar."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.run import SystemRun
from dsr_desk.gui.models.wording import Systems, clock, row_name, system_parts
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.parts import Gap, Sign, Text
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.states import BarView
from dsr_desk.model.finding import RowRef

#: How many rows are named in a line.
MOST_ROWS = 5


class RunRow(QWidget):
    """``act`` is the button at its right (*Confirm it is done…*), made by the page where there is something to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.EDGE, 7, theme.EDGE, 10)
        row.setSpacing(theme.EDGE)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(4)
            row.addLayout(column, 1)
        self._name = PartsView()
        self._shield = SignView("shield", "text3", 13)
        self._guarantee = Label(size=theme.SMALL, tint="text2", wrap=True)
        self._state = PartsView()
        self._bar = BarView()
        self._hint = Label(size=theme.SMALL, tint="text2", wrap=True, selectable=True)
        self._act = QHBoxLayout()
        top = QHBoxLayout()
        top.addWidget(self._state, 1)
        top.addLayout(self._act)
        left.addWidget(self._name)
        promise = QHBoxLayout()
        promise.setContentsMargins(24, 0, 0, 0)
        promise.setSpacing(theme.INSIDE)
        promise.addWidget(self._shield, 0, Qt.AlignmentFlag.AlignTop)
        promise.addWidget(self._guarantee, 1, Qt.AlignmentFlag.AlignTop)
        left.addLayout(promise)
        right.addLayout(top)
        right.addWidget(self._bar)
        right.addWidget(self._hint)
        for column in (left, right):
            column.addStretch(1)
        self._button: Button | None = None

    def show_run(self, run: SystemRun, systems: Systems, act: tuple[str, Callable[[], object]] | None = None) -> None:
        """Show how far this system is."""
        look = run.look
        self._name.show_parts(system_parts(run.system, systems))
        self._guarantee.setText(run.guarantee or _expected(run, systems))
        self._shield.show_sign("manual" if run.state == "manual" else "shield", "text3")
        count = f"{run.done} of {run.total}" if run.total and run.state in ("writing", "checking", "verifying") else ""
        words = run.text or count or (f"{run.total} to write" if run.total and run.state in ("next", "waiting") else "")
        self._state.show_parts(
            (
                Sign(look.sign, look.tint),
                Text(look.word, look.tint, theme.BOLD),
                Text(words, "text2", size=theme.SMALL),
                Gap(),
                Text(clock(run.at, True), "text3", size=theme.SMALL),
            )
        )
        self._bar.show_bar(run.total if run.state == "done" else run.done, run.total, look.bar)
        hint = _hint(run, systems)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        if self._button is not None:
            self._act.removeWidget(self._button)
            self._button.hide()
            self._button.deleteLater()
            self._button = None
        if act is not None:
            self._button = Button(act[0], "quiet", small=True, on=act[1])
            self._act.addWidget(self._button)
        self.setAccessibleName(f"{self._name.accessibleName()}: {look.word} {words} {hint}".strip())

    @property
    def act(self) -> Button | None:
        """The button at its right, if there is one."""
        return self._button

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))


def _hint(run: SystemRun, systems: Systems) -> str:
    """What to do, and the rows that it is about; their keys masked where they are personal."""
    rows = ", ".join(row_name(RowRef.parse(path), systems) for path in run.rows[:MOST_ROWS])
    more = f"and {len(run.rows) - MOST_ROWS} more." if len(run.rows) > MOST_ROWS else ""
    return " ".join(filter(None, (run.hint, f"Rows: {rows}" if rows else "", more)))


def _expected(run: SystemRun, systems: Systems) -> str:
    known = systems.get(run.system)
    if run.state == "manual":
        return "a person confirms that it is done"
    return {"sql": "one transaction, all or nothing", "sheet": "whole file rewritten beside, swapped only if unchanged"}.get(
        known.driver if known else "", ""
    )
