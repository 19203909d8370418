from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dsr_desk.errors import TamperedError, UsageError
from dsr_desk.store.workspace import Workspace
from tests.store.requests_data import CANARY, DIGEST, request, task

A, B, C = "DSR-2026-0001", "DSR-2026-0002", "DSR-2026-0003"


def test_references_are_counted_by_year_and_never_given_twice(ws: Workspace) -> None:
    with ws.write() as tx:
        assert [tx.next_ref(2026), tx.next_ref(2026), tx.next_ref(2027)] == [A, B, "DSR-2027-0001"]
    with ws.write() as tx:
        assert tx.next_ref(2026) == C


def test_requests_come_back_as_they_were(ws: Workspace) -> None:
    one, two, done = request(A), request(B), request(C, stage="closed", closed="2026-02-01T00:00:00Z")
    two = replace(two, due=replace(two.due, on=two.due.unmoved))
    with ws.write() as tx:
        for each in (one, two, done):
            tx.put_request(each)
        assert tx.request(A) == one
    with ws.read() as tx:
        assert tx.requests() == [two, one]
        assert tx.requests(closed=True) == [done]
        commitment = tx.commit_to(A, "email", CANARY)
    changed = replace(one, stage="search", facts=replace(one.facts, note="later"))
    with ws.write() as tx:
        tx.put_request(changed)
    with ws.read() as tx:
        assert tx.request(A) == changed
        assert tx.commit_to(A, "email", CANARY) == commitment


def test_an_unknown_request_is_bad_input_and_is_not_repeated(ws: Workspace) -> None:
    with ws.read() as tx, pytest.raises(UsageError) as caught:
        tx.request(CANARY)
    assert CANARY not in caught.value.diagnostics()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE requests SET \"right\" = 'access'",
        "UPDATE requests SET case_id = 'ff'",
        "UPDATE requests SET due = '2030-01-01'",
        "DELETE FROM parts WHERE part = 'facts'",
    ],
)
def test_a_row_given_other_words_is_seen(ws: Workspace, execute: Callable[..., None], statement: str) -> None:
    with ws.write() as tx:
        tx.put_request(request(A))
    execute(statement)
    with ws.read() as tx, pytest.raises(TamperedError):
        tx.request(A)


def test_tasks_and_their_files(ws: Workspace) -> None:
    with ws.write() as tx:
        for ref in (B, A):
            tx.put_request(request(ref))
            tx.put_task(task(ref))
        tx.put_task(task(A, "archive-2"))
        tx.put_task(replace(task(A), answered="2026-02-01"))
        tx.attach(A, "archive-1", f"{CANARY}.pdf", b"%PDF")
        tx.attach(A, "archive-1", "ü.pdf", b"other")
    with ws.read() as tx:
        assert tx.tasks(A) == [replace(task(A), answered="2026-02-01"), task(A, "archive-2")]
        assert tx.tasks() == [*tx.tasks(A), task(B)]
        assert tx.attachment(A, "archive-1", f"{CANARY}.pdf") == b"%PDF"
        assert tx.attachment(A, "archive-1", "ü.pdf") == b"other"
        assert tx.attachment(A, "archive-2", "ü.pdf") is None


def test_nothing_of_the_person_stands_in_the_folder(ws: Workspace) -> None:
    with ws.write() as tx:
        ref = tx.next_ref(2026)
        tx.put_request(request(ref))
        tx.seal(ref, "findings", CANARY.encode() * 1000)
        tx.put_task(task(ref))
        tx.attach(ref, "archive-1", f"{CANARY}.pdf", CANARY.encode())
        tx.journal(ref, DIGEST, "shop", "intent", {"row": CANARY})
        case = tx.request(ref).case
        tx.append("case.open", {"case": case, "right": "erasure", "subject": tx.commit_to(ref, "email", CANARY)})
        tx.lease(ref, "Ada", 30)
    files = [p for p in ws.folder.rglob("*") if p.is_file()]
    assert any(p.name == "workspace.db-wal" and p.stat().st_size for p in files)
    needles = [CANARY, "canary", "Müller", "knows"]
    for data in [p.read_bytes().lower() for p in files]:
        for needle in needles:
            assert needle.lower().encode() not in data
            assert needle.lower().encode("utf-16-le") not in data
            assert needle.lower().encode().hex().encode() not in data
    with ws.write() as tx:
        tx.drop(ref, "findings")
    ws.close()
    for path in ws.folder.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes()
