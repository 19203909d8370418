"""Several people at the desk: roles, two pairs of eyes, and what the trail holds of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.audit import trail
from dsr_desk.errors import CredentialsError, DeskError, RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.finding import Identifier
from dsr_desk.store.workspace import Settings, Workspace
from tests.flow.company import company
from tests.flow.world import PASSPHRASE, World, no_pdf, planned

WORDS = {"Bob": "bobs own words", "Cem": "cems own words", "Ann": "anns own words"}
ROLES = {"Bob": "approver", "Cem": "agent", "Ann": "auditor"}


class Office:
    """The small company, and a desk for each of four people."""

    def __init__(self, folder: Path) -> None:
        self.world = company(World(folder))
        made = Workspace.create(folder, operator="Ada", settings=Settings("Desk"), passphrase=PASSPHRASE, trail=trail)
        self.code = made.recovery
        self.open: list[Desk] = []
        self.ada = Desk(made, no_pdf)
        self.open.append(self.ada)
        self.ada.accept_catalog()
        for name, role in ROLES.items():
            self.ada.add_operator(name, role, WORDS[name], self.code)

    def sits(self, name: str) -> Desk:
        """Somebody sits down."""
        words = WORDS.get(name, PASSPHRASE)
        ws = Workspace.open(self.world.folder, passphrase=lambda: words, trail=trail, operator=name)
        self.open.append(Desk(ws, no_pdf))
        return self.open[-1]

    def whole(self) -> bool:
        """The trail holds, by the rules on roles and approvals too."""
        return self.ada.verify_trail(lambda *_: None).ok


@pytest.fixture
def office(tmp_path: Path) -> Any:
    office = Office(tmp_path)
    yield office
    for desk in office.open:
        desk.workspace.close()


# -- roles -------------------------------------------------------------------------------------------------------------

WORK: dict[str, Callable[[Desk, str], object]] = {
    "quick_search": lambda d, r: d.quick_search([("email", "ann@x.org")]),
    "search": lambda d, r: d.search(r),
    "open_request": lambda d, r: d.open_request("access", [("email", "ben@x.org")], date.today()),
    "identify": lambda d, r: d.identify(r, "passport seen"),
    "extend": lambda d, r: d.extend(r, "many systems"),
    "add_identifier": lambda d, r: d.add_identifier(r, "email", "other@x.org"),
    "switch": lambda d, r: d.switch(r, Identifier("email", "ann@x.org"), False),
    "choose_subjects": lambda d, r: d.choose_subjects(r, [], "asked them"),
    "review": lambda d, r: d.review(r, [], False, "not theirs"),
    "waive": lambda d, r: d.waive(r, "shop", "it is down for good"),
    "make_plan": lambda d, r: d.make_plan(r),
    "approve": lambda d, r: d.approve(r, "0" * 64),
    "apply": lambda d, r: d.apply(r),
    "settle": lambda d, r: d.settle(r, "shop", "looked at it myself"),
    "verify": lambda d, r: d.verify(r),
    "export": lambda d, r: d.export(r, d.workspace.folder / "out", ["json"]),
    "decide": lambda d, r: d.decide(r, "granted", "", None),
    "close_request": lambda d, r: d.close_request(r),
    "answer_task": lambda d, r: d.answer_task(r, "x", "done"),
    "hold_request": lambda d, r: d.hold_request(r, "a lawsuit is on"),
    "hold_person": lambda d, r: d.hold_person([("email", "ann@x.org")], "a lawsuit is on"),
    "release_hold": lambda d, r: d.release_hold("5e" * 8, "the lawsuit is over"),
    "lock_open": lambda d, r: d.lock_open(r, "they asked for it"),
    "lock_shred": lambda d, r: d.lock_shred(r),
    "rotate_key": lambda d, r: d.rotate_key(),
    "accept_catalog": lambda d, r: d.accept_catalog(),
    "bring_back_catalog": lambda d, r: d.bring_back_catalog(1),
    "discover": lambda d, r: d.discover("shop.db", "new"),
    "keep_draft": lambda d, r: d.keep_draft("new", "system: new"),
    "import_fides": lambda d, r: d.import_fides(d.workspace.folder / "x.yml", {"": "shop.db"}),
    "set_secret": lambda d, r: d.set_secret("shop", "x"),
    "lift": lambda d, r: d.lift(r),
    "undo": lambda d, r: d.undo(r, "was wrong"),
    "shred_due": lambda d, r: d.shred_due(),
    "correct": lambda d, r: d.correct(r, [("user.name", "x")]),
    "leave_out": lambda d, r: d.leave_out(r, [1], "not theirs"),
    "add_operator": lambda d, r: d.add_operator("Dee", "agent", "dees own words", None),
    "operator_leaves": lambda d, r: d.operator_leaves("Bob", None),
    "forget_operator": lambda d, r: d.forget_operator("Bob"),
    "ask_for_approvals": lambda d, r: d.ask_for_approvals(2, None),
}


@pytest.mark.parametrize("verb", WORK)
def test_an_auditor_looks_and_does_nothing_else(office: Office, verb: str) -> None:
    ref, _ = planned(office.ada, "email=ann@x.org")
    ann = office.sits("Ann")
    before = [e.type for e in ann.entries()]
    state = office.world.state()
    with pytest.raises(RefusedError, match="An auditor looks and reports, and may not") as caught:
        WORK[verb](ann, ref)
    assert caught.value.hint.startswith("Ask an a")
    assert [e.type for e in ann.entries()[len(before) :]] in ([], ["act.refused"])
    assert office.world.state() == state
    assert office.whole()


def test_an_auditor_reads_reports_and_verifies(office: Office) -> None:
    ref, _ = planned(office.ada, "email=ann@x.org")
    ann = office.sits("Ann")
    assert ann.request(ref).ref == ref
    ann.view(ref)
    assert ann.report(ref).reference == ref
    assert ann.found(ref) is not None
    assert ann.verify_trail(lambda *_: None).ok
    assert ann.renew_key(office.code).name == "Ann"
    assert office.whole()


def test_an_agent_prepares_and_an_approver_approves(office: Office) -> None:
    cem = office.sits("Cem")
    ref, plan = planned(cem, "email=ann@x.org")
    with pytest.raises(RefusedError, match="An agent prepares, and may not approve a plan") as caught:
        cem.approve(ref, plan.digest)
    assert caught.value.hint == "Ask an approver."
    hold = cem.hold_request(ref, "a lawsuit is on")
    with pytest.raises(RefusedError, match="release a legal hold"):
        cem.release_hold(hold.id, "it is over now")
    for act in ("add_operator", "operator_leaves", "ask_for_approvals"):
        with pytest.raises(RefusedError, match="say who works here"):
            WORK[act](cem, ref)
    office.ada.release_hold(hold.id, "it is over now")
    plan = cem.make_plan(ref)
    office.ada.approve(ref, plan.digest)
    assert cem.apply(ref).status == "applied"
    assert office.whole()


def test_only_an_approver_destroys_what_a_request_holds(office: Office) -> None:
    cem = office.sits("Cem")
    ref = cem.open_request("erasure", [("email", "ann@x.org")], date.today()).ref
    cem.decide(ref, "refused", "There is nothing of hers left", date.today())
    cem.close_request(ref)
    acts: tuple[Callable[[], object], ...] = (lambda: cem.shred(ref), cem.shred_due)
    for act in acts:
        with pytest.raises(RefusedError, match="An agent prepares, and may not destroy what a request holds") as caught:
            act()
        assert caught.value.hint == "Ask an approver."
    assert cem.request(ref).closed
    office.ada.shred(ref)
    assert [e.type for e in office.ada.entries()][-3:] == ["act.refused", "act.refused", "case.shred"]
    assert office.whole()


def test_every_verb_that_writes_asks_for_the_role() -> None:
    """A new verb of the desk asks (``recorded``, ``permitted``), or is named here, because it only reads."""
    reads = {
        "affected", "applied", "approval_state", "approvals", "approvals_asked", "catalog_accepted",
        "catalog_bytes", "catalog_trees", "check_typed", "accepted_facts", "catalog_difference", "catalog_versions",
        "catalog_changes", "catalog_read", "check_bundle", "check_catalog", "accepted", "usable", "opened",
        "entries", "export_fides", "found", "holds", "key_list", "lock", "operators", "operator_names", "people", "phrase", "plan",
        "request", "requests", "restricted", "restricted_of", "restrictions", "root_is_away", "same_person",
        "systems", "tasks", "to_shred", "verification", "verify_trail", "why_open", "report", "period",
        "report_printed", "view", "renew_key", "key_compromised", "too_few_approve",
        "anchors", "kept_checkpoints", "references", "save_trail",
            "unanchored",
    }  # fmt: skip
    verbs = {name for name in dir(Desk) if not name.startswith("_") and callable(getattr(Desk, name))}
    unasked = {v for v in verbs - reads - set(WORK) if not hasattr(getattr(Desk, v), "__wrapped__")}
    assert not unasked


# -- two pairs of eyes -------------------------------------------------------------------------------------------------


def test_two_different_people_approve(office: Office) -> None:
    office.ada.ask_for_approvals(2, office.code)
    ada, bob, cem = office.ada, office.sits("Bob"), office.sits("Cem")
    assert ada.approvals_asked() == 2
    ref, plan = planned(cem, "email=ann@x.org")
    state = ada.approval_state(ref)
    assert (state.missing, state.mine, state.others) == (2, True, ("Bob",))
    assert cem.approval_state(ref).mine is False
    ada.approve(ref, plan.digest)
    assert ada.request(ref).stage == "approve"
    assert [r.detail for r in ada.requests() if r.ref == ref] == ["waits for a second approval"]
    assert (ada.approval_state(ref).missing, ada.approval_state(ref).mine) == (1, False)
    with pytest.raises(RefusedError, match="You approved this plan already"):
        ada.approve(ref, plan.digest)
    before = office.world.state()
    with pytest.raises(RefusedError, match="another approver"):
        cem.apply(ref)
    assert office.world.state() == before
    bob.approve(ref, plan.digest)
    assert [a.by for a in ada.approvals(ref)] == ["Ada", "Bob"]
    assert (ada.approval_state(ref).missing, bob.approval_state(ref).others) == (0, ())
    assert ada.request(ref).stage == "apply"
    with pytest.raises(RefusedError, match="already approved"):
        bob.approve(ref, plan.digest)
    assert cem.apply(ref).status == "applied"
    assert office.whole()


def test_one_person_with_a_renewed_key_is_one_person(office: Office) -> None:
    office.ada.ask_for_approvals(2, office.code)
    ref, plan = planned(office.ada, "email=ann@x.org")
    office.ada.approve(ref, plan.digest)
    office.ada.renew_key(office.code)
    with pytest.raises(RefusedError, match="You approved this plan already"):
        office.ada.approve(ref, plan.digest)
    with pytest.raises(RefusedError, match="another approver"):
        office.ada.apply(ref)
    office.sits("Bob").approve(ref, plan.digest)
    assert office.ada.apply(ref).status == "applied"
    assert office.whole()


def test_an_approval_by_a_key_in_other_hands_does_not_count(office: Office) -> None:
    bob = office.sits("Bob")
    ref, plan = planned(office.ada, "email=ann@x.org")
    approval = bob.approve(ref, plan.digest)
    assert office.ada.approval_state(ref).missing == 0
    office.ada.key_compromised(approval.key_id, approval.entry, office.code)
    assert office.ada.approval_state(ref).missing == 1
    with pytest.raises(RefusedError, match="needs the approval"):
        office.ada.apply(ref)
    office.ada.approve(ref, plan.digest)
    assert office.ada.apply(ref).status == "applied"
    assert office.whole()


def test_a_key_that_falls_while_the_run_looks_at_the_systems_stops_it(office: Office) -> None:
    """Or the trail would hold a step that nobody approved, for good."""
    bob, cem = office.sits("Bob"), office.sits("Cem")
    ref, plan = planned(office.ada, "email=ann@x.org")
    approval = bob.approve(ref, plan.digest)
    before, fallen = office.world.state(), []

    def tell(_: object) -> None:
        if not fallen:
            fallen.append(1)
            office.ada.key_compromised(approval.key_id, approval.entry, office.code)

    with pytest.raises(RefusedError, match="needs the approval"):
        cem.apply(ref, tell)
    assert fallen
    assert office.world.state() == before
    assert office.whole()
    office.ada.approve(ref, plan.digest)
    assert cem.apply(ref).status == "applied"
    assert office.whole()


def test_an_approval_counts_after_its_giver_left(office: Office) -> None:
    bob = office.sits("Bob")
    ref, plan = planned(office.ada, "email=ann@x.org")
    bob.approve(ref, plan.digest)
    office.ada.operator_leaves("bob", office.code)
    assert office.ada.apply(ref).status == "applied"
    assert office.ada.operator_names()[bob.workspace.operator.key_id] == "Bob"
    office.ada.forget_operator("Bob")
    assert "Bob" not in office.ada.operator_names().values()
    assert office.whole()


def test_asking_for_more_and_for_less_counts_as_the_trail_counts_it(office: Office) -> None:
    ada, bob = office.ada, office.sits("Bob")
    ref, plan = planned(ada, "email=ann@x.org")
    ada.approve(ref, plan.digest)
    ada.ask_for_approvals(2, office.code)
    assert ada.approval_state(ref).missing == 0  # it was enough when it was given
    ada.apply(ref)
    other, plan = planned(ada, "email=ben@x.org")
    ada.approve(other, plan.digest)
    ada.ask_for_approvals(1, office.code)
    with pytest.raises(RefusedError, match="another approver"):
        ada.apply(other)
    bob.approve(other, plan.digest)
    assert ada.apply(other).status == "applied"
    assert office.whole()


def test_a_new_plan_forgets_both_approvals(office: Office) -> None:
    office.ada.ask_for_approvals(2, office.code)
    ref, plan = planned(office.ada, "email=ann@x.org")
    office.ada.approve(ref, plan.digest)
    office.sits("Bob").approve(ref, plan.digest)
    plan = office.ada.make_plan(ref)
    assert office.ada.approvals(ref) == []
    office.ada.approve(ref, plan.digest)
    office.ada.add_identifier(ref, "phone", "+49301111111")
    assert office.ada.approvals(ref) == []


# -- keys --------------------------------------------------------------------------------------------------------------


def test_the_list_of_keys_says_how_each_stands(office: Office) -> None:
    ada = office.ada
    office.ada.operator_leaves("Cem", office.code)
    cem, bob = (next(k.key_id for k in ada.key_list() if k.name == name) for name in ("Cem", "Bob"))
    ada.key_compromised(bob, 3, office.code)
    ada.renew_key(office.code)
    seen = [(k.name, k.role, k.state, k.mine) for k in ada.key_list()]
    assert seen == [
        ("Root", "root", "root", False),
        ("Ada", "approver", "retired", False),
        ("Bob", "approver", "compromised", False),
        ("Cem", "agent", "retired", False),
        ("Ann", "auditor", "stands", False),
        ("Ada", "approver", "stands", True),
    ]
    assert next(k.doubted for k in ada.key_list() if k.key_id == bob) == 3
    assert cem != bob
    assert ada.root_is_away()
    assert [o.name for o in ada.operators()] == ["Ada", "Ann"]
    assert office.whole()


def test_without_the_code_nothing_about_people_changes(office: Office) -> None:
    before = [e.type for e in office.ada.entries()]
    for act in (
        lambda: office.ada.add_operator("Dee", "agent", "dees own words", None),
        lambda: office.ada.operator_leaves("Bob", None),
        lambda: office.ada.renew_key(None),
        lambda: office.ada.ask_for_approvals(2, None),
        lambda: office.ada.key_compromised(office.ada.workspace.operator.key_id, 1, None),
    ):
        with pytest.raises(CredentialsError, match="recovery code"):
            act()
    for wrong in (lambda: office.ada.operator_leaves("Zoe", office.code), lambda: office.ada.key_compromised("x", 0, office.code)):
        with pytest.raises(UsageError):
            wrong()
    with pytest.raises(DeskError):
        office.ada.key_compromised("f" * 16, 1, office.code)
    assert [e.type for e in office.ada.entries() if e.type != "act.refused"] == before
