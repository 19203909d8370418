"""Reports over one open workspace: of one request, and over a period; as pages, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from dsr_desk.flow import report as reporting
from dsr_desk.flow.access import recorded
from dsr_desk.flow.applying import record
from dsr_desk.flow.cases import Cases
from dsr_desk.flow.reporting.period import LIMITS, Period, checked_days, courses
from dsr_desk.flow.reporting.verifier import verifier_hash
from dsr_desk.flow.reporting.words import moment
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.due import long_date
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.plan import Plan
from dsr_desk.model.report import PeriodData, ReportData
from dsr_desk.model.result import ApplyResult, Approval, Verification
from dsr_desk.render.report import Paper, period_html, report_footer, report_html
from dsr_desk.render.report_files import write_report
from dsr_desk.store.trail import KEYS
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

#: Draws HTML as a PDF: html, file, title, footer, paper → pages. The only thing the flow asks of a screen toolkit.
ToPdf = Callable[[str, Path, str, str, Paper], int]


class Reports(Cases):
    """The reports of a workspace."""

    def __init__(self, workspace: Workspace, to_pdf: ToPdf, processes: bool = False) -> None:
        super().__init__(workspace, processes)
        self._to_pdf = to_pdf

    def report(self, ref: str) -> ReportData:
        """The report as it stands now."""
        with self.workspace.read() as tx:
            request = tx.request(ref)
            operators = [o for o in tx.operators(left=True) if o.name]
            case = reporting.Case(
                request,
                self.workspace.settings,
                self.usable().catalog or Catalog({}, ""),
                record.get(tx, ref, "plan-search", SearchResult) or record.get(tx, ref, "search", SearchResult),
                record.get(tx, ref, "plan", Plan),
                record.get(tx, ref, "approval", Approval),
                record.get(tx, ref, "applied", ApplyResult),
                record.get(tx, ref, "verification", Verification),
                tuple(tx.tasks(ref)),
                tuple(tx.entries_of(request.case)),
                {o.key_id: o.name for o in operators},
                self.workspace.settings.log,
                tx.checkpoint(),
                tx.trail_head().size,
                self.workspace.folder.name,
                roles={o.key_id: o.role for o in operators},
                approvals=_approvals(tx),
            )
            case = reporting.with_standing(tx, case)
        return reporting.make(case)

    @recorded("report.make")
    def save_report(self, ref: str, pdf: Path, paper: Paper = "A4") -> Path:
        """Write the report as a PDF; the trail says so, with the file's hash."""
        data = self.report(ref)
        self._to_pdf(report_html(data, paper), pdf, f"{data.title} {data.reference}", report_footer(data), paper)
        self._written(ref, "pdf", pdf)
        return pdf

    @recorded("report.make")
    def report_files(self, ref: str, folder: Path, formats: Sequence[str]) -> list[Path]:
        """Write the report as files for other programs (``json``, ``csv``), each read back and compared; the trail says so."""
        files = write_report(self.report(ref), folder, formats)
        for file in files:
            self._written(ref, file.suffix.removeprefix("."), file)
        return files

    def report_printed(self, ref: str, pages: int) -> None:
        """The trail says that a report went to a printer."""
        with self.workspace.write() as tx:
            tx.append("report.print", {"case": tx.request(ref).case, "pages": pages})

    def period(self, first: date, last: date) -> PeriodData:
        """The report over all requests that came in from ``first`` to ``last``; ``UsageError`` where it ends before it begins."""
        checked_days(first, last)
        settings, catalog = self.workspace.settings, self.usable().catalog
        with self.workspace.read() as tx:
            every = courses(tx.request_rows(), tx.entries())
            checkpoint, size = tx.checkpoint(), tx.trail_head().size
        made = Period.of(every, first, last, date.today())
        headline, summary = made.words()
        return PeriodData(
            controller=settings.controller or settings.name,
            address=settings.address,
            first=first.isoformat(),
            last=last.isoformat(),
            covers=f"{long_date(first)} to {long_date(last)}",
            made=moment(datetime.now().astimezone().isoformat()),
            headline=headline,
            summary=summary,
            figures=made.figures(),
            tables=tuple(made.tables({name: s.label for name, s in catalog.systems.items()} if catalog else {})),
            limits=LIMITS,
            checkpoint=checkpoint,
            checkpoint_entry=size,
            log=settings.log,
            verify_command=reporting.verify_command(self.workspace.folder.name),
            verifier=verifier_hash(),
        )

    @recorded("report.period")
    def save_period(self, first: date, last: date, pdf: Path, paper: Paper = "A4") -> Path:
        """Write the report over a period as a PDF; the trail says so, with the file's hash."""
        data = self.period(first, last)
        self._to_pdf(period_html(data, paper), pdf, f"{data.title}, {data.covers}", report_footer(data), paper)
        self._covered(data, "pdf", pdf)
        return pdf

    @recorded("report.period")
    def period_files(self, first: date, last: date, folder: Path, formats: Sequence[str]) -> list[Path]:
        """Write it as files for other programs (``json``, ``csv``); the trail says so."""
        data = self.period(first, last)
        files = write_report(data, folder, formats)
        for file in files:
            self._covered(data, file.suffix.removeprefix("."), file)
        return files

    def _covered(self, data: PeriodData, format: str, file: Path) -> None:
        body = {"first": data.first, "last": data.last, "format": format, "hash": reporting.file_hash(file)}
        with self.workspace.write() as tx:
            tx.append("report.period", body)

    def _written(self, ref: str, format: str, file: Path) -> None:
        with self.workspace.write() as tx:
            tx.append("report.make", {"case": tx.request(ref).case, "format": format, "hash": reporting.file_hash(file)})


def _approvals(tx: Tx) -> int:
    """How many have to approve a plan: what the last ``policy.set`` says, 1 without one."""
    said = [e.body.get("approvals") for e in tx.entries_of(KEYS) if e.type == "policy.set"]
    return said[-1] if said and isinstance(said[-1], int) else 1
