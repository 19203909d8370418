"""A new workspace. ``workspace.toml`` is written last: a folder without it is no workspace, whenever the power fails."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from dsr_desk.errors import DeskError, UsageError
from dsr_desk.store import database, keys, settings
from dsr_desk.store.database import Database
from dsr_desk.store.files import reading, sync_folder
from dsr_desk.store.keys import Keyring, KeyStore, SealedFile
from dsr_desk.store.migrate import bring_up_to_date
from dsr_desk.store.operators import Operator, checked_name
from dsr_desk.store.presence import Presence
from dsr_desk.store.ring import Ring
from dsr_desk.store.root import ROOT_FILE, new_code, new_root, plain_code, seal_root
from dsr_desk.store.schema import trail_head
from dsr_desk.store.session import Unlocked
from dsr_desk.store.settings import Settings, write_settings
from dsr_desk.store.signers import OWN, new_identity
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx

_DATABASE = [database.FILE, f"{database.FILE}-wal", f"{database.FILE}-shm"]


def found(folder: Path, operator: str, chosen: Settings, passphrase: str | None, form: TrailFormat, code: str | None) -> str:
    """Make the workspace, or leave nothing behind; gives the recovery code of its root. See ``Workspace.create`` for its errors."""
    name, code = checked_name(operator, []), code or new_code()
    plain_code(code)
    _refuse_remains(folder)
    with reading(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "catalog").mkdir(exist_ok=True)
    store: KeyStore | None = None
    try:
        store = Keyring(chosen.log) if passphrase is None else SealedFile.create(folder, passphrase)
        kek, identity = secrets.token_bytes(32), new_identity(form)
        root, private = new_root(form)
        store.put(OWN, identity.text)
        seal_root(folder, chosen.log, private, code)
        data = Database(folder / database.FILE)
        try:
            bring_up_to_date(data)
            with data.write() as connection:
                connection.execute(trail_head.insert().values(log=chosen.log, size=0, last=bytes(32), frontier=b""))
                tx = Tx(connection, Unlocked(Ring(lambda: [kek]), identity.signer, Presence(folder)), form)
                tx.append_as(root, "log.open", {"key": root.public.hex()})
                tx.append_as(root, "key.add", {"key": identity.signer.public.hex(), "box": identity.box.hex(), "role": "approver"})
                tx.put_operator(Operator(identity.signer.key_id, name, "approver"), identity.box)
                tx.put_envelopes(kek, chosen.log, {identity.signer.key_id: identity.box})
        finally:
            data.close()
        with reading(folder):
            (folder / database.FILE).chmod(0o600)
            sync_folder(folder)
        write_settings(folder, chosen)
    except BaseException:
        _undo(folder, store)
        raise
    return code


def _refuse_remains(folder: Path) -> None:
    with reading(folder):
        there = [name for name in (settings.FILE, database.FILE, keys.SEALED, ROOT_FILE) if (folder / name).exists()]
    if settings.FILE in there:
        raise UsageError(f"{folder} is a workspace already.", "Open it, or choose another folder.")
    if there:
        raise UsageError(
            f"{folder} holds a part of a workspace ({', '.join(there)}) without its {settings.FILE}.",
            f"Put {settings.FILE} back from a backup, or choose another folder.",
        )


def _undo(folder: Path, store: KeyStore | None) -> None:
    """Take away what was made, as far as the system lets us: the error that led here is the one to show."""
    if isinstance(store, Keyring):
        with suppress(DeskError):
            store.remove(OWN)
    for name in [*_DATABASE, keys.SEALED, ROOT_FILE, settings.FILE]:
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
