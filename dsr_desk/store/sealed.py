"""Sealed parts of a request: whatever is personal, under the request's own key."""

from __future__ import annotations

import re

from sqlalchemy import bindparam, delete, select

from dsr_desk.store import schema, vault
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import Session

_PART = re.compile(r"[a-z][a-z0-9._:/-]{0,199}")
_TABLE = schema.parts
_THIS = (_TABLE.c.ref == bindparam("of"), _TABLE.c.part == bindparam("named"))
_ADD = Prepared(_TABLE.insert())
_DROP = Prepared(delete(_TABLE).where(*_THIS))
_CHUNKS = Prepared(select(_TABLE.c.data).where(*_THIS).order_by(_TABLE.c.position))
_NAMES = Prepared(select(_TABLE.c.part).where(_THIS[0], _TABLE.c.position == 0).order_by(_TABLE.c.part))


class SealedParts(Session):
    """The parts of requests. The name of a part stands in the open: it is a word, never a value."""

    #: Whether this transaction destroyed a key, so that the log has to be emptied after it.
    destroyed = False

    def seal(self, ref: str, part: str, data: bytes) -> None:
        """Keep ``data`` as this part of the request, in place of what was there.

        ``UsageError`` when there is no such request; ``ValueError`` for a name that is no word (``findings``, ``task/3``).
        """
        if not _PART.fullmatch(part):
            raise ValueError("the name of a part is lower-case letters, digits and . _ : / -")
        chunks = vault.seal_part(self.keys(ref).vault, ref, part, data)
        self.drop(ref, part)
        for position, chunk in enumerate(chunks):
            _ADD.run(self.connection, ref=ref, part=part, position=position, data=chunk)

    def unseal(self, ref: str, part: str) -> bytes | None:
        """The part, or ``None`` when there is none; ``TamperedError`` when anything of it was changed."""
        chunks = [row.data for row in _CHUNKS.all(self.connection, of=ref, named=part)]
        if not chunks:
            return None
        return vault.unseal_part(self.keys(ref).vault, ref, part, chunks)

    def drop(self, ref: str, part: str) -> None:
        """Delete the part, if there is one. A part whose name ends in ``-key`` is a key: its bytes go from the files, too."""
        self.destroyed = self.destroyed or part.endswith("-key")
        _DROP.run(self.connection, of=ref, named=part)

    def parts(self, ref: str, prefix: str = "") -> list[str]:
        """The names of the parts of a request that begin with ``prefix``, sorted."""
        return [row.part for row in _NAMES.all(self.connection, of=ref) if row.part.startswith(prefix)]

    def commit_to(self, ref: str, kind: str, normal_value: str) -> str:
        """A commitment to an identifier (hex): the same value gives the same one within a request, and in no other."""
        return vault.commitment(self.keys(ref).commit, kind, normal_value)
