"""Inclusion proofs (RFC 6962 section 2.1.1): that an entry stands in a tree, without the other entries.

A path is the hashes beside the way from the leaf to the root, the nearest first: at most 20 of them at 100,000 entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def paths(leaves: Sequence[bytes], wanted: Iterable[int]) -> Mapping[int, tuple[bytes, ...]]:
    """The path of each wanted entry (numbers from 1) in the tree over all ``leaves`` (32 bytes each). O(number of leaves)."""
    found: dict[int, list[bytes]] = {number: [] for number in wanted}
    level, at = list(leaves), {number: number - 1 for number in found}
    while len(level) > 1:
        for number, index in at.items():
            if index ^ 1 < len(level):
                found[number].append(level[index ^ 1])
            at[number] = index >> 1
        pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[-1:] if len(level) & 1 else pairs  # the last one without a partner moves up as it is
    return {number: tuple(path) for number, path in found.items()}


def climb(leaf: bytes, number: int, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The roots over all ``size`` entries and over those before entry ``number``, by the path of that entry.

    What lies left of the way up is just the tree over all entries before it, so one path proves both (RFC 9162 section 2.1.3.2).
    ``ValueError`` where a path of this length can't be that of this entry.
    """
    index, last = number - 1, size - 1
    if not 0 <= index <= last:
        raise ValueError("no such entry")
    node, before = leaf, b""
    for side in path:
        if last == 0:
            raise ValueError("the path is too long")
        if index & 1 or index == last:
            node, before = _node(side, node), _node(side, before) if before else side
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = _node(node, side)
        index, last = index >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return node, before or sha256(b"").digest()
