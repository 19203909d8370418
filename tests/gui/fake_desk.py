"""An invented company, one invented person, and a desk that answers the inbox, search and review with them."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from dsr_desk.errors import UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Catalog, Collection, Field, Keep, Period, System
from dsr_desk.model.due import due_date
from dsr_desk.model.event import Answered, Found, IdentifierFound, Searching, SystemSearched, Tell, silent
from dsr_desk.model.finding import (
    Candidate,
    Finding,
    Hop,
    Identifier,
    Mention,
    NotFollowed,
    Row,
    RowRef,
    SearchResult,
    SystemSearch,
)
from dsr_desk.model.request import Decision, Facts, Request
from dsr_desk.model.result import RequestSummary
from tests.gui import fake_pages

TODAY = date(2026, 11, 23)
HOSTILE = "<img src=file:///etc/passwd><b>bold</b>"
SECRET = "maria.hofer@example.org"


def _fields(*names: str, **categories: str) -> dict[str, Field]:
    plain = {n: Field(n) for n in names}
    kinds = {"email": "email", "phone": "phone", "full_name": "name", "born_on": "date_of_birth"}
    return plain | {n: Field(n, category=c, identity=kinds.get(n), mentions=c == "user.content") for n, c in categories.items()}


def catalog_systems() -> dict[str, System]:
    """A shop, a CRM, a newsletter, a support desk (test), loyalty points that are down, and a paper archive."""
    collections = [
        Collection(
            "shop",
            "customers",
            ("id",),
            _fields(
                "id",
                "created_at",
                email="user.contact.email",
                full_name="user.name",
                born_on="user.demographic.date_of_birth",
                phone="user.contact.phone_number",
                diet_note="user.health_and_medical",
            ),
            "Customer accounts",
            subject=True,
            on_erase="redact",
        ),
        Collection(
            "shop",
            "orders",
            ("id",),
            _fields("id", "ordered_at", total="user.financial", ship_to="user.contact.address"),
            "Orders",
            on_erase="keep",
            keep=Keep("17(3)(b)", "Tax records", field="ordered_at", plus=Period(10, "years")),
        ),
        Collection(
            "shop",
            "messages",
            ("thread_id", "position"),
            _fields("thread_id", "position", body="user.content"),
            "Messages",
            on_erase="delete",
        ),
        Collection(
            "crm",
            "contacts",
            ("id",),
            _fields("id", email="user.contact.email", full_name="user.name", phone="user.contact.phone_number"),
            "Contacts",
            subject=True,
            on_erase="delete",
        ),
        Collection(
            "newsletter",
            "subscribers",
            ("email",),
            _fields(email="user.contact.email", full_name="user.name"),
            "Subscribers",
            on_erase="delete",
        ),
        Collection("support", "tickets", ("row",), _fields("row", text="user.content"), "Tickets", on_erase="delete"),
    ]
    systems = [
        System("shop", "sql", "Web shop", environment="production"),
        System("crm", "sql", "CRM"),
        System("newsletter", "sheet", "Newsletter"),
        System("support", "sheet", "Support desk", environment="test"),
        System("loyalty", "sql", "Loyalty points"),
        System("archive", "manual", "Paper archive", instructions="Look into the cabinet."),
    ]
    return {s.name: replace(s, collections={c.name: c for c in collections if c.system == s.name}) for s in systems}


def finding(system: str, collection: str, key: str, values: Mapping[str, Any], *via: Hop, **marks: Any) -> Finding:
    ref = RowRef(system, collection, tuple(key.split(",")))
    return Finding(Row(ref, {"id": key}, dict(values)), via or (Hop("given", "email"),), **marks)


def findings() -> list[Finding]:
    """59 records: accounts, orders, messages (one seen only, one shared, three on health), a contact, a mention."""
    account = RowRef("shop", "customers", ("1042",))
    sent, got = Hop("owned_by", "sender_id", account), Hop("accessed_by", "recipient_id", account)
    return [
        finding(
            "shop",
            "customers",
            "1042",
            {
                "id": 1042,
                "email": SECRET,
                "full_name": "Maria Hofer",
                "born_on": "1984-05-12",
                "phone": "+49 170 5550188",
                "diet_note": "",
                "created_at": "2019-04-02",
            },
            subject=True,
        ),
        finding(
            "shop",
            "customers",
            "2377",
            {
                "id": 2377,
                "email": "maria@mail.example",
                "full_name": "M. Hofer",
                "born_on": "1984-05-12",
                "phone": None,
                "diet_note": "no nuts",
                "created_at": "2021-01-09",
            },
            Hop("found", "email", RowRef("crm", "contacts", ("c-55102",))),
            subject=True,
            uncovered=("shoe_size",),
        ),
        *(
            finding(
                "shop",
                "orders",
                f"20{n}",
                {"id": 2000 + n, "ordered_at": "2023-11-09", "total": 42, "ship_to": "Lange Reihe 7, Hamburg"},
                Hop("owned_by", "customer_id", account),
            )
            for n in range(18)
        ),
        *(
            finding(
                "shop",
                "messages",
                f"88,{n}",
                {"thread_id": 88, "position": n, "body": HOSTILE if n == 0 else "Thank you, we will be late"},
                sent,
            )
            for n in range(22)
        ),
        finding("shop", "messages", "89,4", {"thread_id": 89, "position": 4, "body": "Thank you"}, got, access_only=True),
        finding(
            "shop",
            "messages",
            "91,1",
            {"thread_id": 91, "position": 1, "body": "for both of us"},
            sent,
            shared=True,
            other_owners=(RowRef("shop", "customers", ("77",)),),
        ),
        finding(
            "crm",
            "contacts",
            "c-55102",
            {"id": "c-55102", "email": "maria@mail.example", "full_name": HOSTILE, "phone": "+49 170 5550188"},
            Hop("found", "customer_id", account),
            subject=True,
        ),
        *(
            finding("crm", "contacts", f"c-9{n}", {"id": f"c-9{n}", "email": SECRET, "full_name": "Maria Hofer", "phone": ""})
            for n in range(6)
        ),
        finding("newsletter", "subscribers", SECRET, {"email": SECRET, "full_name": "Maria"}),
        finding(
            "newsletter",
            "subscribers",
            "maria@mail.example",
            {"email": "maria@mail.example", "full_name": "Maria"},
            review=("name differs",),
        ),
        *(finding("support", "tickets", f"{n}", {"row": n, "text": "my parcel"}) for n in range(92, 96)),
        finding(
            "support",
            "tickets",
            "118",
            {"row": 118, "text": f"please call {SECRET}"},
            Hop("mention", "text"),
            mention=True,
            mentions=(Mention("text", "email", 12, 35),),
        ),
    ]


def identity() -> tuple[Identifier, ...]:
    crm = RowRef("crm", "contacts", ("c-55102",))
    return (
        Identifier("email", SECRET),
        Identifier("email", "maria@mail.example", crm, "email"),
        Identifier("customer_id", "1042", RowRef("shop", "customers", ("1042",)), "id"),
        Identifier("phone", "+49 170 5550188", crm, "phone", followed=False),
    )


def result(*, complete: bool = False, ambiguous: bool = False) -> SearchResult:
    """What the search of the invented person gave."""
    found = findings()
    rows = {name: sum(f.ref.system == name for f in found) for name in catalog_systems()}
    down = SystemSearch(
        "loyalty",
        "searched" if complete else "failed",
        0,
        30.0,
        0,
        "" if complete else "Loyalty points has not answered for 30 s.",
        "" if complete else "Retry it, or waive it with a reason.",
    )
    systems = tuple(
        down if name == "loyalty" else SystemSearch(name, "manual" if name == "archive" else "searched", rows[name], 0.2, 9)
        for name in rows
    )
    if ambiguous:
        people = (
            Candidate(
                Row(
                    RowRef("crm", "contacts", ("c-55102",)),
                    {"id": "c-55102"},
                    {"phone": "+49 170 5550188", "full_name": "Maria Hofer", "email": SECRET},
                ),
                (Hop("given", "phone"),),
            ),
            Candidate(
                Row(
                    RowRef("crm", "contacts", ("c-60418",)),
                    {"id": "c-60418"},
                    {"phone": "+49 170 5550188", "full_name": "Klaus Hofer", "email": "klaus@example.org"},
                ),
                (Hop("given", "phone"),),
            ),
        )
        return SearchResult((Identifier("phone", "+49 170 5550188"),), systems, (), people)
    leads = (RowRef("crm", "contacts", ("c-55102",)), RowRef("crm", "contacts", ("c-60418",)))
    known = identity()
    return SearchResult(
        known,
        systems,
        tuple(found),
        (),
        (NotFollowed(known[3], leads),),
        (RowRef("shop", "customers", ("1042",)),),
        "2026-11-23T10:59:00",
    )


def summaries() -> list[RequestSummary]:
    """The inbox of the pictures."""
    lines = [
        ("0098", "erasure", "t•••@mailbox.example", "email", 0, "approve", "second person", 34),
        ("0104", "access", "s•••@example.net", "email", 0, "report", "letter to send", 27),
        ("0107", "erasure", "customer 20•••", "customer_id", 0, "search", "HR files waiting", 26),
        ("0108", "portability", "n•••@uni.example", "email", 0, "approve", "your turn", 26),
        ("0110", "access", "+49 ••• •••17", "phone", 0, "plan", "2 refusals to mend", 24),
        ("0112", "erasure", "m•••@example.org", "email", 1, "review", "59 records", 21),
        ("0113", "access", "a•••@example.org", "email", 0, "verify", "running", 21),
        ("0114", "portability", "k•••@web.example", "email", 0, "receive", "", 19),
        ("0115", "erasure", HOSTILE, "name", 0, "identify", "proof asked", 18),
        ("0116", "erasure", "customer 31•••", "customer_id", 0, "apply", "system 3 of 5", 15),
        ("0117", "access", "p•••@example.com", "email", 0, "receive", "", 14),
        ("0118", "access", "b•••@example.com", "email", 0, "identify", "mail to confirm sent", 12),
    ]
    made = []
    for number, right, who, kind, more, stage, detail, ago in lines:
        received = TODAY - timedelta(days=ago)
        made.append(RequestSummary(f"DSR-2026-{number}", right, who, kind, more, stage, detail, received, due_date(received, "DE")))  # type: ignore[arg-type]
    return made


class FakeDesk(fake_pages.FakeDesk):
    """Everything the window asks of a desk; what it was asked stands in ``calls``."""

    def __init__(self, *, ambiguous: bool = False, complete: bool = False, empty: bool = False) -> None:
        super().__init__()
        self.lines = [] if empty else summaries()
        self.ambiguous, self.complete = ambiguous, complete
        self.found_result: SearchResult | None = None
        self.search_gate = threading.Event()
        self.search_gate.set()
        self.search_error: Exception | None = None
        self.workspace = SimpleNamespace(
            folder=Path("/nowhere/halden"),
            settings=SimpleNamespace(name="Halden & Co", controller="Halden & Co GmbH", country="DE", subdivision=None),
        )
        facts = Facts((("email", SECRET),), "Passport shown", "2026-11-03", "I. Kowal", ground="17(1)(a)")
        self.of = Request(
            "DSR-2026-0112", "ab" * 16, "erasure", date(2026, 11, 2), due_date(date(2026, 11, 2), "DE"), "search", facts
        )

    def systems(self) -> dict[str, System]:
        return catalog_systems()

    def requests(self, closed: bool = False) -> list[RequestSummary]:
        return (
            [replace(self.lines[0], ref="DSR-2025-0900", closed="2026-01-04", stage="closed")]
            if closed and self.lines
            else self.lines
        )

    def view(self, ref: str) -> None:
        """Somebody looks at it."""

    def request(self, ref: str) -> Request:
        return replace(self.of, ref=ref)

    def same_person(self, identity: Sequence[tuple[str, str]]) -> list[str]:
        return ["DSR-2026-0112"] if any(v == SECRET for _, v in identity) else []

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
        told = (tuple(corrections),) if corrections else ()
        self._note("open_request", right, tuple(identity), received, ground, *told)
        return replace(self.of, ref="DSR-2026-0121", right=right, received=received)

    def open_list(self, right: str, people: Path, received: date, ground: str = "", by_controller: bool = False) -> Request:
        self._note("open_list", right, people, received, ground, by_controller)
        return replace(self.of, ref="DSR-2026-0121", right=right, received=received)

    def catalog_read(self) -> Any:
        return SimpleNamespace(catalog=Catalog(catalog_systems(), ""))

    def identify(self, ref: str, how: str, asked: bool = False) -> Request:
        self._note("identify", ref, how)
        return self._facts(identity_check=how, identity_checked="2026-11-23", identity_checked_by="I. Kowal")

    def quick_search(
        self, identity: Sequence[tuple[str, str]], subjects: Sequence[str] = (), tell: Tell = silent, cancel: Cancel | None = None
    ) -> SearchResult:
        self._note("quick_search", tuple(identity))
        return self._search(tell, cancel or Cancel())

    def search(self, ref: str, tell: Tell = silent, cancel: Cancel | None = None) -> SearchResult:
        self._note("search", ref)
        self.found_result = self._search(tell, cancel or Cancel())
        return self.found_result

    def _search(self, tell: Tell, cancel: Cancel) -> SearchResult:
        made = result(complete=self.complete, ambiguous=self.ambiguous)
        waived = self.of.facts.waived
        made = replace(made, systems=tuple(replace(s, status="waived") if s.system in waived else s for s in made.systems))
        for system in made.systems:
            tell(Searching(system.system, 1))
        for identifier in made.identity:
            tell(IdentifierFound(identifier))
        for system in made.systems:
            while not self.search_gate.wait(0.02):
                cancel.check()
            if system.status == "searched":
                tell(Answered(system.system))
            if system.status == "searched" and made.findings:
                tell(Found(system.system, tuple(f for f in made.findings if f.ref.system == system.system)))
            tell(SystemSearched(system))
        if self.search_error is not None:
            raise self.search_error
        return made

    def found(self, ref: str) -> SearchResult | None:
        return self.found_result

    def choose_subjects(self, ref: str, rows: Sequence[RowRef], reason: str) -> Request:
        self._note("choose_subjects", ref, tuple(rows), reason)
        self.ambiguous = False
        return self._facts(subjects=tuple(r.path for r in rows))

    def switch(self, ref: str, identifier: Identifier, on: bool) -> Request:
        self._note("switch", ref, identifier.kind, identifier.value, on)
        return self._facts(off=() if on else ((identifier.kind, identifier.value),))

    def add_identifier(self, ref: str, kind: str, value: str) -> Request:
        self._note("add_identifier", ref, kind, value)
        return self._facts(identity=(*self.of.facts.identity, (kind, value)))

    def review(self, ref: str, rows: Sequence[RowRef], include: bool, reason: str) -> Request:
        self._note("review", ref, tuple(rows), include, reason)
        old = [d for d in self.of.facts.decisions if d.ref not in set(rows)]
        return self._facts(decisions=(*old, *(Decision(r, include, reason) for r in rows)))

    def leave_out(self, ref: str, lines: Sequence[int], reason: str) -> Request:
        self._note("leave_out", ref, tuple(lines), reason)
        return self._facts(left_out={**self.of.facts.left_out, **dict.fromkeys(lines, reason)})

    def waive(self, ref: str, system: str, reason: str) -> Request:
        self._note("waive", ref, system, reason)
        return self._facts(waived={**self.of.facts.waived, system: reason})

    def reveal(self, ref: str, row: RowRef, field: str) -> tuple[Any, int]:
        self._note("reveal", ref, row, field)
        if self.found_result is None:
            raise UnreachableError("There is no search to show.", "Search first.")
        found = next(f for f in self.found_result.findings if f.ref == row)
        return found.row.values[field], 4803

    def _facts(self, **changed: Any) -> Request:
        self.of = replace(self.of, facts=replace(self.of.facts, **changed))
        return self.of
