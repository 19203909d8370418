"""The proof: no seal but for nothing left over, and every figure has its rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.verify_model import CHANGED
from dsr_desk.gui.pages.verify_page import Queries, VerifyPage
from dsr_desk.gui.widgets.seal import Seal
from dsr_desk.model.finding import RowRef
from dsr_desk.model.result import Retained, Verification
from tests.gui.fake_pages import FakeDesk, request, systems, task, verification
from tests.gui.pages import bridge, buttons, check_manners, desk, shown, table, texts  # noqa: F401


@pytest.fixture
def page(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> VerifyPage:  # noqa: F811
    desk.proof = verification()
    made = VerifyPage(desk, bridge, systems)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    shown(made, request(stage="verify"), qtbot)
    made.show()
    return made


def _show(page: VerifyPage, desk: FakeDesk, proof: Verification | None, qtbot: Any) -> None:  # noqa: F811
    desk.proof = proof
    shown(page, request(stage="verify"), qtbot)


def test_the_seal_says_how_much_it_stands_for(page: VerifyPage) -> None:
    assert page._seal.isVisible() and page._seal.words == "4 of 5"
    assert page._headline.text() == "Searched again: 0 records left over"
    assert page._figures["leftover"].value == "0" and page._figures["before"].value == "59"


@pytest.mark.parametrize(
    "proof",
    [
        verification(leftovers=2),
        verification(incomplete=True),
        replace(verification(leftovers=2), status="verified"),
        replace(verification(), leftovers=verification(leftovers=1).leftovers),
        None,
    ],
)
def test_there_is_no_seal_in_any_other_case(page: VerifyPage, desk: FakeDesk, proof: Verification | None, qtbot: Any) -> None:  # noqa: F811
    _show(page, desk, proof, qtbot)
    assert not page._seal.isVisible() and page._seal.words == ""
    assert "Verified" not in texts(page)
    alone = Seal()
    alone.show_proof(proof)
    assert alone.isHidden()


def test_leftovers_are_red_listed_and_keep_the_request_open(page: VerifyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    _show(page, desk, verification(leftovers=2), qtbot)
    assert page._headline.text() == "Searched again: 2 records left over"
    assert [row[1:] for row in table(page._behind)] == [
        ["messages ▸ 88, 0", "body", "still there"],
        ["messages ▸ 88, 1", "body", "still there"],
    ]
    assert "2 left over" in buttons(page)["Close the request"].reason
    buttons(page)["Close the request"].click()
    assert ("close_request", "DSR-2026-0112") not in desk.calls
    with qtbot.waitSignal(page.again_wanted):
        buttons(page)["Plan 2 leftovers…"].click()


def test_what_was_not_searched_is_not_called_clean(page: VerifyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    _show(page, desk, verification(incomplete=True), qtbot)
    rows = {r[0].split()[0]: r for r in table(page._model)}
    assert rows["CRM"][2] == "not known" and "did not answer" in rows["CRM"][6]
    assert rows["Paper"][2] == "by hand"
    assert page._headline.text() == "Searched again, but not everywhere" and "Not known for: CRM" in texts(page)


def test_each_figure_shows_its_rows(page: VerifyPage) -> None:
    for name, count in (("retained", 7), ("excluded", 4), ("leftover", 0)):
        page._figures[name].pressed.emit()
        assert page._behind.rowCount() == count and page._behind_box.isVisible()
    page._figures["retained"].pressed.emit()
    assert "17(3)(b) · Tax records · until 2033-11-09" in table(page._behind)[0][3]
    page._figures["retained"].pressed.emit()
    assert not page._behind_box.isVisible()


def test_the_balance_of_every_system_is_on_screen(page: VerifyPage) -> None:
    for system, cells in zip(verification().systems, table(page._model), strict=True):
        assert cells[1] == str(system.before)
        assert cells[3] == (str(system.changed) if system.changed else "–")
        assert cells[4] == (str(system.retained) if system.retained else "–")
        assert cells[5] == (str(system.excluded) if system.excluded else "–")
    assert "2 copies" in table(page._model)[0][7]
    (left,) = verification().residue
    assert f"{left.where}: {left.why.rstrip('.')}. {left.cure}" in texts(page)
    assert page._table.isColumnHidden(CHANGED), "nothing was changed here, so no column says so"


def test_what_was_changed_is_a_figure_of_the_balance(page: VerifyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    proof = verification()
    shop = replace(proof.systems[0], erased=0, changed=proof.systems[0].erased)
    _show(page, desk, replace(proof, systems=(shop, *proof.systems[1:])), qtbot)
    assert not page._table.isColumnHidden(CHANGED) and table(page._model)[0][3] == "33"
    said = page._sum.text().partition(".")[0]
    assert said == "59 found = 14 erased + 33 changed + 7 retained + 4 left out + 1 by hand"
    total, parts = said.split(" found = ")
    assert int(total) == sum(int(p.split()[0]) for p in parts.split(" + "))
    assert page._figures["changed"].value == "33" and page._figures["changed"].isVisibleTo(page)


def test_searching_once_more_and_closing(page: VerifyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.proof = None
    with qtbot.waitSignal(page.changed):
        page.search_again()
    assert desk.calls[-1] == ("verify", "DSR-2026-0112")
    assert "task" in buttons(page)["Close the request"].reason
    desk.open_tasks = [task("2026-11-23")]
    _show(page, desk, verification(), qtbot)
    with qtbot.waitSignal(page.changed):
        buttons(page)["Close the request"].click()
    with qtbot.waitSignal(page.report_wanted):
        buttons(page)["Write the report"].click()
    check_manners(page)


def test_queries_are_listed_with_both_counts(page: VerifyPage, qtbot: Any) -> None:
    dialog = Queries("Web shop", verification().systems[0], page)
    qtbot.addWidget(dialog)
    assert "1 before, 0 now" in dialog.findChild(QPlainTextEdit).toPlainText()
    check_manners(dialog)


def test_keys_that_stay_are_listed_and_not_counted(page: VerifyPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    key = Retained(RowRef("shop", "customers", ("1042",)), "", "key", "", ("id",))
    _show(page, desk, replace(verification(), keys=(key,)), qtbot)
    assert page._figures["retained"].value == "7"
    qtbot.waitUntil(lambda: "1 key stays" in texts(page))
    page._figures["retained"].pressed.emit()
    assert "Retained: 7 rows, and 1 key that is not counted" in texts(page)
    assert table(page._behind)[-1][1] == "customers ▸ 1042"
