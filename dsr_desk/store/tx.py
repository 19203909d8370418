"""One transaction of the workspace, with all its verbs."""

from __future__ import annotations

from dsr_desk.store.anchors import Anchors
from dsr_desk.store.envelopes import Envelopes
from dsr_desk.store.holds import Holds
from dsr_desk.store.indexes import Indexes
from dsr_desk.store.journal import Journal
from dsr_desk.store.leases import Leases
from dsr_desk.store.operators import Operators
from dsr_desk.store.shredding import Shredding
from dsr_desk.store.tasks import Tasks
from dsr_desk.store.versions import Versions


class Tx(Tasks, Shredding, Journal, Leases, Versions, Operators, Envelopes, Holds, Indexes, Anchors):
    """Everything that can be read or written together. A journal row and its trail entry land together, or neither does."""
