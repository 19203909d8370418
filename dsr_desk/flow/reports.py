"""Reports over one open workspace: of one request, and over a period; as pages, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from dsr_desk.flow import record
from dsr_desk.flow import report as reporting
from dsr_desk.flow.access import recorded
from dsr_desk.flow.cases import Cases
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.plan import Plan
from dsr_desk.model.report import ReportData
from dsr_desk.model.result import ApplyResult, Approval, Verification
from dsr_desk.render.report import Paper, report_footer, report_html
from dsr_desk.render.report_files import write_report
from dsr_desk.store.trail import KEYS
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

#: Draws HTML as a PDF: html, file, title, footer, paper → pages. The only thing the flow asks of a screen toolkit.
ToPdf = Callable[[str, Path, str, str, Paper], int]
ReportFormat = Literal["json", "csv"]


class Reports(Cases):
    """The reports of a workspace."""

    def __init__(self, workspace: Workspace, to_pdf: ToPdf, processes: bool = False) -> None:
        super().__init__(workspace, processes)
        self._to_pdf = to_pdf

    def report(self, ref: str) -> ReportData:
        """The report as it stands now."""
        with self.workspace.read() as tx:
            request = tx.request(ref)
            operators = tx.operators()
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
        self._written(ref, "pdf", [pdf])
        return pdf

    @recorded("report.make")
    def report_files(self, ref: str, folder: Path, formats: Sequence[str]) -> list[Path]:
        """Write the report as files for other programs (``json``, ``csv``), each read back and compared; the trail says so."""
        files = write_report(self.report(ref), folder, formats)
        for format, file in zip(formats, files, strict=True):
            self._written(ref, format, [file])
        return files

    def report_printed(self, ref: str, pages: int) -> None:
        """The trail says that a report went to a printer."""
        with self.workspace.write() as tx:
            tx.append("report.print", {"case": tx.request(ref).case, "pages": pages})

    def _written(self, ref: str, format: str, files: Sequence[Path]) -> None:
        with self.workspace.write() as tx:
            case = tx.request(ref).case
            for file in files:
                tx.append("report.make", {"case": case, "format": format, "hash": reporting.file_hash(file)})


def _approvals(tx: Tx) -> int:
    """How many have to approve a plan: what the last ``policy.set`` says, 1 without one."""
    said = [e.body.get("approvals") for e in tx.entries_of(KEYS) if e.type == "policy.set"]
    return said[-1] if said and isinstance(said[-1], int) else 1
