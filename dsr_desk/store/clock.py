"""The clock of this computer, held against what the trail last said. The order is that of the numbers; but what ends is a date."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from dsr_desk.errors import RefusedError
from dsr_desk.store.session import now
from dsr_desk.store.trail import Trail

#: How many seconds the clock may stand before the last entry's time, and nobody is warned.
SLACK = 60


def behind(latest: str) -> int:
    """By how many seconds the clock stands before ``latest`` (as an entry says it): 0 where it doesn't, or that can't be read."""
    try:
        gone = datetime.fromisoformat(now()) - datetime.fromisoformat(latest)
    except (ValueError, TypeError):
        return 0
    return max(0, -int(gone.total_seconds()))


class Clock:
    """The latest time that one process knows of the trail. Each jump back stands in the trail, once."""

    def __init__(self) -> None:
        #: What the last entry said.
        self.latest = ""

    def jumped(self) -> bool:
        """Whether the clock stands before that."""
        return behind(self.latest) > SLACK

    def wrote(self, tx: Trail) -> None:
        """A transaction is about to end: it says so, where the clock jumped back before it."""
        if self.jumped():
            with suppress(RefusedError):  # whose key ended in this very transaction signs nothing more
                tx.append("clock.warn", {"behind": behind(self.latest)})
        self.latest = tx.latest or self.latest
