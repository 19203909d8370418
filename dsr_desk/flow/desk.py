"""One open workspace and every verb of the flow, as a window and a terminal use them.

Every method that takes ``tell`` or ``cancel`` may take long and is called off the GUI thread; the others answer at once.
All raise ``DeskError`` subclasses only.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from dsr_desk.audit.trail import Entry, Verdict
from dsr_desk.audit.trail import verify as verify_records
from dsr_desk.catalog.check import CatalogCheck, check_catalog
from dsr_desk.catalog.diff import Change, diff, unified
from dsr_desk.catalog.read import CatalogRead, read_catalog
from dsr_desk.errors import CatalogError, DeskError, RefusedError, UsageError
from dsr_desk.flow import apply as applying
from dsr_desk.flow import approve as approving
from dsr_desk.flow import disclose, receive, record
from dsr_desk.flow import plan as planning
from dsr_desk.flow import report as reporting
from dsr_desk.flow import review as reviewing
from dsr_desk.flow import search as searching
from dsr_desk.flow import tasks as by_hand_tasks
from dsr_desk.flow import verify as verifying
from dsr_desk.flow.reach import Ask
from dsr_desk.flow.systems import Systems, driver_class
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.model.event import Tell, silent
from dsr_desk.model.finding import Identifier, RowRef, SearchResult, SystemSearch
from dsr_desk.model.plan import Plan
from dsr_desk.model.report import ReportData
from dsr_desk.model.request import DecisionName, Request, Stage, Task
from dsr_desk.model.result import ApplyResult, Approval, RequestSummary, Verification
from dsr_desk.model.values import Value
from dsr_desk.render.report import report_footer, report_html
from dsr_desk.store.workspace import Tx, Workspace

T = TypeVar("T")

#: Draws HTML as a PDF: html, file, title, footer → pages. The only thing the flow asks of a screen toolkit.
ToPdf = Callable[[str, Path, str, str], int]


class Desk:
    """The facade. ``workspace`` is open and unlocked; with ``processes``, files are read in processes of their own."""

    def __init__(self, workspace: Workspace, to_pdf: ToPdf, processes: bool = False) -> None:
        self.workspace = workspace
        self._to_pdf = to_pdf
        self._processes = processes
        self._read: tuple[object, CatalogRead] | None = None

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

    # -- search, review ----------------------------------------------------------------------------------------------

    def quick_search(
        self, identity: Sequence[tuple[str, str]], subjects: Sequence[str] = (), tell: Tell = silent, cancel: Cancel | None = None
    ) -> SearchResult:
        """Find without opening a request; recorded all the same."""
        given = searching.checked_identity(identity)
        ask = Ask(given, frozenset(receive.parsed(s) for s in subjects))
        found = self._search(ask, tell, cancel or Cancel(), {}, strict=True)
        with self.workspace.write() as tx:
            tx.append("search.run", _counts(found))
        return found

    def search(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> SearchResult:
        """Search for a request, and keep what was found, sealed."""
        request, read = self._resting(ref), self._usable()
        with self._systems(read) as systems:
            ask, strict = self._ask(request, systems.catalog)
            found = self._searched(systems, read, ask, tell, cancel or Cancel(), request.facts.waived, strict).result
        self._keep_search(request, found)
        return found

    def found(self, ref: str) -> SearchResult | None:
        """What the request's last search found."""
        return self._part(ref, "search", SearchResult)

    def choose_subjects(self, ref: str, rows: Sequence[RowRef], reason: str) -> Request:
        """Say which rows are the person."""
        return self._drop_plan(reviewing.choose_subjects(self.workspace, self._resting(ref), rows, reason))

    def switch(self, ref: str, identifier: Identifier, on: bool) -> Request:
        """Follow an identifier, or don't, from the next search on."""
        return self._drop_plan(reviewing.switch(self.workspace, self._resting(ref), identifier, on))

    def add_identifier(self, ref: str, kind: str, value: str) -> Request:
        """One more given identifier."""
        return self._drop_plan(reviewing.add_identifier(self.workspace, self._resting(ref), kind, value))

    def review(self, ref: str, rows: Sequence[RowRef], include: bool, reason: str) -> Request:
        """Include rows or leave them out, with a reason. An earlier plan falls."""
        found = self.found(ref)
        known = [f.ref for f in found.findings] if found else None
        return self._drop_plan(reviewing.decide_rows(self.workspace, self._resting(ref), rows, include, reason, known))

    def waive(self, ref: str, system: str, reason: str) -> Request:
        """Go on without a system."""
        read = self.catalog_read()
        names = [*(read.catalog.systems if read.catalog else ()), *read.broken]
        return self._drop_plan(reviewing.waive(self.workspace, self._resting(ref), system, reason, names))

    def reveal(self, ref: str, row: RowRef, field: str) -> tuple[Value, int]:
        """One value in clear, and the entry that records it."""
        return reviewing.reveal(self.workspace, self.request(ref), self.found(ref), row, field)

    # -- plan, approve, apply, verify --------------------------------------------------------------------------------

    def make_plan(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> Plan:
        """Search anew and plan. An earlier plan falls, with its approval.

        ``RefusedError`` where the catalog isn't accepted, the search is ambiguous or incomplete, or a run is half done.
        """
        cancel = cancel or Cancel()
        request = self._unfinished(self._resting(ref))
        read = self._accepted()
        key = secrets.token_bytes(32)
        with self._systems(read) as systems:
            ask, strict = self._ask(request, systems.catalog)
            searched = self._searched(systems, read, ask, tell, cancel, request.facts.waived, strict)
            request = self._keep_search(request, searched.result)
            plan = planning.make(systems, request, searched, key, tell, cancel)
            asked = [
                *by_hand_tasks.for_systems(planning.right_of(request.right), systems.catalog, plan.manual_systems, ref),
                *by_hand_tasks.for_rows(plan, systems.catalog),
            ]
        with self.workspace.write() as tx:
            _not_at_work(tx, ref)
            record.put(tx, ref, "plan", plan)
            record.put(tx, ref, "plan-search", searched.result)
            tx.seal(ref, "plan-key", key)
            for part in ("approval", "applied", "verification"):
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

    def approve(self, ref: str, digest: str) -> Approval:
        """Stand by exactly this plan."""
        return approving.approve(self.workspace, self._open(ref), self.plan(ref), digest)

    def approvals(self, ref: str) -> list[Approval]:
        """Who stands by the current plan."""
        approval = self._part(ref, "approval", Approval)
        return [approval] if approval else []

    def apply(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> ApplyResult:
        """Carry out what was approved, or finish a run that was interrupted."""
        with self.workspace.read() as tx:
            request = _not_closed(tx.request(ref))
            plan, key = applying.check_approved(tx, request)
        with self._systems(self._accepted()) as systems:
            return applying.run(self.workspace, systems, request, plan, key, tell, cancel or Cancel())

    def settle(self, ref: str, system: str, reason: str) -> None:
        """A person looked at a system that can't tell whether our change was made: from here on it counts as looked at.

        Nothing is claimed to be done: a new plan, on a new search, says what is still there. ``RefusedError`` where the
        system is not in doubt.
        """
        request, text = self.request(ref), reviewing.checked_reason(reason, reviewing.SHORTEST_REASON)
        if system not in self._half_done(ref):
            raise RefusedError(f"{system} is not in doubt.", "Apply again: it finishes what was interrupted.")
        with self.workspace.write() as tx:
            plan = record.get(tx, ref, "plan", Plan)
            digest = plan.digest if plan else ""
            tx.journal(ref, digest, system, "settled", {"reason": text})
            tx.append(
                "step.blocked", {"case": request.case, "digest": digest or "none", "system": system, "why": "settled-by-hand"}
            )

    def applied(self, ref: str) -> ApplyResult | None:
        """How the last run went."""
        return self._part(ref, "applied", ApplyResult)

    def verify(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> Verification:
        """Search again, and hold what is there against the plan. ``RefusedError`` before anything was applied."""
        request, plan, found = self._resting(ref), self.plan(ref), self._part(ref, "plan-search", SearchResult)
        if not planning.right_of(request.right).writes:
            raise UsageError(f"A request for {request.right} changes nothing, so there is nothing to verify.", "Export it instead.")
        if plan is None or found is None or self.applied(ref) is None:
            raise RefusedError(f"Nothing of {ref} has been applied yet.", "Plan, approve and apply first.")
        with self.workspace.read() as tx:
            answered = tx.tasks(ref)
        with self._systems(self._accepted()) as systems:
            result = verifying.run(systems, request, plan, found, answered, tell, cancel or Cancel())
        with self.workspace.write() as tx:
            kind = "verify.pass" if result.status == "verified" else "verify.fail"
            whats = ("before", "erased", "retained", "excluded", "by_hand", "leftover")
            counts = {w: result.total(w) for w in whats}  # type: ignore[arg-type]  # the words of ``total``
            entry = tx.append(kind, {"case": request.case, **counts, "residue": sum(r.count for r in result.residue)})
            result = verifying.with_entry(result, entry.seq)
            record.put(tx, ref, "verification", result)
            tx.put_request(replace(request, stage="report" if result.status == "verified" else "verify"))
        return result

    def verification(self, ref: str) -> Verification | None:
        """What the last second search said."""
        return self._part(ref, "verification", Verification)

    # -- tasks, export, report ---------------------------------------------------------------------------------------

    def tasks(self, ref: str | None = None) -> list[Task]:
        """What only a person can do, for one request or all."""
        with self.workspace.read() as tx:
            return tx.tasks(ref)

    def answer_task(self, ref: str, task: str, note: str, records: int = 1, files: Sequence[Path] = ()) -> Task:
        """Record what a person did."""
        return by_hand_tasks.answer(self.workspace, self._open(ref), task, note, records, files)

    def export(
        self, ref: str, folder: Path, formats: Sequence[str], tell: Tell = silent, cancel: Cancel | None = None
    ) -> list[Path]:
        """The person's data as files, from the request's last search (made now where there is none)."""
        found = self.found(ref)
        if found is None:
            found = self.search(ref, tell, cancel)
        request = self.request(ref)
        with self._systems(self._usable()) as systems:
            written = disclose.write(systems, self.workspace.settings, request, found, folder, formats)
        with self.workspace.write() as tx:
            files = {"files": len(written), "hashes": [w.sha256 for w in written]}
            tx.append("export.make", {"case": request.case, "complete": found.complete, **files})
        return [w.path for w in written]

    def report(self, ref: str) -> ReportData:
        """The report as it stands now."""
        with self.workspace.read() as tx:
            request = tx.request(ref)
            case = reporting.Case(
                request,
                self.workspace.settings,
                self._usable().catalog or Catalog({}, ""),
                record.get(tx, ref, "plan-search", SearchResult) or record.get(tx, ref, "search", SearchResult),
                record.get(tx, ref, "plan", Plan),
                record.get(tx, ref, "approval", Approval),
                record.get(tx, ref, "applied", ApplyResult),
                record.get(tx, ref, "verification", Verification),
                tuple(tx.tasks(ref)),
                tuple(tx.entries_of(request.case)),
                {o.key_id: o.name for o in tx.operators()},
                self.workspace.settings.log,
                tx.checkpoint(),
                tx.trail_head().size,
                self.workspace.folder.name,
            )
        return reporting.make(case)

    def save_report(self, ref: str, pdf: Path) -> Path:
        """Write the report as a PDF; the trail says so, with the file's hash."""
        data = self.report(ref)
        self._to_pdf(report_html(data), pdf, f"{data.title} {data.reference}", report_footer(data))
        request = self.request(ref)
        with self.workspace.write() as tx:
            tx.append("report.make", {"case": request.case, "hash": reporting.file_hash(pdf)})
        return pdf

    # -- catalog, secrets, trail -------------------------------------------------------------------------------------

    def catalog_read(self) -> CatalogRead:
        """The catalog files as they are now."""
        folders = (self.workspace.catalog_folder, self.workspace.folder / "connectors")
        files = [p for folder in folders for p in sorted(folder.glob("*")) if p.is_file()]
        stamp = tuple((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in files)
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, read_catalog(self.workspace.folder))
        return self._read[1]

    def check_catalog(self, live: bool = True, cancel: Cancel | None = None) -> CatalogCheck:
        """Every problem, and how each system is."""
        folder, secret = self.workspace.folder, self.workspace.secret
        return check_catalog(self.catalog_read(), lambda s: driver_class(s)(s, folder, secret(s.name)), live, cancel)

    def systems(self) -> Mapping[str, System]:
        """The systems of the catalog as it stands."""
        catalog = self.catalog_read().catalog
        return catalog.systems if catalog else {}

    def catalog_changes(self) -> tuple[list[Change], str]:
        """What changed since the accepted version: in words, and as a text difference."""
        with self.workspace.read() as tx:
            version = tx.catalog()
        old = version.files if version else {}
        new = self.catalog_read().files
        return diff(old, new), unified(old, new)

    def catalog_accepted(self) -> bool:
        """Whether the files are the version that was accepted last."""
        read = self.catalog_read()
        with self.workspace.read() as tx:
            version = tx.catalog()
        return read.catalog is not None and version is not None and version.digest == read.catalog.digest

    def accept_catalog(self) -> str:
        """Record the files as a new version; gives its digest. ``CatalogError`` while they have errors."""
        read = self._usable()
        _no_errors(read)
        digest = read.catalog.digest if read.catalog else ""
        with self.workspace.write() as tx:
            version = tx.catalog()
            if version is None or version.digest != digest:
                tx.put_catalog(digest, read.files)
        return digest

    def set_secret(self, system: str, password: str) -> None:
        """Keep a system's password where passwords are kept; the trail says that it was set."""
        self.workspace.set_secret(system, password)
        with self.workspace.write() as tx:
            tx.append("secret.set", {"system": system})

    def verify_trail(self, progress: Callable[[int, int], None], cancel: Cancel | None = None) -> Verdict:
        """Recompute everything from the first entry. Nothing of it is remembered."""
        with self.workspace.read() as tx:
            return verify_records(tx.raw_entries(), progress=progress, cancel=cancel, head=tx.trail_head())

    def entries(self) -> list[Entry]:
        """The whole trail."""
        with self.workspace.read() as tx:
            return tx.entries()

    def operator_names(self) -> Mapping[str, str]:
        """Key id → name."""
        with self.workspace.read() as tx:
            return {o.key_id: o.name for o in tx.operators()}

    # -- small things ------------------------------------------------------------------------------------------------

    def _part(self, ref: str, part: str, cls: type[T]) -> T | None:
        with self.workspace.read() as tx:
            tx.request(ref)
            return record.get(tx, ref, part, cls)

    def _systems(self, read: CatalogRead) -> Systems:
        assert read.catalog is not None
        return Systems(read.catalog, self.workspace.folder, self.workspace.secret, self._processes)

    def _usable(self) -> CatalogRead:
        read = self.catalog_read()
        if read.catalog is None:
            raise _wrong(read)
        return read

    def _accepted(self) -> CatalogRead:
        read = self._usable()
        _no_errors(read)
        if not self.catalog_accepted():
            raise RefusedError(
                "The catalog was changed and nobody accepted it yet.",
                "Look at the changes and accept them: dsr-desk catalog accept.",
            )
        return read

    def _written(self, ref: str) -> bool:
        """Whether a run has begun to write, so that the person's rows may be gone."""
        with self.workspace.read() as tx:
            return any(row.state in ("intent", "committing", "done") for row in tx.journal_rows(ref))

    def _ask(self, request: Request, catalog: Catalog) -> tuple[Ask, bool]:
        """What to search for, and whether the rows named as the person must be there.

        Once a run has written, the rows that told who the person is may be gone: then everything that was known goes on
        being asked, or what only an erased row led to would never be found again.
        """
        if self._written(request.ref):
            plan, before = self.plan(request.ref), self._part(request.ref, "plan-search", SearchResult)
            if plan is not None and before is not None:
                known = verifying.everything_known(catalog, request, plan, before)
                return replace(known, given=tuple(dict.fromkeys((*request.facts.identity, *known.given))), thorough=False), False
        return _ask(request), not self._written(request.ref)

    def _open(self, ref: str) -> Request:
        """The request; ``RefusedError`` where it is closed."""
        return _not_closed(self.request(ref))

    def _resting(self, ref: str) -> Request:
        """The request; ``RefusedError`` where it is closed, or a run is at work on it just now."""
        request = self._open(ref)
        with self.workspace.write() as tx:
            _not_at_work(tx, ref)
        return request

    def _search(self, ask: Ask, tell: Tell, cancel: Cancel, waived: Mapping[str, str], strict: bool) -> SearchResult:
        read = self._usable()
        with self._systems(read) as systems:
            return self._searched(systems, read, ask, tell, cancel, waived, strict).result

    def _searched(
        self,
        systems: Systems,
        read: CatalogRead,
        ask: Ask,
        tell: Tell,
        cancel: Cancel,
        waived: Mapping[str, str],
        strict: bool,
    ) -> searching.Searched:
        """A search that also names the systems whose catalog file is broken: they were not searched.

        ``strict``: ``UsageError`` where a row that a person named as the subject isn't there.
        """
        searched = searching.run(systems, ask, tell, cancel, waived)
        silent_ones = {s.system for s in searched.result.systems if s.status in ("failed", "waived")}
        for ref in sorted(ask.subjects, key=str):
            if strict and ref not in searched.answers.rows and ref.system not in silent_ones:
                raise UsageError(
                    f"{ref.system}/{ref.collection} has no row with the key that was named as the person.",
                    "Copy the row from the search: SYSTEM/COLLECTION/KEY.",
                )
        broken = tuple(
            SystemSearch(
                name,
                "waived" if name in waived else "failed",
                error=f"The catalog file of {name} has errors.",
                hint="Mend it: dsr-desk catalog check names each.",
            )
            for name in read.broken
        )
        if not broken:
            return searched
        failed = any(s.status == "failed" for s in broken)
        code = max(searched.result.exit_code, 1 if failed else 0)
        found = replace(searched.result, systems=(*searched.result.systems, *broken), exit_code=code)
        return replace(searched, result=found)

    def _keep_search(self, request: Request, found: SearchResult) -> Request:
        stage: Stage = "search" if found.ambiguous else "review"
        if self.applied(request.ref) is not None:
            stage = request.stage  # looking again undoes nothing of what was written
        changed = replace(request, stage=stage)
        with self.workspace.write() as tx:
            record.put(tx, request.ref, "search", found)
            tx.put_request(changed)
            tx.append("search.run", {"case": request.case, **_counts(found)})
        return changed

    def _unfinished(self, request: Request) -> Request:
        """Refuse to plan anew in the middle of a run: what it wrote has to be finished or settled first."""
        open_systems = self._half_done(request.ref)
        if open_systems:
            raise RefusedError(
                f"A run on {', '.join(open_systems)} was interrupted and is not finished.",
                "Apply again first: it finishes the run.",
            )
        return request

    def _half_done(self, ref: str) -> list[str]:
        """The systems in which a run began and did not end."""
        with self.workspace.read() as tx:
            rows = tx.journal_rows(ref)
        state: dict[str, str] = {}
        for row in rows:
            if not (row.state in ("blocked", "drift", "doubt") and state.get(row.system) == "committing"):
                state[row.system] = row.state
        return [s for s, last in state.items() if last in ("intent", "committing", "doubt")]

    def _drop_plan(self, request: Request) -> Request:
        """A plan that no longer says what was decided falls, with its approval, unless something of it was already written."""
        done = self.applied(request.ref)
        if request.stage not in ("plan", "approve", "apply") or (done is not None and done.status != "refused"):
            return request
        changed = replace(request, stage="review")
        with self.workspace.write() as tx:
            for part in ("plan", "plan-key", "plan-search", "approval", "applied"):
                tx.drop(request.ref, part)
            tx.put_request(changed)
        return changed


def _not_closed(request: Request) -> Request:
    if request.stage == "closed":
        raise RefusedError(f"{request.ref} is closed.", "Open a new request.")
    return request


def _not_at_work(tx: Tx, ref: str) -> None:
    """``RefusedError`` while a run holds the request: a plan that fell under its feet would be taken for what it did."""
    tx.release(ref, tx.lease(ref, secrets.token_hex(8), 1.0))


def _ask(request: Request) -> Ask:
    facts = request.facts
    return Ask(
        facts.identity,
        frozenset(receive.parsed(s) for s in facts.subjects),
        frozenset(d.ref for d in facts.decisions if d.include),
        frozenset(facts.off),
    )


def _counts(found: SearchResult) -> dict[str, int | bool]:
    """What the trail says of a search: numbers only."""
    return {
        "systems": sum(1 for s in found.systems if s.status == "searched"),
        "failed": sum(1 for s in found.systems if s.status == "failed"),
        "rows": len(found.findings),
        "complete": found.complete,
        "ambiguous": len(found.ambiguous),
    }


def _no_errors(read: CatalogRead) -> None:
    if read.errors:
        raise _wrong(read)


def _wrong(read: CatalogRead) -> DeskError:
    errors = read.errors
    if not errors:
        return UsageError("The catalog has no system yet.", "Put a file for each system into the folder catalog/.")
    first = errors[0]
    more = f" And {len(errors) - 1} more." if len(errors) > 1 else ""
    return CatalogError(f"The catalog has errors. {first}{more}", "See them all: dsr-desk catalog check.")
