"""Everything that is said over a plan: what refuses it, what has to come first, what to know, and what stands in clear."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.task_words import look
from dsr_desk.gui.models.wording import Systems, counted, thin
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.plan_notices import NoticeList, cautions, is_told, refusals
from dsr_desk.gui.widgets.states import ProgressRow
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request, Task


class PlanNotes(QWidget):
    """Refusals first, then what must be done before, then what to know; each signal is one of its buttons."""

    mend_wanted = Signal(str, str)
    request_wanted = Signal(str)
    correct_wanted = Signal()
    identify_wanted = Signal()
    tell_wanted = Signal(object)
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, 0, theme.GROUP, 0)
        column.setSpacing(theme.INSIDE)
        self.error, self.verdict, self.identity, self.clear, self.first = Banner(), Banner(), Banner(), Banner(), Banner()
        self.refusals, self.cautions = NoticeList("failed", "refused"), NoticeList("retained", "warning")
        self.correct = Button("Correct otherwise…", small=True, sign="rectification", on=self.correct_wanted.emit)
        self.progress = ProgressRow(self.stop_wanted.emit)
        above = (self.error, self.progress, self.refusals, self.correct, self.first)
        for widget in (*above, self.cautions, self.verdict, self.identity, self.clear):
            widget.hide()
            column.addWidget(widget)
        self.refusals.mend_wanted.connect(self.mend_wanted)
        self.refusals.request_wanted.connect(self.request_wanted)

    def show_plan(self, plan: Plan, systems: Systems) -> None:
        """What refuses this plan, and what to know before approving it."""
        self.clear.hide()
        refused = refusals(plan, systems)
        self.refusals.show_notices(f"{counted(len(refused), 'refusal')}: nothing can be approved before it is mended", refused)
        self.correct.setVisible(bool(refused) and is_told(plan))
        noted = cautions(plan, systems)
        self.cautions.show_notices(f"{counted(len(noted), 'thing')} to know before you approve", noted)
        self.verdict.setVisible(not refused)
        if not plan.steps and not plan.manual_systems:
            title, text = "Nothing was found, so nothing is planned.", "That is an answer, too: write the report."
            self.verdict.say(title, text, tone="plain", sign="info")
            return
        checked = "Checked against the live systems: types, lengths, keys, and a rehearsal where there are transactions."
        fields = counted(sum(len(s.fields) for s in plan.steps), "field")
        self.verdict.say(
            f"No refusals. Every one of {fields} has an outcome.",
            "Nothing is written for this right." if rights.reads_only(plan.right) else checked,
            tone="verified",
            sign="done",
        )

    def show_tell(self, task: Task | None) -> None:
        """Whoever asked for a restriction is told before it ends (Art. 18(3))."""
        self.first.setVisible(task is not None)
        if task is not None:
            told = Button(look(task).act, small=True, on=lambda: self.tell_wanted.emit(task))
            self.first.say(task.title, task.instructions, sign="tell", buttons=(told,))

    def show_identity(self, request: Request | None, plan: Plan | None) -> None:
        """That nobody recorded who asks; where nobody asked, nothing is missing."""
        missing = request is not None and plan is not None and not request.facts.identity_check
        missing = missing and request is not None and not request.facts.by_controller
        self.identity.setVisible(missing)
        if missing:
            record = Button("Record it", small=True, on=self.identify_wanted.emit)
            words = "Say how you know who asks, before anything is erased or handed over (Art. 12(6))."
            self.identity.say("No identity check is recorded", words, buttons=(record,))

    def show_revealed(self, number: int, entry: int) -> None:
        """That so many values stand in clear, and the entry that records the last."""
        said = f"{counted(number, 'value')} shown, before and after. Recorded as entry {thin(entry)}."
        self.clear.say(said, sign="reveal")
        self.clear.show()
