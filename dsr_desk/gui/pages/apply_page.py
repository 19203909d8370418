"""Writing: what is done, what is not, and what happens if it is stopped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import CancelledError, DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.dialogs.act import ReasonDialog
from dsr_desk.gui.dialogs.hand_dialog import HandDialog
from dsr_desk.gui.models import rights
from dsr_desk.gui.models import run as runs
from dsr_desk.gui.models.journal import MOST_NOTES, Journal
from dsr_desk.gui.models.run import Run, SystemRun
from dsr_desk.gui.models.task_words import look
from dsr_desk.gui.models.wording import GetSystems, Systems, counted, grouped, in_words, title_of
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line, Scroll
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.run_row import RunRow
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.gui.widgets.task_list import TaskList
from dsr_desk.model.event import Event, Note, Step
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request, Task
from dsr_desk.model.result import ApplyResult

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


@dataclass(frozen=True)
class _Read:
    ref: str
    plan: Plan | None
    result: ApplyResult | None
    tasks: list[Task]
    by: str


class ApplyPage(QWidget):
    """``changed``: the request moved. ``verify_wanted``, ``plan_wanted``: go there. ``again_wanted``: plan anew."""

    changed = Signal()
    verify_wanted = Signal()
    plan_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, systems: GetSystems, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._known: Systems = {}
        self._request: Request | None = None
        self._plan: Plan | None = None
        self._result: ApplyResult | None = None
        self._job: Job | None = None
        self._by = ""
        self._reading = self._wants_start = False
        self._stopping = False
        self._run = Run()
        self._rows: dict[str, RunRow] = {}
        self._tasks: list[Task] = []
        self._notes: deque[Note] = deque(maxlen=MOST_NOTES)
        self._layout()

    def show_request(self, request: Request) -> None:
        """Show how far the approved plan of this request is."""
        if self._job is not None and self._job.running and self._request is not None and self._request.ref == request.ref:
            return
        self._request = request
        self._known = self._systems()
        self._wants_start = False
        self._banner.hide()
        self._notes.clear()
        self._journal.set_rows(())
        self._read()

    def start(self) -> None:
        """Apply the approved plan. After a run that left something behind, only the page's own button goes on."""
        self._wants_start = self._reading  # what an earlier run left is not known yet
        if not self._reading and self._result is None:
            self._on_go()

    def _on_go(self) -> None:
        if self._request is None or (self._job is not None and self._job.running):
            return
        ref = self._request.ref
        self._stopping = False
        self._banner.hide()
        self._job = self._bridge.run(
            lambda tell, cancel: self._desk.apply(ref, tell, cancel),
            on_done=self._on_done, on_failed=self._on_failed, on_event=self._on_event,
        )  # fmt: skip
        self._show()

    def stop(self) -> None:
        """Stop before the next system; the one at work is finished first."""
        if self._job is not None and self._job.running:
            self._stopping = True
            self._job.cancel()
            self._show()

    # -- layout

    def _layout(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.GROUP)
        head.setSpacing(theme.INSIDE)
        words = QVBoxLayout()
        words.setSpacing(5)
        self._headline = Label(size=theme.TITLE, weight=theme.BOLD, elide=True)
        self._sub = Label(size=theme.SMALL, tint="text2", wrap=True)
        words.addWidget(self._headline)
        words.addWidget(self._sub)
        head.addLayout(words, 1)
        self._stop = Button("Stop", sign="stop", on=self.stop)
        self._again = Button("Plan these again…", on=self.again_wanted.emit)
        self._go = Button("Apply the approved plan", "danger", on=self._on_go)
        self._verify = Button("Search again", "primary", sign="refresh", on=self.verify_wanted.emit)
        for button in (self._stop, self._again, self._go, self._verify):
            head.addWidget(button)
        page.addLayout(head)
        self._banner = Banner()
        self._banner.hide()
        top = QVBoxLayout()
        top.setContentsMargins(theme.EDGE, 0, theme.EDGE, 12)
        top.addWidget(self._banner)
        page.addLayout(top)
        page.addWidget(Line())
        self._empty = EmptyState(
            "clock",
            "Nothing has been approved yet.",
            "A plan is read and approved first; then it is applied here.",
            Button("Go to the plan", on=self.plan_wanted.emit),
        )
        page.addWidget(self._empty, 1)
        self._scroll = Scroll()
        self._scroll.body.setSpacing(0)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._scroll.body.addLayout(self._list)
        wrap = QVBoxLayout()
        wrap.setContentsMargins(theme.EDGE, 10, theme.EDGE, 0)
        self.tasks = TaskList(narrow=False)
        self.tasks.wanted.connect(self._on_confirm)
        wrap.addWidget(self.tasks)
        self._scroll.body.addLayout(wrap)
        self._scroll.body.addLayout(self._layout_below())
        self._scroll.body.addStretch(1)
        page.addWidget(self._scroll, 1)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._scroll)  # what writes is never where the focus stands first
        for before, after in pairwise((self._scroll, self._verify, self._again, self._stop, self._go)):
            QWidget.setTabOrder(before, after)

    def _layout_below(self) -> QVBoxLayout:
        below = QVBoxLayout()
        below.setContentsMargins(0, theme.GROUP, 0, theme.GROUP)
        below.setSpacing(theme.INSIDE)
        self._stopped = Banner(tone="plain", sign="info")
        inner = QVBoxLayout()
        inner.setContentsMargins(theme.EDGE, 0, theme.EDGE, theme.INSIDE)
        inner.addWidget(self._stopped)
        below.addLayout(inner)
        self._journal_title = Label("Journal", weight=theme.BOLD)
        self._journal_title.setContentsMargins(theme.EDGE, 0, 0, 0)
        below.addWidget(self._journal_title)
        self._journal = Journal()
        self._table = PartsTable(self._journal, name="Journal", widths={0: 110}, stretch=1, heads=False)
        below.addWidget(self._table)
        return below

    # -- showing

    def _read(self) -> None:
        if self._request is None:
            return
        ref, desk = self._request.ref, self._desk

        def work(_tell: object, _cancel: object) -> _Read:
            by = ", ".join(dict.fromkeys(a.by for a in desk.approvals(ref)))
            return _Read(ref, desk.plan(ref), desk.applied(ref), desk.tasks(ref), by)

        self._reading = True
        self._bridge.run(work, on_done=self._on_read, on_failed=self._on_unread)

    def _on_read(self, read: _Read) -> None:
        self._reading = False
        if self._request is None or read.ref != self._request.ref or (self._job is not None and self._job.running):
            return
        self._plan, self._result, self._tasks, self._by = read.plan, read.result, read.tasks, read.by
        self._run = runs.ended(self._plan, self._result) if self._result else runs.start(self._plan)
        self._show()
        if self._wants_start:
            self.start()

    def _on_unread(self, error: DeskError) -> None:
        self._reading = self._wants_start = False
        self._banner.show_error(error)

    def _show(self) -> None:
        approved = self._result is not None or bool(self._by)
        running = self._job is not None and self._job.running
        known = bool(self._run.systems) and (approved or running)
        self._empty.setVisible(not known)
        self._scroll.setVisible(known)
        self._show_rows()
        self._show_words(running, known)
        self._show_buttons(running, known)
        self._show_stop(running)
        self._journal_title.setVisible(bool(self._notes))
        self._table.setVisible(bool(self._notes))
        self._table.fit_height()

    def _show_rows(self) -> None:
        wanted = self._run.systems
        if list(wanted) != list(self._rows):
            for row in self._rows.values():
                row.hide()
                row.deleteLater()
            self._rows = {name: RunRow() for name in wanted}
            for row in self._rows.values():
                self._list.addWidget(row)
        for name, system in wanted.items():
            self._show_row(name, system)
        rows = {n for n, s in wanted.items() if s.state == "manual"}
        self.tasks.show_tasks([t for t in self._tasks if not (t.kind == "system" and t.system in rows)])

    def _show_row(self, name: str, system: SystemRun) -> None:
        own = [t for t in self._tasks if system.state == "manual" and t.kind == "system" and t.system == name]
        still = [t for t in own if t.open]
        act: tuple[str, Callable[[], object]] | None = (look(still[0]).act, lambda: self._on_confirm(still[0])) if still else None
        if system.state == "in doubt":
            act = ("Say what you found there…", lambda: self._on_doubt(name))
        if own and not system.text:
            confirmed = f"{counted(sum(t.records for t in own), 'record')}, confirmed by {own[0].answered_by}"
            waits = "nobody has confirmed it yet" if still and still[0].title.endswith(": by hand") else ""
            text = (waits or still[0].title) if still else confirmed
            system = SystemRun(
                system.system,
                "manual" if still else "done",
                system.done,
                0,
                text=text,
                guarantee="a person confirms that it is done",
            )
        self._rows[name].show_run(system, self._known, act)

    def _show_words(self, running: bool, known: bool) -> None:
        run, done = self._run, sum(1 for s in self._run.writing if s.state == "done")
        if not known:
            self._headline.setText("Apply")
            self._sub.setText("")
            return
        word = "Writing" if running else "Applied" if self._result else "Ready"
        of = f"{run.done} of {counted(run.total, 'record')}" if self._result or running else f"{counted(run.total, 'record')}"
        systems = (
            f"{done} of {counted(len(run.writing), 'system')} done"
            if self._result or running
            else f"in {counted(len(run.writing), 'system')}"
        )
        self._headline.setText(f"{word}: {of} · {systems}")
        digest = grouped(self._plan.digest[:8]) if self._plan else ""
        who = f", approved by {self._by}" if self._by else ""
        self._sub.setText(f"Exactly the plan {digest}{who}. If this computer stops, it resumes where it was.")

    def _show_buttons(self, running: bool, known: bool) -> None:
        run = self._run
        upcoming = run.upcoming
        self._stop.setVisible(running)
        self._stop.setText(f"Stop before {title_of(upcoming, self._known)}" if upcoming else "Stop")
        self._stop.set_off(
            "It stops as soon as the system at work is finished."
            if self._stopping
            else ""
            if upcoming
            else "The last system is at work; it is finished first."
        )
        stuck = any(s.state in ("refused", "in doubt") for s in run.systems.values())
        finished = run.finished() and (self._result is not None or not run.writing)
        self._again.setVisible(known and not running and stuck)
        self._go.setVisible(known and not running and not finished)
        self._go.setText("Resume" if self._result else "Apply the approved plan")
        self._go.become("danger" if self._plan is None or rights.takes_away(self._plan) else "primary")
        self._verify.setVisible(known and not running and self._result is not None and finished)

    def _show_stop(self, running: bool) -> None:
        done, now, rest = (
            self._titles(*states) for states in (("done",), ("writing", "checking", "verifying"), ("next", "waiting"))
        )
        trouble = [s for s in self._run.systems.values() if s.state in ("refused", "failed", "in doubt")]
        self._stopped.setVisible(running or bool(trouble))
        parts = [
            f"{in_words(done)} {'stays' if len(done) == 1 else 'stay'} as written" if done else "",
            f"{in_words(now)} is finished first" if now and running else "",
            f"{in_words(rest)} {'is' if len(rest) == 1 else 'are'} untouched" if rest else "",
        ]
        said = "; ".join(p for p in parts if p)
        if running:
            self._stopped.say("If you stop now", f"{said}. The plan stays approved and goes on later.", tone="plain", sign="info")
        elif trouble:
            what = in_words([f"{title_of(s.system, self._known)} ({s.look.word})" for s in trouble])
            self._stopped.say(f"Not finished: {what}", f"{said}. " if said else "", tone="retained", sign="warning")

    def _titles(self, *states: str) -> list[str]:
        return [title_of(s.system, self._known) for s in self._run.writing if s.state in states]

    # -- acts

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Note):
            self._notes.appendleft(event)
            self._journal.set_rows(tuple(self._notes))
        elif isinstance(event, Step):
            self._run = self._run.heard(event)
        self._show()

    def _on_done(self, result: ApplyResult) -> None:
        self._result = result
        self._run = runs.ended(self._plan, result)
        self._show()
        self._read()
        self.changed.emit()

    def _on_failed(self, error: DeskError) -> None:
        self._show()
        self._read()
        if isinstance(error, CancelledError) or self._stopping:
            self._banner.say("Stopped, as you asked", error.hint or "Resume when you want to go on.", tone="plain", sign="stop")
            self._banner.show()
        else:
            self._banner.show_error(error)
        self.changed.emit()

    def _on_confirm(self, task: Task) -> None:
        dialog = HandDialog(self._desk, self._bridge, task, self)
        dialog.answered.connect(self._on_answered)
        dialog.open()

    def _on_doubt(self, system: str) -> None:
        """A system can't tell whether it took our change: a person looks there, and says what they saw."""
        title = title_of(system, self._known)
        dialog = ReasonDialog(
            f"Say what you found in {title}",
            "Record what I found",
            least=10,
            follows=f"{title} then counts as looked at, not as done: a new plan searches again and says what is still there.",
            parent=self,
        )
        dialog.given.connect(lambda found: self._settle(system, found))
        dialog.open()

    def _settle(self, system: str, found: str) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        self._bridge.run(
            lambda _tell, _cancel: self._desk.settle(ref, system, found),
            on_done=lambda _: self._on_settled(system), on_failed=self._on_unread, owner=self,
        )  # fmt: skip

    def _on_settled(self, system: str) -> None:
        plan = Button("Plan these again…", small=True, on=self.again_wanted.emit)
        title = f"What you found in {title_of(system, self._known)} is recorded"
        self._banner.say(title, "Plan again: the new plan says what is still there.", tone="plain", sign="done", buttons=(plan,))
        self._banner.show()
        self.changed.emit()

    def _on_answered(self) -> None:
        self._read()
        self.changed.emit()
