"""Draws every shared part, light and dark, side by side: ``python -m tests.gui.gallery FILE.png``."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.widgets.banner import Banner
from dsr_desk.gui.widgets.button import ActionBar, Button, Kind
from dsr_desk.gui.widgets.chips import ChipButton, PartsView
from dsr_desk.gui.widgets.fields import Choice, DayEdit, Edit, Field, Switch
from dsr_desk.gui.widgets.label import Label
from dsr_desk.gui.widgets.pane import Card, Figure
from dsr_desk.gui.widgets.parts import Bar, Check, Chip, Gap, Sign, Stages, Text, environment, outcome
from dsr_desk.gui.widgets.states import EmptyState, ProgressRow
from dsr_desk.gui.widgets.stepper import StageView, Stepper
from dsr_desk.gui.widgets.style import dress


def row(*widgets: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(12)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return line


def gallery() -> QWidget:
    page = QWidget()
    page.setAutoFillBackground(True)
    page.setFixedWidth(720)
    column = QVBoxLayout(page)
    column.setSpacing(10)
    column.addLayout(
        row(
            Figure("59", "records found", "55 ticked"),
            Figure("1", "overdue", tint="failed"),
            Label("Page title", size=theme.TITLE, weight=theme.BOLD),
            Label("Pane title", size=theme.PANE, weight=theme.BOLD),
            Label("Base 13"),
            Label("second 12", size=theme.SMALL, tint="text2"),
            Label("data m•••@example.org", mono=True),
        )
    )
    kinds: tuple[Kind, ...] = ("primary", "danger", "secondary", "quiet", "danger-outline")
    for off in ("", "2 refusals are not mended yet."):
        buttons = [Button("Plan 55 records…", kind, sign="plus" if kind == "primary" else "") for kind in kinds]
        for button in buttons:
            button.set_off(off)
        column.addLayout(row(*buttons))
    column.addLayout(row(*(Button("Retry", kind, small=True) for kind in kinds), Button("", "secondary", sign="more", tip="More")))
    wrong = Field("Received", DayEdit())
    wrong.set_error("February has 28 days in 2026")
    off_box = QCheckBox("can't be")
    off_box.setEnabled(False)
    some = QCheckBox("some")
    some.setCheckState(Qt.CheckState.PartiallyChecked)
    ticked, radio = QCheckBox("ticked"), QRadioButton("chosen")
    ticked.setChecked(True)
    radio.setChecked(True)
    column.addLayout(
        row(Field("E-mail", Edit("m•••@example.org", mono=True), "as it was given"), wrong, Choice([("a", "All rights")]))
    )
    column.addLayout(
        row(ticked, some, QCheckBox("not"), off_box, radio, QRadioButton("other"), Switch("on"), Switch("off", on=False))
    )
    column.addWidget(
        PartsView(
            [outcome(n) for n in ("erased", "changed", "retained", "not personal", "failed", "manual", "refused", "withheld")]
        )
    )
    column.addWidget(
        PartsView(
            [
                Chip("shared with 1 other", "retained", "shared"),
                Chip("access-only", "test", "access-only"),
                Chip("mention", "changed", "mention"),
                Chip("health", "failed", "special"),
                Chip("contact.email"),
                environment("test"),
                environment("production"),
                environment("production", writing=True),
            ]
        )
    )
    column.addWidget(
        PartsView(
            [
                Check(Qt.CheckState.Checked), Check(Qt.CheckState.PartiallyChecked), Check(Qt.CheckState.Unchecked), Sign("sql"),
                Text("Web shop", weight=theme.BOLD), environment("production"), Stages(3), Stages(5, "failed"), Bar(12, 14), Gap(),
                Text("42 records", "text2"),
            ]
        )
    )  # fmt: skip
    column.addLayout(row(ChipButton(outcome("erased", "213")), ChipButton(outcome("retained", "42"))))
    stepper = Stepper()
    done = {name: StageView("done", "2 Nov") for name in ("receive", "identify")}
    stepper.show_stages(
        {**done, "search": StageView("waits", "12 of 14 systems"), "review": StageView("here", "59 found")}, "review"
    )
    column.addWidget(stepper)
    column.addWidget(
        Banner(
            "Loyalty points has not answered for 30 s",
            "Retry it, or waive it with a reason.",
            buttons=[Button("Retry", small=True)],
        )
    )
    column.addWidget(Banner("1 refusal: vat_id can't be emptied", "Give it a constant.", tone="failed", sign="refused"))
    column.addWidget(Banner("0 left over", "Everything that was planned is gone.", tone="verified", sign="shield"))
    states = QHBoxLayout()
    for sign, words, act in (
        ("requests", "No open requests.", "New request…"),
        ("alert", "CRM refused the password.", "Enter it again…"),
    ):
        card = Card()
        card.body.addWidget(EmptyState(sign, words, button=Button(act, small=True)))
        states.addWidget(card)
    column.addLayout(states)
    progress = ProgressRow(lambda: None)
    progress.show_progress("12 of 14 systems", 12, 14)
    column.addWidget(progress)
    bar = ActionBar(Button("Save and close"), Button("Plan 55 records…", "primary"))
    bar.say("No plan yet: Loyalty points has not answered. Retry it, or waive it with a reason.")
    column.addWidget(bar)
    signs = QHBoxLayout()
    signs.setSpacing(0)
    for name in theme.SIGNS:
        image = QLabel()
        image.setPixmap(theme.icon(name).pixmap(13, 13))
        signs.addWidget(image)
    column.addLayout(signs)
    return page


def main(target: str) -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    pictures: list[QImage] = []
    for name in ("light", "dark"):
        dress(app, theme.Theme(name))  # type: ignore[arg-type]
        page = gallery()
        page.show()
        app.processEvents()
        pictures.append(page.grab().toImage())
        page.close()
    both = QImage(sum(p.width() for p in pictures), max(p.height() for p in pictures), QImage.Format.Format_RGB32)
    painter = QPainter(both)
    x = 0
    for picture in pictures:
        painter.drawImage(QRect(x, 0, picture.width(), picture.height()), picture)
        x += picture.width()
    painter.end()
    both.save(target)


if __name__ == "__main__":
    main(sys.argv[1])
