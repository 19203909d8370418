"""What shredding a request came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shredding:
    """A request whose keys were destroyed, the entry that says so, and whether their bytes are gone from the files already."""

    request: str
    entry: int
    gone: bool
