"""Which of many identifiers a free text may name: a few characters of each, looked up in tables, instead of one pattern each.

It may let too much through, never too little: what it names is decided by the identifier's own pattern.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

#: How many characters of an identifier are looked up, where it has that many.
_LENGTHS = (6, 4, 3, 2, 1)
#: Letters beyond ASCII that are another case of an ASCII one, for expressions that ignore case.
_FOLDED = str.maketrans({"İ": "i", "ı": "i", "ſ": "s", "\u212a": "k"})
_WORD = re.compile(r"(?<!\w)\w")
_NO_DIGIT = re.compile(r"[^0-9]+")
_BETWEEN = re.compile(r"[\s.\-/]+")

#: The characters looked up, all of one length → which identifiers have them.
_Table = dict[str, list[int]]


class Grams:
    """The tables. Numbers stand for the identifiers, in the order in which they were added."""

    def __init__(self) -> None:
        self._always: list[int] = []
        #: Length → table: what stands at the start of a word, anywhere, among the digits alone, and without blanks and dots.
        self._starts: dict[int, _Table] = {}
        self._within: dict[int, _Table] = {}
        self._digits: dict[int, _Table] = {}
        self._compact: dict[int, _Table] = {}

    def starts_word(self, number: int, piece: str) -> None:
        """An identifier that begins with these ASCII characters, where a word begins."""
        _add(self._starts, number, piece, self._always)

    def within(self, number: int, piece: str) -> None:
        """An identifier that holds these ASCII characters in a row."""
        _add(self._within, number, piece, self._always)

    def digits(self, number: int, piece: str) -> None:
        """An identifier that holds these digits, with anything between them."""
        _add(self._digits, number, piece, self._always)

    def compact(self, number: int, piece: str) -> None:
        """An identifier that holds these ASCII characters, with blanks, dots, dashes and slashes between them."""
        _add(self._compact, number, piece, self._always)

    def may(self, text: str) -> list[int]:
        """The identifiers that the text may name, in order."""
        low = (text if text.isascii() else text.translate(_FOLDED)).lower()
        found = set(self._always)
        if self._starts:
            starts = [match.start() for match in _WORD.finditer(low)]
            for length, table in self._starts.items():
                found.update(n for at in starts for n in table.get(low[at : at + length], ()))
        found.update(_anywhere(self._within, low))
        if self._digits:
            found.update(_anywhere(self._digits, _NO_DIGIT.sub("", low)))
        if self._compact:
            found.update(_anywhere(self._compact, _BETWEEN.sub("", low)))
        return sorted(found)


def _add(tables: dict[int, _Table], number: int, piece: str, always: list[int]) -> None:
    if not piece:
        always.append(number)
        return
    length = next(n for n in _LENGTHS if n <= len(piece))
    tables.setdefault(length, defaultdict(list))[piece[:length].lower()].append(number)


def _anywhere(tables: dict[int, _Table], text: str) -> Iterator[int]:
    for length, table in tables.items():
        for at in range(len(text) - length + 1):
            if (numbers := table.get(text[at : at + length])) is not None:
                yield from numbers
