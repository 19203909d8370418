"""Where each box of the ownership map goes, and which of many are shown: those that touch the chosen one."""

from __future__ import annotations

from collections.abc import Collection

from dsr_desk.catalog.graph import Graph

#: With more boxes than this only the neighbours of the chosen one are drawn at first.
MANY = 14


def columns(graph: Graph) -> dict[str, tuple[int, int]]:
    """Where each box goes, as (column, row): the people in the middle, their rows beside them, others farther out."""
    near: dict[str, set[str]] = {b.id: set() for b in graph.boxes}
    for arrow in graph.arrows:
        if arrow.source in near and arrow.target in near and arrow.source != arrow.target:
            near[arrow.source].add(arrow.target)
            near[arrow.target].add(arrow.source)
    side: dict[str, int] = {b.id: 0 for b in graph.boxes if b.subject and not b.outside}
    wave = list(side)
    turn = 1
    while wave:
        following = []
        for name in wave:
            for other in (b.id for b in graph.boxes if b.id in near[name] and b.id not in side):
                if side[name] == 0:
                    side[other], turn = turn, -turn
                else:
                    side[other] = side[name] + (1 if side[name] > 0 else -1)
                following.append(other)
        wave = following
    last = max(side.values(), default=0)
    for box in graph.boxes:
        side.setdefault(box.id, last + 1)
    first = min(side.values(), default=0)
    rows: dict[int, int] = {}
    places = {}
    for box in graph.boxes:
        column = side[box.id] - first
        places[box.id] = (column, rows.get(column, 0))
        rows[column] = rows.get(column, 0) + 1
    return places


def near(graph: Graph, chosen: str) -> Graph:
    """What touches one box, and the persons that its rows lead to; all of it where there is no such box."""
    if not any(b.id == chosen for b in graph.boxes):
        return graph
    kept = {chosen} | {end for a in graph.arrows if chosen in (a.source, a.target) for end in (a.source, a.target)}
    kept |= _up(graph, chosen)
    return _only(graph, kept)


def _up(graph: Graph, chosen: str) -> set[str]:
    """The boxes to which its rows belong, up to the persons."""
    found, wave = {chosen}, [chosen]
    while wave:
        here = wave.pop()
        for arrow in graph.arrows:
            owner = arrow.target if arrow.kind == "owned_by" and arrow.source == here else ""
            owner = arrow.source if arrow.kind == "owns" and arrow.target == here else owner
            if owner and owner not in found:
                found.add(owner)
                wave.append(owner)
    return found


def _only(graph: Graph, kept: Collection[str]) -> Graph:
    arrows = tuple(a for a in graph.arrows if a.source in kept and a.target in kept)
    return Graph(tuple(b for b in graph.boxes if b.id in kept), arrows)
