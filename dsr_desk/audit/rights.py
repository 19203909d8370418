"""Who may sign what: the keys of a trail, their roles and their ends, and how many have to approve.

A state machine without files or signatures: it is shown each entry in order, after the entry's signature was checked. The
numbers are those of ``docs/trail.md``:

3. The first entry is ``log.open``: it carries the root key, and is signed with it. No other is of that type.
4. A key is the root key, or an earlier ``key.add`` admitted it, in one of three roles.
8. The root key signs keys and policy alone, and only it does. No earlier ``key.retire`` or ``key.compromise`` ended the key.
12. A ``key.compromise`` says from which number ``since`` on somebody else may have signed with the key. What it signed from there
    on is doubted: nothing is wrong with the chain, but no approval among it counts any more.
13. Before a ``step.intent``, enough different approvers approved its plan: as many as were asked for at one of these approvals.
14. An auditor signs looks and papers alone; an agent approves no plan and releases no hold.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dsr_desk.audit import record
from dsr_desk.audit.faults import (
    CompromisedKeyError,
    ForbiddenEntryError,
    RetiredKeyError,
    RoleError,
    UnapprovedError,
    UnknownKeyError,
)
from dsr_desk.audit.types import AGENT_NEVER, AUDITOR_ONLY, KEY_TYPES, ROLES
from dsr_desk.model.trail import Entry


@dataclass(slots=True)
class Key:
    """A key of the trail. ``role`` is empty for the root key; ``doubted`` is 0, or the first number that is doubted."""

    public: bytes
    role: str
    signed: array[int] = field(default_factory=lambda: array("Q"))
    retired: bool = False
    doubted: int = 0

    @property
    def ended(self) -> bool:
        """Whether it may not sign any more."""
        return self.retired or self.doubted > 0

    def doubts(self, seq: int) -> bool:
        """Whether somebody else may have signed entry ``seq`` with it."""
        return 0 < self.doubted <= seq


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval of a plan: the number of its entry, who signed it, and how many approvers were asked for then."""

    seq: int
    key_id: str
    asked: int


def enough(approvals: Iterable[Approval]) -> bool:
    """Rule 13: whether at one of these approvals (in order) as many different keys had signed as were asked for just then.

    So a plan that was approved stays so when more are asked for later, and asking for fewer needs one more approval.
    """
    signed: set[str] = set()
    for approval in approvals:
        signed.add(approval.key_id)
        if len(signed) >= approval.asked:
            return True
    return False


class Rights:
    """The keys while a trail is read. ``check`` changes nothing; ``admit`` is called for an entry that all rules let through."""

    def __init__(self) -> None:
        self.root = ""
        self.keys: dict[str, Key] = {}
        self.approvals = 1
        self._approved: dict[tuple[str, str], list[Approval]] = {}

    def key_of(self, entry: Entry, seq: int) -> bytes:
        """Rules 3 and 4: the 32 public bytes of the key that entry ``seq`` names."""
        if seq == 1:
            public = _public(entry.body)
            if entry.type != "log.open" or public is None or record.key_id(public) != entry.actor:
                raise ForbiddenEntryError(seq)
            return public
        known = self.keys.get(entry.actor)
        if known is None:
            raise UnknownKeyError(seq)
        return known.public

    def check(self, entry: Entry, seq: int) -> None:
        """Rule 8: whether this key may say this at all."""
        if (entry.type in KEY_TYPES) != (entry.actor == self.root or seq == 1):
            raise ForbiddenEntryError(seq)
        if seq > 1:
            key = self.keys[entry.actor]
            if key.doubted:
                raise CompromisedKeyError(seq)
            if key.retired:
                raise RetiredKeyError(seq)
        if entry.type in KEY_TYPES and not self._changes(entry, seq):
            raise ForbiddenEntryError(seq)

    def check_role(self, entry: Entry, seq: int) -> None:
        """Rules 13 and 14: whether enough people stand behind it, and whether the role of the key allows it."""
        if entry.type == "step.intent" and not enough(self._standing(entry.body)):
            raise UnapprovedError(seq)
        if not role_may(self.keys[entry.actor].role if seq > 1 else "", entry.type):
            raise RoleError(seq)

    def admit(self, entry: Entry) -> None:
        """Take over what an entry says of keys, policy and approvals."""
        body = entry.body
        match entry.type:
            case "log.open":
                self.root = entry.actor
                self.keys[entry.actor] = Key(bytes.fromhex(body["key"]), "")
            case "key.add":
                public = bytes.fromhex(body["key"])
                self.keys[record.key_id(public)] = Key(public, body["role"])
            case "key.retire":
                self.keys[body["key_id"]].retired = True
            case "key.compromise":
                key = self.keys[body["key_id"]]
                key.doubted = min(key.doubted or body["since"], body["since"])
            case "policy.set":
                self.approvals = body["approvals"]
            case "plan.approve" if (plan := _plan(body)) is not None:
                self._approved.setdefault(plan, []).append(Approval(entry.seq, entry.actor, self.approvals))
        self.keys[entry.actor].signed.append(entry.seq)

    def doubted(self) -> tuple[int, ...]:
        """The numbers of all entries that somebody else may have signed, in order."""
        return tuple(sorted(seq for key in self.keys.values() if key.doubted for seq in key.signed if key.doubts(seq)))

    def witnessed(self) -> Iterator[tuple[int, str]]:
        """Each approval by a key that has not ended: the number of its entry, and its key."""
        for approvals in self._approved.values():
            yield from ((a.seq, a.key_id) for a in approvals if not self.keys[a.key_id].ended)

    def _standing(self, body: Mapping[str, Any]) -> Iterator[Approval]:
        plan = _plan(body)
        found = self._approved.get(plan, ()) if plan is not None else ()
        return (a for a in found if not self.keys[a.key_id].doubts(a.seq))

    def _changes(self, entry: Entry, seq: int) -> bool:
        """Whether what the root key says can be: a key admitted once, a known one ended, a policy that somebody can meet."""
        body = entry.body
        match entry.type:
            case "log.open":
                return seq == 1
            case "key.add":
                public = _public(body)
                return public is not None and record.key_id(public) not in self.keys and body.get("role") in ROLES
            case "key.retire":
                return self._operator(body)
            case "key.compromise":
                since = body.get("since")
                return self._operator(body) and type(since) is int and 1 <= since <= seq
            case _:
                asked = body.get("approvals")
                return type(asked) is int and asked >= 1

    def _operator(self, body: Mapping[str, Any]) -> bool:
        name = body.get("key_id")
        return isinstance(name, str) and name != self.root and name in self.keys


def role_may(role: str, type: str) -> bool:
    """Rule 14: whether a key of this role may sign an entry of this type. The root key (no role) is rule 8's."""
    if role == "auditor":
        return type in AUDITOR_ONLY
    return not (role == "agent" and type in AGENT_NEVER)


def _plan(body: Mapping[str, Any]) -> tuple[str, str] | None:
    case, digest = body.get("case"), body.get("digest")
    return (case, digest) if isinstance(case, str) and isinstance(digest, str) else None


def _public(body: Mapping[str, Any]) -> bytes | None:
    """The 32 bytes in ``key``, written in the one way that hex digits are here."""
    try:
        public = bytes.fromhex(body["key"])
    except (KeyError, ValueError, TypeError):
        return None
    return public if len(public) == 32 and public.hex() == body["key"] else None
