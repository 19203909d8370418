"""Who works here: admitted, gone, their names deleted, their keys renewed or in other hands, and how many have to approve.

Everything that the trail says of it is signed by the root, so each of these verbs takes the recovery code. ``None`` works in a
workspace of an earlier version alone, at the desk of whoever made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dsr_desk.errors import UsageError
from dsr_desk.flow.access import recorded
from dsr_desk.flow.catalogs import Catalogs
from dsr_desk.flow.roles import may
from dsr_desk.model.trail import Admitted
from dsr_desk.store.workspace import Operator

KeyState = Literal["stands", "retired", "compromised", "root"]
_ARE = {True: "is", False: "are"}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the trail. ``name`` is ``""`` where it was deleted; ``since`` and ``until`` are numbers of entries (0: it stands).

    What it signed from entry ``doubted`` on may be somebody else's (0: nothing). ``mine``: it signs at this desk.
    """

    key_id: str
    name: str
    role: str
    state: KeyState
    since: int
    until: int
    doubted: int
    mine: bool


class Operating(Catalogs):
    """The operators of a workspace, and their keys."""

    def operators(self) -> list[Operator]:
        """Who works here now, by name."""
        with self.workspace.read() as tx:
            return tx.operators()

    def key_list(self) -> list[Key]:
        """The root and every key that it ever admitted, oldest first."""
        with self.workspace.read() as tx:
            known, names = tx.admissions(), {o.key_id: o.name for o in tx.operators(left=True)}
        me = self.workspace.operator.key_id
        root = Key(known.root, "Root", "root", "root", 1, 0, 0, False)
        held = sorted(known.keys.values(), key=lambda k: k.since)
        return [root, *(_key(k, names.get(k.key_id, ""), k.key_id == me) for k in held)]

    def approvals_asked(self) -> int:
        """How many different approvers a plan needs."""
        with self.workspace.read() as tx:
            return tx.admissions().asked()

    def too_few_approve(self, without: Key | None = None) -> str:
        """What to do where fewer people are left than have to approve a plan (as it would be ``without`` a key), or ``""``."""
        left, asked = self.workspace.staff.approvers()
        if without is not None and without.state == "stands" and without.role == "approver" and not without.mine:
            left -= 1
        if left >= asked:
            return ""
        cure = "Admit another approver, or ask for one approval only." if left else "Admit another approver."
        return f"A plan needs {asked} approvals, and {left} who can approve {_ARE[left == 1]} left: no plan can be approved. {cure}"

    def root_is_away(self) -> bool:
        """Whether the root is under a recovery code. In a workspace of an earlier version it lies with the other keys."""
        return not self.workspace.staff.root_is_here()

    @recorded("key.add")
    def add_operator(self, name: str, role: str, passphrase: str, recovery: str | None) -> Operator:
        """Admit somebody with keys of their own, under a passphrase that they alone know.

        ``UsageError`` for a name, role or passphrase that can't be, ``CredentialsError`` without the recovery code.
        """
        return self.workspace.staff.admit(name, role, passphrase, recovery)

    @recorded("key.retire")
    def operator_leaves(self, name: str, recovery: str | None) -> Operator:
        """Somebody leaves: their key ends, and everything is wrapped under a new workspace key that doesn't reach them.

        ``RefusedError`` for oneself, and where too few would be left to approve.
        """
        operator = self._operator(name)
        self.workspace.staff.leave(operator.key_id, recovery)
        return operator

    @recorded("key.retire")
    def forget_operator(self, name: str) -> None:
        """Delete the name of somebody who left. The trail keeps the id of their key, which says nothing of them."""
        self.workspace.staff.forget(self._operator(name, left=True).key_id)

    def key_compromised(self, key_id: str, since: int, recovery: str | None) -> None:
        """Somebody else may have had a key since entry ``since``. What it signed from there on is doubted, and it ends.

        At the desk whose own key it is, new ones are made at once. It is recorded even where too few are left to approve: the key
        would go on signing. ``too_few_approve`` says what to do next.
        """
        if key_id == self.workspace.operator.key_id:
            self.workspace.renew_key(recovery, _first(since))
        else:
            may(self.workspace, "key.compromise")
            self.workspace.staff.compromised(key_id, _first(since), recovery)

    def renew_key(self, recovery: str | None) -> Operator:
        """New keys for whoever sits here; the old ones end in the same moment."""
        return self.workspace.renew_key(recovery)

    @recorded("policy.set")
    def ask_for_approvals(self, approvals: int, recovery: str | None) -> None:
        """From now on a plan needs one approval, or two by different people. ``RefusedError`` where there are fewer approvers."""
        self.workspace.staff.ask_for(approvals, recovery)

    @recorded("key.add")
    def make_recovery_code(self) -> str:
        """Put the root of a workspace of an earlier version under a recovery code, which is given once."""
        return self.workspace.staff.take_root_away()

    @recorded("key.rotate")
    def rotate_key(self) -> int:
        """Wrap everything under a new workspace key and destroy the old one; gives how many keys were wrapped."""
        return self.workspace.rotate_key()

    def _operator(self, name: str, left: bool = False) -> Operator:
        with self.workspace.read() as tx:
            operators = tx.operators(left)
        wanted = name.strip().casefold()
        for operator in operators:
            if wanted and wanted in (operator.key_id, operator.name.casefold()):
                return operator
        raise UsageError("This workspace has no operator of that name.", "Give the name as it was given when they were admitted.")


def _key(key: Admitted, name: str, mine: bool) -> Key:
    state: KeyState = "compromised" if key.doubted else "stands" if key.stands else "retired"
    return Key(key.key_id, name, key.role, state, key.since, key.until, key.doubted, mine)


def _first(since: int) -> int:
    if since < 1:
        raise UsageError("An entry has a number from 1 on.", "Look it up in the trail: it is the first one in doubt.")
    return since
