"""The report in the window: the pages of the file, the decision, and what saving and closing need."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from dsr_desk.errors import UnreachableError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.pages.report_page import ReportPage
from dsr_desk.gui.paper import PaperChoice, remembered
from dsr_desk.gui.pdf import Pages, page_layout, to_pdf
from dsr_desk.gui.widgets.report_preview import ReportPreview, _Thumbnail
from dsr_desk.render.report import report_footer, report_html
from tests.gui.fake_pages import FakeDesk, request, systems, task, verification
from tests.gui.pages import bridge, buttons, check_manners, desk, texts  # noqa: F401
from tests.render.invented import report


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> Iterator[None]:
    """What is remembered is remembered for this test alone."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    yield
    QSettings("DSR Desk", "DSR Desk").clear()


@pytest.fixture
def page(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> ReportPage:  # noqa: F811
    desk.proof = verification()
    made = ReportPage(desk, bridge, systems)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    made.show_request(request(stage="report"))
    made.show()
    qtbot.waitUntil(lambda: made._pages is not None)
    return made


def _picture(pages: Pages, page: int) -> QImage:
    image = QImage(int(pages.width), int(pages.height), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    pages.paint(painter, page)
    painter.end()
    return image


def test_the_preview_has_the_pages_of_the_file(page: ReportPage, tmp_path: Path) -> None:
    data = report()
    written = to_pdf(report_html(data), tmp_path / "r.pdf", data.title, report_footer(data))
    assert page._pages is not None and page._pages.count == written == len(page._thumbnails._buttons)
    assert f"Print {written} pages…" in buttons(page)
    assert data.headline in page._preview.accessibleDescription()


def test_the_preview_is_painted_by_the_code_that_prints(page: ReportPage, qtbot: Any) -> None:
    assert page._pages is not None
    preview = ReportPreview()
    qtbot.addWidget(preview)
    preview.resize(900, 1300)
    preview.show_pages(page._pages)
    preview.zoom_to(1.0)
    with qtbot.waitExposed(preview):
        preview.show()
    box = preview._box(0).toRect()
    shown = preview.grab().toImage().copy(box).convertToFormat(QImage.Format.Format_RGB32)
    drawn = _picture(page._pages, 0)
    ink = [(x, y) for x in range(80, 700, 7) for y in range(80, 1000, 7)]
    dark = [(x, y) for x, y in ink if drawn.pixelColor(x, y).lightness() < 100]
    assert dark and sum(shown.pixelColor(x, y).lightness() < 160 for x, y in dark) > 0.9 * len(dark)


def test_pages_zoom_and_keys(page: ReportPage) -> None:
    page._preview.setFocus()
    QTest.keyClick(page._preview, Qt.Key.Key_PageDown)
    assert page._preview.page == 1 and page._where.text().startswith("Page 2 of") and page._thumbnails._buttons[1].isChecked()
    QTest.keyClick(page._preview, Qt.Key.Key_End)
    assert page._next.reason == "This is the last page."
    QTest.keyClick(page._preview, Qt.Key.Key_Home)
    assert page._back.reason == "This is the first page."
    before = page._preview.zoom
    QTest.keyClick(page._preview, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert page._preview.zoom > before and page._zoom.text() == f"{round(page._preview.zoom * 100)} %"
    buttons(page)["Fit width"].click()
    assert page._preview.zoom == pytest.approx(before)
    page._thumbnails._buttons[2].click()
    assert page._preview.page == 2


def test_a_decision_needs_its_reason_and_a_possible_day(page: ReportPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    form, record = page._decision, page._decision._record
    assert record.reason == "Choose a decision first."
    form._decision.choose("refused")
    assert "reason" in record.reason
    form._reason.setPlainText("It is manifestly unfounded.")
    assert record.reason == ""
    form._day.setText("2026-11-01")
    assert "older" in record.reason
    form._day.setText("2999-01-01")
    assert "ahead" in record.reason
    form._day.setText("31.02.2026")
    assert record.reason
    form._day.setText("2026-11-02")
    with qtbot.waitSignal(page.changed):
        record.click()
    assert desk.calls == [("decide", "DSR-2026-0112", "refused", "It is manifestly unfounded.", date(2026, 11, 2))]
    assert record.text() == "Change the decision"


def test_closing_needs_everything(page: ReportPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    close = buttons(page)["Close the request"]
    assert "task" in close.reason and close.reason in texts(page)
    desk.open_tasks = [task("2026-11-23")]
    page.show_request(desk.of)
    qtbot.waitUntil(lambda: not close.reason)
    assert "closing records what was done" in page._said.text(), "a decision is offered, not demanded"
    page.show_request(desk.decide("DSR-2026-0112", "granted", "", date(2026, 11, 23)))
    qtbot.waitUntil(lambda: page._said.text() == "Nothing is open: it can be closed.")
    with qtbot.waitSignal(page.changed):
        close.click()
    assert desk.calls[-1] == ("close_request", "DSR-2026-0112")


def test_saving_is_said_only_when_it_is_so(page: ReportPage, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    with qtbot.waitSignal(page.changed):
        page.save_to(tmp_path / "Report.pdf")
    assert page._banner.title == "Report.pdf is written and read back"
    desk.fail = UnreachableError("The PDF could not be written there.", "Choose a folder you may write to.")
    page.save_to(tmp_path / "no.pdf")
    qtbot.waitUntil(lambda: page._banner.title == "The PDF could not be written there.")
    assert not page._save.reason


def test_printing_draws_the_pages_asked_for(page: ReportPage, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFullPage(True)
    printer.setFromTo(2, 3)
    page.print_on(printer)
    assert (tmp_path / "printed.pdf").read_bytes().count(b"/Type /Page\n") == 2


def test_a_report_that_cannot_be_made_says_so(qtbot: Any, desk: FakeDesk, bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    def broken(_ref: str) -> None:
        raise UnreachableError("The workspace can’t be read.", "Open a copy.")

    monkeypatch.setattr(desk, "report", broken)
    page = ReportPage(desk, bridge, systems)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show_request(request(stage="report"))
    qtbot.waitUntil(lambda: page._banner.title == "The workspace can’t be read.")
    assert page._save.reason
    check_manners(page)


def test_another_paper_is_laid_out_printed_saved_and_remembered(
    page: ReportPage,
    desk: FakeDesk,  # noqa: F811
    qtbot: Any,
    tmp_path: Path,
) -> None:
    assert page._pages is not None
    page._paper.choose("Letter")
    qtbot.waitUntil(lambda: page._pages is not None and page._pages.paper == "Letter")
    assert remembered() == "Letter" and PaperChoice().paper == "Letter"
    with qtbot.waitSignal(page.changed):
        page.save_to(tmp_path / "Report.pdf")
    assert desk.calls[-1] == ("save_report", "DSR-2026-0112", tmp_path / "Report.pdf", "Letter")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageLayout(page_layout(page._pages.paper))
    printer.setFullPage(True)
    with qtbot.waitSignal(page.changed):
        page.print_on(printer)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([0-9.]+)", (tmp_path / "printed.pdf").read_bytes())
    assert {round(float(w)) for w in boxes} == {612}
    assert ("report_printed", "DSR-2026-0112", page._pages.count) in desk.calls


def test_the_same_words_stand_in_preview_and_file_on_both_papers(page: ReportPage, qtbot: Any, tmp_path: Path) -> None:
    for paper in ("Letter", "A4"):
        page._paper.choose(paper)
        qtbot.waitUntil(lambda p=paper: page._pages is not None and page._pages.paper == p)
        data = report()
        assert page._pages is not None
        assert (
            to_pdf(report_html(data, page._pages.paper), tmp_path / f"{paper}.pdf", "t", "f", page._pages.paper)
            == page._pages.count
        )


def test_files_for_other_programs(page: ReportPage, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    with qtbot.waitSignal(page.changed):
        page.write_files(tmp_path)
    assert desk.calls[-1] == ("report_files", "DSR-2026-0112", tmp_path, ("json", "csv"))
    assert page._banner.title == "2 files written, read back and compared."


def test_a_thumbnail_is_the_whole_page_whatever_size_it_was_first_seen_in(page: ReportPage, qtbot: Any) -> None:
    assert page._pages is not None
    button = _Thumbnail(page._pages, 0)
    qtbot.addWidget(button)
    button.resize(80, 60)
    button.grab()
    button.resize(button.sizeHint())
    button.grab()
    assert button._picture is not None
    shape = button._picture.height() / button._picture.width()
    assert shape == pytest.approx(page._pages.height / page._pages.width, rel=0.05)
