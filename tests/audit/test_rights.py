"""Who may sign what (rules 3, 4, 8, 12, 13 and 14 of docs/trail.md), each broken by somebody with a valid key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dsr_desk.audit import record
from dsr_desk.audit.faults import (
    CompromisedKeyError,
    ForbiddenEntryError,
    RetiredKeyError,
    RoleError,
    TrailError,
    UnapprovedError,
    UnknownKeyError,
)
from dsr_desk.audit.types import AGENT_NEVER, AUDITOR_ONLY, KEY_TYPES, TYPES
from dsr_desk.audit.verify import Verdict, verify
from dsr_desk.model.trail import Signer
from tests.audit.trails import ADA, BOB, CASE, CY, DEE, DIGEST, FIELDS, ROOT, Builder, forced, opened

IN_CASE = {"case": CASE}


def fault(trail: Builder, *more: bytes) -> TrailError | None:
    verdict = verify([*trail.raws, *more])
    return verdict.fault.error if verdict.fault else None


def insist(verdict: Verdict, error: type[TrailError], seq: int) -> None:
    assert verdict.fault is not None
    assert (type(verdict.fault.error), verdict.fault.seq, verdict.entries) == (error, seq, seq - 1)
    assert str(seq) in verdict.fault.sentence


def crew(*more: tuple[Signer, str]) -> Builder:
    """Ada, an approver, and more."""
    trail = opened()
    for who, role in more:
        trail.admit(who, role)
    return trail


# -- rules 3, 4, 8: keys ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type", sorted(KEY_TYPES))
def test_only_the_root_key_says_who_may_sign(type: str) -> None:
    trail = crew((BOB, "agent"))
    body = {"key": CY.public.hex(), "role": "agent", "key_id": BOB.key_id, "since": 1, "approvals": 1}
    insist(verify([*trail.raws, forced(trail, type, body, ADA)]), ForbiddenEntryError, 4)


@pytest.mark.parametrize("type", [*sorted(TYPES.keys() - KEY_TYPES), "something.new"])
def test_the_root_key_says_nothing_else(type: str) -> None:
    trail = opened()
    insist(verify([*trail.raws, forced(trail, type, {}, ROOT)]), ForbiddenEntryError, 3)


HEX = CY.public.hex()
IMPOSSIBLE: dict[str, tuple[str, dict[str, Any]]] = {
    "a second beginning": ("log.open", {"key": ROOT.public.hex()}),
    "a key admitted twice": ("key.add", {"key": ADA.public.hex(), "role": "approver"}),
    "the root key admitted": ("key.add", {"key": ROOT.public.hex(), "role": "approver"}),
    "no key": ("key.add", {"role": "agent"}),
    "half a key": ("key.add", {"key": HEX[:32], "role": "agent"}),
    "a key in capitals": ("key.add", {"key": HEX.upper(), "role": "agent"}),
    "a key that is no text": ("key.add", {"key": 7, "role": "agent"}),
    "no role": ("key.add", {"key": HEX}),
    "another role": ("key.add", {"key": HEX, "role": "owner"}),
    "a role that is a list": ("key.add", {"key": HEX, "role": ["agent"]}),
    "an unknown key retired": ("key.retire", {"key_id": CY.key_id}),
    "nobody retired": ("key.retire", {}),
    "a list retired": ("key.retire", {"key_id": [ADA.key_id]}),
    "the root key retired": ("key.retire", {"key_id": ROOT.key_id}),
    "the root key stolen": ("key.compromise", {"key_id": ROOT.key_id, "since": 1}),
    "stolen at no time": ("key.compromise", {"key_id": ADA.key_id}),
    "stolen before the beginning": ("key.compromise", {"key_id": ADA.key_id, "since": 0}),
    "stolen in the future": ("key.compromise", {"key_id": ADA.key_id, "since": 4}),
    "stolen at a flag": ("key.compromise", {"key_id": ADA.key_id, "since": True}),
    "nobody approves": ("policy.set", {"approvals": 0}),
    "no policy": ("policy.set", {}),
    "a policy of a flag": ("policy.set", {"approvals": True}),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_the_root_key_says_must_be_possible(name: str) -> None:
    trail = opened()
    type, body = IMPOSSIBLE[name]
    insist(verify([*trail.raws, forced(trail, type, body, ROOT)]), ForbiddenEntryError, 3)


def test_a_key_signs_from_its_admission_to_its_end() -> None:
    trail = opened()
    assert isinstance(fault(trail, forced(trail, "case.close", IN_CASE, BOB)), UnknownKeyError)
    trail.admit(BOB, "agent")
    trail.add("case.close", IN_CASE, BOB)
    trail.add("key.retire", {"key_id": BOB.key_id}, ROOT)
    assert verify(trail.raws).ok
    trail.add("case.close", IN_CASE, BOB)
    insist(verify(trail.raws), RetiredKeyError, 6)


def test_the_first_entry_is_signed_with_the_key_in_it() -> None:
    empty = Builder()
    insist(verify([forced(empty, "log.open", {"key": ROOT.public.hex()}, ADA)]), ForbiddenEntryError, 1)
    insist(verify([forced(empty, "key.add", {"key": ROOT.public.hex(), "role": "agent"}, ROOT)]), ForbiddenEntryError, 1)
    insist(verify([forced(empty, "log.open", {}, ROOT)]), ForbiddenEntryError, 1)


# -- rule 12: a stolen key ---------------------------------------------------------------------------------------------------


def test_a_stolen_key_has_ended_and_what_it_signed_since_then_is_doubted() -> None:
    trail = crew((BOB, "agent"))
    for by in (BOB, ADA, BOB, BOB):
        trail.add("case.close", IN_CASE, by)
    trail.add("key.compromise", {"key_id": BOB.key_id, "since": 6}, ROOT)
    verdict = verify(trail.raws)
    assert (verdict.ok, verdict.doubted) == (True, (6, 7))
    assert verify(trail.raws[:-1]).doubted == ()
    trail.add("case.close", IN_CASE, ADA)
    assert verify(trail.raws).doubted == (6, 7)
    trail.add("case.close", IN_CASE, BOB)
    insist(verify(trail.raws), CompromisedKeyError, 10)


@pytest.mark.parametrize(("first", "second"), [(6, 4), (4, 6)])
def test_reported_twice_the_earlier_moment_counts(first: int, second: int) -> None:
    trail = crew((BOB, "agent"))
    for _ in range(3):
        trail.add("case.close", IN_CASE, BOB)
    for since in (first, second):
        trail.add("key.compromise", {"key_id": BOB.key_id, "since": since}, ROOT)
    assert verify(trail.raws).doubted == (4, 5, 6)


def test_a_retired_key_may_turn_out_to_have_been_stolen() -> None:
    trail = crew((BOB, "agent"))
    trail.add("case.close", IN_CASE, BOB)
    trail.add("key.retire", {"key_id": BOB.key_id}, ROOT)
    trail.add("key.compromise", {"key_id": BOB.key_id, "since": 1}, ROOT)
    assert verify(trail.raws).doubted == (4,)
    trail.add("case.close", IN_CASE, BOB)
    insist(verify(trail.raws), CompromisedKeyError, 7)


def test_a_stolen_approval_lets_nothing_begin() -> None:
    trail = crew((CY, "approver"))
    trail.approve(CY)
    done = len(trail.raws)
    trail.begin()
    trail.add("key.compromise", {"key_id": CY.key_id, "since": done}, ROOT)
    assert verify(trail.raws).ok  # what was begun before is doubted by nobody's rule: the chain holds
    trail.begin()
    insist(verify(trail.raws), UnapprovedError, done + 3)
    late = trail.cut(done)
    late.add("key.compromise", {"key_id": CY.key_id, "since": done + 1}, ROOT)
    late.begin()
    assert verify(late.raws).ok


# -- rule 13: approvals ------------------------------------------------------------------------------------------------------


def policy(trail: Builder, approvals: int) -> None:
    trail.add("policy.set", {"approvals": approvals}, ROOT)


def nothing(_: Builder) -> None: ...


def once(trail: Builder) -> None:
    trail.approve()


def another_plan(trail: Builder) -> None:
    trail.approve(digest="cd" * 32)


def another_case(trail: Builder) -> None:
    trail.add("plan.make", {"case": CASE, "digest": DIGEST})
    size, root = trail.head.size, trail.tree
    trail.add("plan.approve", {"case": "6a" * 16, "digest": DIGEST, "size": size, "root": root})


def both(trail: Builder) -> None:
    policy(trail, 2)
    trail.approve(ADA)
    trail.approve(CY)


def one_of_two(trail: Builder) -> None:
    policy(trail, 2)
    trail.approve(ADA)


def the_same_twice(trail: Builder) -> None:
    policy(trail, 2)
    trail.approve(ADA)
    trail.approve(ADA)


def more_asked_later(trail: Builder) -> None:
    trail.approve(ADA)
    policy(trail, 2)


def fewer_asked_later(trail: Builder) -> None:
    policy(trail, 2)
    trail.approve(ADA)
    policy(trail, 1)


def fewer_asked_then_approved(trail: Builder) -> None:
    policy(trail, 2)
    policy(trail, 1)
    trail.approve(ADA)


def approver_left(trail: Builder) -> None:
    trail.approve(CY)
    trail.add("key.retire", {"key_id": CY.key_id}, ROOT)


STANDS: dict[Callable[[Builder], None], bool] = {
    nothing: False,
    once: True,
    another_plan: False,
    another_case: False,
    both: True,
    one_of_two: False,
    the_same_twice: False,
    more_asked_later: True,
    fewer_asked_later: False,
    fewer_asked_then_approved: True,
    approver_left: True,
}


@pytest.mark.parametrize("before", STANDS, ids=lambda f: f.__name__)
def test_nothing_is_changed_without_enough_approvals(before: Callable[[Builder], None]) -> None:
    trail = crew((CY, "approver"))
    before(trail)
    assert verify(trail.raws).ok
    trail.begin()
    verdict = verify(trail.raws)
    if STANDS[before]:
        assert verdict.ok
    else:
        insist(verdict, UnapprovedError, len(trail.raws))


@pytest.mark.parametrize("body", [{}, {"case": CASE}, {"digest": DIGEST}, {"case": CASE, "digest": [DIGEST]}])
def test_an_intent_without_case_or_plan_stands_on_nothing(body: dict[str, Any]) -> None:
    trail = opened()
    trail.approve()
    insist(verify([*trail.raws, forced(trail, "step.intent", body)]), UnapprovedError, 4)


# -- rule 14: roles ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("type", [*sorted(TYPES.keys() - KEY_TYPES), "something.new"])
@pytest.mark.parametrize("role", ["approver", "agent", "auditor"])
def test_each_role_signs_what_it_may(role: str, type: str) -> None:
    trail = crew((DEE, role))
    trail.approve(ADA)
    body = {name: FIELDS[name] for name in TYPES.get(type, ()) if name in FIELDS}
    if type in ("plan.approve", "checkpoint.anchor"):
        body |= {"size": trail.head.size, "root": trail.tree}
    may = type in AUDITOR_ONLY if role == "auditor" else not (role == "agent" and type in AGENT_NEVER)
    verdict = verify([*trail.raws, forced(trail, type, body, DEE)])
    if may:
        assert verdict.ok
    else:
        insist(verdict, RoleError, 5)


def test_what_the_roles_are() -> None:
    looks = {"case.view", "report.make", "report.print", "report.period", "evidence.make", "receipt.make", "checkpoint.anchor"}
    assert looks | {"act.refused", "desk.open", "clock.warn", "head.reset", "key.rotate"} == AUDITOR_ONLY
    assert {"plan.approve", "hold.release"} == AGENT_NEVER


# -- what a workspace refuses to write ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("key.add", {"key": HEX, "role": "owner"}),
        ("key.compromise", {"key_id": ADA.key_id, "since": 0}),
        ("key.compromise", {"key_id": ADA.key_id, "since": True}),
        ("key.compromise", {"key_id": ADA.key_id, "since": 4}),
        ("policy.set", {"approvals": 0}),
        ("policy.set", {"approvals": "two"}),
        ("checkpoint.anchor", {"size": 0, "root": "ab" * 32, "how": "file"}),
        ("checkpoint.anchor", {"size": 2, "root": "ab" * 32, "how": "file"}),
        ("checkpoint.anchor", {"size": 3, "root": "ab" * 32, "how": "file"}),
        ("checkpoint.anchor", {"size": True, "root": "ab" * 32, "how": "file"}),
    ],
)
def test_what_no_verifier_would_take_is_not_written(type: str, body: dict[str, Any]) -> None:
    trail = opened()
    with pytest.raises(ValueError):
        record.append(trail.head, "2026-11-03T09:30:00.000Z", type, body, ROOT)
