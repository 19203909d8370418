"""What the window needs of the program around it: how workspaces are made, opened and unlocked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dsr_desk.flow.desk import Desk
    from dsr_desk.model.catalog import System
    from dsr_desk.render.recovery import Sheet


@dataclass(frozen=True)
class NewWorkspace:
    """The one page of questions. ``passphrase`` is ``None`` where the keyring keeps the keys."""

    folder: Path
    operator: str
    controller: str
    country: str
    passphrase: str | None


@dataclass(frozen=True)
class Opened:
    """An open workspace. ``systems`` gives the catalog as it stands; ``unlock`` says whether a passphrase opens the desk again.

    ``start_with`` is a request to show first, ``sheet`` the recovery sheet of a workspace that was just made.
    """

    desk: Desk
    systems: Callable[[], Mapping[str, System]]
    name: str
    operator: str
    unlock: Callable[[str], bool]
    country: str = "DE"
    subdivision: str | None = None
    needs_passphrase: bool = False
    start_with: str = ""
    close: Callable[[], None] = lambda: None
    sheet: Sheet | None = None


@dataclass(frozen=True)
class Doors:
    """The ways into a workspace; each may take long and raises ``DeskError`` only, so the window calls them off its thread.

    ``open`` raises ``CredentialsError`` where the passphrase is missing or wrong, and ``RolledBackError`` where the workspace is
    older than it was; ``restored`` opens it all the same, and records that somebody brought it back on purpose.
    """

    make: Callable[[NewWorkspace], Opened]
    open: Callable[[Path, str | None], Opened]
    sample: Callable[[], Opened]
    recent: Callable[[], Sequence[Path]]
    has_keyring: Callable[[], bool]
    restored: Callable[[Path, str | None], Opened] | None = None
