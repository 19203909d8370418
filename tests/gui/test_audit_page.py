"""The trail in the window: never intact before it was verified, and a fault is where the page goes."""

from __future__ import annotations

import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsr_desk.audit.faults import ChangedEntryError
from dsr_desk.audit.trail import TYPES, Entry, Fault, Verdict
from dsr_desk.errors import UnreachableError
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models import elsewhere
from dsr_desk.gui.models.audit_model import AuditModel
from dsr_desk.gui.models.entry_words import KINDS, of_kind, raw, says
from dsr_desk.gui.models.trail_index import Anchored, Day, TrailIndex, Wanted
from dsr_desk.gui.pages.audit_page import AuditPage
from tests.audit.trails import ADA, CASE, ROOT, Builder
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
    assert page._card.said.text() == "Not verified in this run yet"
    assert "ntact" not in texts(page) and "holds" not in texts(page)
    desk.hold.clear()
    page.verify()
    qtbot.waitUntil(lambda: page._card.said.text() == "Verified 30 of 60")
    assert "ntact" not in texts(page) and "Stop" in buttons(page)
    desk.hold.set()
    with qtbot.waitSignal(page.verified):
        pass
    assert page._card.said.text() == "Intact: all 60 entries hold"
    assert "signature holds" in texts(page)


def test_entries_written_later_are_not_covered(page: AuditPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    with qtbot.waitSignal(page.verified):
        page.verify()
    desk.trail = entries(63)
    page.show_trail()
    qtbot.waitUntil(lambda: "3 written since" in page._card.scope.text())
    assert page._card.said.text() == "Intact: all 60 entries hold"
    assert "signature holds" in texts(page._pane)
    page._table.go_to(page._model.row_of(63))
    assert "not verified in this run" in texts(page._pane)


def test_a_fault_is_red_and_shown(page: AuditPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.verdict = Verdict(False, 36, Fault(37, ChangedEntryError(37)), "", 0.3)
    with qtbot.waitSignal(page.verified):
        page.verify()
    assert page._card.said.text() == "Entry 37 was changed. Everything before it holds."
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
    assert page._card.said.text() == "Not verified in this run yet"


def test_days_filters_and_details(page: AuditPage, qtbot: Any) -> None:
    days = [r for r in page._model.rows if isinstance(r, Day)]
    assert sum(d.entries for d in days) == 60
    seqs = [r.seq for r in page._model.rows if isinstance(r, Entry)]
    assert seqs == sorted(seqs, reverse=True)
    page._filter.kinds.choose("step.drift")
    assert page._filter.shown.text() == "60 entries, 6 shown"
    page._filter.kinds.choose("")
    QTest.keyClicks(page._filter.words, "DSR-2026-0112")
    qtbot.waitUntil(lambda: "shown" in page._filter.shown.text())
    assert all(page._model.trail.ref(r) for r in page._model.rows if isinstance(r, Entry))
    page._filter.clear()
    page._table.go_to(1)
    assert '"seq": 60' in page._pane._raw.toPlainText() and "I. Kowal" in texts(page._pane)
    with qtbot.waitSignal(page.request_wanted) as asked:
        buttons(page._pane)["Open the request"].click()
    assert asked.args == ["DSR-2026-0112"]
    QTest.keyClick(page._table, Qt.Key.Key_F5)
    assert page._job is not None
    check_manners(page)


def test_every_type_has_its_sentence_and_belongs_somewhere() -> None:
    for kind in TYPES:
        entry = Entry(1, "2026-11-23T10:00:00.000Z", kind, "k", {}, b"{}", "", "")
        assert (says(entry) != kind and says(entry)[0].isalnum()) or says(entry).startswith("?"), kind
        assert any(of_kind(k, kind) for k in KINDS), kind
    assert "changed its bytes" in says(Entry(1, "", "unreadable", "", {}, b"\xff", "", ""))
    refused = Entry(1, "", "act.refused", "k", {"act": "plan.approve", "why": "RefusedError"}, b"{}", "", "")
    assert says(refused) == "Somebody wanted to approve a plan: not allowed as things stand"


def test_a_hostile_record_is_text() -> None:
    entry = Entry(1, "no time", "unreadable", "", {}, HOSTILE.encode(), "", "")
    assert raw(entry) == HOSTILE
    model = AuditModel()
    model.show_trail(TrailIndex([entry]))
    assert table(model)[0][0].startswith("no time")


def test_a_long_trail_is_filtered_at_once() -> None:
    trail = entries(9) * 11_000
    started = time.perf_counter()
    index = TrailIndex(trail, {"7f3a02c1": "I. Kowal"}, {"ab" * 16: "DSR-2026-0112"})
    laid = time.perf_counter()
    rows, shown = index.rows(Wanted("drift"))
    print(f"{len(trail)} entries laid out in {laid - started:.2f} s, filtered in {time.perf_counter() - laid:.3f} s")
    assert shown == 11_000 and isinstance(rows[0], Day)


def test_filters_add_up_and_a_head_is_no_entry(page: AuditPage) -> None:
    index = page._model.trail
    assert index.rows(Wanted(kind="bad"))[1] == 6 == index.rows(Wanted(kind="step.drift"))[1]
    assert index.rows(Wanted(ref="DSR-2026-0112"))[1] == 54
    assert index.rows(Wanted("crm", "bad", ref="DSR-2026-0112"))[1] == 0
    assert index.rows(Wanted(actor="nobody"))[1] == 0
    newest = index._days[0][1]
    rows, shown = index.rows(Wanted(since=newest))
    assert 0 < shown < 60 and [r for r in rows if isinstance(r, Day)] == [rows[0]]
    head = page._model.index(0, 0)
    assert not page._model.flags(head) & Qt.ItemFlag.ItemIsSelectable


def test_what_is_anchored_stands_where_it_begins(page: AuditPage) -> None:
    anchor = Entry(61, entries()[-1].ts, "checkpoint.anchor", "7f3a02c1", {"size": 50, "root": "0", "how": "letter"}, b"{}", "", "")
    page._model.show_trail(TrailIndex([*entries(), anchor]))
    page._anchors.show_trail(page._model.trail)
    rows = list(page._model.rows)
    at = next(i for i, r in enumerate(rows) if isinstance(r, Anchored))
    after = next(r for r in rows[at:] if isinstance(r, Entry))
    before = next(r for r in reversed(rows[:at]) if isinstance(r, Entry))
    assert (before.seq, after.seq) == (51, 50) and page._model.trail.unanchored == 11
    assert "as a letter" in rows[at].how and "1 – 50" in table(page._anchors.model)[0]  # type: ignore[union-attr]
    page._show_verdict()
    assert "11 entries since the last outside anchor" in texts(page._card)


def test_one_request_and_back(page: AuditPage, qtbot: Any) -> None:
    page.show_trail("DSR-2026-0112")
    qtbot.waitUntil(lambda: page._filter.shown.text() == "60 entries, 54 shown")
    buttons(page)["Only DSR-2026-0112"].click()
    assert page._filter.shown.text() == "60 entries"


def test_what_is_in_doubt_is_said(page: AuditPage, desk: FakeDesk, qtbot: Any) -> None:  # noqa: F811
    desk.verdict = Verdict(True, 60, None, "halden-1\n60\nqvKx", 0.4, 40, (17, 18))
    with qtbot.waitSignal(page.verified):
        page.verify()
    assert page._card.said.text() == "All 60 entries hold, 2 in doubt"
    assert "17, 18" in page._card.scope.text() and "first 40" in page._card.scope.text() and "last 20" in page._card.scope.text()
    page._table.go_to(page._model.row_of(18))
    assert "signed, but in doubt" in texts(page._pane)


def test_a_fault_can_be_saved(page: AuditPage, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    assert "Save the evidence…" not in buttons(page) and "Anchor 60 entries…" in buttons(page)
    desk.verdict = Verdict(False, 36, Fault(37, ChangedEntryError(37)), "", 0.3)
    with qtbot.waitSignal(page.verified):
        page.verify()
    assert "Save the evidence…" in buttons(page) and not [b for b in buttons(page) if b.startswith("Anchor ")]
    page.save_fault(tmp_path)
    qtbot.waitUntil(lambda: "2 files written" in texts(page))
    assert desk.calls[-1][1].parent == tmp_path


def test_kept_checkpoints_are_handed_in(page: AuditPage, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    kept = tmp_path / "kept.txt"
    kept.write_text("halden-1\n12\nqvKx\n", encoding="utf-8")
    with qtbot.waitSignal(page.verified):
        page.verify_against([kept])
    assert desk.against == ["halden-1\n12\nqvKx\n"]
    page.verify_against([tmp_path / "gone.txt"])
    qtbot.waitUntil(page._banner.isVisible)
    assert page._banner.title == "gone.txt can’t be read."


def test_keys_are_listed_with_what_they_may(page: AuditPage) -> None:
    said = table(page._keys.model)
    assert said[0][3].startswith("root") and said[1][:1] == ["I. Kowal you"]
    assert said[2][0] == "name deleted" and said[2][3] == "stolen from entry 31 on in doubt"
    page.show_view(1)
    assert "A plan needs two approvals" in texts(page._keys)
    check_manners(page)


def test_openssl_alone_checks_an_entry(tmp_path: Path) -> None:
    trail = Builder()
    first, second = trail.add("log.open", {"key": ROOT.public.hex()}, ROOT), trail.admit(ADA, "approver")
    world = [first, second, trail.add("case.view", {"case": CASE})]
    keys = elsewhere.public_keys(world)
    command = elsewhere.openssl_command(world[2], keys)
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "Verified Successfully" in done.stdout
    other = replace(world[2], raw=world[2].raw.replace(b'"ts":"2', b'"ts":"3'))
    assert subprocess.run(["sh", "-c", elsewhere.openssl_command(other, keys)], cwd=tmp_path, check=False).returncode != 0
    assert elsewhere.openssl_command(replace(world[2], actor="ff" * 8), keys) == ""
