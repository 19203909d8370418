"""Invented systems, a plan, its outcome and a trail, and a desk that answers with them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from dsr_desk.audit.trail import Entry, Verdict
from dsr_desk.catalog.document import Node, parse
from dsr_desk.errors import RefusedError, UnreachableError
from dsr_desk.flow.operators import Key
from dsr_desk.model.anchor import Anchor
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Erase, Field, Keep, Period, Reference, System
from dsr_desk.model.event import Note, Tell, silent
from dsr_desk.model.event import Step as StepEvent
from dsr_desk.model.evidence import Evidence
from dsr_desk.model.finding import RowRef
from dsr_desk.model.former import Restriction
from dsr_desk.model.hold import Hold
from dsr_desk.model.lock import Opened, SafeLock, Shredded, Told
from dsr_desk.model.package import Exported
from dsr_desk.model.plan import Applied, Outcome, Plan, Refusal, Residue, Step
from dsr_desk.model.request import Due, Facts, Request, Task
from dsr_desk.model.result import ApplyResult, Approval, Approvals, Leftover, Retained, SystemApplied, SystemVerified, Verification
from dsr_desk.model.shred import Shredding
from tests.render.invented import CHECKPOINT, DIGEST, report

SECRET = "mara.hofmann@example.org"
HOSTILE = '<img src="file:///etc/passwd"><b>x</b>'


def _fields(**categories: str | None) -> dict[str, Field]:
    identities = {"email": "email", "id": "customer_id"}
    return {n: Field(n, category=c, identity=identities.get(n) if c else None) for n, c in categories.items()}


def systems() -> dict[str, System]:
    """Four systems that a machine can search, and an archive of paper."""
    customers = Collection(
        "shop",
        "customers",
        ("id",),
        _fields(
            id="user.unique_id",
            full_name="user.name",
            email="user.contact.email",
            born_on="user.demographic.date_of_birth",
            created_at=None,
        ),
        title="Customer accounts",
        subject=True,
        on_erase="redact",
        line=9,
    )
    addresses = Collection(
        "shop",
        "addresses",
        ("id",),
        _fields(id=None, street="user.contact.address.street", city="user.contact.address.city"),
        title="Addresses",
        on_erase="delete",
        line=21,
    )
    customers = replace(customers, references=(Reference("owns", ("address_id",), "shop", "addresses", ("id",)),))
    orders = Collection(
        "shop",
        "orders",
        ("id",),
        _fields(id=None, customer_id=None, ordered_at=None, note="user.content"),
        title="Orders",
        on_erase="keep",
        keep=Keep("17(3)(b)", "Tax records", field="ordered_at", plus=Period(10, "years")),
        line=27,
        references=(Reference("owned_by", ("customer_id",), "shop", "customers", ("id",)),),
    )
    messages = Collection(
        "shop",
        "messages",
        ("thread_id", "position"),
        _fields(thread_id=None, position=None, body="user.content"),
        title="Messages",
        on_erase="delete",
        line=36,
        references=(
            Reference("owned_by", ("sender_id",), "shop", "customers", ("id",)),
            Reference("accessed_by", ("recipient_id",), "shop", "customers", ("id",)),
        ),
    )
    contacts = Collection(
        "crm",
        "contacts",
        ("id",),
        _fields(id=None, email="user.contact.email", full_name="user.name"),
        title="Contacts",
        subject=True,
        on_erase="delete",
        references=(Reference("owned_by", ("customer_id",), "shop", "customers", ("id",)),),
    )
    lines = Collection(
        "newsletter", "newsletter", ("email",), _fields(email="user.contact.email"), title="Subscribers", on_erase="delete"
    )
    tickets = Collection("support", "tickets", ("row",), _fields(row=None, text="user.content"), title="Tickets", on_erase="delete")
    folders = Collection("archive", "folders", ("folder",), _fields(folder=None), title="Folders", on_erase="delete")
    made = (
        System(
            "shop",
            "sql",
            "Web shop",
            url="sqlite:///shop.db",
            compact=True,
            collections=_named(customers, addresses, orders, messages),
            file="catalog/shop.yaml",
        ),
        System("crm", "sql", "CRM", url="sqlite:///crm.db", collections=_named(contacts), file="catalog/crm.yaml"),
        System(
            "newsletter", "sheet", "Newsletter", path="newsletter.csv", collections=_named(lines), file="catalog/newsletter.yaml"
        ),
        System(
            "support",
            "sheet",
            "Support desk",
            path="support.xlsx",
            environment="test",
            collections=_named(tickets),
            file="catalog/support.yaml",
        ),
        System(
            "archive",
            "manual",
            "Paper archive",
            instructions="Shred folder H-17.",
            collections=_named(folders),
            file="catalog/archive.yaml",
        ),
    )
    return {s.name: s for s in made}


def _named(*collections: Collection) -> dict[str, Collection]:
    return {c.name: c for c in collections}


def _step(system: str, collection: str, key: str, action: str, outcomes: Mapping[str, Outcome], **more: Any) -> Step:
    ref = RowRef(system, collection, tuple(key.split(",")))
    return Step(ref, {"id": key}, action, outcomes, "d" * 64, **more)  # type: ignore[arg-type]


def plan(*, refusals: bool = False, right: str = "erasure") -> Plan:
    """47 records erased or changed in four systems, 7 retained, 1 left to a person."""
    if right != "erasure":
        return _disclosure(right)
    erased, plain = Outcome("erased", strategy="deleted"), Outcome("not personal")
    kept = Outcome("retained", ground="17(3)(b)", until="2033-11-09", reason="Tax records")
    steps = [
        _step(
            "shop",
            "customers",
            "1042",
            "change",
            {
                "id": Outcome("retained", reason="key"),
                "full_name": Outcome("erased", strategy="constant"),
                "email": Outcome("changed", strategy="pseudonym"),
                "born_on": Outcome("changed", strategy="generalise"),
                "created_at": plain,
            },
            before={"id": 1042, "full_name": "Mara Hofmann", "email": SECRET, "born_on": "1984-05-12", "created_at": "2019-04-02"},
            writes={"full_name": "Erased", "email": "e7c19b@erased.invalid", "born_on": "1984-01-01"},
        ),
        _step(
            "shop",
            "addresses",
            "310",
            "delete",
            {"id": plain, "street": erased, "city": erased},
            before={"id": 310, "street": "Lange Reihe 7", "city": "Hamburg"},
        ),
        *(
            _step(
                "shop",
                "orders",
                f"2033{n}",
                "keep",
                {"id": kept, "ordered_at": kept, "note": kept},
                before={"id": f"2033{n}", "ordered_at": "2023-11-09", "note": "ring twice"},
            )
            for n in range(6)
        ),
        *(
            _step(
                "shop",
                "messages",
                f"88,{n}",
                "delete",
                {"thread_id": plain, "position": plain, "body": erased},
                before={"thread_id": 88, "position": n, "body": "Hello, Mara here"},
            )
            for n in range(31)
        ),
        *(
            _step(
                "crm",
                "contacts",
                f"c{n}",
                "delete",
                {"email": erased, "full_name": erased},
                before={"email": SECRET, "full_name": "M. Hofmann"},
            )
            for n in range(8)
        ),
        *(_step("newsletter", "newsletter", f"line {n}", "delete", {"email": erased}, before={"email": SECRET}) for n in range(2)),
        *(
            _step("support", "tickets", f"{n}", "delete", {"row": plain, "text": erased}, before={"row": n, "text": HOSTILE})
            for n in range(4)
        ),
        _step(
            "support",
            "tickets",
            "92",
            "keep",
            {"text": Outcome("retained", ground="17(3)(e)", until="2027-06-30", reason="open dispute")},
            before={"text": "a dispute"},
        ),
        _step(
            "archive",
            "folders",
            "H-17",
            "manual",
            {"folder": Outcome("manual", reason="only a person can do this")},
            before={"folder": "H-17"},
        ),
    ]
    refusal = Refusal(
        "shop", "customers", "born_on", "NOT NULL, but the catalog says null", "Give it a constant, or keep it with a ground."
    )
    made = datetime.now(UTC).replace(microsecond=0)
    return Plan(
        "DSR-2026-0112",
        right,
        "n" * 64,
        "c" * 64,
        made.isoformat(),
        (made + timedelta(hours=24)).isoformat(),
        tuple(steps),
        {},
        (refusal,) if refusals else (),
        manual_systems=("archive",),
        compact=("shop",),
        digest="" if refusals else DIGEST,
    )


def _disclosure(right: str) -> Plan:
    shown, held = Outcome("disclosed"), Outcome("withheld", ground="15(4)", reason="names somebody else")
    steps = (
        _step(
            "shop",
            "customers",
            "1042",
            "keep",
            {"full_name": shown, "email": shown},
            before={"full_name": "Mara Hofmann", "email": SECRET},
        ),
        _step("shop", "messages", "88,1", "keep", {"body": held}, before={"body": "from somebody else"}),
    )
    return Plan(
        "DSR-2026-0112",
        right,
        "n" * 64,
        "c" * 64,
        "2026-11-23T11:09:00+00:00",
        "2099-01-01T00:00:00+00:00",
        steps,
        {},
        digest=DIGEST,
    )


def request(right: str = "erasure", *, checked: bool = True, stage: str = "plan") -> Request:
    """An open request of an invented person."""
    facts = Facts(
        (("email", SECRET),), identity_check="Passport seen" if checked else "", identity_checked="2026-11-03" if checked else ""
    )
    due = Due(date(2026, 12, 2), date(2026, 12, 2), "One calendar month after 2 Nov 2026.")
    return Request("DSR-2026-0112", "ab" * 16, right, date(2026, 11, 2), due, stage, facts)  # type: ignore[arg-type]


def verification(*, leftovers: int = 0, incomplete: bool = False) -> Verification:
    """The second search: verified, with leftovers, or with a system that did not answer."""
    residue = Residue(
        "shop", "shop.db-wal", 2, "the program that owns the file has it open", "Close that program, then search once more."
    )
    rows = (
        SystemVerified(
            "shop",
            42,
            33 - leftovers,
            6,
            3,
            0,
            leftovers,
            "9 queries, free text included",
            residue=(residue,),
            queries=("Customer accounts: email, compared as e-mail: 1 before, 0 now",),
        ),
        SystemVerified(
            "crm",
            8,
            8,
            0,
            0,
            0,
            0,
            "9 queries",
            searched=not incomplete,
            error="CRM did not answer." if incomplete else "",
            queries=("Contacts: email: 8 before, 0 now",),
        ),
        SystemVerified("newsletter", 2, 2, 0, 0, 0, 0, "rows, then raw bytes", queries=("Subscribers: email: 2 before, 0 now",)),
        SystemVerified(
            "support", 6, 4, 1, 1, 0, 0, "rows, then raw bytes, all sheets", queries=("Tickets: text: 6 before, 2 now",)
        ),
        SystemVerified("archive", 1, 0, 0, 0, 1, 0, "confirmed by a person", searched=False, queries=()),
    )
    left = tuple(Leftover(RowRef("shop", "messages", ("88", str(n))), ("body",), "still there") for n in range(leftovers))
    kept = tuple(Retained(RowRef("shop", "orders", (f"2033{n}",)), "17(3)(b)", "Tax records", "2033-11-09") for n in range(7))
    out = tuple(Retained(RowRef("shop", "messages", ("90", str(n))), "", "somebody else's", "") for n in range(4))
    return Verification(
        "DSR-2026-0112",
        "leftovers" if leftovers else "incomplete" if incomplete else "verified",
        "2026-11-23T11:31:00+00:00",
        rows,
        left,
        kept,
        out,
        (residue,),
        limits=("Backups hold it until they are overwritten.", "Paper archive: confirmed by a person, not searched."),
        entry=4811,
    )


def applied(status: str = "applied", *, archive_open: int = 1) -> ApplyResult:
    """What a run left behind."""
    at = "2026-11-23T11:28:04+00:00"
    whole = "one transaction, all or nothing"
    made = [
        SystemApplied("shop", "applied", 32, 1, whole, notes=("compacted",), at=at),
        SystemApplied("crm", "applied", 8, 0, whole, at=at),
        SystemApplied("newsletter", "applied", 2, 0, "whole file rewritten beside, swapped only if unchanged", at=at),
        SystemApplied("support", "applied", 4, 0, "whole file rewritten beside, swapped only if unchanged", at=at),
        SystemApplied("archive", "manual", guarantee="a person confirms"),
    ]
    if status == "refused":
        made[0] = SystemApplied(
            "shop",
            "refused",
            guarantee=whole,
            error="1 row had changed.",
            hint="Search again, then plan these rows again.",
            rows=("shop/customers/1042",),
        )
        made[1:4] = [SystemApplied(n, "waiting", guarantee=whole) for n in ("crm", "newsletter", "support")]
    if status == "partial":
        made[1] = SystemApplied(
            "crm",
            "in doubt",
            guarantee=whole,
            error="The connection was cut while it committed.",
            hint="Look whether the 8 contacts are gone, then resume.",
        )
        made[2:4] = [SystemApplied("newsletter", "waiting", guarantee=whole), SystemApplied("support", "waiting", guarantee=whole)]
    return ApplyResult("DSR-2026-0112", status, archive_open, tuple(made))  # type: ignore[arg-type]


def task(answered: str = "") -> Task:
    """The one thing that only a person can do."""
    return Task(
        "t1", "DSR-2026-0112", "archive", "Paper archive: folder H-17", "Shred folder H-17, and note who saw it.", answered=answered
    )


def entries(count: int = 60) -> list[Entry]:
    """A trail, the newest last."""
    kinds = (
        ("search.run", {"case": "ab" * 16, "systems": 5, "searched": 5, "failed": 0}),
        ("plan.make", {"case": "ab" * 16, "digest": DIGEST, "records": 55, "refusals": 0}),
        ("plan.approve", {"case": "ab" * 16, "digest": DIGEST, "size": 12, "root": "0" * 64}),
        ("step.intent", {"case": "ab" * 16, "digest": DIGEST, "system": "shop"}),
        ("step.done", {"case": "ab" * 16, "digest": DIGEST, "system": "shop", "deleted": 32, "changed": 1}),
        ("verify.pass", {"case": "ab" * 16, "before": 59, "after": 0, "retained": 7}),
        ("reveal", {"case": "ab" * 16}),
        ("step.drift", {"case": "cd" * 16, "digest": DIGEST, "system": "support"}),
        ("report.make", {"case": "ab" * 16, "pages": 3}),
    )
    made = []
    start = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    for n in range(count):
        kind, body = kinds[n % len(kinds)]
        ts = (start + timedelta(minutes=53 * n)).isoformat().replace("+00:00", "Z")
        raw = json.dumps(
            {
                "actor": "7f3a02c1",
                "body": body,
                "log": "halden-1",
                "prev": "41c0" * 16,
                "seq": n + 1,
                "ts": ts,
                "type": kind,
                "v": 1,
            }
        ).encode()
        made.append(Entry(n + 1, ts, kind, "7f3a02c1", body, raw, f"{n:064x}", f"{max(n - 1, 0):064x}"))
    return made


class FakeDesk:
    """Answers every verb of the later pages with invented objects, and remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.of = request()
        self.planned: Plan | None = plan()
        self.approved: list[Approval] = []
        self.asked = 1
        self.other_approvers: tuple[str, ...] = ()
        self.result: ApplyResult | None = None
        self.proof: Verification | None = None
        self.open_tasks = [task()]
        self.trail = entries()
        self.verdict: Any = Verdict(True, 60, None, "halden-1\n60\nqvKx", 0.4)
        self.held: list[Hold] = []
        self.safe: SafeLock | None = None
        self.restricting: list[Restriction] = []
        self.due: list[Request] = []
        self.hold = threading.Event()
        self.hold.set()
        self.fail: Exception | None = None
        self.catalog: Any = None
        self.workspace = SimpleNamespace(folder=Path("/nowhere"))

    def view(self, ref: str) -> None:
        """Somebody looks at it."""

    def request(self, ref: str) -> Request:
        return self.of

    def requests(self, closed: bool = False) -> list[Any]:
        return [] if closed else [SimpleNamespace(ref=self.of.ref)]

    def plan(self, ref: str) -> Plan | None:
        return self.planned

    def make_plan(self, ref: str, tell: Tell, cancel: Cancel) -> Plan:
        self._note("make_plan", ref)
        self.planned = plan()
        return self.planned

    def phrase(self, plan: Plan) -> str:
        return f"ERASE {sum(1 for s in plan.steps if s.action == 'delete' or s.writes)}"

    def approve(self, ref: str, digest: str) -> Approval:
        self._note("approve", ref, digest)
        made = Approval(ref, digest, "I. Kowal", "7f3a02c1", "2026-11-23T11:27:00+00:00", CHECKPOINT, 4806)
        self.approved.append(made)
        return made

    def approvals(self, ref: str) -> list[Approval]:
        return self.approved

    def approval_state(self, ref: str) -> Approvals:
        missing = max(0, self.asked - len(self.approved))
        return Approvals(tuple(self.approved), missing, not self.approved, self.other_approvers)

    def apply(self, ref: str, tell: Tell, cancel: Cancel) -> ApplyResult:
        self._note("apply", ref)
        tell(Note("2026-11-23T11:28:03", "All 5 systems looked at first: no row has changed since the plan"))
        for name, total in (("shop", 33), ("crm", 8), ("newsletter", 2), ("support", 4)):
            tell(StepEvent(name, "writing", 0, total))
            self.hold.wait(10)
            if cancel.cancelled:
                raise RefusedError("Stopped before the next system.", "Resume when you want to go on.")
            tell(StepEvent(name, "done", total, total, applied=Applied(total, 0)))
        self.result = applied()
        return self.result

    def settle(self, ref: str, system: str, reason: str) -> None:
        self._note("settle", ref, system, reason)

    def applied(self, ref: str) -> ApplyResult | None:
        return self.result

    def verify(self, ref: str, tell: Tell, cancel: Cancel) -> Verification:
        self._note("verify", ref)
        self.proof = self.proof or verification()
        return self.proof

    def verification(self, ref: str) -> Verification | None:
        return self.proof

    def tasks(self, ref: str | None = None) -> list[Task]:
        return self.open_tasks

    def answer_task(self, ref: str, task: str, note: str, records: int = 1, files: Sequence[Path] = ()) -> Task:
        self._note("answer_task", ref, task, note, records, tuple(files))
        self.open_tasks = [
            replace(t, answered="2026-11-23", answered_by="I. Kowal", note=note, records=records) for t in self.open_tasks
        ]
        return self.open_tasks[0]

    def holds(self, released: bool = False) -> list[Hold]:
        return [h for h in self.held if released or h.stands]

    def hold_request(self, ref: str, reason: str, until: date | None = None) -> Hold:
        self._note("hold_request", ref, reason, until)
        self.held.append(Hold("h1", reason, "I. Kowal", "2026-11-23T09:00:00+00:00", request=ref))
        return self.held[-1]

    def hold_person(self, identity: Sequence[tuple[str, str]], reason: str, until: date | None = None) -> Hold:
        self._note("hold_person", tuple(identity), reason, until)
        self.held.append(Hold("h2", reason, "I. Kowal", "2026-11-23T09:00:00+00:00", identity=tuple(identity)))
        return self.held[-1]

    def release_hold(self, hold: str, reason: str) -> list[str]:
        self._note("release_hold", hold, reason)
        self.held = [replace(h, released="2026-11-23") if h.id == hold else h for h in self.held]
        return [self.of.ref]

    def restrictions(self) -> list[Restriction]:
        return self.restricting

    def restricted(self) -> Mapping[RowRef, str]:
        return {row: r.request for r in self.restricting for row in r.rows}

    def lift(self, ref: str) -> Request:
        self._note("lift", ref)
        return replace(self.of, ref="DSR-2026-0200", right="lifting")

    def undo(self, ref: str, reason: str) -> Request:
        self._note("undo", ref, reason)
        return replace(self.of, ref="DSR-2026-0201", right="rectification")

    def lock(self, ref: str) -> SafeLock | None:
        return self.safe

    def lock_open(self, ref: str, reason: str, cancel: Cancel | None = None) -> Opened:
        self._note("lock_open", ref, reason)
        assert self.safe is not None
        return Opened(ref, tuple(Told(p, SECRET) for p in self.safe.places), 4821)

    def lock_shred(self, ref: str) -> Shredded:
        self._note("lock_shred", ref)
        assert self.safe is not None
        self.safe = replace(self.safe, shredded="2026-11-23T12:00:00+00:00")
        return Shredded(ref, len(self.safe.places), 4822, True)

    def why_open(self, ref: str) -> list[str]:
        open_ = [f"The task {t.id} is open: {t.title}." for t in self.open_tasks if t.open]
        if self.proof is not None and self.proof.status != "verified":
            open_.insert(0, f"{self.proof.total('leftover')} left over.")
        return open_

    def export(
        self,
        ref: str,
        folder: Path,
        formats: Sequence[str],
        tell: Tell = silent,
        cancel: Cancel | None = None,
        encrypt: bool = False,
    ) -> Exported:
        self._note("export", ref, folder, tuple(formats))
        return Exported(tuple(folder / f"person.{f}" for f in formats), "k7mw-pq3f-77xa-bcde-fghj-2345" if encrypt else "")

    def report(self, ref: str) -> Any:
        return report()

    def save_report(self, ref: str, pdf: Path, paper: str = "A4") -> Path:
        self._note("save_report", ref, pdf, paper)
        pdf.write_bytes(b"%PDF-1.4")
        return pdf

    def report_files(self, ref: str, folder: Path, formats: Sequence[str]) -> list[Path]:
        self._note("report_files", ref, folder, tuple(formats))
        return [folder / f"{ref}-report.{format}" for format in formats]

    def report_printed(self, ref: str, pages: int) -> None:
        self._note("report_printed", ref, pages)

    def decide(self, ref: str, decision: str, reason: str, answered: date | None) -> Request:
        self._note("decide", ref, decision, reason, answered)
        self.of = replace(self.of, facts=replace(self.of.facts, decision=decision, decision_reason=reason, answered=answered))  # type: ignore[arg-type]
        return self.of

    def close_request(self, ref: str) -> Request:
        self._note("close_request", ref)
        return self.of

    def check_catalog(self, live: bool = True, cancel: Cancel | None = None) -> Any:
        self._note("check_catalog", live)
        return self.catalog.check

    def catalog_read(self) -> Any:
        return SimpleNamespace(files=self.catalog.files, sources=self.catalog.sources, catalog=self.catalog.check.catalog)

    def catalog_changes(self) -> tuple[list[Any], str]:
        return list(self.catalog.changes), self.catalog.difference

    def catalog_accepted(self) -> bool:
        return bool(self.catalog.accepted)

    def catalog_bytes(self, file: str) -> bytes:
        return str(self.catalog.files[file]).encode()

    def catalog_versions(self) -> list[Any]:
        return []

    def catalog_trees(self, texts: Mapping[str, str]) -> dict[str, Node]:
        found = {file: parse(file, text.encode())[0] for file, text in texts.items()}
        return {file: tree for file, tree in found.items() if tree is not None}

    def check_typed(self, texts: Mapping[str, str], schemas: object) -> Any:
        read = SimpleNamespace(catalog=self.catalog.check.catalog, sources=self.catalog.sources, broken=())
        return SimpleNamespace(read=read, problems=(), trees=self.catalog_trees(texts))

    def accept_catalog(self, reason: str = "") -> str:
        self._note("accept_catalog", reason)
        return "c" * 64

    def set_secret(self, system: str, password: str) -> None:
        self._note("set_secret", system, password)

    def verify_trail(self, progress: Callable[[int, int], None], cancel: Cancel | None = None, against: Sequence[str] = ()) -> Any:
        self._note("verify_trail")
        self.against = list(against)
        progress(30, 60)
        self.hold.wait(10)
        return self.verdict

    def entries(self) -> list[Entry]:
        return self.trail

    def operator_names(self) -> Mapping[str, str]:
        return {"7f3a02c1": "I. Kowal"}

    def references(self) -> Mapping[str, str]:
        return {"ab" * 16: self.of.ref}

    def key_list(self) -> list[Key]:
        return [
            Key("9" * 16, "Root", "root", "root", 1, 0, 0, False),
            Key("7f3a02c1" * 2, "I. Kowal", "approver", "stands", 2, 0, 0, True),
            Key("ab12cd34" * 2, "", "agent", "compromised", 3, 40, 31, False),
        ]

    def key_compromised(self, key_id: str, since: int, recovery: str | None) -> None:
        self._note("key_compromised", key_id, since, recovery)

    def too_few_approve(self, without: Key | None = None) -> str:
        return ""

    def approvals_asked(self) -> int:
        return 2

    def root_is_away(self) -> bool:
        return True

    def kept_checkpoints(self, file: Path) -> list[str]:
        try:
            return [file.read_text(encoding="utf-8")]
        except OSError:
            raise UnreachableError(f"{file.name} can’t be read.", "Choose another file.") from None

    def unanchored(self) -> int:
        return 12

    def anchor_file(self, file: Path) -> Anchor:
        self._note("anchor_file", file)
        return Anchor(61, 60, "file", "2026-11-23T10:00:00.000Z", "note")

    def anchor_letter(self, pdf: Path, paper: str = "A4") -> Anchor:
        self._note("anchor_letter", pdf, paper)
        return Anchor(61, 60, "letter", "2026-11-23T10:00:00.000Z", "note")

    def anchor_timestamp(self, url: str) -> Anchor:
        self._note("anchor_timestamp", url)
        return Anchor(61, 60, "timestamp", "2026-11-23T10:00:00.000Z", "note")

    def to_shred(self) -> list[Request]:
        return self.due

    def shred(self, ref: str) -> Shredding:
        self._note("shred", ref)
        return Shredding(ref, 61, True)

    def shred_due(self) -> tuple[list[Shredding], dict[str, str]]:
        self._note("shred_due")
        first, *rest = self.due
        return [Shredding(first.ref, 61, False)], {r.ref: f"{r.ref} can't be shredded. A legal hold stands." for r in rest}

    def evidence(self, ref: str, file: Path, opened: bool = False) -> Evidence:
        self._note("evidence", ref, file, opened)
        return Evidence(file, "ab" * 32, "cd" * 32, 61, "correct horse" if opened else "")

    def receipt(self, ref: str, file: Path) -> Evidence:
        self._note("receipt", ref, file)
        return Evidence(file, "ab" * 32, "cd" * 32, 61)

    def save_trail(self, folder: Path, verdict: Verdict) -> list[Path]:
        self._note("save_trail", folder)
        return [folder / "trail.jsonl", folder / "verdict.json"]

    def _note(self, *call: Any) -> None:
        self.calls.append(call)
        if self.fail is not None:
            raise self.fail


__all__ = ["Erase", "FakeDesk"]
