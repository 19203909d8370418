"""What the tests that drive the whole window share: the sample company, small, and the hands of an operator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import SIGNAL, QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget

from dsr_desk.audit import trail
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.sample import FEWEST, Sample, build_sample
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.pdf import to_pdf
from dsr_desk.gui.widgets.button import Button
from dsr_desk.gui.widgets.style import dress
from dsr_desk.render.report import Paper
from dsr_desk.store.settings import Settings
from dsr_desk.store.workspace import Workspace
from tests.gui.pages import check_manners

PASSPHRASE = "a passphrase to try"
#: How long anything may take, in ms; only a failure waits that long.
PATIENCE = 30_000


def draw(html: str, path: Path, title: str, footer: str, paper: Paper) -> int:
    """The report as a PDF."""
    return to_pdf(html, path, title=title, footer_left=footer, paper=paper)


def opened(desk: Desk) -> Opened:
    """A desk as the program hands it to the window."""
    return Opened(desk, desk.systems, "Halden & Co", "Ines Kowal", lambda typed: typed == PASSPHRASE, needs_passphrase=True)


def check_alive(window: QWidget) -> None:
    """Whatever can be pressed does something, says it in words of its own, and is reached by Tab."""
    check_manners(window)
    for button in window.findChildren(QAbstractButton):
        if button.objectName().startswith("qt_") or not button.isVisibleTo(window):
            continue
        heard = button.receivers(SIGNAL("clicked(bool)")) + button.receivers(SIGNAL("toggled(bool)"))
        alive = button._on is not None or heard > 1 if isinstance(button, Button) else heard > 0
        if not alive and button.group() is not None:
            alive = bool(
                button.group().receivers(SIGNAL("idToggled(int,bool)")) + button.group().receivers(SIGNAL("idClicked(int)"))
            )
        assert alive, f"{button.text() or button.accessibleName()} does nothing"
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, button.text()
    for action in window.findChildren(QAction):
        if action.text() and not action.isSeparator() and action.menu() is None:
            assert action.receivers(SIGNAL("triggered(bool)")), action.text()


class Strays(QObject):
    """Notices every window but ours, its dialogs and menus: a widget shown before it has a parent is one, and takes the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        ours = (MainWindow, QDialog, QMenu)
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and not isinstance(watched, ours)
        ):
            self.seen.append(watched)
        return super().eventFilter(watched, event)


class Officer:
    """Somebody at the desk: sees only what is visible, and presses, types and waits."""

    def __init__(self, window: MainWindow, desk: Desk, sample: Sample, qtbot: Any, bridge: Bridge) -> None:
        self.window, self.desk, self.sample, self.qtbot, self.bridge = window, desk, sample, qtbot, bridge

    @property
    def front(self) -> QWidget:
        """What is in front: a dialog, or the window."""
        return next((d for d in reversed(self.window.findChildren(QDialog)) if d.isVisible()), self.window)

    def buttons(self) -> dict[str, Button]:
        """The buttons that can be seen, by their words."""
        front = self.front
        return {b.text(): b for b in front.findChildren(Button) if b.isVisible() and b.text()}

    def press(self, words: str) -> None:
        """Press the one button whose words begin like this, with the mouse; then wait until nothing runs."""

        def fit() -> list[Button]:
            seen = self.buttons()
            return [seen[words]] if words in seen else [b for text, b in seen.items() if text.startswith(words)]

        self.until(lambda: bool(fit()))  # a button that was just laid out is shown a turn later
        fitting = fit()
        assert len(fitting) == 1, (words, sorted(self.buttons()))
        assert not fitting[0].reason, fitting[0].reason
        check_alive(self.front)
        QTest.mouseClick(fitting[0], Qt.MouseButton.LeftButton)
        self.rest()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def rest(self) -> None:
        """Wait until nothing runs."""
        self.qtbot.waitUntil(lambda: not self.bridge.busy, timeout=PATIENCE)

    def until(self, what: Any) -> None:
        """Wait for something to be seen."""
        self.qtbot.waitUntil(what, timeout=PATIENCE)

    def open(self, right: str) -> Any:
        """Open the request for this right from the inbox, by keyboard; gives the request page."""
        page = self.window._page("requests")
        self.rest()
        row = next(i for i, line in enumerate(page._model.rows) if line.right == right)
        page.table.setFocus()
        page.table.go_to(row)
        QTest.keyClick(page.table, Qt.Key.Key_Return)
        self.rest()
        self.until(lambda: self.window.here == "request")
        return self.window.page


@pytest.fixture
def officer(qtbot: Any, qapp: QApplication, tmp_path: Path) -> Iterator[Officer]:
    """An operator before the open sample company, its three requests in the inbox."""
    dress(qapp, theme.Theme("light"))
    folder = tmp_path / "halden"
    workspace = Workspace.create(
        folder, operator="Ines Kowal", settings=Settings("Halden & Co", "Halden & Co", "Am Kai 4", "DE"),
        passphrase=PASSPHRASE, trail=trail,
    )  # fmt: skip
    sample = build_sample(folder, people=FEWEST)
    desk = Desk(workspace, draw)
    desk.accept_catalog()
    today = date.today()
    ready = desk.open_request("erasure", sample.given, today - timedelta(days=6), ground="17(1)(b)")
    desk.identify(ready.ref, "Replied from the address on file")
    desk.open_request("access", [sample.shared_phone], today - timedelta(days=24))
    bridge = Bridge()
    nowhere = Doors(lambda _: opened(desk), lambda _folder, _typed: opened(desk), lambda: opened(desk), lambda: [], lambda: False)
    window = MainWindow(opened(desk), bridge, nowhere)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    strays = Strays()
    qapp.installEventFilter(strays)
    made = Officer(window, desk, sample, qtbot, bridge)
    made.rest()
    yield made
    qapp.removeEventFilter(strays)
    bridge.close()
    assert not strays.seen
    workspace.close()
