"""What only a person can do: what nobody has confirmed yet, one line each, and how much is done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.task_words import look
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.model.request import Task

#: How many are shown in a pane; the others come up as these are confirmed.
MOST = 3
#: What has to be done before anything else comes first.
_FIRST = ("tell", "review", "system", "rows", "notice")


class TaskList(QWidget):
    """``wanted`` carries the task that somebody wants to confirm. ``narrow``: for a pane. Hidden while there is nothing to do."""

    wanted = Signal(object)

    def __init__(self, *, narrow: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = narrow
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 4)
        self._column.setSpacing(6)
        self.hide()

    def show_tasks(self, tasks: Sequence[Task]) -> None:
        """Show those that are open."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        still = sorted((t for t in tasks if t.open), key=lambda t: _FIRST.index(t.kind))
        self.setVisible(bool(still))
        if not still:
            return
        done = len(tasks) - len(still)
        title = counted(len(still), "task by hand", "tasks by hand") + (f", {done} done" if done else "")
        self._column.addWidget(Label(title, weight=theme.BOLD, tint="manual"))
        most = MOST if self._narrow else len(still)
        for task in still[:most]:
            self._column.addWidget(self._line(task))
        if len(still) > most:
            self._column.addWidget(Label(f"{len(still) - most} more after these.", size=theme.SMALL, tint="text2"))
        self._column.addWidget(Line())

    def _line(self, task: Task) -> QWidget:
        box, how = QWidget(), look(task)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(theme.INSIDE)
        row.addWidget(SignView(how.sign, "manual", 14), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(Label(task.title, size=theme.SMALL, weight=theme.MEDIUM, wrap=True))
        button = Button(how.act, small=True, on=partial(self.wanted.emit, task))
        button.setAccessibleDescription(task.title)
        if self._narrow:
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        elif task.instructions:
            words.addWidget(Label(task.instructions, size=theme.SMALL, tint="text2", wrap=True))
        row.addLayout(words, 1)
        if not self._narrow:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return box
