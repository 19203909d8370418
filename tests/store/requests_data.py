"""A request with a canary in everything that is personal."""

from __future__ import annotations

from datetime import date

from dsr_desk.model.finding import RowRef
from dsr_desk.model.request import Decision, Due, Facts, Request, Task

CANARY = "canary.maria@example.org"
DIGEST = "ab" * 32


def request(ref: str, *, stage: str = "receive", closed: str = "") -> Request:
    facts = Facts(
        identity=(("email", CANARY), ("name", "Marìa \ud800 Müller")),
        identity_check=f"called {CANARY}",
        decisions=(Decision(RowRef("shop", "orders", (CANARY,)), True, "hers", "Ada", "2026-02-01T10:00:00Z"),),
        waived={"crm": f"down; {CANARY} knows"},
        decision="partly",
        answered=date(2026, 2, 20),
    )
    due = Due(date(2026, 3, 2), date(2026, 2, 28), "One month, moved to Monday.", "")
    case = ref[-4:] * 8
    return Request(ref, case, "erasure", date(2026, 1, 31), due, stage, facts, "2026-01-31T09:00:00Z", closed)  # type: ignore[arg-type]


def task(ref: str, id: str = "archive-1") -> Task:
    return Task(id, ref, "archive", "Look in the archive", f"Find {CANARY}", note=CANARY, records=2, files=(f"{CANARY}.pdf",))
