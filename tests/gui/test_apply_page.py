"""The run: what is done, what is not, and what stopping does."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest

from dsr_desk.errors import UnreachableError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ReasonDialog
from dsr_desk.gui.dialogs.hand_dialog import HandDialog
from dsr_desk.gui.pages.apply_page import ApplyPage
from dsr_desk.model.event import Note
from tests.gui.fake_pages import FakeDesk, applied, plan, request, systems
from tests.gui.pages import bridge, buttons, check_manners, desk, shown, texts  # noqa: F401


@pytest.fixture
def page(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> ApplyPage:  # noqa: F811
    desk.approve("DSR-2026-0112", plan().digest)
    desk.calls.clear()
    made = ApplyPage(desk, bridge, systems)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    shown(made, request(stage="apply"), qtbot)
    made.show()
    return made


def test_before_during_after(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    assert page._headline.text() == "Ready: 47 records · in 4 systems"
    desk.hold.clear()
    buttons(page)["Apply the approved plan"].click()
    qtbot.waitUntil(lambda: "writing" in texts(page))
    assert page._headline.text() == "Writing: 0 of 47 records · 0 of 4 systems done"
    assert "Stop before CRM" in buttons(page) and "Resume" not in buttons(page)
    assert "Web shop is finished first; CRM, Newsletter and Support desk are untouched" in page._stopped.text
    desk.hold.set()
    with qtbot.waitSignal(page.changed):
        pass
    assert page._headline.text() == "Applied: 47 of 47 records · 4 of 4 systems done"
    assert "Search again" in buttons(page) and "Stop" not in " ".join(buttons(page))
    assert "32 deleted, 1 changed, 6 retained · compacted" in texts(page)
    assert [c[0] for c in desk.calls] == ["apply"]


def test_stopping_is_real_and_says_what_stands(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.hold.clear()
    page.start()
    qtbot.waitUntil(lambda: "Stop before CRM" in buttons(page))
    buttons(page)["Stop before CRM"].click()
    assert "finished" in buttons(page)["Stop before CRM"].reason
    desk.hold.set()
    with qtbot.waitSignal(page.changed):
        pass
    assert page._banner.title == "Stopped, as you asked" and "Resume" in page._banner.text
    qtbot.waitUntil(lambda: page._headline.text().startswith("Ready"))
    assert desk.result is None


def test_starting_twice_runs_once(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.hold.clear()
    page.start()
    page.start()
    desk.hold.set()
    with qtbot.waitSignal(page.changed):
        pass
    assert [c[0] for c in desk.calls] == ["apply"]


def test_drift_names_the_row_and_what_to_do(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.result = applied("refused")
    shown(page, request(stage="apply"), qtbot)
    said = texts(page)
    assert page._headline.text() == "Applied: 0 of 47 records · 0 of 4 systems done"
    assert "nothing written" in said and "1 row had changed" in said and "customers ▸ 1042" in said
    assert "Search again" not in buttons(page)
    with qtbot.waitSignal(page.again_wanted):
        buttons(page)["Plan these again…"].click()


def test_in_doubt_is_never_done(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.result = applied("partial")
    shown(page, request(stage="apply"), qtbot)
    assert "in doubt" in texts(page) and "Look whether the 8 contacts are gone" in texts(page)
    assert page._headline.text() == "Applied: 33 of 47 records · 1 of 4 systems done"
    assert "Resume" in buttons(page) and "Search again" not in buttons(page)
    assert "CRM (in doubt)" in page._stopped.title
    page.start()
    assert not desk.calls, "coming back to the page never goes on by itself"
    buttons(page)["Resume"].click()
    assert page._job is not None and page._job.running


def test_a_doubt_has_a_way_out(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.result = applied("partial")
    shown(page, request(stage="apply"), qtbot)
    qtbot.waitUntil(lambda: "Say what you found there…" in buttons(page))
    buttons(page)["Say what you found there…"].click()
    dialog = page.findChild(ReasonDialog)
    assert dialog is not None and "not as done" in dialog.follows.text()
    QTest.keyClicks(dialog.edit, "gone")
    dialog.act.click()
    assert dialog.act.reason and not desk.calls
    QTest.keyClicks(dialog.edit, ", all 8 contacts")
    with qtbot.waitSignal(page.changed):
        dialog.act.click()
    assert desk.calls == [("settle", "DSR-2026-0112", "crm", "gone, all 8 contacts")]
    assert page._banner.title == "What you found in CRM is recorded" and "in doubt" in texts(page)
    with qtbot.waitSignal(page.again_wanted):
        buttons(page._banner)["Plan these again…"].click()


def test_a_failure_is_shown_in_three_parts(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.fail = UnreachableError("CRM did not answer.", "Resume when it runs again.")
    with qtbot.waitSignal(page.changed):
        page.start()
    assert (page._banner.title, page._banner.text) == ("CRM did not answer.", "Resume when it runs again.")


def test_nothing_approved_offers_the_plan(page: ApplyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.approved.clear()
    shown(page, request(stage="plan"), qtbot)
    assert "Apply the approved plan" not in buttons(page)
    with qtbot.waitSignal(page.plan_wanted):
        buttons(page)["Go to the plan"].click()


def test_confirming_by_hand(page: ApplyPage, desk: FakeDesk, bridge: Bridge, qtbot: Any) -> None:  # noqa: F811
    assert "Paper archive: folder H-17" in texts(page)
    dialog = HandDialog(desk, bridge, desk.open_tasks[0])  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    record = buttons(dialog, shown=False)["Record it as done"]
    QTest.keyClicks(dialog._note, "short")
    record.click()
    assert record.reason and not desk.calls
    QTest.keyClicks(dialog._note, " and shredded, seen by P. Lindner")
    dialog._records.setValue(3)
    with qtbot.waitSignal(dialog.answered):
        record.click()
    assert desk.calls == [("answer_task", "DSR-2026-0112", "t1", "short and shredded, seen by P. Lindner", 3, ())]
    shown(page, request(stage="apply"), qtbot)
    assert "3 records, confirmed by I. Kowal" in texts(page) and "Confirm it is done…" not in buttons(page)
    check_manners(dialog)


def test_the_journal_keeps_to_its_length(page: ApplyPage) -> None:
    for n in range(500):
        page._on_event(Note("2026-11-23T11:28:03", f"line {n}"))
    assert page._journal.rowCount() == 200 and page._journal.rows[0].text == "line 499"
    check_manners(page)
