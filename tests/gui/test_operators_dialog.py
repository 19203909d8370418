"""Who works here, in the window; and the recovery sheet of a new workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dsr_desk.audit import trail
from dsr_desk.flow.desk import Desk
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.operators_dialog import CodeDialog, OperatorsDialog
from dsr_desk.gui.dialogs.recovery import RecoveryDialog
from dsr_desk.gui.widgets.fields import Choice, Edit
from dsr_desk.render.recovery import Sheet, recovery_html
from dsr_desk.store import keys
from dsr_desk.store.workspace import Settings, Workspace
from tests.flow.world import no_pdf
from tests.gui.pages import bridge, texts  # noqa: F401

SHEET = Sheet("Halden <b>& Co", "/srv/desk", "dsr-desk/ab", "Ada", "22 November 2026", "SAMP-1EC0-MPAN-Y0NE-VERS-ECRE-T0V3")


@pytest.fixture
def ada(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)
    made = Workspace.create(tmp_path / "w", operator="Ada", settings=Settings("D"), passphrase="correct horse", trail=trail)
    with made:
        yield Desk(made, no_pdf), made.recovery


def _open(dialog: OperatorsDialog) -> CodeDialog:
    (found,) = dialog.findChildren(CodeDialog)
    return found


def test_somebody_is_admitted_and_two_are_asked_for(ada: Any, bridge: Bridge, qtbot: Any) -> None:  # noqa: F811
    desk, code = ada
    dialog = OperatorsDialog(desk, bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: [o.name for o in dialog.model.rows] == ["Ada"])
    dialog.on_act()
    ask = _open(dialog)
    assert ask.act.reason == "Fill in name and passphrase."
    name, first, again, typed = (e for e in ask.findChildren(Edit))
    (role,) = ask.findChildren(Choice)
    name.setText("S. Adeyemi")
    role.choose("approver")
    first.setText("my own words")
    assert ask.act.reason == "The passphrases differ."
    again.setText("my own words")
    typed.setText("nonsense")
    ask.act.click()
    qtbot.waitUntil(lambda: "not a recovery code" in texts(ask))
    typed.setText(code)
    with qtbot.waitSignal(dialog.changed):
        ask.act.click()
    qtbot.waitUntil(lambda: [(o.name, o.role) for o in dialog.model.rows] == [("Ada", "approver"), ("S. Adeyemi", "approver")])
    qtbot.waitUntil(lambda: not dialog.findChildren(CodeDialog))
    dialog.policy.click()
    ask = _open(dialog)
    ask.code.setText(code)
    with qtbot.waitSignal(dialog.changed):
        ask.act.click()
    qtbot.waitUntil(lambda: "two approvals" in dialog.asked.text())
    assert desk.approvals_asked() == 2


def test_the_code_is_shown_until_it_was_kept(qtbot: Any, tmp_path: Path) -> None:
    dialog = RecoveryDialog(SHEET)
    qtbot.addWidget(dialog)
    dialog.show()
    assert SHEET.code in texts(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    dialog.save_to(tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-1.")
    assert dialog.save.text() == "Saved"
    dialog.save_to(tmp_path / "none" / "sheet.pdf")
    assert "sheet.pdf" in texts(dialog) or "folder" in texts(dialog)


def test_nothing_on_the_sheet_is_drawn_as_html() -> None:
    html = recovery_html(SHEET)
    assert "<b>" not in html
    assert SHEET.code in html
    assert SHEET.code not in repr(SHEET)
