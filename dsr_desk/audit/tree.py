"""The hash tree over the trail (RFC 6962 section 2.1), grown one leaf at a time."""

from __future__ import annotations

from hashlib import sha256

Frontier = tuple[bytes, ...]


def leaf_hash(record: bytes) -> bytes:
    """The hash of one leaf: SHA-256 over 0x00 and the record."""
    return sha256(b"\x00" + record).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def grow(frontier: Frontier, size: int, leaf: bytes) -> Frontier:
    """The frontier of the tree with one more leaf; ``size`` counts the leaves before it. O(log n), O(1) on average."""
    edge = list(frontier)
    while size & 1:
        leaf = _node(edge.pop(), leaf)
        size >>= 1
    edge.append(leaf)
    return tuple(edge)


def root(frontier: Frontier) -> bytes:
    """The root of the tree (32 bytes); of an empty one, SHA-256 of nothing."""
    if not frontier:
        return sha256(b"").digest()
    top = frontier[-1]
    for left in reversed(frontier[:-1]):
        top = _node(left, top)
    return top


#: How many leaves lie between two frontiers that ``Past`` keeps.
_STRETCH = 512


class Past:
    """The leaves of a growing tree, and with them its root at every size it had: 32 bytes a leaf, at most 512 steps a root."""

    def __init__(self) -> None:
        self._leaves = bytearray()
        self._frontiers: list[Frontier] = []

    def add(self, frontier: Frontier, size: int, leaf: bytes) -> None:
        """Take in the next leaf; ``frontier`` and ``size`` are the tree before it."""
        if size % _STRETCH == 0:
            self._frontiers.append(frontier)
        self._leaves += leaf

    def leaf(self, seq: int) -> bytes:
        """The leaf with this number, from 1."""
        return bytes(self._leaves[32 * (seq - 1) : 32 * seq])

    def root_at(self, size: int) -> bytes:
        """The root over the first ``size`` leaves; there have been at least as many."""
        if not size:
            return root(())
        begun = (size - 1) // _STRETCH
        frontier = self._frontiers[begun]
        for seq in range(begun * _STRETCH + 1, size + 1):
            frontier = grow(frontier, seq - 1, self.leaf(seq))
        return root(frontier)
