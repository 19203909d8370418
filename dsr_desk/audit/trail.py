"""The trail as flow and the window use it: what an entry is, how one is written, and what a verification says.

This module is also what the store writes its trail with (``dsr_desk.store.trail.TrailFormat``).
"""

from __future__ import annotations

from dsr_desk.audit.admitted import admitted
from dsr_desk.audit.checkpoint import Checkpoint
from dsr_desk.audit.checkpoint import sign as checkpoint
from dsr_desk.audit.faults import Fault, TrailError
from dsr_desk.audit.record import append, key_id, show
from dsr_desk.audit.rights import role_may
from dsr_desk.audit.types import TYPES, group_of
from dsr_desk.audit.verify import MANY, Verdict, verify
from dsr_desk.model.trail import Entry, Head, Signer

__all__ = [
    "MANY",
    "TYPES",
    "Checkpoint",
    "Entry",
    "Fault",
    "Head",
    "Signer",
    "TrailError",
    "Verdict",
    "admitted",
    "append",
    "checkpoint",
    "group_of",
    "key_id",
    "role_may",
    "show",
    "verify",
]
