"""What the page of systems says to people who don't read YAML: guesses, kinds of systems, special categories, first versions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QPlainTextEdit

import dsr_desk.drivers
import dsr_desk.strategies
from dsr_desk.drivers.base import Driver
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.catalog_dialogs import AcceptDialog
from dsr_desk.gui.dialogs.field_dialog import FieldDialog
from dsr_desk.gui.models.field_choices import strategy_words
from dsr_desk.gui.models.fields_model import FieldsModel
from dsr_desk.gui.models.form_model import FieldRow
from dsr_desk.gui.models.guess_words import guess_words
from dsr_desk.gui.models.wording import driver_word, sign_of
from dsr_desk.gui.widgets.parts import Chip
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy
from tests.gui.fake_catalog import state
from tests.gui.fake_pages import FakeDesk
from tests.gui.pages import bridge, buttons, desk, texts  # noqa: F401

STRATEGIES = plugins(dsr_desk.strategies, Strategy)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("key: [id]", "A row is named by id"),
        ('key: [thread, "no"]', "A row is named by thread and no"),
        ("subject: true", "A row is a person"),
        ("subject: {when: {type: User}}", "A row is a person where a condition holds"),
        ("on_erase: redact", "On erasure the row stays, its fields are erased"),
        ("category: user.contact.email", "Personal: e-mail address"),
        ("category: user.name.first", "Personal: name, first"),
        ("identity: date_of_birth", "A person is found by it, as date of birth"),
        ("identity: {is: phone, when: {field: 4}}", "A person is found by it, as phone, where a condition holds"),
        ("identities: {name: [given, family]}", "Together a person is found by them, as name"),
        ("owned_by: customers.id", "The row belongs to customers"),
        ("owned_by: [{to: a.id, when: {k: a}}, {to: b.id, when: {k: b}}]", "The row belongs to a or b"),
        ("owned_by: [a.id, b.id, c.id, d.id, e.id]", "The row belongs to a, b, c or 2 more"),
        ("points_at: crm/staff.id", "The row only names crm/staff"),
        ("references: [{fields: [t, p], accessed_by: messages, to: [x, y]}]", "The row may be seen by messages"),
        ("mentions: true", "Free text in which a person may be named"),
        ("erase: null", "On erasure it is emptied"),
        ("erase: {constant: Erased}", "On erasure it becomes “Erased”"),
        ('keep: {ground: "17(3)(b)", reason: Tax law}', "Kept under Art. 17(3)(b): Tax law"),
    ],
)
def test_a_guess_is_said_in_words(says: str, words: str) -> None:
    assert guess_words(says) == words


@pytest.mark.parametrize(
    "says", ["", "odd", "a: [", "new_key: 3", "on_erase: vanish", "key: id", "references: 3", "owned_by: {a: b}"]
)
def test_what_has_no_words_is_shown_as_it_stands(says: str) -> None:
    assert guess_words(says) == says


def test_every_driver_has_its_icon_and_its_word() -> None:
    names = set(plugins(dsr_desk.drivers, Driver))
    for name in names:
        assert sign_of(name) in theme.SIGNS and sign_of(name) != sign_of("somebodys-own"), name
        assert driver_word(name) != name or name == "mailbox", name
    assert len({sign_of(n) for n in ("sql", "sheet", "folder", "s3", "mailbox", "ldap", "mongodb", "rest", "manual")}) == 9
    assert driver_word("somebodys-own") == "somebodys-own" and sign_of("somebodys-own") in theme.SIGNS


def test_every_strategy_is_offered_in_words() -> None:
    assert all(strategy_words(name) == f"{strategy_words(name).rpartition(' (')[0]} ({name})" for name in STRATEGIES)


def test_a_special_category_is_flagged_in_the_form(qtbot: Any, bridge: Bridge) -> None:  # noqa: F811
    model = FieldsModel()
    health = FieldRow("diet", {"category": "user.health_and_medical", "erase": None}, 3)
    model.set_rows([health, FieldRow("born", {"category": "user.demographic.date_of_birth"}, 4)])
    assert model.parts(model.rows[0], 1) == (Chip("health", "failed", "special"),)
    assert model.parts(model.rows[1], 1) == (Chip("date_of_birth"),)
    dialog = FieldDialog("people", health, STRATEGIES, ())
    qtbot.addWidget(dialog)
    assert "special category" in texts(dialog)
    dialog.category.setText("user.name")
    assert "special category" not in texts(dialog)


def accept(qtbot: Any, bridge: Bridge, desk: FakeDesk, **facts: Any) -> AcceptDialog:  # noqa: F811
    dialog = AcceptDialog(desk, bridge, replace(state(), **facts))  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    return dialog


def test_a_first_version_tells_what_it_describes(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> None:  # noqa: F811
    dialog = accept(qtbot, bridge, desk, changes=(), difference="", version="")
    assert "This is its first version." in texts(dialog)
    told, difference = dialog.findChildren(QPlainTextEdit)
    assert told.toPlainText().startswith("Everything is new.\nWeb shop: ") and difference.isHidden()
    assert "Accept the first version" in buttons(dialog, shown=False)


def test_a_change_of_comments_is_no_first_version(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> None:  # noqa: F811
    dialog = accept(qtbot, bridge, desk, changes=(), difference="-# a\n+# b", version="version 3, by I. Kowal")
    assert "first version" not in texts(dialog) and "only comments, order or spacing differ" in texts(dialog)
    assert "Accept these files" in buttons(dialog, shown=False)
    assert not dialog.findChildren(QPlainTextEdit)[1].isHidden()
