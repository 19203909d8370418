"""What every part of a transaction shares: the connection, the keys, the clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select

from dsr_desk.errors import UsageError
from dsr_desk.model.trail import Signer
from dsr_desk.store import schema
from dsr_desk.store.prepared import Prepared
from dsr_desk.store.presence import Presence
from dsr_desk.store.ring import Ring
from dsr_desk.store.vault import CaseKeys

_KEYS = Prepared(select(schema.case_keys.c.vault, schema.case_keys.c.commit).where(schema.case_keys.c.ref == bindparam("of")))


def now() -> str:
    """This moment in UTC: ``2026-11-03T09:30:00.000Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What an open workspace holds in memory: the workspace keys, who signs, and the sign that this process lives."""

    ring: Ring = field(repr=False)
    signer: Signer
    presence: Presence


class Session:
    """One transaction, before it has any verbs."""

    def __init__(self, connection: Connection, unlocked: Unlocked) -> None:
        self.connection = connection
        self.unlocked = unlocked
        self._keys: dict[str, CaseKeys] = {}

    def keys(self, ref: str) -> CaseKeys:
        """The keys of one request; ``UsageError`` when there is no such request, ``TamperedError`` when they don't open."""
        if ref not in self._keys:
            row = _KEYS.one(self.connection, of=ref)
            if row is None:
                raise no_request()
            self._keys[ref] = CaseKeys.unwrapped(self.unlocked.ring.unseal, ref, row.vault, row.commit)
        return self._keys[ref]

    def make_keys(self, ref: str) -> None:
        """Give a new request its two random keys."""
        self._keys[ref] = CaseKeys.fresh()
        vault, commit = self._keys[ref].wrapped(self.kek(), ref)
        self.connection.execute(schema.case_keys.insert().values(ref=ref, vault=vault, commit=commit))

    def kek(self) -> bytes:
        """The workspace key under which this transaction wraps what is new: the one that the database names."""
        named = self.connection.execute(select(schema.wrapping.c.kek)).scalar_one_or_none()
        return self.unlocked.ring.named(named)


def no_request() -> UsageError:
    """There is no request of that name. Its name isn't repeated: people mistype identifiers there."""
    return UsageError("There is no request with this reference.", "Look it up in the list of requests.")
