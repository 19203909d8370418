"""What the desk goes by, and what the verifier goes by, is the same."""

from __future__ import annotations

import pytest

from dsr_desk.audit.admitted import admitted
from dsr_desk.audit.record import read
from dsr_desk.audit.types import KEY_TYPES
from dsr_desk.audit.verify import Verifier
from tests.audit.trails import BOB, CASE, CY, DEE, ROOT, Builder, opened, whole


def reported(*sinces: int) -> Builder:
    trail = opened()
    trail.admit(BOB, "approver")
    for _ in range(6):
        trail.add("case.view", {"case": CASE}, BOB)
    for since in sinces:
        trail.add("key.compromise", {"key_id": BOB.key_id, "since": since}, ROOT)
    return trail


def renewed() -> Builder:
    trail = reported()
    trail.admit(CY, "approver")
    trail.add("key.retire", {"key_id": BOB.key_id}, ROOT)
    trail.add("policy.set", {"approvals": 2}, ROOT)
    trail.admit(DEE, "auditor")
    trail.add("key.compromise", {"key_id": BOB.key_id, "since": 5}, ROOT)
    trail.add("key.retire", {"key_id": BOB.key_id}, ROOT)
    return trail


TRAILS = {
    "whole": whole(),
    "nobody": Builder(),
    "stolen": reported(5),
    "earlier": reported(7, 5),
    "later": reported(5, 7),
    "renewed": renewed(),
}


@pytest.mark.parametrize("name", TRAILS)
def test_the_desk_and_the_verifier_know_the_same_keys(name: str) -> None:
    state = Verifier()
    for raw in TRAILS[name].raws:
        state.add(raw)
    found = admitted(raw for raw in TRAILS[name].raws if read(raw).entry.type in KEY_TYPES)
    rights = state.rights
    assert found.root == rights.root
    wanted = {n: (k.public, k.role, k.doubted, not k.ended) for n, k in rights.keys.items() if n != rights.root}
    assert {n: (k.public, k.role, k.doubted, k.stands) for n, k in found.keys.items()} == wanted
    assert found.asked() == rights.approvals
