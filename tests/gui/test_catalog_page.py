"""The systems: health in words, every problem at its line, nothing from a file is markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTabWidget

from dsr_desk.catalog.graph import ownership
from dsr_desk.errors import CatalogError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.catalog_dialogs import AcceptDialog, SecretDialog
from dsr_desk.gui.models.catalog_model import listed
from dsr_desk.gui.models.map_layout import columns
from dsr_desk.gui.pages.catalog_page import CatalogPage
from dsr_desk.gui.widgets.catalog_body import PROBLEMS
from dsr_desk.gui.widgets.style import dress
from dsr_desk.model.catalog import Catalog
from tests.gui.fake_catalog import state
from tests.gui.fake_pages import HOSTILE, FakeDesk, systems
from tests.gui.pages import bridge, buttons, check_manners, desk, texts  # noqa: F401


@pytest.fixture
def page(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> CatalogPage:  # noqa: F811
    desk.catalog = state()
    made = CatalogPage(desk, bridge)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    made.show()
    made.show_catalog()
    qtbot.waitUntil(lambda: ("check_catalog", True) in desk.calls and not (made._job and made._job.running))
    return made


def _said(page: CatalogPage) -> list[str]:
    index = page._model.index
    return [index(r, 0).data(Qt.ItemDataRole.AccessibleTextRole) for r in range(page._model.rowCount())]


def test_files_first_then_the_live_systems(page: CatalogPage, desk: FakeDesk) -> None:  # noqa: F811
    assert desk.calls[:2] == [("check_catalog", False), ("check_catalog", True)]
    said = _said(page)
    assert "answers in 8 ms" in said[0] and "41 of 43" in said[0] and "PRODUCTION" in said[0]
    assert "no answer" in said[1] and "by hand" in said[4] and "TEST" in said[3]


def test_one_system_in_full(page: CatalogPage, qtbot: Any) -> None:
    page.body.tabs.choose(PROBLEMS)
    shown = texts(page)
    for words in (
        "customers.vat_id, orders.ip_address",
        "sessions",
        "born_on is NOT NULL",
        "messages, owned by customers through sender_id",
    ):
        assert words in shown, words
    page._list.go_to(1)
    qtbot.waitUntil(lambda: "CRM does not answer." in texts(page))


def test_a_bad_file_is_listed_and_hides_no_other(page: CatalogPage, qtbot: Any) -> None:
    page.show_state(state(errors=True))
    assert [line.name for line in listed(state(errors=True))] == ["shop", "crm", "newsletter", "support", "archive", "loyalty.yaml"]
    assert "can’t be read" in _said(page)[-1]
    assert "Mend 2 errors first" in buttons(page)["Accept this catalog…"].reason
    page._list.go_to(5)
    qtbot.waitUntil(lambda: "The key driver stands twice." in texts(page))
    assert "Mend 2 errors" in texts(page)


def test_problems_lead_to_their_line_and_are_plain_text(page: CatalogPage, qtbot: Any) -> None:
    page.body.tabs.choose(PROBLEMS)
    page.show_state(state(errors=True))
    qtbot.waitUntil(lambda: HOSTILE in texts(page))
    assert f"Line 13: on_erase: {HOSTILE} is not known." in page.body.yaml.accessibleDescription()
    buttons(page)["line 13"].click()
    assert page.body.yaml.marked == 13 and page.body.yaml.textCursor().blockNumber() == 12
    page._list.setFocus()
    QTest.keyClick(page._list, Qt.Key.Key_F8)
    assert page.body.yaml.marked == 18
    QTest.keyClick(page._list, Qt.Key.Key_F8)
    assert page._model.rows[page._list.currentIndex().row()].name == "loyalty.yaml"


def test_accepting_shows_the_difference_first(page: CatalogPage, desk: FakeDesk, bridge: Bridge, qtbot: Any) -> None:  # noqa: F811
    assert not buttons(page)["Accept this catalog…"].reason
    dialog = AcceptDialog(desk, bridge, state())  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    shown = "\n".join(t.toPlainText() for t in dialog.findChildren(QPlainTextEdit))
    assert "customers: on_erase was keep and is now redact." in shown and "+on_erase: redact" in shown
    check_manners(dialog)
    desk.fail = CatalogError("The catalog has errors.", "Mend them first.")
    buttons(dialog, shown=False)["Accept 1 change"].click()
    qtbot.waitUntil(lambda: dialog.banner.title == "The catalog has errors.")
    desk.fail = None
    with qtbot.waitSignal(dialog.recorded):
        buttons(dialog, shown=False)["Accept 1 change"].click()
    assert desk.calls[-1] == ("accept_catalog", "")
    page.show_state(replace(state(), accepted=True, changes=()))
    assert buttons(page)["Accept this catalog…"].reason == "This version is accepted."


def test_a_password_is_never_shown(page: CatalogPage, desk: FakeDesk, bridge: Bridge, qtbot: Any) -> None:  # noqa: F811
    assert "Set its password…" not in buttons(page), "a file needs none"
    dialog = SecretDialog(desk, bridge, "crm", "CRM")  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    press = buttons(dialog, shown=False)["Set the password"]
    assert press.reason
    QTest.keyClicks(dialog._edit, "s3cret")
    assert dialog._edit.displayText() != "s3cret"
    with qtbot.waitSignal(dialog.recorded):
        press.click()
    assert desk.calls[-1] == ("set_secret", "crm", "s3cret")
    check_manners(dialog)


def test_another_page_can_ask_for_a_collection(page: CatalogPage) -> None:
    page.go_to("shop", "orders")
    assert page.body.yaml.marked == 27
    page.go_to("nowhere", "orders")
    assert page.body.yaml.marked == 27


def test_narrow_windows_have_tabs_and_lose_nothing(page: CatalogPage, qtbot: Any) -> None:
    page.resize(968, 560)
    assert isinstance(page.body._holder, QTabWidget) and page.body._holder.count() == 3
    page.body.go_to(9)
    assert page.body._holder.currentWidget() is page.body._text
    page.resize(1300, 700)
    assert not isinstance(page.body._holder, QTabWidget)
    qtbot.waitUntil(lambda: all(w.isVisible() for w in (page.body.map, page.body.yaml, page.body.form)))


def test_no_systems_yet(page: CatalogPage) -> None:
    page.show_state(state(empty=True))
    assert page._empty.isVisible() and not page._right.isVisible()
    check_manners(page)


def test_every_box_of_the_map_has_its_own_place() -> None:
    graph = ownership(Catalog(systems(), ""), "shop")
    places = columns(graph)
    assert set(places) == {b.id for b in graph.boxes} and len(set(places.values())) == len(places)
    middle = places["shop/customers"][0]
    assert all(places[b.id][0] != middle for b in graph.boxes if b.id != "shop/customers")


def test_a_self_reference_and_an_island_are_placed(tmp_path: Path) -> None:
    known = systems()["shop"]
    island = replace(known.collections["addresses"], references=())
    graph = ownership(Catalog({"shop": replace(known, collections={"addresses": island})}, ""), "shop")
    assert columns(graph) == {"shop/addresses": (0, 0)}


def test_large_text_leaves_room_for_the_file(page: CatalogPage, qapp: QApplication) -> None:
    page.show()
    page.resize(1224, 700)
    side, body = page._side.width(), page.body
    assert (side, body._narrow) == (256, False)
    try:
        dress(qapp, theme.Theme("light", 1.5))
        page.resize(968, 600)
        assert side < page._side.width() < 968 / 3
        page.resize(1225, 700)
        assert body._narrow, "a form of one and a half times the width doesn't fit beside the file"
        page.resize(1864, 900)
        assert not body._narrow and page._side.width() == 384
    finally:
        dress(qapp, theme.Theme("light"))
