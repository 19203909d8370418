"""Which lines of a file may hold one of many addresses."""

from __future__ import annotations

from collections.abc import Iterable

#: How many characters before an ``@`` are looked at.
_BEFORE_AT = 8


class Addresses:
    """Many addresses, told by what stands before their ``@``: a line costs the same however many there are."""

    def __init__(self, needles: Iterable[str]) -> None:
        self._before: dict[int, set[str]] = {}
        for needle in needles:
            end = needle[: needle.index("@")][-_BEFORE_AT:]
            self._before.setdefault(len(end), set()).add(end)

    def may(self, low: str) -> bool:
        """Whether a lower-case line could hold one."""
        at = low.find("@")
        while at >= 0:
            for length, ends in self._before.items():
                if at >= length and low[at - length : at] in ends:
                    return True
            at = low.find("@", at + 1)
        return False
