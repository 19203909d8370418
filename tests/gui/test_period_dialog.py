"""The report over a period in the window: its days, its pages, and what is said of what was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings

from dsr_desk.errors import UnreachableError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.period_dialog import PeriodDialog
from dsr_desk.model.report import PeriodData
from tests.gui.pages import bridge, check_manners  # noqa: F401
from tests.render.test_report_files import EMPTY

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


class Desk:
    """Answers as a desk does, and remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.fail: UnreachableError | None = None

    def period(self, first: date, last: date) -> PeriodData:
        self.calls.append(("period", first, last))
        return EMPTY

    def save_period(self, first: date, last: date, pdf: Path, paper: str) -> Path:
        self.calls.append(("save_period", first, last, pdf, paper))
        if self.fail:
            raise self.fail
        return pdf

    def period_files(self, first: date, last: date, folder: Path, formats: Sequence[str]) -> list[Path]:
        self.calls.append(("period_files", first, last, folder, tuple(formats)))
        return [folder / f"report.{f}" for f in formats]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def dialog(qtbot: Any, desk: Desk, bridge: Bridge, tmp_path: Path) -> Iterator[PeriodDialog]:  # noqa: F811
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    made = PeriodDialog(desk, bridge, today=lambda: LAST)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: not made.save.reason)
    yield made
    QSettings("DSR Desk", "DSR Desk").clear()


def test_it_begins_with_this_year(dialog: PeriodDialog, desk: Desk) -> None:
    assert desk.calls == [("period", FIRST, LAST)]
    assert "2 requests came in." in dialog.preview.accessibleDescription()
    assert dialog.save.text() == "Save 1 page as PDF…"
    check_manners(dialog)


def test_other_days_and_another_paper_are_laid_out_anew(dialog: PeriodDialog, desk: Desk, qtbot: Any) -> None:
    dialog.first.setText("2026-04-01")
    qtbot.waitUntil(lambda: not dialog.save.reason)
    assert desk.calls[-1] == ("period", date(2026, 4, 1), LAST)
    dialog.paper.choose("Letter")
    qtbot.waitUntil(lambda: not dialog.save.reason)
    assert dialog._pages is not None and dialog._pages.paper == "Letter"


@pytest.mark.parametrize("typed", ["31.02.2026", "2026-07-01", ""])
def test_days_that_make_no_period(dialog: PeriodDialog, desk: Desk, typed: str, tmp_path: Path) -> None:
    dialog.first.setText(typed)
    asked = [c for c in desk.calls if c[0] == "period"]
    assert dialog.save.reason == dialog.files.reason == "Give the days of the period."
    dialog.save_to(tmp_path / "r.pdf")
    assert [c for c in desk.calls if c[0] != "period"] == [] and len(asked) == 1


def test_what_is_written_is_said_and_recorded(dialog: PeriodDialog, desk: Desk, qtbot: Any, tmp_path: Path) -> None:
    with qtbot.waitSignal(dialog.changed):
        dialog.save_to(tmp_path / "r.pdf")
    assert desk.calls[-1] == ("save_period", FIRST, LAST, tmp_path / "r.pdf", "A4")
    assert dialog.banner.title == "1 file written, read back and compared."
    with qtbot.waitSignal(dialog.changed):
        dialog.write_files(tmp_path)
    assert ("period_files", FIRST, LAST, tmp_path, ("json", "csv")) in desk.calls


def test_a_failure_is_said(dialog: PeriodDialog, desk: Desk, qtbot: Any, tmp_path: Path) -> None:
    desk.fail = UnreachableError("The PDF could not be written there.", "Choose a folder you may write to.")
    dialog.save_to(tmp_path / "r.pdf")
    qtbot.waitUntil(lambda: dialog.banner.title == "The PDF could not be written there.")
    assert not dialog.save.reason
