"""A clock that was turned back: what is destroyed by a date waits until it is right."""

from __future__ import annotations

from dsr_desk.errors import RefusedError
from dsr_desk.store.clock import SLACK, behind
from dsr_desk.store.tx import Tx


def stands_right(tx: Tx) -> None:
    """``RefusedError`` where an entry of the trail, any of them, says a later time than the clock of this computer."""
    if behind(max(entry.ts for entry in tx.entries())) > SLACK:
        raise RefusedError(
            "The clock of this computer went back: entries of the trail are later than now.",
            "Set the clock right, and shred again.",
        )
