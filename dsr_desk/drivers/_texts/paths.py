"""Which files a collection has, by a pattern of their paths, and the fields that stand in a path."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dsr_desk.errors import UsageError

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]/]+\]|\{(\w+)\}|.", re.DOTALL)


class Paths:
    """A pattern such as ``invoices/**/*.pdf``, ignoring case: ``*`` and ``?`` stay within a folder, ``**/`` is any number of them.

    ``{customer_id}`` is what stands there, as a field; ``told`` gives those fields, and ``None`` of a path that does not fit.
    """

    def __init__(self, pattern: str, where: str) -> None:
        """``where`` names the catalog's place, for the ``UsageError`` about a pattern that is none."""
        self.fields: tuple[str, ...] = ()
        try:
            self._expression = re.compile(self._translated(pattern), re.IGNORECASE | re.DOTALL)
        except re.error:
            raise UsageError(
                f"{where}: the pattern of its files can't be read.",
                "Write, for example, invoices/**/*.pdf or {customer_id}/{name}.",
            ) from None

    def told(self, path: str) -> dict[str, str] | None:
        """The fields of a path that fits the pattern."""
        match = self._expression.fullmatch(path)
        return match.groupdict() if match else None

    def _translated(self, pattern: str) -> str:
        made = []
        for match in _TOKEN.finditer(pattern.strip("/")):
            piece, field = match[0], match[1]
            if field:
                self.fields += (field,)
                made.append(f"(?P<{field}>[^/]+)")
            elif piece == "**/":
                made.append("(?:[^/]+/)*")
            elif piece == "**":
                made.append(".*")
            elif piece == "*":
                made.append("[^/]*")
            elif piece == "?":
                made.append("[^/]")
            elif piece.startswith("[") and len(piece) > 2:
                negated = piece[1] == "!"
                made.append(f"[{'^/' if negated else ''}{re.escape(piece[2 if negated else 1 : -1]).replace(chr(92) + '-', '-')}]")
            else:
                made.append(re.escape(piece))
        return "".join(made)


def spoken(path: str) -> str:
    """A path as it may be shown in a sentence: what moves the cursor, turns the writing round or is no character is spelt out."""
    shown = "".join(c if unicodedata.category(c)[0] not in "CZ" or c == " " else f"\\u{ord(c):04x}" for c in path)
    return shown if len(shown) <= 120 else f"{shown[:60]}…{shown[-59:]}"


def some(paths: Sequence[str], most: int = 3) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(paths) - most} more" if len(paths) > most else ""
    return ", ".join(map(spoken, paths[:most])) + more
