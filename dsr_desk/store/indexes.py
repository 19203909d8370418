"""Lists of the workspace's own: what it would otherwise have to open every request for. Sealed, each for its name."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, select

from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.vault import seal, unseal
from dsr_desk.store.workspace_keys import WorkspaceKeys

_KEY = "index"
_TABLE = schema.indexes
_NAMED = _TABLE.c.name == bindparam("named")
_GET = Prepared(select(_TABLE.c.data).where(_NAMED))
_DROP = Prepared(delete(_TABLE).where(_NAMED))
_ADD = Prepared(_TABLE.insert())
_COUNT = Prepared(select(func.count().label("requests")).select_from(schema.requests))


class Indexes(WorkspaceKeys):
    """Sealed lists by name, under a key of their own that is wrapped by the workspace's."""

    def put_index(self, name: str, data: bytes) -> None:
        """Keep the list of that name, in place of what was there."""
        sealed = seal(self.make_workspace_key(_KEY), data, "index", name)
        _DROP.run(self.connection, named=name)
        _ADD.run(self.connection, name=name, data=sealed)

    def index(self, name: str) -> bytes | None:
        """The list, or ``None`` where none was kept; ``TamperedError`` where it or its key was changed."""
        row, key = _GET.one(self.connection, named=name), self.workspace_key(_KEY)
        return None if row is None else unseal(key or b"", row.data, "index", name)

    def count_requests(self) -> int:
        """How many requests there are, open and closed. None of them is opened for it."""
        found: int = _COUNT.all(self.connection)[0].requests
        return found
