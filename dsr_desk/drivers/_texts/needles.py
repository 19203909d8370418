"""Counting erased texts in bytes and in names, however they are encoded there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence


class Needles:
    """Erased texts (UTF-8), ready to be counted."""

    def __init__(self, needles: Sequence[bytes]) -> None:
        texts = list(dict.fromkeys(needle.decode("utf-8", "replace") for needle in needles if needle))
        self._folded = [_folded(text) for text in texts]
        self._spelt = [_spellings(text) for text in texts]

    def within(self, text: str) -> int:
        """How often they stand in a text, ignoring case."""
        plain = _folded(text)
        return sum(plain.count(needle) for needle in self._folded)

    def count(self, blocks: Iterable[bytes]) -> int:
        """How often they stand in a stream of bytes, as UTF-8, UTF-16 or Windows text."""
        counts = dict.fromkeys({form for forms in self._spelt for form in forms}, 0)
        keep = max(map(len, counts), default=1) - 1
        tail = b""
        for block in blocks:
            data = tail + block
            for form in counts:
                counts[form] += data.count(form) - tail.count(form)
            tail = data[-keep:] if keep else b""
        # The two orders of UTF-16 overlap by all but one byte, so one text would be counted twice.
        return sum(max(counts[little], counts[big]) + sum(counts[o] for o in set(others)) for little, big, *others in self._spelt)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _spellings(text: str) -> tuple[bytes, ...]:
    wide = text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("utf-8")
    try:
        return *wide, text.encode("cp1252")
    except UnicodeEncodeError:
        return wide
