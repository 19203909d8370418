"""Checkpoints that somebody outside was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: How a checkpoint left the workspace; ``not-timestamped`` where an authority's reply says nothing that holds.
How = Literal["file", "letter", "timestamp", "not-timestamped"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint over the first ``size`` entries (``note``, signed) that left the workspace, and the entry that says so.

    ``proof`` has the raw reply of a timestamp authority (RFC 3161), and ``time`` what it says (ISO 8601), ``""`` without one.
    """

    entry: int
    size: int
    how: How
    at: str
    note: str
    proof: bytes = b""
    time: str = ""

    @property
    def holds(self) -> bool:
        """Whether somebody outside has it."""
        return self.how != "not-timestamped"


@dataclass(frozen=True, slots=True)
class LetterData:
    """What a checkpoint's letter says. ``checkpoint`` is the signed note over the first ``checkpoint_entry`` entries."""

    controller: str
    address: str
    made: str
    log: str
    checkpoint: str
    checkpoint_entry: int
    verify_command: str
    title: str = "Checkpoint of the audit trail"
