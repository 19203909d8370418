"""What stands against a plan beyond what the systems say: legal holds, and rows whose processing is restricted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dsr_desk.flow.planning import holds, restricted
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.hold import Hold
from dsr_desk.model.plan import Refusal, Step
from dsr_desk.model.request import Request
from dsr_desk.store.tx import Tx


@dataclass(frozen=True)
class Blocks:
    """The holds that stand, and the rows that are restricted: row → the reference of the restriction."""

    holds: tuple[Hold, ...] = ()
    restricted: Mapping[RowRef, str] = field(default_factory=dict)

    @classmethod
    def standing(cls, tx: Tx) -> Blocks:
        """Those of the whole workspace, now."""
        return cls(tuple(holds.standing(tx)), restricted.rows(tx))

    def refusals(self, catalog: Catalog, request: Request, found: SearchResult, steps: Sequence[Step]) -> Iterator[Refusal]:
        """Every block that this plan runs into, by name."""
        yield from holds.refusals(self.holds, catalog, request, found, steps)
        yield from restricted.refusals(self.restricted, catalog, request, steps)
