"""What is kept outside (rule 10), what the trail says of its own tree and numbers (rules 9 and 11), and how far it is anchored.

Each way to write a trail anew with a valid key is tried twice. Without anything kept outside it holds, and is called unanchored;
with it, it is a typed fault.
"""

from __future__ import annotations

from typing import Any

import pytest

from dsr_desk.audit import checkpoint, record, tree
from dsr_desk.audit.faults import (
    AnchorError,
    ApprovalError,
    CheckpointError,
    CutTrailError,
    ForeignCheckpointError,
    MiscountedEntryError,
    TrailError,
    UnreadableCheckpointError,
)
from dsr_desk.audit.verify import Verdict, verify
from dsr_desk.model.trail import Signer
from tests.audit.trails import ADA, BOB, CASE, CY, DIGEST, LOG, ROOT, Builder, forced, opened, whole

IN_CASE = {"case": CASE}


def error(verdict: Verdict) -> TrailError:
    assert verdict.fault is not None
    return verdict.fault.error


def worked(length: int = 20) -> Builder:
    """A trail that Ada alone wrote, with Bob admitted."""
    trail = opened()
    trail.admit(BOB, "approver")
    while len(trail.raws) < length:
        trail.add("case.view", IN_CASE)
    return trail


def rewritten(trail: Builder, keep: int, by: Signer = ADA) -> Builder:
    """The trail with everything after entry ``keep`` written anew by somebody with a valid key, as long as before."""
    out = trail.cut(keep)
    while len(out.raws) < len(trail.raws):
        out.add("case.close", {"case": CASE, "anew": True}, by)
    return out


# -- a tail written anew, with and without something outside -----------------------------------------------------------------

TRAIL = worked()
ATTACKS = {
    "the tail written anew": rewritten(TRAIL, 8).raws,
    "the last entry written anew": rewritten(TRAIL, 19).raws,
    "all but the keys written anew": rewritten(TRAIL, 3).raws,
    "written anew with another valid key": rewritten(TRAIL, 8, BOB).raws,
    "written anew and longer": rewritten(worked(30), 8).raws,
    "the end cut off": TRAIL.raws[:12],
    "the end cut off to the first entry": TRAIL.raws[:1],
    "cut, then written anew and shorter": rewritten(worked(15), 8).raws,
}


@pytest.mark.parametrize("name", ATTACKS)
def test_without_an_anchor_it_holds_and_is_unanchored(name: str) -> None:
    verdict = verify(ATTACKS[name], log=LOG)
    assert verdict.ok  # no signed chain can see it: SAFETY section 1
    assert (verdict.anchored, verdict.unanchored) == (0, verdict.entries)


@pytest.mark.parametrize("name", ATTACKS)
def test_with_a_checkpoint_kept_outside_it_is_seen(name: str) -> None:
    note = checkpoint.sign(TRAIL.head, ADA)
    found = error(verify(ATTACKS[name], log=LOG, checkpoints=[note]))
    assert type(found) is (CheckpointError if len(ATTACKS[name]) >= len(TRAIL.raws) else CutTrailError)


@pytest.mark.parametrize("name", ATTACKS)
def test_a_desk_that_saw_the_last_entry_sees_it(name: str) -> None:
    found = error(verify(ATTACKS[name], log=LOG, seen={20: TRAIL.head.last}))
    assert type(found) is (CheckpointError if len(ATTACKS[name]) >= len(TRAIL.raws) else CutTrailError)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_head_that_the_workspace_remembers_sees_it(name: str) -> None:
    found = error(verify(ATTACKS[name], head=TRAIL.head))
    assert isinstance(found, CheckpointError | CutTrailError)


def test_everything_covered_before_the_change_stays_anchored() -> None:
    verdict = verify(ATTACKS["the tail written anew"], checkpoints=[checkpoint.sign(TRAIL.heads[8], ADA)])
    assert (verdict.ok, verdict.anchored, verdict.unanchored) == (True, 8, 12)


# -- rule 10 -----------------------------------------------------------------------------------------------------------------


def test_several_kept_checkpoints_are_all_held_against_it() -> None:
    notes = [checkpoint.sign(TRAIL.heads[n], ADA) for n in (5, 17, 11, 11)]
    assert verify(TRAIL.raws, checkpoints=notes, seen={9: TRAIL.heads[9].last}).anchored == 17
    other = rewritten(TRAIL, 14).raws
    found = error(verify(other, checkpoints=notes))
    assert (type(found), found.seq) == (CheckpointError, 17)


def test_a_checkpoint_over_other_entries_of_the_same_number() -> None:
    note = checkpoint.sign(rewritten(TRAIL, 8).heads[12], ADA)
    assert isinstance(error(verify(TRAIL.raws, checkpoints=[note])), CheckpointError)


@pytest.mark.parametrize("by", [CY, ROOT])
def test_who_may_sign_a_checkpoint(by: Signer) -> None:
    verdict = verify(TRAIL.raws, checkpoints=[checkpoint.sign(TRAIL.head, by)])
    assert verdict.ok == (by is ROOT)


def test_a_checkpoint_of_a_key_that_came_later_or_had_ended() -> None:
    trail = worked(10)
    early, later = trail.heads[2], trail.head
    assert isinstance(error(verify(trail.raws, checkpoints=[checkpoint.sign(early, BOB)])), CheckpointError)
    assert verify(trail.raws, checkpoints=[checkpoint.sign(later, BOB)]).ok
    trail.add("key.retire", {"key_id": BOB.key_id}, ROOT)
    assert isinstance(error(verify(trail.raws, checkpoints=[checkpoint.sign(trail.head, BOB)])), CheckpointError)
    assert verify(trail.raws, checkpoints=[checkpoint.sign(later, BOB)]).anchored == 10


def test_a_checkpoint_that_is_none_or_of_another_trail() -> None:
    other = opened("dsr-desk/another")
    for note in ("", "x", checkpoint.sign(TRAIL.head, ADA) + "\n", checkpoint.sign(TRAIL.head, ADA)[:-2]):
        assert type(error(verify(TRAIL.raws, checkpoints=[note]))) is UnreadableCheckpointError
    while len(other.raws) < 30:
        other.add("case.view", IN_CASE)
    verdict = verify(TRAIL.raws, checkpoints=[checkpoint.sign(other.head, ADA)])
    assert type(error(verdict)) is ForeignCheckpointError
    assert verdict.entries == 0


def test_a_checkpoint_over_nothing_and_one_over_too_much() -> None:
    assert isinstance(error(verify(TRAIL.raws, checkpoints=[checkpoint.sign(opened().heads[0], ADA)])), CheckpointError)
    verdict = verify(TRAIL.raws, checkpoints=[checkpoint.sign(worked(21).head, ADA)])
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq) == (CutTrailError, 21)


# -- how far it is anchored --------------------------------------------------------------------------------------------------


def test_ones_own_approval_anchors_nothing_and_anothers_does() -> None:
    trail = worked(6)
    trail.approve(ADA)
    trail.add("case.view", IN_CASE)
    assert verify(trail.raws).anchored == 0
    trail.approve(BOB)
    assert verify(trail.raws).anchored == 6  # Ada's, for now Bob signed last
    trail.add("case.view", IN_CASE)
    assert verify(trail.raws).anchored == 8
    trail.add("policy.set", {"approvals": 1}, ROOT)
    assert (verify(trail.raws).anchored, verify(trail.raws).unanchored) == (8, 3)


def test_the_root_key_of_who_works_alone_makes_no_second_person() -> None:
    trail = worked(6)
    trail.approve(ADA)
    trail.add("policy.set", {"approvals": 1}, ROOT)
    assert verify(trail.raws).anchored == 0


@pytest.mark.parametrize(("type", "more"), [("key.retire", {}), ("key.compromise", {"since": 7})])
def test_an_approval_by_a_key_that_has_ended_anchors_nothing(type: str, more: dict[str, Any]) -> None:
    trail = worked(6)
    trail.approve(BOB)
    trail.add("case.view", IN_CASE)
    assert verify(trail.raws).anchored == 6
    trail.add(type, {"key_id": BOB.key_id, **more}, ROOT)
    assert verify(trail.raws).anchored == 0


def test_a_checkpoint_signed_with_a_stolen_key_anchors_nothing() -> None:
    trail = worked(10)
    notes = [checkpoint.sign(trail.heads[9], BOB), checkpoint.sign(trail.heads[6], ADA)]
    assert verify(trail.raws, checkpoints=notes).anchored == 9
    trail.add("key.compromise", {"key_id": BOB.key_id, "since": 10}, ROOT)
    verdict = verify(trail.raws, checkpoints=notes)
    assert (verdict.ok, verdict.anchored) == (True, 6)


def test_a_fault_leaves_nothing_anchored() -> None:
    trail = worked(10)
    verdict = verify(trail.raws[:-1], head=trail.head, checkpoints=[checkpoint.sign(trail.heads[5], ADA)])
    assert (verdict.ok, verdict.anchored, verdict.doubted) == (False, 0, ())


# -- rule 9: what an approval and an anchor say of the tree -------------------------------------------------------------------


def test_an_approval_of_an_older_tree_gives_a_tail_written_anew_away() -> None:
    trail = whole()
    place = next(n for n, raw in enumerate(trail.raws) if b'"plan.approve"' in raw)
    fake, old = trail.cut(place), trail.heads[5]
    body = dict(record.read(trail.raws[place]).entry.body)
    body |= {"size": old.size, "root": checkpoint.Checkpoint.of(old).root.hex()}
    found = error(verify([*fake.raws, forced(fake, "plan.approve", body)]))
    assert (type(found), found.seq, found.holds) == (ApprovalError, place + 1, 0)


ROOTS = {n: checkpoint.Checkpoint.of(head).root.hex() for n, head in enumerate(TRAIL.heads)}


@pytest.mark.parametrize(("size", "root"), [(20, 19), (19, 19), (20, None), (None, 20)])
def test_an_approval_of_another_tree(size: int | None, root: int | None) -> None:
    body = {"case": CASE, "digest": DIGEST} | ({"size": size} if size else {}) | ({"root": ROOTS[root]} if root else {})
    found = error(verify([*TRAIL.raws, forced(TRAIL, "plan.approve", body)]))
    assert (type(found), found.seq, found.holds) == (ApprovalError, 21, 0)


@pytest.mark.parametrize("size", [1, 2, 19, 20])
def test_an_anchor_over_the_tree_as_it_was(size: int) -> None:
    trail = worked()
    seen = checkpoint.Checkpoint.of(trail.heads[size])
    trail.add("checkpoint.anchor", {"size": size, "root": seen.root.hex(), "how": "file"})
    assert verify(trail.raws).ok


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"size": 20},
        {"size": 20, "root": ROOTS[19]},
        {"size": 19, "root": ROOTS[20]},
        {"size": 21, "root": ROOTS[20]},
        {"size": 21, "root": tree.root(tree.grow(TRAIL.head.frontier, 20, b"")).hex()},
        {"size": 0, "root": ROOTS[0]},
        {"size": -1, "root": ROOTS[20]},
        {"size": True, "root": ROOTS[1]},
        {"size": "20", "root": ROOTS[20]},
        {"size": 20, "root": ROOTS[20].upper()},
        {"size": 20, "root": [ROOTS[20]]},
    ],
    ids=str,
)
def test_an_anchor_over_anything_else(body: dict[str, Any]) -> None:
    trail = worked()
    found = error(verify([*trail.raws, forced(trail, "checkpoint.anchor", body)]))
    assert (type(found), found.seq, found.holds) == (AnchorError, 21, 0)


# -- rule 11 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 2, 4, -1, True, "3", [3]], ids=str)
def test_a_wrong_number_in_a_case(number: object) -> None:
    trail = opened()
    trail.add("case.view", IN_CASE)
    trail.add("case.view", {"case": "6a" * 16})
    trail.add("case.view", IN_CASE)
    verdict = verify([*trail.raws, forced(trail, "case.close", {**IN_CASE, "n": number})])
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq, verdict.entries) == (MiscountedEntryError, 6, 5)


@pytest.mark.parametrize("number", [True, "1"])
def test_a_first_number_that_only_looks_like_one(number: object) -> None:
    body = {"case": "6a" * 16, "n": number}
    assert isinstance(error(verify([*TRAIL.raws, forced(TRAIL, "case.view", body)])), MiscountedEntryError)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_wrong_number_among_keys(number: int) -> None:
    trail = opened()
    trail.add("case.view", IN_CASE)
    body = {"key": BOB.public.hex(), "role": "agent", "n": number}
    assert isinstance(error(verify([*trail.raws, forced(trail, "key.add", body, ROOT)])), MiscountedEntryError)
    assert verify([*trail.raws, forced(trail, "key.add", body | {"n": 3}, ROOT)]).ok


def test_an_entry_without_a_number_counts_all_the_same() -> None:
    trail = opened()
    trail.raws.append(forced(trail, "case.view", IN_CASE))
    trail.heads.append(_after(trail))
    assert verify(trail.raws).ok
    assert verify([*trail.raws, forced(trail, "case.view", {**IN_CASE, "n": 2})]).ok
    assert isinstance(error(verify([*trail.raws, forced(trail, "case.view", {**IN_CASE, "n": 1})])), MiscountedEntryError)


def test_a_number_without_a_case_means_nothing() -> None:
    trail = opened()
    for body in ({"n": 7}, {"n": 7, "case": [CASE]}):
        assert verify([*trail.raws, forced(trail, "search.run", body)]).ok


def _after(trail: Builder) -> Any:
    state = record.read(trail.raws[-1]).entry
    _, head = record.append(trail.head, state.ts, state.type, state.body, ADA)
    return head
