"""The cure that a problem itself offers, as a change of the text: the word that was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dsr_desk.catalog.edit import rendered
from dsr_desk.catalog.problem import Problem

_MEANT = re.compile(r"Did you mean (.+)\?$")
_ONE_OF = re.compile(r"must be ([\w, ()]+ or [\w()]+)\.$")
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s,{}\[\]#:]+(?::[^\s,{}\[\]#:]+)*")
#: More words than these are a list to read, not an offer.
_MOST = 5


@dataclass(frozen=True, slots=True)
class Cure:
    """Replace ``text[start:end]`` by ``new``; ``says`` is the act in words."""

    says: str
    start: int
    end: int
    new: str


def cures(problem: Problem, text: str) -> tuple[Cure, ...]:
    """What a problem offers, the likeliest first; none where nothing can be offered, or the text has moved on."""
    words = _words(problem)
    lines = text.split("\n")
    if not words or not 1 <= problem.line <= len(lines):
        return ()
    begin = sum(len(line) + 1 for line in lines[: problem.line - 1])
    token = _TOKEN.match(lines[problem.line - 1], problem.column - 1)
    if token is None:
        return ()
    return tuple(Cure(f"Use {word}", begin + token.start(), begin + token.end(), rendered(word)) for word in words)


def _words(problem: Problem) -> list[str]:
    found = _MEANT.search(problem.hint) or _ONE_OF.search(problem.message)
    if found is None:
        return []
    words = re.split(r", | or ", found[1])
    return words if len(words) <= _MOST and all(words) else []
