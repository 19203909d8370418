"""Requests over one open workspace: received, identified, decided, closed, and what they ask of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from dsr_desk.errors import RefusedError
from dsr_desk.flow import plan as planning
from dsr_desk.flow import receive
from dsr_desk.flow import shred as shredding
from dsr_desk.flow import tasks as by_hand_tasks
from dsr_desk.flow.access import Looks, permitted, recorded
from dsr_desk.flow.applying import record, standing
from dsr_desk.flow.catalogs import Catalogs
from dsr_desk.flow.planning import holding, restricted
from dsr_desk.flow.planning.corrections import given as corrections_given
from dsr_desk.flow.proving import clock
from dsr_desk.flow.receiving import extend, following
from dsr_desk.flow.receiving.listing import read_list
from dsr_desk.flow.receiving.many import PersonOutcome, left_out, list_facts, outcomes
from dsr_desk.flow.review import checked_reason
from dsr_desk.flow.search import known_kinds
from dsr_desk.flow.systems import driver_class
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import RowRef, SearchResult
from dsr_desk.model.former import Restriction
from dsr_desk.model.hold import Hold
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import DecisionName, Facts, Request, Task
from dsr_desk.model.result import RequestSummary, Verification
from dsr_desk.model.shred import Shredding
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

T = TypeVar("T")


class Cases(Catalogs):
    """The requests of a workspace."""

    def __init__(self, workspace: Workspace, processes: bool = False) -> None:
        super().__init__(workspace, processes)
        self._looks = Looks()

    # -- receive, identify, close ------------------------------------------------------------------------------------

    def requests(self, closed: bool = False) -> list[RequestSummary]:
        """The inbox, the least time left first; with ``closed`` the closed ones instead."""
        with self.workspace.read() as tx:
            listed = [receive.summary(tx, r) for r in tx.requests(closed)]
            restricting = {r.request: len(r.rows) for r in restricted.restrictions(tx)}
        listed = [replace(r, restricts=restricting.get(r.ref, 0)) for r in listed]
        return sorted(listed, key=lambda r: (r.due.on, r.ref))

    def request(self, ref: str) -> Request:
        """One request; ``UsageError`` where there is none of that reference."""
        with self.workspace.read() as tx:
            return tx.request(ref)

    def view(self, ref: str) -> None:
        """Somebody opens a request to look at it: the trail says so."""
        self._looks.at(self.workspace, ref)

    @permitted("case.open")
    def open_request(
        self,
        right: str,
        identity: Sequence[tuple[str, str]],
        received: date,
        ground: str = "",
        subjects: Sequence[str] = (),
        corrections: Sequence[tuple[str, str]] = (),
        by_controller: bool = False,
    ) -> Request:
        """A new request. Its manual systems ask a person from the start.

        ``corrections`` are what a rectification is to put right: a data category or ``SYSTEM/COLLECTION/FIELD``, and the new value.
        """
        more = Facts((), corrections=corrections_given(corrections), by_controller=by_controller)
        return self._receive(right, identity, received, ground, subjects, more)

    @permitted("case.open")
    def open_list(self, right: str, people: Path, received: date, ground: str = "", by_controller: bool = False) -> Request:
        """A new request over the people that a file lists; ``UsageError`` names every bad line of it."""
        read = self.catalog_read()
        listed = read_list(people, known_kinds(read.catalog) if read.catalog else set())
        return self._receive(right, (), received, ground, (), list_facts(right, listed, by_controller))

    @permitted("review.set")
    def leave_out(self, ref: str, lines: Sequence[int], reason: str) -> Request:
        """Take people off the list of a request, by their lines. Its next plan is without them."""
        request = left_out(self.workspace, self._resting(ref), lines, checked_reason(reason))
        with self.workspace.write() as tx:
            return standing.drop_plan(tx, request)

    def people(self, ref: str) -> list[PersonOutcome]:
        """What becomes of each person of a request's list, by its plan and its proof; none for a request without a list."""
        facts, plan, proof = self.request(ref).facts, self._part(ref, "plan", Plan), self._part(ref, "verification", Verification)
        found = self._part(ref, "plan-search" if plan else "search", SearchResult) if facts.people else None
        left = {x.ref for x in proof.leftovers} if proof else set()
        return list(outcomes(facts, found, plan, left)) if found else []

    @permitted("case.people")
    def correct(self, ref: str, corrections: Sequence[tuple[str, str]], withdrawn: Sequence[str] = ()) -> Request:
        """Add corrections to a rectification; one for the same place replaces the earlier one. An earlier plan falls.

        Those of the places ``withdrawn`` are no longer asked for.
        """
        request = self._resting(ref)
        changed = receive.correct(self.workspace, request, corrections_given(corrections), withdrawn)
        with self.workspace.write() as tx:
            return standing.drop_plan(tx, changed)

    @recorded("case.open")
    def lift(self, ref: str) -> Request:
        """Open the request that ends a restriction. ``RefusedError`` where it doesn't stand, or is being lifted."""
        with self.workspace.read() as tx:
            request, more = following.lifting(tx, ref)
        facts, today = request.facts, date.today()
        return self._receive(
            restricted.LIFTING, facts.identity, today, "", facts.subjects, more, lambda tx: following.lifting(tx, ref)
        )

    @recorded("case.open")
    def undo(self, ref: str, reason: str) -> Request:
        """Open the request that takes a rectification back.

        ``RefusedError`` past the undo window, where it wrote nothing, and a second time.
        """
        text = checked_reason(reason)
        with self.workspace.read() as tx:
            request, more = following.undoing(tx, ref, text)
        today = date.today()
        return self._receive(
            request.right, more.identity, today, "", more.subjects, more, lambda tx: following.undoing(tx, ref, text)
        )

    def restrictions(self) -> list[Restriction]:
        """The restrictions that stand, with their rows as they lie now: nothing of ours changes them until they are lifted."""
        with self.workspace.read() as tx:
            return restricted.restrictions(tx)

    def restricted(self) -> Mapping[RowRef, str]:
        """Every restricted row, and the reference of the request that restricted it."""
        with self.workspace.read() as tx:
            return restricted.rows(tx)

    def restricted_of(self, found: SearchResult) -> Mapping[RowRef, str]:
        """The restricted rows of a search: the request that restricted each, or ``IN_SYSTEM`` where somebody else marked it."""
        return {**restricted.marked(self._described(), found), **self.restricted()}

    def same_person(self, identity: Sequence[tuple[str, str]]) -> list[str]:
        """Open requests that share an identifier with this one."""
        with self.workspace.read() as tx:
            return receive.same_person(tx, identity)

    @permitted("case.identify")
    def identify(self, ref: str, how: str, asked: bool = False) -> Request:
        """Record the identity check; ``asked`` where the person was asked for more to confirm who they are (Art. 12(6))."""
        return receive.identify(self.workspace, self._open(ref), how, asked)

    @permitted("case.decide")
    def extend(self, ref: str, reason: str, told: date | None = None) -> Request:
        """Two further months to answer (Art. 12(3)); ``told`` is the day on which the person was told why (today)."""
        return extend.extend(self.workspace, self._open(ref), reason, told or date.today())

    @recorded("case.decide")
    def decide(self, ref: str, decision: DecisionName, reason: str, answered: date | None) -> Request:
        """Record the decision and the date of the answer; of a closed request, what nobody recorded before it was closed."""
        return receive.decide(self.workspace, self.request(ref), decision, reason, answered)

    def why_open(self, ref: str) -> list[str]:
        """What stands in the way of closing the request."""
        with self.workspace.read() as tx:
            return receive.why_open(tx, tx.request(ref))

    @recorded("case.close")
    def close_request(self, ref: str) -> Request:
        """Close it; ``RefusedError`` while anything is open."""
        return receive.close(self.workspace, self.request(ref))

    @recorded("case.shred")
    def shred(self, ref: str) -> Shredding:
        """Destroy a closed request's data for good, before its time; ``RefusedError`` while something needs it."""
        return shredding.shred(self.workspace, self._described(), self.request(ref), "asked")

    @permitted("case.shred")
    def shred_due(self) -> tuple[list[Shredding], dict[str, str]]:
        """Destroy the data of all requests whose retention has ended; and why some of them have to stay."""
        with self.workspace.read() as tx:
            clock.stands_right(tx)
        done: list[Shredding] = []
        stay: dict[str, str] = {}
        for request in sorted(self.to_shred(), key=lambda r: bool(r.facts.ends)):  # what lifts goes after what it lifts
            try:
                done.append(shredding.shred(self.workspace, self._described(), request, "retention"))
            except RefusedError as error:
                stay[request.ref] = error.message
        return done, stay

    def to_shred(self) -> list[Request]:
        """The closed requests whose retention has ended (``retention_years`` of the settings), the oldest first."""
        with self.workspace.read() as tx:
            return shredding.due(tx, self.workspace.settings.retention_years, date.today())

    # -- tasks -----------------------------------------------------------------------------------------------------------

    def tasks(self, ref: str | None = None) -> list[Task]:
        """What only a person can do, for one request or all."""
        with self.workspace.read() as tx:
            return tx.tasks(ref)

    @permitted("task.answer")
    def answer_task(self, ref: str, task: str, note: str, records: int = 1, files: Sequence[Path] = ()) -> Task:
        """Record what a person did."""
        return by_hand_tasks.answer(self.workspace, self._open(ref), task, note, records, files)

    # -- legal holds -------------------------------------------------------------------------------------------------

    def holds(self, released: bool = False) -> list[Hold]:
        """The legal holds that stand, oldest first; with ``released`` all there ever were."""
        with self.workspace.read() as tx:
            return tx.holds(released)

    @permitted("hold.set")
    def hold_request(self, ref: str, reason: str, until: date | None = None) -> Hold:
        """Hold a request: nothing of it is erased until the hold is released. ``until`` is when to look at it again."""
        return holding.hold_request(self.workspace, self._open(ref), reason, until)

    @permitted("hold.set")
    def hold_person(self, identity: Sequence[tuple[str, str]], reason: str, until: date | None = None) -> Hold:
        """Hold a person in every request, now and later."""
        return holding.hold_person(self.workspace, self._described(), identity, reason, until)

    @recorded("hold.release")
    def release_hold(self, hold: str, reason: str) -> list[str]:
        """End a hold; gives the requests that waited for it. ``RefusedError`` unless the operator approves, or is the DPO."""
        return holding.release(self.workspace, self._described(), hold, reason)

    # -- for the rooms above ---------------------------------------------------------------------------------------------

    def _receive(
        self,
        right: str,
        identity: Sequence[tuple[str, str]],
        received: date,
        ground: str,
        subjects: Sequence[str],
        more: Facts,
        may: Callable[[Tx], object] | None = None,
    ) -> Request:
        read = self.catalog_read()
        asked: list[Task] = by_hand_tasks.to_tell(more.ends)
        if read.catalog is not None:
            by_hand = [s.name for s in read.catalog.systems.values() if driver_class(s).by_hand]
            asked += by_hand_tasks.for_systems(planning.right_of(right), read.catalog, by_hand)
        return receive.open_request(self.workspace, right, identity, received, ground, subjects, asked, more, may)

    def _described(self) -> Catalog:
        """The catalog as it stands, even if it is empty."""
        return self.catalog_read().catalog or Catalog({}, "")

    def _open(self, ref: str) -> Request:
        return standing.not_closed(self.request(ref))

    def _resting(self, ref: str) -> Request:
        with self.workspace.read() as tx:
            request = standing.not_closed(tx.request(ref))
            tx.not_leased(ref)
        return request

    def _part(self, ref: str, part: str, cls: type[T]) -> T | None:
        with self.workspace.read() as tx:
            tx.request(ref)
            return record.get(tx, ref, part, cls)
