"""Where the trail's bytes are kept. How they are written is not this room's business: a ``TrailFormat`` knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from sqlalchemy import Connection, Select, bindparam, func, select

from dsr_desk.errors import RefusedError
from dsr_desk.model.trail import Admissions, Entry, Head, Signer
from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import Session, Unlocked, now

_INSERT = Prepared(schema.trail.insert())
_HEAD = Prepared(select(schema.trail_head))
_MOVE = Prepared(schema.trail_head.update(), ["size", "last", "frontier"])
_OF = schema.trail.c.case_id == bindparam("group")
_COUNT = Prepared(select(func.count().label("entries")).select_from(schema.trail).where(_OF))
_CASE = Prepared(select(schema.trail).where(_OF).order_by(schema.trail.c.seq))
#: Under which name the entries about keys stand together.
KEYS = "keys"


class TrailFormat(Protocol):
    """From head, body and signer to the bytes of an entry. The module ``dsr_desk.audit.trail`` is one."""

    def append(self, head: Head, ts: str, type: str, body: Mapping[str, Any], signer: Signer) -> tuple[Entry, Head]:
        """The next entry and the head after it; ``ValueError`` for a body that may not stand in a trail."""

    def about_keys(self, type: str) -> bool:
        """Whether an entry of this type says who may sign."""

    def show(self, raw: bytes, seq: int) -> Entry:
        """The entry in these bytes, unverified, readable or not."""

    def checkpoint(self, head: Head, signer: Signer) -> str:
        """The head as a signed note."""

    def key_id(self, public: bytes) -> str:
        """The id of a public key."""

    def role_may(self, role: str, type: str) -> bool:
        """Whether a key of this role may sign an entry of this type."""

    def admitted(self, raws: Iterable[bytes]) -> Admissions:
        """What the entries about keys say; ``TamperedError`` where one isn't what the root signed."""


class Trail(Session):
    """The trail of the workspace. What is appended is durable when the transaction is, together with all else in it."""

    def __init__(self, connection: Connection, unlocked: Unlocked, form: TrailFormat) -> None:
        super().__init__(connection, unlocked)
        self._form = form
        self._head: Head | None = None
        self._counted: dict[str, int] = {}
        self._role: str | None = None
        self._admitted: Admissions | None = None
        #: Whether this transaction added an entry, and what time the last one says.
        self.appended = False
        self.latest = ""

    def append(self, type: str, body: Mapping[str, Any]) -> Entry:
        """Sign and add an entry. ``ValueError`` for an unknown type and for a body that could name a person.

        ``RefusedError`` where the operator's key ended while this workspace was open, and where their role doesn't allow it:
        what such a key signs would make the whole trail wrong.
        """
        if not self._form.role_may(self._signing(), type):
            raise RefusedError("Your role does not allow this.", "Ask somebody who may.")
        return self.append_as(self.unlocked.signer, type, body)

    def append_as(self, signer: Signer, type: str, body: Mapping[str, Any]) -> Entry:
        """The same, signed by another key than the operator's: the root key, when it admits one."""
        group = KEYS if self._form.about_keys(type) else body.get("case")
        numbered = body if group is None else {**body, "n": self._numbers(group)}
        entry, head = self._form.append(self.trail_head(), now(), type, numbered, signer)
        if group is not None:
            self._counted[group] = numbered["n"]
        if group == KEYS:
            self._admitted = None
        _INSERT.run(self.connection, seq=entry.seq, case_id=group, raw=entry.raw)
        _MOVE.run(self.connection, size=head.size, last=head.last, frontier=b"".join(head.frontier))
        self._head, self.appended, self.latest = head, True, entry.ts
        return entry

    def _signing(self) -> str:
        """The role of who sits here, as the root signed it: asked once a transaction, with nobody else writing.

        ``RefusedError`` where their key ended.
        """
        if self._role is None:
            key = self.admissions().keys.get(self.unlocked.signer.key_id)
            if key is None or not key.stands:
                raise RefusedError(
                    "Your key was ended while this workspace was open.", "Open the workspace again, if you still work here."
                )
            self._role = key.role
        return self._role

    def _numbers(self, group: str) -> int:
        """The number of the next entry of a case, or of those about keys: so nobody can leave one out unseen."""
        known = self._counted.get(group)
        return 1 + (_COUNT.all(self.connection, group=group)[0].entries if known is None else known)

    def trail_head(self) -> Head:
        """Where the trail ends, as the workspace remembers it: what a verification must arrive at."""
        if self._head is None:
            (row,) = _HEAD.all(self.connection)
            edge = tuple(row.frontier[i : i + 32] for i in range(0, len(row.frontier), 32))
            self._head = Head(row.log, row.size, row.last, edge)
        return self._head

    def leaf_at(self, seq: int) -> str:
        """The leaf of one entry, in hex: it stands for all entries before it, too."""
        return self.entries(seq - 1, 1)[0].leaf

    def head(self) -> Entry:
        """The last entry."""
        return self._entries(select(schema.trail).order_by(schema.trail.c.seq.desc()).limit(1))[0]

    def entries(self, after: int = 0, limit: int | None = None) -> list[Entry]:
        """The entries after number ``after``, in order, at most ``limit``; unverified."""
        return self._entries(select(schema.trail).where(schema.trail.c.seq > after).order_by(schema.trail.c.seq).limit(limit))

    def entries_of(self, case: str) -> list[Entry]:
        """The entries that speak of one case, in order; unverified."""
        return [self._form.show(row.raw, row.seq) for row in _CASE.all(self.connection, group=case)]

    def admissions(self) -> Admissions:
        """Who may sign, in which role, and how many have to approve: what the root signed. ``TamperedError`` where it didn't."""
        if self._admitted is None:
            self._admitted = self._form.admitted(row.raw for row in _CASE.all(self.connection, group=KEYS))
        return self._admitted

    def raw_entries(self) -> Iterator[bytes]:
        """The bytes of every entry, in order, as ``verify`` wants them. Read them while the transaction is open."""
        found = self.connection.execution_options(yield_per=500).execute(select(schema.trail.c.raw).order_by(schema.trail.c.seq))
        yield from found.scalars()

    def checkpoint(self) -> str:
        """The trail as it stands, as a signed note that others can keep (C2SP tlog-checkpoint)."""
        self._signing()
        return self._form.checkpoint(self.trail_head(), self.unlocked.signer)

    def _entries(self, query: Select[Any]) -> list[Entry]:
        return [self._form.show(row.raw, row.seq) for row in self.connection.execute(query)]
