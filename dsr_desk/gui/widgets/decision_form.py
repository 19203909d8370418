"""The decision on a request, its reason, and the day of the answer."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import Choice, DayEdit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.model.request import Facts, Request

_DECISIONS = [("", "Choose …"), ("granted", "Granted in full"), ("partly", "Granted in part"), ("refused", "Refused")]
#: The shortest reason that says anything, in characters.
SHORTEST = 10


class DecisionForm(QWidget):
    """``recorded`` carries the decision, its reason and the day of the answer."""

    recorded = Signal(str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._closed = False
        self._received: date | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        self._decision = Choice(_DECISIONS, name="Decision")
        column.addWidget(Field("Decision", self._decision))
        self._reason = QPlainTextEdit()
        self._reason.setTabChangesFocus(True)
        self._reason.setAccessibleName("Reason")
        self._reason.setFixedHeight(62)
        column.addWidget(Field("Reason", self._reason, "Needed unless it is granted in full (Art. 12(4))."))
        self._day = DayEdit(date.today())
        column.addWidget(Field("Day of the answer", self._day))
        self._record = Button("Record the decision", on=self._on_record)
        column.addWidget(self._record)
        self._why = Label(size=theme.SMALL, tint="text2", wrap=True)
        column.addWidget(self._why)
        self._decision.currentIndexChanged.connect(self._show_state)
        self._reason.textChanged.connect(self._show_state)
        self._day.textChanged.connect(self._show_state)
        self._show_state()

    def show_request(self, request: Request) -> None:
        """Show what has been decided."""
        facts: Facts = request.facts
        self._closed = request.stage == "closed"
        self._received = request.received
        self._decision.choose(facts.decision or "")
        if facts.decision_reason or facts.decision:
            self._reason.setPlainText(facts.decision_reason)
        if facts.answered:
            self._day.setText(facts.answered.isoformat())
        self._record.setText("Change the decision" if facts.decision else "Record the decision")
        self._show_state()

    def _missing(self) -> str:
        if self._closed:
            return "The request is closed."
        if not self._decision.value:
            return "Choose a decision first."
        if self._decision.value != "granted" and len(self._reason.toPlainText().strip()) < SHORTEST:
            return f"Give a reason of {SHORTEST} characters or more."
        day = self._day.day
        if day is None:
            return "Write the day as 2026-11-23."
        if self._received is not None and day < self._received:
            return "The answer can’t be older than the request."
        if day > date.today():
            return "The answer can’t lie ahead."
        return ""

    def _show_state(self) -> None:
        missing = self._missing()
        self._record.set_off(missing)
        self._why.setText(missing)
        self._why.setVisible(bool(missing))

    def _on_record(self) -> None:
        self.recorded.emit(self._decision.value, self._reason.toPlainText().strip(), self._day.day)
