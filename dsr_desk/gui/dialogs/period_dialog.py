"""The report over a period: its days, its pages as they will print, and the ways to give it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from dsr_desk.errors import DeskError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, Job
from dsr_desk.gui.handover import say_saved
from dsr_desk.gui.models.wording import counted
from dsr_desk.gui.paper import PaperChoice
from dsr_desk.gui.pdf import Pages
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.fields import DayEdit, Field
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Line
from dsr_desk.gui.widgets.report_preview import ReportPreview
from dsr_desk.render.report import period_html, report_footer

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk

FORMATS = ("json", "csv")


class PeriodDialog(QDialog):
    """``changed``: a report was written, and the trail says so."""

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, today: Callable[[], date] = date.today, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._bridge = desk, bridge
        self._pages: Pages | None = None
        self._days: tuple[date, date] | None = None
        self._job: Job | None = None
        self.setWindowTitle("DSR Desk")
        self.setAccessibleName("Report over a period")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(940, 700)
        self.first, self.last = DayEdit(date(today().year, 1, 1)), DayEdit(today())
        self.paper = PaperChoice()
        self.banner = Banner()
        self.banner.hide()
        self.preview = ReportPreview()
        self._layout()
        for edit in (self.first, self.last):
            edit.changed.connect(self._lay_out)
        self.paper.turned.connect(self._lay_out)
        self._lay_out()

    def _layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.EDGE, 20, theme.EDGE, 20)
        column.setSpacing(14)
        column.addWidget(Label("Report over a period", size=theme.PANE, weight=theme.BOLD))
        row = QHBoxLayout()
        row.setSpacing(theme.INSIDE)
        self._from, self._until = Field("Came in from", self.first), Field("Until", self.last)
        for field in (self._from, self._until, Field("Paper", self.paper)):
            row.addWidget(field, 1)
        column.addLayout(row)
        column.addWidget(self.banner)
        column.addWidget(Line())
        column.addWidget(self.preview, 1)
        words = "It holds dates, codes and counts, and nobody’s data. Requests whose file was destroyed count, too."
        column.addWidget(Label(words, size=theme.SMALL, tint="text2", wrap=True))
        foot = QHBoxLayout()
        foot.setSpacing(theme.INSIDE)
        self.files = Button("Save as JSON and CSV…", sign="save", on=self._on_files)
        self.save = Button("Save as PDF…", "primary", sign="save", on=self._on_save)
        foot.addWidget(Button("Close", on=self.reject))
        foot.addStretch(1)
        foot.addWidget(self.files)
        foot.addWidget(self.save)
        column.addLayout(foot)

    # -- its pages

    def _lay_out(self) -> None:
        """Count anew, and show the pages."""
        first, last = self.first.day, self.last.day
        self._days = None
        self._from.set_error("" if first else "That is no day.")
        wrong = "" if last is None or first is None or first <= last else "It ends before it begins."
        self._until.set_error(wrong if last else "That is no day.")
        if self._job is not None and self._job.running:
            self._job.drop()
        if first is None or last is None or wrong:
            self._show_buttons("Give the days of the period.")
            return
        days, paper = (first, last), self.paper.paper

        def work(_tell: object, _cancel: object) -> Pages:
            data = self._desk.period(*days)
            pages = Pages(period_html(data, paper), report_footer(data), paper)
            pages.hand_over()
            return pages

        self._days = days
        self._show_buttons("The report is being laid out.")
        self._job = self._bridge.run(work, on_done=self._on_laid_out, on_failed=self._on_failed, owner=self)

    def _on_laid_out(self, pages: Pages) -> None:
        self._pages = pages
        self.preview.show_pages(pages)
        self._show_buttons("")

    def _show_buttons(self, wait: str) -> None:
        self.save.set_off(wait)
        self.files.set_off(wait)
        pages = counted(self._pages.count, "page") if self._pages and not wait else ""
        self.save.setText(f"Save {pages} as PDF…" if pages else "Save as PDF…")

    # -- giving it away

    def _on_save(self) -> None:
        if self.save.reason or self._days is None:
            return
        name = f"Requests {self._days[0]} to {self._days[1]}.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the report as PDF", name, "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the PDF; it is read back before it is called saved."""
        if self._days is not None:
            days, paper = self._days, self.paper.paper
            self._write(lambda: [self._desk.save_period(*days, path, paper)], path.parent)

    def _on_files(self) -> None:
        if self.files.reason:
            return
        folder = QFileDialog.getExistingDirectory(self, "Save the report into a folder")
        if folder:
            self.write_files(Path(folder))

    def write_files(self, folder: Path) -> None:
        """Write it for other programs."""
        if self._days is not None:
            days = self._days
            self._write(lambda: self._desk.period_files(*days, folder, FORMATS), folder)

    def _write(self, work: Callable[[], list[Path]], folder: Path) -> None:
        self._show_buttons("The report is being written.")
        self._bridge.run(
            lambda _tell, _cancel: work(),
            on_done=lambda files: self._on_written(folder, files),
            on_failed=self._on_failed,
            owner=self,
        )

    def _on_written(self, folder: Path, files: list[Path]) -> None:
        say_saved(self.banner, folder, files)
        self._show_buttons("")
        self.changed.emit()

    def _on_failed(self, error: DeskError) -> None:
        self._show_buttons("")
        self.banner.show_error(error)
