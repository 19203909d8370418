"""How often, and where, many texts stand in a stream of bytes: few one after the other, many in one pass."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

#: With more texts than this, one pass over the bytes is faster than one for each.
_FEW = 24
#: How many bytes tell where to look, where all texts have that many.
_LOOKED_AT = 8


def count(texts: Iterable[bytes], parts: Iterable[bytes]) -> Counter[bytes]:
    """How often each text (none of them empty) stands in the parts joined, also across two of them."""
    wanted = sorted(set(texts))
    found: Counter[bytes] = Counter()
    table = _Table(wanted) if len(wanted) > _FEW else None
    for whole, known, _ in _joined(wanted, parts):
        if table is not None:
            found.update(text for _, text in table.look(whole, known))
            continue
        for text in wanted:
            if times := whole.count(text, _begin(text, known)):
                found[text] += times
    return found


def places(texts: Iterable[bytes], parts: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Where each occurrence that ``count`` counts begins, and which text it is; in order within a part."""
    wanted = sorted(set(texts))
    table = _Table(wanted) if len(wanted) > _FEW else None
    for whole, known, at in _joined(wanted, parts):
        found = _one_by_one(wanted, whole, known) if table is None else table.look(whole, known)
        for place, text in sorted(found):
            yield at + place, text


def _joined(wanted: list[bytes], parts: Iterable[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Each part behind the end of those before it: the bytes, how many of them were seen before, and where they begin."""
    if not wanted:
        return
    longest = max(map(len, wanted)) - 1
    tail, at = b"", 0
    for part in parts:
        whole = tail + part
        yield whole, len(tail), at
        tail = whole[-longest:] if longest else b""
        at += len(whole) - len(tail)


def _begin(text: bytes, known: int) -> int:
    """From where on an occurrence ends beyond the first ``known`` bytes, which were looked through before."""
    return known - min(known, len(text) - 1)


def _one_by_one(wanted: list[bytes], whole: bytes, known: int) -> Iterator[tuple[int, bytes]]:
    for text in wanted:
        at = whole.find(text, _begin(text, known))
        while at >= 0:
            yield at, text
            at = whole.find(text, at + len(text))


class _Table:
    """The texts by their length. An expression over the bytes that may come first, second … finds where to look."""

    def __init__(self, wanted: list[bytes]) -> None:
        self._texts: dict[int, set[bytes]] = defaultdict(set)
        for text in wanted:
            self._texts[len(text)].add(text)
        columns = ({text[at] for text in wanted} for at in range(min(_LOOKED_AT, *map(len, wanted))))
        classes = (b"[" + b"".join(b"\\x%02x" % byte for byte in sorted(column)) + b"]" for column in columns)
        self._maybe = re.compile(b"(?=" + b"".join(classes) + b")", re.DOTALL)

    def look(self, whole: bytes, known: int) -> Iterator[tuple[int, bytes]]:
        """What ends beyond the first ``known`` bytes, which an earlier part was looked through for."""
        free: dict[bytes, int] = {}
        texts = list(self._texts.items())
        for match in self._maybe.finditer(whole):
            at = match.start()
            for length, of_it in texts:
                text = whole[at : at + length]
                if text in of_it and at + length > known and at >= free.get(text, 0):
                    yield at, text
                    free[text] = at + length  # as bytes.count: no two overlap
