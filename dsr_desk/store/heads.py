"""The last head that this desk saw of a trail, kept outside the workspace: who brings an old copy back is noticed.

A signed chain can't show that its end was cut off and written again by somebody who holds a key. Somebody who remembers can.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from dsr_desk.errors import RolledBackError
from dsr_desk.model.trail import Head

#: Where the heads are kept, if not where the system keeps such things.
STATE = "DSR_DESK_STATE"
#: How many seconds a head may be newer than what is kept of it, while the workspace is open.
STRIDE = 1.0


def state_folder() -> Path:
    """Where this desk remembers things that belong to no workspace (XDG base directories, and their like elsewhere)."""
    chosen = os.environ.get(STATE)
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "dsr-desk"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "dsr-desk"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "dsr-desk"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a trail: how many entries it had, and the last leaf (hex), which stands for all before it."""

    size: int
    last: str


class Heads:
    """What this desk remembers of one trail. Where nothing can be kept, ``kept`` says so and work goes on."""

    def __init__(self, log: str) -> None:
        self._log = log
        self._path = state_folder() / "heads" / f"{sha256(log.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"
        self._new: Head | None = None
        self._written = 0.0
        #: Whether what was seen last could be kept.
        self.kept = True

    def seen(self) -> Seen | None:
        """What was seen last, or ``None`` where nothing was, or the file can't be read."""
        try:
            found = json.loads(self._path.read_bytes())
            if found["log"] == self._log and type(found["size"]) is int and found["size"] > 0 and type(found["last"]) is str:
                return Seen(found["size"], found["last"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None

    def check(self, head: Head, leaf_at: Callable[[int], str]) -> None:
        """``RolledBackError`` unless the trail goes on from what was seen; ``leaf_at`` gives the leaf of an entry, in hex."""
        seen = self.seen()
        if seen is None:
            self.saw(head)
            return
        if head.size < seen.size:
            raise RolledBackError(f"This workspace is older than it was: it had {seen.size} entries and now has {head.size}.")
        if leaf_at(seen.size) != seen.last:
            raise RolledBackError(f"The trail of this workspace was written anew: entry {seen.size} is not the one that was seen.")
        if head.size > seen.size:
            self.saw(head)

    def saw(self, head: Head) -> None:
        """Remember a head that is durable: at once, or with the next one where the last was kept a moment ago."""
        self._new = head
        if time.monotonic() - self._written >= STRIDE:
            self.keep()

    def forget(self) -> None:
        """Whatever was seen before counts no more."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def keep(self) -> None:
        """Keep what was seen last, unless another window saw more."""
        head, self._new = self._new, None
        if head is None:
            return
        known = self.seen()
        if known is not None and known.size > head.size:
            return
        data = {"log": self._log, "size": head.size, "last": head.last.hex()}
        beside = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(json.dumps(data), encoding="ascii")  # never waits for the disk: a lost memory only sees less
            beside.replace(self._path)
            self.kept = True
        except OSError:
            self.kept = False
        self._written = time.monotonic()
