"""What narrows many rows to few before a question decides. It may let too much through, never too little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dsr_desk.drivers._sheet.addresses import Addresses
from dsr_desk.drivers._sheet.book import text_of
from dsr_desk.model.finding import Lookup
from dsr_desk.model.match import Question
from dsr_desk.model.values import Value, as_text

#: With more needles than this, looking for each in every line costs more than reading the fields.
MOST_NEEDLES = 24
_MOST_PIECES = 8
_SHORTEST_NEEDLE = 3


class Sieve:
    """One lookup of a search, made ready for rows of one sheet."""

    def __init__(self, index: int, lookup: Lookup, region: str | None, columns: Sequence[str]) -> None:
        self.index, self.question = index, Question(lookup, region)
        self._positions = [columns.index(name) for name in lookup.fields]
        self._exact = lookup.kind is None and not lookup.mention
        if self._exact:
            forms = (tuple(map(as_text, value)) for value in lookup.values)
            self._wanted = {form for form in forms if all(form)}
            pieces: list[tuple[str, ...]] | None = [tuple(t for t in form if t) for form in self._wanted]
        else:
            texts = tuple((as_text(value[0]),) for value in lookup.values if value[0] is not None)
            pieces = Question(replace(lookup, values=texts), region).patterns()
        if pieces is not None:
            pieces = [tuple(p.lower() for p in piece) for piece in pieces]
        self.needles = _needles(pieces)
        #: With many, the question itself is faster.
        self._pieces = pieces if pieces is not None and len(pieces) <= _MOST_PIECES else None

    def may(self, cells: Sequence[Value]) -> bool:
        """Whether the row could answer."""
        width = len(cells)
        if self._exact:
            return tuple(text_of(cells[p]) if p < width else None for p in self._positions) in self._wanted
        parts = [cells[p] if p < width else None for p in self._positions]
        texts = [text_of(part) or "" for part in parts]
        text = texts[0] if len(texts) == 1 else "\n".join(texts).strip("\n")
        if not text:
            return False
        if self._pieces is None or not text.isascii():
            return self.question.says(parts)
        text = text.lower()
        return any(_in_order(piece, text) for piece in self._pieces)


def together(sieves: Iterable[Sieve]) -> Sequence[str] | Addresses | None:
    """The needles of all, of which a plain ASCII row must hold one; ``None`` where every row has to be read."""
    needles: set[str] = set()
    for sieve in sieves:
        if sieve.needles is None:
            return None
        needles.update(sieve.needles)
    if len(needles) <= MOST_NEEDLES:
        return sorted(needles)
    return Addresses(needles) if all("@" in needle for needle in needles) else None


def _needles(pieces: list[tuple[str, ...]] | None) -> list[str] | None:
    """Per value its longest run of printable ASCII without a quote, since a file may double quotes and escape the rest."""
    if pieces is None:
        return None
    needles = []
    for piece in pieces:
        runs = "".join(c if " " <= c <= "~" and c not in "\"'" else "\n" for c in "\n".join(piece)).split("\n")
        longest = max(runs, key=len)
        if len(longest) < _SHORTEST_NEEDLE:
            return None
        needles.append(longest)
    return needles


def _in_order(pieces: Sequence[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True
