"""Search and review: is it all, and is it only this person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.flow.receiving.many import undecided
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.dialogs.export_dialog import ExportDialog
from dsr_desk.gui.handover import Handover, say_saved
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.people_model import people
from dsr_desk.gui.models.standing import restricted_words
from dsr_desk.gui.search_acts import SearchActs
from dsr_desk.gui.widgets.button import ActionBar, Button
from dsr_desk.gui.widgets.counts import count
from dsr_desk.gui.widgets.findings_panel import FindingsPanel
from dsr_desk.gui.widgets.systems_strip import state_sentence
from dsr_desk.gui.widgets.words import kind_word, masked
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Finding, Identifier, NotFollowed, RowRef, SearchResult
from dsr_desk.model.request import Request
from dsr_desk.model.values import Value

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


class SearchPage(QWidget):
    """One request's search.

    ``changed`` tells a request whose facts changed, ``searched`` a result; ``ambiguous`` that a person must be chosen first.
    """

    changed = Signal(object)
    searched = Signal(object)
    ambiguous = Signal(object)
    plan_wanted = Signal()
    left = Signal()

    def __init__(
        self,
        desk: Desk,
        bridge: Bridge,
        systems: Callable[[], Mapping[str, System]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._request: Request | None = None
        self._result: SearchResult | None = None
        self._job: Job | None = None
        self._reader: Job | None = None
        self._stale = False
        self._kept_out: set[tuple[str, str]] = set()
        self.acts = SearchActs(desk, bridge, systems, self)
        self.handover = Handover(desk, bridge, self)
        self.panel = FindingsPanel()
        self.save = Button("Save the person's data…", "quiet", small=True, sign="save", on=self._on_save)
        self.panel.extra.addWidget(self.save)
        self.close_ = Button("Save and close", on=self.left.emit)
        self.plan = Button("Plan…", "primary", on=self.plan_wanted.emit)
        self.bar = ActionBar(self.close_, self.plan)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.panel, 1)
        column.addWidget(self.bar)
        self._connect()

    def _connect(self) -> None:
        panel = self.panel
        panel.counted.connect(self._show_bar)
        panel.strip.retry_wanted.connect(self.search)
        panel.strip.stop_wanted.connect(self.stop)
        panel.strip.waive_wanted.connect(self.acts.waive)
        panel.strip.asked.connect(self._on_asked)
        panel.people.leave_out.connect(self.acts.leave_out)
        panel.identity.switched.connect(self.acts.switch)
        panel.identity.add_wanted.connect(self.acts.add)
        panel.table.tick_wanted.connect(self.acts.tick)
        panel.group_wanted.connect(lambda name, findings: self.acts.tick(findings, True))
        panel.pane.reveal_wanted.connect(self.acts.reveal)
        panel.pane.decide_wanted.connect(self._on_decide)
        self.acts.changed.connect(self._on_request)
        self.acts.again.connect(self._on_other_identity)
        self.acts.revealed.connect(self._on_revealed)
        self.acts.failed.connect(self._on_failed)
        self.handover.done.connect(self._on_saved)
        self.handover.failed.connect(self._on_failed)

    # -- what is shown ------------------------------------------------------------------------------------------------------

    def show_request(self, request: Request) -> None:
        """Show this request; what was found before is read from the workspace."""
        if self._job is not None and self._job.running:
            self.update_request(request)
            return
        self._request = request
        self.acts.ref = request.ref
        writes = not rights.reads_only(request.right)
        self.panel.set_systems(self._systems(), _takes(writes), (lambda f: f.access_only) if writes else lambda f: False)
        self.panel.model.decide({d.ref: d for d in request.facts.decisions})
        ref = request.ref
        if request.facts.people:
            self.panel.show_list(())

        def read(_tell: object, _cancel: object) -> tuple[SearchResult | None, dict[RowRef, str]]:
            return self._desk.found(ref), restricted_words(self._desk.restrictions())

        self._reader = self._bridge.run(read, on_done=self._on_found, on_failed=self._on_failed)

    def _on_found(self, read: tuple[SearchResult | None, dict[RowRef, str]]) -> None:
        result, restricted = read
        self.panel.model.restrict(restricted)
        if self._job is not None and self._job.running:  # a search began while the old result was read
            return
        if result is None:
            self.panel.empty.say("Not searched yet.", "All systems are asked at once; nothing is changed.", sign="search")
            self.panel.show_counts()
            if self._request is not None and self._request.stage in ("search", "review"):
                self.search()
            return
        self._show_result(result)

    def _show_result(self, result: SearchResult) -> None:
        self._result = result
        self.panel.show_result(result, self._on_shown)
        self._show_banner()

    def _on_shown(self) -> None:
        self.searched.emit(self._result)
        self._show_people()
        if self._result is not None and self._result.ambiguous and not self._result.people:
            self.ambiguous.emit(self._result)
        self._show_bar()

    def _show_people(self) -> None:
        if self._result is not None and self._request is not None and self._request.facts.people:
            self.panel.show_list(people(self._request.facts, self._result))

    def update_request(self, request: Request) -> None:
        """The request's facts changed."""
        self._request = request
        self.panel.model.decide({d.ref: d for d in request.facts.decisions})
        self.panel.show_counts()
        self.panel.look_again()
        if self._result is not None and not self.panel.running:
            self.searched.emit(self._result)

    def _show_bar(self) -> None:
        counts = self.panel.model.counts()
        self.plan.setText(f"Plan {count(counts.ticked, 'record')}…")
        reason = self.why_no_plan()
        self.plan.set_off(reason)
        sign, tint = ("warning", "retained") if reason else ("info", "text2")
        undecided = (
            f"{count(counts.undecided, 'record')} not decided: the plan leaves them to a person. " if counts.undecided else ""
        )
        self.bar.say(f"No plan yet: {reason}" if reason else f"{undecided}Nothing changes before you see the plan.", sign, tint)
        nothing = not counts.found or self.panel.running
        self.save.set_off("There is nothing to save yet." if nothing else "")

    def why_no_plan(self) -> str:
        """Why there can't be a plan yet; ``""`` where there can."""
        result, counts = self._result, self.panel.model.counts()
        if self.panel.running:
            return "the search is still running."
        if result is None:
            return "nothing has been searched."
        if result.people and (lines := undecided(result)):
            return f"who is meant can't be told on line {lines} of the list. Leave these out, or list them by something else."
        if result.ambiguous:
            return "what was given leads to more than one person. Say who it is."
        failed = [s for s in result.systems if s.status == "failed"]
        if failed:
            names = ", ".join(self._label(s.system) for s in failed[:3])
            return f"{names} {'has' if len(failed) == 1 else 'have'} not been searched. Retry, or waive with a reason."
        if self._stale:
            return "the identity has changed. Search again."
        return "" if counts.ticked or not counts.found else "nothing is ticked."

    def _label(self, system: str) -> str:
        found = self._systems().get(system)
        return found.label if found else system

    # -- searching ----------------------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Ask all systems (again)."""
        if self._request is None or (self._job is not None and self._job.running):
            return
        ref = self._request.ref
        if self._reader is not None:
            self._reader.drop()  # what it reads is older than what is found now
        off = set(self._request.facts.off)
        given = [Identifier(k, v, followed=(k, v) not in off) for k, v in self._request.facts.identity]
        self.panel.banner.hide()
        self.panel.start(given)
        self.panel.show_counts()
        self._job = self._bridge.run(
            lambda tell, cancel: self._desk.search(ref, tell, cancel),
            on_done=self._on_searched,
            on_failed=self._on_search_failed,
            on_event=self.panel.hear,
        )

    def stop(self) -> None:
        """Stop the search; what was found before it stays in the workspace."""
        if self._job is not None:
            self._job.cancel()

    def _on_searched(self, result: SearchResult) -> None:
        self._stale = False
        self._show_result(result)
        self._reread()

    def _on_search_failed(self, error: DeskError) -> None:
        self.panel.stop()
        self._result = None
        self._on_failed(error)
        self._show_bar()

    def _on_failed(self, error: DeskError) -> None:
        self.panel.banner.show_error(error, Button("Search again", small=True, on=self.search))

    def _reread(self) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        self._bridge.run(lambda tell, cancel: self._desk.request(ref), on_done=self._on_request, on_failed=self._on_failed)

    def _on_other_identity(self) -> None:
        self._stale = True
        self.search()

    def _on_request(self, request: Request) -> None:
        self.update_request(request)
        self.changed.emit(request)

    # -- systems and identity -----------------------------------------------------------------------------------------------

    def _on_asked(self, system: str) -> None:
        result = next((s for s in (self._result.systems if self._result else ()) if s.system == system), None)
        if result is None:
            return
        head, *rest = state_sentence(result, self._label(system)).split("\n")
        buttons = [Button("Hide", small=True, on=self.panel.notice.hide)]
        if result.status == "failed":
            buttons = [
                Button("Retry", small=True, on=self.search),
                Button("Waive…", small=True, on=lambda: self.acts.waive(system)),
            ]
        answer = "retained" if result.notes else "verified"
        tone = {"failed": "failed", "manual": "manual", "waived": "plain"}.get(result.status, answer)
        text = " ".join(rest)
        if result.status == "manual":
            text = "A person looks there: the request opens a task for it, and stays open until it is answered."
        if self._request and result.status == "waived":
            text = f"Waived: {self._request.facts.waived.get(system, '')}"
        self.panel.notice.say(head, text, tone=tone, sign="info", buttons=buttons)
        self.panel.notice.show()

    def _show_banner(self) -> None:
        result = self._result
        blocked = [
            n for n in (result.not_followed if result else ()) if (n.identifier.kind, n.identifier.value) not in self._kept_out
        ]
        if not blocked:
            self.panel.banner.hide()
            return
        first = blocked[0]
        kind = first.identifier.kind
        shown = masked(kind, first.identifier.value)
        shown = shown if shown.startswith(kind_word(kind)) else f"{kind_word(kind)} {shown}"
        others = [r for r in first.leads_to if r not in (result.subjects if result else ())]
        where = ", ".join(f"{self._label(r.system)} {r.collection} {','.join(r.key)}" for r in others[:3])
        more = f" And {count(len(blocked) - 1, 'other identifier')}." if len(blocked) > 1 else ""
        self.panel.banner.say(
            f"The {shown} also leads to {count(len(others), 'other person', 'other people')}. Not followed.",
            f"It stands at {where}. Nothing was looked up through it.{more}",
            sign="shared",
            buttons=[Button("Keep it out", small=True, on=lambda: self._on_keep_out(first))],
        )
        self.panel.banner.show()

    def _on_keep_out(self, blocked: NotFollowed) -> None:
        self._kept_out.add((blocked.identifier.kind, blocked.identifier.value))
        self._show_banner()

    # -- review -------------------------------------------------------------------------------------------------------------

    def _on_decide(self, what: str) -> None:
        chosen = self.panel.table.chosen() or ([self.panel.pane.finding] if self.panel.pane.finding else [])
        self.acts.decide(chosen, what)

    def next_undecided(self) -> None:
        """Go to the next record that somebody must decide."""
        if self.panel.table.next_undecided() is None:
            self.bar.say("Everything is decided.", "check", "verified")
        self.panel.table.setFocus()

    def _on_revealed(self, row: RowRef, field: str, value: Value, entry: int) -> None:
        finding = self.panel.pane.finding
        if finding is not None and finding.ref == row:
            self.panel.pane.show_value(finding, field, value, entry)

    # -- a copy for the person ----------------------------------------------------------------------------------------------

    def _on_save(self) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        dialog = ExportDialog(self._request.right, parent=self)
        dialog.chosen.connect(lambda formats, encrypt: self.handover.ask(ref, formats, encrypt))
        dialog.open()

    def _on_saved(self, folder: Path, files: Sequence[Path]) -> None:
        say_saved(self.panel.notice, folder, files, more=(Button("Hide", small=True, on=self.panel.notice.hide),))


def _takes(writes: bool) -> Callable[[Finding], bool]:
    """What is ticked before anybody decides: for a copy of the data also what is only seen or shared (Art. 15)."""
    return (lambda f: f.clear) if writes else (lambda f: not (f.review or f.mention))
