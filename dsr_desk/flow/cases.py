"""Requests over one open workspace: received, identified, decided, closed, and what they ask of people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from dsr_desk.flow import plan as planning
from dsr_desk.flow import receive, record, standing
from dsr_desk.flow import tasks as by_hand_tasks
from dsr_desk.flow.catalogs import Catalogs
from dsr_desk.flow.systems import driver_class
from dsr_desk.model.request import DecisionName, Request, Task
from dsr_desk.model.result import RequestSummary

T = TypeVar("T")


class Cases(Catalogs):
    """The requests of a workspace."""

    # -- receive, identify, close ------------------------------------------------------------------------------------

    def requests(self, closed: bool = False) -> list[RequestSummary]:
        """The inbox, the least time left first; with ``closed`` the closed ones instead."""
        with self.workspace.read() as tx:
            listed = [receive.summary(tx, r) for r in tx.requests(closed)]
        return sorted(listed, key=lambda r: (r.due.on, r.ref))

    def request(self, ref: str) -> Request:
        """One request; ``UsageError`` where there is none of that reference."""
        with self.workspace.read() as tx:
            return tx.request(ref)

    def open_request(
        self,
        right: str,
        identity: Sequence[tuple[str, str]],
        received: date,
        ground: str = "",
        subjects: Sequence[str] = (),
    ) -> Request:
        """A new request. Its manual systems ask a person from the start."""
        read = self.catalog_read()
        asked: list[Task] = []
        if read.catalog is not None:
            by_hand = [s.name for s in read.catalog.systems.values() if driver_class(s).by_hand]
            asked = by_hand_tasks.for_systems(planning.right_of(right), read.catalog, by_hand)
        return receive.open_request(self.workspace, right, identity, received, ground, subjects, asked)

    def same_person(self, identity: Sequence[tuple[str, str]]) -> list[str]:
        """Open requests that share an identifier with this one."""
        with self.workspace.read() as tx:
            return receive.same_person(tx, identity)

    def identify(self, ref: str, how: str) -> Request:
        """Record the identity check."""
        return receive.identify(self.workspace, self._open(ref), how)

    def decide(self, ref: str, decision: DecisionName, reason: str, answered: date | None) -> Request:
        """Record the decision and the date of the answer."""
        return receive.decide(self.workspace, self._open(ref), decision, reason, answered)

    def why_open(self, ref: str) -> list[str]:
        """What stands in the way of closing the request."""
        with self.workspace.read() as tx:
            return receive.why_open(tx, tx.request(ref))

    def close_request(self, ref: str) -> Request:
        """Close it; ``RefusedError`` while anything is open."""
        return receive.close(self.workspace, self.request(ref))

    # -- tasks -----------------------------------------------------------------------------------------------------------

    def tasks(self, ref: str | None = None) -> list[Task]:
        """What only a person can do, for one request or all."""
        with self.workspace.read() as tx:
            return tx.tasks(ref)

    def answer_task(self, ref: str, task: str, note: str, records: int = 1, files: Sequence[Path] = ()) -> Task:
        """Record what a person did."""
        return by_hand_tasks.answer(self.workspace, self._open(ref), task, note, records, files)

    # -- for the rooms above ---------------------------------------------------------------------------------------------

    def _open(self, ref: str) -> Request:
        return standing.not_closed(self.request(ref))

    def _resting(self, ref: str) -> Request:
        request = self._open(ref)
        with self.workspace.write() as tx:
            standing.not_at_work(tx, ref)
        return request

    def _part(self, ref: str, part: str, cls: type[T]) -> T | None:
        with self.workspace.read() as tx:
            tx.request(ref)
            return record.get(tx, ref, part, cls)
