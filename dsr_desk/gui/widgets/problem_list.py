"""What is wrong with one system, what the catalog doesn't list, and the map in words."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.catalog.graph import Graph
from dsr_desk.catalog.problem import Problem
from dsr_desk.gui import theme
from dsr_desk.gui.models.catalog_model import Listed
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Scroll
from dsr_desk.gui.widgets.sign import SignView

_SIGNS = {"error": ("failed", "failed"), "warning": ("warning", "retained"), "note": ("info", "text2")}
#: How many names or problems are shown at once; the rest is counted.
MOST = 60


class ProblemList(Scroll):
    """``line_wanted`` carries the line of the problem that was pressed."""

    line_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.setContentsMargins(theme.GROUP, 12, theme.GROUP, 12)
        self.setAccessibleName("Problems, uncovered columns, and the map in words")

    def show_system(self, line: Listed, graph: Graph) -> None:
        """Show one system."""
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        health = line.health
        if health is not None and health.error:
            self._head("No answer", "failed")
            self._words(f"{health.error} {health.hint}")
        worst = sorted(line.problems, key=lambda p: ("error", "warning", "note").index(p.severity))
        wrong = sum(p.severity != "note" for p in worst)
        self._head(counted(wrong, "problem") if wrong else counted(len(worst), "note") if worst else "No problems", "text")
        for problem in worst[:MOST]:
            self._problem(problem)
        self._rest(len(worst))
        if health is not None:
            self._names(
                "Columns the catalog doesn’t list",
                health.uncovered,
                "List each in the file: with a category, or with {} where it isn’t personal.",
            )
            self._names("Tables the catalog doesn’t list", health.unlisted_tables, "They are not searched.")
            if health.limits:
                self._head("What this system can’t promise", "text")
                for limit in health.limits:
                    self._words(limit)
            if not health.tried:
                self._words("This kind of database was never tried with this program.")
        if graph.arrows:
            self._head("The map in words", "text")
            for sentence in graph.sentences()[:MOST]:
                self._words(sentence)
        self.body.addStretch(1)

    def _head(self, text: str, tint: str) -> None:
        self.body.addWidget(Label(text, weight=theme.BOLD, tint=tint))

    def _words(self, text: str) -> None:
        self.body.addWidget(Label(text, size=theme.SMALL, tint="text2", wrap=True, selectable=True))

    def _rest(self, number: int) -> None:
        if number > MOST:
            self._words(f"and {counted(number - MOST, 'more', 'more')}.")

    def _names(self, title: str, names: tuple[str, ...], hint: str) -> None:
        if not names:
            return
        self._head(f"{title}: {len(names)}", "retained")
        self.body.addWidget(Label(", ".join(names[:MOST]), size=theme.SMALL, mono=True, wrap=True, selectable=True))
        self._rest(len(names))
        self._words(hint)

    def _problem(self, problem: Problem) -> None:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(theme.INSIDE)
        sign, tint = _SIGNS[problem.severity]
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(SignView(sign, tint))
        column.addStretch(1)
        row.addLayout(column)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(
            Label(
                problem.message, size=theme.SMALL, tint=tint if problem.severity != "note" else "text", wrap=True, selectable=True
            )
        )
        if problem.hint:
            words.addWidget(Label(problem.hint, size=theme.SMALL, tint="text2", wrap=True))
        row.addLayout(words, 1)
        if problem.line:
            tip = f"{problem.severity} at {problem.where}"
            row.addWidget(
                Button(f"line {problem.line}", "quiet", small=True, tip=tip, on=lambda: self.line_wanted.emit(problem.line))
            )
        self.body.addWidget(box)
