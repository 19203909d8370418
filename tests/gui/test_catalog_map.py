"""The map: a click leads to a line, a drag proposes an owner, and of sixty collections those that touch one are drawn."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from dsr_desk.catalog.graph import Arrow, Box, Graph
from dsr_desk.gui.bridge import Bridge
from dsr_desk.gui.models.map_layout import columns, near
from dsr_desk.gui.widgets.ownership_map import OwnershipMap


def _box(name: str, line: int, subject: bool = False) -> Box:
    return Box("s", name, name, ("id",), subject, "delete", "", 3, line, False)


def _arrow(source: str, target: str, line: int) -> Arrow:
    return Arrow("owned_by", f"s/{source}", f"s/{target}", ("x",), line, f"{source}, owned by {target} through x")


def _many(number: int) -> Graph:
    boxes = [_box("people", 1, True), *(_box(f"t{i}", i + 10) for i in range(number - 1))]
    arrows = [_arrow(f"t{i}", "people" if i % 7 == 0 else f"t{i - i % 7}", i + 100) for i in range(number - 1)]
    return Graph(tuple(boxes), tuple(arrows))


@pytest.fixture
def map_(qtbot: Any, bridge: Bridge) -> OwnershipMap:
    made = OwnershipMap()
    qtbot.addWidget(made)
    made.resize(900, 240)
    made.show()
    return made


def _middle(map_: OwnershipMap, name: str) -> QPoint:
    canvas = map_._canvas
    return (canvas._rect(f"s/{name}").center() * canvas._scale).toPoint()


def test_a_click_leads_to_the_line_of_a_box_or_an_arrow(map_: OwnershipMap, qtbot: Any) -> None:
    map_.show_graph(_many(4))
    with qtbot.waitSignal(map_.line_wanted) as told:
        QTest.mouseClick(map_._canvas, Qt.MouseButton.LeftButton, pos=_middle(map_, "t1"))
    assert told.args == [11]
    path, _ = map_._canvas._path(map_.drawn.arrows[0])
    with qtbot.waitSignal(map_.line_wanted) as told:
        on = (QPointF(path.pointAtPercent(0.3)) * map_._canvas._scale).toPoint()
        QTest.mouseClick(map_._canvas, Qt.MouseButton.LeftButton, pos=on)
    assert told.args == [100]


def test_a_drag_from_box_to_box_proposes_an_owner(map_: OwnershipMap, qtbot: Any) -> None:
    map_.show_graph(_many(4))
    canvas = map_._canvas
    with qtbot.waitSignal(map_.owner_proposed) as told, qtbot.assertNotEmitted(map_.line_wanted):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=_middle(map_, "t2"))
        QTest.mouseMove(canvas, _middle(map_, "people"))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=_middle(map_, "people"))
    assert told.args == ["t2", "people"]
    with qtbot.assertNotEmitted(map_.owner_proposed):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=_middle(map_, "t2"))
        QTest.mouseMove(canvas, QPoint(1, 1))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))


def test_of_sixty_only_what_touches_the_chosen_one_is_drawn(map_: OwnershipMap) -> None:
    graph = _many(60)
    map_.choose("s/t15")
    map_.show_graph(graph)
    assert {b.collection for b in map_.drawn.boxes} == {"t15", "t14", "people"}
    assert map_.which.text() == "Show all 60 collections" and not map_._bar.isHidden()
    map_.which.click()
    assert len(map_.drawn.boxes) == 60 and "t59" not in map_.which.text()
    map_.which.click()
    map_.choose("s/t14")
    assert {"t14", "t15", "t20", "people"} <= {b.collection for b in map_.drawn.boxes} and len(map_.drawn.boxes) == 8
    assert "t58, owned by t56 through x" in map_.accessibleDescription(), "the list tells all of them"
    map_.show_graph(_many(5))
    assert map_._bar.isHidden() and len(map_.drawn.boxes) == 5


def test_near_climbs_to_the_person_and_is_whole_for_an_unknown_box() -> None:
    graph = _many(30)
    assert near(graph, "s/nowhere") == graph
    assert {b.collection for b in near(graph, "s/t8").boxes} == {"t8", "t7", "people"}
    assert len(set(columns(graph).values())) == 30


def test_boxes_never_become_too_small_to_read(map_: OwnershipMap) -> None:
    map_.show_graph(_many(13))
    assert map_._canvas._scale >= 0.85
    assert map_._canvas.minimumHeight() > map_.height(), "it scrolls instead"
