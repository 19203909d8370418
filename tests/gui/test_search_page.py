"""Search and review: the counts agree, what is off says why, nothing is in clear before a reveal, and keys do it all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsr_desk.errors import UnreachableError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ReasonDialog
from dsr_desk.gui.dialogs.identifier import IdentifierDialog
from dsr_desk.gui.pages.search_page import SearchPage
from tests.gui.fake_desk import HOSTILE, SECRET, FakeDesk, findings
from tests.gui.pages import check_manners, texts


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def page(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> SearchPage:
    made = SearchPage(desk, bridge, desk.systems)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 640)
    made.show()
    with qtbot.waitSignal(made.searched):
        made.show_request(desk.request("DSR-2026-0112"))
    qtbot.waitUntil(lambda: not bridge.busy)
    return made


def dialog(page: SearchPage, kind: type[Any]) -> Any:
    return next(d for d in page.findChildren(kind) if d.isVisible())


def test_the_counts_on_page_and_button_agree(page: SearchPage) -> None:
    assert page.panel.counts_text == "58 records found, 54 ticked"
    assert page.plan.text() == "Plan 54 records…"


def test_they_still_agree_after_leaving_out(qtbot: Any, page: SearchPage, desk: FakeDesk, bridge: Bridge) -> None:
    page.panel.table.look_at(findings()[2].ref)
    page.panel.table.setFocus()
    QTest.keyClick(page.panel.table, Qt.Key.Key_Space)
    asked = dialog(page, ReasonDialog)
    asked.choice.setCurrentIndex(0)
    asked.on_act()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert desk.calls[-1][0] == "review"
    assert (desk.calls[-1][2], desk.calls[-1][3:]) == ((findings()[2].ref,), (False, "Somebody else's record"))
    assert page.panel.counts_text == "58 records found, 53 ticked"
    assert page.plan.text() == "Plan 53 records…"


def test_an_unsearched_system_stops_the_plan_and_is_named(page: SearchPage) -> None:
    assert "Loyalty points" in page.plan.reason
    assert "Loyalty points" in page.bar.note
    planned: list[bool] = []
    page.plan_wanted.connect(lambda: planned.append(True))
    page.plan.click()
    QTest.mouseClick(page.plan, Qt.MouseButton.LeftButton)
    QTest.keyClick(page.plan, Qt.Key.Key_Space)
    assert planned == []


def test_a_waived_system_lets_the_plan_go_on(qtbot: Any, page: SearchPage, desk: FakeDesk, bridge: Bridge) -> None:
    page.acts.waive("loyalty")
    asked = dialog(page, ReasonDialog)
    asked.edit.setText("too short")
    assert asked.act.reason
    asked.edit.setText("Closed since May, holds nothing")
    asked.on_act()
    qtbot.waitUntil(lambda: not page.plan.reason)
    assert ("waive", "DSR-2026-0112", "loyalty", "Closed since May, holds nothing") in desk.calls
    with qtbot.waitSignal(page.plan_wanted):
        page.plan.click()


def test_space_ticks_and_arrows_fold(page: SearchPage) -> None:
    table, model = page.panel.table, page.panel.model
    table.setFocus()
    table.go_to(0)
    rows = model.rowCount()
    QTest.keyClick(table, Qt.Key.Key_Left)
    assert model.rowCount() < rows
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert model.rowCount() == rows
    table.look_at(findings()[0].ref)
    QTest.keyClick(table, Qt.Key.Key_Left)
    node = table.current
    assert node is not None
    assert node.kind == "collection"


def test_f8_walks_through_what_is_undecided(page: SearchPage) -> None:
    seen = []
    for _ in range(page.panel.model.counts().undecided):
        page.next_undecided()
        node = page.panel.table.current
        assert node is not None
        assert node.finding is not None
        seen.append(node.finding.ref)
    assert len(set(seen)) == 3


def test_a_record_that_is_only_seen_cannot_be_ticked(page: SearchPage) -> None:
    seen = next(f for f in findings() if f.access_only)
    asked: list[Any] = []
    page.panel.table.tick_wanted.connect(lambda found, on: asked.append(found))
    page.panel.table.look_at(seen.ref)
    QTest.keyClick(page.panel.table, Qt.Key.Key_Space)
    assert asked == []


def test_groups_are_ticked_apart_and_never_all_at_once(page: SearchPage) -> None:
    page.panel.undecided.setChecked(True)
    shown = {name: b.text() for name, b in page.panel.groups.items() if b.isVisible()}
    assert shown == {
        "shared": "Tick 1 shared record…",
        "mentioned": "Tick 1 mentioned record…",
        "doubtful": "Tick 1 doubtful record…",
    }


def test_nothing_is_in_clear_until_it_is_revealed(qtbot: Any, page: SearchPage, desk: FakeDesk, bridge: Bridge) -> None:
    page.panel.table.look_at(findings()[0].ref)
    before = texts(page)
    assert SECRET not in before
    assert "1984-05-12" not in before
    page.panel.pane.reveal_next()
    qtbot.waitUntil(lambda: bool(page.panel.pane.revealed))
    assert SECRET in texts(page)
    assert "Recorded as entry 4\u202f803" in texts(page)
    assert [c[0] for c in desk.calls].count("reveal") == 1
    page.panel.table.look_at(findings()[2].ref)
    page.panel.table.look_at(findings()[0].ref)
    assert SECRET not in texts(page)


def test_a_revealed_value_hides_again(qtbot: Any, page: SearchPage, monkeypatch: Any) -> None:
    monkeypatch.setattr("dsr_desk.gui.widgets.record_pane.REVEALED_MS", 1)
    page.panel.table.look_at(findings()[0].ref)
    page.panel.pane.reveal_next()
    qtbot.waitUntil(lambda: "entry" in page.panel.pane._shown.title)
    qtbot.waitUntil(lambda: not page.panel.pane.revealed)
    assert SECRET not in texts(page)


def test_markup_in_data_is_shown_as_it_stands(qtbot: Any, page: SearchPage) -> None:
    contact = next(f for f in findings() if f.row.values.get("full_name") == HOSTILE)
    page.panel.table.look_at(contact.ref)
    for name in list(page.panel.pane._rows):
        page.panel.pane._on_button(name)
    qtbot.waitUntil(lambda: len(page.panel.pane.revealed) >= 2)
    assert HOSTILE in texts(page)
    check_manners(page)


def test_switching_an_identifier_off_is_recorded_and_searches_again(
    qtbot: Any, page: SearchPage, desk: FakeDesk, bridge: Bridge
) -> None:
    chip = page.panel.identity.chips[1]
    with qtbot.waitSignal(page.searched):
        chip.switched.emit(chip.identifier, False)
    qtbot.waitUntil(lambda: not bridge.busy)
    names = [c[0] for c in desk.calls]
    assert names.index("switch") < len(names) - 1 - names[::-1].index("search")


def test_an_identifier_that_cannot_be_read_is_not_added(page: SearchPage) -> None:
    page.panel.identity.add_wanted.emit()
    asked = dialog(page, IdentifierDialog)
    asked.kind.choose("email")
    asked.value.setText("not an address")
    assert asked.act.reason


def test_stop_really_stops_and_says_so(qtbot: Any, page: SearchPage, desk: FakeDesk, bridge: Bridge) -> None:
    desk.search_gate.clear()
    page.search()
    qtbot.waitUntil(lambda: page.panel.running)
    assert "running" in page.plan.reason
    page.stop()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert not page.panel.running
    assert page.plan.reason
    assert page.panel.banner.title == "Stopped."


def test_an_error_is_shown_with_what_to_do(qtbot: Any, page: SearchPage, desk: FakeDesk, bridge: Bridge) -> None:
    desk.search_error = UnreachableError("The workspace can't be read.", "Look whether the disk is there.")
    page.search()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert (page.panel.banner.title, page.panel.banner.text) == ("The workspace can't be read.", "Look whether the disk is there.")


def test_nobody_found_is_an_answer(qtbot: Any, page: SearchPage, desk: FakeDesk) -> None:
    result = desk.found_result
    assert result is not None
    page._show_result(replace(result, findings=(), systems=tuple(s for s in result.systems if s.status != "failed")))
    qtbot.waitUntil(lambda: page.plan.text() == "Plan 0 records…")
    assert "Nobody found in 5 of 5 systems." in texts(page)


def test_the_persons_data_is_saved_where_it_was_asked(qtbot: Any, page: SearchPage, desk: FakeDesk, tmp_path: Path) -> None:
    page.handover.write("DSR-2026-0112", tmp_path, ("json", "html"))
    qtbot.waitUntil(lambda: page.panel.notice.isVisible())
    assert ("export", "DSR-2026-0112", tmp_path, ("json", "html")) in desk.calls
    assert page.panel.notice.title == "2 files written, read back and compared."


@pytest.mark.parametrize("wide", [968, 1224, 1864])
def test_it_fits_and_keeps_its_manners(page: SearchPage, wide: int) -> None:
    page.resize(wide, 560)
    check_manners(page)
    assert page.panel.table.columnWidth(0) >= 200
    if wide < 1000:
        page.panel.toggle_pane()
        assert page.panel.pane.isVisible()
        assert page.panel.pane.geometry().right() <= page.panel.rect().right() + 1
