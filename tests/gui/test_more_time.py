"""More time to answer, and what the person was asked for, in the window; and the way to the report over a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMenu

from dsr_desk.flow.desk import Desk
from dsr_desk.gui.actions import ACTS
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.dialogs.act import ReasonDialog
from dsr_desk.gui.dialogs.period_dialog import PeriodDialog
from dsr_desk.gui.main_window import MainWindow
from dsr_desk.gui.pages.receive_page import ReceivePage
from dsr_desk.gui.request_acts import RequestActs
from dsr_desk.model.request import Request
from dsr_desk.store import keys
from tests.flow.world import World, ident, table
from tests.gui.fake_pages import systems
from tests.gui.shots import doors, opened

WHY = "Nine systems, and two of them on paper"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)
    world = World(tmp_path)
    world.sql("shop", people=table("id email", (1, "ann@x.org"), subject=True, on_erase="delete", email=ident("email")))
    made = world.desk()
    with made.workspace:
        yield made


@pytest.fixture
def request_(desk: Desk) -> Request:
    return desk.open_request("access", [("email", "ann@x.org")], date.today())


def test_a_period_is_extended_with_a_reason(qtbot: Any, desk: Desk, bridge: Bridge, request_: Request) -> None:
    page = ReceivePage(desk, bridge, systems)
    qtbot.addWidget(page)
    acts, said = RequestActs(desk, bridge, page), []
    acts.said.connect(lambda title, text: said.append((title, text)))
    acts.extend(request_.ref)
    (dialog,) = page.findChildren(ReasonDialog)
    dialog.edit.setText("soon")
    assert dialog.act.reason
    dialog.edit.setText(WHY)
    with qtbot.waitSignal(acts.changed):
        dialog.act.click()
    changed = desk.request(request_.ref)
    assert changed.facts.extended == WHY and changed.due.on > request_.due.on
    assert said[0][0] == "The period is extended."


def test_that_more_was_asked_for_is_recorded(qtbot: Any, desk: Desk, bridge: Bridge, request_: Request) -> None:
    page = ReceivePage(desk, bridge, systems)
    qtbot.addWidget(page)
    page.show_request(request_)
    page._way.choose("")
    page._how.setText("passport shown at the counter")
    page._asked.choose("asked")
    with qtbot.waitSignal(page.changed):
        page.record.click()
    assert desk.request(request_.ref).facts.identity_asked and not page._asked.value


def test_the_menu_of_a_request_offers_it_once(qtbot: Any, desk: Desk, bridge: Bridge, request_: Request) -> None:
    window = MainWindow(replace(opened(desk), start_with=request_.ref), bridge, doors())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.here == "request" and window.page.request is not None and not bridge.busy)
    assert "Extend the period…" in _menu(window)
    desk.extend(request_.ref, WHY)
    window.page.open(request_.ref)
    qtbot.waitUntil(lambda: bool(window.page.request.facts.extended))
    assert "Extend the period…" not in _menu(window)


def _menu(window: MainWindow) -> list[str]:
    window.page.head.more.click()
    menu = window.page.findChildren(QMenu)[-1]
    words = [a.text() for a in menu.actions()]
    menu.close()
    return words


def test_the_report_over_a_period_is_an_act(qtbot: Any, desk: Desk, bridge: Bridge) -> None:
    window = MainWindow(opened(desk), bridge, doors())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    assert "Report over a period…" in [a.words for a in ACTS]
    window.acts["period"].trigger()
    (dialog,) = window.findChildren(PeriodDialog)
    qtbot.waitUntil(lambda: not dialog.save.reason)
    assert "0 requests came in." in dialog.preview.accessibleDescription()
    dialog.reject()
