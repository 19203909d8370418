"""Text and form are one document over a real workspace: each moves the other, comments stay, undo is one stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QMainWindow

from dsr_desk.catalog.edit import Change
from dsr_desk.flow.desk import Desk
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.catalog_dialogs import ConflictDialog, UnsavedDialog
from dsr_desk.gui.dialogs.field_dialog import FieldDialog
from dsr_desk.gui.dialogs.owner_dialog import OwnerDialog
from dsr_desk.gui.dialogs.trial_dialog import TrialDialog
from dsr_desk.gui.dialogs.uncovered_dialog import UncoveredDialog
from dsr_desk.gui.pages.catalog_page import CatalogPage
from dsr_desk.store import keys
from tests.flow.world import World, table
from tests.gui.pages import buttons, check_manners, texts

SHOP = """# ours
system: shop
driver: sql
url: sqlite:///shop.db
collections:
  customers:        # people
    subject: true
    key: [id]
    on_erase: redact
    fields:
      id: {}
      email: {category: user.contact.email, identity: email, erase: null}   # unique
      born: {category: user.demographic.date_of_birth, erase: null}
  orders:
    key: [id]
    on_erase: delete
    fields:
      id: {}
      buyer: {}
"""
DDL = {
    "customers": "id INTEGER PRIMARY KEY, email TEXT, born DATE NOT NULL, vat TEXT",
    "orders": "id INTEGER PRIMARY KEY, buyer INTEGER, ip TEXT",
}


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)
    world = World(tmp_path)
    world.sql(
        "shop",
        customers=table("id email born vat", (1, "ann@x.org", "1990-01-01", "DE1"), ddl=DDL["customers"]),
        orders=table("id buyer ip", (7, 1, "::1"), (8, 1, "::1"), ddl=DDL["orders"]),
    )
    (tmp_path / "catalog" / "shop.yaml").write_text(SHOP, encoding="utf-8")
    return world.desk()


@pytest.fixture
def page(qtbot: Any, real: Desk, bridge: Bridge) -> CatalogPage:
    made = CatalogPage(real, bridge)
    qtbot.addWidget(made)
    made.resize(1224, 720)
    made.show()
    made.show_catalog()
    _settle(made, qtbot)
    return made


def _settle(page: CatalogPage, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not page._bridge.busy and not page.typing.busy and bool(page.state and page.state.live), timeout=20_000)


def _type(page: CatalogPage, old: str, new: str, qtbot: Any) -> None:
    text = page.body.yaml.text
    assert old in text
    page.body.yaml.replace_text(text.replace(old, new, 1))
    page.typing.check()
    _settle(page, qtbot)


def _dialog(page: CatalogPage, kind: type[Any]) -> Any:
    return next(d for d in page.findChildren(kind) if d.isVisible())


def _choose(choice: Any, value: str) -> None:
    choice.choose(value)
    choice.activated.emit(choice.currentIndex())


def test_typing_moves_the_form(page: CatalogPage, qtbot: Any) -> None:
    assert page.body.shown is not None and page.body.shown.name == "customers"
    _type(page, "    subject: true\n", "    title: Accounts\n    subject: true\n", qtbot)
    assert page.body.form.title.text() == "Accounts" and page.body.form.row_is.value == "person"
    page.body.go_to(page.body.yaml.text[: page.body.yaml.text.index("orders:")].count("\n") + 2)
    assert page.body.shown.name == "orders" and page.body.form.on_erase.value == "delete"


def test_the_form_changes_the_text_and_undo_is_one_stack(page: CatalogPage, qtbot: Any) -> None:
    yaml, form = page.body.yaml, page.body.form
    _type(page, "# ours", "# mine", qtbot)
    _choose(form.on_erase, "delete")
    qtbot.waitUntil(lambda: "on_erase: delete\n    fields:\n      id: {}\n      email" in yaml.text)
    form.title.setText("Accounts")
    form.title.editingFinished.emit()
    qtbot.waitUntil(lambda: "title: Accounts" in yaml.text)
    for comment in ("# mine", "# people", "# unique"):
        assert comment in yaml.text
    for _ in range(3):
        yaml.undo()
    assert yaml.text == SHOP
    page.typing.check()
    _settle(page, qtbot)
    assert form.on_erase.value == "redact" and form.title.text() == ""


def test_what_is_typed_while_the_form_works_is_not_lost(page: CatalogPage, qtbot: Any) -> None:
    page.acts.change([Change(("title",), "Shop")])
    page.body.yaml.replace_text(SHOP.replace("# ours", "# mine"))
    qtbot.waitUntil(lambda: "title: Shop" in page.body.yaml.text)
    assert page.body.yaml.text == SHOP.replace("# ours", "# mine").replace("driver: sql", "title: Shop\ndriver: sql")


def test_a_page_that_is_left_checks_when_it_is_seen_again(page: CatalogPage, qtbot: Any) -> None:
    page.body.yaml.replace_text(SHOP.replace("on_erase: redact", "on_erase: redactt", 1))
    page.hide()
    qtbot.waitUntil(lambda: page.typing._due)
    assert not page.state.check.errors  # type: ignore[union-attr]
    page.show()
    qtbot.waitUntil(lambda: bool(page.state.check.errors))  # type: ignore[union-attr]


def test_checking_again_reads_others_and_leaves_what_is_typed(page: CatalogPage, qtbot: Any, real: Desk) -> None:
    _type(page, "# ours", "# mine", qtbot)
    (real.workspace.folder / "catalog" / "shop.yaml").write_text(SHOP.replace("# ours", "# theirs"), encoding="utf-8")
    page.check_again()
    _settle(page, qtbot)
    assert "# mine" in page.body.yaml.text
    page.acts.drop()
    qtbot.waitUntil(lambda: "# theirs" in page.body.yaml.text)
    _settle(page, qtbot)


def test_an_error_stands_at_its_line_under_its_field_and_in_the_counter(page: CatalogPage, qtbot: Any) -> None:
    _type(page, "on_erase: redact", "on_erase: anonimise", qtbot)
    _type(page, "on_erase: anonimise", "on_erase: redactt", qtbot)
    line = SHOP[: SHOP.index("on_erase")].count("\n") + 1
    assert page.body.yaml.problems()[line].severity == "error"
    assert f"Line {line}: on_erase is redactt" in texts(page) and "1 error" in texts(page)
    assert page.body.form.on_erase.value == "redactt"
    qtbot.waitUntil(lambda: "Use redact" in buttons(page))
    buttons(page)["Use redact"].click()
    page.typing.check()
    _settle(page, qtbot)
    assert page.body.yaml.text == SHOP and not page.body.yaml.problems().get(line)


def test_keys_mend_and_lead_to_errors(page: CatalogPage, qtbot: Any) -> None:
    _type(page, "on_erase: redact", "on_erase: redactt", qtbot)
    QTest.keyClick(page.body.yaml, Qt.Key.Key_F8)
    assert page.body.yaml.line == SHOP[: SHOP.index("on_erase")].count("\n") + 1
    assert page.body.mend_here()
    assert page.body.yaml.text == SHOP


def test_what_cant_be_read_keeps_the_form_grey_with_the_reason(page: CatalogPage, qtbot: Any) -> None:
    before = page.body.shown
    _type(page, "key: [id]", "key: [id", qtbot)
    form = page.body.form
    assert "The form waits: line" in form.note and form.form == before
    assert not form.title.isEnabled() and not form.names.isEnabled() and page.body.yaml.text.count("[id\n") == 1
    _type(page, "key: [id\n", "key: [id]\n", qtbot)
    assert form.title.isEnabled() and form.note == ""


def test_a_text_that_cant_be_read_offers_no_cure_of_the_one_before(page: CatalogPage, qtbot: Any) -> None:
    _type(page, "on_erase: redact", "on_erase: redactt", qtbot)
    qtbot.waitUntil(lambda: "Use redact" in buttons(page))
    _type(page, "on_erase: redactt", "on_erase: [", qtbot)
    assert "Use redact" not in buttons(page) and "on_erase is redactt" not in texts(page)
    _type(page, "on_erase: [", "on_erase: redactt", qtbot)
    qtbot.waitUntil(lambda: "Use redact" in buttons(page))


def test_a_refusal_ahead_is_told_while_typing_without_asking_a_system(page: CatalogPage, qtbot: Any, real: Desk) -> None:
    assert "1 refusal ahead" in texts(page), "born is NOT NULL"
    (real.workspace.folder / "shop.db").rename(real.workspace.folder / "away.db")
    _type(page, "date_of_birth, erase: null", "date_of_birth, erase: {constant: 1900-01-01}", qtbot)
    assert "refusal ahead" not in texts(page) and not page.state.check.errors  # type: ignore[union-attr]


def test_a_field_is_changed_by_its_dialog(page: CatalogPage, qtbot: Any) -> None:
    row = next(i for i, r in enumerate(page.body.form.model.rows) if r.name == "born")
    page.body.form._table.opened.emit(row)
    dialog = _dialog(page, FieldDialog)
    offered = [dialog.erase.itemData(i) for i in range(dialog.erase.count())]
    assert "generalise" in offered and "mask" not in offered, "only what a date takes"
    assert "null" in offered and "may not be empty" in texts(dialog), "what stands in the file is still shown"
    assert dialog.act.reason == "Nothing is changed yet."
    check_manners(dialog)
    dialog.erase.choose("generalise")
    dialog._settings["to"].setText("year")
    dialog.act.click()
    qtbot.waitUntil(lambda: "erase: {generalise: year}}" in page.body.yaml.text)
    assert "# unique" in page.body.yaml.text


def test_an_owner_is_said_by_field_and_target(page: CatalogPage, qtbot: Any) -> None:
    page.acts.say_owner("orders", "customers")
    dialog = _dialog(page, OwnerDialog)
    assert dialog.target.value == "customers.id" and dialog.act.reason
    check_manners(dialog)
    dialog.field.choose("buyer")
    dialog.act.click()
    qtbot.waitUntil(lambda: "buyer: {owned_by: customers.id}" in page.body.yaml.text)


def test_uncovered_columns_become_fields(page: CatalogPage, qtbot: Any) -> None:
    assert page.head.uncovered.text() == "Show the 2"
    page.head.uncovered.click()
    dialog = _dialog(page, UncoveredDialog)
    check_manners(dialog)
    (vat, category), (ip, _) = dialog.rows
    assert dialog.act.reason
    vat.choose("personal")
    assert dialog.act.reason == "Choose a category for what is personal."
    category.setText("user.nonsense")
    assert "is not a category" in dialog.act.reason
    category.setText("user.government_id")
    ip.choose("plain")
    dialog.act.click()
    qtbot.waitUntil(lambda: "ip: {}" in page.body.yaml.text)
    page.typing.check()
    _settle(page, qtbot)
    assert "vat: {category: user.government_id}" in page.body.yaml.text
    assert page.head.uncovered.isHidden() and "5 of 5" not in texts(page) and "7 of 7 columns known" in texts(page)


def test_saving_writes_and_asks_the_systems_again(page: CatalogPage, qtbot: Any, real: Desk) -> None:
    _type(page, "# ours", "# mine", qtbot)
    assert page.head.accept.isHidden() and not page.head.save.isHidden()
    page.head.save.click()
    qtbot.waitUntil(lambda: real.catalog_bytes("catalog/shop.yaml") == SHOP.replace("# ours", "# mine").encode())
    _settle(page, qtbot)
    assert page.head.save.isHidden() and not page.texts.changed()
    page.body.yaml.undo()
    assert page.texts.changed(), "undo goes on past a save"


@pytest.mark.parametrize("mine", [True, False])
def test_a_file_that_somebody_else_changed_is_shown_first(page: CatalogPage, qtbot: Any, real: Desk, mine: bool) -> None:
    file = real.workspace.folder / "catalog" / "shop.yaml"
    _type(page, "# ours", "# mine", qtbot)
    file.write_text(SHOP.replace("# ours", "# theirs"), encoding="utf-8")
    page.head.save.click()
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(ConflictDialog)))
    assert "# theirs" in file.read_text(encoding="utf-8"), "nothing is written yet"
    dialog = _dialog(page, ConflictDialog)
    check_manners(dialog)
    buttons(dialog)["Write mine over it" if mine else "Drop mine, take theirs"].click()
    word = "# mine" if mine else "# theirs"
    qtbot.waitUntil(lambda: word in file.read_text(encoding="utf-8") and word in page.body.yaml.text)
    _settle(page, qtbot)
    assert not page.texts.changed()


def test_what_would_this_find_asks_by_what_is_typed(page: CatalogPage, qtbot: Any, real: Desk) -> None:
    _type(page, "buyer: {}", "buyer: {owned_by: customers.id}", qtbot)
    entries = len(real.entries())
    page.head.trial.click()
    dialog = _dialog(page, TrialDialog)
    check_manners(dialog)
    assert "1 file with what is typed and not saved" in texts(dialog)
    dialog.value.setText("ann@x.org")
    dialog.act.click()
    qtbot.waitUntil(lambda: bool(dialog.model.rows))
    assert {r.collection: r.records for r in dialog.model.rows} == {"": 3, "customers": 1, "orders": 2}
    assert [e.type for e in real.entries()[entries:]] == ["search.run"] and not real.requests()
    assert "ann@x.org" not in texts(dialog)


def test_a_window_doesnt_close_over_what_is_not_saved(qtbot: Any, real: Desk, bridge: Bridge) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    page = CatalogPage(real, bridge)
    window.setCentralWidget(page)
    window.show()
    page.show_catalog()
    _settle(page, qtbot)
    _type(page, "# ours", "# mine", qtbot)
    assert not window.close() and window.isVisible()
    check_manners(_dialog(page, UnsavedDialog))
    buttons(_dialog(page, UnsavedDialog))["Stay here"].click()
    again = CatalogPage(real, bridge)
    qtbot.addWidget(again)
    again.show_catalog()
    _settle(again, qtbot)
    assert "# mine" in again.body.yaml.text, "a page that is made anew keeps what was typed"
    window.close()
    buttons(_dialog(page, UnsavedDialog))["Save and leave"].click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert b"# mine" in real.catalog_bytes("catalog/shop.yaml")


def test_leaving_without_saving_leaves(qtbot: Any, real: Desk, bridge: Bridge) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    page = CatalogPage(real, bridge)
    window.setCentralWidget(page)
    window.show()
    page.show_catalog()
    _settle(page, qtbot)
    _type(page, "# ours", "# mine", qtbot)
    window.close()
    buttons(_dialog(page, UnsavedDialog))["Leave without saving"].click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert b"# ours" in real.catalog_bytes("catalog/shop.yaml")


def test_what_is_typed_and_taken_back_is_checked_again(page: CatalogPage, qtbot: Any) -> None:
    _type(page, "on_erase: redact", "on_erase: redactt", qtbot)
    page.body.yaml.undo()
    qtbot.waitUntil(lambda: not page.typing.busy and not page.state.check.errors)  # type: ignore[union-attr]
    assert page.body.form.on_erase.value == "redact" and not page.texts.changed()
    assert page.state is page._read, "what the systems said holds again"


def test_completion_narrows_and_writes(page: CatalogPage, qtbot: Any) -> None:
    yaml = page.body.yaml
    _type(page, "      buyer: {}\n", "      buyer: {}\n      ip: {cat}\n", qtbot)
    cursor = yaml.textCursor()
    cursor.setPosition(yaml.text.index("{cat}") + 4)
    yaml.setTextCursor(cursor)
    yaml.setFocus()
    QTest.keyClick(yaml, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert "ip: {category: }" in yaml.text, "one word fits: it is taken"
    QTest.keyClick(yaml, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(yaml, "device")
    assert yaml._offers.words[0].startswith("user.device") or "device" in yaml._offers.words[0]
    word = yaml._offers.words[0]
    QTest.keyClick(yaml, Qt.Key.Key_Return)
    assert f"ip: {{category: {word}}}" in yaml.text and not yaml._offers.words


def test_hard_blanks_and_signs_beyond_the_plane_survive(page: CatalogPage, qtbot: Any) -> None:
    _type(page, "# ours", "# \u00a0🙂 ours", qtbot)
    _type(page, "subject: true", "subject: true  # 🙂", qtbot)
    assert page.body.yaml.text == SHOP.replace("# ours", "# \u00a0🙂 ours").replace("subject: true", "subject: true  # 🙂")
    page.body.yaml.undo()
    page.body.yaml.undo()
    assert page.body.yaml.text == SHOP


def test_no_dialog_is_left_and_manners_hold(page: CatalogPage) -> None:
    check_manners(page)
    assert not [d for d in page.findChildren(QDialog) if d.isVisible()]
