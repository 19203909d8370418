"""Coming in: who sits down, where their keys are, and what opens them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dsr_desk.errors import CredentialsError, TamperedError, UsageError
from dsr_desk.model.trail import Admissions, Signer
from dsr_desk.store import keys
from dsr_desk.store.database import Database
from dsr_desk.store.envelopes import held
from dsr_desk.store.keys import Keyring, KeyStore, SealedFile
from dsr_desk.store.older import brought_over
from dsr_desk.store.operators import Operator
from dsr_desk.store.presence import Presence
from dsr_desk.store.ring import Ring, not_here
from dsr_desk.store.session import Unlocked
from dsr_desk.store.signers import Identity, load_identity
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx

_FILE = re.compile(r"keys\.[0-9a-f]{16}\.sealed")


def own_file(key_id: str) -> str:
    """The name of the sealed file of an operator who was admitted with this key."""
    return f"keys.{key_id}.sealed"


def enter(
    folder: Path, log: str, data: Database, ask: Callable[[], str], form: TrailFormat, wanted: str | None
) -> tuple[Operator, KeyStore, Unlocked]:
    """Who works here, where their keys are, and the keys, open.

    Without a name it is whoever the keyring or the passphrase belongs to, first of all who made the workspace. ``UsageError`` when
    nobody has this name, or the database is another workspace's; ``CredentialsError`` when nothing opens.
    """
    asked: list[str] = []

    def once() -> str:
        asked[:] = asked or [ask()]
        return asked[0]

    failed: CredentialsError | None = None
    for candidate in _wanted(_look(folder, log, data, form)[0], wanted):
        store = key_store(folder, log, candidate, once)
        try:
            operator, identity = _opened(data, store, form, candidate)
        except CredentialsError as error:
            failed = failed or error
            continue
        key = _look(folder, log, data, form)[1].keys.get(operator.key_id)
        if key is None or not key.stands or (key.public, key.box) != (identity.signer.public, identity.box):
            raise TamperedError(
                "The trail knows this operator by other keys.", "Verify the trail, and restore the workspace from a backup."
            )
        ring = Ring(held(data, identity.private, log, operator.key_id))
        return replace(operator, role=key.role), store, Unlocked(ring, identity.signer, Presence(folder))
    raise failed or not_here()


def key_store(folder: Path, log: str, operator: Operator, ask: Callable[[], str]) -> KeyStore:
    """Where the keys of an operator lie."""
    if operator.file:
        if not _FILE.fullmatch(operator.file):
            raise TamperedError("The workspace names a key file that is none.", "Restore the workspace from a backup.")
        return SealedFile(folder, ask, operator.file)
    return SealedFile(folder, ask) if (folder / keys.SEALED).exists() else Keyring(log)


def _opened(data: Database, store: KeyStore, form: TrailFormat, operator: Operator) -> tuple[Operator, Identity]:
    """The operator and their keys; made anew where they are of the kind that an earlier version of the program kept."""
    anew = brought_over(data, store, form, operator)
    return anew if anew is not None else (operator, load_identity(store, form, operator.key_id))


def _wanted(operators: list[Operator], wanted: str | None) -> list[Operator]:
    found = [o for o in operators if wanted is None or wanted == o.key_id or wanted.strip().casefold() == o.name.casefold()]
    if not found:
        raise UsageError("This workspace has no operator of that name.", "Give the name as it was given when they were admitted.")
    return sorted(found, key=lambda o: bool(o.file))


def _look(folder: Path, log: str, data: Database, form: TrailFormat) -> tuple[list[Operator], Admissions]:
    """The operators of a database that belongs to the trail of this name, and what the trail says of their keys."""
    nobody = Unlocked(Ring(lambda: ()), Signer("", b"", lambda _: b""), Presence(folder))
    with data.read() as connection:
        tx = Tx(connection, nobody, form)
        tx.ends()
        found, operators = tx.trail_head().log, tx.operators()
        if found != log:
            raise UsageError(
                "The settings and the database of this workspace name two different trails.",
                "Put the setting log in workspace.toml back to what it was, or restore the folder from a backup.",
            )
        return operators, tx.admissions()
