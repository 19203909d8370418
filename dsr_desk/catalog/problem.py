"""What is wrong with the catalog, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning", "note"]

#: The longest piece of a catalog file that a message repeats, in characters.
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``line`` and ``column`` count from 1; 0 where the problem has no place in a file.

    ``key`` is the dotted path inside the file (``collections.customers.on_erase``). ``error``: nothing may be planned until it is
    mended; ``warning``: somebody should look; ``note``: good to know. ``code`` names this sort of problem, whatever the words, for
    programs: it never changes (``docs/watch.md`` lists them).
    """

    severity: Severity
    file: str
    line: int
    column: int
    key: str
    message: str
    hint: str = ""
    system: str = ""
    collection: str = ""
    field: str = ""
    code: str = ""

    @property
    def where(self) -> str:
        """The place as editors write it: ``catalog/shop.yaml:12:5``."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.where}: {self.severity}: {self.message}" + (f" {self.hint}" if self.hint else "")


def order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems without doubles, by file and place. Each has a code."""
    coded = (p if p.code else replace(p, code="catalog.file") for p in problems)
    return tuple(sorted(dict.fromkeys(coded), key=lambda p: (p.file, p.line, p.column, p.severity, p.key, p.message)))


def code_of(path: tuple[object, ...]) -> str:
    """The code of a problem at a key of a catalog file, where none was given: the key itself (``catalog.erase``)."""
    rest = path
    if rest[:1] == ("collections",):
        rest = rest[2:] or ("collection",)
    if rest[:1] == ("fields",):
        rest = rest[2:] or ("field",)
    return f"catalog.{rest[0]}" if rest else "catalog.file"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``Did you mean on_erase?``, or nothing where no known word is near."""
    near = near_words(word, known)
    return f"Did you mean {join(near, 'or')}?" if near else ""


def near_words(word: str, known: Iterable[str], most: int = 2, cutoff: float = 0.65) -> list[str]:
    """The known words that are most like this one, ignoring case."""
    by_lower: dict[str, str] = {}
    for k in known:
        by_lower.setdefault(k.lower(), k)
    return [quote(by_lower[k]) for k in get_close_matches(word.lower(), by_lower, n=most, cutoff=cutoff)]


def join(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``."""
    *head, tail = list(words) or [""]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def quote(text: str) -> str:
    """A piece of a catalog file as a message may show it: one line, no control characters, not too long."""
    plain = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return plain if len(plain) <= _LONGEST_QUOTE else plain[: _LONGEST_QUOTE - 1] + "…"
