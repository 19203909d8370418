"""What others keep of a trail, held against it: signed checkpoints, and the last entry that a desk saw.

A chain of signatures can't show that its own end was written anew by somebody with a valid key, or cut off. What is kept outside
can, for as many entries as it covers; what came after is *unanchored*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dsr_desk.audit import checkpoint
from dsr_desk.audit.faults import CheckpointError, CutTrailError, ForeignCheckpointError, UnreadableCheckpointError
from dsr_desk.audit.rights import Key, Rights
from dsr_desk.audit.signatures import holds
from dsr_desk.model.trail import Head


def signer_of(note: checkpoint.Note, keys: Mapping[str, Key]) -> str | None:
    """The id of the key that signed this checkpoint: one of ``keys`` that has not ended; ``None`` where there is none."""
    text = note.checkpoint.text.encode("utf-8")
    for name, key in keys.items():
        named = not key.ended and checkpoint.note_hash(note.checkpoint.log, key.public) == note.key_hash
        if named and holds((key.public, note.signature, text)):
            return name
    return None


class Witnesses:
    """What is kept of one trail. ``notes`` are signed checkpoints; ``seen`` has leaf hashes that somebody saw, by their number."""

    def __init__(self, notes: Sequence[str], seen: Mapping[int, bytes]) -> None:
        """``UnreadableCheckpointError`` for a note that is none."""
        self._notes: dict[int, list[checkpoint.Note]] = {}
        self._logs: set[str] = set()
        for text in notes:
            try:
                note = checkpoint.read(text)
            except ValueError:
                raise UnreadableCheckpointError from None
            self._notes.setdefault(note.checkpoint.size, []).append(note)
            self._logs.add(note.checkpoint.log)
        self._seen = {size: leaf for size, leaf in seen.items() if size > 0}
        self._held: list[tuple[int, str]] = []

    def check(self, head: Head, keys: Mapping[str, Key]) -> None:
        """Rule 10, after entry ``head.size``; ``keys`` are those known by then. ``CheckpointError``."""
        if self._logs - {head.log}:
            raise ForeignCheckpointError
        for note in self._notes.pop(head.size, ()):
            name = signer_of(note, keys) if note.checkpoint == checkpoint.Checkpoint.of(head) else None
            if name is None:
                raise CheckpointError(head.size)
            self._held.append((head.size, name))
        leaf = self._seen.pop(head.size, None)
        if leaf is not None:
            if leaf != head.last:
                raise CheckpointError(head.size)
            self._held.append((head.size, ""))

    def wanted(self, size: int) -> bool:
        """Whether ``check`` has something to say after entry ``size``."""
        return size == 1 or size in self._notes or size in self._seen

    def check_end(self, size: int, known: int) -> None:
        """Rule 10 at the end of a trail of ``size`` entries that must have ``known``; ``CutTrailError`` where there were more."""
        had = max([known, *self._notes, *self._seen])
        if had > size:
            raise CutTrailError(size + 1, had)
        if self._notes:
            raise CheckpointError(min(self._notes))

    def reach(self, rights: Rights, tail: str) -> int:
        """How many entries are anchored: covered by what was handed in, or by an approval of another key than ``tail``.

        A checkpoint signed with a stolen key anchors nothing, for the thief can sign one too. Nor does an approval by a key that
        has ended, for that is often the same person's older one.
        """
        handed_in: Iterable[int] = (size for size, name in self._held if not (name and rights.keys[name].doubted))
        approved = (seq - 1 for seq, name in rights.witnessed() if name != tail)
        return max([0, *handed_in, *approved])
