"""Is the trail of this workspace whole? Read in one transaction, and where it is long, checked by several processes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from dsr_desk.audit.trail import MANY, Verdict, verify
from dsr_desk.flow.workers import processes
from dsr_desk.model.cancel import Cancel
from dsr_desk.render.files import Draft, write_new
from dsr_desk.store.workspace import Workspace


def verified(workspace: Workspace, progress: Callable[[int, int], None], cancel: Cancel | None, against: Sequence[str]) -> Verdict:
    """Everything computed again from the first entry, and held against the checkpoints in ``against``.

    The column by which entries are found is held against what was signed, too: it decides what a report and a bundle show.
    """
    filed: dict[int, str | None] = {}
    with workspace.read() as tx:
        head, records = tx.trail_head(), tx.raw_entries(filed)
        with processes() if head.size >= MANY else nullcontext() as pool:
            return verify(records, head=head, checkpoints=against, filed=filed, progress=progress, cancel=cancel, pool=pool)


def saved(workspace: Workspace, folder: Path, verdict: Verdict) -> list[Path]:
    """Every entry as it lies in the database, one a line in ``trail.jsonl``, and in ``verdict.json`` what was said of them.

    An entry whose bytes somebody broke so that they hold a line's end stands as ``base64:`` and its base64.
    """
    with workspace.read() as tx:
        lines = [_line(raw) for raw in tx.raw_entries()]
    fault = verdict.fault
    said = {
        "entries": len(lines),
        "hold": verdict.entries,
        "fault": {"entry": fault.seq, "what": type(fault.error).__name__, "says": fault.sentence} if fault else None,
        "doubted": list(verdict.doubted),
    }
    files = {"trail.jsonl": b"".join(lines), "verdict.json": json.dumps(said, indent=1).encode("ascii")}
    return [w.path for w in write_new(folder, [Draft(name, data, "Audit trail", lambda _: None) for name, data in files.items()])]


def _line(raw: bytes) -> bytes:
    broken = b"\n" in raw or b"\r" in raw
    return (b"base64:" + base64.b64encode(raw) if broken else raw) + b"\n"
