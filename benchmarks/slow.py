"""A system that takes its time: for showing that all are asked at once."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from dsr_desk import drivers
from dsr_desk.drivers.base import Driver, Run
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.plan import Applied, Drift, Refusal, Residue, Work
from dsr_desk.model.schema import Schema
from dsr_desk.model.values import Value
from dsr_desk.plugins import plugins

SECONDS = 0.1


class SlowDriver(Driver):
    """Answers nothing, after a while."""

    name = "slow"

    @property
    def guarantee(self) -> str:
        return "Nothing is ever written."

    def schema(self) -> Schema:
        return Schema("slow", {})

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        time.sleep(SECONDS)
        yield []

    def read(self, refs: Iterable[tuple[RowRef, Mapping[str, Value]]], cancel: Cancel) -> Iterator[Row]:
        yield from ()

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        return []

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        return {}

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        return []

    def check(self, work: Work, cancel: Cancel) -> list[Drift]:
        return []

    def apply(self, work: Work, run: Run) -> Applied:
        return Applied(0, 0)

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        return []


@contextmanager
def installed() -> Iterator[None]:
    """While the block runs, a catalog may name the driver ``slow``."""
    known = plugins(drivers, Driver)
    known["slow"] = SlowDriver
    try:
        yield
    finally:
        del known["slow"]
