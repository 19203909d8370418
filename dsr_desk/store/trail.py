"""Where the trail's bytes are kept. How they are written is not this room's business: a ``TrailFormat`` knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Protocol

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from dsr_desk.errors import RefusedError, TamperedError
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
_LAST_OF = Prepared(select(schema.trail).where(_OF).order_by(schema.trail.c.seq.desc()).limit(1))
_LAST = Prepared(select(schema.trail).order_by(schema.trail.c.seq.desc()).limit(1))
_ONE = Prepared(select(schema.trail).where(schema.trail.c.seq == bindparam("number")))
_LATER = Prepared(
    select(schema.trail).where(schema.trail.c.seq > bindparam("after"), func.instr(schema.trail.c.raw, bindparam("holding")) > 0)
)
#: Under which name the entries about keys stand together.
KEYS = "keys"
_MARKS = (b'"type":"key.', b'"type":"policy.')
#: Entries that may be about keys, and stand elsewhere: nothing signs where they stand, and who hides one keeps an ended key alive.
_ELSEWHERE = Prepared(
    select(schema.trail).where(
        schema.trail.c.case_id.is_distinct_from(KEYS),
        or_(*(func.instr(schema.trail.c.raw, bindparam(f"mark{n}")) > 0 for n in range(len(_MARKS)))),
    )
)
_HINT = "Stop working in this workspace, keep a copy of it as it is, and compare it with a backup or an evidence bundle."


class TrailFormat(Protocol):
    """From head, body and signer to the bytes of an entry. The module ``dsr_desk.audit.trail`` is one."""

    def append(self, head: Head, ts: str, type: str, body: Mapping[str, Any], signer: Signer) -> tuple[Entry, Head]:
        """The next entry and the head after it; ``ValueError`` for a body that may not stand in a trail."""

    def group_of(self, type: str, body: Mapping[str, Any]) -> str | None:
        """Among which entries this one is numbered: those of its case, by the case's id, or those about keys, ``"keys"``."""

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
        self._sound = False
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
        self._goes_on()
        if not self._form.role_may(self._signing(), type):
            raise RefusedError("Your role does not allow this.", "Ask somebody who may.")
        return self.append_as(self.unlocked.signer, type, body)

    def append_as(self, signer: Signer, type: str, body: Mapping[str, Any]) -> Entry:
        """The same, signed by another key than the operator's: the root key, when it admits one."""
        self._goes_on()
        group = self._form.group_of(type, body)
        numbered = body if group is None else {**body, "n": self._numbers(group, type)}
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

    def _numbers(self, group: str, type: str) -> int:
        """The number of the next entry of a case, or of those about keys: so nobody can leave one out unseen.

        ``TamperedError`` where the column by which they are counted isn't what was signed: a wrong number could never be mended.
        """
        known = self._counted.get(group)
        if known is not None:
            return known + 1
        count: int = _COUNT.all(self.connection, group=group)[0].entries
        row, held = _LAST_OF.one(self.connection, group=group), '"type":"log.open"' if group == KEYS else f'"case":"{group}"'
        if row is not None:
            last = self._form.show(row.raw, row.seq)
            if self._form.group_of(last.type, last.body) != group or last.body.get("n") not in (None, count):
                raise _misfiled(last.seq)
            held = f'"actor":"{last.actor}"' if group == KEYS else held
        elif type == "case.open":
            return 1  # its id was drawn just now, so that no earlier entry can speak of it
        for hidden in _LATER.all(self.connection, after=row.seq if row is not None else 0, holding=held.encode()):
            entry = self._form.show(hidden.raw, hidden.seq)
            if self._form.group_of(entry.type, entry.body) == group:
                raise _misfiled(entry.seq)
        return count + 1

    def trail_head(self) -> Head:
        """Where the trail ends, as the workspace remembers it: what a verification must arrive at.

        ``TamperedError`` where the workspace remembers nothing.
        """
        if self._head is None:
            rows = _HEAD.all(self.connection)
            if len(rows) != 1:
                raise TamperedError("The workspace does not hold where its trail ended: the row of trail_head is missing.", _HINT)
            (row,) = rows
            edge = tuple(row.frontier[i : i + 32] for i in range(0, len(row.frontier), 32))
            self._head = Head(row.log, row.size, row.last, edge)
        return self._head

    def ends(self) -> None:
        """``TamperedError`` unless the last entry has the number that the workspace remembers, and none about keys is hidden."""
        size, last = self.trail_head().size, _LAST.one(self.connection)
        there = 0 if last is None else last.seq
        if there < size:
            raise _missing(there + 1, size)
        if there > size:
            raise TamperedError(f"The trail has an entry {there}, but the workspace remembers {size} entries.", _HINT)
        for row in _ELSEWHERE.all(self.connection, **{f"mark{n}": mark for n, mark in enumerate(_MARKS)}):
            entry = self._form.show(row.raw, row.seq)
            if self._form.group_of(entry.type, entry.body) == KEYS:
                raise TamperedError(f"Entry {row.seq} says who may sign, and was hidden among the others.", _HINT)

    def _goes_on(self) -> None:
        """``TamperedError`` unless the last entry is the one that the next is to be written after; asked once a transaction."""
        head = self.trail_head()
        if head.size and not self._sound:
            last = _LAST.one(self.connection)
            if last is None or last.seq != head.size:
                self.ends()
            elif sha256(b"\0" + last.raw).digest() != head.last:  # a leaf of RFC 6962; all of it read again would cost each entry
                raise TamperedError(f"Entry {head.size} is not the one that the workspace remembers. Nothing was signed.", _HINT)
        self._sound = True

    def leaf_at(self, seq: int) -> str:
        """The leaf of one entry, in hex: it stands for all entries before it, too. ``TamperedError`` where it is missing."""
        row = _ONE.one(self.connection, number=seq)
        if row is None:
            raise _missing(seq, self.trail_head().size)
        return self._form.show(row.raw, seq).leaf

    def head(self) -> Entry:
        """The last entry. ``TamperedError`` where there is none."""
        row = _LAST.one(self.connection)
        if row is None:
            raise _missing(1, self.trail_head().size)
        return self._form.show(row.raw, row.seq)

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

    def raw_entries(self, filed: dict[int, str | None] | None = None) -> Iterator[bytes]:
        """The bytes of every entry, in order, as ``verify`` wants them. Read them while the transaction is open.

        ``filed`` hears of each, by its number, under which group it is kept.
        """
        for row in self.connection.execution_options(yield_per=500).execute(select(schema.trail).order_by(schema.trail.c.seq)):
            if filed is not None:
                filed[row.seq] = row.case_id
            yield row.raw

    def checkpoint(self) -> str:
        """The trail as it stands, as a signed note that others can keep (C2SP tlog-checkpoint)."""
        self._signing()
        return self._form.checkpoint(self.trail_head(), self.unlocked.signer)

    def _entries(self, query: Select[Any]) -> list[Entry]:
        return [self._form.show(row.raw, row.seq) for row in self.connection.execute(query)]


def _missing(seq: int, had: int) -> TamperedError:
    return TamperedError(f"Entry {seq} is missing: the trail once had {had} entries.", _HINT)


def _misfiled(seq: int) -> TamperedError:
    return TamperedError(
        f"Entry {seq} is filed among other entries than those that it was signed among. Nothing was signed.",
        "Find out who changed the database of this workspace, and restore it from a backup.",
    )
