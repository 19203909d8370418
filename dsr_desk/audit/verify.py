"""Is the trail whole and unchanged? Everything is computed again from the first entry; nothing is ever remembered.

The rules, in the order in which an entry meets them (``docs/trail.md`` states them for other implementations):

1. Its bytes are in the one canonical form of a record.
2. It belongs to this trail.
3. The first entry is ``log.open``: it carries the root key, and is signed with it. No other is of that type.
4. Its key is the root key or one that an earlier ``key.add`` admitted.
5. Its signature holds.
6. Its number is one more than that of the entry before.
7. ``prev`` is the hash of the entry before.
8. The root key signs keys alone (``log.open``, ``key.add``, ``key.retire``), and only it does. No earlier ``key.retire``
   retired the key.
9. An approval names the tree over all entries before it.
10. Each checkpoint handed in names the tree over its first ``size`` entries, signed with a key known by then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dsr_desk.audit import checkpoint, record
from dsr_desk.audit.faults import (
    ApprovalError,
    ChangedEntryError,
    CheckpointError,
    CutTrailError,
    DoubledEntryError,
    Fault,
    ForbiddenEntryError,
    ForeignEntryError,
    MissingEntryError,
    ReplacedEntryError,
    RetiredKeyError,
    TrailError,
    UnknownKeyError,
)
from dsr_desk.audit.tree import grow, root
from dsr_desk.audit.types import KEY_TYPES
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.trail import Entry, Head

#: How many entries are verified between two calls of ``progress``.
STRIDE = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification says: ``ok``, or the first fault.

    ``entries`` counts those that hold; ``checkpoint`` has the three lines (name, size, root in base64) over them, or ``""``
    where there is a fault; ``seconds`` is how long it took.
    """

    ok: bool
    entries: int
    fault: Fault | None
    checkpoint: str
    seconds: float


class Verifier:
    """The state while a trail is read: the head so far, and which keys may sign. Knows no files."""

    def __init__(self, log: str | None = None) -> None:
        """``log`` is the name the trail must have; without it the first entry says it."""
        self.log = log
        self.head = Head(log or "")
        self.root_key = ""
        self.keys: dict[str, Ed25519PublicKey] = {}
        self.retired: set[str] = set()

    def add(self, raw: bytes) -> Entry:
        """The next entry, verified; ``TrailError`` where it doesn't hold, and then nothing was added."""
        seq = self.head.size + 1
        try:  # rule 1
            read = record.read(raw)
        except ValueError:
            raise ChangedEntryError(seq) from None
        entry = read.entry
        if self.log is not None and read.log != self.log:  # rule 2
            raise ForeignEntryError(seq)
        key = self._key_of(entry, seq)
        try:  # rule 5
            key.verify(read.signature, read.signed)
        except InvalidSignature:
            raise ChangedEntryError(seq) from None
        if entry.seq != seq:  # rule 6
            raise (MissingEntryError if entry.seq > seq else DoubledEntryError)(seq, entry.seq)
        if entry.prev != self.head.last.hex():  # rule 7
            raise ReplacedEntryError(seq - 1) if seq > 1 else ChangedEntryError(seq)
        if (entry.type in KEY_TYPES) != (entry.actor == self.root_key or seq == 1):  # rule 8
            raise ForbiddenEntryError(seq)
        if entry.actor in self.retired:
            raise RetiredKeyError(seq)
        if entry.type == "plan.approve" and not self._stands_on(entry.body):  # rule 9
            raise ApprovalError(seq)
        self._admit(entry)
        leaf = bytes.fromhex(entry.leaf)
        self.log = read.log
        self.head = Head(read.log, seq, leaf, grow(self.head.frontier, self.head.size, leaf))
        return entry

    def _key_of(self, entry: Entry, seq: int) -> Ed25519PublicKey:
        """Rules 3 and 4: the key this entry names, if the trail knows it."""
        if seq == 1:
            name, key = _public(entry.body, seq)
            if entry.type != "log.open" or name != entry.actor:
                raise ForbiddenEntryError(seq)
            return key
        if entry.actor not in self.keys:
            raise UnknownKeyError(seq)
        return self.keys[entry.actor]

    def _stands_on(self, body: Mapping[str, Any]) -> bool:
        return (body.get("size"), body.get("root")) == (self.head.size, root(self.head.frontier).hex())

    def _admit(self, entry: Entry) -> None:
        seq = self.head.size + 1
        if entry.type == "log.open":
            if seq != 1:
                raise ForbiddenEntryError(seq)
            self.root_key, key = _public(entry.body, seq)
            self.keys[self.root_key] = key
        elif entry.type == "key.add":
            name, key = _public(entry.body, seq)
            if name in self.keys:
                raise ForbiddenEntryError(seq)
            self.keys[name] = key
        elif entry.type == "key.retire":
            retired = entry.body.get("key_id")
            if retired not in self.keys or retired == self.root_key:
                raise ForbiddenEntryError(seq)
            self.retired.add(retired)

    def check_note(self, note: checkpoint.Note) -> None:
        """Rule 10, once as many entries were added as the checkpoint counts; ``CheckpointError``."""
        seen = note.checkpoint
        if seen != checkpoint.Checkpoint.of(self.head):
            raise CheckpointError(seen.size)
        for name, key in self.keys.items():
            if name not in self.retired and checkpoint.note_hash(seen.log, key.public_bytes_raw()) == note.key_hash:
                try:
                    key.verify(note.signature, seen.text.encode("utf-8"))
                except InvalidSignature:
                    continue
                return
        raise CheckpointError(seen.size)


def _public(body: Mapping[str, Any], seq: int) -> tuple[str, Ed25519PublicKey]:
    try:
        public = bytes.fromhex(body["key"])
        if public.hex() != body["key"]:
            raise ForbiddenEntryError(seq)
        return record.key_id(public), Ed25519PublicKey.from_public_bytes(public)
    except (KeyError, ValueError, TypeError):
        raise ForbiddenEntryError(seq) from None


def verify(
    records: Iterable[bytes],
    *,
    log: str | None = None,
    head: Head | None = None,
    checkpoints: Sequence[str] = (),
    total: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancel: Cancel | None = None,
) -> Verdict:
    """Verify a whole trail, from its first entry.

    ``head`` is where it must end (what the workspace remembers of it) and ``log`` the name it must have (without it, the
    head's); ``checkpoints`` are signed notes that somebody kept. ``progress`` hears (done, total) every 500 entries and at the
    end; ``total`` is only for it, and the head's size where it isn't given.
    ``CancelledError`` when ``cancel`` was used: half a verification is none.
    """
    start = time.perf_counter()
    state = Verifier(log or (head.log if head else None))
    total = total or (head.size if head else 0)
    try:
        _run(state, records, head, checkpoints, _Ticker(progress, total, cancel))
    except TrailError as error:
        return Verdict(False, error.holds, Fault(error.seq, error), "", time.perf_counter() - start)
    seen = checkpoint.Checkpoint.of(state.head)
    return Verdict(True, seen.size, None, seen.text, time.perf_counter() - start)


@dataclass(frozen=True, slots=True)
class _Ticker:
    progress: Callable[[int, int], None] | None
    total: int
    cancel: Cancel | None

    def tick(self, done: int, last: bool = False) -> None:
        if self.cancel is not None:
            self.cancel.check()
        if self.progress is not None:
            self.progress(done, done if last else max(self.total, done))


def _run(state: Verifier, records: Iterable[bytes], head: Head | None, checkpoints: Sequence[str], ticker: _Ticker) -> None:
    notes = _notes(checkpoints)
    for raw in records:
        state.add(raw)
        for note in notes.pop(state.head.size, ()):
            state.check_note(note)
        if state.head.size % STRIDE == 0:
            ticker.tick(state.head.size)
    size = state.head.size
    known = max([head.size if head else 1, *notes])
    if known > size:
        raise CutTrailError(size + 1, known)
    if notes:
        raise CheckpointError(min(notes))
    if head is not None and head != state.head:
        raise CheckpointError(head.size)
    ticker.tick(size, last=True)


def _notes(checkpoints: Sequence[str]) -> dict[int, list[checkpoint.Note]]:
    notes: dict[int, list[checkpoint.Note]] = {}
    for text in checkpoints:
        try:
            note = checkpoint.read(text)
        except ValueError:
            raise CheckpointError(0) from None
        notes.setdefault(note.checkpoint.size, []).append(note)
    return notes
