"""Accepted versions of the catalog, each with the entry that says who accepted it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.session import now
from dsr_desk.store.trail import Trail

_LAST = Prepared(select(schema.catalog_versions).order_by(schema.catalog_versions.c.entry.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """A version of the catalog: its digest, its files as they were, when and by whose key it was accepted, as which entry."""

    digest: str
    files: Mapping[str, str]
    at: str
    by: str
    entry: int


class Versions(Trail):
    """The catalog as it was accepted."""

    def put_catalog(self, digest: str, files: Mapping[str, str]) -> CatalogVersion:
        """Accept a version of the catalog, and write ``catalog.set`` into the trail in the same breath."""
        entry = self.append("catalog.set", {"catalog": digest, "files": len(files)})
        version = CatalogVersion(digest, dict(files), now(), self.unlocked.signer.key_id, entry.seq)
        values = {"entry": entry.seq, "digest": digest, "at": version.at, "by": version.by}
        self.connection.execute(schema.catalog_versions.insert().values(**values, files=json.dumps(version.files)))
        return version

    def catalog(self) -> CatalogVersion | None:
        """The version that was accepted last, or ``None``."""
        row = _LAST.one(self.connection)
        return CatalogVersion(row.digest, json.loads(row.files), row.at, row.by, row.entry) if row else None
