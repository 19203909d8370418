"""What shredding a request came to."""

from __future__ import annotations

from dataclasses import dataclass

#: What is said before anybody is asked: the evidence of a request has its report in it, and that goes.
LAST_EVIDENCE = "No evidence bundle and no receipt can be made of it any more: make what you may need before."


@dataclass(frozen=True, slots=True)
class Shredding:
    """A request whose keys were destroyed, the entry that says so, and whether their bytes are gone from the files already."""

    request: str
    entry: int
    gone: bool
