"""The proof: the same questions asked again, what is left over, and what can't be said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.models.verify_model import CHANGED, BehindModel, SystemsModel, behind
from dsr_desk.gui.models.wording import GetSystems, Systems, clock, counted, day, thin, title_of
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import ActionBar, Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Figure, Scroll
from dsr_desk.gui.widgets.parts import Sign, Text
from dsr_desk.gui.widgets.parts_table import PartsTable
from dsr_desk.gui.widgets.seal import Seal
from dsr_desk.gui.widgets.states import EmptyState, ProgressRow
from dsr_desk.model.event import Event, Step
from dsr_desk.model.request import Request
from dsr_desk.model.result import SystemVerified, Verification

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

_BEHIND = {"leftover": "Left over", "retained": "Retained", "excluded": "Left out"}


class VerifyPage(QWidget):
    """``report_wanted``: go on to the report. ``again_wanted``: plan what is left over. ``changed``: verified, or closed."""

    report_wanted = Signal()
    again_wanted = Signal()
    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, systems: GetSystems, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._known: Systems = {}
        self._request: Request | None = None
        self._proof: Verification | None = None
        self._open: list[str] = []
        self._job: Job | None = None
        self._reader: Job | None = None
        self._layout()
        self._connect()

    def show_request(self, request: Request) -> None:
        """Show what the second search of this request said, if it has run."""
        self._request = request
        self._known = self._model.known = self._behind.known = self._systems()
        self._banner.hide()
        ref, desk = request.ref, self._desk

        def work(_tell: object, _cancel: object) -> tuple[str, Verification | None, list[str]]:
            return ref, desk.verification(ref), desk.why_open(ref)

        self._reader = self._bridge.run(work, on_done=self._on_read, on_failed=self._on_failed)

    def _on_read(self, read: tuple[str, Verification | None, list[str]]) -> None:
        if self._request is not None and read[0] == self._request.ref and not (self._job and self._job.running):
            self.show_proof(read[1], read[2])

    def show_proof(self, proof: Verification | None, open_: list[str]) -> None:
        """Show a proof, or that there is none yet; ``open_`` is what stands in the way of closing."""
        self._proof, self._open = proof, open_
        self._empty.setVisible(proof is None)
        self._scroll.setVisible(proof is not None)
        self._seal.show_proof(proof)
        if proof is not None:
            self._show_figures(proof)
            self._show_limits(proof)
            self._model.set_rows(proof.systems)
            self._table.setColumnHidden(self._model.columnCount() - 1, not any(s.queries for s in proof.systems))
            self._table.setColumnHidden(CHANGED, not proof.total("changed"))
            self._table.fit_height()
            self._show_behind("leftover" if proof.leftovers else "")
        self._show_buttons()

    def search_again(self) -> None:
        """Run the second search (again)."""
        if self._request is None or (self._job and self._job.running):
            return
        ref = self._request.ref
        if self._reader is not None:
            self._reader.drop()  # what it reads would be older than what is made now
        self._banner.hide()
        self._progress.show_progress("Searching again …")
        self._progress.show()
        self._searched: set[str] = set()
        self._job = self._bridge.run(
            lambda tell, cancel: (self._desk.verify(ref, tell, cancel), self._desk.why_open(ref)),
            on_done=self._on_verified, on_failed=self._on_failed, on_event=self._on_event,
        )  # fmt: skip
        self._show_buttons()

    # -- layout

    def _layout(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        self._banner = Banner()
        self._banner.hide()
        self._progress = ProgressRow(self._on_stop)
        self._progress.hide()
        top = QVBoxLayout()
        top.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, 0)
        top.addWidget(self._banner)
        top.addWidget(self._progress)
        page.addLayout(top)
        self._empty = EmptyState(
            "search", "Nothing has been searched again yet.", "The proof is a second search with every identifier of this person.",
            Button("Search again", "primary", sign="refresh", on=self.search_again),
        )  # fmt: skip
        page.addWidget(self._empty, 1)
        self._scroll = Scroll()
        self._scroll.body.setContentsMargins(0, 0, 0, theme.GROUP)
        self._scroll.body.setSpacing(theme.GROUP)
        card = QHBoxLayout()
        card.setContentsMargins(theme.EDGE, 0, theme.EDGE, 0)
        card.addWidget(self._layout_card())
        self._scroll.body.addLayout(card)
        self._model = SystemsModel()
        self._table = PartsTable(
            self._model, name="Systems, searched again", high=theme.ROW_INBOX, stretch=7, least=150, rigid=(0, 1, 2, 3, 4, 5, 8),
            widths={0: 234, 1: 56, 2: 72, CHANGED: 68, 4: 70, 5: 64, 6: 230, 8: 84},
        )  # fmt: skip
        self._scroll.body.addWidget(self._table)
        self._scroll.body.addWidget(self._layout_behind())
        self._scroll.body.addStretch(1)
        page.addWidget(self._scroll, 1)
        self._again = Button("Search once more", sign="refresh", on=self.search_again)
        self._mend = Button("Plan the leftovers…", on=self.again_wanted.emit)
        self._report = Button("Write the report", "primary", sign="audit", on=self.report_wanted.emit)
        self._close = Button("Close the request", "quiet", on=self._on_close)
        self._bar = ActionBar(self._close, self._again, self._mend, self._report)
        page.addWidget(self._bar)

    def _layout_card(self) -> Card:
        card = Card()
        row = QHBoxLayout()
        row.setSpacing(theme.EDGE)
        self._seal = Seal()
        row.addWidget(self._seal, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(4)
        self._headline = Label(size=theme.TITLE, weight=theme.BOLD, wrap=True)
        words.addWidget(self._headline)
        figures = QHBoxLayout()
        figures.setSpacing(theme.EDGE)
        self._figures = {
            name: Figure(size=theme.PROOF) for name in ("before", "leftover", "erased", "changed", "retained", "excluded")
        }
        for name, figure in self._figures.items():
            figures.addWidget(figure)
            if name == "before":
                figures.addWidget(PartsView((Sign("next", "text3", 20),)))
        figures.addStretch(1)
        words.addLayout(figures)
        self._sum = Label(size=theme.SMALL, tint="text2", wrap=True)
        words.addWidget(self._sum)
        row.addLayout(words, 3)
        self._limits = QVBoxLayout()
        self._limits.setSpacing(7)
        row.addLayout(self._limits, 2)
        card.body.addLayout(row)
        return card

    def _layout_behind(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        self._behind_title = Label(size=theme.PANE, weight=theme.BOLD)
        self._behind_title.setContentsMargins(theme.EDGE, 0, 0, 0)
        column.addWidget(self._behind_title)
        self._behind = BehindModel()
        self._rows = PartsTable(self._behind, name="Rows behind the figure", stretch=3, widths={0: 220, 1: 260, 2: 220})
        column.addWidget(self._rows)
        self._behind_box = box
        return box

    def _connect(self) -> None:
        self._table.opened.connect(self._on_queries)
        self._table.part_pressed.connect(self._on_part)
        for name, figure in self._figures.items():
            if name in _BEHIND:
                figure.make_filter(f"Show the rows: {_BEHIND[name].lower()}")
                figure.pressed.connect(self._showing(name))

    def _showing(self, name: str) -> Callable[[], None]:
        return lambda: self._show_behind("" if self._shown == name else name)

    # -- showing

    def _show_figures(self, proof: Verification) -> None:
        left = proof.total("leftover")
        unsearched = [s for s in proof.systems if not s.searched and s.error]
        if left:
            said = f"Searched again: {counted(left, 'record')} left over"
        elif proof.status == "verified":
            said = "Searched again: 0 records left over"
        else:
            said = "Searched again, but not everywhere"
        self._headline.setText(said)
        sound = proof.status == "verified" and not left
        tint = "verified" if sound else "failed"
        self._figures["before"].show_figure(thin(proof.total("before")), "found before")
        self._figures["leftover"].show_figure(thin(left), "left over", tint=tint)
        erased, changed = proof.total("erased"), proof.total("changed")
        self._figures["erased"].show_figure(thin(erased), "erased")
        self._figures["erased"].setVisible(bool(erased))
        self._figures["changed"].show_figure(thin(changed), "changed", tint="changed")
        self._figures["changed"].setVisible(bool(changed))
        self._figures["retained"].show_figure(thin(proof.total("retained")), "retained", tint="retained")
        self._figures["excluded"].show_figure(thin(proof.total("excluded")), "left out", tint="text2")
        names = ", ".join(title_of(s.system, self._known) for s in unsearched)
        part = f" {proof.in_part} of the retained lost fields." if proof.in_part else ""
        self._sum.setText(
            f"{_balance(proof)}.{part} "
            + (f"Not known for: {names}." if names else f"The same queries ran again, {day(proof.at)} at {clock(proof.at)}.")
        )

    def _show_limits(self, proof: Verification) -> None:
        while (item := self._limits.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._limits.addWidget(Label("Known limits", weight=theme.BOLD))
        keys = (
            [f"{counted(len(proof.keys), 'key stays', 'keys stay')} in rows whose other fields were erased or changed."]
            if proof.keys
            else []
        )
        residue = [f"{title_of(r.system, self._known)}, {r.where}: {r.why.rstrip('.')}. {r.cure}".strip() for r in proof.residue]
        lines = [*proof.limits, *keys, *residue]
        for line in lines[:6]:
            self._limits.addWidget(Label(line, size=theme.SMALL, tint="text2", wrap=True))
        if len(lines) > 6:
            self._limits.addWidget(Label(f"{len(lines) - 6} more stand in the report.", size=theme.SMALL, tint="text3"))
        if not lines:
            self._limits.addWidget(Label("None are known.", size=theme.SMALL, tint="text2"))
        self._limits.addStretch(1)

    def _show_behind(self, figure: str) -> None:
        self._shown = figure
        rows = behind(self._proof, figure, self._known) if self._proof and figure else []
        self._behind.set_rows(rows)
        self._behind_box.setVisible(bool(figure))
        if figure:
            keys = len(self._proof.keys) if self._proof and figure == "retained" else 0
            more = f", and {counted(keys, 'key that is', 'keys that are')} not counted" if keys else ""
            self._behind_title.setText(f"{_BEHIND[figure]}: {counted(len(rows) - keys, 'row')}{more}")
            self._rows.fit_height()

    def _show_buttons(self) -> None:
        running = self._job is not None and self._job.running
        wait = "The second search is running." if running else ""
        self._progress.setVisible(running)
        self._again.set_off(wait)
        self._report.set_off(wait or ("" if self._proof else "Search again first."))
        left = self._proof.total("leftover") if self._proof else 0
        self._mend.setText(f"Plan {counted(left, 'leftover')}…")
        self._mend.setVisible(bool(left))
        self._mend.set_off(wait)
        open_ = wait or next(iter(self._open), "")
        self._close.set_off(open_)
        if self._request is not None and self._request.stage == "closed":
            self._bar.say("This request is closed.", "lock", "text2")
            self._close.set_off("It is closed already.")
        elif open_:
            self._bar.say(f"It can't be closed yet. {open_}", "clock", "text2")
        elif self._proof is not None:
            self._bar.say(f"Entry {thin(self._proof.entry)}, signed.", "shield", "verified")

    # -- acts

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Step):
            if event.state == "done":
                self._searched.add(event.system)
            total = len(self._known)
            self._progress.show_progress(f"{len(self._searched)} of {total} systems searched again", len(self._searched), total)

    def _on_verified(self, said: tuple[Verification, list[str]]) -> None:
        self.show_proof(*said)
        self.changed.emit()

    def _on_failed(self, error: DeskError) -> None:
        self._banner.show_error(error)
        self._show_buttons()

    def _on_stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_part(self, row: int, column: int, _part: object) -> None:
        if column == self._model.columnCount() - 1:
            self._on_queries(row)

    def _on_queries(self, row: int) -> None:
        asked: SystemVerified = self._model.rows[row]
        if asked.queries:
            Queries(title_of(asked.system, self._known), asked, self).exec()

    def _on_close(self) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        self._close.set_off("It is being closed.")
        self._bridge.run(lambda _tell, _cancel: self._desk.close_request(ref), on_done=self._on_closed, on_failed=self._on_failed)

    def _on_closed(self, request: Request) -> None:
        self._request = request
        self._show_buttons()
        self.changed.emit()


def _balance(proof: Verification) -> str:
    """Everything that was found, each record under one heading: ``41 found = 22 erased + 16 retained + 3 by hand``."""
    erased, changed, retained = proof.total("erased"), proof.total("changed"), proof.total("retained")
    excluded, by_hand, leftover = proof.total("excluded"), proof.total("by_hand"), proof.total("leftover")
    parts = ((erased, "erased"), (changed, "changed"), (retained, "retained"), (excluded, "left out"), (by_hand, "by hand"))
    told = [f"{thin(n)} {word}" for n, word in (*parts, (leftover, "left over")) if n] or ["0"]
    return f"{thin(proof.total('before'))} found = {' + '.join(told)}"


class Queries(QDialog):
    """Every question that was asked of one system, with both counts."""

    def __init__(self, title: str, asked: SystemVerified, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Queries")
        self.resize(640, 380)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, theme.GROUP, theme.EDGE, theme.GROUP)
        column.setSpacing(theme.INSIDE)
        column.addWidget(
            PartsView((Text(f"{title}: {counted(len(asked.queries), 'query', 'queries')}", size=theme.PANE, weight=theme.BOLD),))
        )
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setFont(theme.font(theme.SMALL, mono=True))
        text.setPlainText("\n".join(asked.queries))
        text.setAccessibleName("The queries and their counts")
        column.addWidget(text, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(Button("Close this list", on=self.accept))
        column.addLayout(foot)
