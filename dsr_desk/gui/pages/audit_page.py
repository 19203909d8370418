"""The trail: who did what, who may sign, where it is anchored, and whether anybody tampered with it since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dsr_desk.audit.trail import Entry, Verdict
from dsr_desk.errors import DeskError
from dsr_desk.flow.operators import Key
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.handover import say_saved
from dsr_desk.gui.models.audit_model import AuditModel
from dsr_desk.gui.models.elsewhere import openssl_command, public_keys, verify_command
from dsr_desk.gui.models.trail_index import TrailIndex, Wanted
from dsr_desk.gui.models.wording import counted, thin
from dsr_desk.gui.widgets.anchor_list import AnchorList
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.entry_pane import EntryPane
from dsr_desk.gui.widgets.key_list import KeyList
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.gui.widgets.tabs import Tabs
from dsr_desk.gui.widgets.trail_filter import TrailFilter
from dsr_desk.gui.widgets.verdict_card import VerdictCard, Verified
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Note, Tell

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

ENTRIES, KEYS, ANCHORS = range(3)


@dataclass(frozen=True)
class Read:
    """What the page shows: the trail, laid out; the keys, how many approve, whether the root is away; the files there are."""

    trail: TrailIndex
    keys: Sequence[Key]
    approvals: int
    away: bool
    files: frozenset[str]


class AuditPage(QWidget):
    """``request_wanted`` carries a reference; ``verified`` tells the shell what a verification said.

    ``operators_wanted`` and ``anchor_wanted`` ask for what stands in dialogs of their own.
    """

    request_wanted = Signal(str)
    verified = Signal(object)
    operators_wanted = Signal()
    anchor_wanted = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, today: Callable[[], date] = date.today, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._today = desk, bridge, today
        self._found: Verified | None = None
        self._job: Job | None = None
        self._files: frozenset[str] = frozenset()
        self._only = ""
        self._layout()
        self._connect()
        self._show_verdict()

    def show_trail(self, ref: str = "") -> None:
        """Read the trail anew; with ``ref`` show only that request's. What was verified stays said of what it was said of."""
        if ref:
            self._only = ref
            self._tabs.choose(ENTRIES)
        self._bridge.run(lambda _tell, _cancel: _read(self._desk), on_done=self.show_read, on_failed=self._on_failed)

    def show_read(self, read: Read) -> None:
        """Show what was read."""
        self._files = read.files
        current = self._current()
        self._model.trail = read.trail
        self._filter.show_trail(read.trail)
        self._keys.show_keys(read.keys, read.approvals, read.away)
        self._anchors.show_trail(read.trail)
        self._filter.only(self._only)
        self._only = ""
        self._on_filter()
        self._show_verdict()
        if current is not None and (row := self._model.row_of(current.seq)) >= 0:
            self._table.go_to(row)
        else:
            self._go_first()

    def verify(self) -> None:
        """Recompute everything from the first entry."""
        self.verify_against([])

    def verify_against(self, files: Sequence[Path]) -> None:
        """Recompute everything, and hold the checkpoints that these files keep against it."""
        if self._job is not None and self._job.running:
            return
        self._banner.hide()

        def work(tell: Tell, cancel: Cancel) -> tuple[Verdict, int]:
            kept = [note for file in files for note in self._desk.kept_checkpoints(file)]
            verdict = self._desk.verify_trail(lambda done, total: tell(Note(str(done), str(total))), cancel, kept)
            return verdict, len(kept)

        self._job = self._bridge.run(work, on_done=self._on_verified, on_failed=self._on_failed, on_event=self._on_progress)
        self._card.show_running(0, len(self._model.trail))

    def show_view(self, number: int) -> None:
        """Show the entries, the keys or the anchors."""
        self._tabs.choose(number)

    # -- layout

    def _layout(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, 8)
        head.setSpacing(10)
        title = QHBoxLayout()
        title.addWidget(Label("Audit", size=theme.TITLE, weight=theme.BOLD))
        said = Label("signed, chained, without personal data", size=theme.SMALL, tint="text2")
        title.addWidget(said, 0, Qt.AlignmentFlag.AlignBottom)
        title.addStretch(1)
        self._tabs = Tabs(("Time line", "Keys", "Anchors"), "What to look at")
        title.addWidget(self._tabs)
        head.addLayout(title)
        self._banner = Banner()
        self._banner.hide()
        head.addWidget(self._banner)
        self._card = VerdictCard()
        head.addWidget(self._card)
        page.addLayout(head)
        page.addWidget(Line())
        self._stack = QStackedWidget()
        self._keys, self._anchors = KeyList(), AnchorList()
        for view in (self._layout_entries(), self._keys, self._anchors):
            self._stack.addWidget(view)
        page.addWidget(self._stack, 1)
        self.setFocusProxy(self._table)

    def _layout_entries(self) -> QWidget:
        view = QWidget()
        body = QHBoxLayout(view)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        self._filter = TrailFilter(self._today)
        left.addWidget(self._filter)
        left.addWidget(Line())
        self._model = AuditModel()
        self._table = PartsTable(
            self._model, name="Entries by day, the newest first", high=32, stretch=3, least=190, rigid=(0, 1, 2, 4),
            widths={0: 78, 1: 32, 2: 142, 4: 62, 5: 100, 6: 62},
        )  # fmt: skip
        self._lists = QStackedWidget()
        self._lists.addWidget(self._table)
        self._lists.addWidget(EmptyState("filter", "No entry matches."))
        left.addWidget(self._lists, 1)
        body.addLayout(left, 1)
        self._pane = EntryPane()
        body.addWidget(self._pane)
        return view

    def _connect(self) -> None:
        self._tabs.chosen.connect(self._stack.setCurrentIndex)
        self._filter.changed.connect(self._on_filter)
        self._table.selectionModel().currentRowChanged.connect(self._on_row)
        self._pane.request_wanted.connect(self.request_wanted)
        self._pane.only_wanted.connect(self._filter.only)
        self._pane.elsewhere_wanted.connect(self.show_elsewhere)
        self._card.verify_wanted.connect(self.verify)
        self._card.stop_wanted.connect(lambda: self._job.cancel() if self._job is not None else None)
        self._card.save_wanted.connect(self._on_save)
        self._card.anchor_wanted.connect(self.anchor_wanted)
        self._anchors.against_wanted.connect(self._on_against)
        self._keys.operators_wanted.connect(self.operators_wanted)
        self._keys.stolen_wanted.connect(self._on_stolen)
        QShortcut(QKeySequence("F5"), self, self.verify, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- showing

    def _show_verdict(self) -> None:
        trail = self._model.trail
        if self._job is not None and self._job.running:
            return
        if self._found is None:
            self._card.show_nothing(len(trail))
        else:
            self._card.show_verdict(self._found, len(trail))
        self._card.show_outside(trail.unanchored, trail.anchor.size if trail.anchor else 0)

    def _current(self) -> Entry | None:
        row = self._table.current_row
        line = self._model.rows[row] if 0 <= row < len(self._model.rows) else None
        return line if isinstance(line, Entry) else None

    def _go_first(self) -> None:
        row = next((r for r in range(min(3, len(self._model.rows))) if isinstance(self._model.rows[r], Entry)), -1)
        if row >= 0:
            self._table.go_to(row)
        else:
            self._pane.show_nothing()

    # -- acts

    def _on_progress(self, event: object) -> None:
        if isinstance(event, Note):
            self._card.show_running(int(event.at), int(event.text))

    def _on_verified(self, found: tuple[Verdict, int]) -> None:
        verdict, against = found
        self._found = Verified(verdict, datetime.now().astimezone().strftime("%H:%M"), against)
        self._model.fault = verdict.fault.seq if verdict.fault else 0
        self._model.doubted = frozenset(verdict.doubted)
        self._show_verdict()
        self._table.viewport().update()
        if self._model.fault:
            self._tabs.choose(ENTRIES)
            self._filter.clear()
            self._table.go_to(max(0, self._model.row_of(self._model.fault)))
        self._show_entry()
        self.verified.emit(verdict)

    def _on_failed(self, error: DeskError) -> None:
        self._show_verdict()
        self._banner.show_error(error)

    def _on_filter(self) -> None:
        wanted = self._filter.wanted
        shown = self._model.filter(wanted)
        self._table.clearSpans()
        for row in self._model.heads():
            self._table.setSpan(row, 0, 1, self._model.columnCount())
        every = counted(len(self._model.trail), "entry", "entries")
        self._filter.say(every if wanted == Wanted() else f"{every}, {thin(shown)} shown")
        self._lists.setCurrentIndex(0 if shown else 1)
        self._go_first()

    def _on_row(self, current: QModelIndex) -> None:
        self._show_entry()

    def _show_entry(self) -> None:
        entry = self._current()
        if entry is not None:
            trail, ref = self._model.trail, self._model.trail.ref(entry)
            doubted = entry.seq in self._model.doubted
            self._pane.show_entry(entry, trail.name(entry.actor), ref, self._holds(entry), doubted, ref in self._files)

    def _holds(self, entry: Entry) -> bool | None:
        verdict = self._found.verdict if self._found else None
        if verdict is None:
            return None
        if entry.seq <= verdict.entries and not (verdict.fault and entry.seq >= verdict.fault.seq):
            return True
        return None if verdict.fault is None else False

    def show_elsewhere(self, entry: Entry | None = None) -> None:
        """The commands that check this without the window."""
        from dsr_desk.gui.dialogs.elsewhere_dialog import ElsewhereDialog

        entry = entry or self._current()
        ways = [
            ("The whole trail", "With this program, in a terminal:", verify_command(self._desk.workspace.folder)),
            (
                "One request",
                "Without this program: write its evidence bundle on the report page, unpack it, and run the script in it.",
                "python verify.py",
            ),
        ]
        command = openssl_command(entry, public_keys(self._model.trail.entries)) if entry is not None else ""
        if entry is not None and command:
            words = "Its signature by hand, in a shell with openssl 3. It says “Signature Verified Successfully”."
            ways.append((f"Entry {thin(entry.seq)}", words, command))
        ElsewhereDialog(ways, self).open()

    def _on_stolen(self, key: Key) -> None:
        from dsr_desk.gui.dialogs.stolen_dialog import StolenDialog

        dialog = StolenDialog(self._desk, self._bridge, key, self)
        dialog.happened.connect(self.show_trail)
        dialog.open()

    def _on_against(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Checkpoints that were kept", "", "Checkpoints (*.txt *.json);;All files (*)")
        if names:
            self.verify_against([Path(name) for name in names])

    def _on_save(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Save the evidence into a folder")
        if folder:
            self.save_fault(Path(folder))

    def save_fault(self, folder: Path) -> None:
        """Keep the trail as it lies, and what was found wrong with it."""
        found = self._found
        if found is None:
            return
        into = folder / f"Trail {datetime.now().astimezone():%Y-%m-%d %H%M%S}"
        self._bridge.run(
            lambda _tell, _cancel: self._desk.save_trail(into, found.verdict),
            on_done=lambda files: say_saved(self._banner, into, files),
            on_failed=self._on_failed,
            owner=self,
        )


def _read(desk: Desk) -> Read:
    trail = TrailIndex(desk.entries(), desk.operator_names(), desk.references())
    files = frozenset(r.ref for closed in (False, True) for r in desk.requests(closed))
    return Read(trail, desk.key_list(), desk.approvals_asked(), desk.root_is_away(), files)
