"""One open workspace and every verb of the flow, as a window and a terminal use them.

Every method that takes ``tell`` or ``cancel`` may take long and is called off the GUI thread; the others answer at once.
All raise ``DeskError`` subclasses only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from dsr_desk.audit.trail import Entry, Verdict
from dsr_desk.catalog.read import CatalogRead
from dsr_desk.errors import RefusedError
from dsr_desk.flow import apply as applying
from dsr_desk.flow import approve as approving
from dsr_desk.flow import disclose, receive
from dsr_desk.flow import plan as planning
from dsr_desk.flow import review as reviewing
from dsr_desk.flow import search as searching
from dsr_desk.flow import tasks as by_hand_tasks
from dsr_desk.flow import verify as verifying
from dsr_desk.flow.access import permitted, recorded
from dsr_desk.flow.applying import four_eyes, record, standing
from dsr_desk.flow.applying import lock as locking
from dsr_desk.flow.editing import Editing
from dsr_desk.flow.evidence import Evidences
from dsr_desk.flow.exchange import Exchanging
from dsr_desk.flow.operators import Operating
from dsr_desk.flow.planning import former, told
from dsr_desk.flow.planning.blocks import Blocks
from dsr_desk.flow.planning.holds import RELEASED
from dsr_desk.flow.proving import trail as trails
from dsr_desk.flow.proving.anchors import Anchoring
from dsr_desk.flow.receiving.called import changes_nothing
from dsr_desk.flow.receiving.many import asks, asks_again
from dsr_desk.flow.searching.emptied import with_emptied
from dsr_desk.flow.searching.reach import Ask
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.versions import Versioning
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.event import Tell, silent
from dsr_desk.model.finding import Identifier, RowRef, SearchResult
from dsr_desk.model.lock import Opened, SafeLock, Shredded
from dsr_desk.model.package import Exported
from dsr_desk.model.plan import Plan
from dsr_desk.model.request import Request, Stage
from dsr_desk.model.result import ApplyResult, Approval, Approvals, Verification
from dsr_desk.model.values import Value
from dsr_desk.render.package_zip import new_password

T = TypeVar("T")


class Desk(Evidences, Anchoring, Operating, Editing, Exchanging, Versioning):
    """The facade. ``workspace`` is open and unlocked; with ``processes``, files are read in processes of their own."""

    # -- search, review ----------------------------------------------------------------------------------------------

    @recorded("search.run")
    def quick_search(
        self, identity: Sequence[tuple[str, str]], subjects: Sequence[str] = (), tell: Tell = silent, cancel: Cancel | None = None
    ) -> SearchResult:
        """Find without opening a request; recorded all the same."""
        given = searching.checked_identity(identity)
        ask = Ask(given, frozenset(receive.parsed(s) for s in subjects))
        found = self._search(ask, tell, cancel or Cancel(), {}, strict=True)
        with self.workspace.write() as tx:
            tx.append("search.run", searching.counts(found))
        return found

    @recorded("search.run")
    def search(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> SearchResult:
        """Search for a request, and keep what was found, sealed."""
        request, read = self._resting(ref), self.usable()
        with self.opened(read) as systems:
            ask, strict = self._ask(request, systems.catalog)
            found = self._whole(systems, read, ask, tell, cancel or Cancel(), request.facts.waived, strict).result
        self._keep_search(request, found, record.packed(found))
        return found

    def found(self, ref: str) -> SearchResult | None:
        """What the request's last search found."""
        return self._part(ref, "search", SearchResult)

    @permitted("review.set")
    def choose_subjects(self, ref: str, rows: Sequence[RowRef], reason: str) -> Request:
        """Say which rows are the person."""
        return self._drop_plan(reviewing.choose_subjects(self.workspace, self._resting(ref), rows, reason))

    @permitted("review.set")
    def switch(self, ref: str, identifier: Identifier, on: bool) -> Request:
        """Follow an identifier, or don't, from the next search on."""
        return self._drop_plan(reviewing.switch(self.workspace, self._resting(ref), identifier, on))

    @permitted("review.set")
    def add_identifier(self, ref: str, kind: str, value: str) -> Request:
        """One more given identifier."""
        return self._drop_plan(reviewing.add_identifier(self.workspace, self._resting(ref), kind, value))

    @permitted("review.set")
    def review(self, ref: str, rows: Sequence[RowRef], include: bool, reason: str) -> Request:
        """Include rows or leave them out, with a reason. An earlier plan falls."""
        found = self.found(ref)
        known = [f.ref for f in found.findings] if found else None
        return self._drop_plan(reviewing.decide_rows(self.workspace, self._resting(ref), rows, include, reason, known))

    @recorded("search.waive")
    def waive(self, ref: str, system: str, reason: str) -> Request:
        """Go on without a system."""
        read = self.catalog_read()
        names = [*(read.catalog.systems if read.catalog else ()), *read.broken]
        return self._drop_plan(reviewing.waive(self.workspace, self._resting(ref), system, reason, names))

    @recorded("reveal")
    def reveal(self, ref: str, row: RowRef, field: str) -> tuple[Value, int]:
        """One value in clear, and the entry that records it."""
        return reviewing.reveal(self.workspace, self.request(ref), self.found(ref), row, field)

    # -- plan, approve, apply, verify --------------------------------------------------------------------------------

    @recorded("plan.make")
    def make_plan(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> Plan:
        """Search anew and plan. An earlier plan falls, with its approval.

        ``RefusedError`` where the catalog isn't accepted, the search is ambiguous or incomplete, or a run is half done.
        """
        cancel = cancel or Cancel()
        request = self._resting(ref)
        with self.workspace.read() as tx:
            standing.finished(tx, request)
            blocks = Blocks.standing(tx)
            before = told.earlier(tx, request)
        keys, read = locking.keys(self.workspace, ref), self.accepted()
        with self.opened(read) as systems:
            ask, strict = self._ask(request, systems.catalog)
            searched = self._whole(systems, read, ask, tell, cancel, request.facts.waived, strict)
            kept = record.packed(searched.result)
            request = self._keep_search(request, searched.result, kept)
            plan = planning.make(systems, request, searched, keys, blocks, tell, cancel, before)
            asked = by_hand_tasks.of_plan(planning.right_of(request.right), request, plan, systems.catalog)
        with self.workspace.write() as tx:
            standing.not_at_work(tx, ref)
            standing.finished(tx, request)
            former.keep(tx, request)
            record.put(tx, ref, "plan", plan)
            tx.seal(ref, "plan-search", kept)
            tx.seal(ref, "plan-key", keys.plan)
            tx.seal(ref, "request-key", keys.request)
            locking.keep(tx, ref, plan, keys)
            for part in (*four_eyes.PARTS, "applied", "verification", RELEASED, *standing.LAST.values()):
                tx.drop(ref, part)
            by_hand_tasks.renew(tx, request, asked)
            writes = planning.right_of(request.right).writes
            stage: Stage = "plan" if plan.refusals else "approve" if writes else "report"
            tx.put_request(replace(request, stage=stage))
            counts = {"records": len(plan.steps), "refusals": len(plan.refusals)}
            tx.append("plan.make", {"case": request.case, "digest": plan.digest or "none", **counts})
        return plan

    def plan(self, ref: str) -> Plan | None:
        """The request's current plan."""
        return self._part(ref, "plan", Plan)

    def phrase(self, plan: Plan) -> str:
        """What is typed to approve: ``ERASE 47``."""
        return approving.phrase(plan)

    def affected(self, plan: Plan) -> int:
        """How many records a plan changes or takes away."""
        return approving.affected(plan)

    @recorded("plan.approve")
    def approve(self, ref: str, digest: str) -> Approval:
        """Stand by exactly this plan."""
        return approving.approve(self.workspace, self._described(), self._open(ref), self.plan(ref), digest)

    def approvals(self, ref: str) -> list[Approval]:
        """Who stands by the current plan."""
        with self.workspace.read() as tx:
            tx.request(ref)
            return four_eyes.stored(tx, ref)

    def approval_state(self, ref: str) -> Approvals:
        """Who stands by the current plan, whose approval is missing, and whether whoever sits here may give it."""
        with self.workspace.read() as tx:
            return four_eyes.standing(tx, tx.request(ref), record.get(tx, ref, "plan", Plan), self.workspace.operator.key_id)

    @recorded("step.intent")
    def apply(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> ApplyResult:
        """Carry out what was approved, or finish a run that was interrupted."""
        with self.workspace.read() as tx:
            request = standing.not_closed(tx.request(ref))
            self._writing(request, "apply")
            plan, key = applying.check_approved(tx, request)
        with self.opened(self.accepted()) as systems:
            return applying.run(self.workspace, systems, request, plan, key, tell, cancel or Cancel())

    @staticmethod
    def _writing(request: Request, to_do: str) -> None:
        right = planning.right_of(request.right)
        if not right.writes:
            raise changes_nothing(request.ref, right.name, right.exports, to_do)

    @recorded("step.blocked")
    def settle(self, ref: str, system: str, reason: str) -> None:
        """A person looked at a system that can't tell whether our change was made: from here on it counts as looked at.

        Nothing is claimed to be done: a new plan, on a new search, says what is still there. ``RefusedError`` where the
        system is not in doubt.
        """
        request, text = self.request(ref), reviewing.checked_reason(reason, reviewing.SHORTEST_REASON)
        with self.workspace.write() as tx:
            if system not in standing.half_done(tx, ref):
                raise RefusedError(f"{system} is not in doubt.", "Apply again: it finishes what was interrupted.")
            plan = record.get(tx, ref, "plan", Plan)
            digest = plan.digest if plan else ""
            tx.journal(ref, digest, system, "settled", {"reason": text})
            tx.append(
                "step.blocked", {"case": request.case, "digest": digest or "none", "system": system, "why": "settled-by-hand"}
            )

    def applied(self, ref: str) -> ApplyResult | None:
        """How the last run went."""
        return self._part(ref, "applied", ApplyResult)

    @recorded("verify.pass")
    def verify(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> Verification:
        """Search again, and hold what is there against the plan. ``RefusedError`` before anything was applied."""
        request, plan, found = self._resting(ref), self.plan(ref), self._part(ref, "plan-search", SearchResult)
        self._writing(request, "verify")
        applied = self.applied(ref)
        if plan is None or found is None or applied is None:
            raise RefusedError(f"Nothing of {ref} has been applied yet.", "Plan, approve and apply first.")
        with self.workspace.read() as tx:
            answered = tx.tasks(ref)
        with self.opened(self.accepted()) as systems:
            written = {s.system for s in applied.systems if s.status == "applied"}
            result = verifying.run(systems, request, plan, found, answered, tell, cancel or Cancel(), written)
        with self.workspace.write() as tx:
            kind = "verify.pass" if result.status == "verified" else "verify.fail"
            whats = ("before", "erased", "changed", "retained", "excluded", "by_hand", "leftover")
            counts = {w: result.total(w) for w in whats}  # type: ignore[arg-type]  # the words of ``total``
            told = {"residue": sum(r.count for r in result.residue), "grounds": result.grounds()}
            entry = tx.append(kind, {"case": request.case, **counts, **told})
            result = verifying.with_entry(result, entry.seq)
            record.put(tx, ref, "verification", result)
            tx.put_request(replace(request, stage="report" if result.status == "verified" else "verify"))
        return result

    def verification(self, ref: str) -> Verification | None:
        """What the last second search said."""
        return self._part(ref, "verification", Verification)

    # -- the safe lock ----------------------------------------------------------------------------

    def lock(self, ref: str) -> SafeLock | None:
        """The safe lock of a request: where its tokens stand, who opened it, whether it is shredded. ``None`` without tokens."""
        return self._part(ref, "lock", SafeLock)

    @recorded("lock.open")
    def lock_open(self, ref: str, reason: str, cancel: Cancel | None = None) -> Opened:
        """What the tokens of a request stand for, read from its systems now; recorded, with the reason."""
        request = self.request(ref)
        with self.opened(self.usable()) as systems:
            return locking.open_lock(self.workspace, systems, request, reason, cancel or Cancel())

    @recorded("lock.shred")
    def lock_shred(self, ref: str) -> Shredded:
        """Destroy the key of a safe lock for good."""
        return locking.shred(self.workspace, self.request(ref))

    # -- export ---------------------------------------------------------------------------------------

    @recorded("export.make")
    def export(
        self,
        ref: str,
        folder: Path,
        formats: Sequence[str],
        tell: Tell = silent,
        cancel: Cancel | None = None,
        encrypt: bool = False,
    ) -> Exported:
        """The person's data as files, from the request's last search (made now where there is none).

        ``encrypt`` makes it one AES-256 zip; its password is in what is returned, and nowhere else.
        """
        found = self.found(ref)
        if found is None:
            found = self.search(ref, tell, cancel)
        request = self.request(ref)
        password = new_password() if encrypt else ""
        with self.opened(self.usable()) as systems:
            written = disclose.write(systems, self.workspace.settings, request, found, folder, formats, password)
            waiting = disclose.waiting(systems, request, found)
        with self.workspace.write() as tx:
            files = {"files": len(written), "hashes": [w.sha256 for w in written], "encrypted": encrypt}
            tx.append("export.make", {"case": request.case, "complete": found.complete and not waiting, **files})
        return Exported(tuple(w.path for w in written), password, waiting)

    # -- the trail ---------------------------------------------------------------------------------------------------

    def verify_trail(
        self, progress: Callable[[int, int], None], cancel: Cancel | None = None, against: Sequence[str] = ()
    ) -> Verdict:
        """Recompute everything from the first entry. Nothing of it is remembered; ``against`` are checkpoints kept elsewhere."""
        return trails.verified(self.workspace, progress, cancel, against)

    def entries(self) -> list[Entry]:
        """The whole trail."""
        with self.workspace.read() as tx:
            return tx.entries()

    def operator_names(self) -> Mapping[str, str]:
        """Key id → name."""
        with self.workspace.read() as tx:
            return {o.key_id: o.name for o in tx.operators(left=True) if o.name}

    def references(self) -> Mapping[str, str]:
        """Case id → reference, of every request there ever was."""
        with self.workspace.read() as tx:
            return {row.case: row.ref for row in tx.request_rows()}

    def save_trail(self, folder: Path, verdict: Verdict) -> list[Path]:
        """The trail as it lies, and what a verification said of it, as two files: what is left when it does not hold."""
        return trails.saved(self.workspace, folder, verdict)

    # -- small things ------------------------------------------------------------------------------------------------

    def _drop_plan(self, request: Request) -> Request:
        with self.workspace.write() as tx:
            return standing.drop_plan(tx, request)

    def _ask(self, request: Request, catalog: Catalog) -> tuple[searching.Asks, bool]:
        """What to search for, and whether the rows named as the person must be there.

        Once a run has written, the rows that told who the person is may be gone: then everything that was known goes on
        being asked, or what only an erased row led to would never be found again.
        """
        with self.workspace.read() as tx:
            written = standing.written(tx, request.ref)
            last = standing.last(tx, request.ref) if written else None
        if last is not None:
            known = verifying.everybody_known(catalog, request, *last)
            if not isinstance(known, Ask):
                return asks_again(request.facts, known), False
            return replace(known, given=tuple(dict.fromkeys((*request.facts.identity, *known.given))), thorough=False), False
        return asks(request.facts) if request.facts.people else _ask(request), not written

    def _search(self, ask: Ask, tell: Tell, cancel: Cancel, waived: Mapping[str, str], strict: bool) -> SearchResult:
        read = self.usable()
        with self.opened(read) as systems:
            return self._whole(systems, read, ask, tell, cancel, waived, strict).result

    def _whole(
        self,
        systems: Systems,
        read: CatalogRead,
        ask: searching.Asks,
        tell: Tell,
        cancel: Cancel,
        waived: Iterable[str],
        strict: bool,
    ) -> searching.Searched:
        searched = searching.whole(systems, read.broken, ask, tell, cancel, waived, strict)
        return with_emptied(systems, searched, self.accepted_facts(), cancel)

    def _keep_search(self, request: Request, found: SearchResult, packed: bytes) -> Request:
        stage: Stage = "search" if found.ambiguous else "review"
        with self.workspace.write() as tx:
            if tx.parts(request.ref, "applied") or standing.begun(tx, request):
                stage = request.stage  # looking again undoes nothing of what was written
            changed = replace(request, stage=stage)
            tx.seal(request.ref, "search", packed)
            tx.put_request(changed)
            tx.append("search.run", {"case": request.case, **searching.counts(found)})
        return changed


def _ask(request: Request) -> Ask:
    facts = request.facts
    return Ask(
        facts.identity,
        frozenset(receive.parsed(s) for s in facts.subjects),
        frozenset(d.ref for d in facts.decisions if d.include),
        frozenset(facts.off),
    )
