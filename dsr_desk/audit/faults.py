"""What can be wrong with a trail, each as one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass

from dsr_desk.errors import TamperedError

_HINT = "Stop working in this workspace, keep a copy of it as it is, and compare it with a backup or an evidence bundle."


class TrailError(TamperedError):
    """Something is wrong with the trail at one entry (``seq``, counted from 1). ``holds`` counts the entries that hold."""

    def __init__(self, seq: int, what: str, holds: bool = True) -> None:
        """``holds``: whether the fault leaves everything before ``seq`` proved."""
        before = " Everything before it holds." if seq > 1 else " It is the first one, so nothing can be relied on."
        super().__init__(what + before if holds else what, _HINT)
        self.seq = seq
        self.holds = seq - 1 if holds else 0


class ChangedEntryError(TrailError):
    """The bytes of an entry are not those that were signed."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} was changed.")


class ReplacedEntryError(TrailError):
    """An entry is well signed, but it is not the one that stood there when the next was written."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} was replaced by another one after entry {seq + 1} was written.")


class MissingEntryError(TrailError):
    """An entry isn't where it should be; ``found`` is the number of the one that stands there."""

    def __init__(self, seq: int, found: int) -> None:
        super().__init__(seq, f"Entry {seq} is missing: entry {found} stands in its place.")


class DoubledEntryError(TrailError):
    """An entry stands in the trail again, or an older one stands in a later one's place."""

    def __init__(self, seq: int, found: int) -> None:
        super().__init__(seq, f"Entry {seq} was replaced: entry {found} stands there once more.")


class CutTrailError(TrailError):
    """The trail ends before it should; ``had`` is how many entries are known to have been there."""

    def __init__(self, seq: int, had: int) -> None:
        super().__init__(seq, f"Entry {seq} is missing: the trail once had {had} entries and ends before it.", holds=False)


class ForeignEntryError(TrailError):
    """An entry belongs to a trail of another name."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} belongs to another trail.")


class UnknownKeyError(TrailError):
    """An entry names a key that no earlier entry admitted."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} is signed with a key that this trail never admitted.")


class RetiredKeyError(TrailError):
    """An entry was signed with a key that an earlier entry retired."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} is signed with a key that was retired before it.")


class ForbiddenEntryError(TrailError):
    """An entry is well signed, but its key may not say this, or it may not say it here."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} may not stand there: its key has no right to it.")


class CompromisedKeyError(TrailError):
    """An entry was signed with a key of which an earlier entry says that somebody else may have it."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} is signed with a key that was reported as stolen before it.")


class RoleError(TrailError):
    """An entry is well signed, but the role of its key does not allow it."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} may not stand there: the role of whoever signed it does not allow it.")


class UnapprovedError(TrailError):
    """An entry begins to change a system without as many approvals of its plan as were asked for."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} begins to change a system, but not enough people had approved the plan.")


class MiscountedEntryError(TrailError):
    """An entry isn't the one that its number among the entries of its case, or of those about keys, says."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} has a wrong number among the entries that belong together: one is left out or added.")


class MisfiledEntryError(TrailError):
    """What was signed holds, but the database keeps an entry among others than those that it was signed among.

    ``entries`` is how many the trail has.
    """

    def __init__(self, seq: int, entries: int) -> None:
        super().__init__(
            seq,
            f"Entry {seq} is filed among other entries than those that it was signed among. As signed, all {entries} hold.",
            holds=False,
        )
        self.holds = entries


class CheckpointError(TrailError):
    """A checkpoint over the first ``seq`` entries doesn't fit: one of them was written anew, or the checkpoint was changed."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"A checkpoint over the first {seq} entries does not fit this trail.", holds=False)


class UnreadableCheckpointError(CheckpointError):
    """What was handed in as a checkpoint is none, or was changed."""

    def __init__(self) -> None:
        TrailError.__init__(self, 0, "A checkpoint that was handed in can't be read: it is none, or it was changed.", holds=False)


class ForeignCheckpointError(CheckpointError):
    """A checkpoint that was handed in belongs to a trail of another name."""

    def __init__(self) -> None:
        TrailError.__init__(self, 0, "A checkpoint that was handed in belongs to another trail.", holds=False)


class AnchorError(TrailError):
    """An entry says that a checkpoint was given to somebody outside, but not one over the entries that stand before it."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} names a checkpoint over other entries than those that stand before it.", holds=False)


class ApprovalError(TrailError):
    """An approval was signed over other entries than those that stand before it."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq, f"Entry {seq} approves a plan over other entries than those that stand before it.", holds=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first fault of a trail: the entry it is at, and what it is."""

    seq: int
    error: TrailError

    @property
    def sentence(self) -> str:
        """One plain sentence for people, and what still holds."""
        return self.error.message
