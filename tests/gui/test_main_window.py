"""The window: every act has a name and a key or its place in Ctrl+K, the lock covers everything, and titles name nobody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from dsr_desk.errors import CredentialsError, UsageError
from dsr_desk.gui import theme
from dsr_desk.gui.actions import ACTS
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.new_request import NewRequestDialog
from dsr_desk.gui.dialogs.palette import PaletteDialog, action_name
from dsr_desk.gui.dialogs.workspace import PassphraseDialog, WorkspaceDialog
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.models.standing import Standing
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.pages.request_page import _Read
from dsr_desk.gui.widgets.style import dress
from tests.gui.fake_desk import HOSTILE, SECRET, FakeDesk
from tests.gui.pages import check_manners, table, texts
from tests.gui.shots import doors, opened


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def make(qtbot: Any, bridge: Bridge, first: Opened | None, ways: Doors | None = None) -> MainWindow:
    made = MainWindow(first, bridge, ways or doors())
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitUntil(lambda: not bridge.busy)
    return made


@pytest.fixture
def window(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> MainWindow:
    return make(qtbot, bridge, opened(desk))


def shown(window: MainWindow, kind: type[Any]) -> Any:
    return next(d for d in window.findChildren(kind) if d.isVisible())


def test_every_act_has_a_name_and_is_found_by_it(window: MainWindow) -> None:
    keys = [a.keys for a in ACTS if a.keys]
    assert len(keys) == len(set(keys))
    assert all(action_name(window.acts[a.name]) == a.words for a in ACTS)
    in_menus = {a for m in window.menuBar().actions() for a in m.menu().actions()}  # type: ignore[union-attr]
    assert in_menus == set(window.acts.values())
    window.keys.show_palette()
    listed = shown(window, PaletteDialog)
    listed.search("new req")
    assert [action_name(a) for a in listed.model.rows] == ["New request…"]


def test_ctrl_k_does_what_is_chosen(qtbot: Any, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = shown(window, PaletteDialog)
    palette.search("audit")
    QTest.keyClick(palette.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window._here == "audit")


def test_the_inbox_counts_agree_with_the_sidebar(window: MainWindow) -> None:
    page = window._pages["requests"]
    assert page._count.text() == "12 open"
    assert window.sidebar._entries["requests"]._count == len(page._model.rows) == 12
    window.go("overdue")
    assert len(page._model.rows) == window.sidebar._entries["overdue"]._count == int(page.overdue.value)


def test_an_empty_inbox_says_what_to_do(qtbot: Any, bridge: Bridge) -> None:
    made = make(qtbot, bridge, opened(FakeDesk(empty=True)))
    assert "No open requests." in texts(made)
    made._pages["requests"]._rights.setCurrentIndex(1)
    assert "No request matches." in texts(made)


def test_the_unreadable_inbox_says_what_to_do(
    qtbot: Any, window: MainWindow, desk: FakeDesk, bridge: Bridge, monkeypatch: Any
) -> None:
    def broken(closed: bool = False) -> list[Any]:
        raise UsageError("The workspace can't be read.", "Open it again.")

    monkeypatch.setattr(desk, "requests", broken)
    window.go("requests")
    qtbot.waitUntil(lambda: not bridge.busy)
    assert "The workspace can't be read." in texts(window)


def test_quick_search_guesses_the_kind_and_opens_no_request(qtbot: Any, window: MainWindow, desk: FakeDesk, bridge: Bridge) -> None:
    search = window._pages["requests"].search
    search.edit.setText("+49 170 5550188")
    assert search.kind == "phone"
    search.edit.setText(SECRET)
    assert search.kind == "email"
    QTest.keyClick(search.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not bridge.busy and window._here == "quick")
    assert [c[0] for c in desk.calls if c[0] in ("quick_search", "open_request")] == ["quick_search"]
    page = window._pages["quick"]
    qtbot.waitUntil(lambda: page.panel.counts_text == "58 records found")
    assert page.same.isVisible()
    assert SECRET not in texts(window)


def test_no_title_names_anybody(qtbot: Any, window: MainWindow, bridge: Bridge) -> None:
    window.open_request("DSR-2026-0112")
    qtbot.waitUntil(lambda: not bridge.busy)
    titles = [w.windowTitle() for w in QApplication.topLevelWidgets() if isinstance(w, QWidget)]
    assert all(SECRET not in t and "•••" not in t for t in titles)
    assert window.windowTitle() == "DSR Desk · Halden & Co"


def test_the_lock_covers_everything(qtbot: Any, window: MainWindow, bridge: Bridge) -> None:
    window.new_request([("email", SECRET)])
    window.lock()
    assert not [d for d in window.findChildren(QDialog) if d.isVisible()]
    assert window.guard.screen.geometry() == window._frame.rect()
    assert window.windowTitle() == "DSR Desk"
    assert not window.acts["requests"].isEnabled()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert not [d for d in window.findChildren(QDialog) if d.isVisible()]
    window.guard.screen.edit.setText("wrong")
    window.guard.screen.try_unlock()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert window.guard.screen.isVisible()
    window.guard.screen.edit.setText("right")
    window.guard.screen.try_unlock()
    qtbot.waitUntil(lambda: not window.guard.screen.isVisible())
    assert window.acts["requests"].isEnabled()


def test_an_idle_desk_locks(qtbot: Any, window: MainWindow) -> None:
    assert window.guard.timer.isActive()
    window.guard.timer.setInterval(1)
    qtbot.waitUntil(window.guard.screen.isVisible)


def test_a_request_opens_at_its_stage_and_the_way_back_works(qtbot: Any, window: MainWindow, bridge: Bridge) -> None:
    window.open_request("DSR-2026-0112")
    qtbot.waitUntil(lambda: not bridge.busy)
    page = window._pages["request"]
    assert page.stage == "search"
    assert window.sidebar.folded
    assert page.head.stepper.reachable("receive")
    assert not page.head.stepper.reachable("verify")
    page.head.stepper.chosen.emit("receive")
    assert page.stage == "receive"
    window.back()
    assert window._here == "requests"


def test_several_people_are_compared_and_none_is_preselected(qtbot: Any, bridge: Bridge) -> None:
    desk = FakeDesk(ambiguous=True)
    window = make(qtbot, bridge, opened(desk))
    window.open_request("DSR-2026-0120")
    page = window._pages["request"]
    qtbot.waitUntil(lambda: "which" in page._pages)
    which = page._pages["which"]
    assert which.answer is None
    assert which.follow.reason
    assert "klaus@example.org" not in texts(which)
    which.choose(-2)
    assert which.follow.reason == "Give a reason of ten characters or more."
    which.choose(0)
    assert which.follow.reason == ""
    which.follow.click()
    qtbot.waitUntil(lambda: not bridge.busy and page._stack.currentWidget() is page._pages["search"])
    asked = [c for c in desk.calls if c[0] == "choose_subjects"]
    assert [r.path for r in asked[0][2]] == ["crm/contacts/c-55102"]
    check_manners(which)


def test_the_identity_check_is_recorded(qtbot: Any, window: MainWindow, desk: FakeDesk, bridge: Bridge) -> None:
    desk.of = replace(desk.of, stage="identify", facts=replace(desk.of.facts, identity_check="", identity_checked=""))
    window.open_request("DSR-2026-0112")
    page = window._pages["request"]
    qtbot.waitUntil(lambda: "receive" in page._pages and not bridge.busy)
    receive = page._pages["receive"]
    assert receive.record.reason
    assert "has not been checked" in receive.bar.note
    receive._way.setCurrentIndex(1)
    receive.record.click()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert ("identify", "DSR-2026-0112", "Logged in to their account") in desk.calls
    assert "Logged in to their account" in texts(receive)
    check_manners(receive)


def test_a_new_request_needs_what_the_law_needs(qtbot: Any, window: MainWindow, desk: FakeDesk, bridge: Bridge) -> None:
    window.new_request()
    asked = shown(window, NewRequestDialog)
    assert asked.act.reason == "Give at least one identifier of the person."
    asked.rows.rows[0].value.setText(SECRET)
    assert asked.rows.rows[0].identifier == ("email", SECRET)
    assert asked.act.reason == "Choose the ground of the erasure."
    asked.ground.setCurrentIndex(1)
    asked.received.setText("31.02.2026")
    assert asked.act.reason
    asked.received.setText("1 Jan 2999")
    assert asked.act.reason
    asked.received.setText("2026-01-30")
    qtbot.waitUntil(lambda: "Mon 2 Mar 2026" in asked._received.below)
    qtbot.waitUntil(lambda: asked._same.isVisible())
    assert asked._same.title == "DSR-2026-0112 is open for the same person."
    asked.on_act()
    qtbot.waitUntil(lambda: not bridge.busy and window._here == "request")
    made = next(c for c in desk.calls if c[0] == "open_request")
    assert made[1:3] == ("erasure", (("email", SECRET),))
    assert made[4] == "17(1)(a)"


def test_five_pasted_addresses_are_asked_about(window: MainWindow) -> None:
    window.new_request()
    asked = shown(window, NewRequestDialog)
    asked.rows.rows[0].value.setText("a@x.org, b@x.org; c@x.org")
    assert asked._same.title == "3 addresses in one line."
    assert len(asked.rows.rows) == 1
    button = next(b for b in asked._same.findChildren(QWidget) if getattr(b, "text", str)() == "Add 3 of one person")
    button.click()
    assert [r.identifier for r in asked.rows.rows] == [("email", "a@x.org"), ("email", "b@x.org"), ("email", "c@x.org")]


def test_markup_in_the_inbox_is_shown_as_it_stands(window: MainWindow) -> None:
    assert any(HOSTILE in cell for row in table(window._pages["requests"]._model) for cell in row)
    check_manners(window)


def test_the_first_start_offers_what_works(qtbot: Any, bridge: Bridge) -> None:
    window = make(qtbot, bridge, None)
    page = window._pages["start"]
    assert window.focusWidget() is page.sample
    assert window.sidebar.isHidden()
    assert not window.acts["new"].isEnabled()
    check_manners(window)
    page.sample.click()
    qtbot.waitUntil(lambda: window._here == "requests")


def test_a_locked_workspace_asks_until_the_passphrase_is_right(qtbot: Any, bridge: Bridge) -> None:
    def open_(folder: Path, typed: str | None) -> Opened:
        if typed != "right":
            raise CredentialsError("That is not the passphrase.", "Try again.")
        return opened(FakeDesk())

    window = make(qtbot, bridge, None, replace(doors(), open=open_))
    window.open_folder(Path("/somewhere/halden"))
    qtbot.waitUntil(lambda: not bridge.busy)
    asked = shown(window, PassphraseDialog)
    asked.edit.setText("wrong")
    asked.on_act()
    qtbot.waitUntil(lambda: asked.banner.isVisible())
    asked.edit.setText("right")
    asked.on_act()
    qtbot.waitUntil(lambda: window._here == "requests")


def test_a_workspace_without_keyring_needs_a_passphrase(qtbot: Any, bridge: Bridge, tmp_path: Path) -> None:
    window = make(qtbot, bridge, None, replace(doors(), has_keyring=lambda: False))
    window._pages["start"].make.click()
    asked = shown(window, WorkspaceDialog)
    asked.operator.setText("Ines Kowal")
    asked.controller.setText("Halden & Co")
    assert "passphrase" in asked.act.reason
    asked.passphrase.setText("a long passphrase")
    asked.again.setText("a long passphrasE")
    assert asked.act.reason == "The two passphrases differ."
    asked.again.setText("a long passphrase")
    asked.folder.setText(str(tmp_path))
    asked.on_act()
    qtbot.waitUntil(lambda: asked.banner.isVisible())
    assert asked.banner.title == "There is something in this folder already."
    asked.folder.setText(str(tmp_path / "new"))
    asked.on_act()
    qtbot.waitUntil(lambda: window._here == "requests")


def test_a_bug_is_told_without_values(window: MainWindow) -> None:
    import sys

    try:
        raise ValueError(SECRET)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert window.banner.isVisible()
    window.banner.findChildren(QWidget)
    copy = next(b for b in window.banner.findChildren(QWidget) if getattr(b, "text", str)() == "Copy details")
    copy.click()
    assert SECRET not in QGuiApplication.clipboard().text() + texts(window)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_label_is_cut_at_the_smallest_window(qtbot: Any, bridge: Bridge, qapp: QApplication, name: Any, scale: float) -> None:
    dress(qapp, theme.Theme(name, scale))
    window = make(qtbot, bridge, opened(FakeDesk()))
    window.resize(1024 if scale == 1 else 1280, 700 if scale == 1 else 800)
    assert window.width() <= (1024 if scale == 1 else 1280)
    dress(qapp, theme.Theme("light"))


def test_tab_reaches_the_search_the_filters_and_the_list(window: MainWindow) -> None:
    page = window._pages["requests"]
    page.search.edit.setFocus()
    reached = []
    for _ in range(40):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert page._rights in reached
    assert page.table in reached
    assert reached.index(page._rights) < reached.index(page.table)


def test_the_text_grows_on_the_page_that_is_shown(qtbot: Any, window: MainWindow, bridge: Bridge, qapp: QApplication) -> None:
    window.open_request("DSR-2026-0112")
    qtbot.waitUntil(lambda: not bridge.busy)
    before = window._pages["request"].head.stepper.height()
    window.set_scale(0.5)
    qtbot.waitUntil(lambda: not bridge.busy and window._pages["request"].stage == "search")
    page = window._pages["request"]._pages["search"]
    assert theme.current().scale == 1.5
    assert page.panel._count.font().pixelSize() == theme.font(theme.BASE, theme.BOLD).pixelSize() > theme.BASE
    assert window._pages["request"].head.stepper.sizeHint().height() != before
    dress(qapp, theme.Theme("light"))


def test_f6_goes_from_pane_to_pane(window: MainWindow) -> None:
    window._pages["requests"].search.edit.setFocus()
    window.keys.next_pane()
    assert window.sidebar.isAncestorOf(window.focusWidget())
    window.keys.next_pane()
    assert window._pages["requests"].isAncestorOf(window.focusWidget())


def test_what_runs_for_one_request_is_never_shown_under_another(
    qtbot: Any, window: MainWindow, desk: FakeDesk, bridge: Bridge
) -> None:
    desk.search_gate.clear()
    window.open_request("DSR-2026-0112")
    page = window._pages["request"]
    qtbot.waitUntil(lambda: "search" in page._pages and page._pages["search"].panel.running)
    desk.of = replace(desk.of, stage="receive")
    window.open_request("DSR-2026-0117")
    qtbot.waitUntil(lambda: page.request is not None and page.request.ref == "DSR-2026-0117")
    desk.search_gate.set()
    qtbot.waitUntil(lambda: not bridge.busy)
    assert page.request.ref == "DSR-2026-0117"
    assert page.stage == "receive"
    assert list(page._pages) == ["receive"]
    assert "58 records" not in texts(page)


def test_the_request_asked_for_last_is_the_one_that_opens(qtbot: Any, window: MainWindow, desk: FakeDesk, bridge: Bridge) -> None:
    page = window._page("request")
    window.open_request("DSR-2026-0098")
    window.open_request("DSR-2026-0104")
    qtbot.waitUntil(lambda: not bridge.busy)
    page._on_opened(_Read(desk.request("DSR-2026-0098"), {}, Standing()))
    assert page.request is not None
    assert page.request.ref == "DSR-2026-0104"
