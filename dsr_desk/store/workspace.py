"""The workspace: one folder with its settings, its catalog, its database and, where there is no keyring, its sealed keys."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from dsr_desk.errors import DeskError, RolledBackError, UsageError
from dsr_desk.model.trail import Signer
from dsr_desk.store import database, keys
from dsr_desk.store.database import Database
from dsr_desk.store.files import locked_file, reading
from dsr_desk.store.founding import found
from dsr_desk.store.heads import Heads
from dsr_desk.store.keys import Keyring, KeyStore, SealedFile
from dsr_desk.store.migrate import bring_up_to_date
from dsr_desk.store.operators import Operator
from dsr_desk.store.presence import Presence
from dsr_desk.store.ring import Ring
from dsr_desk.store.rotation import Rotation
from dsr_desk.store.session import Unlocked
from dsr_desk.store.settings import Settings, check_settings, read_settings, require_workspace, write_settings
from dsr_desk.store.signers import load_signer
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx

#: The lock file of whoever changes the workspace key.
_ROTATING = ".rotation.lock"

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

    @classmethod
    def create(cls, folder: Path, *, operator: str, settings: Settings, passphrase: str | None, trail: TrailFormat) -> Workspace:
        """A new workspace in ``folder``, which is made if need be, and its first operator by name, who may approve.

        With a passphrase its keys lie in a file of the folder that it opens; without one, in the keyring of this computer.
        ``trail`` is the module ``dsr_desk.audit.trail``. ``UsageError`` when the folder is a workspace, or what is left of
        one; ``CredentialsError`` when there is no keyring and no passphrase; ``UnreachableError`` when it can't be written.
        """
        folder = folder.absolute()
        chosen = replace(settings, log=settings.log or f"dsr-desk/{secrets.token_hex(16)}")
        check_settings(chosen)
        if not operator.strip():
            raise UsageError("The first operator needs a name.", "Give the name of the person who sits at the desk.")
        found(folder, operator.strip(), chosen, passphrase, trail)
        return cls.open(folder, passphrase=lambda: passphrase or "", trail=trail)

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
        """The workspace in ``folder``, unlocked for ``operator`` (a name or a key id; without one, the only or first one).

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
        sealed = (folder / keys.SEALED).exists()
        store: KeyStore = SealedFile(folder, passphrase) if sealed else Keyring(settings.log)
        ring = Ring(store)
        data = Database(folder / database.FILE)
        try:
            bring_up_to_date(data)
            who = _who(data, ring, trail, settings.log, operator)
            unlocked = Unlocked(ring, load_signer(store, ring, trail, who.key_id), Presence(folder))
            _go_on(Rotation(data, store, unlocked, trail), folder)
        except BaseException:
            data.close()
            raise
        workspace = cls(folder, settings, store, data, unlocked, who, trail)
        try:
            workspace._goes_on(restored)
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
            self.heads.forget()
            with self.write() as tx:
                tx.append("head.reset", {"had": seen.size})

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
        with locked_file(self.folder / _ROTATING):
            return Rotation(self._data, self._store, self._unlocked, self._trail).run()

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
            self.heads.saw(tx.trail_head())
        if tx.destroyed:
            self._data.empty_log()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """The workspace as it is at one moment. Nothing can be written in it."""
        with self._data.read() as connection:
            yield Tx(connection, self._unlocked, self._trail)


def _go_on(rotation: Rotation, folder: Path) -> None:
    """Finish a change of the workspace key that was interrupted, unless somebody else is at it. Either way all can be read."""
    if rotation.unfinished():
        with suppress(DeskError), locked_file(folder / _ROTATING, 0):
            rotation.run()


def _who(data: Database, ring: Ring, form: TrailFormat, log: str, wanted: str | None) -> Operator:
    """The operator to work as, in a database that belongs to the trail of this name."""
    nobody = Signer("", b"", lambda _: b"")
    with data.read() as connection:
        tx = Tx(connection, Unlocked(ring, nobody, Presence(data.path.parent)), form)
        found, operators = tx.trail_head().log, tx.operators()
    if found != log:
        raise UsageError(
            "The settings and the database of this workspace name two different trails.",
            "Put the setting log in workspace.toml back to what it was, or restore the folder from a backup.",
        )
    for one in operators:
        if wanted is None or wanted == one.key_id or wanted.strip().casefold() == one.name.casefold():
            return one
    raise UsageError("This workspace has no operator of that name.", "Give the name as it was given when they were admitted.")
