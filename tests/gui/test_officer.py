"""A day at the desk: the whole window over the real sample company, driven by mouse and keyboard only."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit

from dsr_desk.gui.dialogs.act import ReasonDialog
from dsr_desk.gui.dialogs.new_request import NewRequestDialog
from dsr_desk.gui.models.task_words import look
from dsr_desk.gui.widgets.button import Button
from tests.gui.officer import PASSPHRASE, Officer, officer  # noqa: F401
from tests.gui.pages import buttons, table, texts


def _plan(officer: Officer) -> Any:  # noqa: F811
    """From the inbox to a plan without refusals; gives the request page."""
    page = officer.open("erasure")
    page._pages["search"].panel.undecided.click()
    officer.press("Tick 1 mentioned record…")
    assert isinstance(officer.front, ReasonDialog)
    officer.press("Tick 1 record")
    officer.press("Plan 38 records…")
    return page


def _text(officer: Officer, name: str) -> str:  # noqa: F811
    found = officer.front.findChild(QPlainTextEdit, name)
    assert found is not None
    return found.toPlainText()


def _approve(officer: Officer, page: Any, words: str = "Erase ") -> None:  # noqa: F811
    plan = page._pages["plan"]
    plan._words.setFocus()
    QTest.keyClicks(plan._words, officer.desk.phrase(plan._plan))
    officer.press(words)


def test_an_erasure_from_the_inbox_to_the_closed_request(
    officer: Officer,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = _plan(officer)
    ref = page.request.ref
    _approve(officer, page)
    assert page.stage == "apply"
    officer.until(lambda: "4 of 4 systems done" in texts(page._pages["apply"]))

    officer.rest()
    proof = tmp_path / "shredder.txt"
    proof.write_text("Folder H-17, 3 sheets", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(proof)], ""))
    while any(t.open for t in officer.desk.tasks(ref)):
        acts = {look(t).act: look(t).verb for t in officer.desk.tasks(ref) if t.open}
        officer.until(lambda acts=acts: bool(acts.keys() & officer.buttons().keys()))
        act = next(iter(acts.keys() & officer.buttons().keys()))
        QTest.mouseClick(officer.buttons()[act], Qt.MouseButton.LeftButton)
        QTest.keyClicks(officer.front._note, "Folder H-17 found and shredded by P. Lindner")  # type: ignore[attr-defined]
        officer.press("Attach a file…")
        officer.press(acts[act])
    assert {(t.open, t.files) for t in officer.desk.tasks(ref)} == {(False, ("shredder.txt",))}
    kinds = [t.kind for t in officer.desk.tasks(ref)]
    assert kinds.count("system") == 1  # the archive; the others are groups of shared rows, and recipients to be told

    officer.press("Search again")
    assert page.stage == "verify"
    assert "Searched again: 0 records left over" in texts(page)
    officer.press("Write the report")
    officer.until(lambda: page._pages["report"]._pages is not None)
    pdf = tmp_path / "report.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(pdf), ""))
    officer.press("Save as PDF…")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert "report.pdf is written and read back" in texts(page)
    officer.press("Close the request")
    assert officer.desk.request(ref).stage == "closed"
    assert officer.desk.request(ref).facts.decision == "partly"
    assert "closed" in page.head._due.accessibleName()
    officer.press("Requests")
    assert officer.window.here == "requests"
    assert [line.ref for line in officer.window.page._model.rows] == ["DSR-2026-0002"]


def test_an_access_request_asks_who_it_is_and_hands_over_copies(
    officer: Officer,  # noqa: F811
    tmp_path: Path,
) -> None:
    page = officer.open("access")
    page._pages["receive"]._way.setCurrentIndex(1)
    officer.press("Record ")
    officer.press("Search all systems")
    which = page._pages["which"]
    officer.until(which.isVisible)
    assert which.answer is None
    assert "Follow 1 of 2 people" in officer.buttons()
    which.choose(0)
    officer.press("Follow 1 of 2 people")
    search = page._pages["search"]
    officer.until(lambda: search.isVisible() and "records found" in search.panel.counts_text)
    folder = tmp_path / "copy"
    folder.mkdir()
    search.handover.write(search._request.ref, folder, ("json", "csv", "html"))
    officer.rest()
    assert "read back and compared" in texts(search)
    assert {p.suffix for p in folder.rglob("*.*")} >= {".json", ".csv", ".html"}
    page.show_stage("report")
    officer.until(lambda: page._pages["report"]._pages is not None)
    assert "The task archive is open" in officer.buttons()["Close the request"].reason
    officer.until(lambda: "Confirm it is done…" in officer.buttons())
    QTest.mouseClick(officer.buttons()["Confirm it is done…"], Qt.MouseButton.LeftButton)
    QTest.keyClicks(officer.front._note, "Two letters found, copies are in the envelope")  # type: ignore[attr-defined]
    officer.press("Record it as done")
    officer.press("Close the request")
    assert officer.desk.request(page.request.ref).facts.decision == "granted"


def test_quick_search_and_a_second_request_for_the_same_person(officer: Officer) -> None:  # noqa: F811
    officer.key(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    search = officer.window.page.search
    QTest.keyClicks(search.edit, officer.sample.given[0][1])
    QTest.keyClick(search.edit, Qt.Key.Key_Return)
    officer.rest()
    assert officer.window.here == "quick"
    officer.until(lambda: "41 records found" in texts(officer.window))
    assert "DSR-2026-0001 is open for the same person." in texts(officer.window)
    assert len(officer.desk.requests()) == 2
    officer.press("New request from this…")
    asked = officer.front
    assert isinstance(asked, NewRequestDialog)
    officer.until(lambda: asked._same.isVisible())
    officer.press("Open DSR-2026-0001")
    assert officer.window.here == "request"
    assert officer.window.page.request.ref == "DSR-2026-0001"
    assert len(officer.desk.requests()) == 2


def test_a_catalog_changed_on_disk_is_said_shown_and_accepted(officer: Officer) -> None:  # noqa: F811
    file = officer.desk.workspace.catalog_folder / "crm.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("title: CRM", "title: Customers"), encoding="utf-8")
    page = officer.open("erasure")
    officer.press("Plan 37 records…")
    assert "The catalog was changed and nobody accepted it yet." in texts(page)
    officer.window.go("systems")
    officer.rest()
    systems = officer.window.page
    assert "1 change not accepted yet" in texts(systems)
    officer.press("Accept this catalog…")
    assert "+title: Customers" in _text(officer, "difference")
    officer.press("Accept 1 change")
    assert officer.desk.catalog_accepted()
    assert "This version is accepted." in texts(systems)
    officer.window.open_request("DSR-2026-0001")
    officer.rest()
    page._pages["plan"].make()
    officer.rest()
    assert officer.desk.plan("DSR-2026-0001") is not None


def test_a_refusal_leads_to_its_line_in_the_catalog(officer: Officer) -> None:  # noqa: F811
    page = officer.open("erasure")
    page.show_stage("plan")
    officer.rest()
    page._pages["plan"].catalog_wanted.emit("shop", "orders")
    officer.rest()
    systems = officer.window.page
    assert officer.window.here == "systems"
    cursor = systems.body.yaml.textCursor()
    cursor.select(QTextCursor.SelectionType.LineUnderCursor)
    assert cursor.selectedText().strip() == "orders:"
    assert systems._shown.name == "shop"


def test_the_desk_locks_with_work_in_front_and_unlocks(officer: Officer) -> None:  # noqa: F811
    officer.open("erasure")
    officer.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    lock = officer.window.guard.screen
    assert lock.isVisible()
    QTest.keyClicks(lock.edit, "wrong")
    QTest.keyClick(lock.edit, Qt.Key.Key_Return)
    officer.rest()
    assert lock.isVisible()
    lock.edit.clear()
    QTest.keyClicks(lock.edit, PASSPHRASE)
    QTest.keyClick(lock.edit, Qt.Key.Key_Return)
    officer.until(lambda: not lock.isVisible())
    assert officer.window.here == "request"


def test_a_revealed_value_is_recorded_and_hides_again(officer: Officer) -> None:  # noqa: F811
    page = officer.open("erasure")
    panel = page._pages["search"].panel
    finding = next(f for b in panel.model.index_.blocks.values() for f in b.findings if f.ref.collection == "customers")
    panel.table.look_at(finding.ref)
    before = len(officer.desk.entries())
    panel.table.setFocus()
    officer.key(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    officer.rest()
    assert panel.pane.revealed
    entries = officer.desk.entries()
    assert entries[-1].type == "reveal"
    assert len(entries) == before + 1
    assert f"entry {len(entries)}" in texts(panel.pane).lower()
    panel.pane._hide(panel.pane.revealed[0])
    assert not panel.pane.revealed


def test_a_missing_system_file_is_retried_or_waived(officer: Officer) -> None:  # noqa: F811
    shop = officer.desk.workspace.folder / "newsletter.csv"
    away = shop.rename(shop.with_suffix(".away"))
    page = officer.open("erasure")
    panel = page._pages["search"].panel
    assert "Newsletter" in page._pages["search"].why_no_plan()
    assert "Plan" not in [b for b, w in officer.buttons().items() if not w.reason and b.startswith("Plan")]
    away.rename(shop)
    officer.press("Retry")
    assert panel.counts_text.startswith("41 records found")
    assert not page._pages["search"].why_no_plan()
    shop.rename(away)
    officer.press("Search again")
    officer.press("Waive…")
    QTest.keyClicks(officer.front.edit, "short")  # type: ignore[attr-defined]
    assert officer.buttons()["Waive Newsletter"].reason
    QTest.keyClicks(officer.front.edit, " of staff until Monday")  # type: ignore[attr-defined]
    officer.press("Waive Newsletter")
    assert not page._pages["search"].why_no_plan()
    assert officer.desk.request(page.request.ref).facts.waived == {"newsletter": "short of staff until Monday"}


def test_a_stopped_search_says_so_and_runs_again(officer: Officer) -> None:  # noqa: F811
    page = officer.open("erasure")
    search = page._pages["search"]
    search.search()
    search.stop()
    officer.rest()
    assert not search.panel.running
    assert search.why_no_plan() == "nothing has been searched."
    assert "Stopped" in texts(search) or "stopped" in texts(search)
    officer.press("Search again") if "Search again" in buttons(search.panel.banner) else search.search()
    officer.rest()
    assert search.panel.counts_text.startswith("41 records found")


def test_the_window_closes_while_a_search_runs(officer: Officer) -> None:  # noqa: F811
    page = officer.open("erasure")
    page._pages["search"].search()
    assert officer.bridge.busy
    officer.window.close()
    assert not officer.window.isVisible()
    assert not officer.bridge._timer.isActive()


def test_a_run_that_was_killed_is_resumed_from_its_page(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    from dsr_desk.drivers.sheet import SheetDriver

    page = _plan(officer)
    real = SheetDriver.apply

    def killed(self: SheetDriver, *args: Any) -> Any:
        raise KeyboardInterrupt  # what no driver catches: the run ends where it stands

    monkeypatch.setattr(SheetDriver, "apply", killed)
    _approve(officer, page)
    run = page._pages["apply"]
    assert run._banner.isVisible()
    monkeypatch.setattr(SheetDriver, "apply", real)
    officer.window.go("requests")
    page = officer.open("erasure")
    run = page._pages["apply"]
    assert page.stage == "apply"
    officer.press("Resume" if "Resume" in officer.buttons() else "Apply the approved plan")
    officer.until(lambda: "4 of 4 systems done" in texts(run))


def test_a_tampered_trail_is_red_and_says_where(officer: Officer) -> None:  # noqa: F811
    database = officer.desk.workspace.folder / "workspace.db"
    with sqlite3.connect(database) as con:
        con.execute("UPDATE trail SET raw = replace(CAST(raw AS TEXT), 'case.open', 'case.opem') WHERE seq = 4")
        changed = con.total_changes
    con.close()
    assert changed
    officer.window.go("audit")
    officer.rest()
    officer.press("Verify now")
    audit = officer.window.page
    assert "4" in audit._card.said.text()
    assert audit._card.said._tint == "failed"
    current = audit._model.rows[audit._table.current_row]
    assert current.seq == 4
    assert "does not hold" in texts(audit._pane)
    assert any("4" in cell for cell in table(audit._model)[audit._table.current_row])


def test_a_hold_stands_over_every_page_until_it_is_released(officer: Officer) -> None:  # noqa: F811
    page = officer.open("erasure")
    page.acts.hold(page.request)
    officer.front.edit.setText("Claim 4 O 221/26, Landgericht")  # type: ignore[attr-defined]
    officer.press("Set the hold")
    officer.until(lambda: "Release…" in officer.buttons())
    page.go("plan", "make")
    officer.rest()
    plan = page._pages["plan"]
    officer.until(lambda: plan._plan is not None and bool(plan._plan.refusals))
    assert any("legal hold stands" in n.what for n in plan.notes.refusals.notices)
    assert "refusal" in plan._pane.main.reason and page.standing.isVisible()
    officer.press("Release…")
    officer.front.edit.setText("The claim was withdrawn")  # type: ignore[attr-defined]
    officer.press("Release the hold")
    officer.until(lambda: "Plan it again" in {b.text() for banner in page.standing.banners for b in banner.findChildren(Button)})
    assert "The hold is released." in page.banner.title
    page.standing.plan_wanted.emit()
    officer.rest()
    officer.until(lambda: plan._plan is not None and not any("legal hold" in r.why for r in plan._plan.refusals))
    officer.until(lambda: not page.standing.isVisible())


def test_a_restriction_is_marked_refused_against_and_lifted_after_telling(officer: Officer) -> None:  # noqa: F811
    desk = officer.desk
    ref = desk.open_request("restriction", officer.sample.given, date.today(), "18(1)(a)").ref
    desk.identify(ref, "Replied from the address on file")
    plan = desk.make_plan(ref)
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    officer.window.open_request(ref)
    officer.rest()
    page = officer.window.page
    officer.until(lambda: "Lift…" in officer.buttons())
    assert "Other programs can still change them" in texts(page.standing)
    officer.press("Lift…")
    officer.until(lambda: page.request.right == "lifting")
    assert any(t.kind == "tell" and t.open for t in desk.tasks(page.request.ref))
    page.go("plan", "make")
    officer.rest()
    lifting = page._pages["plan"]
    officer.until(lambda: lifting._plan is not None)
    assert "tell the person first" in lifting._pane.main.reason
    officer.press("Record that they were told…")
    QTest.keyClicks(officer.front._note, "Letter of today, by post")  # type: ignore[attr-defined]
    officer.press("Record that they were told")
    officer.until(lambda: "Type LIFT" in lifting._pane.main.reason)
    _approve(officer, page, "Lift 1 restriction")
    officer.until(lambda: not desk.restrictions())
