"""What the tests of the later pages share: a dressed window, waiting without sleeping, and reading what is on screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPlainTextEdit, QTextEdit, QWidget

from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.chips import PartsView
from dsr_desk.gui.widgets.delegate import PARTS
from dsr_desk.gui.widgets.parts import spoken
from dsr_desk.gui.widgets.style import dress
from dsr_desk.model.request import Request
from tests.gui.fake_pages import FakeDesk

BANNED = {"OK", "Yes", "Submit", "Continue", "Confirm"}


@pytest.fixture
def desk() -> FakeDesk:
    """A desk of invented objects."""
    return FakeDesk()


@pytest.fixture
def bridge(qtbot: Any) -> Iterator[Bridge]:
    """A bridge that is closed at the end, in the program's look."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    dress(app, theme.Theme("light"))
    made = Bridge()
    yield made
    made.close()


def shown(page: Any, request: Request, qtbot: Any) -> None:
    """Show a request, and wait until it has been read."""
    page.show_request(request)
    qtbot.waitUntil(lambda: not page._bridge.busy)


def table(model: QAbstractItemModel) -> list[list[str]]:
    """Every cell of a model, as a screen reader would say it."""
    return [
        [spoken(model.index(r, c).data(PARTS) or ()) for c in range(model.columnCount())] for r in range(model.rowCount())
    ]  # fmt: skip


def buttons(page: QWidget, *, shown: bool = True) -> dict[str, Button]:
    """The page's buttons by their words."""
    return {b.text(): b for b in page.findChildren(Button) if b.text() and (not shown or b.isVisibleTo(page))}


def texts(page: QWidget) -> str:
    """Everything that the page's labels and parts say."""
    labels = [w.text() for w in page.findChildren(QLabel) if w.isVisibleTo(page)]
    parts = [spoken(w._parts) for w in page.findChildren(PartsView) if w.isVisibleTo(page)]
    return "\n".join(labels + parts)


def check_manners(page: QWidget) -> None:
    """What holds of every page: no banned words, reasons for what is off, names for what has none, no rich text."""
    for button in page.findChildren(QAbstractButton):
        if button.objectName().startswith("qt_"):
            continue
        assert button.text() not in BANNED
        assert button.text() or button.accessibleName(), button
    for button in page.findChildren(Button):
        if button.reason:
            assert button.reason.endswith((".", "!")) and button.accessibleDescription() == f"Not available: {button.reason}"
        assert button.isEnabled(), "what is off stays reachable by Tab"
    for label in page.findChildren(QLabel):
        assert label.textFormat().name == "PlainText", label.text()
    assert not [w for w in page.findChildren(QTextEdit) if not isinstance(w, QPlainTextEdit)]
