"""How often texts stand in raw bytes, in the ways files write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def occurrences(blocks: Iterable[bytes], needles: Sequence[bytes]) -> int:
    """How often the needles (UTF-8) stand in a stream of bytes, as UTF-8, UTF-16 or Windows text."""
    spelt = [spellings(needle) for needle in needles]
    counts = dict.fromkeys({form for forms in spelt for form in forms}, 0)
    keep = max(map(len, counts), default=1) - 1
    tail = b""
    for block in blocks:
        data = tail + block
        for form in counts:
            counts[form] += data.count(form) - tail.count(form)
        tail = data[-keep:] if keep else b""
    # The two orders of UTF-16 overlap by all but one byte, so one text would be counted twice.
    return sum(max(counts[little], counts[big]) + sum(counts[o] for o in set(others)) for little, big, *others in spelt)


def spellings(needle: bytes) -> tuple[bytes, ...]:
    """A UTF-8 text as files may hold it: UTF-16 in both orders, UTF-8, and Windows text where that has its letters."""
    text = needle.decode("utf-8", "replace")
    wide = text.encode("utf-16-le"), text.encode("utf-16-be")
    try:
        return *wide, needle, text.encode("cp1252")
    except UnicodeEncodeError:
        return *wide, needle
