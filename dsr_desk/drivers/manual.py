"""The driver for places that no program reaches: a paper archive, a colleague's notes, a supplier's portal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from dsr_desk.drivers.base import Driver, Run
from dsr_desk.errors import RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Hit, Lookup, Row, RowRef
from dsr_desk.model.plan import Applied, Drift, Refusal, Residue, Work
from dsr_desk.model.schema import Schema
from dsr_desk.model.values import Value


class ManualDriver(Driver):
    """A system that a person searches and changes. It claims nothing: what was found and done is what that person writes down."""

    name: ClassVar[str] = "manual"
    by_hand: ClassVar[bool] = True

    @property
    def guarantee(self) -> str:
        """Nothing but a person's word."""
        return "A person does it and says so."

    def schema(self) -> Schema:
        """Says that there is nothing a program could look at."""
        return Schema(server="a person", collections={}, writable=False, limits=("A program can't look into it.",))

    def find(self, lookups: Sequence[Lookup], cancel: Cancel) -> Iterator[list[Hit]]:
        """Nothing: a task asks a person instead."""
        return iter(())

    def read(self, refs: Iterable[tuple[RowRef, Mapping[str, Value]]], cancel: Cancel) -> Iterator[Row]:
        """Nothing."""
        return iter(())

    def sample(self, collection: str, count: int, cancel: Cancel) -> list[Mapping[str, Value]]:
        """Nothing."""
        return []

    def count(self, collections: Sequence[str], cancel: Cancel) -> Mapping[str, int]:
        """Nobody counts."""
        return {}

    def rehearse(self, work: Work, cancel: Cancel) -> list[Refusal]:
        """One refusal for every collection that a plan would have a program write to."""
        collections = dict.fromkeys(step.ref.collection for step in work.changing())
        why = "it is dealt with by a person, so no program can write to it"
        return [Refusal(self.system.name, c, "", why, "Leave it to the task of this system") for c in collections]

    def check(self, work: Work, cancel: Cancel) -> list[Drift]:
        """Nothing can be compared."""
        return []

    def apply(self, work: Work, run: Run) -> Applied:
        """Always ``RefusedError``: a task is answered instead."""
        raise RefusedError(f"{self.system.label} is dealt with by a person.", "Answer its task instead.")

    def residue(self, needles: Sequence[bytes], cancel: Cancel) -> list[Residue]:
        """One entry that says that nobody but a person can look."""
        why = "a program can't look into it"
        return [Residue(self.system.name, self.system.label, 0, why, "The person who answers the task looks again")]
