"""The trail in the window: never intact before it was verified, and a fault is where the page goes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsr_desk.audit.faults import ChangedEntryError
from dsr_desk.audit.trail import TYPES, Entry, Fault, Verdict
from dsr_desk.errors import UnreachableError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.audit_model import AuditModel, Day, raw, says
from dsr_desk.gui.pages.audit_page import AuditPage
from tests.gui.fake_pages import HOSTILE, FakeDesk, entries
from tests.gui.pages import bridge, buttons, check_manners, desk, table, texts  # noqa: F401


@pytest.fixture
def page(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> AuditPage:  # noqa: F811
    made = AuditPage(desk, bridge)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    made.show_trail()
    made.show()
    qtbot.waitUntil(lambda: made._model.rowCount() > 0)
    return made


def test_nothing_is_intact_before_it_was_verified(page: AuditPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    assert page._said.text() == "Not verified since this program was started"
    assert "ntact" not in texts(page) and "holds" not in texts(page)
    desk.hold.clear()
    page.verify()
    qtbot.waitUntil(lambda: page._said.text() == "Verified 30 of 60")
    assert "ntact" not in texts(page) and "Stop" in buttons(page)
    desk.hold.set()
    with qtbot.waitSignal(page.verified):
        pass
    assert page._said.text() == "Intact: all 60 entries hold"
    assert "signature holds" in texts(page)


def test_entries_written_later_are_not_covered(page: AuditPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    with qtbot.waitSignal(page.verified):
        page.verify()
    desk.trail = entries(63)
    page.show_trail()
    qtbot.waitUntil(lambda: "3 written since" in page._scope.text())
    assert page._said.text() == "Intact: all 60 entries hold"
    assert "not verified in this run" in texts(page._pane)


def test_a_fault_is_red_and_shown(page: AuditPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.verdict = Verdict(False, 36, Fault(37, ChangedEntryError(37)), "", 0.3)
    with qtbot.waitSignal(page.verified):
        page.verify()
    assert page._said.text() == "Entry 37 was changed. Everything before it holds."
    current = page._model.rows[page._table.current_row]
    assert isinstance(current, Entry) and current.seq == 37 and "does not hold" in texts(page._pane)
    page._table.go_to(page._model.row_of(36))
    assert "signature holds" in texts(page._pane)
    page._table.go_to(page._model.row_of(40))
    assert "does not hold" in texts(page._pane)


def test_a_verification_that_fails_says_nothing_of_the_trail(page: AuditPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.fail = UnreachableError("The workspace can’t be read.", "Open a copy.")
    page.verify()
    qtbot.waitUntil(page._banner.isVisible)
    assert page._said.text() == "Not verified since this program was started"


def test_days_filters_and_details(page: AuditPage, qtbot: Any) -> None:
    days = [r for r in page._model.rows if isinstance(r, Day)]
    assert sum(d.entries for d in days) == 60
    seqs = [r.seq for r in page._model.rows if isinstance(r, Entry)]
    assert seqs == sorted(seqs, reverse=True)
    page._types.choose("step.drift")
    assert page._shown.text() == "60 entries, 6 shown"
    page._types.choose("")
    QTest.keyClicks(page._words, "DSR-2026-0112")
    assert all(isinstance(r, Day) or page._model.ref(r) for r in page._model.rows)
    page._words.clear()
    page._table.go_to(1)
    assert '"seq": 60' in page._pane._raw.toPlainText() and "I. Kowal" in texts(page._pane)
    with qtbot.waitSignal(page.request_wanted) as asked:
        buttons(page._pane)["Open the request"].click()
    assert asked.args == ["DSR-2026-0112"]
    QTest.keyClick(page._table, Qt.Key.Key_F5)
    assert page._job is not None
    check_manners(page)


def test_every_type_has_its_sentence() -> None:
    for kind in TYPES:
        entry = Entry(1, "2026-11-23T10:00:00.000Z", kind, "k", {}, b"{}", "", "")
        assert (says(entry) != kind and says(entry)[0].isalnum()) or says(entry).startswith("?"), kind
    assert "changed its bytes" in says(Entry(1, "", "unreadable", "", {}, b"\xff", "", ""))


def test_a_hostile_record_is_text() -> None:
    entry = Entry(1, "no time", "unreadable", "", {}, HOSTILE.encode(), "", "")
    assert raw(entry) == HOSTILE
    model = AuditModel()
    model.show_entries([entry], {}, {})
    assert table(model)[0][0].startswith("no time")


def test_a_long_trail_is_worded_only_where_it_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from dsr_desk.gui.models import audit_model

    asked: list[int] = []
    monkeypatch.setattr(audit_model, "says", lambda e: asked.append(e.seq) or "x")
    model = AuditModel()
    trail = entries(9) * 4_000
    started = time.perf_counter()
    model.show_entries(trail, {}, {})
    print(f"36 000 entries laid out by day in {time.perf_counter() - started:.2f} s")
    assert not asked
    table_rows = [model.parts(model.rows[i], 3) for i in range(1, 6)]
    assert len(asked) == 5 and table_rows
