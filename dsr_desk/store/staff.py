"""Who works in a workspace: admitted, gone, their keys renewed or found in other hands. The root signs each of these entries.

Every line of an act is durable before the next, and what is left to do after a kill is found again by whoever opens the workspace:
a sealed file that no operator names is taken away, and a begun change of the workspace key is finished.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dsr_desk.errors import DeskError, RefusedError, TamperedError, UsageError
from dsr_desk.model.trail import Signer
from dsr_desk.store import keys
from dsr_desk.store.entering import own_file
from dsr_desk.store.envelopes import held
from dsr_desk.store.files import locked_file, reading
from dsr_desk.store.keys import KeyStore, SealedFile
from dsr_desk.store.older import ROOT_HERE
from dsr_desk.store.operators import Operator, checked_name
from dsr_desk.store.ring import Ring
from dsr_desk.store.root import ROOT_FILE, new_code, no_code, open_root, seal_root
from dsr_desk.store.rotation import Rotation, begin_rotation
from dsr_desk.store.session import Unlocked, now
from dsr_desk.store.signers import OWN, OWN_NEXT, load_signer, new_identity
from dsr_desk.store.trail import TrailFormat
from dsr_desk.store.tx import Tx

#: The lock file of whoever changes keys of the workspace.
CHANGING = ".rotation.lock"
#: What an operator may be.
ROLES = ("agent", "approver", "auditor")
_SHORTEST = 8


@dataclass(frozen=True, slots=True)
class Staff:
    """The acts on who works here, in one open workspace. Each takes the recovery code (``None``: an older workspace has none)."""

    folder: Path
    log: str
    store: KeyStore
    unlocked: Unlocked
    rotation: Rotation
    form: TrailFormat
    write: Callable[[], AbstractContextManager[Tx]]

    def admit(self, name: str, role: str, passphrase: str, code: str | None) -> Operator:
        """A new operator with keys of their own, in a file that their own passphrase opens.

        ``UsageError`` for a name, a role or a passphrase that can't be; ``CredentialsError`` without the recovery code.
        """
        if role not in ROLES:
            raise UsageError("An operator is an agent, an approver or an auditor.", "Choose one of the three.")
        if len(passphrase) < _SHORTEST:
            raise UsageError(
                f"The passphrase has fewer than {_SHORTEST} characters.", "The new operator chooses one that nobody guesses."
            )
        with self._alone():
            root = self.root(code)
            fresh = new_identity(self.form)
            operator = Operator(fresh.signer.key_id, "", role, "", own_file(fresh.signer.key_id))
            try:
                SealedFile.create(self.folder, passphrase, operator.file).put(OWN, fresh.text)
                with self.write() as tx:
                    operator = replace(operator, name=checked_name(name, tx.operators(left=True)))
                    tx.append_as(root, "key.add", {"key": fresh.signer.public.hex(), "box": fresh.box.hex(), "role": role})
                    tx.put_operator(operator, fresh.box)
                    for kek in self.unlocked.ring.held():
                        tx.put_envelopes(kek, self.log, {operator.key_id: fresh.box})
            except BaseException:
                self._sweep()
                raise
        return operator

    def leave(self, key_id: str, code: str | None) -> None:
        """Another operator goes: their key ends, and a new workspace key is wrapped around everything without them.

        ``RefusedError`` for oneself, and where too few would be left to approve.
        """
        self._end(key_id, "key.retire", {"key_id": key_id}, code)

    def compromised(self, key_id: str, since: int, code: str | None) -> None:
        """Somebody else may have had this key since entry ``since``: what it signed from there on is doubted.

        One's own key is ended by ``renew``. It may be the key of somebody who left. It ends even where too few are left to approve:
        whoever has it goes on signing else.
        """
        if since < 1:
            raise _no_entry()
        self._end(key_id, "key.compromise", {"key_id": key_id, "since": since}, code, since)

    def renew(self, operator: Operator, code: str | None, since: int = 0) -> tuple[Operator, Unlocked]:
        """New keys for who sits here; with ``since``: because somebody else may have had the old ones since that entry."""
        with self._alone():
            root = self.root(code)
            with self._read() as tx:
                if all(o.key_id != operator.key_id for o in tx.operators()):
                    raise RefusedError("Your key was ended while this workspace was open.", "Open the workspace again.")
            fresh = new_identity(self.form)
            anew = replace(operator, key_id=fresh.signer.key_id)
            self.store.put(OWN_NEXT, fresh.text)
            with self.write() as tx:
                self._since(tx, since)
                tx.append_as(root, "key.add", {"key": fresh.signer.public.hex(), "box": fresh.box.hex(), "role": operator.role})
                end = {"key_id": operator.key_id, **({"since": since} if since else {})}
                tx.append_as(root, "key.compromise" if since else "key.retire", end)
                tx.operator_left(operator.key_id, now())
                tx.put_operator(anew, fresh.box)
                for kek in self.unlocked.ring.held():
                    tx.put_envelopes(kek, self.log, {anew.key_id: fresh.box})
                tx.drop_envelopes(key_id=operator.key_id)
            self.store.put(OWN, fresh.text)
            self.store.remove(OWN_NEXT)
            ring = Ring(held(self.rotation.data, fresh.private, self.log, anew.key_id))
            unlocked = Unlocked(ring, fresh.signer, self.unlocked.presence)
            if since:
                replace(self.rotation, unlocked=unlocked).run()
            self.rotation.data.empty_log()
        return anew, unlocked

    def forget(self, key_id: str) -> None:
        """Delete the name of somebody who left. ``RefusedError`` while they are here."""
        with self.write() as tx:
            name = _one(tx.operators(left=True), key_id).name
            if any(o.name == name for o in tx.operators()):
                raise RefusedError("This operator still works here.", "Record first that they leave.")
            for other in tx.operators(left=True):
                if other.name == name:
                    tx.forget_operator(other.key_id)
        self.rotation.data.empty_log()

    def ask_for(self, approvals: int, code: str | None) -> None:
        """How many different approvers a plan needs from now on. ``RefusedError`` where there are fewer."""
        if approvals not in (1, 2):
            raise UsageError("One or two approvals can be asked for.", "Give 1 or 2.")
        with self._alone():
            root = self.root(code)
            with self.write() as tx:
                here = _approvers(tx)
                if here < approvals:
                    raise RefusedError(
                        f"{approvals} approvals need {approvals} approvers, and this workspace has {here}.",
                        "Admit another one first.",
                    )
                if tx.admissions().asked() != approvals:
                    tx.append_as(root, "policy.set", {"approvals": approvals})

    def approvers(self) -> tuple[int, int]:
        """How many people whose keys stand may approve, and how many of them a plan needs."""
        with self._read() as tx:
            return _approvers(tx), max(1, tx.admissions().asked())

    def root_is_here(self) -> bool:
        """Whether the root still lies in the key store: the workspace is an older one."""
        return not (self.folder / ROOT_FILE).exists()

    def take_root_away(self) -> str:
        """Put the root of an older workspace under a recovery code, and out of the key store; gives the code, once."""
        with self._alone():
            text = self.store.get(ROOT_HERE)
            if not self.root_is_here():
                raise RefusedError("The root of this workspace has a recovery code already.", "It stands on the recovery sheet.")
            if text is None:
                raise no_code()
            code = new_code()
            seal_root(self.folder, self.log, base64.b64decode(text), code)
            self.store.remove(ROOT_HERE)
        return code

    def root(self, code: str | None) -> Signer:
        """The root, for as long as it is needed. ``CredentialsError`` without its code, or with another one."""
        if not self.root_is_here():
            if not code:
                raise no_code()
            root = open_root(self.folder, self.log, self.form, code)
        else:
            text = self.store.get(ROOT_HERE)
            if text is None:
                raise RefusedError(
                    "The root key of this workspace lies with whoever made it.", "Ask them to do this, or to make a recovery code."
                )
            root = load_signer(base64.b64decode(text), self.form)
        with self._read() as tx:
            known = tx.admissions().root
        if root.key_id != known:
            raise TamperedError("The root key is not the one that began this trail.", "Restore the workspace from a backup.")
        return root

    def go_on(self) -> None:
        """Finish what was interrupted, unless somebody else is at it. Either way everything can be read."""
        if self.rotation.unfinished() or self._strays():
            with suppress(DeskError), locked_file(self.folder / CHANGING, 0):
                self._finish()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _end(self, key_id: str, type: str, body: dict[str, object], code: str | None, since: int = 0) -> None:
        with self._alone():
            root = self.root(code)
            with self.write() as tx:
                operator = _one(tx.operators(left=True), key_id)
                if key_id == self.unlocked.signer.key_id:
                    raise RefusedError("Nobody ends their own key.", "Ask another operator to do it, or renew your key instead.")
                if operator.left and not since:
                    raise RefusedError("This operator has left already.", "Nothing has to be done.")
                self._since(tx, since)
                tx.append_as(root, type, body)
                tx.operator_left(key_id, operator.left or now())
                if not since and _approvers(tx) < max(1, tx.admissions().asked()):
                    raise RefusedError(
                        "Too few would be left to approve.", "Admit another approver first, or ask for one approval."
                    )
                tx.drop_envelopes(key_id=key_id)
                begin_rotation(tx)
            self._finish()

    @contextmanager
    def _read(self) -> Iterator[Tx]:
        with self.rotation.data.read() as connection:
            yield Tx(connection, self.unlocked, self.form)

    @staticmethod
    def _since(tx: Tx, since: int) -> None:
        if not 0 <= since <= tx.trail_head().size:
            raise _no_entry()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time changes keys; what an earlier act left undone is done first."""
        with locked_file(self.folder / CHANGING):
            if self.rotation.unfinished() or self._strays():
                self._finish()
            yield

    def _finish(self) -> None:
        if self.rotation.unfinished():
            self.rotation.run()
        self._sweep()
        self.rotation.data.empty_log()

    def _sweep(self) -> None:
        for path in self._strays():
            with reading(path):
                path.unlink(missing_ok=True)

    def _strays(self) -> list[Path]:
        """Sealed files of nobody who is here: of those who left, and of those who were never admitted."""
        with self._read() as tx:
            named = {o.file or keys.SEALED for o in tx.operators()}
        pattern = re.compile(r"\.?(keys(?:\.[0-9a-f]{16})?\.sealed)(?:\.lock|\.[0-9a-f]{8})?")
        found = ((path, pattern.fullmatch(path.name)) for path in self.folder.iterdir())
        return [path for path, match in found if match and match[1] not in named]


def _no_entry() -> UsageError:
    return UsageError("The trail has no entry of that number.", "Look it up in the trail: it is the first one in doubt.")


def _one(operators: list[Operator], key_id: str) -> Operator:
    for operator in operators:
        if operator.key_id == key_id:
            return operator
    raise UsageError("This workspace has no operator with this key.", "Look it up in the list of operators.")


def _approvers(tx: Tx) -> int:
    """How many people whose keys stand may approve."""
    return sum(1 for key in tx.admissions().keys.values() if key.stands and key.role == "approver")
