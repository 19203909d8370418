"""Keys that belong to the workspace, not to one request: wrapped under the workspace key, and made when first needed."""

from __future__ import annotations

import secrets

from sqlalchemy import bindparam, select

from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import Session
from dsr_desk.store.vault import seal

#: The key under which values with ``key: workspace`` link across requests.
LINK = "link"
_TABLE = schema.workspace_keys
_GET = Prepared(select(_TABLE.c.data).where(_TABLE.c.name == bindparam("named")))
_ADD = Prepared(_TABLE.insert())


class WorkspaceKeys(Session):
    """The keys of the workspace, 32 random bytes each."""

    def workspace_key(self, name: str) -> bytes | None:
        """The key of that name, or ``None`` where it was never made; ``TamperedError`` where it was changed."""
        row = _GET.one(self.connection, named=name)
        return None if row is None else self.unlocked.ring.unseal(row.data, *_place(name))

    def make_workspace_key(self, name: str) -> bytes:
        """The key of that name, made now where there is none. Only in a transaction that writes."""
        known = self.workspace_key(name)
        if known is not None:
            return known
        fresh = secrets.token_bytes(32)
        data = seal(self.kek(), fresh, *_place(name))
        _ADD.run(self.connection, name=name, data=data)
        return fresh


def _place(name: str) -> tuple[str, str, str]:
    return ("key", name, "workspace")
