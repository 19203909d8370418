"""The workspace: one folder with its settings, its catalog, its database and, where there is no keyring, its sealed keys."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dsr_desk.errors import RolledBackError
from dsr_desk.store import database
from dsr_desk.store.clock import Clock
from dsr_desk.store.database import Database
from dsr_desk.store.entering import enter
from dsr_desk.store.files import locked_file, reading
from dsr_desk.store.founding import found
from dsr_desk.store.heads import Heads
from dsr_desk.store.keys import KeyStore
from dsr_desk.store.migrate import bring_up_to_date
from dsr_desk.store.operators import Operator
from dsr_desk.store.rotation import Rotation
from dsr_desk.store.session import Unlocked
from dsr_desk.store.settings import Settings, check_settings, read_settings, require_workspace, write_settings
from dsr_desk.store.staff import CHANGING, Staff
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx

__all__ = ["Operator", "Settings", "Tx", "Workspace"]


class Workspace:
    """An open, unlocked workspace. Any thread may use it; ``close`` it at the end, or use it in a ``with``."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        store: KeyStore,
        data: Database,
        unlocked: Unlocked,
        operator: Operator,
        trail: TrailFormat,
    ) -> None:
        """Use ``create`` or ``open``."""
        self.folder = folder
        self.settings = settings
        self.operator = operator
        self._store = store
        self._data = data
        self._unlocked = unlocked
        self._trail = trail
        self.heads = Heads(settings.log)
        self._clock = Clock()
        #: How many entries this desk had seen, where opening recorded that an older copy was brought back; 0 otherwise.
        self.had = 0
        #: The recovery code of a workspace that was just made, and ``""`` ever after.
        self.recovery = ""

    @classmethod
    def create(
        cls,
        folder: Path,
        *,
        operator: str,
        settings: Settings,
        passphrase: str | None,
        trail: TrailFormat,
        recovery: str | None = None,
    ) -> Workspace:
        """A new workspace in ``folder``, which is made if need be, and its first operator by name, who may approve.

        Its ``recovery`` is the code that the root is under, a fresh one where none is given: show it now, nobody can later.
        With a passphrase its keys lie in a file of the folder that it opens; without one, in the keyring of this computer.
        ``trail`` is the module ``dsr_desk.audit.trail``. ``UsageError`` when the folder is a workspace, or what is left of
        one; ``CredentialsError`` when there is no keyring and no passphrase; ``UnreachableError`` when it can't be written.
        """
        folder = folder.absolute()
        chosen = replace(settings, log=settings.log or f"dsr-desk/{secrets.token_hex(16)}")
        check_settings(chosen)
        code = found(folder, operator, chosen, passphrase, trail, recovery)
        workspace = cls.open(folder, passphrase=lambda: passphrase or "", trail=trail)
        workspace.recovery = code
        return workspace

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        passphrase: Callable[[], str],
        trail: TrailFormat,
        operator: str | None = None,
        restored: bool = False,
    ) -> Workspace:
        """The workspace in ``folder``, unlocked for ``operator`` (a name or a key id; without one, whoever the keyring or
        the passphrase belongs to).

        ``passphrase`` is called once, and only where there is a sealed key file. ``UsageError`` when there is no workspace or
        no such operator, ``UnreachableError`` when it can't be read, ``CredentialsError`` when the passphrase is wrong or the
        keyring doesn't hold its keys. ``RolledBackError`` when this desk saw another end of its trail before, unless it was
        ``restored`` on purpose: then the trail says so.
        """
        folder = folder.absolute()
        require_workspace(folder)
        settings = read_settings(folder)
        with reading(folder / database.FILE):
            (folder / database.FILE).stat()
        data = Database(folder / database.FILE)
        try:
            bring_up_to_date(data)
            who, store, unlocked = enter(folder, settings.log, data, passphrase, trail, operator)
        except BaseException:
            data.close()
            raise
        workspace = cls(folder, settings, store, data, unlocked, who, trail)
        try:
            workspace._goes_on(restored)
            workspace._look_at_clock()
            workspace.staff.go_on()
        except BaseException:
            workspace.close()
            raise
        return workspace

    def _goes_on(self, restored: bool) -> None:
        """Hold the trail's end against what this desk saw of it."""
        try:
            with self.read() as tx:
                self.heads.check(tx.trail_head(), tx.leaf_at)
        except RolledBackError:
            seen = self.heads.seen()
            if not restored or seen is None:
                raise
            with self.write() as tx:
                tx.append("head.reset", {"had": seen.size})
            self.heads.forget()  # not before it is recorded: whoever is killed in between is asked again
            self.heads.saw(tx.trail_head())
            self.heads.keep()
            self.had = seen.size

    def _look_at_clock(self) -> None:
        """Hold this computer's clock against the last entry."""
        with self.read() as tx:
            self._clock.latest = tx.head().ts
        if self._clock.jumped():
            with self.write() as tx:
                self._clock.wrote(tx)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back. Safe to call twice."""
        self.heads.keep()
        self._unlocked.presence.close()
        self._data.close()

    @property
    def catalog_folder(self) -> Path:
        """Where the catalog's files are, one a system."""
        return self.folder / "catalog"

    def save_settings(self, new: Settings) -> None:
        """Write the settings. The trail keeps its name, whatever they say."""
        kept = replace(new, log=self.settings.log)
        write_settings(self.folder, kept)
        self.settings = kept

    def secret(self, system: str) -> Callable[[], str | None]:
        """What gives the password of a system when it is needed, and ``None`` where none was set."""
        return lambda: self._store.get(f"secret:{system}")

    def set_secret(self, system: str, password: str) -> None:
        """Keep the password of a system, in the keyring or the sealed file. The trail is told by whoever calls this."""
        self._store.put(f"secret:{system}", password)

    def rotate_key(self) -> int:
        """Change the workspace key, or finish a change that was interrupted; gives how many keys are wrapped under the new one.

        ``LockedError`` where another process is at it, ``TamperedError`` where a key doesn't open: then the old one stays.
        """
        with locked_file(self.folder / CHANGING):
            return self._rotation.run()

    @property
    def _rotation(self) -> Rotation:
        return Rotation(self._data, self._unlocked, self._trail)

    @property
    def staff(self) -> Staff:
        """The acts on who works here."""
        return Staff(self.folder, self.settings.log, self._store, self._unlocked, self._rotation, self._trail, self.write)

    def renew_key(self, code: str | None, since: int = 0) -> Operator:
        """New keys for whoever sits here, see ``Staff.renew``. From now on this workspace signs with them."""
        self.operator, self._unlocked = self.staff.renew(self.operator, code, since)
        return self.operator

    def empty_log(self) -> bool:
        """Whether what was deleted is gone from the files: the write-ahead log is emptied, unless somebody is reading it."""
        return self._data.empty_log()

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """One durable transaction: everything in the block lands when it ends, and nothing when it raises.

        ``LockedError`` when another process keeps the workspace busy, ``UnreachableError`` when its disk is full or gone.
        Where it destroyed a key, the key's bytes go from the files right after it.
        """
        with self._data.write() as connection:
            tx = Tx(connection, self._unlocked, self._trail)
            yield tx
            if tx.appended:
                self._clock.wrote(tx)
        if tx.appended:
            self.heads.saw(tx.trail_head())
        if tx.destroyed:
            self._data.empty_log()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """The workspace as it is at one moment. Nothing can be written in it."""
        with self._data.read() as connection:
            yield Tx(connection, self._unlocked, self._trail)
