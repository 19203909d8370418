"""The trail: who did what, and whether anybody tampered with it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.audit.trail import Entry, Verdict
from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.models.audit_model import AuditModel, Day
from dsr_desk.gui.models.wording import thin
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.entry_pane import EntryPane
from dsr_desk.gui.widgets.fields import Choice, Edit
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Line
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.sign import SignView
from dsr_desk.gui.widgets.states import BarView
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Note, Tell

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk


@dataclass(frozen=True)
class Trail:
    """What the page shows: entries, key id → name, case id → reference."""

    entries: list[Entry]
    names: Mapping[str, str]
    refs: Mapping[str, str]


class AuditPage(QWidget):
    """``request_wanted`` carries a reference; ``verified`` tells the shell what a verification said."""

    request_wanted = Signal(str)
    verified = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._verdict: Verdict | None = None
        self._job: Job | None = None
        self._count = 0
        self._layout()
        self._connect()
        self._show_verdict()

    def show_trail(self) -> None:
        """Read the trail anew. What a verification said before stays said of the entries it was said of."""
        self._bridge.run(lambda _tell, _cancel: _read(self._desk), on_done=self.show_entries, on_failed=self._on_failed)

    def show_entries(self, trail: Trail) -> None:
        """Show these entries."""
        self._count = len(trail.entries)
        self._model.show_entries(trail.entries, trail.names, trail.refs)
        self._types.clear()
        for value, words in [("", "All types"), *((t, t) for t in self._model.types())]:
            self._types.addItem(words, value)
        self._actors.clear()
        for value, words in [("", "All operators"), *self._model.actors()]:
            self._actors.addItem(words, value)
        self._on_filter()
        self._show_verdict()
        if len(self._model.rows) > 1:
            self._table.go_to(1)

    def verify(self) -> None:
        """Recompute everything from the first entry."""
        if self._job is not None and self._job.running:
            return
        self._banner.hide()

        def work(tell: Tell, cancel: Cancel) -> Verdict:
            return self._desk.verify_trail(lambda done, total: tell(Note(str(done), str(total))), cancel)

        self._job = self._bridge.run(work, on_done=self._on_verified, on_failed=self._on_failed, on_event=self._on_progress)
        self._show_running(0, self._count)

    # -- layout

    def _layout(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, 12)
        head.setSpacing(10)
        title = QHBoxLayout()
        title.addWidget(Label("Audit", size=theme.TITLE, weight=theme.BOLD))
        title.addWidget(
            Label("signed, chained, without personal data", size=theme.SMALL, tint="text2"), 0, Qt.AlignmentFlag.AlignBottom
        )
        title.addStretch(1)
        head.addLayout(title)
        self._banner = Banner()
        self._banner.hide()
        head.addWidget(self._banner)
        head.addWidget(self._layout_card())
        head.addLayout(self._layout_filter())
        page.addLayout(head)
        page.addWidget(Line())
        body = QHBoxLayout()
        body.setSpacing(0)
        self._model = AuditModel()
        self._table = PartsTable(
            self._model, name="Entries by day, the newest first", high=32, stretch=3, least=190, rigid=(0, 1, 2, 4),
            widths={0: 78, 1: 32, 2: 106, 4: 66, 5: 108, 6: 62},
        )  # fmt: skip
        body.addWidget(self._table, 1)
        self._pane = EntryPane(f"dsr-desk --workspace {_quoted(str(self._desk.workspace.folder))} audit verify")
        body.addWidget(self._pane)
        page.addLayout(body, 1)
        self.setFocusProxy(self._table)

    def _layout_card(self) -> Card:
        self._card = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.GROUP)
        self._shield = SignView("question", "text2", 36)
        row.addWidget(self._shield)
        words = QVBoxLayout()
        words.setSpacing(3)
        self._said = Label(size=theme.TITLE, weight=theme.BOLD, wrap=True)
        self._scope = Label(size=theme.SMALL, tint="text2", wrap=True)
        self._bar = BarView()
        words.addWidget(self._said)
        words.addWidget(self._scope)
        words.addWidget(self._bar)
        row.addLayout(words, 1)
        self._stop = Button("Stop", sign="stop", on=self._on_stop)
        self._go = Button("Verify now", "primary", sign="refresh", on=self.verify)
        row.addWidget(self._stop)
        row.addWidget(self._go)
        self._card.body.addLayout(row)
        return self._card

    def _layout_filter(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        self._words = Edit("Filter by request, operator or type", name="Filter by request, operator or type")
        self._words.setMaximumWidth(320)
        self._types = Choice([("", "All types")], name="Only this type")
        self._actors = Choice([("", "All operators")], name="Only this operator")
        row.addWidget(self._words, 1)
        row.addWidget(self._types)
        row.addWidget(self._actors)
        row.addStretch(1)
        self._shown = Label(size=theme.SMALL, tint="text2")
        row.addWidget(self._shown)
        return row

    def _connect(self) -> None:
        self._words.textChanged.connect(self._on_filter)
        self._types.currentIndexChanged.connect(self._on_filter)
        self._actors.currentIndexChanged.connect(self._on_filter)
        self._table.selectionModel().currentRowChanged.connect(self._on_row)
        self._pane.request_wanted.connect(self.request_wanted)
        QShortcut(QKeySequence("F5"), self, self.verify, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- showing

    def _show_verdict(self) -> None:
        verdict = self._verdict
        self._bar.hide()
        self._stop.hide()
        self._go.show()
        if verdict is None:
            self._shield.show_sign("question", "text2")
            self._card.set_outline("line")
            self._said.setText("Not verified since this program was started")
            self._said.set_tint("text")
            self._scope.setText(f"{thin(self._count)} entries. Nothing is said of them until every one has been recomputed.")
        elif verdict.ok:
            self._shield.show_sign("shield", "verified")
            self._card.set_outline("line")
            self._said.setText(f"Intact: all {thin(verdict.entries)} entries hold")
            self._said.set_tint("text")
            newer = self._count - verdict.entries
            later = f" · {thin(newer)} written since" if newer > 0 else ""
            outside = "Only reports that you gave away carry a checkpoint outside."
            self._scope.setText(f"Every signature, link and the tree · {self._at}, {verdict.seconds:.1f} s{later}. {outside}")
        else:
            sentence = verdict.fault.sentence if verdict.fault else "The trail does not hold."
            self._shield.show_sign("special", "failed")
            self._card.set_outline("failed")
            self._said.setText(sentence)
            self._said.set_tint("failed")
            hint = verdict.fault.error.hint if verdict.fault else ""
            self._scope.setText(f"{hint} · {self._at}, {verdict.seconds:.1f} s")

    def _show_running(self, done: int, total: int) -> None:
        self._shield.show_sign("busy", "accent")
        self._said.setText(f"Verified {thin(done)} of {thin(total)}")
        self._said.set_tint("text")
        self._scope.setText("Every entry is read again, from the first. The list can be used meanwhile.")
        self._bar.show_bar(done, total)
        self._bar.show()
        self._stop.show()
        self._go.hide()

    # -- acts

    def _on_progress(self, event: object) -> None:
        if isinstance(event, Note):
            self._show_running(int(event.at), int(event.text))

    def _on_verified(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self._at = datetime.now().astimezone().strftime("%H:%M")
        self._count = max(self._count, verdict.entries)
        self._model.fault = verdict.fault.seq if verdict.fault else 0
        self._show_verdict()
        self._table.viewport().update()
        if self._model.fault:
            self._words.clear()
            self._table.go_to(max(0, self._model.row_of(self._model.fault)))
        self._on_row(self._table.currentIndex())
        self.verified.emit(verdict)

    def _on_failed(self, error: DeskError) -> None:
        self._show_verdict()
        self._banner.show_error(error)

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_filter(self) -> None:
        shown = self._model.filter(self._words.text(), self._types.value or "", self._actors.value or "")
        self._table.clearSpans()
        for i, line in enumerate(self._model.rows):
            if isinstance(line, Day):
                self._table.setSpan(i, 0, 1, self._model.columnCount())
        every = f"{thin(self._count)} entries"
        self._shown.setText(every if shown == self._count else f"{every}, {thin(shown)} shown")

    def _on_row(self, current: QModelIndex) -> None:
        entry = self._model.rows[current.row()] if 0 <= current.row() < len(self._model.rows) else None
        if isinstance(entry, Entry):
            self._pane.show_entry(entry, self._model.name(entry.actor), self._model.ref(entry), self._holds(entry))

    def _holds(self, entry: Entry) -> bool | None:
        if self._verdict is None:
            return None
        if entry.seq <= self._verdict.entries and not (self._verdict.fault and entry.seq >= self._verdict.fault.seq):
            return True
        return None if self._verdict.fault is None else False


def _read(desk: Desk) -> Trail:
    refs = {}
    for summary in (*desk.requests(), *desk.requests(closed=True)):
        refs[desk.request(summary.ref).case] = summary.ref
    return Trail(desk.entries(), desk.operator_names(), refs)


def _quoted(folder: str) -> str:
    return f'"{folder}"' if " " in folder else folder
