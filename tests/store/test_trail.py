from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dsr_desk.audit import trail
from dsr_desk.audit.checkpoint import Checkpoint
from dsr_desk.audit.faults import ChangedEntryError, CheckpointError, CutTrailError, MissingEntryError
from dsr_desk.audit.trail import Verdict
from dsr_desk.errors import RefusedError, RolledBackError, TamperedError
from dsr_desk.store import schema
from dsr_desk.store.heads import STATE
from dsr_desk.store.workspace import Workspace
from tests.store.conftest import reopen

CASE, OTHER = "5f" * 16, "a0" * 16


@pytest.fixture
def grown(ws: Workspace) -> Workspace:
    for n in range(10):
        with ws.write() as tx:
            tx.append("case.open", {"case": CASE if n % 2 else OTHER, "right": "erasure"})
    return ws


def verified(ws: Workspace, *checkpoints: str) -> Verdict:
    with ws.read() as tx:
        return trail.verify(tx.raw_entries(), log=ws.settings.log, head=tx.trail_head(), checkpoints=checkpoints)


def test_what_is_appended_is_there_in_order(grown: Workspace) -> None:
    with grown.write() as tx:
        last = tx.append("case.close", {"case": CASE})
        assert tx.head() == last
        assert last.seq == 13
    with grown.read() as tx:
        everything = tx.entries()
        assert [e.seq for e in everything] == list(range(1, 14))
        assert tx.entries(after=10) == everything[10:]
        assert tx.entries(after=3, limit=2) == everything[3:5]
        assert [e.seq for e in tx.entries_of(CASE)] == [4, 6, 8, 10, 12, 13]
        assert tx.entries_of("00" * 16) == []
        assert list(tx.raw_entries()) == [e.raw for e in everything]
        assert all(e.actor == grown.operator.key_id for e in everything[2:])
        note = tx.checkpoint()
    assert note.startswith(f"{grown.settings.log}\n13\n")
    assert verified(grown, note).ok


def test_an_approval_signs_the_tree_it_stands_on(grown: Workspace) -> None:
    with grown.write() as tx:
        now = Checkpoint.of(tx.trail_head())
        tx.append("plan.approve", {"case": CASE, "digest": "ab" * 32, "size": now.size, "root": now.root.hex()})
    assert verified(grown).ok


@pytest.mark.parametrize(("role", "may", "type"), [("auditor", "case.view", "case.close"), ("agent", "case.close", "hold.release")])
def test_what_a_role_may_not_sign_is_not_written(grown: Workspace, role: str, may: str, type: str) -> None:
    """The role is the one that the root signed: whoever can write to the database can give themselves no other."""
    grown.staff.admit("Bob", role, "bobs own words", grown.recovery)
    with grown.write() as tx:
        tx.connection.execute(schema.operators.update().values(role="approver"))
        size = tx.trail_head().size
    with reopen(grown.folder, "bobs own words", "Bob") as bob:
        with pytest.raises(RefusedError), bob.write() as tx:
            tx.append(may, {"case": CASE})
            tx.append(type, {"case": CASE, "hold": "5e" * 8})
        with bob.write() as tx:
            assert tx.trail_head().size == size
            tx.append(may, {"case": CASE})


def test_what_may_not_stand_in_a_trail_ends_the_transaction(grown: Workspace) -> None:
    for type, body in (("case.gossip", {}), ("case.close", {"case": CASE, "who": "maria@example.org"})):
        with pytest.raises(ValueError), grown.write() as tx:
            tx.append("case.close", {"case": CASE})
            tx.append(type, body)
    with grown.read() as tx:
        assert tx.head().seq == 12


TAMPERINGS = {
    "a bit": ("UPDATE trail SET raw = replace(raw, 'erasure', 'erasurE') WHERE seq = 7", ChangedEntryError, 7),
    "text for bytes": ("UPDATE trail SET raw = 'x' WHERE seq = 7", ChangedEntryError, 7),
    "a deleted one": ("DELETE FROM trail WHERE seq = 7", MissingEntryError, 7),
    "a cut end": ("DELETE FROM trail WHERE seq > 10", CutTrailError, 11),
    "all of it": ("DELETE FROM trail", CutTrailError, 1),
    "another frontier": ("UPDATE trail_head SET frontier = zeroblob(64)", CheckpointError, 12),
    "another last leaf": ("UPDATE trail_head SET last = zeroblob(32)", CheckpointError, 12),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering(name: str, grown: Workspace, execute: Callable[..., None]) -> None:
    statement, error, seq = TAMPERINGS[name]
    execute(statement)
    verdict = verified(grown)
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq) == (error, seq)
    with grown.read() as tx:
        shown = tx.entries()
    broken = [e.seq for e in shown if e.type == "unreadable"]
    assert broken == ([7] if name == "text for bytes" else [])


def test_a_rolled_back_database_is_seen_by_who_holds_a_checkpoint(grown: Workspace, execute: Callable[..., None]) -> None:
    with grown.read() as tx:
        note, head = tx.checkpoint(), tx.trail_head()
    with grown.read() as tx:
        old = next(e for e in tx.entries() if e.seq == 8)
    execute("DELETE FROM trail WHERE seq > 8")
    frontier = b"".join([*head.frontier[:1]])
    execute("UPDATE trail_head SET size = 8, last = ?, frontier = ?", bytes.fromhex(old.leaf), frontier)
    assert verified(grown).ok
    assert isinstance(verified(grown, note).fault.error, CutTrailError)  # type: ignore[union-attr]


def test_a_version_of_the_catalog_lands_with_its_entry(ws: Workspace) -> None:
    with ws.read() as tx:
        assert tx.catalog() is None
    for n in (1, 2):
        with ws.write() as tx:
            version = tx.put_catalog(f"{n}{n}" * 32, {"shop.yaml": f"system: shöp{n}\n"})
        with ws.read() as tx:
            assert tx.catalog() == replace(version, number=1)
            assert tx.catalog_version(n) == version
            assert version.number == n
            assert tx.head().seq == version.entry
            body = dict(tx.head().body)
            assert len(body.pop("kept")) == 64
            assert body == {"catalog": f"{n}{n}" * 32, "files": 1}
    assert version.by == ws.operator.key_id


# -- what is gone from the database, and what is filed where it does not belong --------------------------------------------

GONE = {
    "DELETE FROM trail WHERE seq > 10": "Entry 11 is missing: the trail once had 12 entries.",
    "DELETE FROM trail WHERE seq > 1": "Entry 2 is missing: the trail once had 12 entries.",
    "DELETE FROM trail": "Entry 1 is missing: the trail once had 12 entries.",
    "DELETE FROM trail_head": "the row of trail_head is missing",
    "DROP TABLE trail": "The table trail is missing",
    "DROP TABLE trail_head": "The table trail_head is missing",
    "UPDATE trail_head SET size = 11": "The trail has an entry 12, but the workspace remembers 11 entries.",
}


@pytest.mark.parametrize("statement", GONE)
@pytest.mark.parametrize("desk", ["that saw it", "that never saw it"])
def test_what_is_missing_is_named_wherever_the_workspace_is_opened(
    statement: str, desk: str, grown: Workspace, execute: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown.close()
    execute(statement)
    if desk == "that never saw it":
        monkeypatch.setenv(STATE, str(tmp_path / "another desk"))
    with pytest.raises(TamperedError, match=GONE[statement]) as told:
        reopen(grown.folder)
    assert not isinstance(told.value, RolledBackError)
    assert told.value.exit_code == 1


@pytest.mark.parametrize("statement", [*GONE, "UPDATE trail SET raw = replace(raw, 'erasure', 'erasurE') WHERE seq = 12"])
def test_nothing_is_signed_onto_a_trail_whose_end_is_not_the_remembered_one(
    statement: str, grown: Workspace, execute: Callable[..., None]
) -> None:
    execute(statement)
    with pytest.raises(TamperedError), grown.write() as tx:
        tx.append("secret.set", {"system": "shop"})


def test_a_desk_is_told_that_the_entry_which_it_saw_last_is_missing(
    grown: Workspace, execute: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grown.close()
    kept = os.environ[STATE]
    monkeypatch.setenv(STATE, str(tmp_path / "another desk"))
    with reopen(grown.folder) as other, other.write() as tx:
        tx.append("secret.set", {"system": "shop"})
    monkeypatch.setenv(STATE, kept)
    execute("DELETE FROM trail WHERE seq = 12")
    with pytest.raises(TamperedError, match="Entry 12 is missing"):
        reopen(grown.folder)


MISFILED = {
    "the last one taken out": ("UPDATE trail SET case_id = NULL WHERE seq = 13", CASE),
    "one of the middle taken out": ("UPDATE trail SET case_id = NULL WHERE seq = 6", CASE),
    "all taken out": (f"UPDATE trail SET case_id = NULL WHERE case_id = '{CASE}'", CASE),
    "a foreign one put in behind": (f"UPDATE trail SET case_id = '{CASE}' WHERE seq = 11", CASE),
    "a foreign one put in before": (f"UPDATE trail SET case_id = '{CASE}' WHERE seq = 3", CASE),
    "the last one given to another case": (f"UPDATE trail SET case_id = '{OTHER}' WHERE seq = 13", OTHER),
    "the key of the operator hidden": ("UPDATE trail SET case_id = NULL WHERE seq = 14", "keys"),
}


@pytest.mark.parametrize("name", MISFILED)
def test_no_number_is_signed_that_the_signed_entries_do_not_give(name: str, grown: Workspace, execute: Callable[..., None]) -> None:
    with grown.write() as tx:
        tx.append("case.close", {"case": CASE})
    grown.staff.admit("Bob", "agent", "bobs own words", grown.recovery)
    true: dict[int, str | None] = {}
    with grown.read() as tx:
        list(tx.raw_entries(true))
    statement, group = MISFILED[name]
    execute(statement)
    with grown.read() as tx:
        size = tx.trail_head().size
    with pytest.raises(TamperedError, match="is filed among other entries"):
        if group == "keys":
            grown.staff.admit("Cleo", "agent", "cleos own words", grown.recovery)
        else:
            with grown.write() as tx:
                tx.append("case.view", {"case": group})
    with grown.read() as tx:
        assert tx.trail_head().size == size
    for seq, filed in true.items():
        execute("UPDATE trail SET case_id = ? WHERE seq = ?", filed, seq)
    with grown.write() as tx:
        tx.append("case.view", {"case": CASE})
    assert verified(grown).ok


def test_an_entry_about_keys_that_was_hidden_is_named_at_the_opening(
    folder: Path, ws: Workspace, execute: Callable[..., None]
) -> None:
    with ws.write() as tx:
        tx.append("key.rotate", {"state": "done"})  # about no signature, and where it belongs
    ws.close()
    reopen(folder).close()
    execute("UPDATE trail SET case_id = NULL WHERE seq = 2")
    with pytest.raises(TamperedError, match="Entry 2 says who may sign, and was hidden"):
        reopen(folder)
