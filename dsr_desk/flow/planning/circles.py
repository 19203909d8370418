"""Circles in a graph: its strongly connected components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node")


def components(edges: Mapping[Node, Sequence[Node]]) -> list[list[Node]]:
    """The groups of nodes that lead to each other, what is led to before what leads there; every node is a key of ``edges``.

    Tarjan (SIAM J. Comput. 1972), without recursion: a chain of a hundred thousand rows is no deeper than one. The same graph in
    the same order always gives the same list.
    """
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    path: list[Node] = []
    on_path: set[Node] = set()
    found: list[list[Node]] = []
    for root in edges:
        if root in index:
            continue
        walk: list[tuple[Node, Iterator[Node]]] = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        path.append(root)
        on_path.add(root)
        while walk:
            node, rest = walk[-1]
            for there in rest:
                if there not in index:
                    index[there] = low[there] = len(index)
                    path.append(there)
                    on_path.add(there)
                    walk.append((there, iter(edges[there])))
                    break
                if there in on_path:
                    low[node] = min(low[node], index[there])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == index[node]:
                    at = _last(path, node)
                    found.append(path[at:])
                    on_path.difference_update(path[at:])
                    del path[at:]
    return found


def _last(path: list[Node], node: Node) -> int:
    at = len(path) - 1
    while path[at] != node:
        at -= 1
    return at
