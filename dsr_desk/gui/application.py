"""Starting the window: the application, its look, and the folders that were open last."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from dsr_desk.gui import theme
from dsr_desk.gui.bridge import Bridge, run_smoothly
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.widgets.style import dress

#: How many folders the first page offers again.
_RECENT = 5


def recent() -> list[Path]:
    """The workspace folders that were open last and are still there, the latest first."""
    found: object = QSettings("DSR Desk", "DSR Desk").value("recent", [])
    texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    paths = [Path(str(text)) for text in texts]
    return [p for p in paths if (p / "workspace.toml").exists()][:_RECENT]


def remember(folder: Path) -> None:
    """Put a folder first among those that were open last."""
    paths = [str(folder), *(str(p) for p in recent() if p != folder)]
    QSettings("DSR Desk", "DSR Desk").setValue("recent", paths[:_RECENT])


def run(doors: Doors, first: Callable[[], Opened] | None, folder: Path | None) -> int:
    """Show the window until it is closed; gives the exit status.

    ``first`` opens what is shown first (in a worker, so that the window is there at once); ``folder`` is a workspace to open,
    asking for its passphrase where it needs one; with neither, the first start.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("DSR Desk")
    app.setDesktopFileName("dsr-desk")
    dress(app, theme.Theme(theme.desktop_theme()))
    run_smoothly()
    bridge = Bridge(app)
    window = MainWindow(None, bridge, doors)
    window.resize(1280, 800)
    window.show()
    if first is not None:
        window.enter(first)
    elif folder is not None:
        window.open_folder(folder)
    return app.exec()
