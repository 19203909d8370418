"""The word lists of discovery: what names of columns, tables and references mean. They are data, in ``resources/discovery``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from dsr_desk.catalog.discovery.naming import forms
from dsr_desk.catalog.discovery.wordlists import lines

#: What a reference to a person says of the row: somebody who handled it; who may see it; whose it is.
Role = Literal["names", "sees", "owns"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column of some name holds: a data category, the identity it carries, whether it is of Art. 9 or 10, free text."""

    category: str
    identity: str | None = None
    special: bool = False
    text: bool = False


@cache
def fields() -> Mapping[str, Meaning]:
    """Each word for a column → what it means; of a word that stands twice, the first meaning counts."""
    found: dict[str, Meaning] = {}
    for category, identity, mark, listed in lines("fields.txt"):
        meaning = Meaning(category, identity or None, mark == "special", mark == "text")
        for word in listed.split():
            found.setdefault(word, meaning)
    return found


@cache
def nouns() -> Mapping[str, str]:
    """Each word for a collection → what it means (``kunde`` → ``customer``)."""
    return {word: concept for concept, listed in lines("nouns.txt") for word in listed.split()}


@cache
def roles() -> Mapping[str, Role]:
    """Each word of a reference's name → what it says; a word that stands twice keeps its first role."""
    found: dict[str, Role] = {}
    for role, listed in lines("roles.txt"):
        for word in listed.split():
            found.setdefault(word, role)  # type: ignore[arg-type]  # the file has the three roles
    return found


@cache
def noun(word: str) -> str | None:
    """What one word of a collection's name means, in singular or plural."""
    known = nouns()
    return known.get(word) or next((known[form] for form in sorted(forms(word)) if form in known), None)


#: Nouns that are persons, by how near they are to whom a system is about: the data of a customer is theirs, whoever served them.
RANK: Mapping[str, int] = {noun: int(rank) for rank, nouns in lines("ranks.txt") for noun in nouns.split()}
