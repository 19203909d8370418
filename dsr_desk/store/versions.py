"""Accepted versions of the catalog, each with the entry that says who accepted it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from dsr_desk.errors import TamperedError, UsageError
from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import now
from dsr_desk.store.trail import Trail
from dsr_desk.store.vault import seal, unseal
from dsr_desk.store.workspace_keys import WorkspaceKeys

#: The key under which reasons are sealed: they are free text.
_KEY = "catalog"
_LAST = Prepared(select(schema.catalog_versions).order_by(schema.catalog_versions.c.entry.desc()).limit(1))
_COUNT = Prepared(select(func.count().label("versions")).select_from(schema.catalog_versions))
_ALL = Prepared(select(schema.catalog_versions).order_by(schema.catalog_versions.c.entry))


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """A version of the catalog: its digest, its files as they were, when and by whose key it was accepted, as which entry.

    ``number`` counts the versions of this workspace from 1. ``facts`` is what the live systems looked like, as JSON; empty where
    an earlier version of the program accepted it. ``reason`` is what whoever accepted it wrote.
    """

    digest: str
    files: Mapping[str, str]
    at: str
    by: str
    entry: int
    number: int = 1
    facts: str = ""
    reason: str = ""


class Versions(Trail, WorkspaceKeys):
    """The catalog as it was accepted. No version is ever deleted."""

    def put_catalog(self, digest: str, files: Mapping[str, str], facts: str = "", reason: str = "") -> CatalogVersion:
        """Accept a version of the catalog, and write ``catalog.set`` into the trail in the same breath.

        The entry holds a hash over everything that is kept of the version, the sealed reason included.
        """
        texts = json.dumps(dict(files))
        sealed = seal(self.make_workspace_key(_KEY), reason.encode("utf-8", "surrogatepass"), "catalog", digest) if reason else b""
        entry = self.append("catalog.set", {"catalog": digest, "files": len(files), "kept": _hash(texts, facts, sealed)})
        row = {"entry": entry.seq, "digest": digest, "at": now(), "by": self.unlocked.signer.key_id}
        self.connection.execute(schema.catalog_versions.insert().values(**row, files=texts, facts=facts, reason=sealed))
        return self.catalog_versions()[-1]

    def catalog(self) -> CatalogVersion | None:
        """The version that was accepted last, or ``None``; its number is not counted."""
        row = _LAST.one(self.connection)
        return CatalogVersion(row.digest, json.loads(row.files), row.at, row.by, row.entry) if row else None

    def catalog_versions(self) -> list[CatalogVersion]:
        """Every version that was ever accepted, oldest first; ``TamperedError`` where one isn't what its entry says."""
        return [self._proven(row, number) for number, row in enumerate(_ALL.all(self.connection), 1)]

    def last_catalog_version(self) -> CatalogVersion | None:
        """The version accepted last, with its number, or ``None``; ``TamperedError`` where it isn't what its entry says."""
        row, count = _LAST.one(self.connection), _COUNT.all(self.connection)[0].versions
        return self._proven(row, count) if row else None

    def catalog_version(self, number: int) -> CatalogVersion:
        """One version; ``UsageError`` where there is none of that number, ``TamperedError`` where it isn't what its entry says."""
        rows = _ALL.all(self.connection)
        if not 1 <= number <= len(rows):
            raise UsageError(f"There is no version {number} of the catalog.", "Look it up.", "dsr-desk catalog versions")
        return self._proven(rows[number - 1], number)

    def _proven(self, row: Any, number: int) -> CatalogVersion:
        entry = next(iter(self.entries(after=row.entry - 1, limit=1)), None)
        kept = entry.body.get("kept") if entry is not None else None
        says = (entry.seq, entry.type, entry.actor, entry.body.get("catalog")) if entry is not None else None
        signed = says == (row.entry, "catalog.set", row.by, row.digest)
        if not signed or kept not in (None, _hash(row.files, row.facts, row.reason)):  # an earlier program signed no hash of it
            raise TamperedError(
                f"Version {number} of the catalog is not what was accepted: what is kept of it was changed.",
                "Find out who changed the database of this workspace, and restore it from a backup.",
            )
        reason = ""
        if row.reason:
            reason = unseal(self.workspace_key(_KEY) or b"", row.reason, "catalog", row.digest).decode("utf-8", "surrogatepass")
        return CatalogVersion(row.digest, json.loads(row.files), row.at, row.by, row.entry, number, row.facts, reason)


def _hash(files: str, facts: str, reason: bytes) -> str:
    return sha256(json.dumps([files, facts, reason.hex()]).encode("ascii")).hexdigest()
