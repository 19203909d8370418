from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dsr_desk.errors import TamperedError, UsageError
from dsr_desk.store.workspace import Workspace
from tests.store.requests_data import DIGEST, request

A, B = "DSR-2026-0001", "DSR-2026-0002"
OTHER = "cd" * 32


@pytest.fixture
def journaled(ws: Workspace) -> Workspace:
    with ws.write() as tx:
        for ref in (A, B):
            tx.put_request(request(ref))
            tx.journal(ref, DIGEST, "shop", "intent", {})
            tx.journal(ref, OTHER, "shop", "intent", {"rows": 3})
            tx.journal(ref, DIGEST, "shop", "done", {"bytes": b"\x00", "when": datetime(2026, 1, 1, tzinfo=UTC)})
    return ws


def test_lines_come_back_in_order_with_their_types(journaled: Workspace) -> None:
    detail = {"a": Decimal("1.50"), "b": None, "c": [date(2026, 1, 1), True, 2**70], "d": {"e": "ü"}, "f": 0.1}
    with journaled.write() as tx:
        written = tx.journal(A, DIGEST, "crm", "intent", detail)
        assert written.number == 4
    with journaled.read() as tx:
        lines = tx.journal_rows(A)
        assert [(r.number, r.system, r.state) for r in lines] == [
            (1, "shop", "intent"),
            (2, "shop", "intent"),
            (3, "shop", "done"),
            (4, "crm", "intent"),
        ]
        assert lines[-1] == written
        assert lines[-1].detail == detail
        assert [r.number for r in tx.journal_rows(A, OTHER)] == [2]
        assert tx.journal_rows(A, "ef" * 32) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET state = 'done' WHERE number = 1 AND ref = '{a}'",
        "UPDATE journal SET system = 'crm' WHERE number = 1 AND ref = '{a}'",
        "UPDATE journal SET digest = 'x' WHERE number = 2 AND ref = '{a}'",
        "DELETE FROM journal WHERE number = 2 AND ref = '{a}'",
        "UPDATE journal SET number = number + 1 WHERE number = 3 AND ref = '{a}'",
        "UPDATE journal SET detail = (SELECT detail FROM journal j WHERE j.ref = '{b}' AND j.number = 3)"
        " WHERE number = 3 AND ref = '{a}'",
    ],
)
def test_a_changed_line_is_seen(journaled: Workspace, execute: Callable[..., None], statement: str) -> None:
    execute(statement.format(a=A, b=B))
    with journaled.read() as tx, pytest.raises(TamperedError):
        tx.journal_rows(A)


def test_no_line_without_a_request(ws: Workspace) -> None:
    with pytest.raises(UsageError), ws.write() as tx:
        tx.journal("DSR-2026-0009", DIGEST, "shop", "intent", {})
