"""Draws every screen on the real sample company, in light and dark and at three sizes: ``python -m tests.gui.screens FOLDER``.

One request is walked from the first start to the report, so every picture shows what the program really does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from dsr_desk.app.workspaces import make_sample
from dsr_desk.gui import looks, theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.widgets.style import dress

SIZES = ((1280, 800), (1024, 700), (1920, 1080))


def settle(app: QApplication, bridge: Bridge, seconds: float = 30.0) -> None:
    """Wait until nothing is on its way any more."""
    until = time.monotonic() + seconds
    quiet = 0
    while time.monotonic() < until and quiet < 10:
        app.processEvents()
        time.sleep(0.01)
        quiet = 0 if bridge.busy else quiet + 1


def opened(folder: Path) -> Opened:
    """The sample company, made in ``folder``."""
    desk, _ = make_sample(folder, True)
    close = desk.workspace.close
    return Opened(desk, desk.systems, "Halden & Co", "Ines Kowal", lambda typed: typed == "sample", "DE", None, True, "", close)


def walk(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened) -> Iterator[str]:
    """Go from screen to screen; gives the name of each when it is there to be drawn."""
    desk = company.desk
    yield "1-first-start"
    window.show_workspace(company)
    yield "2-requests"
    erasure = next(r.ref for r in desk.requests() if r.right == "erasure")
    access = next(r.ref for r in desk.requests() if r.right == "access")
    window.open_request(erasure)
    settle(app, bridge)
    page = window._pages["request"]
    page.show_stage("receive")
    yield "3-receive"
    page.show_stage("search")
    yield "4-search"
    found = desk.found(erasure)
    assert found is not None
    window.open_request(access)
    settle(app, bridge)
    page._on_search()
    yield "5-which-person"
    mine = [f.ref for f in found.findings if (f.shared or f.mention) and f.ref.collection != "addresses"]
    desk.review(erasure, mine, True, "Her own words, or her own payment")
    desk.review(erasure, [f.ref for f in found.findings if f.ref.collection == "addresses"], False, "Others live there, too")
    window.open_request(erasure)
    settle(app, bridge)
    page.go("plan", "make")
    yield "6-plan"
    plan = desk.plan(erasure)
    assert plan is not None
    desk.approve(erasure, plan.digest)
    page.go("apply", "start")
    yield "7-apply"
    for task in desk.tasks(erasure):
        desk.answer_task(erasure, task.id, "Folder H-17 found and shredded by P. Lindner")
    page.go("verify", "search_again")
    yield "8-verify"
    page.go("report")
    yield "9-report"
    window.go("systems")
    yield "10-systems"
    window.go("audit")
    yield "11-audit"
    window._pages["audit"].verify()
    yield "12-audit-verified"
    window.search("phone", "+49 40 66969010")
    yield "13-quick-search"
    window.go("requests")
    window.new_request()
    yield "14-new-request"


def main(into: Path) -> None:
    """Draw them all."""
    into.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    bridge = Bridge(app)
    with tempfile.TemporaryDirectory(prefix="dsr-desk-screens-") as folder:
        company = opened(Path(folder) / "sample")
        doors = Doors(lambda _: company, lambda _folder, _typed: company, lambda: company, lambda: [], lambda: False)
        dress(app, theme.Theme("light"))
        window = MainWindow(None, bridge, doors)
        window.resize(*SIZES[0])
        window.show()
        for name in walk(app, bridge, window, company):
            settle(app, bridge)
            for look in ("light", "dark"):
                looks.colours(look)
                for width, height in SIZES if look == "light" else SIZES[:1]:
                    window.resize(width, height)
                    settle(app, bridge)
                    drawn = window.grab()
                    dialog = app.activeModalWidget()
                    if dialog is not None:
                        drawn = dialog.grab()
                    drawn.save(str(into / f"{name}-{look}-{width}x{height}.png"))
            looks.colours("light")
            window.resize(*SIZES[0])
        company.close()
        window.close()
    print(f"{len(list(into.glob('*.png')))} pictures in {into}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens"))
