"""Sealed parts of a request: whatever is personal, under the request's own key."""

from __future__ import annotations

import re

from sqlalchemy import delete, select

from dsr_desk.store import schema, vault
from dsr_desk.store.session import Session

_PART = re.compile(r"[a-z][a-z0-9._:/-]{0,199}")


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
        rows = [{"ref": ref, "part": part, "position": i, "data": chunk} for i, chunk in enumerate(chunks)]
        self.connection.execute(schema.parts.insert(), rows)

    def unseal(self, ref: str, part: str) -> bytes | None:
        """The part, or ``None`` when there is none; ``TamperedError`` when anything of it was changed."""
        table = schema.parts
        found = self.connection.execute(
            select(table.c.data).where(table.c.ref == ref, table.c.part == part).order_by(table.c.position)
        ).scalars()
        chunks = list(found)
        if not chunks:
            return None
        return vault.unseal_part(self.keys(ref).vault, ref, part, chunks)

    def drop(self, ref: str, part: str) -> None:
        """Delete the part, if there is one. A part whose name ends in ``-key`` is a key: its bytes go from the files, too."""
        self.destroyed = self.destroyed or part.endswith("-key")
        self.connection.execute(delete(schema.parts).where(schema.parts.c.ref == ref, schema.parts.c.part == part))

    def parts(self, ref: str, prefix: str = "") -> list[str]:
        """The names of the parts of a request that begin with ``prefix``, sorted."""
        table = schema.parts
        names = self.connection.execute(
            select(table.c.part).where(table.c.ref == ref, table.c.position == 0).order_by(table.c.part)
        ).scalars()
        return [name for name in names if name.startswith(prefix)]

    def commit_to(self, ref: str, kind: str, normal_value: str) -> str:
        """A commitment to an identifier (hex): the same value gives the same one within a request, and in no other."""
        return vault.commitment(self.keys(ref).commit, kind, normal_value)
