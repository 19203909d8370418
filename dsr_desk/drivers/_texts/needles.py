"""Counting erased texts in bytes and in names, however they are encoded there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from dsr_desk.drivers._file.spellings import occurrences


class Needles:
    """Erased texts (UTF-8), ready to be counted."""

    def __init__(self, needles: Sequence[bytes]) -> None:
        texts = list(dict.fromkeys(needle.decode("utf-8", "replace") for needle in needles if needle))
        self._folded = [_folded(text) for text in texts]
        self._needles = [text.encode("utf-8") for text in texts]

    def within(self, text: str) -> int:
        """How often they stand in a text, ignoring case."""
        plain = _folded(text)
        return sum(plain.count(needle) for needle in self._folded)

    def count(self, blocks: Iterable[bytes]) -> int:
        """How often they stand in a stream of bytes, as UTF-8, UTF-16 or Windows text."""
        return occurrences(blocks, self._needles)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
