"""A new system in the window: looked into, guess by guess, or begun from a ready connector; and versions brought back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from dsr_desk.flow.desk import Desk
from dsr_desk.gui import theme
from dsr_desk.gui.actions import ACTS
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.desk_acts import on_systems
from dsr_desk.gui.dialogs.add_dialog import DRAFT, READY, AddDialog
from dsr_desk.gui.dialogs.catalog_dialogs import AcceptDialog
from dsr_desk.gui.dialogs.trial_dialog import TrialDialog
from dsr_desk.gui.dialogs.versions_dialog import VersionsDialog
from dsr_desk.gui.pages.catalog_page import CatalogPage
from dsr_desk.gui.widgets.connector_list import ready
from dsr_desk.gui.widgets.parts import Check
from dsr_desk.store import keys
from tests.flow.world import World, table
from tests.gui.pages import buttons, check_manners, texts


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)
    made = World(tmp_path)
    made.sql(
        "shop",
        customers=table("id email", (1, "ann@x.org"), (2, "canary@x.org"), ddl="id INTEGER PRIMARY KEY, email TEXT"),
    )
    return made


@pytest.fixture
def real(world: World) -> Desk:
    made = world.desk()
    (world.folder / "catalog" / "shop.yaml").unlink()
    return made


@pytest.fixture
def dialog(qtbot: Any, real: Desk, bridge: Bridge) -> Iterator[AddDialog]:
    window = QWidget()
    qtbot.addWidget(window)
    made = AddDialog(real, bridge, window)
    made.show()
    yield made


def test_an_empty_workspace_offers_to_connect(qtbot: Any, real: Desk, bridge: Bridge) -> None:
    page = CatalogPage(real, bridge)
    qtbot.addWidget(page)
    page.show()
    page.show_catalog()
    qtbot.waitUntil(lambda: bool(page.state and page.state.live) and not bridge.busy)
    assert "No systems yet." in texts(page)
    buttons(page)["Connect a system…"].click()
    assert [d for d in page.findChildren(AddDialog) if d.isVisible()]


def test_a_draft_is_looked_at_guess_by_guess(dialog: AddDialog, qtbot: Any, real: Desk) -> None:
    assert dialog.act.reason == "Say where it is first."
    assert dialog.why.isVisible() and dialog.why.text() == dialog.act.reason
    assert {"database", "mailbox", "web service"} <= {dialog.driver.itemText(i) for i in range(dialog.driver.count())}
    check_manners(dialog)
    dialog.place.setText("shop.db")
    assert not dialog.why.isVisible()
    dialog.act.click()
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == DRAFT)
    guesses = dialog.guesses
    wanted = next(
        i for i in range(len(guesses.model.rows)) if guesses.model.guess(i).says.startswith("category: user.contact.email")
    )
    guesses.table.go_to(wanted)
    box = guesses.table.visualRect(guesses.model.index(wanted, 0))
    seen = guesses.table.viewport().grab(box).toImage()
    colours = {seen.pixelColor(x, seen.height() // 2).name() for x in range(8, seen.width() - 8)}
    assert theme.color("accent_fill").name() in colours, "the tick is seen"
    assert guesses.evidence.text().startswith("Why:\n• Its name says so.") and "canary" not in texts(dialog)
    assert guesses.instead.currentText() == "Personal: e-mail address  –  category: user.contact.email"
    said = guesses.model.index(wanted, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "ticked" in said and "customers.email" in said and "Personal: e-mail address" in said
    guesses._on_pressed(wanted, 0, Check(Qt.CheckState.Checked))
    assert guesses.model.says(wanted) is None and "1 rejected" in guesses.sum.text()
    check_manners(dialog)
    with qtbot.waitSignal(dialog.added) as told:
        buttons(dialog)["Write catalog/shop.yaml"].click()
    assert told.args == ["shop"]
    text = (real.workspace.folder / "catalog" / "shop.yaml").read_text(encoding="utf-8")
    assert "user.contact.email" not in text and "customers:" in text and "canary" not in text
    assert real.catalog_read().catalog is not None


def test_only_what_should_be_looked_at(dialog: AddDialog, qtbot: Any) -> None:
    dialog.place.setText("shop.db")
    dialog.act.click()
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == DRAFT)
    every = len(dialog.guesses.model.rows)
    dialog.guesses.unsure.setChecked(True)
    shown = [dialog.guesses.model.guess(i) for i in range(len(dialog.guesses.model.rows))]
    assert len(shown) < every and all(not g.declared for g in shown)


def test_what_is_not_there_is_said_and_can_be_typed_anew(dialog: AddDialog, qtbot: Any) -> None:
    dialog.place.setText("sqlite:///missing/nowhere.db")
    dialog.act.click()
    qtbot.waitUntil(lambda: dialog.banner.isVisible())
    assert dialog.pages.currentIndex() == 0 and not dialog.act.reason
    dialog.place.setText("postgresql://ann:secret@host/x")
    dialog.act.click()
    qtbot.waitUntil(lambda: dialog.banner.title == "A password stands in the address.")
    assert "secret" not in dialog.banner.title + dialog.banner.text


def test_a_ready_connector_becomes_a_file(dialog: AddDialog, qtbot: Any, real: Desk) -> None:
    assert "woocommerce" in {r.name for r in ready(real.workspace.folder)}
    dialog.tabs.choose(READY)
    lists = dialog.connectors
    lists.table.go_to(next(i for i, r in enumerate(lists.model.rows) if r.name == "woocommerce"))
    assert "Not described" in lists.tells.text()
    lists.edit.setText("Shop!")
    assert dialog.act.reason.startswith("Its name")
    lists.edit.setText("web")
    assert dialog.act.reason == "Say where it is."
    lists.place.setText("sqlite:///shop.db")
    lists.environment.choose("test")
    with qtbot.waitSignal(dialog.added):
        dialog.act.click()
    text = (real.workspace.folder / "catalog" / "web.yaml").read_text(encoding="utf-8")
    assert text == 'system: web\nconnector: woocommerce\nurl: "sqlite:///shop.db"\nenvironment: test\n'
    assert real.catalog_read().catalog is not None


def test_versions_tell_who_when_why_and_come_back(world: World, qtbot: Any, bridge: Bridge) -> None:
    file = world.folder / "catalog" / "shop.yaml"
    file.write_text("system: shop\ndriver: manual\ntitle: First\n", encoding="utf-8")
    desk = world.desk()
    first = len(desk.catalog_versions())
    file.write_text("system: shop\ndriver: manual\ntitle: Second\n", encoding="utf-8")
    desk.accept_catalog(reason="The shop has another name")
    dialog = VersionsDialog(desk, bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "Second" in dialog.text.toPlainText() or "title" in dialog.text.toPlainText())
    index = dialog.model.index(0, 0)
    assert "The shop has another name" in index.data(Qt.ItemDataRole.AccessibleTextRole) and "latest" in index.data(
        Qt.ItemDataRole.AccessibleTextRole
    )
    check_manners(dialog)
    file.write_text("system: shop\ndriver: manual\ntitle: Third\n", encoding="utf-8")
    dialog.table.go_to(1)
    buttons(dialog)[f"Bring version {first} back"].click()
    qtbot.waitUntil(lambda: dialog.act.text() == "Write over what no version holds")
    assert "Third" in file.read_text(encoding="utf-8") and dialog.act.kind == "danger"
    with qtbot.waitSignal(dialog.recorded):
        dialog.act.click()
    assert "First" in file.read_text(encoding="utf-8") and len(desk.catalog_versions()) == first + 1


def test_accepting_takes_a_reason(world: World, qtbot: Any, bridge: Bridge) -> None:
    (world.folder / "catalog" / "shop.yaml").write_text("system: shop\ndriver: manual\n", encoding="utf-8")
    desk = world.desk()
    (world.folder / "catalog" / "shop.yaml").write_text("system: shop\ndriver: manual\ntitle: S\n", encoding="utf-8")
    page = CatalogPage(desk, bridge)
    qtbot.addWidget(page)
    page.show_catalog()
    qtbot.waitUntil(lambda: bool(page.state and page.state.live) and not bridge.busy)
    page.acts.accept()
    dialog = page.findChildren(AcceptDialog)[-1]
    dialog.reason.setText("Agreed with sales")
    dialog.act.click()
    qtbot.waitUntil(lambda: desk.catalog_versions()[-1].reason == "Agreed with sales")
    qtbot.waitUntil(lambda: not bridge.busy)


def test_every_act_of_the_page_has_a_name_in_the_window(qtbot: Any, real: Desk, bridge: Bridge) -> None:
    page = CatalogPage(real, bridge)
    qtbot.addWidget(page)
    went: list[str] = []
    window = SimpleNamespace(here="requests", page=page, go=went.append)
    for act, kind in (("add", AddDialog), ("trial", TrialDialog), ("versions", VersionsDialog)):
        on_systems(window, act)
        dialog = next(d for d in page.findChildren(kind) if d.isVisible())
        dialog.reject()
    assert went == ["systems"] * 3 and {"add_system", "trial", "versions", "mend"} <= {a.name for a in ACTS}
    qtbot.waitUntil(lambda: not bridge.busy)
