"""What was guessed of a system that nobody described yet: each guess with its evidence, to be accepted or changed by a person."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: What a guess is about: which collection is the person; whose its rows are; a reference that is no owner (or may be none); what
#: names a row; which identifier a field carries; its data category; free text; what happens on erasure.
Topic = Literal["person", "owner", "reference", "key", "identity", "category", "free text", "erasure"]


@dataclass(frozen=True, slots=True)
class Guess:
    """One statement of a draft catalog.

    ``field`` is empty where it is about the whole collection. ``says`` is the YAML that stands for it (``owned_by: customers.id``),
    ``otherwise`` what else it might be, the likeliest first. ``confidence`` is from 0 to 1; ``declared`` says that the system's own
    schema states it, so that nothing was guessed. ``evidence`` are plain sentences without a value of anybody
    (``97 of 100 sampled values are e-mail addresses``). ``special``: a special category (Art. 9 GDPR).
    """

    collection: str
    field: str
    topic: Topic
    says: str
    confidence: float
    evidence: tuple[str, ...]
    declared: bool = False
    special: bool = False
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft catalog file: ``text`` is its YAML with the evidence as comments, ``guesses`` what it is made of, in file order.

    ``unread`` are collections that could not be looked into, each with the reason. ``head`` are the lines above ``collections:``
    (options as JSON), and ``columns`` what every collection has: of these, and the guesses that a person lets stand, the file is
    written anew.
    """

    system: str
    text: str
    guesses: tuple[Guess, ...]
    unread: tuple[tuple[str, str], ...] = ()
    head: tuple[tuple[str, str], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
