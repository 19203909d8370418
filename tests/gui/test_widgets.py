"""The shared parts: what is off can't be pressed and says why, text is only text, and keys reach everything."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.messages import BugError, scrub
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.counts import count, number
from dsr_desk.gui.widgets.fields import Choice, DayEdit, parse_day, say_day
from dsr_desk.gui.widgets.label import LONGEST, Label, plain_tip
from dsr_desk.gui.widgets.parts import LONGEST_CELL, Gap, Sign, Text, environment, outcome, place, spoken, width
from dsr_desk.gui.widgets.stepper import StageView, Stepper
from dsr_desk.gui.widgets.style import FocusRing, dress
from dsr_desk.gui.widgets.words import masked
from tests.gui.gallery import gallery
from tests.gui.gallery import main as draw_gallery

HOSTILE = "<img src=file:///etc/passwd><b>bold</b>"


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> None:
    dress(qapp, theme.Theme("light"))


@pytest.mark.parametrize("kind", ["primary", "secondary", "quiet", "danger", "danger-outline"])
def test_a_button_that_is_off_cannot_be_pressed_but_is_reached(qtbot: Any, kind: Any) -> None:
    pressed: list[bool] = []
    button = Button("Erase 47 records…", kind, on=lambda: pressed.append(True))
    qtbot.addWidget(button)
    clicked: list[bool] = []
    button.clicked.connect(lambda: clicked.append(True))
    button.show()
    button.set_off("2 refusals are not mended yet.")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(button, key)
    button.click()
    assert clicked == []
    button.animateClick()
    assert pressed == []
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert button.accessibleDescription() == "Not available: 2 refusals are not mended yet."
    button.set_on()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [True, True, True]


def test_a_label_shows_markup_as_it_stands(qtbot: Any) -> None:
    label = Label(HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.sizeHint().width() > theme.text_width("<img src=file:///etc/passwd>", label.font())
    assert "&lt;img" in plain_tip(HOSTILE)


def test_a_huge_text_is_cut_before_it_is_laid_out(qtbot: Any) -> None:
    label = Label("x" * 10_000_000)
    qtbot.addWidget(label)
    assert len(label.text()) <= LONGEST + 2
    assert width(Text("x" * 10_000_000)) == width(Text("x" * LONGEST_CELL + "…"))


def test_parts_never_leave_their_cell() -> None:
    parts = (Sign("sql"), Text("a long name " * 20), environment("production"), Gap(), Text("42 records"))
    for wide in (0, 10, 40, 200, 1000, 5000):
        for _, box in place(parts, QRectF(0, 0, wide, 27)):
            assert box.right() <= wide + 0.5


def test_every_outcome_is_a_word_not_only_a_colour() -> None:
    for name in (
        "erased",
        "changed",
        "pseudonymised",
        "retained",
        "disclosed",
        "withheld",
        "excluded",
        "not personal",
        "failed",
        "manual",
    ):
        assert name in spoken((outcome(name),))
    assert spoken((environment("test"),)) == "TEST"
    assert environment("test").hatched


def test_a_masked_value_is_read_as_masked() -> None:
    assert spoken((Text("m•••@example.org"),)) == "m masked @example.org"
    assert spoken((Text("•••••• hidden"),)) == "hidden"


def test_the_stepper_opens_what_has_begun_and_nothing_else(qtbot: Any) -> None:
    stepper = Stepper()
    qtbot.addWidget(stepper)
    stepper.resize(900, 42)
    stepper.show()
    stepper.show_stages({"receive": StageView("done", "2 Nov"), "identify": StageView("here")}, "identify")
    chosen: list[str] = []
    stepper.chosen.connect(chosen.append)
    QTest.keyClick(stepper, Qt.Key.Key_Left)
    QTest.keyClick(stepper, Qt.Key.Key_Return)
    for _ in range(5):
        QTest.keyClick(stepper, Qt.Key.Key_Right)
    QTest.keyClick(stepper, Qt.Key.Key_Space)
    assert chosen == ["receive"]
    assert "receive: done 2 Nov" in stepper.accessibleDescription()


def test_a_banner_replaces_its_buttons(qtbot: Any) -> None:
    banner = Banner("One", buttons=[Button("Retry")])
    qtbot.addWidget(banner)
    banner.say("Two", buttons=[Button("Waive…")])
    shown = [b.text() for b in banner.findChildren(Button) if not b.isHidden()]
    assert (banner.title, shown) == ("Two", ["Waive…"])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-02", date(2026, 11, 2)),
        ("02.11.2026", date(2026, 11, 2)),
        ("2/11/2026", date(2026, 11, 2)),
        ("2 Nov 2026", date(2026, 11, 2)),
        ("Mon 2 November 2026", date(2026, 11, 2)),
        ("31.02.2026", None),
        ("30 Feb 2026", None),
        ("yesterday", None),
        ("", None),
        ("2 Foo 2026", None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date | None) -> None:
    assert parse_day(text) == day


@given(st.dates())
def test_a_day_reads_back(day: date) -> None:
    if day.year >= 1000:
        assert parse_day(say_day(day)) == day
        assert parse_day(say_day(day, weekday=True)) == day


def test_a_day_edit_knows_no_day_that_is_not(qtbot: Any) -> None:
    edit = DayEdit(date(2026, 11, 2))
    qtbot.addWidget(edit)
    assert edit.day == date(2026, 11, 2)
    edit.setText("31 Apr 2026")
    assert edit.day is None


def test_numbers_and_identifiers_as_they_are_written() -> None:
    assert number(4803) == "4\u202f803"
    assert count(1, "record") == "1 record"
    assert count(0, "query", "queries") == "0 queries"
    assert masked("customer_id", "1042") == "customer number 10•••"


def test_the_focus_ring_follows_buttons_only(qtbot: Any, qapp: QApplication) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    button, choice = Button("Retry", parent=box), Choice([("a", "All")], parent=box)
    box.show()
    ring = qapp.findChild(FocusRing)
    assert ring is not None
    ring._on_focus_changed(None, button)
    assert ring._ring is not None
    assert ring._ring.widget() is button
    ring._on_focus_changed(button, choice)
    assert ring._ring.widget() is None


def test_a_scrubbed_error_says_where_and_nothing_else() -> None:
    secret = "maria.hofer@example.org"
    try:
        int(secret)
    except ValueError as error:
        known = scrub(error)
    assert isinstance(known, BugError)
    assert secret not in known.details + known.message + known.hint
    assert "test_widgets.py" in known.details


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_gallery_is_drawn_and_grey_keeps_its_words(qtbot: Any, qapp: QApplication, name: Any) -> None:
    dress(qapp, theme.Theme(name))
    page = gallery()
    qtbot.addWidget(page)
    page.show()
    image = page.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 5)}
    assert len(colours) > 30
    dress(qapp, theme.Theme("light"))


def test_the_gallery_script_writes_a_picture(qapp: QApplication, tmp_path: Path) -> None:
    draw_gallery(str(tmp_path / "parts.png"))
    assert (tmp_path / "parts.png").stat().st_size > 10_000
