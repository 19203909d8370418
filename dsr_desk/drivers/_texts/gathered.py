"""What is gathered of a document while it is read, within a limit, and what made it unreadable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from dsr_desk.model.values import Value


class UnreadError(Exception):
    """The document's text can't be read, or not all of it. ``why`` is a plain clause about it, and holds nothing of it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Gathered:
    """A document so far. ``limit`` is in characters, all parts together; ``inner`` reads a file inside it (its name, its bytes)."""

    limit: int
    inner: Callable[[str, bytes], None]
    pieces: list[str] = field(default_factory=list)
    title: str = ""
    author: str = ""
    fields: dict[str, Value] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> None:
        """One piece of text; ``UnreadError`` where it is too much, with as much kept as there is room for."""
        room = self.limit - self.size
        self.pieces.append(text[:room])
        self.size += min(len(text), room)
        if len(text) > room:
            raise UnreadError(f"its text is longer than {self.limit:,} characters")

    def line(self, *texts: object) -> None:
        """These texts on a line of their own, without those that are empty."""
        if shown := " ".join(str(t) for t in texts if t not in (None, "")):
            self.add(shown + "\n")
