"""A new workspace. ``workspace.toml`` is written last: a folder without it is no workspace, whenever the power fails."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from dsr_desk.errors import DeskError, UsageError
from dsr_desk.store import database, keys, settings
from dsr_desk.store.database import Database
from dsr_desk.store.files import reading, sync_folder
from dsr_desk.store.keys import Keyring, KeyStore, SealedFile
from dsr_desk.store.migrate import bring_up_to_date
from dsr_desk.store.operators import Operator
from dsr_desk.store.presence import Presence
from dsr_desk.store.ring import KEK, Ring, new_kek
from dsr_desk.store.schema import trail_head
from dsr_desk.store.session import Unlocked
from dsr_desk.store.settings import Settings, write_settings
from dsr_desk.store.signers import ROOT, new_signer, operator_key
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx

_DATABASE = [database.FILE, f"{database.FILE}-wal", f"{database.FILE}-shm"]


def found(folder: Path, operator: str, chosen: Settings, passphrase: str | None, form: TrailFormat) -> None:
    """Make the workspace, or leave nothing behind. See ``Workspace.create`` for its errors."""
    _refuse_remains(folder)
    with reading(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "catalog").mkdir(exist_ok=True)
    store: KeyStore | None = None
    names: list[str] = [KEK, ROOT]
    try:
        store = Keyring(chosen.log) if passphrase is None else SealedFile.create(folder, passphrase)
        kek = new_kek(store)
        root, signer = new_signer(store, kek, form, root=True), new_signer(store, kek, form)
        names.append(operator_key(signer.key_id))
        data = Database(folder / database.FILE)
        try:
            bring_up_to_date(data)
            with data.write() as connection:
                connection.execute(trail_head.insert().values(log=chosen.log, size=0, last=bytes(32), frontier=b""))
                tx = Tx(connection, Unlocked(Ring(store), signer, Presence(folder)), form)
                tx.append_as(root, "log.open", {"key": root.public.hex()})
                tx.append_as(root, "key.add", {"key": signer.public.hex(), "role": "approver"})
                tx.put_operator(Operator(signer.key_id, operator, "approver"))
        finally:
            data.close()
        with reading(folder):
            (folder / database.FILE).chmod(0o600)
            sync_folder(folder)
        write_settings(folder, chosen)
    except BaseException:
        _undo(folder, store, names)
        raise


def _refuse_remains(folder: Path) -> None:
    with reading(folder):
        there = [name for name in (settings.FILE, database.FILE, keys.SEALED) if (folder / name).exists()]
    if settings.FILE in there:
        raise UsageError(f"{folder} is a workspace already.", "Open it, or choose another folder.")
    if there:
        raise UsageError(
            f"{folder} holds a part of a workspace ({', '.join(there)}) without its {settings.FILE}.",
            f"Put {settings.FILE} back from a backup, or choose another folder.",
        )


def _undo(folder: Path, store: KeyStore | None, names: list[str]) -> None:
    """Take away what was made, as far as the system lets us: the error that led here is the one to show."""
    if isinstance(store, Keyring):
        for name in names:
            with suppress(DeskError):
                store.remove(name)
    for name in [*_DATABASE, keys.SEALED, settings.FILE]:
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
