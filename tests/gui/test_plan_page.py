"""The plan: its counts agree everywhere, its words must be typed, and nothing personal is shown in clear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from dsr_desk.errors import RefusedError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.plan_sums import by_system, outcomes, together
from dsr_desk.gui.pages.plan_page import PlanPage
from dsr_desk.model.result import Approvals
from tests.gui.fake_pages import HOSTILE, SECRET, FakeDesk, applied, plan, request, systems
from tests.gui.pages import bridge, buttons, check_manners, desk, shown, table, texts  # noqa: F401


@pytest.fixture
def page(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> PlanPage:  # noqa: F811
    made = PlanPage(desk, bridge, systems)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    shown(made, request(), qtbot)
    made.show()
    return made


def _main(page: PlanPage) -> Any:
    return page._pane.main


def test_the_counts_on_page_button_and_plan_agree(page: PlanPage) -> None:
    asked = plan()
    total = together(asked)
    assert (total.erase, total.part) == (46, 1)  # one retained record loses a field: 47 records change
    assert sum(s.erase + s.part for s in by_system(asked).values()) == 47
    assert _main(page).text() == "Erase 47 records in 4 systems…"
    assert sum(outcomes(asked).values()) == sum(len(s.fields) for s in asked.steps)
    assert f"Every one of {sum(len(s.fields) for s in asked.steps)} fields has an outcome" in page.notes.verdict.title
    for name, button in page._buttons.items():
        assert button.text() == f"{name} {outcomes(asked)[name]}"
    heads = {row[0]: row[3] for row in table(page._model) if row[3].endswith(("keep", "erase", "hand", "part)"))}
    assert "32 to erase, 7 to keep (1 in part)" in heads.values() and "1 by hand" in heads.values()
    shown = texts(page._pane)
    assert "3 OF 4 SYSTEMS ARE PRODUCTION" in shown and "(VACUUM)" in shown and "mixed" in shown


def test_a_chip_shows_just_the_fields_it_counts(page: PlanPage) -> None:
    for name, button in page._buttons.items():
        button.click()
        fields = [n for n in page._model.rows if n.field]
        assert len(fields) == outcomes(plan())[name], name
        button.click()
    assert page._outcome == ""


def test_the_red_button_is_off_until_the_words_are_typed(page: PlanPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    main = _main(page)
    assert main.kind == "danger" and main.reason == "Type ERASE 47 first."
    for wrong in ("erase 47", "ERASE 4", "ERASE 48"):
        page._words.clear_words()
        QTest.keyClicks(page._words, wrong)
        assert main.reason, wrong
    page._words.clear_words()
    main.click()
    QTest.keyClick(main, Qt.Key.Key_Space)
    assert not desk.calls
    QTest.keyClicks(page._words, "ERASE 47")
    assert not main.reason
    QTest.keyClick(page._words, Qt.Key.Key_Return)
    QTest.keyClick(page._words, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not desk.calls, "no key in the field presses the button"
    with qtbot.waitSignal(page.approved):
        main.click()
    assert desk.calls == [("approve", "DSR-2026-0112", plan().digest)]
    assert _main(page).text() == "Apply the approved plan" and "approved" in texts(page._pane)
    assert "Plan it again" in buttons(page), "a plan that a run refuses must not be a dead end"
    desk.result = applied()
    shown(page, request(), qtbot)
    assert "Plan it again" not in buttons(page)
    assert _main(page).text() == "Go to apply" and _main(page).kind == "primary"


def test_the_first_of_two_asks_the_second_and_only_the_last_button_is_red(
    page: PlanPage,
    desk: FakeDesk,  # noqa: F811
    qtbot: Any,
) -> None:
    desk.asked, desk.other_approvers = 2, ("S. Adeyemi",)
    shown(page, request(), qtbot)
    main = _main(page)
    assert (main.text(), main.kind) == ("Ask S. Adeyemi to erase 47 records in 4 systems…", "primary")
    assert "You are the first of 2" in texts(page._pane)
    QTest.keyClicks(page._words, "ERASE 47")
    went: list[int] = []
    page.approved.connect(lambda: went.append(1))
    with qtbot.waitSignal(page.changed):
        main.click()
    assert not went, "nothing runs after the first of two"
    assert main.reason == "Waits for the approval of S. Adeyemi."
    assert not page._words.isVisible() and "I. Kowal approved" in texts(page._pane)
    main.click()
    assert [c[0] for c in desk.calls] == ["approve"]


def test_who_may_not_approve_is_told_who_does(page: PlanPage, desk: FakeDesk, qtbot: Any, monkeypatch: Any) -> None:  # noqa: F811
    monkeypatch.setattr(desk, "approval_state", lambda ref: Approvals((), 1, False, ("S. Adeyemi", "P. Novak", "Q. Ruiz")))
    shown(page, request(), qtbot)
    assert _main(page).reason == "Waits for the approval of S. Adeyemi or P. Novak or 1 more."
    assert "You prepare, and an approver decides" in texts(page._pane) and not page._words.isVisible()


def test_pasting_is_refused(page: PlanPage) -> None:
    QGuiApplication.clipboard().setText("ERASE 47")
    for key, modifier in (
        (Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Insert, Qt.KeyboardModifier.ShiftModifier),
    ):
        QTest.keyClick(page._words, key, modifier)
        assert page._words.text() == ""
    page._words.paste()
    assert page._words.text() == "" and _main(page).reason
    assert "pasting is refused" in page._pane.said


def test_an_open_refusal_locks_everything(page: PlanPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.planned = plan(refusals=True)
    shown(page, request(), qtbot)
    assert "1 refusal" in page.notes.refusals.title and "Give it a constant" in page.notes.refusals.notices[0].cure
    assert not page.notes.verdict.isVisible(), "nothing green stands over a refusal"
    qtbot.waitUntil(lambda: "Open the catalog" in buttons(page.notes.refusals))
    with qtbot.waitSignal(page.catalog_wanted) as wanted:
        buttons(page.notes.refusals)["Open the catalog"].click()
    assert wanted.args == ["shop", "customers"]
    assert "refusal" in _main(page).reason and not page._words.isEnabled()
    QTest.keyClicks(page._words, "ERASE 47")
    _main(page).click()
    assert not desk.calls
    current = page._model.rows[page._table.current_row]
    assert current.field == "born_on", "it stands on the first refusal"
    assert "NOT NULL" in " ".join(table(page._model)[page._table.current_row])
    page._table.go_to(0)
    QTest.keyClick(page._table, Qt.Key.Key_F8)
    assert page._model.rows[page._table.current_row].field == "born_on"


def test_an_expired_plan_is_locked(page: PlanPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.planned = replace(plan(), expires="2020-01-01T00:00:00+00:00")
    shown(page, request(), qtbot)
    assert "expired" in _main(page).reason


def test_nothing_personal_is_shown_in_clear(page: PlanPage) -> None:
    page._model.filter(words="")
    for row in range(page._model.rowCount() - 1, -1, -1):
        page._model.fold(row, True)
    everything = "\n".join("\t".join(r) for r in table(page._model)) + texts(page)
    for secret in (SECRET, "Mara", "Hofmann", "Lange Reihe", "1984-05-12", "ring twice", "a dispute", "img src"):
        assert secret not in everything, secret
    assert "e7c19b@erased.invalid" in everything and "Erased" in everything
    assert HOSTILE not in everything


def test_a_missing_identity_check_is_said(page: PlanPage, qtbot: Any) -> None:
    assert not page.notes.identity.isVisible()
    shown(page, request(checked=False), qtbot)
    assert page.notes.identity.isVisible()
    with qtbot.waitSignal(page.identify_wanted):
        buttons(page.notes.identity)["Record it"].click()


def test_access_discloses_and_asks_for_no_words(page: PlanPage, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    desk.planned = plan(right="access")
    shown(page, request("access"), qtbot)
    assert _main(page).text() == "Save the person’s data…" and _main(page).kind == "primary"
    assert not page._words.isVisible() and "disclosed 2" in page._buttons["disclosed"].text()
    for box in page._pane.findChildren(QCheckBox):
        box.setChecked(False)
    assert _main(page).reason
    with qtbot.waitSignal(page.changed):
        page.handover.write("DSR-2026-0112", tmp_path, ["json", "html"])
    assert desk.calls == [("export", "DSR-2026-0112", tmp_path, ("json", "html"))]
    assert "2 files" in page.notes.error.title


def test_no_plan_yet(page: PlanPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.planned = None
    shown(page, request(), qtbot)
    assert not page._read.isVisible()
    with qtbot.waitSignal(page.changed):
        buttons(page)["Make the plan"].click()
    assert page._read.isVisible()
    desk.fail = RefusedError("2 rows changed since the search.", "Search these 2 again.")
    page.make()
    qtbot.waitUntil(page.notes.error.isVisible)
    assert page.notes.error.title == "2 rows changed since the search." and page.notes.error.text == "Search these 2 again."


def test_keys_fold_and_the_default_is_not_dangerous(page: PlanPage) -> None:
    page._table.setFocus()
    page._table.go_to(0)
    before = page._model.rowCount()
    QTest.keyClick(page._table, Qt.Key.Key_Left)
    assert page._model.rowCount() < before
    QTest.keyClick(page._table, Qt.Key.Key_Right)
    assert page._model.rowCount() == before
    QTest.keyClick(page._table, Qt.Key.Key_Return)
    assert page._model.rowCount() < before, "Enter folds; it never reaches the red button"
    assert page.focusProxy() is page._table
    check_manners(page)
