"""Is the trail whole and unchanged? Everything is computed again from the first entry; nothing is ever remembered.

The rules, in the order in which an entry meets them (``docs/trail.md`` states them for other implementations):

1. Its bytes are in the one canonical form of a record.
2. It belongs to this trail.
3. The first entry is ``log.open``: it carries the root key, and is signed with it. No other is of that type.
4. Its key is the root key or one that an earlier ``key.add`` admitted.
5. Its signature holds.
6. Its number is one more than that of the entry before.
7. ``prev`` is the hash of the entry before.
8. Its key may say this at all, and has not ended.
9. An approval names the tree over all entries before it; a ``checkpoint.anchor`` the tree over as many of them as it says.
10. Each checkpoint handed in names the tree over its first ``size`` entries, signed with a key known by then.
11. ``n``, where it has one, counts the entries of its case, or those about keys.
12. A key that was reported as stolen has ended, and what it signed since then is doubted.
13. Enough people approved a plan before a system is changed.
14. The role of its key allows it.

The rules 3, 4, 8, 12, 13 and 14 are those of ``dsr_desk.audit.rights``, 10 is that of ``dsr_desk.audit.witness``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

from dsr_desk.audit import checkpoint, record
from dsr_desk.audit.faults import (
    AnchorError,
    ApprovalError,
    ChangedEntryError,
    CheckpointError,
    DoubledEntryError,
    Fault,
    ForeignEntryError,
    MiscountedEntryError,
    MisfiledEntryError,
    MissingEntryError,
    ReplacedEntryError,
    TrailError,
)
from dsr_desk.audit.rights import Rights
from dsr_desk.audit.signatures import AtOnce, ByRange, Signatures
from dsr_desk.audit.tree import Past, grow, root
from dsr_desk.audit.types import group_of
from dsr_desk.audit.witness import Witnesses
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.trail import Entry, Head

#: How many entries are verified between two calls of ``progress``.
STRIDE = 500
#: From how many entries on other processes are worth their start.
MANY = 5_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification says: ``ok``, or the first fault.

    ``entries`` counts those that hold; ``checkpoint`` has the three lines (name, size, root in base64) over them, or ``""``
    where there is a fault; ``seconds`` is how long it took. Of a trail that holds, ``anchored`` says how many entries, from the
    first, are covered by something outside of it: whoever signed the rest could have written the rest anew. ``doubted`` are the
    numbers of the entries that somebody else may have signed, with a key that was stolen.
    """

    ok: bool
    entries: int
    fault: Fault | None
    checkpoint: str
    seconds: float
    anchored: int = 0
    doubted: tuple[int, ...] = ()

    @property
    def unanchored(self) -> int:
        """How many entries at the end nothing outside the trail covers."""
        return self.entries - self.anchored


class Verifier:
    """The state while a trail is read: the head so far, and which keys may sign. Knows no files."""

    def __init__(self, log: str | None = None, signatures: Signatures | None = None) -> None:
        """``log`` is the name the trail must have; without it the first entry says it. ``signatures``: at once without it."""
        self.log = log
        self.head = Head(log or "")
        self.rights = Rights()
        #: The key of the last entry that is not the root key's.
        self.tail = ""
        self._signatures = signatures or AtOnce()
        self._past = Past()
        self._counted: dict[str, int] = {}

    def add(self, raw: bytes) -> Entry:
        """The next entry, verified; ``TrailError`` where it doesn't hold, and then nothing was added."""
        head = self.head
        seq = head.size + 1
        try:  # rule 1
            read = record.read(raw)
        except ValueError:
            raise ChangedEntryError(seq) from None
        entry = read.entry
        if self.log is not None and read.log != self.log:  # rule 2
            raise ForeignEntryError(seq)
        key = self.rights.key_of(entry, seq)  # rules 3 and 4
        if failed := self._signatures.add(seq, (key, read.signature, read.signed)):  # rule 5
            raise ChangedEntryError(failed)
        if entry.seq != seq:  # rule 6
            raise (MissingEntryError if entry.seq > seq else DoubledEntryError)(seq, entry.seq)
        if entry.prev != head.last.hex():  # rule 7
            raise ReplacedEntryError(seq - 1) if seq > 1 else ChangedEntryError(seq)
        self.rights.check(entry, seq)  # rules 8 and 12
        self._check_tree(entry, seq)  # rule 9
        counted = self._check_number(entry, seq)  # rule 11
        self.rights.check_role(entry, seq)  # rules 13 and 14
        self._take(read, counted)
        return entry

    def _check_tree(self, entry: Entry, seq: int) -> None:
        """Rule 9: what an approval or an anchor says of the tree is true."""
        if entry.type == "plan.approve":
            if _tree_of(entry.body) != (seq - 1, root(self.head.frontier).hex()):
                raise ApprovalError(seq)
        elif entry.type == "checkpoint.anchor":
            size, named = _tree_of(entry.body)
            if type(size) is not int or not 0 < size < seq or named != self._past.root_at(size).hex():
                raise AnchorError(seq)

    def _check_number(self, entry: Entry, seq: int) -> str | None:
        """Rule 11: gives the group the entry is counted in, if any."""
        group = group_of(entry.type, entry.body)
        number = entry.body.get("n")
        if group is not None and number is not None and (type(number) is not int or number != self._counted.get(group, 0) + 1):
            raise MiscountedEntryError(seq)
        return group

    def _take(self, read: record.Record, group: str | None) -> None:
        entry, head = read.entry, self.head
        self.rights.admit(entry)
        if group is not None:
            self._counted[group] = self._counted.get(group, 0) + 1
        if entry.actor != self.rights.root:
            self.tail = entry.actor
        leaf = bytes.fromhex(entry.leaf)
        self._past.add(head.frontier, head.size, leaf)
        self.log = read.log
        self.head = Head(read.log, entry.seq, leaf, grow(head.frontier, head.size, leaf))


def _tree_of(body: Mapping[str, Any]) -> tuple[Any, Any]:
    return body.get("size"), body.get("root")


def verify(
    records: Iterable[bytes],
    *,
    log: str | None = None,
    head: Head | None = None,
    checkpoints: Sequence[str] = (),
    seen: Mapping[int, bytes] | None = None,
    filed: Mapping[int, str | None] | None = None,
    total: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancel: Cancel | None = None,
    pool: Executor | None = None,
) -> Verdict:
    """Verify a whole trail, from its first entry.

    ``head`` is where it must end (what the workspace remembers of it) and ``log`` the name it must have (without it, the
    head's); ``checkpoints`` are signed notes that somebody kept, ``seen`` the leaf hashes (32 bytes) that a desk saw, by number.
    ``filed`` says of each entry, once it was read, among which others it is kept: where all else holds, that has to be true, too.
    ``progress`` hears (done, total) every 500 entries and at the end; ``total`` is only for it, and the head's size where it
    isn't given. With ``pool``, the signatures of 5,000 entries or more are checked in its processes: the verdict is the same.
    ``CancelledError`` when ``cancel`` was used: half a verification is none.
    """
    start = time.perf_counter()
    total = total or (head.size if head else 0)
    ticker = _Ticker(progress, total, cancel)
    ranges = ByRange(pool, ticker.pause) if pool is not None and total >= MANY else None
    signatures = ranges or AtOnce()
    state = Verifier(log or (head.log if head else None), signatures)
    try:
        witnesses = Witnesses(checkpoints, seen or {})
        misfiled = _run(state, records, witnesses, signatures, ticker, filed)
        _end(state.head, head, witnesses)
        if misfiled:
            raise MisfiledEntryError(misfiled[0], state.head.size)
    except TrailError as error:
        return Verdict(False, error.holds, Fault(error.seq, error), "", time.perf_counter() - start)
    finally:
        if ranges is not None:
            ranges.close()
    ticker.tick(state.head.size, last=True)
    text = checkpoint.Checkpoint.of(state.head).text
    anchored = witnesses.reach(state.rights, state.tail)
    return Verdict(True, state.head.size, None, text, time.perf_counter() - start, anchored, state.rights.doubted())


@dataclass(frozen=True, slots=True)
class _Ticker:
    progress: Callable[[int, int], None] | None
    total: int
    cancel: Cancel | None

    def pause(self) -> None:
        if self.cancel is not None:
            self.cancel.check()

    def tick(self, done: int, last: bool = False) -> None:
        self.pause()
        if self.progress is not None:
            self.progress(done, done if last else max(self.total, done))


def _run(
    state: Verifier,
    records: Iterable[bytes],
    witnesses: Witnesses,
    signatures: Signatures,
    ticker: _Ticker,
    filed: Mapping[int, str | None] | None,
) -> list[int]:
    """Every entry; gives the numbers of those that are filed elsewhere than they were signed.

    A signature that was found wrong late still comes before whatever was found wrong behind it.
    """
    misfiled: list[int] = []
    try:
        for raw in records:
            entry = state.add(raw)
            size = state.head.size
            if filed is not None and filed.get(size) != group_of(entry.type, entry.body):
                misfiled.append(size)
            if witnesses.wanted(size):
                witnesses.check(state.head, state.rights.keys)
            if size % STRIDE == 0:
                ticker.tick(signatures.settled)
    except TrailError:
        _settle(signatures)
        raise
    _settle(signatures)
    return misfiled


def _settle(signatures: Signatures) -> None:
    if failed := signatures.settle():
        raise ChangedEntryError(failed) from None


def _end(arrived: Head, head: Head | None, witnesses: Witnesses) -> None:
    witnesses.check_end(arrived.size, head.size if head else 1)
    if head is not None and head != arrived:
        raise CheckpointError(head.size)
