"""The report: its pages as they will print, the decision that stands in it, and the ways to give it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.dialogs.export_dialog import ExportDialog
from dsr_desk.gui.dialogs.hand_dialog import HandDialog
from dsr_desk.gui.evidence_acts import EvidenceActs, say_written
from dsr_desk.gui.handover import Handover, say_saved
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.wording import GetSystems, counted
from dsr_desk.gui.paper import PaperChoice
from dsr_desk.gui.pdf import Pages, page_layout, paint_all
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.decision_form import DecisionForm
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line, Pane
from dsr_desk.gui.widgets.report_preview import ReportPreview, Thumbnails
from dsr_desk.gui.widgets.safe_lock import SafeLockBox
from dsr_desk.gui.widgets.states import EmptyState
from dsr_desk.gui.widgets.task_list import TaskList
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Tell
from dsr_desk.model.evidence import Evidence
from dsr_desk.model.lock import SafeLock
from dsr_desk.model.request import DecisionName, Request, Task
from dsr_desk.render.report import report_footer, report_html

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

_FORMATS = ("json", "csv")


@dataclass(frozen=True)
class _Laid:
    """A report as it was laid out, and what stands beside it."""

    pages: Pages
    open: list[str]
    tasks: list[Task]
    lock: SafeLock | None


class ReportPage(QWidget):
    """``changed``: the request moved (decided, closed)."""

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, systems: GetSystems, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge, self._systems = desk, bridge, systems
        self._request: Request | None = None
        self._pages: Pages | None = None
        self._open = ["It is not known yet what is open."]
        self._job: Job | None = None
        self._layout()
        self._connect()

    def show_request(self, request: Request) -> None:
        """Write the report of this request as it stands now, and show it."""
        self._request = request
        self._banner.hide()
        self._decision.show_request(request)
        if self._job is not None and self._job.running:
            self._job.drop()
        ref, paper = request.ref, self._paper.paper

        def work(_tell: Tell, _cancel: Cancel) -> _Laid:
            data = self._desk.report(ref)
            pages = Pages(report_html(data, paper), report_footer(data), paper)
            pages.hand_over()
            return _Laid(pages, self._desk.why_open(ref), self._desk.tasks(ref), self._desk.lock(ref))

        self._job = self._bridge.run(work, on_done=self._on_laid_out, on_failed=self._on_failed)
        self._show_buttons()

    def _on_laid_out(self, laid: _Laid) -> None:
        pages = self._pages = laid.pages
        self._open = laid.open
        self._tasks.show_tasks(laid.tasks)
        if self._request is not None:
            self._lock.show_lock(self._request.ref, laid.lock)
            self._show_save(self._request)
        self._empty.hide()
        self._preview.show()
        self._preview.show_pages(pages)
        self._thumbnails.show_pages(pages)
        self._on_page(0)
        self._show_buttons()

    # -- layout

    def _layout(self) -> None:
        page = QHBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        self._thumbnails, self._preview = Thumbnails(), ReportPreview()
        page.addWidget(self._thumbnails)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(self._layout_bar())
        middle.addWidget(Line())
        self._banner = Banner()
        self._banner.hide()
        middle.addWidget(self._banner)
        self._empty = EmptyState("audit", "The report is being laid out …")
        middle.addWidget(self._empty, 1)
        self._preview.hide()
        middle.addWidget(self._preview, 1)
        page.addLayout(middle, 1)
        page.addWidget(self._layout_pane())
        self.setFocusProxy(self._preview)

    def _layout_bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setContentsMargins(14, 7, 14, 7)
        bar.setSpacing(theme.INSIDE)
        self._back = Button(
            "", small=True, sign="back", tip="Previous page (PgUp)", on=lambda: self._preview.go_to(self._preview.page - 1)
        )
        self._next = Button(
            "", small=True, sign="next", tip="Next page (PgDn)", on=lambda: self._preview.go_to(self._preview.page + 1)
        )
        self._where = Label("Page – of –")
        self._zoom = Label("100 %")
        bar.addWidget(self._back)
        bar.addWidget(self._where)
        bar.addWidget(self._next)
        bar.addStretch(1)
        self._paper = PaperChoice()
        bar.addWidget(self._paper)
        bar.addWidget(Button("−", small=True, tip="Smaller (Ctrl+−)", on=self._smaller))
        bar.addWidget(self._zoom)
        bar.addWidget(Button("+", small=True, tip="Larger (Ctrl++)", on=self._larger))
        bar.addWidget(Button("Fit width", "quiet", small=True, on=self._preview.fit_width))
        return bar

    def _layout_pane(self) -> Pane:
        pane = Pane("Answer", wide=round(300 * max(1.0, theme.current().scale)))
        self._tasks = TaskList()
        pane.body.addWidget(self._tasks)
        self._decision = DecisionForm()
        pane.body.addWidget(self._decision)
        pane.body.addWidget(Line())
        self._lock = SafeLockBox(self._desk, self._bridge, self._systems)
        self._lock.changed.connect(self._on_answered)
        self._lock.failed.connect(self._on_failed)
        pane.body.addWidget(self._lock)
        self._data = Button("Save the person’s data…", small=True, sign="save", on=self._on_data)
        pane.body.addWidget(self._data)
        self._files = Button("Save as JSON and CSV…", small=True, sign="save", on=self._on_files)
        pane.body.addWidget(self._files)
        self._receipt = Button("Write a receipt for the person…", small=True, sign="bundle", on=self._on_receipt)
        pane.body.addWidget(self._receipt)
        words = "Always in the report: what was done, what was kept and why, and what it can’t say. The subject is masked."
        pane.body.addWidget(Label(words, size=theme.SMALL, tint="text2", wrap=True))
        pane.body.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(theme.INSIDE)
        self._said = Label(size=theme.SMALL, tint="text2", wrap=True)
        column.addWidget(self._said)
        row = QHBoxLayout()
        self._print = Button("Print…", on=self._on_print)
        self._save = Button("Save as PDF…", "primary", sign="save", on=self._on_save)
        row.addWidget(self._print)
        row.addStretch(1)
        row.addWidget(self._save)
        column.addLayout(row)
        self._bundle = Button("Write the evidence bundle…", sign="bundle", on=self._on_bundle)
        column.addWidget(self._bundle)
        self._close = Button("Close the request", on=self._on_close)
        column.addWidget(self._close)
        pane.foot.addLayout(column)
        return pane

    def _connect(self) -> None:
        self._preview.page_changed.connect(self._on_page)
        self._preview.zoom_changed.connect(lambda zoom: self._zoom.setText(f"{round(zoom * 100)} %"))
        self._thumbnails.chosen.connect(self._preview.go_to)
        self._paper.turned.connect(self._on_paper)
        self._decision.recorded.connect(self._on_decided)
        self._tasks.wanted.connect(self._on_confirm)
        self.handover = Handover(self._desk, self._bridge, self)
        self.handover.done.connect(self._on_handed)
        self.handover.failed.connect(self._on_failed)
        self.evidence = EvidenceActs(self._desk, self._bridge, self)
        self.evidence.began.connect(lambda: self._bundle.set_off("It is being written."))
        self.evidence.done.connect(self._on_evidence)
        self.evidence.failed.connect(self._on_failed)
        for keys, slot in (
            ("Ctrl+E", self._on_bundle),
            ("Ctrl+Shift+E", self._on_receipt),
            ("Ctrl+P", self._on_print),
            ("Ctrl+S", self._on_save),
            ("Ctrl++", self._larger),
            ("Ctrl+-", self._smaller),
        ):
            QShortcut(QKeySequence(keys), self, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # -- showing

    def _show_buttons(self) -> None:
        wait = "" if self._pages is not None else "The report is being laid out."
        count = self._pages.count if self._pages else 0
        self._print.setText(f"Print {counted(count, 'page')}…" if count else "Print…")
        self._print.set_off(wait)
        self._save.set_off(wait)
        self._files.set_off(wait)
        self._bundle.set_off(wait)
        if self._request is None:
            return
        many = bool(self._request.facts.people)
        self._receipt.set_off("A receipt over a list of people would open the others’ entries, too." if many else "")
        closed = self._request.stage == "closed"
        self._close.set_off("It is closed already." if closed else wait or (self._open[0] if self._open else ""))
        self._said.setText("This request is closed." if closed else wait or _why(self._open, bool(self._request.facts.decision)))

    def _show_save(self, request: Request) -> None:
        """A copy of the data is at hand where the right is about one."""
        self._data.setVisible(rights.discloses(request.right) and request.stage != "closed")

    # -- acts

    def _on_data(self) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        dialog = ExportDialog(self._request.right, parent=self)
        dialog.chosen.connect(lambda formats, encrypt: self.handover.ask(ref, formats, encrypt))
        dialog.open()

    def _on_handed(self, folder: Path, files: Sequence[Path]) -> None:
        if self._request is not None:
            self.show_request(self._request)
        say_saved(self._banner, folder, files)
        self.changed.emit()

    def _on_paper(self) -> None:
        if self._request is not None:
            self.show_request(self._request)

    def _larger(self) -> None:
        self._preview.zoom_to(self._preview.zoom * 1.15)

    def _smaller(self) -> None:
        self._preview.zoom_to(self._preview.zoom / 1.15)

    def _on_page(self, page: int) -> None:
        count = self._pages.count if self._pages else 0
        self._where.setText(f"Page {page + 1} of {count}")
        self._back.set_off("" if page > 0 else "This is the first page.")
        self._next.set_off("" if page < count - 1 else "This is the last page.")
        self._thumbnails.mark(page)

    def _on_decided(self, decision: DecisionName, reason: str, answered: date) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        self._bridge.run(
            lambda _tell, _cancel: self._desk.decide(ref, decision, reason, answered),
            on_done=self._on_recorded, on_failed=self._on_failed,
        )  # fmt: skip

    def _on_recorded(self, request: Request) -> None:
        self.show_request(request)
        self.changed.emit()

    def _on_confirm(self, task: Task) -> None:
        dialog = HandDialog(self._desk, self._bridge, task, self)
        dialog.answered.connect(self._on_answered)
        dialog.open()

    def _on_answered(self) -> None:
        if self._request is not None:
            self.show_request(self._request)
        self.changed.emit()

    def _on_save(self) -> None:
        if self._request is None or self._save.reason:
            return
        name, _ = QFileDialog.getSaveFileName(self, "Save the report as PDF", f"Report {self._request.ref}.pdf", "PDF (*.pdf)")
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Write the PDF; it is read back before it is called saved."""
        if self._request is None:
            return
        ref, paper = self._request.ref, self._paper.paper
        self._save.set_off("The PDF is being written.")
        self._bridge.run(
            lambda _tell, _cancel: self._desk.save_report(ref, path, paper), on_done=self._on_saved, on_failed=self._on_failed
        )

    def _on_files(self) -> None:
        if self._request is None or self._files.reason:
            return
        folder = QFileDialog.getExistingDirectory(self, "Save the report into a folder")
        if folder:
            self.write_files(Path(folder))

    def write_files(self, folder: Path) -> None:
        """Write the report for other programs."""
        if self._request is None:
            return
        ref = self._request.ref
        self._bridge.run(
            lambda _tell, _cancel: self._desk.report_files(ref, folder, _FORMATS),
            on_done=lambda files: self._on_written(folder, files), on_failed=self._on_failed,
        )  # fmt: skip

    def _on_written(self, folder: Path, files: list[Path]) -> None:
        say_saved(self._banner, folder, files)
        self.changed.emit()

    def _on_saved(self, path: Path) -> None:
        self._show_buttons()
        self._banner.say(
            f"{path.name} is written and read back", "Its hash stands in the audit trail.", tone="verified", sign="done"
        )
        self._banner.show()
        self.changed.emit()

    def _on_print(self) -> None:
        if self._pages is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(page_layout(self._pages.paper))
        printer.setFullPage(True)
        printer.setDocName(self._request.ref if self._request else "Report")
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self._pages.count)
        if dialog.exec():
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Draw the pages that were asked for on a printer."""
        if self._pages is None or self._request is None:
            return
        first, last = printer.fromPage() or 1, printer.toPage() or self._pages.count
        asked, ref = range(first - 1, min(last, self._pages.count)), self._request.ref
        try:
            paint_all(self._pages, printer, printer.resolution(), asked)
        except DeskError as error:
            self._banner.show_error(error)
            return
        self._bridge.run(
            lambda _tell, _cancel: self._desk.report_printed(ref, len(asked)),
            on_done=lambda _: self.changed.emit(), on_failed=self._on_failed,
        )  # fmt: skip

    def _on_bundle(self) -> None:
        if self._request is not None and not self._bundle.reason:
            self.evidence.ask_bundle(self._request.ref)

    def _on_receipt(self) -> None:
        if self._request is not None and not self._receipt.reason:
            self.evidence.ask_receipt(self._request.ref)

    def _on_evidence(self, made: Evidence, said: str) -> None:
        self._show_buttons()
        say_written(self._banner, made, said)
        self.changed.emit()

    def _on_close(self) -> None:
        if self._request is None:
            return
        ref = self._request.ref
        self._close.set_off("It is being closed.")
        self._bridge.run(lambda _tell, _cancel: self._desk.close_request(ref), on_done=self._on_recorded, on_failed=self._on_failed)

    def _on_failed(self, error: DeskError) -> None:
        self._show_buttons()
        if self._pages is None:
            self._empty.say("There is no report to show.", sign="failed", tint="failed")
        self._banner.show_error(error)


def _why(open_: list[str], decided: bool) -> str:
    """What stands in the way of closing, all of it; or what closing will record."""
    if open_:
        more = f" And {len(open_) - 3} more." if len(open_) > 3 else ""
        return f"It can’t be closed yet. {' '.join(open_[:3])}{more}"
    if decided:
        return "Nothing is open: it can be closed."
    return "Nothing is open: it can be closed. Without a decision of yours, closing records what was done: granted, or in part."
