"""Apply: exactly what was approved, system after system, journaled so that a run killed anywhere can be finished.

The order is fixed (each line is durable before the next begins): every system is looked at first, and one changed row anywhere
means that nothing is written anywhere; then, per system, *intent* → the driver locks, compares, writes → *committing* with the
evidence by which a later run can tell whether that commit happened → commit → *done*. A run that finds a *committing* without a
*done* is a recovery: the driver then accepts rows that are already as planned, and no others. An *intent* alone wrote nothing.
With the last *done* lands how the whole run went.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dsr_desk.drivers.base import Driver, Run
from dsr_desk.errors import CancelledError, DeskError, DriftError, HeldError, InDoubtError, RefusedError
from dsr_desk.flow.applying import four_eyes, lock, record, standing
from dsr_desk.flow.approve import expired
from dsr_desk.flow.plan import digest_of, work_of
from dsr_desk.flow.planning import relied
from dsr_desk.flow.planning.holds import not_held
from dsr_desk.flow.planning.restricted import not_restricted
from dsr_desk.flow.systems import Systems
from dsr_desk.flow.tasks import insist_told
from dsr_desk.flow.workers import making_many, result
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.event import Note, Step, Tell
from dsr_desk.model.plan import Applied, Drift, Plan, Work
from dsr_desk.model.request import Request, Stage
from dsr_desk.model.result import ApplyResult, SystemApplied, Verification
from dsr_desk.store.journal import JournalRow
from dsr_desk.store.tx import Tx
from dsr_desk.store.workspace import Workspace

#: How long a run holds its request, in seconds; it is taken anew before every system.
LEASE = 3600.0


def check_approved(tx: Tx, request: Request) -> tuple[Plan, bytes]:
    """The plan and its key, if it may run; ``RefusedError`` with the reason where it may not."""
    plan = record.get(tx, request.ref, "plan", Plan)
    approvals = [a for a in four_eyes.stored(tx, request.ref) if plan is not None and a.digest == plan.digest]
    key = tx.unseal(request.ref, "plan-key")
    if plan is None:
        raise RefusedError(f"{request.ref} has no plan.", "Make one first.", f"dsr-desk plan {request.ref}")
    if not approvals or digest_of(plan) != plan.digest:
        raise RefusedError("This plan is not approved.", "Approve it first.", f"dsr-desk approve {request.ref} --digest DIGEST")
    four_eyes.insist(tx, request, plan)
    version = tx.catalog()
    if version is None or version.digest != plan.catalog:
        raise RefusedError("The catalog was changed since the plan was made.", "Accept it and make a new plan.")
    if key is None:
        raise RefusedError("The key of this plan is gone.", "Make and approve a new plan.")
    return plan, key


def check_still_approved(tx: Tx, request: Request, plan: Plan) -> None:
    """``RefusedError`` where the plan that ``check_approved`` gave a moment ago was made anew, dropped or outlived since.

    It is not read a second time: what replaces or drops a plan also ends its approval.
    """
    _unused(tx, request)
    approvals = four_eyes.stored(tx, request.ref)
    version = tx.catalog()
    if not any(a.digest == plan.digest for a in approvals) or version is None or version.digest != plan.catalog:
        raise RefusedError("The plan was made anew just now.", "Read it, approve it, and apply again.")


def _unused(tx: Tx, request: Request) -> None:
    """``RefusedError`` for a plan that was carried out and held against a second search: it has no further use.

    Until then a run may be told its own end again, because the one that reached it may have been killed before it said so.
    """
    done = record.get(tx, request.ref, "applied", ApplyResult)
    if done is not None and done.status == "applied" and tx.parts(request.ref, "verification"):
        proof = record.get(tx, request.ref, "verification", Verification)
        clean = proof is not None and proof.status == "verified"
        hint = "Nothing more has to be written." if clean else "Make a new plan for what is left over."
        raise RefusedError("This plan was used: it was carried out, and then searched again.", hint)


@dataclass
class _Past:
    """What earlier runs of this plan left in the journal, for one system."""

    state: str = ""
    evidence: Mapping[str, Any] | None = None
    done: SystemApplied | None = None


def run(
    workspace: Workspace,
    systems: Systems,
    request: Request,
    plan: Plan,
    key: bytes,
    tell: Tell,
    cancel: Cancel,
) -> ApplyResult:
    """Carry the plan out, or finish what an earlier run began.

    A cancel stops between systems. ``RefusedError`` where somebody else runs the same request.
    """
    holder = f"{workspace.operator.key_id}-{secrets.token_hex(8)}"
    with workspace.write() as tx:
        fence = tx.lease(request.ref, holder, LEASE)
        check_still_approved(tx, tx.request(request.ref), plan)  # nobody can plan anew from here on; until here somebody could
        begun = standing.run_states(tx.journal_rows(request.ref, plan.digest)).values()
        if not {"committing", "done", "doubt"} & {*begun}:
            not_held(tx, systems.catalog, request, plan)
            not_restricted(tx, systems.catalog, request, plan)
            insist_told(tx, request)
    try:
        runner = _Runner(workspace, systems, request, plan, key, tell, cancel, fence)
        how = runner.run()
    except BaseException:
        with workspace.write() as tx:
            tx.release(request.ref, fence)
        raise
    if runner.ended is not None:
        return runner.ended
    with workspace.write() as tx:
        return runner.end(tx, how)


class _Runner:
    def __init__(
        self,
        workspace: Workspace,
        systems: Systems,
        request: Request,
        plan: Plan,
        key: bytes,
        tell: Tell,
        cancel: Cancel,
        fence: int,
    ) -> None:
        self.workspace, self.systems, self.request, self.plan = workspace, systems, request, plan
        self.tell, self.cancel, self.fence = tell, cancel, fence
        self.work: dict[str, Work] = {n: work_of(plan, n, key) for n in plan.systems()}
        self.order = [n for n in plan.systems() if any(True for _ in self.work[n].changing())]
        with workspace.read() as tx:
            self.past = _past(tx.journal_rows(request.ref, plan.digest))
        self.results: dict[str, SystemApplied] = {}
        #: Where a commit was announced, so that something may stand written there whatever was said after it.
        self.announced = {n for n, past in self.past.items() if past.state == "committing"}
        self.exit_code = 0
        self.ended: ApplyResult | None = None

    def run(self) -> ApplyResult:
        """Pre-flight over everything that has not begun, then one system after the other."""
        begun = [n for n in self.order if self._past(n).state]
        if not begun and expired(self.plan):
            raise RefusedError("The plan has expired.", "Make a new one: a day is long enough for data to change.")
        for name, past in self.past.items():
            if past.done is not None:
                self.results[name] = past.done
            elif past.state == "settled":
                why, cure = "A person looked at it; nothing is claimed.", "Make a new plan: it says what is still there."
                self.results[name] = SystemApplied(name, "in doubt", error=why, hint=cure, at=_now())
                self.exit_code = RefusedError.exit_code
        # What may have been committed comes first, whatever became of the others since: it has to be known before anything else.
        for name in [n for n in self.order if n not in self.results and self._past(n).state == "committing"]:
            if not self._one(name):
                return self._result()
        if not self._look_first([n for n in self.order if n not in self.results]):
            return self._result()
        for name in self.order:
            if name in self.results:
                continue
            if self.cancel.cancelled:
                self._say(f"Stopped before {self._label(name)}. What is done stays done; apply again to go on.")
                self.exit_code = max(self.exit_code, 3)
                break
            if not self._one(name):
                break
        return self._result()

    def end(self, tx: Tx, how: ApplyResult) -> ApplyResult:
        """Give the lease back, and keep how it went."""
        tx.release(self.request.ref, self.fence)
        how = replace(how, open=sum(1 for t in tx.tasks(self.request.ref) if t.open))
        record.put(tx, self.request.ref, "applied", how)
        stage: Stage = "verify" if how.status == "applied" else "apply"
        tx.put_request(replace(tx.request(self.request.ref), stage=stage))
        self.ended = how
        return how

    def _past(self, name: str) -> _Past:
        return self.past.get(name, _Past())

    def _look_first(self, names: list[str]) -> bool:
        """A fingerprint pass over all systems, before anything is written in any."""
        clean = True
        for name in names:
            self.tell(Step(name, "checking", total=len(self.work[name].steps)))
        for name, future in self.systems.each(names, self._look):
            try:
                found: tuple[list[str], list[Drift]] = result(future)
                changed, drift = found
                if changed:
                    self._refused(name, _rebuilt(changed))
                    clean = False
                elif drift:
                    self._refused(name, DriftError(*_drifted(name, drift)))
                    clean = False
            except CancelledError:
                raise
            except DeskError as error:
                self._failed(name, error)
                clean = False
        if clean and names:
            looked = "The system was" if len(names) == 1 else f"All {len(names)} systems were"
            self._say(f"{looked} looked at first: no row has changed since the plan.")
        return clean

    def _look(self, driver: Driver) -> tuple[list[str], list[Drift]]:
        name = driver.system.name
        return relied.look(driver, tuple(f for f in self.plan.relied if f.system == name), self.work[name], self.cancel)

    def _one(self, name: str) -> bool:
        """One system. ``False`` where the run has to stop."""
        past = self._past(name)
        total = sum(1 for _ in self.work[name].changing())
        self.tell(Step(name, "writing", 0, total))
        counts = {"records": total}
        held = None if past.state == "committing" else self._not_held  # what may have been committed has to be known, hold or not
        try:
            record.step(
                self.workspace, self.request, self.plan, name, "intent", "step.intent", counts=counts, fence=self.fence, unless=held
            )
        except HeldError as error:
            self._failed(name, error)
            return False
        try:
            with making_many():
                applied = self.systems.on(name, lambda d: d.apply(self.work[name], self._run(name, past)))
        except DriftError as error:
            self._refused(name, error)
            return False
        except InDoubtError as error:
            self._failed(name, error, "in doubt")
            return False
        except CancelledError:
            raise
        except DeskError as error:
            self._failed(name, error)
            return False
        self._done(name, applied)
        return True

    def _not_held(self, tx: Tx) -> None:
        four_eyes.insist(tx, self.request, self.plan)
        not_held(tx, self.systems.catalog, self.request, self.plan)

    def _run(self, name: str, past: _Past) -> Run:
        def about_to_commit(evidence: Mapping[str, Any]) -> None:
            self.announced.add(name)
            record.step(self.workspace, self.request, self.plan, name, "committing", detail=dict(evidence), fence=self.fence)

        return Run(past.evidence, about_to_commit)

    def _done(self, name: str, applied: Applied) -> None:
        guarantee = self.systems.driver(name).guarantee
        done = SystemApplied(name, "applied", applied.deleted, applied.changed, guarantee, notes=applied.notes, at=_now(), error="")
        self.results[name] = done
        detail = {"deleted": done.deleted, "changed": done.changed, "notes": list(done.notes), "guarantee": guarantee}
        counts = {"how": applied.how, "deleted": applied.deleted, "changed": applied.changed}
        record.step(self.workspace, self.request, self.plan, name, "done", "step.done", detail, counts, also=self._with_done(name))
        self._say(f"{self._label(name)}: committed, {applied.deleted} deleted, {applied.changed} changed.")
        total = applied.deleted + applied.changed
        self.tell(Step(name, "done", total, total, applied=applied))

    def _with_done(self, name: str) -> Callable[[Tx], None]:
        """What lands with a *done*: where the system's tokens stand, and after the last one how the run went."""

        def also(tx: Tx) -> None:
            lock.put(tx, self.request, self.plan, name)
            if all(n in self.results for n in self.order):
                self.end(tx, self._result())

        return also

    def _refused(self, name: str, error: DriftError) -> None:
        self.results[name] = SystemApplied(name, "refused", error=error.message, hint=error.hint, rows=error.rows, at=_now())
        # Nothing was committed there, so the next run starts it anew.
        detail = {"rows": list(error.rows)}
        counts = {"rows": len(error.rows)}
        record.step(self.workspace, self.request, self.plan, name, "drift", "step.drift", detail, counts)
        self.exit_code = max(self.exit_code, error.exit_code)
        self.tell(Step(name, "refused", text=f"{error.message} {error.hint}"))

    def _failed(self, name: str, error: DeskError, status: str = "failed") -> None:
        doubt = status == "in doubt"
        self.results[name] = SystemApplied(name, "in doubt" if doubt else "failed", error=error.message, hint=error.hint, at=_now())
        state = "doubt" if doubt else "blocked"
        counts = {"why": type(error).__name__}
        record.step(self.workspace, self.request, self.plan, name, state, "step.blocked", {}, counts)
        self.exit_code = max(self.exit_code, error.exit_code)
        self.tell(Step(name, "in doubt" if doubt else "failed", text=f"{error.message} {error.hint}"))

    def _result(self) -> ApplyResult:
        systems = []
        for name in self.systems.catalog.systems:
            if name in self.results:
                systems.append(self.results[name])
            elif name in self.order:
                systems.append(SystemApplied(name, "waiting", guarantee=self.systems.driver(name).guarantee))
            elif name in self.plan.manual_systems:
                systems.append(SystemApplied(name, "manual", guarantee=self.systems.driver(name).guarantee))
            elif name in self.work:
                systems.append(SystemApplied(name, "unchanged"))
        applied = [s for s in systems if s.status == "applied"]
        stopped = [s for s in systems if s.status in ("refused", "failed", "in doubt", "waiting")]
        status = "applied" if not stopped else "partial" if applied or self._undecided() else "refused"
        return ApplyResult(self.request.ref, status, 0, tuple(systems), self.exit_code)  # type: ignore[arg-type]  # one of three

    def _undecided(self) -> bool:
        return any(s.status == "in doubt" or (s.status == "failed" and n in self.announced) for n, s in self.results.items())

    def _label(self, name: str) -> str:
        return self.systems.catalog.systems[name].label

    def _say(self, text: str) -> None:
        self.tell(Note(datetime.now().astimezone().isoformat(timespec="seconds"), text))


def _past(rows: list[JournalRow]) -> dict[str, _Past]:
    past = {system: _Past(state) for system, state in standing.run_states(rows).items()}
    for row in rows:
        if row.state == "committing":
            past[row.system].evidence = dict(row.detail)
        elif row.state == "done":
            detail = row.detail
            past[row.system].done = SystemApplied(
                row.system,
                "applied",
                detail["deleted"],
                detail["changed"],
                detail["guarantee"],
                notes=tuple(detail["notes"]),
                at=row.at,
            )
    return past


def _rebuilt(changed: list[str]) -> DriftError:
    what = "; ".join(changed[:3]) + (f"; and {len(changed) - 3} more" if len(changed) > 3 else "")
    return DriftError(
        f"{what[0].upper()}{what[1:]}. The plan was made for how it was before. Nothing was written.",
        "Plan again: the new plan is for how it is now.",
        (),
    )


def _drifted(name: str, drift: list[Drift]) -> tuple[str, str, tuple[str, ...]]:
    rows = tuple(f"{d.ref.path}" for d in drift)
    what = ", ".join(f"{d.ref.path} {d.what}" for d in drift[:3]) + (f" and {len(drift) - 3} more" if len(drift) > 3 else "")
    return (
        f"{name}: {len(drift)} row{'s are' if len(drift) > 1 else ' is'} not what was approved ({what}). Nothing was written.",
        "Plan again: the new plan shows what changed.",
        rows,
    )


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
