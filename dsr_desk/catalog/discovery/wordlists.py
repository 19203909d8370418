"""The files of ``resources/discovery``: word lists, so that a language more is a line more."""

from __future__ import annotations

from functools import cache

from dsr_desk.bundled import bundled


@cache
def lines(name: str) -> tuple[tuple[str, ...], ...]:
    """The lines of a file, each as its parts."""
    text = (bundled("resources") / "discovery" / name).read_text(encoding="utf-8")
    return tuple(tuple(p.strip() for p in line.split("|")) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def listed(name: str) -> frozenset[str]:
    """One of the short lists."""
    return frozenset(word for called, words in lines("words.txt") if called == name for word in words.split())
