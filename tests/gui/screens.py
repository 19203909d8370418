"""Draws every screen on the real sample company, in light and dark and at three sizes: ``python -m tests.gui.screens FOLDER``.

One request is walked from the first start to the report, so every picture shows what the program really does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QDialog

from dsr_desk.app.workspaces import make_sample
from dsr_desk.gui import looks, theme
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.new_request import NewRequestDialog
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
    mine = [f.ref for f in found.findings if f.mention and not f.shared]
    desk.review(erasure, mine, True, "Her own words")
    desk.review(erasure, [f.ref for f in found.findings if f.shared], False, "Others own it, too")
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
    dialog = window.findChildren(NewRequestDialog)[-1]
    dialog.right.choose("rectification")
    dialog.rows.rows[0].value.setText("maria.hofer@example.org")
    dialog.corrections.rows[0].where.choose("user.contact.email")
    dialog.corrections.rows[0].value.setText("maria at hofer")
    yield "15-new-rectification"
    dialog.reject()
    yield from rectification(app, bridge, window, company)
    yield from restriction(app, bridge, window, company)
    yield from others(app, bridge, window, company)


def planned(app: QApplication, bridge: Bridge, window: MainWindow, ref: str) -> Any:
    """Open a request and plan it; gives its page."""
    window.open_request(ref)
    settle(app, bridge)
    page = window._pages["request"]
    page.show_stage("search")
    page._page("search").search()
    settle(app, bridge)
    page.go("plan", "make")
    settle(app, bridge)
    return page


def carried_out(app: QApplication, bridge: Bridge, company: Opened, page: Any) -> None:
    """Approve, answer what has to be told first, and apply."""
    desk, ref = company.desk, page.request.ref
    plan = desk.plan(ref)
    assert plan is not None, ref
    for task in desk.tasks(ref):
        if task.open and task.kind == "tell":
            desk.answer_task(ref, task.id, "Told by letter on the same day")
    desk.approve(ref, plan.digest)
    page.go("apply", "start")
    settle(app, bridge)


def rectification(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened) -> Iterator[str]:
    """A refused correction, a good one as a diff, its proof, and the way back."""
    desk = company.desk
    told = [("user.contact.phone_number", "no number"), ("shop/customers/full_name", "Olga Lang-Petrowa")]
    ref = desk.open_request("rectification", [("email", "olga.lang5@example.org")], date.today(), corrections=told).ref
    desk.identify(ref, "Called back on the phone number on file")
    page = planned(app, bridge, window, ref)
    yield "16-rectification-refused"
    desk.correct(ref, [("user.contact.phone_number", "+49 89 1234567")])
    page = planned(app, bridge, window, ref)
    yield "17-rectification-plan"
    plan = page._page("plan")
    row = next((i for i in range(plan._model.rowCount()) if plan._model.can_show(i)), 0)
    plan._table.go_to(row)
    plan.reveal()
    yield "18-rectification-revealed"
    carried_out(app, bridge, company, page)
    yield "19-rectification-applied"
    page.go("verify", "search_again")
    yield "20-rectification-verified"
    page.show_stage("receive")
    yield "21-rectification-facts"


def restriction(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened) -> Iterator[str]:
    """A restriction and its marks, an erasure that it refuses, the request that lifts it."""
    desk = company.desk
    reader = ("email", "yusuf.ostergard9@example.com")
    ref = desk.open_request("restriction", [reader], date.today(), "18(1)(a)").ref
    desk.identify(ref, "Replied from the address on file")
    page = planned(app, bridge, window, ref)
    yield "22-restriction-plan"
    carried_out(app, bridge, company, page)
    page.go("verify", "search_again")
    yield "23-restriction-verified"
    erasure = desk.open_request("erasure", [reader], date.today(), "17(1)(b)").ref
    desk.hold_person([reader], "Claim 4 O 221/26, Landgericht München", date.today() + timedelta(days=90))
    page = planned(app, bridge, window, erasure)
    yield "24-erasure-held-and-restricted"
    page.show_stage("search")
    settle(app, bridge)
    search = page._page("search")
    search.panel.table.look_at(next(iter(search.panel.model.restricted)))
    yield "25-restricted-records"
    window.go("force")
    yield "26-in-force"
    window._pages["force"].acts.hold_anyone(company.systems())
    yield "27-hold"
    for dialog in window.findChildren(QDialog):
        dialog.reject()
    window.go("requests")
    yield "28-requests-with-holds"
    page = planned(app, bridge, window, desk.lift(ref).ref)
    yield "29-lifting-plan"
    page.show_stage("apply")
    yield "30-lifting-tasks"


def others(app: QApplication, bridge: Bridge, window: MainWindow, company: Opened) -> Iterator[str]:
    """An objection, the decisions of machines, a list of people, a copy and its password."""
    desk = company.desk
    objecting = [("email", "jose.sauer7@example.org")]
    page = planned(app, bridge, window, desk.open_request("objection", objecting, date.today(), "21(2)").ref)
    yield "31-objection-plan"
    page = planned(app, bridge, window, desk.open_request("automated-decisions", [("customer_id", "1010")], date.today()).ref)
    yield "32-automated-plan"
    page.go("report")
    yield "33-automated-report"
    listed = company.desk.workspace.folder / "inactive.txt"
    lines = [f"customer_id={n}" for n in (1003, 1005, 1007, 999_999)]
    listed.write_text("\n".join([*lines, "phone=+49 40 66969010"]), encoding="utf-8")
    window.new_request()
    dialog = window.findChildren(NewRequestDialog)[-1]
    dialog.who.choose("list")
    dialog.people.read(listed)
    yield "34-new-list"
    dialog.reject()
    ref = desk.open_list("erasure", listed, date.today(), "17(1)(a)", True).ref
    window.open_request(ref)
    settle(app, bridge)
    page = window._pages["request"]
    page.show_stage("search")
    page._page("search").search()
    yield "35-list-search"
    desk.leave_out(ref, [5], "Can't be told apart")
    page = planned(app, bridge, window, ref)
    yield "36-list-plan"
    page = planned(app, bridge, window, desk.open_request("access", [("customer_id", "1010")], date.today()).ref)
    page._page("plan")._pane.formats.lock.setChecked(True)
    yield "37-access-plan"
    page._page("plan").handover.write(page.request.ref, desk.workspace.folder / "copy", ["html", "json"], True)
    yield "38-password"
    for one in window.findChildren(QDialog):
        one.reject()


def main(into: Path, first: int = 1) -> None:
    """Draw them all, or those from a number on."""
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
        sys.excepthook = sys.__excepthook__  # a fault of this walk belongs on the terminal, not on a banner
        for name in walk(app, bridge, window, company):
            settle(app, bridge)
            if int(name.partition("-")[0]) < first:
                continue
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
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screens"), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
