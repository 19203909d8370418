"""How often many texts stand in a stream of bytes: few one after the other, many in one pass."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

#: With more texts than this, one pass over the bytes is faster than one for each.
_FEW = 24
#: How many bytes tell where to look, where all texts have that many.
_LOOKED_AT = 8


def count(texts: Iterable[bytes], parts: Iterable[bytes]) -> Counter[bytes]:
    """How often each text (none of them empty) stands in the parts joined, also across two of them."""
    wanted = sorted(set(texts))
    found: Counter[bytes] = Counter()
    if not wanted:
        return found
    longest = max(map(len, wanted)) - 1
    look = _one_by_one if len(wanted) <= _FEW else _Table(wanted).look
    tail = b""
    for part in parts:
        whole = tail + part
        look(wanted, whole, len(tail), found)
        tail = whole[-longest:] if longest else b""
    return found


def _one_by_one(wanted: list[bytes], whole: bytes, known: int, found: Counter[bytes]) -> None:
    for text in wanted:
        if times := whole.count(text, known - min(known, len(text) - 1)):
            found[text] += times


class _Table:
    """The texts by their length. An expression over the bytes that may come first, second … finds where to look."""

    def __init__(self, wanted: list[bytes]) -> None:
        self._texts: dict[int, set[bytes]] = defaultdict(set)
        for text in wanted:
            self._texts[len(text)].add(text)
        columns = ({text[at] for text in wanted} for at in range(min(_LOOKED_AT, *map(len, wanted))))
        classes = (b"[" + b"".join(b"\\x%02x" % byte for byte in sorted(column)) + b"]" for column in columns)
        self._maybe = re.compile(b"(?=" + b"".join(classes) + b")", re.DOTALL)

    def look(self, wanted: list[bytes], whole: bytes, known: int, found: Counter[bytes]) -> None:
        """Count what ends beyond the first ``known`` bytes, which an earlier part was looked through for."""
        free = dict.fromkeys(wanted, 0)
        texts = list(self._texts.items())
        for match in self._maybe.finditer(whole):
            at = match.start()
            for length, of_it in texts:
                text = whole[at : at + length]
                if text in of_it and at + length > known and at >= free[text]:
                    found[text] += 1
                    free[text] = at + length  # as bytes.count: no two overlap
