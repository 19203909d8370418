"""Rows whose processing is restricted (Art. 18): nothing of ours changes them until the restriction is lifted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.plan import Intent, Refusal
from dsr_desk.model.request import Request
from dsr_desk.store.tx import Tx


def rows(tx: Tx) -> dict[RowRef, str]:
    """Every row that a request of this workspace has restricted and none has lifted: row → that request's reference."""
    return {}


def refusals(
    known: Mapping[RowRef, str], catalog: Catalog, request: Request, found: SearchResult, intents: Iterable[Intent]
) -> Iterator[Refusal]:
    """The restricted rows that a plan would change."""
    yield from ()
