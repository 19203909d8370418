"""What only a person can do and nobody has confirmed yet, one line each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.model.request import Task

#: How many are shown; the others come up as these are confirmed.
MOST = 3


class TaskList(QWidget):
    """``wanted`` carries the task that somebody wants to confirm. Hidden while nothing is open."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        still = [t for t in tasks if t.open]
        self.setVisible(bool(still))
        if not still:
            return
        self._column.addWidget(Label(counted(len(still), "task by hand", "tasks by hand"), weight=theme.BOLD, tint="manual"))
        for task in still[:MOST]:
            self._column.addWidget(Label(task.title, size=theme.SMALL, tint="text2", wrap=True))
            self._column.addWidget(Button("Confirm it is done…", small=True, on=partial(self.wanted.emit, task)))
        if len(still) > MOST:
            self._column.addWidget(Label(f"{len(still) - MOST} more after these.", size=theme.SMALL, tint="text2"))
        self._column.addWidget(Line())
