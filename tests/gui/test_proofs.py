"""What proves things, in the window: anchors, evidence and its check, destroyed files, a workspace that was rolled back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dsr_desk.app.workspaces import make_sample, open_desk
from dsr_desk.errors import CredentialsError, RefusedError, RolledBackError, UnreachableError
from dsr_desk.flow.desk import Desk
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.anchor_dialog import AnchorDialog
from dsr_desk.gui.dialogs.evidence_dialog import EvidenceDialog
from dsr_desk.gui.dialogs.password import PasswordDialog
from dsr_desk.gui.dialogs.restored_dialog import RestoredDialog
from dsr_desk.gui.dialogs.shred_dialog import ShredDialog, ShredDueDialog
from dsr_desk.gui.dialogs.stolen_dialog import StolenDialog
from dsr_desk.gui.dialogs.workspace import PassphraseDialog
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.pages.audit_page import KEYS, AuditPage
from dsr_desk.gui.pages.check_page import CheckPage
from dsr_desk.gui.pages.report_page import ReportPage
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.style import dress
from dsr_desk.model.shred import LAST_EVIDENCE
from tests.gui.fake_desk import FakeDesk as WindowDesk
from tests.gui.fake_pages import FakeDesk, request, systems
from tests.gui.pages import bridge, buttons, check_manners, desk, shown, texts  # noqa: F401
from tests.gui.shots import doors, opened


def dialog_of(parent: QWidget, kind: type[Any]) -> Any:
    return next(d for d in parent.findChildren(kind) if d.isVisible())


def test_a_label_keeps_its_colour_when_the_look_is_put_on_again(qtbot: Any, bridge: Bridge) -> None:  # noqa: F811
    label, app = Label("It does not hold"), QApplication.instance()
    qtbot.addWidget(label)
    label.show()
    label.set_tint("failed")
    assert isinstance(app, QApplication)
    dress(app, theme.current())
    qtbot.waitUntil(lambda: label.palette().color(QPalette.ColorRole.WindowText) == theme.color("failed"))


# -- anchors


@pytest.fixture
def anchor(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> AnchorDialog:  # noqa: F811
    made = AnchorDialog(desk, bridge)  # type: ignore[arg-type]
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: "12 entries have been seen by nobody" in texts(made))
    return made


def test_each_way_to_anchor_says_what_it_is_worth(anchor: AnchorDialog, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    assert "once somebody outside this office has it" in anchor.follows.text()
    with qtbot.waitSignal(anchor.anchored):
        anchor.save_to(tmp_path / "letter.pdf")
    assert desk.calls[-1] == ("anchor_letter", tmp_path / "letter.pdf", "A4")
    assert "covers the first 60 entries" in anchor.banner.title
    check_manners(anchor)
    anchor.on_act()
    assert not anchor.isVisible()


def test_a_file_and_a_timestamp(anchor: AnchorDialog, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    anchor.way.choose("timestamp")
    assert anchor.act.reason == "Give the address of the authority."
    anchor.on_act()
    assert [c[0] for c in desk.calls] == []
    anchor.url.setText(" https://tsa.example.org ")
    desk.fail = UnreachableError("The authority did not answer.", "Try again.")
    anchor.on_act()
    qtbot.waitUntil(anchor.banner.isVisible)
    assert not anchor.act.reason and anchor.banner.title == "The authority did not answer."
    desk.fail = None
    with qtbot.waitSignal(anchor.anchored):
        anchor.on_act()
    assert desk.calls[-1] == ("anchor_timestamp", "https://tsa.example.org")


# -- evidence


@pytest.fixture
def report(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> ReportPage:  # noqa: F811
    made = ReportPage(desk, bridge, systems)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1224, 660)
    made.show()
    shown(made, replace(request(), stage="report"), qtbot)
    return made


def test_evidence_is_asked_for_and_its_password_shown_once(report: ReportPage, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    buttons(report)["Write the evidence bundle…"].click()
    asked = dialog_of(report, EvidenceDialog)
    assert asked.closed.isChecked() and "names nobody" in texts(asked)
    check_manners(asked)
    asked.opened.click()
    assert asked.opened.isChecked() and not asked.closed.isChecked()
    with qtbot.waitSignal(asked.chosen) as chosen:
        asked.on_act()
    assert chosen.args == [True]
    with qtbot.waitSignal(report.evidence.done):
        report.evidence.write_bundle("DSR-2026-0112", tmp_path / "e.zip")
    assert "cdcd cdcd cdcd cdcd" in report._banner.text and not report.findChildren(PasswordDialog)
    with qtbot.waitSignal(report.evidence.done):
        report.evidence.write_bundle("DSR-2026-0112", tmp_path / "o.zip", True)
    qtbot.waitUntil(lambda: bool(report.findChildren(PasswordDialog)))
    assert "correct horse" in texts(dialog_of(report, PasswordDialog))
    dialog_of(report, PasswordDialog).reject()


def test_a_receipt_is_for_one_person(report: ReportPage, desk: FakeDesk, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    with qtbot.waitSignal(report.evidence.done):
        report.evidence.write_receipt("DSR-2026-0112", tmp_path / "r.zip")
    assert desk.calls[-1][0] == "receipt" and "and nobody else’s" in report._banner.text
    one = request()
    many = replace(one, stage="report", facts=replace(one.facts, people=((("email", "a@example.org"),),)))
    shown(report, many, qtbot)
    assert report._receipt.reason.startswith("A receipt over a list")
    desk.fail = RefusedError("There is no room.", "Make some.")
    report.evidence.write_bundle("DSR-2026-0112", tmp_path / "x.zip")
    qtbot.waitUntil(lambda: report._banner.title == "There is no room.")
    assert not report._bundle.reason


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made, _ = make_sample(tmp_path_factory.mktemp("company") / "sample")
    yield made
    made.workspace.close()


@pytest.fixture(scope="module")
def bundles(company: Desk) -> dict[str, Any]:
    ref, folder = company.requests()[0].ref, company.workspace.folder
    company.search(next(r.ref for r in company.requests() if r.right == "erasure"))
    erasure = next(r.ref for r in company.requests() if r.right == "erasure")
    made = company.evidence(erasure, folder / "opened.zip", True)
    company.evidence(erasure, folder / "evidence.zip")
    company.receipt(ref, folder / "receipt.zip")
    return {"folder": folder, "password": made.password, "identity": company.request(erasure).facts.identity}


@pytest.fixture
def check(qtbot: Any, bridge: Bridge) -> CheckPage:  # noqa: F811
    made = CheckPage(bridge)
    qtbot.addWidget(made)
    made.resize(968, 640)
    made.show()
    return made


def checked(check: CheckPage, qtbot: Any, file: Path, password: str = "") -> None:
    check.check(file, password)
    qtbot.waitUntil(lambda: not check._bridge.busy, timeout=20_000)


def test_a_bundle_that_holds_says_what_it_can_not_show(check: CheckPage, qtbot: Any, bundles: dict[str, Any]) -> None:
    checked(check, qtbot, bundles["folder"] / "evidence.zip")
    assert check.said.text().startswith("It holds: ") and "written anew" in check.limit.text()
    assert "the one of this program" in texts(check) and "Show whose case it is" not in buttons(check)
    buttons(check)["Copy it"].click()
    assert QGuiApplication.clipboard().text().startswith("dsr-desk/")
    check_manners(check)


def test_an_opened_bundle_asks_for_its_password_and_shows_nobody_at_once(
    check: CheckPage, qtbot: Any, bundles: dict[str, Any]
) -> None:
    checked(check, qtbot, bundles["folder"] / "opened.zip")
    assert check.password.isVisible() and not check._card.isVisible()
    check.password.setText("wrong")
    QTest.keyClick(check.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open this bundle" in check._field.below, timeout=20_000)
    check.password.setText(bundles["password"])
    QTest.keyClick(check.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: check.said.text().startswith("It holds"), timeout=20_000)
    value = bundles["identity"][0][1]
    assert value not in texts(check)
    buttons(check)["Show whose case it is"].click()
    assert value.casefold() in texts(check).casefold()


def test_a_changed_bundle_is_red(check: CheckPage, qtbot: Any, bundles: dict[str, Any], tmp_path: Path) -> None:
    import zipfile

    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(bundles["folder"] / "evidence.zip") as good, zipfile.ZipFile(broken, "w") as bad:
        for name in good.namelist():
            data = good.read(name)
            bad.writestr(name, data.replace(b"case.open", b"case.opem") if name.endswith("trail.jsonl") else data)
    checked(check, qtbot, broken)
    assert check.said.text() == "It does not hold. trail.jsonl is not the file that the manifest names."
    assert check.said._tint == "failed" and not check._facts.isVisible()
    checked(check, qtbot, tmp_path / "gone.zip")
    assert check.banner.title == "The bundle can't be read." and not check._card.isVisible()


# -- the window around them


@pytest.fixture
def make(qtbot: Any, bridge: Bridge) -> Callable[..., MainWindow]:  # noqa: F811
    def made(first: Opened | None, ways: Doors | None = None) -> MainWindow:
        window = MainWindow(first, bridge, ways or doors())
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitUntil(lambda: not bridge.busy)
        return window

    return made


def test_a_bundle_is_checked_without_a_workspace_and_back_leads_to_the_start(
    make: Callable[..., MainWindow], qtbot: Any, bundles: dict[str, Any]
) -> None:
    from dsr_desk.gui.desk_acts import show_check

    window = make(None)
    assert "Check an evidence bundle…" in buttons(window)
    show_check(window, window._bridge, str(bundles["folder"] / "receipt.zip"))
    qtbot.waitUntil(lambda: "It holds" in texts(window), timeout=20_000)
    assert window.here == "check" and "a receipt for the person" in texts(window)
    window.keys.show_help()
    buttons(window)["Close this note"].click()
    buttons(window)["Back"].click()
    assert window.here == "start"


def test_acts_of_the_trail_are_reached_by_name(make: Callable[..., MainWindow], qtbot: Any) -> None:
    window = make(opened(WindowDesk()))
    window.act("anchor")
    dialog_of(window, AnchorDialog).reject()
    window.act("keys")
    qtbot.waitUntil(lambda: "recovery code" in texts(window.page._keys))
    window.act("trail")
    qtbot.waitUntil(lambda: "Intact" in texts(window.page))
    window.open_request("DSR-2026-0112")
    qtbot.waitUntil(lambda: not window._bridge.busy)
    window.page.trail_wanted.emit("DSR-2026-0112")
    qtbot.waitUntil(lambda: window.here == "audit" and "54 shown" in texts(window.page))


def test_what_is_due_is_said_and_what_stays_is_named(make: Callable[..., MainWindow], qtbot: Any) -> None:
    desk = WindowDesk()  # noqa: F811
    assert "is over" not in texts(make(opened(desk)).page)
    desk.due = [replace(request(), ref="DSR-2022-0007"), replace(request(), ref="DSR-2022-0012")]
    window = make(opened(desk))
    assert "The time of 2 closed requests is over." in texts(window.page)
    buttons(window.page)["Destroy 2 files…"].click()
    dialog = dialog_of(window, ShredDueDialog)
    qtbot.waitUntil(lambda: "DSR-2022-0007 and DSR-2022-0012" in texts(dialog))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert ("shred_due",) not in desk.calls and not dialog.act.reason
    with qtbot.waitSignal(dialog.changed):
        buttons(dialog)["Destroy 2 files for good"].click()
    said = texts(dialog)
    assert "1 file is destroyed." in said and "DSR-2022-0012 can't be shredded" in said and "only when every window" in said


def test_one_file_is_destroyed_before_its_time_or_says_what_needs_it(qtbot: Any, bridge: Bridge) -> None:  # noqa: F811
    desk, parent = FakeDesk(), QWidget()  # noqa: F811
    qtbot.addWidget(parent)
    dialog = ShredDialog(desk, bridge, "DSR-2026-0112", parent)  # type: ignore[arg-type]
    dialog.show()
    assert LAST_EVIDENCE in texts(dialog)
    desk.fail = RefusedError("DSR-2026-0112 can't be shredded. A legal hold stands on this request.", "See to that first.")
    buttons(dialog)["Destroy it for good"].click()
    qtbot.waitUntil(lambda: "A legal hold stands" in texts(dialog))
    desk.fail = None
    with qtbot.waitSignal(dialog.changed):
        buttons(dialog)["Try again"].click()
    assert desk.calls[-1] == ("shred", "DSR-2026-0112")


def test_a_workspace_that_was_rolled_back_opens_only_once_that_is_recorded(
    make: Callable[..., MainWindow], qtbot: Any, tmp_path: Path
) -> None:
    folder, older = tmp_path / "halden", tmp_path / "older"
    made, _ = make_sample(folder)
    made.workspace.close()
    shutil.copytree(folder, older)
    later = open_desk(folder, None, lambda: "sample")
    later.hold_request(later.requests()[0].ref, "Claim 4 O 221/26")
    later.workspace.close()
    shutil.rmtree(folder)
    shutil.copytree(older, folder)

    def open_(chosen: Path, typed: str | None, restored: bool = False) -> Opened:
        if typed is None:
            raise CredentialsError("It is locked.", "Type the passphrase.")
        desk = open_desk(chosen, None, lambda: typed, restored=restored)  # noqa: F811
        return Opened(desk, desk.systems, "Halden", "Ines", lambda _: True, close=desk.workspace.close)

    ways = replace(doors(), open=open_, restored=lambda chosen, typed: open_(chosen, typed, True))
    window = make(None, ways)

    def type_it() -> None:
        qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(PassphraseDialog)))
        dialog = dialog_of(window, PassphraseDialog)
        dialog.edit.setText("sample")
        dialog.on_act()

    window.open_folder(folder)
    type_it()
    qtbot.waitUntil(lambda: "older than it was" in texts(window), timeout=20_000)
    buttons(window)["Leave it closed"].click()
    assert window.here == "start" and "older than it was" not in texts(window)
    window.open_folder(folder)
    type_it()
    qtbot.waitUntil(lambda: "It was restored on purpose…" in buttons(window), timeout=20_000)
    buttons(window)["It was restored on purpose…"].click()
    asked = dialog_of(window, RestoredDialog)
    QTest.keyClick(asked.keep, Qt.Key.Key_Space)
    assert window.here == "start"
    buttons(window)["It was restored on purpose…"].click()
    buttons(dialog_of(window, RestoredDialog))["Record it and open"].click()
    type_it()
    qtbot.waitUntil(lambda: window.here == "requests", timeout=20_000)
    assert [e.type for e in window.desk.desk.entries()].count("head.reset") == 1
    window.close_workspace()


def test_an_error_of_another_kind_offers_no_way_in(make: Callable[..., MainWindow], qtbot: Any) -> None:
    window = make(None)
    window.entrance._on_not_opened(Path("/nowhere"), UnreachableError("It can't be read.", "Look at it."))
    assert "It can't be read." in texts(window) and "It was restored on purpose…" not in buttons(window)
    window.entrance._on_not_opened(Path("/nowhere"), RolledBackError("It is older."))
    assert "It is older." in texts(window) and "It was restored on purpose…" not in buttons(window)


def test_a_stolen_key_is_recorded_since_an_entry(qtbot: Any, desk: FakeDesk, bridge: Bridge) -> None:  # noqa: F811
    page = AuditPage(desk, bridge)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show_trail()
    page.show()
    page.show_view(KEYS)
    qtbot.waitUntil(lambda: len(page._keys.model.rows) == 3)
    stolen = buttons(page)["This key was stolen…"]
    assert stolen.reason == "Choose the key in the list."
    page._keys.table.go_to(0)
    assert stolen.reason.startswith("The root is under")
    page._keys.table.go_to(1)
    stolen.click()
    asked = dialog_of(page, StolenDialog)
    for wrong in ("", "x", "-3", "²"):
        asked.since.setText(wrong)
        assert asked.act.reason == "Give the number of an entry."
    asked.since.setText("31")
    asked.code.setText("the code")
    with qtbot.waitSignal(asked.happened):
        asked.on_act()
    assert desk.calls[-1] == ("key_compromised", "7f3a02c1" * 2, 31, "the code")
