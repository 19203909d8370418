"""Draws what proves things, on the real sample company: ``python -m tests.gui.evidence_screens FOLDER``.

The time line, its keys and anchors, evidence and its check, what is due to be destroyed, and a workspace that was rolled back.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QDialog

from dsr_desk.audit.faults import ChangedEntryError
from dsr_desk.audit.trail import Fault, Verdict
from dsr_desk.errors import RefusedError, RolledBackError
from dsr_desk.gui import looks, theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.desk_acts import show_check
from dsr_desk.gui.dialogs.anchor_dialog import AnchorDialog
from dsr_desk.gui.dialogs.shred_dialog import ShredDialog
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.opening import Doors, Opened
from dsr_desk.gui.pages.audit_page import ANCHORS, ENTRIES, KEYS
from dsr_desk.gui.widgets.style import dress
from tests.gui.screens import SIZES, carried_out, opened, planned, settle


def close_all(window: MainWindow) -> None:
    """No dialog stays."""
    for dialog in window.findChildren(QDialog):
        dialog.reject()


def work(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened) -> str:
    """A request from search to proof, and something that was refused; gives its reference."""
    desk = company.desk
    ref = next(r.ref for r in desk.requests() if r.right == "erasure")
    page = planned(app, bridge, window, ref)
    found = desk.found(ref)
    assert found is not None
    desk.review(ref, [f.ref for f in found.findings if f.mention and not f.shared], True, "Her own words")
    desk.review(ref, [f.ref for f in found.findings if f.shared], False, "Others own it, too")
    with suppress(RefusedError):
        desk.close_request(ref)
    page = planned(app, bridge, window, ref)
    carried_out(app, bridge, company, page)
    for task in desk.tasks(ref):
        if task.open:
            desk.answer_task(ref, task.id, "Folder H-17 found and shredded by P. Lindner")
    page.go("verify", "search_again")
    settle(app, bridge)
    return ref


def trail(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened, ref: str) -> Iterator[str]:
    """The audit page in its states."""
    folder = company.desk.workspace.folder
    window.go("audit")
    settle(app, bridge)
    page = window._pages["audit"]
    yield "1-trail"
    page.verify()
    settle(app, bridge)
    page._filter.kinds.choose("bad")
    yield "2-trail-refused"
    page._filter.clear()
    window.show_trail_of(ref)
    yield "3-trail-of-one"
    page.show_elsewhere()
    yield "4-elsewhere"
    close_all(window)
    company.desk.anchor_file(folder / "checkpoint.txt")
    page._filter.clear()
    page.show_trail()
    settle(app, bridge)
    page.verify_against([folder / "checkpoint.txt"])
    yield "5-trail-anchored"
    page.show_view(KEYS)
    yield "6-keys"
    page.show_view(ANCHORS)
    yield "7-anchors"
    window.act("anchor")
    yield "8-anchor"
    dialog = window.findChildren(AnchorDialog)[-1]
    dialog.way.choose("timestamp")
    yield "9-anchor-timestamp"
    close_all(window)
    page.show_view(ENTRIES)
    seq = len(page._model.trail) - 8
    page._on_verified((Verdict(False, seq - 1, Fault(seq, ChangedEntryError(seq)), "", 0.3), 0))
    yield "10-fault"
    page._on_verified((Verdict(True, seq, None, "", 0.3, 12, (seq - 3, seq - 2)), 0))
    yield "11-doubted"
    page._card.show_running(60_000, 100_000)
    yield "12-running"


def papers(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened, ref: str) -> Iterator[str]:
    """Evidence, a receipt, and the check of both."""
    folder = company.desk.workspace.folder
    window.open_request(ref)
    settle(app, bridge)
    page = window._pages["request"]
    page.go("report")
    yield "20-report"
    report = page._page("report")
    report.evidence.ask_bundle(ref)
    yield "21-evidence"
    close_all(window)
    report.evidence.write_bundle(ref, folder / "evidence.zip")
    yield "22-evidence-written"
    report.evidence.write_bundle(ref, folder / "opened.zip", True)
    settle(app, bridge)
    yield "23-password"
    close_all(window)
    report.evidence.write_receipt(ref, folder / "receipt.zip")
    yield "24-receipt-written"
    show_check(window, bridge, str(folder / "evidence.zip"))
    yield "25-check"
    show_check(window, bridge, str(folder / "receipt.zip"))
    settle(app, bridge)
    yield "26-check-receipt"
    show_check(window, bridge, str(folder / "opened.zip"))
    yield "27-check-encrypted"
    data = bytearray((folder / "evidence.zip").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "broken.zip").write_bytes(data)
    show_check(window, bridge, str(folder / "broken.zip"))
    yield "28-check-broken"


def ends(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened, ref: str) -> Iterator[str]:
    """What is due, and a workspace that was rolled back."""
    desk = company.desk
    request = desk.request(ref)
    due = [replace(request, ref=f"DSR-2022-{n:04d}") for n in (7, 12, 31)]
    desk.to_shred = lambda: due  # type: ignore[method-assign]
    window.go("requests")
    yield "30-due"
    window.act("shred")
    yield "31-shred-due"
    close_all(window)
    ShredDialog(desk, bridge, ref, window).open()
    yield "32-shred-one"
    close_all(window)
    window.show_start()
    yield "40-start"
    entrance = window.entrance
    entrance._on_not_opened(Path("/home/ines/halden"), RolledBackError("This workspace is older than it was: it had 4812 entries."))
    yield "41-rolled-back"
    assert entrance._doors.restored is not None
    entrance._on_restored(Path("/home/ines/halden"), "It had 4812 entries and now has 4800.", entrance._doors.restored)
    yield "42-restored"
    close_all(window)


def main(into: Path, only: str = "") -> None:
    """Draw them all, or those whose name begins so."""
    into.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    bridge = Bridge(app)
    with tempfile.TemporaryDirectory(prefix="dsr-desk-screens-") as folder:
        company = opened(Path(folder) / "sample")
        doors = Doors(
            lambda _: company,
            lambda _folder, _typed: company,
            lambda: company,
            lambda: [],
            lambda: False,
            lambda _folder, _typed: company,
        )
        dress(app, theme.Theme("light"))
        window = MainWindow(company, bridge, doors)
        window.resize(*SIZES[0])
        window.show()
        sys.excepthook = sys.__excepthook__  # a fault of this walk belongs on the terminal, not on a banner
        ref = work(app, bridge, window, company)
        for walk in (trail, papers, ends):
            for name in walk(app, bridge, window, company, ref):
                settle(app, bridge)
                if not only or name.startswith(only):
                    draw(app, bridge, window, into, name)
        company.close()
        window.close()
    print(f"{len(list(into.glob('*.png')))} pictures in {into}")


def draw(app: QApplication, bridge: Bridge, window: MainWindow, into: Path, name: str) -> None:
    """One screen in light at three sizes, and in dark."""
    for look in ("light", "dark"):
        looks.colours(look)
        for width, height in SIZES if look == "light" else SIZES[:1]:
            window.resize(width, height)
            settle(app, bridge)
            dialog = app.activeModalWidget()
            (dialog or window).grab().save(str(into / f"{name}-{look}-{width}x{height}.png"))
            if dialog is not None:
                break
    looks.colours("light")
    window.resize(*SIZES[0])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens"), sys.argv[2] if len(sys.argv) > 2 else "")
