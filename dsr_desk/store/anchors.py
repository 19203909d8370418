"""The checkpoints that left the workspace. The trail says the same; here lies what came back."""

from __future__ import annotations

from sqlalchemy import select

from dsr_desk.model.anchor import Anchor
from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import Session

_TABLE = schema.anchors
_INSERT = Prepared(_TABLE.insert())
_ALL = Prepared(select(_TABLE).order_by(_TABLE.c.entry))


class Anchors(Session):
    """What left the workspace, and how."""

    def put_anchor(self, anchor: Anchor) -> None:
        """Keep one, beside its entry."""
        row = {name: getattr(anchor, name) for name in ("entry", "size", "how", "at", "note", "proof")}
        _INSERT.run(self.connection, **row)

    def anchors(self) -> list[Anchor]:
        """All, the oldest first."""
        return [Anchor(r.entry, r.size, r.how, r.at, r.note, r.proof) for r in _ALL.all(self.connection)]
