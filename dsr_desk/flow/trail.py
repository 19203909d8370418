"""Is the trail of this workspace whole? Read in one transaction, and where it is long, checked by several processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext

from dsr_desk.audit.trail import MANY, Verdict, verify
from dsr_desk.flow.workers import processes
from dsr_desk.model.cancel import Cancel
from dsr_desk.store.workspace import Workspace


def verified(workspace: Workspace, progress: Callable[[int, int], None], cancel: Cancel | None, against: Sequence[str]) -> Verdict:
    """Everything computed again from the first entry, and held against the checkpoints in ``against``."""
    with workspace.read() as tx:
        head = tx.trail_head()
        with processes() if head.size >= MANY else nullcontext() as pool:
            return verify(tx.raw_entries(), head=head, checkpoints=against, progress=progress, cancel=cancel, pool=pool)
