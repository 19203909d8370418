"""Confirming that a person did what no machine can."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.task_words import look
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.model.request import Task

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

#: The shortest note that says anything, in characters.
SHORTEST_NOTE = 10


class HandDialog(QDialog):
    """What was done, how many records it was, and what proves it. ``answered`` when it is recorded."""

    answered = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, task: Task, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._task = desk, bridge, task
        self._files: list[Path] = []
        self._look = look(task)
        self.setWindowTitle("DSR Desk")
        self.setAccessibleName(task.title)
        self.setFixedWidth(round(440 * max(1.0, theme.current().scale)))
        self._layout()
        self._connect()
        self._show_state()

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.EDGE, theme.EDGE, theme.GROUP)
        column.setSpacing(12)
        column.addWidget(Label(self._task.title, size=theme.PANE, weight=theme.BOLD, wrap=True))
        if self._task.instructions:
            column.addWidget(Label(self._task.instructions, tint="text2", wrap=True, selectable=True))
        self._banner = Banner()
        self._banner.hide()
        column.addWidget(self._banner)
        self._note = QPlainTextEdit()
        self._note.setTabChangesFocus(True)
        self._note.setFixedHeight(92)
        column.addWidget(Field(self._look.asks, self._note, f"{SHORTEST_NOTE} characters or more. {self._look.hint}"))
        self._records = QSpinBox()
        self._records.setRange(0, 1_000_000)
        self._records.setValue(max(1, self._task.records))
        self._records.setAccessibleName("How many records it was")
        records = Field("How many records it was", self._records)
        column.addWidget(records)
        if not self._look.counts:
            records.hide()
        files = QHBoxLayout()
        self._attached = Label("No file attached", size=theme.SMALL, tint="text2", elide=True)
        files.addWidget(self._attached, 1)
        files.addWidget(Button("Attach a file…", sign="plus", small=True, on=self._on_attach))
        column.addLayout(files)
        column.addWidget(
            Label("It is recorded under your name and can’t be taken back.", size=theme.SMALL, tint="text2", wrap=True)
        )
        foot = QHBoxLayout()
        self._why = Label(size=theme.SMALL, tint="text2", wrap=True)
        foot.addWidget(self._why, 1)
        foot.addWidget(Button("Keep as it is", on=self.reject))
        self._record = Button(self._look.verb, "primary", on=self._on_record)
        foot.addWidget(self._record)
        column.addLayout(foot)

    def _connect(self) -> None:
        self._note.textChanged.connect(self._show_state)

    def _show_state(self) -> None:
        missing = SHORTEST_NOTE - len(self._note.toPlainText().strip())
        self._record.set_off(f"Say what was done: {counted(missing, 'more character')}." if missing > 0 else "")
        self._why.setText(self._record.reason)

    def _on_attach(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Attach files")
        self._files.extend(Path(n) for n in names)
        self._attached.setText(", ".join(f.name for f in self._files) or "No file attached")

    def _on_record(self) -> None:
        note, records, files, task = self._note.toPlainText().strip(), self._records.value(), tuple(self._files), self._task
        self._record.set_off("It is being recorded.")
        self._bridge.run(
            lambda _tell, _cancel: self._desk.answer_task(task.request, task.id, note, records, files),
            on_done=self._on_answered, on_failed=self._on_failed,
        )  # fmt: skip

    def _on_answered(self, _task: Task) -> None:
        self.answered.emit()
        self.accept()

    def _on_failed(self, error: DeskError) -> None:
        self._banner.show_error(error)
        self._show_state()
