"""Draws the screens of the inbox, search and first start at every size and theme: ``python -m tests.gui.shots FOLDER``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QDialog

from dsr_desk.errors import UsageError
from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.opening import Doors, NewWorkspace, Opened
from dsr_desk.gui.widgets.style import dress
from tests.gui import fake_desk

SIZES = ((1280, 800), (1024, 700), (1920, 1080))


def opened(desk: fake_desk.FakeDesk) -> Opened:
    """A workspace over the invented desk."""
    return Opened(desk, desk.systems, "Halden & Co", "I. Kowal", lambda typed: typed == "right", needs_passphrase=True)  # type: ignore[arg-type]


def doors() -> Doors:
    """Ways in that lead nowhere real."""

    def make(wanted: NewWorkspace) -> Opened:
        if wanted.folder.exists():
            raise UsageError("There is something in this folder already.", "Choose an empty one.")
        return opened(fake_desk.FakeDesk())

    def open_(folder: Path, passphrase: str | None) -> Opened:
        return opened(fake_desk.FakeDesk())

    return Doors(make, open_, lambda: opened(fake_desk.FakeDesk()), lambda: [Path("/home/ines/halden")], lambda: True)


def settle(app: QApplication, bridge: Bridge, seconds: float = 5.0) -> None:
    """Let everything arrive that is on its way."""
    until = time.monotonic() + seconds
    quiet = 0
    while time.monotonic() < until and quiet < 12:
        app.processEvents()
        time.sleep(0.01)
        quiet = 0 if bridge.busy else quiet + 1


def screens(
    app: QApplication, bridge: Bridge, window: Callable[[Opened | None], MainWindow], take: Callable[[str, MainWindow], None]
) -> None:
    start = window(None)
    take("start", start)
    start.entrance.make_workspace()
    settle(app, bridge)
    take("make-workspace", start)
    start.close()
    for name, desk in (("requests", fake_desk.FakeDesk()), ("requests-empty", fake_desk.FakeDesk(empty=True))):
        main = window(opened(desk))
        take(name, main)
        if name == "requests":
            main._pages["requests"].search.edit.setText(fake_desk.SECRET)
            take("requests-typed", main)
            main.search("email", fake_desk.SECRET)
            take("quick", main)
            main.new_request([("email", fake_desk.SECRET)])
            take("new-request", main)
            for dialog in main.findChildren(QDialog):
                dialog.reject()
            main.keys.show_palette()
            take("palette", main)
            for dialog in main.findChildren(QDialog):
                dialog.reject()
            main.lock()
            take("locked", main)
        main.close()
    main = window(opened(fake_desk.FakeDesk()))
    main.open_request("DSR-2026-0112")
    settle(app, bridge)
    page = main._pages["request"]
    search = page._pages["search"]
    take("search", main)
    if search.panel.pane.isHidden():
        search.panel.toggle_pane()
    search.panel.table.look_at(fake_desk.findings()[1].ref)
    settle(app, bridge)
    search.panel.pane.reveal_next()
    take("search-record", main)
    search.panel.undecided.setChecked(True)
    take("search-undecided", main)
    search.acts.waive("loyalty")
    take("waive", main)
    for dialog in main.findChildren(QDialog):
        dialog.reject()
    page.show_stage("receive")
    take("receive", main)
    main.close()
    main = window(opened(fake_desk.FakeDesk(ambiguous=True)))
    main.open_request("DSR-2026-0120")
    take("which-person", main)
    main.close()


def main(folder: str, only: str = "") -> None:
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    for name in ("light", "dark"):
        dress(app, theme.Theme(name))  # type: ignore[arg-type]
        for wide, high in SIZES:
            bridges: list[Bridge] = []

            def window(opened_: Opened | None, wide: int = wide, high: int = high, bridges: list[Bridge] = bridges) -> MainWindow:
                bridges.append(Bridge())
                made = MainWindow(opened_, bridges[-1], doors())
                made.resize(wide, high)
                made.show()
                settle(app, bridges[-1])
                return made

            def take(what: str, shown: MainWindow, wide: int = wide, name: str = name, bridges: list[Bridge] = bridges) -> None:
                settle(app, bridges[-1])
                if only and only not in what:
                    return
                dialogs = [d for d in shown.findChildren(QDialog) if d.isVisible()]
                (dialogs[-1] if dialogs else shown).grab().save(str(target / f"{what}-{wide}-{name}.png"))

            class Any_:
                """Whichever bridge is at work."""

                @property
                def busy(self, bridges: list[Bridge] = bridges) -> bool:
                    return bridges[-1].busy

            screens(app, Any_(), window, take)  # type: ignore[arg-type]
    QApplication.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
