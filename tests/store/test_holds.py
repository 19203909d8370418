from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dsr_desk.errors import TamperedError, UsageError
from dsr_desk.model.hold import Hold
from dsr_desk.store import schema
from dsr_desk.store.workspace import Workspace

HOLD = Hold("5e5e5e5e", "Court 12 O 345/26", "Ada", "2026-11-03T09:30:00+00:00", identity=(("email", "ann@example.org"),))


def test_a_hold_is_kept_changed_and_found_again(ws: Workspace) -> None:
    with ws.write() as tx:
        tx.put_hold(HOLD)
    with ws.read() as tx:
        assert tx.hold(HOLD.id) == HOLD
        assert tx.holds() == [HOLD]
    released = replace(HOLD, released="2026-12-01T00:00:00+00:00", released_by="Ada", released_reason="The claim was settled")
    with ws.write() as tx:
        tx.put_hold(released)
    with ws.read() as tx:
        assert tx.holds() == []
        assert tx.holds(released=True) == [released]
        with pytest.raises(UsageError):
            tx.hold("nothing")


def test_nobody_is_named_in_the_open(ws: Workspace, folder: Path) -> None:
    with ws.write() as tx:
        tx.put_hold(HOLD)
    for file in folder.iterdir():
        if file.is_file():
            data = file.read_bytes()
            assert b"ann@example.org" not in data
            assert b"345/26" not in data


def test_a_hold_that_was_changed_does_not_open(ws: Workspace) -> None:
    with ws.write() as tx:
        tx.put_hold(HOLD)
        tx.put_hold(replace(HOLD, id="6f6f6f6f"))
        rows = {r.id: r for r in tx.connection.execute(schema.holds.select())}
        tx.connection.execute(schema.holds.update().where(schema.holds.c.id == HOLD.id).values(data=rows["6f6f6f6f"].data))
        with pytest.raises(TamperedError):
            tx.hold(HOLD.id)


def test_a_commitment_is_the_holds_own(ws: Workspace) -> None:
    with ws.write() as tx:
        tx.put_hold(HOLD)
        tx.put_hold(replace(HOLD, id="6f6f6f6f"))
        one = tx.commit_to_held(HOLD.id, "email", "ann@example.org")
        assert one == tx.commit_to_held(HOLD.id, "email", "ann@example.org")
        assert one != tx.commit_to_held("6f6f6f6f", "email", "ann@example.org")
