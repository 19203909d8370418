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
