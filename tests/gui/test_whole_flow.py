"""The later pages over a real workspace and the sample company: from the plan to the report, as an operator does it."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest

from dsr_desk.audit import trail
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.sample import FEWEST, build_sample
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.pages.apply_page import ApplyPage
from dsr_desk.gui.pages.audit_page import AuditPage
from dsr_desk.gui.pages.catalog_page import CatalogPage
from dsr_desk.gui.pages.plan_page import PlanPage
from dsr_desk.gui.pages.report_page import ReportPage
from dsr_desk.gui.pages.verify_page import VerifyPage
from dsr_desk.gui.pdf import to_pdf
from dsr_desk.model.catalog import System
from dsr_desk.store.settings import Settings
from dsr_desk.store.workspace import Workspace
from tests.gui.pages import bridge, buttons, check_manners, shown, table, texts  # noqa: F401

EMAIL = "maria.hofer@example.org"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Desk]:
    settings = Settings(name="Halden & Co", controller="Halden & Co", address="Hafenstrasse 4")
    workspace = Workspace.create(tmp_path / "ws", operator="I. Kowal", settings=settings, passphrase="a passphrase", trail=trail)
    build_sample(tmp_path / "ws", people=FEWEST)
    desk = Desk(workspace, to_pdf)
    desk.accept_catalog()
    yield desk
    workspace.close()


def _systems(desk: Desk) -> dict[str, System]:
    catalog = desk.catalog_read().catalog
    assert catalog is not None
    return dict(catalog.systems)


def test_from_plan_to_report(real: Desk, bridge: Bridge, qtbot: Any, tmp_path: Path) -> None:  # noqa: F811
    ref = real.open_request("erasure", [("email", EMAIL)], date(2026, 11, 2), ground="17(1)(b)").ref
    real.identify(ref, "Passport seen in person")

    plan = PlanPage(real, bridge, lambda: _systems(real))
    qtbot.addWidget(plan)
    shown(plan, real.request(ref), qtbot)
    with qtbot.waitSignal(plan.changed, timeout=30_000):
        plan.make()
    made = real.plan(ref)
    assert made is not None and not made.refusals
    count = real.affected(made)
    assert real.phrase(made) == f"ERASE {count}"
    assert f"Erase {count} records in " in plan._pane.main.text()
    everything = "\n".join("\t".join(r) for r in table(plan._model)) + texts(plan)
    assert EMAIL not in everything and "Hofer" not in everything
    QTest.keyClicks(plan._words, real.phrase(made))
    with qtbot.waitSignal(plan.approved, timeout=30_000):
        plan._pane.main.click()

    run = ApplyPage(real, bridge, lambda: _systems(real))
    qtbot.addWidget(run)
    shown(run, real.request(ref), qtbot)
    with qtbot.waitSignal(run.changed, timeout=60_000):
        run.start()
    assert run._headline.text().startswith(f"Applied: {count} of {count} records")
    shop = sqlite3.connect(tmp_path / "ws" / "shop.db")
    assert shop.execute("SELECT count(*) FROM customers WHERE email = ?", (EMAIL,)).fetchone() == (0,)
    shop.close()

    proof = VerifyPage(real, bridge, lambda: _systems(real))
    qtbot.addWidget(proof)
    shown(proof, real.request(ref), qtbot)
    with qtbot.waitSignal(proof.changed, timeout=60_000):
        proof.search_again()
    assert proof._headline.text() == "Searched again: 0 records left over" and not proof._seal.isHidden()
    assert "task" in buttons(proof, shown=False)["Close the request"].reason, "tasks are open"

    for task in real.tasks(ref):
        real.answer_task(ref, task.id, "Looked at and decided by hand.", 1)
    report = ReportPage(real, bridge, real.systems)
    qtbot.addWidget(report)
    report.show_request(real.decide(ref, "partly", "Invoices stay for tax law.", date(2026, 11, 2)))
    qtbot.waitUntil(lambda: report._pages is not None, timeout=30_000)
    pdf = tmp_path / "report.pdf"
    with qtbot.waitSignal(report.changed, timeout=30_000):
        report.save_to(pdf)
    printed = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert ref in printed and EMAIL not in printed and f"Page 1 of {report._pages.count if report._pages else 0}" in printed

    audit = AuditPage(real, bridge)
    qtbot.addWidget(audit)
    audit.show_trail()
    qtbot.waitUntil(lambda: audit._model.rowCount() > 0, timeout=30_000)
    with qtbot.waitSignal(audit.verified, timeout=30_000):
        audit.verify()
    assert audit._card.said.text().startswith("Intact: all ")
    for page in (plan, run, proof, report, audit):
        check_manners(page)


def test_the_catalog_of_the_sample(real: Desk, bridge: Bridge, qtbot: Any) -> None:  # noqa: F811
    page = CatalogPage(real, bridge)
    qtbot.addWidget(page)
    page.show_catalog()
    qtbot.waitUntil(lambda: page._state is not None and page._state.live, timeout=30_000)
    assert page._state is not None and not page._state.check.errors
    for row, line in enumerate(page._model.rows):
        page._list.go_to(row)
        assert page.body.yaml.toPlainText().strip(), line.name
    assert buttons(page, shown=False)["Accept this catalog…"].reason == "This version is accepted."
    check_manners(page)
