"""What a search says of the systems while it runs, of one that is given up, and of answers that prove less than they seem to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.pages.quick_page import QuickPage
from dsr_desk.gui.widgets.chips import ChipButton
from dsr_desk.gui.widgets.findings_panel import FindingsPanel
from dsr_desk.gui.widgets.systems_strip import SystemsStrip
from dsr_desk.model.event import Answered, Found, Searching, SystemSearched
from dsr_desk.model.finding import Identifier, SystemSearch
from dsr_desk.store import keys
from tests.flow.world import World, ident, table
from tests.gui.fake_desk import catalog_systems, findings, result
from tests.gui.pages import check_manners

EMPTY = "orders is empty: 0 records, 5204 when the catalog was accepted on 2026-11-03. Nothing found proves nothing."


@pytest.fixture
def panel(qtbot: Any, bridge: Bridge) -> FindingsPanel:
    made = FindingsPanel()
    qtbot.addWidget(made)
    made.resize(1224, 640)
    made.set_systems(catalog_systems(), lambda f: f.clear)
    made.show_counts()
    made.show()
    return made


def chips(strip: SystemsStrip) -> list[str]:
    return [c.chip.text for c in strip.findChildren(ChipButton) if c.isVisible()]


def asked_all(panel: FindingsPanel) -> list[str]:
    """Begin a search in which every system is asked; their names."""
    panel.start([Identifier("email", "ann@example.org")])
    names = [n for n, s in catalog_systems().items() if s.driver != "manual"]
    for name in names:
        panel.hear(Searching(name, 1))
    return names


def test_who_has_answered_is_counted_while_others_are_waited_for(panel: FindingsPanel) -> None:
    names = asked_all(panel)
    total = len(catalog_systems())
    assert panel.strip._count.text() == f"0 of {total} systems answered so far"
    for name in names[:-1]:
        panel.hear(Answered(name))
    panel.hear(Found("shop", tuple(f for f in findings() if f.ref.system == "shop")))
    assert panel.strip._count.text() == f"{len(names) - 1} of {total} systems answered so far"
    assert f"{catalog_systems()[names[-1]].label}: no answer yet" in chips(panel.strip)
    said = panel.strip._blocks.accessibleName()
    assert said.count("answered, others are waited for") == len(names) - 1
    panel.hear(Searching("shop", 2))
    assert panel.strip._count.text() == f"{len(names) - 2} of {total} systems answered so far", "the shop is asked again"
    panel.hear(Answered(names[-1]))
    assert panel.strip._count.text() == f"{len(names) - 1} of {total} systems answered so far"
    assert "Web shop: no answer yet" in chips(panel.strip)
    check_manners(panel)


def test_one_that_was_given_up_is_named_at_once_and_not_counted(panel: FindingsPanel) -> None:
    names = asked_all(panel)
    for name in names[:-1]:
        panel.hear(Answered(name))
    label = catalog_systems()[names[-1]].label
    gone = SystemSearch(names[-1], "failed", error=f"{label} has not answered for 30 seconds.", hint="Ask it again.")
    panel.hear(SystemSearched(gone))
    assert f"{label}: not searched" in chips(panel.strip)
    assert f"{label}: no answer yet" not in chips(panel.strip)
    assert panel.strip._count.text().startswith(f"{len(names) - 1} of ")


def test_an_answer_from_an_emptied_collection_is_no_success(panel: FindingsPanel, qtbot: Any) -> None:
    made = result(complete=True)
    states = tuple(replace(s, notes=(EMPTY,)) if s.system == "shop" else s for s in made.systems)
    panel.show_result(replace(made, systems=states, findings=()))
    assert panel.doubt.isVisible()
    assert panel.doubt.title == "Web shop was searched, but its answer may not be whole."
    assert panel.doubt.text == EMPTY
    assert "Web shop: searched, but read the note" in chips(panel.strip)
    assert "That is an answer" not in panel.empty._text.text()
    check_manners(panel)
    asked_all(panel)
    assert not panel.doubt.isVisible(), "it leaves with its cause"
    panel.show_result(made)
    assert not panel.doubt.isVisible()


def test_many_chips_take_more_lines_and_never_widen_the_window(panel: FindingsPanel, qtbot: Any) -> None:
    made = result()
    panel.show_result(replace(made, systems=tuple(replace(s, notes=(EMPTY,)) for s in made.systems)))
    qtbot.waitUntil(lambda: panel.counts_text.startswith("58"))
    assert len(chips(panel.strip)) == 4
    assert panel.strip.minimumSizeHint().width() < 700
    panel.resize(900, 640)
    boxes = [c.geometry() for c in panel.strip.findChildren(ChipButton) if c.isVisible()]
    assert not any(a.intersects(b) for a in boxes for b in boxes if a is not b)
    assert len({b.top() for b in boxes}) > 1


def test_many_notes_are_counted_and_name_their_system(panel: FindingsPanel) -> None:
    made = result(complete=True)
    states = tuple(replace(s, notes=(EMPTY,) * 3) if s.system in ("shop", "crm") else s for s in made.systems)
    panel.show_result(replace(made, systems=states))
    assert panel.doubt.title == "Web shop and CRM were searched, but their answer may not be whole."
    lines = panel.doubt.text.split("\n")
    assert lines[0] == f"Web shop: {EMPTY}"
    assert lines[-1] == "And 2 notes more, at the system."


@pytest.fixture
def nobody_answers() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_system_that_never_answers_hides_nothing_of_the_others(
    qtbot: Any, bridge: Bridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_answers: int
) -> None:
    monkeypatch.setattr(keys, "_MEMORY_KIB", 8 * 1024)
    monkeypatch.setattr(keys, "_ITERATIONS", 1)
    world = World(tmp_path)
    people = table("id email", (1, "ann@x.org"), subject=True, id=ident("customer_id"), email=ident("email"))
    world.sql("shop", customers=people)
    silent = table("id email", subject=True, id=ident("number"), email=ident("email"))
    where = {"url": f"postgresql://reader@127.0.0.1:{nobody_answers}/x", "timeout": 1}
    world.say("dead", "sql", where, {"people": silent})
    desk = world.desk()
    page = QuickPage(desk, bridge, desk.systems)
    qtbot.addWidget(page)
    page.resize(1224, 640)
    page.show()
    page.show_search("email", "ann@x.org")
    heard: list[tuple[str, str, list[str]]] = []
    page.panel.counted.connect(
        lambda: heard.append((page.panel.counts_text, page.panel.strip._count.text(), chips(page.panel.strip)))
    )
    qtbot.waitUntil(lambda: not page.panel.running, timeout=20_000)
    assert any(
        found.startswith("1 record") and count == "1 of 2 systems answered so far" and "dead: no answer yet" in named
        for found, count, named in heard
    ), heard
    assert page.panel.strip._count.text() == "1 of 2 systems searched"
    assert chips(page.panel.strip) == ["dead: not searched"]
    assert page.panel.counts_text.startswith("1 record")
