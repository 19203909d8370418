"""What stands over requests and records: holds, restrictions, what can be undone, lists of people, locks and passwords."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs import password
from dsr_desk.gui.dialogs.act import ActDialog, ReasonDialog
from dsr_desk.gui.dialogs.hold_dialog import HoldDialog
from dsr_desk.gui.dialogs.lock_dialog import LockDialog
from dsr_desk.gui.dialogs.new_request import NewRequestDialog
from dsr_desk.gui.dialogs.password import PasswordDialog
from dsr_desk.gui.handover import Handover
from dsr_desk.gui.models import rights
from dsr_desk.gui.models.people_model import people, sentence
from dsr_desk.gui.models.standing import Standing, restricted_words
from dsr_desk.gui.pages.force_page import ForcePage
from dsr_desk.gui.pages.search_page import SearchPage
from dsr_desk.gui.widgets.people_bar import PeopleBar
from dsr_desk.gui.widgets.safe_lock import SafeLockBox
from dsr_desk.gui.widgets.standing_bar import StandingBar
from dsr_desk.model.finding import Candidate, PersonFound, RowRef
from dsr_desk.model.former import Restriction
from dsr_desk.model.hold import Hold
from dsr_desk.model.lock import SafeLock, TokenPlace
from dsr_desk.model.package import Exported
from tests.gui import fake_desk
from tests.gui.fake_desk import FakeDesk, catalog_systems, findings, result
from tests.gui.fake_pages import request, systems
from tests.gui.pages import bridge, buttons, check_manners, table, texts  # noqa: F401

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROW = RowRef("shop", "customers", ("1042",))
RESTRICTION = Restriction("DSR-2026-0005", "2026-11-03T10:00:00+00:00", "18(1)(a)", (ROW,))
HOLD = Hold("h1", "Claim 4 O 221/26", "I. Kowal", "2026-11-20T09:00:00+00:00", request="DSR-2026-0112", until="2027-02-01")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def bar(qtbot: Any, bridge: Bridge) -> StandingBar:  # noqa: F811
    made = StandingBar(lambda: NOW)
    qtbot.addWidget(made)
    return made


# -- over a request ------------------------------------------------------------------------------------------------------


def test_a_hold_is_red_where_it_forbids_and_amber_where_it_does_not(bar: StandingBar, qtbot: Any) -> None:
    bar.show_standing(request(), Standing((HOLD,)))
    (banner,) = bar.banners
    assert "nothing is erased" in banner.title and "Claim 4 O 221/26" in banner.text and "1 Feb 2027" in banner.text
    assert banner._tone == "failed"
    with qtbot.waitSignal(bar.release_wanted) as wanted:
        banner.findChild(type(buttons(banner, shown=False)["Release…"])).click()
    assert wanted.args == [HOLD]
    bar.show_standing(request("restriction"), Standing((HOLD,)))
    assert bar.banners[0]._tone == "retained" and "does not stand in the way" in bar.banners[0].text
    bar.show_standing(request(), Standing())
    assert bar.isHidden()


def test_a_restriction_says_what_it_can_not_stop_and_is_lifted_once(bar: StandingBar, qtbot: Any) -> None:
    bar.show_standing(request("restriction"), Standing(restricts=RESTRICTION))
    (banner,) = bar.banners
    assert banner.title.startswith("1 record restricted since") and "Other programs can still change them" in banner.text
    with qtbot.waitSignal(bar.lift_wanted):
        buttons(banner, shown=False)["Lift…"].click()
    bar.show_standing(request("restriction"), Standing(restricts=replace(RESTRICTION, lifting="DSR-2026-0009")))
    assert "Lift…" not in buttons(bar.banners[0], shown=False)
    assert "Open DSR-2026-0009" in buttons(bar.banners[0], shown=False)


def test_a_correction_is_undone_within_its_window_and_says_so_after(bar: StandingBar, qtbot: Any) -> None:
    bar.show_standing(request("rectification"), Standing(undo_until=NOW + timedelta(days=12)))
    assert "12 days more" in bar.banners[0].title
    with qtbot.waitSignal(bar.undo_wanted):
        buttons(bar.banners[0], shown=False)["Undo…"].click()
    bar.show_standing(request("rectification"), Standing(undo_until=NOW - timedelta(seconds=1)))
    undo = buttons(bar.banners[0], shown=False)["Undo…"]
    assert undo.reason.startswith("It could be taken back until") and undo.reason in bar.banners[0].text
    check_manners(bar)


def test_a_released_hold_proposes_the_plan_again(bar: StandingBar, qtbot: Any) -> None:
    bar.show_standing(request(), Standing(released=True))
    with qtbot.waitSignal(bar.plan_wanted):
        buttons(bar.banners[0], shown=False)["Plan it again"].click()


# -- the page of what is in force -------------------------------------------------------------------------------------------


def test_the_page_lists_sets_and_releases(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> None:  # noqa: F811
    desk.restricting = [RESTRICTION]
    old = replace(HOLD, id="h0", request="", identity=(("email", fake_desk.SECRET),), released="2026-11-22T08:00:00+00:00")
    desk.held = [old, HOLD]
    page = ForcePage(desk, bridge, systems, lambda: date(2027, 2, 1))  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(page.counted) as counted:
        page.refresh()
    assert counted.args == [2]
    (line,) = table(page.holds)
    assert line[0] == "DSR-2026-0112" and line[4] == "Release…"
    page.released.setChecked(True)
    assert len(table(page.holds)) == 2 and fake_desk.SECRET not in str(table(page.holds)) and table(page.holds)[1][4] == ""
    page.hold_table.part_pressed.emit(0, 4, None)
    dialog = page.findChild(ReasonDialog)
    assert dialog is not None and "planned again" in dialog.follows.text()
    QTest.keyClicks(dialog.edit, "The claim was withdrawn")
    dialog.act.click()
    qtbot.waitUntil(lambda: page.banner.isVisible())
    assert ("release_hold", "h1", "The claim was withdrawn") in desk.calls and "DSR-2026-0112" in page.banner.text
    with qtbot.waitSignal(page.request_wanted) as wanted:
        page.restriction_table.part_pressed.emit(0, 4, None)
    assert wanted.args == ["DSR-2026-0200"] and ("lift", "DSR-2026-0005") in desk.calls
    check_manners(page)


def test_a_hold_needs_somebody_a_reason_and_a_day_ahead(qtbot: Any, bridge: Bridge) -> None:  # noqa: F811
    host = QWidget()
    qtbot.addWidget(host)
    dialog = HoldDialog(kinds=["email", "customer_id"], today=lambda: date(2026, 11, 23), parent=host)
    assert "identifier" in dialog.act.reason
    dialog.rows.rows[0].value.setText("m@example.org")
    assert "reason of 10" in dialog.act.reason
    dialog.edit.setText("Claim 4 O 221/26")
    dialog.until.setText("1 Jan 2020")
    assert dialog.act.reason == "This day is past."
    dialog.until.setText("2027-02-01")
    with qtbot.waitSignal(dialog.given) as given:
        dialog.act.click()
    assert given.args == [[("email", "m@example.org")], "Claim 4 O 221/26", date(2027, 2, 1)]
    asked = HoldDialog("DSR-1", [("email", "m@example.org")], parent=host)
    asked.edit.setText("Claim 4 O 221/26")
    with qtbot.waitSignal(asked.given) as given:
        asked.act.click()
    assert given.args[0] == [], "the request is held, unless the person is chosen"


# -- records and people -------------------------------------------------------------------------------------------------------


def test_a_restricted_record_says_so_in_the_list_and_beside_it(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> None:  # noqa: F811
    desk.restricting = [RESTRICTION]
    desk.found_result = result(complete=True)
    page = SearchPage(desk, bridge, desk.systems)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1280, 700)
    page.show()
    page.show_request(desk.of)
    qtbot.waitUntil(lambda: page.panel.model.counts().found == len(findings()))
    marked = [f.ref for f in findings() if any(c.text == "restricted" for c in page.panel.model.marks(f))]
    assert marked == [ROW]
    page.panel.table.look_at(ROW)
    qtbot.waitUntil(lambda: "Restricted since 3 Nov 2026 by DSR-2026-0005" in texts(page.panel.pane))
    assert "Other programs can still change it" in texts(page.panel.pane)
    assert restricted_words([RESTRICTION])[ROW].endswith("DSR-2026-0005")


def test_each_person_of_a_list_has_a_state_and_can_be_left_out(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> None:  # noqa: F811
    who = tuple((("customer_id", str(n)),) for n in (1042, 1043, 1044, 1045))
    facts = replace(desk.of.facts, identity=(), people=who, lines=(1, 2, 3, 5), left_out={5: "Asked separately"})
    maybe = tuple(Candidate(f.row) for f in findings()[:2])
    found = replace(
        result(complete=True),
        findings=tuple(replace(f, people=(1,)) for f in findings()[:3]),
        people=(PersonFound(1, ()), PersonFound(2, ()), PersonFound(3, (), ambiguous=maybe)),
        ambiguous=maybe,
    )
    listed = people(facts, found)
    assert [(p.line, p.state) for p in listed] == [(3, "ambiguous"), (1, "found"), (2, "nobody"), (5, "left out")]
    assert sentence(listed) == "4 people of a list: 1 found, 1 nobody found, 1 can't be told apart, 1 left out"
    desk.of, desk.found_result = replace(desk.of, facts=facts), found
    page = SearchPage(desk, bridge, desk.systems)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1280, 700)
    page.show()
    stopped: list[object] = []
    page.ambiguous.connect(stopped.append)
    page.show_request(desk.of)
    qtbot.waitUntil(lambda: page.panel.people.said == sentence(listed))
    assert not page.panel.identity.isVisible() and page.panel.people.table.isVisible()
    assert not stopped, "one who can't be told apart does not stop the others"
    assert "line 3 of the list" in page.plan.reason
    assert "1043" not in str(table(page.panel.people.model)), "the identifiers are masked"
    page.panel.people.table.part_pressed.emit(0, 4, None)
    dialog = page.findChild(ReasonDialog)
    assert dialog is not None
    dialog.act.click()
    qtbot.waitUntil(lambda: ("leave_out", "DSR-2026-0112", (3,), "Can't be told apart") in desk.calls)


def test_the_people_bar_opens_by_itself_only_for_a_decision(qtbot: Any, bridge: Bridge) -> None:  # noqa: F811
    bar = PeopleBar()
    qtbot.addWidget(bar)
    bar.show_people([])
    assert "not been searched" in bar.said and bar.table.isHidden()


# -- a new request ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def dialog(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> Iterator[NewRequestDialog]:  # noqa: F811
    host = QWidget()
    made = NewRequestDialog(desk, bridge, catalog_systems(), today=lambda: fake_desk.TODAY, parent=host)  # type: ignore[arg-type]
    made.show()
    made.rows.rows[0].value.setText("somebody@mail.example")
    yield made
    shiboken6.delete(host)  # its timer must not ask a bridge that is closed


def test_every_right_is_offered_with_its_own_grounds(dialog: NewRequestDialog) -> None:
    names = [dialog.right.itemData(i) for i in range(dialog.right.count())]
    assert set(names) == {n for n, r in rights.known().items() if r.asked} and "lifting" not in names
    for name in names:
        dialog.right.choose(name)
        grounds = [dialog.ground.itemData(i) for i in range(dialog.ground.count())]
        assert grounds[1:] == list(rights.known()[name].grounds), name
        assert bool(grounds) == dialog._ground.isVisible()
        assert dialog._corrections.isVisible() == (name == "rectification")
        assert dialog._who.isVisible() == (name in ("erasure", "restriction", "objection"))


def test_a_correction_is_checked_while_it_is_typed(dialog: NewRequestDialog, desk: FakeDesk, qtbot: Any) -> None:
    dialog.right.choose("rectification")
    assert dialog.act.reason == "Say what is wrong, and what is right."
    row = dialog.corrections.rows[0]
    row.where.choose("user.contact.email")
    assert row.where.value == "user.contact.email", "categories of the catalog are offered"
    row.value.setText("no address")
    assert "no e-mail address" in row._field.below and "can't be written" in dialog.act.reason
    row.value.setText("new@example.org")
    assert not row.wrong
    dialog.corrections.add()
    dialog.corrections.rows[1].where.choose("user.contact.email")
    dialog.corrections.rows[1].value.setText("other@example.org")
    assert dialog.act.reason == "One place is named twice."
    dialog.corrections.rows[1].where.choose("shop/customers/full_name")
    qtbot.waitUntil(lambda: not dialog.act.reason)
    with qtbot.waitSignal(dialog.made):
        dialog.act.click()
    assert desk.calls[-1][0] == "open_request"
    assert desk.calls[-1][-1] == (("user.contact.email", "new@example.org"), ("shop/customers/full_name", "other@example.org"))


def test_a_list_is_counted_and_its_bad_lines_are_named(
    dialog: NewRequestDialog, desk: FakeDesk, qtbot: Any, tmp_path: Path
) -> None:
    dialog.who.choose("list")
    dialog.ground.setCurrentIndex(1)
    assert dialog.act.reason == "Choose the file that lists the people."
    bad = tmp_path / "bad.txt"
    bad.write_text("email=a@example.org\nshoe=42\nemail=\n", encoding="utf-8")
    dialog.people.read(bad)
    qtbot.waitUntil(dialog.people.banner.isVisible)
    assert "line 2" in dialog.people.banner.title and "line 3" in dialog.people.banner.title and dialog.act.reason
    good = tmp_path / "good.txt"
    good.write_text("email=a@example.org\nemail=b@example.org\nemail=A@example.org\n", encoding="utf-8")
    dialog.people.read(good)
    qtbot.waitUntil(lambda: dialog.people.banner.title == "2 people in good.txt.")
    assert "1 line only repeat" in dialog.people.banner.text
    qtbot.waitUntil(lambda: not dialog.act.reason)
    with qtbot.waitSignal(dialog.made):
        dialog.act.click()
    assert desk.calls[-1] == ("open_list", "erasure", good, fake_desk.TODAY, "17(1)(a)", False)


# -- locks and passwords ------------------------------------------------------------------------------------------------------


def test_a_password_is_shown_once_and_leaves_the_clipboard(
    qtbot: Any,
    bridge: Bridge,  # noqa: F811
    desk: FakeDesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(password, "COPIED_MS", 1)
    secret = "uf5q-tz8x-vgbj"
    monkeypatch.setattr(desk, "export", lambda ref, folder, *_: Exported((folder / f"{ref}.zip",), secret))
    page = SearchPage(desk, bridge, desk.systems)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    over = Handover(desk, bridge, page)  # type: ignore[arg-type]
    over.write("DSR-2026-0112", tmp_path, ["json"], True)
    qtbot.waitUntil(lambda: page.findChild(PasswordDialog) is not None)
    shown = page.findChild(PasswordDialog)
    assert shown is not None and secret in texts(shown)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    assert shown.isVisible(), "no stray key takes it away"
    buttons(shown)["Copy it"].click()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() != secret)
    buttons(shown)["I have kept it"].click()
    assert not shown.isVisible()


def test_the_safe_lock_is_opened_with_a_reason_and_its_key_destroyed(qtbot: Any, bridge: Bridge, desk: FakeDesk) -> None:  # noqa: F811
    place = TokenPlace(ROW, {"id": 1042}, "email", "tok_1", "token", "text")
    desk.safe = SafeLock((place,))
    box = SafeLockBox(desk, bridge, desk.systems)  # type: ignore[arg-type]
    qtbot.addWidget(box)
    box.show_lock("DSR-2026-0112", None)
    assert box.isHidden(), "no tokens, no lock"
    box.show_lock("DSR-2026-0112", desk.safe)
    assert "1 token" in texts(box)
    box.open.click()
    asked = box.window().findChild(ReasonDialog)
    assert asked is not None and asked.act.reason
    asked.edit.setText("Court order of 3 Nov")
    asked.act.click()
    qtbot.waitUntil(lambda: box.window().findChild(LockDialog) is not None)
    told = box.window().findChild(LockDialog)
    assert table(told.model)[0][2:] == ["email", "mara.hofmann@example.org"] and "4" in told.follows.text()
    told.act.click()
    box.shred.click()
    sure = next(d for d in box.window().findChildren(ActDialog) if d.isVisible())
    assert sure.act.kind == "danger" and sure.act.text() == "Destroy the key of 1 token"
    with qtbot.waitSignal(box.changed):
        sure.act.click()
    assert ("lock_shred", "DSR-2026-0112") in desk.calls
    box.show_lock("DSR-2026-0112", desk.safe)
    assert box.open.reason and "nothing opens" in texts(box)
    check_manners(box)
