"""The plan: read what will be, field by field, then stand by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.dialogs.hand_dialog import HandDialog
from dsr_desk.gui.handover import Handover, say_saved
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.plan_model import PlanModel
from dsr_desk.gui.models.plan_sums import outcomes
from dsr_desk.gui.models.wording import GetSystems, counted, moment
from dsr_desk.gui.widgets.approve_pane import ApprovePane
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import ChipButton
from dsr_desk.gui.widgets.fields import Edit
from dsr_desk.gui.widgets.parts import Sign, outcome
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.plan_notes import PlanNotes
from dsr_desk.gui.widgets.record_pane import REVEALED_MS
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.model.event import Event
from dsr_desk.model.event import Step as Told
from dsr_desk.model.plan import Plan, Step
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import ApplyResult, Approval, Approvals
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


@dataclass(frozen=True)
class _Read:
    ref: str
    plan: Plan | None
    approvals: list[Approval]
    applied: ApplyResult | None
    tell: Task | None
    eyes: Approvals


def _to_tell(desk: Desk, ref: str) -> Task | None:
    """What the person has to be told before anything is written, while nobody said that they were."""
    return next((t for t in desk.tasks(ref) if t.kind == "tell" and t.open), None)


class PlanPage(QWidget):
    """``approved``: go to apply. ``changed``: the request moved. The others ask for another page (or a line of the catalog)."""

    approved = Signal()
    changed = Signal()
    review_wanted = Signal()
    identify_wanted = Signal()
    report_wanted = Signal()
    catalog_wanted = Signal(str, str)
    correct_wanted = Signal()
    request_wanted = Signal(str)

    def __init__(self, desk: Desk, bridge: Bridge, systems: GetSystems, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._request: Request | None = None
        self._plan: Plan | None = None
        self._job: Job | None = None
        self._reader: Job | None = None
        self._checked: set[str] = set()
        self._approvals: Sequence[Approval] = ()
        self._run = ""
        self._eyes: Approvals | None = None
        self._tell: Task | None = None
        self._layout()
        self._connect()

    def show_request(self, request: Request) -> None:
        """Show the plan of this request, if it has one."""
        self._request = request
        self.notes.error.hide()
        self.notes.show_identity(request, self._plan)
        ref, desk = request.ref, self._desk

        def work(_tell: object, _cancel: object) -> _Read:
            return _Read(ref, desk.plan(ref), desk.approvals(ref), desk.applied(ref), _to_tell(desk, ref), desk.approval_state(ref))

        self._reader = self._bridge.run(work, on_done=self._on_read, on_failed=self._on_failed)

    def _on_read(self, read: _Read) -> None:
        if self._request is not None and read.ref == self._request.ref and not (self._job is not None and self._job.running):
            self._tell = read.tell
            self.show_plan(read.plan, read.approvals, read.applied.status if read.applied else "", read.eyes)

    def show_plan(
        self, plan: Plan | None, approvals: Sequence[Approval] = (), run: str = "", eyes: Approvals | None = None
    ) -> None:
        """Show a plan, or that there is none; who stands by it, how a run of it ended, and whose approval is missing."""
        self._plan, self._run, self._eyes = plan, run, eyes
        self._approvals = [a for a in approvals if plan is not None and a.digest == plan.digest]
        self._empty.setVisible(plan is None)
        self._read.setVisible(plan is not None)
        self._pane.setVisible(plan is not None)
        self._model.show_plan(plan)
        if plan is not None:
            self.notes.show_plan(plan, self._systems())
            self._show_chips(plan)
            self._show_pane(plan)
            if plan.right == "rectification" and "changed" in self._buttons and not plan.refusals:
                self._on_chip("changed")  # a correction is read as its difference, over all systems
            self._table.go_to(max(0, self._model.next_refused(-1)))
            QTimer.singleShot(0, self, lambda: self._table.go_to(self._table.current_row))  # once the notices have their height
        self.notes.show_identity(self._request, plan)
        self.notes.show_tell(self._tell)

    def make(self) -> None:
        """Make the plan (again); earlier approvals fall with it."""
        if self._request is None or (self._job is not None and self._job.running):
            return
        ref = self._request.ref
        if self._reader is not None:
            self._reader.drop()  # what it reads would be older than what is made now
        self._checked = set()
        self.notes.error.hide()
        self.notes.progress.show_progress("Checking the live systems …")
        self.notes.progress.show()
        self._make.set_off("The plan is being made.")
        self._pane.main.set_off("A new plan is being made.")
        self._job = self._bridge.run(
            lambda tell, cancel: (
                self._desk.make_plan(ref, tell, cancel), _to_tell(self._desk, ref), self._desk.approval_state(ref),
            ),
            on_done=self._on_made, on_failed=self._on_failed, on_event=self._on_event,
        )  # fmt: skip

    # -- layout

    def _layout(self) -> None:
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.setContentsMargins(0, 12, 0, 0)
        self.notes = PlanNotes()
        left.addWidget(self.notes)
        self._make = Button("Make the plan", "primary", on=self.make)
        self._empty = EmptyState(
            "changed", "No plan yet.", "A plan says what becomes of every field that was found, and writes nothing.", self._make
        )
        left.addWidget(self._empty, 1)
        self._read = self._layout_list()
        left.addWidget(self._read, 1)
        page.addLayout(left, 1)
        self._pane = ApprovePane()
        page.addWidget(self._pane)

    def _layout_list(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.INSIDE)
        row = QHBoxLayout()
        row.setContentsMargins(theme.EDGE, 0, theme.GROUP, 0)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        row.addLayout(self._chips)
        row.addStretch(1)
        self._filter = Edit("Filter fields", name="Filter fields and rows by name")
        self._filter.setFixedWidth(150)
        row.addWidget(self._filter)
        column.addLayout(row)
        self._model = PlanModel(self._systems)
        self._table = PartsTable(
            self._model, name="The plan, field by field", widths={0: 206, 1: 170, 2: 150}, stretch=3, least=160, rigid=(0,)
        )
        column.addWidget(self._table, 1)
        self.setFocusProxy(self._table)
        self._buttons: dict[str, ChipButton] = {}
        self._outcome = ""
        return box

    def _connect(self) -> None:
        self._filter.textChanged.connect(self._on_filter)
        self._table.folded.connect(self._on_folded)
        self._table.opened.connect(self._on_opened)
        self._table.part_pressed.connect(self._on_part)
        self._pane.approved.connect(self._on_approve)
        self._pane.review.connect(self.review_wanted)
        self._pane.go_on.connect(self.approved)
        self._pane.again.connect(self.make)
        self._pane.export.connect(self._on_export)
        self._pane.report.connect(self.report_wanted)
        self.notes.mend_wanted.connect(self.catalog_wanted)
        self.notes.request_wanted.connect(self.request_wanted)
        self.notes.correct_wanted.connect(self.correct_wanted)
        self.notes.identify_wanted.connect(self.identify_wanted)
        self.notes.tell_wanted.connect(self._on_tell)
        self.notes.stop_wanted.connect(self._on_stop)
        self.handover = Handover(self._desk, self._bridge, self)
        self.handover.began.connect(lambda: self._pane.main.set_off("The files are being written."))
        self.handover.done.connect(self._on_exported)
        self.handover.failed.connect(self._on_failed)
        self._words = self._pane.words
        for keys, slot in (
            ("F8", self._on_next_refusal),
            ("Ctrl+R", self.reveal),
            ("Ctrl+Return", self._words.setFocus),
            ("Ctrl+Enter", self._words.setFocus),
        ):
            QShortcut(QKeySequence(keys), self, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- showing

    def _on_tell(self, task: Task) -> None:
        dialog = HandDialog(self._desk, self._bridge, task, self)
        dialog.answered.connect(self._on_told)
        dialog.open()

    def _on_told(self) -> None:
        if self._request is not None:
            self.show_request(self._request)
        self.changed.emit()

    def _show_chips(self, plan: Plan) -> None:
        for button in self._buttons.values():
            self._chips.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        self._outcome = ""
        for name, number in outcomes(plan).items():
            button = ChipButton(outcome(name, str(number)), tip=f"Show only fields that are {name}")
            button.clicked.connect(lambda _on, name=name: self._on_chip(name))
            self._buttons[name] = button
            self._chips.addWidget(button)

    def _show_pane(self, plan: Plan) -> None:
        phrase = "" if rights.reads_only(plan.right) else self._desk.phrase(plan)
        self._pane.show_plan(plan, self._systems(), phrase, self._approvals, self._locked(plan), self._run, self._eyes)

    def _locked(self, plan: Plan) -> str:
        if self._tell is not None:
            return "Locked: tell the person first (Art. 18(3))."
        if plan.refusals:
            return f"Locked: {counted(len(plan.refusals), 'refusal is', 'refusals are')} not mended yet."
        expires = moment(plan.expires)
        if expires is not None and not rights.reads_only(plan.right) and expires < datetime.now(expires.tzinfo):
            return "Locked: this plan has expired. Plan it again."
        return ""

    # -- acts

    def _on_chip(self, name: str) -> None:
        self._outcome = "" if self._outcome == name else name
        for other, button in self._buttons.items():
            button.setChecked(other == self._outcome)
        self._on_filter()

    def _on_filter(self) -> None:
        self._model.filter(self._outcome, self._filter.text())

    def _on_folded(self, row: int, unfold: bool) -> None:
        self._table.go_to(self._model.fold(row, unfold))

    def _on_opened(self, row: int) -> None:
        self._on_folded(row, not self._model.rows[row].open)

    def _on_part(self, row: int, column: int, part: object) -> None:
        if column == 1 and isinstance(part, Sign) and part.tint == "accent":
            self._table.go_to(row)
            self.reveal()
        if column == 0 and not self._model.rows[row].field:
            self._on_opened(row)

    def _on_next_refusal(self) -> None:
        row = self._model.next_refused(self._table.current_row)
        if row >= 0:
            self._table.go_to(row)
            self._table.setFocus()

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Told):
            self._checked.add(event.system)
            total = len(self._systems())
            self.notes.progress.show_progress(f"Checking {len(self._checked)} of {total} live systems", len(self._checked), total)

    def _on_made(self, made: tuple[Plan, Task | None, Approvals]) -> None:
        plan, self._tell, eyes = made
        self.notes.progress.hide()
        self._make.set_on()
        self.show_plan(plan, eyes=eyes)
        self.changed.emit()

    def _on_failed(self, error: DeskError) -> None:
        self.notes.progress.hide()
        self._make.set_on()
        if self._plan is not None:
            self._show_pane(self._plan)
        self.notes.error.show_error(error)

    def _on_approve(self) -> None:
        plan = self._plan
        if plan is None or plan.refusals:
            return
        self._pane.main.set_off("It is being signed.")
        self._bridge.run(
            lambda _tell, _cancel: (self._desk.approve(plan.request, plan.digest), self._desk.approval_state(plan.request))[1],
            on_done=self._on_approved,
            on_failed=self._on_failed,
        )

    def _on_approved(self, eyes: Approvals) -> None:
        self.show_plan(self._plan, eyes.given, eyes=eyes)
        self.changed.emit()
        if not eyes.missing:
            self.approved.emit()

    def _on_export(self, formats: list[str], encrypt: bool) -> None:
        if self._plan is not None:
            self.handover.ask(self._plan.request, formats, encrypt)

    def _on_exported(self, folder: Path, files: Sequence[Path]) -> None:
        if self._plan is not None:
            self._show_pane(self._plan)
        say_saved(self.notes.error, folder, files, more=(Button("Write the report", small=True, on=self.report_wanted.emit),))
        self.changed.emit()

    # -- in clear

    def reveal(self) -> None:
        """Show the line's value in clear, before and after, for a minute; the trail records it."""
        row = self._table.current_row
        plan = self._plan
        if plan is None or row < 0 or not self._model.can_show(row):
            return
        node = self._model.rows[row]
        step, name = node.step, node.field
        assert step is not None

        def done(both: tuple[Value, int]) -> None:
            if self._plan is plan:
                self._on_revealed(step, name, *both)

        self._bridge.run(
            lambda _tell, _cancel: self._desk.reveal(plan.request, step.ref, name),
            on_done=done, on_failed=self._on_failed, owner=self,
        )  # fmt: skip

    def _on_revealed(self, step: Step, name: str, before: Value, entry: int) -> None:
        self._model.show_value(step, name, before)
        self.notes.show_revealed(self._model.shown, entry)

        def hide() -> None:
            self._model.hide_value(step, name)
            self.notes.clear.setVisible(bool(self._model.shown))

        QTimer.singleShot(REVEALED_MS, self, hide)
