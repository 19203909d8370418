"""Rectification end to end (Art. 16): what is told is checked everywhere before it is written, proved after, and taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from dsr_desk.catalog.read import CatalogRead
from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow import verify
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.planning.corrections import UNDO_WINDOW
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Plan, Refusal
from dsr_desk.model.request import Request
from tests.flow.world import World, ident, owned_by, pairs, table, text

EMAIL = "user.contact.email"
DDL = (
    "id INTEGER PRIMARY KEY, email VARCHAR(20) NOT NULL UNIQUE, name TEXT, phone TEXT, born DATE, iban TEXT, points INTEGER, "
    "tag TEXT CHECK (tag <> 'bad'), upper TEXT GENERATED ALWAYS AS (upper(name))"
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    customers = table(
        "id email name phone born iban points tag",
        (1, "ann@x.org", "Ann Lee", "030 1234567", "1990-01-31", None, 7, "a"),
        (2, "bob@x.org", "Bob May", None, None, None, 1, "b"),
        ddl=DDL,
        subject=True,
        id=ident("customer_no"),
        email=ident("email", category=EMAIL),
        name=ident("name", category="user.name"),
        phone=ident("phone", category="user.contact.phone_number"),
        born=ident("date_of_birth", category="user.demographic.date_of_birth"),
        iban=ident("iban", category="user.financial.bank_account"),
        points={"category": "user.behavior"},
    )
    customers.says["fields"]["upper"] = {}  # the database computes it
    orders = table("id customer note", (10, 1, "x"), customer=owned_by("customers.id"), note=text())
    made.sql("shop", {"region": "DE"}, customers=customers, orders=orders)
    made.csv(
        "news",
        table(
            "no email city",
            ("1", "Ann@X.org", "Ulm"),
            ("2", "carl@x.org", "Bonn"),
            email=ident("email", category=EMAIL),
            city={"category": "user.contact.address.city"},
        ),
    )
    return made


@pytest.fixture
def desk(world: World) -> Desk:
    return world.desk()


def asked(desk: Desk, *corrections: str, who: str = "email=ann@x.org") -> Request:
    return desk.open_request("rectification", pairs([who]), date.today(), corrections=pairs(corrections))


def plan_of(desk: Desk, *corrections: str) -> Plan:
    return desk.make_plan(asked(desk, *corrections).ref)


def writes(plan: Plan) -> dict[str, dict[str, Any]]:
    return {s.ref.path: dict(s.writes) for s in plan.steps if s.writes}


def refused(plan: Plan) -> list[tuple[str, str]]:
    return [(f"{r.system}/{r.collection}/{r.field}".strip("/"), r.why) for r in plan.refusals]


def applied(desk: Desk, ref: str, plan: Plan) -> None:
    assert plan.refusals == ()
    desk.approve(ref, plan.digest)
    assert desk.apply(ref).status == "applied"


def done(desk: Desk, *corrections: str) -> str:
    ref = asked(desk, *corrections).ref
    applied(desk, ref, desk.make_plan(ref))
    assert desk.verify(ref).status == "verified"
    return ref


# -- what is written -------------------------------------------------------------------------------------------------------


def test_a_category_is_corrected_in_every_system_and_proved(world: World, desk: Desk) -> None:
    ref = asked(desk, f"{EMAIL}=ann.new@x.org").ref
    plan = desk.make_plan(ref)
    assert writes(plan) == {"shop/customers/1": {"email": "ann.new@x.org"}, "news/news/1": {"email": "ann.new@x.org"}}
    assert desk.phrase(plan) == "CORRECT 2"
    applied(desk, ref, plan)
    proof = desk.verify(ref)
    assert (proof.status, proof.total("changed"), proof.total("excluded"), proof.total("before")) == ("verified", 2, 1, 3)
    assert world.ask("shop", "SELECT email FROM customers ORDER BY id") == [("ann.new@x.org",), ("bob@x.org",)]
    assert (world.folder / "news.csv").read_text("utf-8").splitlines()[1:] == ["1,ann.new@x.org,Ulm", "2,carl@x.org,Bonn"]
    assert desk.close_request(ref).facts.decision == "granted"


def test_values_take_the_columns_type_and_form(desk: Desk) -> None:
    plan = plan_of(
        desk,
        "user.contact.phone_number=+49 30 7654321",
        "user.demographic.date_of_birth=28.02.1991",
        "user.financial.bank_account=DE89 3704 0044 0532 0130 00",
        "shop/customers/points=12",
    )
    assert plan.refusals == ()
    told = {"phone": "030 7654321", "born": "1991-02-28", "iban": "DE89370400440532013000", "points": 12}
    assert writes(plan) == {"shop/customers/1": told}


def test_an_empty_value_empties_a_field(desk: Desk) -> None:
    assert writes(plan_of(desk, "user.contact.phone_number=")) == {"shop/customers/1": {"phone": None}}


def test_what_names_the_field_counts_more_than_its_category(desk: Desk) -> None:
    plan = plan_of(desk, "shop/customers/email=ann@shop.org", f"{EMAIL}=ann@all.org")
    assert writes(plan) == {"shop/customers/1": {"email": "ann@shop.org"}, "news/news/1": {"email": "ann@all.org"}}


def test_a_later_correction_of_the_same_place_replaces_the_earlier_one(desk: Desk) -> None:
    ref = asked(desk, f"{EMAIL}=a@x.org", "user.name=Anna Lee").ref
    desk.make_plan(ref)
    desk.correct(ref, pairs([f"{EMAIL}=b@x.org"]))
    assert desk.plan(ref) is None
    plan = desk.make_plan(ref)
    assert {k: v["email"] for k, v in writes(plan).items()} == {"shop/customers/1": "b@x.org", "news/news/1": "b@x.org"}


def test_a_value_that_is_there_already_is_not_written(world: World, desk: Desk) -> None:
    plan = plan_of(desk, f"{EMAIL}=ann@x.org")
    assert writes(plan) == {"news/news/1": {"email": "ann@x.org"}}  # it stands there as Ann@X.org
    step = next(s for s in plan.steps if s.ref.path == "shop/customers/1")
    assert (step.heading, step.fields["email"].reason) == ("excluded", "It holds this value already")


# -- what is refused -------------------------------------------------------------------------------------------------------


def test_everything_that_can_not_be_written_is_refused_at_once(world: World, desk: Desk) -> None:
    before = world.state()
    plan = plan_of(
        desk,
        "shop/customers/email=",
        "news/news/email=no address",
        "user.contact.phone_number=12",
        "user.demographic.date_of_birth=31.02.1990",
        "user.financial.bank_account=DE00 3704",
        "user.name=--",
        "shop/customers/points=many",
        "shop/customers/id=9",
        "shop/orders/customer=2",
        "user.contact.url=http://x",
    )
    assert sorted(refused(plan)) == [
        ("news/news/email", "the new value is no e-mail address"),
        ("shop/customers/born", "the new value is no day"),
        ("shop/customers/email", "it may not be empty"),
        ("shop/customers/iban", "the new value is no IBAN"),
        ("shop/customers/id", "it is part of the row's key"),
        ("shop/customers/name", "the new value is no name"),
        ("shop/customers/phone", "the new value is no phone number"),
        ("shop/customers/points", "it holds a whole number, and the new value is not a whole number"),
        ("shop/orders/customer", "it says whose the row is, or what it points to"),
        ("user.contact.url", "no record that was found has such a field"),
    ]
    assert all(r.cure for r in plan.refusals)
    assert {r.cure for r in plan.refusals if r.field in ("id", "customer")} == {"Correct it in the system itself"}
    assert (plan.digest, world.state()) == ("", before)


@pytest.mark.parametrize(
    ("correction", "why", "cure"),
    [
        ("email=a.very.long.one@example.org", "the new value has 27 characters, and it takes 20", "Give a shorter one"),
        ("born=2999-01-01", "the new value is a day that lies ahead", "Write the day of birth as YYYY-MM-DD"),
        ("tag=bad", "a CHECK of the table forbids the value", "Give another value"),
        ("upper=X", "the system computes it itself", "Correct the columns it is computed from"),
    ],
)
def test_what_a_column_can_not_hold_is_refused(desk: Desk, correction: str, why: str, cure: str) -> None:
    field = correction.partition("=")[0]
    assert plan_of(desk, f"shop/customers/{correction}").refusals == (Refusal("shop", "customers", field, why, cure),)


@pytest.mark.parametrize(
    ("where", "told", "fits"),
    [
        ("user.name", "Ann\u200bLee", False),
        ("user.name", "Ann\u2060Lee", False),
        ("user.name", "Ann\x07Lee", False),
        ("user.name", "Ann\nLee", False),
        ("user.name", "Änn Lée", True),
        ("shop/customers/tag", "b\x1bc", False),
        ("shop/customers/tag", "b\n\tc", True),
        ("shop/customers/tag", "b\u200cc", True),
    ],
)
def test_what_nobody_can_see_is_not_written(desk: Desk, where: str, told: str, fits: bool) -> None:
    ref = desk.open_request("rectification", pairs(["email=ann@x.org"]), date.today(), corrections=[(where, told)]).ref
    refusals = desk.make_plan(ref).refusals
    assert [r.why for r in refusals] == ([] if fits else ["the new value holds characters that can't be seen"])


@pytest.mark.parametrize("told", ["bob@x.org", "BOB@X.ORG", "carl@x.org"])
def test_an_identifier_that_somebody_else_carries_anywhere_is_refused(desk: Desk, told: str) -> None:
    plan = plan_of(desk, f"{EMAIL}={told}")
    assert {(r.system, r.field) for r in plan.refusals} >= {("shop", "email"), ("news", "email")}
    assert all("carries this email" in r.why or "unique" in r.why for r in plan.refusals)


def test_a_phone_or_a_name_may_be_shared(world: World, desk: Desk) -> None:
    world.do("shop", "UPDATE customers SET phone = '030 999999' WHERE id = 2")
    plan = plan_of(desk, "user.name=Bob May", "user.contact.phone_number=030 999999")
    assert plan.refusals == ()


def test_a_unique_column_is_asked_although_it_is_no_identifier(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.sql(
        "shop",
        people=table(
            "id email nick",
            (1, "ann@x.org", "ann"),
            (2, "bob@x.org", "bob"),
            ddl="id INTEGER PRIMARY KEY, email TEXT, nick TEXT UNIQUE",
            email=ident("email"),
            nick={"category": "user.account.username"},
        ),
    )
    desk = world.desk()
    (refusal,) = plan_of(desk, "user.account.username=bob").refusals
    assert refusal == Refusal(
        "shop", "people", "nick", "it must be unique, and another record has this value", "Give another value"
    )
    assert plan_of(desk, "user.account.username=anna").refusals == ()


def test_a_name_over_several_columns_is_corrected_column_by_column(tmp_path: Path) -> None:
    world = World(tmp_path)
    people = table(
        "id email first last",
        (1, "ann@x.org", "Ann", "Lee"),
        id={"category": "user.unique_id"},
        email=ident("email", category=EMAIL),
        first={"category": "user.name.first"},
        last={"category": "user.name.last"},
        identities={"name": ["first", "last"]},
    )
    world.sql("crm", people=people)
    desk = world.desk()
    (refusal,) = plan_of(desk, "user.name=Anna Leigh").refusals
    assert (refusal.field, refusal.cure) == ("first, last", "Correct each field by itself: crm/people/first, crm/people/last")
    (refusal,) = plan_of(desk, "user=Anna Leigh").refusals
    assert "crm/people/email, crm/people/first" in refusal.cure
    assert "crm/people/id" not in refusal.cure, "the key can't be corrected"
    assert writes(plan_of(desk, "user.name.first=Anna", "crm/people/last=Leigh")) == {
        "crm/people/1": {"first": "Anna", "last": "Leigh"}
    }


def test_a_request_that_says_nothing_is_not_planned(desk: Desk) -> None:
    ref = asked(desk).ref
    with pytest.raises(RefusedError, match="does not say what to correct"):
        desk.make_plan(ref)
    desk.correct(ref, pairs(["user.name=Anna Lee"]))
    assert desk.make_plan(ref).refusals == ()


def test_a_correction_is_withdrawn(world: World, desk: Desk) -> None:
    ref = asked(desk, "user.name=Anna Lee", f"{EMAIL}=new@x.org").ref
    assert {"name", "email"} <= {n for w in writes(desk.make_plan(ref)).values() for n in w}
    left = desk.correct(ref, pairs(["user.contact.phone_number=030 765"]), ["user.name"]).facts.corrections
    assert [c.where for c in left] == [EMAIL, "user.contact.phone_number"]
    assert (desk.plan(ref), desk.request(ref).stage) == (None, "review"), "what was planned is not what is asked for any more"
    assert {n for w in writes(desk.make_plan(ref)).values() for n in w} == {"email", "phone"}
    with pytest.raises(UsageError, match="corrects nothing there"):
        desk.correct(ref, pairs(["user.name=Anna Ray"]), [EMAIL, "user.name"])
    assert desk.request(ref).facts.corrections == left, "all of it, or nothing"
    desk.correct(ref, [], [EMAIL, "user.contact.phone_number"])
    with pytest.raises(RefusedError, match="does not say what to correct"):
        desk.make_plan(ref)


@pytest.mark.parametrize("where", ["", "email", "shop/customers", "shop/customers/email/x", "shop//email"])
def test_a_correction_names_a_place(desk: Desk, where: str) -> None:
    with pytest.raises(UsageError, match="names no place"):
        asked(desk, f"{where}=x")


def test_only_a_rectification_takes_corrections(desk: Desk) -> None:
    with pytest.raises(UsageError):
        desk.open_request("erasure", pairs(["email=ann@x.org"]), date.today(), corrections=pairs(["user.name=X"]))
    ref = desk.open_request("erasure", pairs(["email=ann@x.org"]), date.today()).ref
    with pytest.raises(UsageError):
        desk.correct(ref, pairs(["user.name=X"]))


def test_a_doubtful_record_is_left_to_a_person_until_they_include_it(tmp_path: Path) -> None:
    world = World(tmp_path)
    email, name = ident("email", category=EMAIL), ident("name", category="user.name")
    world.sql("a", customers=table("id email name", (1, "ann@x.org", "Ann Lee"), subject=True, email=email, name=name))
    ddl = "id INTEGER PRIMARY KEY, email VARCHAR(10), name TEXT"
    world.sql("b", contacts=table("id email name", (5, "ann@x.org", "Zoe Ray"), subject=True, ddl=ddl, email=email, name=name))
    desk = world.desk()
    ref = asked(desk, f"{EMAIL}=new@x.org").ref
    plan = desk.make_plan(ref)
    assert {s.ref.path: s.action for s in plan.steps} == {"a/customers/1": "change", "b/contacts/5": "manual"}
    assert [t.kind for t in desk.tasks(ref)] == ["rows"]
    desk.review(ref, [RowRef.parse("b/contacts/5")], True, "She married")
    assert set(writes(desk.make_plan(ref))) == {"a/customers/1", "b/contacts/5"}
    long = asked(desk, f"{EMAIL}=annabel.lee@x.org").ref
    assert desk.make_plan(long).refusals == ()  # what nobody included is not checked either
    desk.review(long, [RowRef.parse("b/contacts/5")], True, "She married")
    assert refused(desk.make_plan(long)) == [("b/contacts/email", "the new value has 17 characters, and it takes 10")]


# -- what is proved --------------------------------------------------------------------------------------------------------


def test_a_field_that_does_not_hold_its_new_value_is_left_over(world: World, desk: Desk) -> None:
    ref = done(desk, f"{EMAIL}=ann.new@x.org")
    world.do("shop", "UPDATE customers SET email = 'ann@x.org' WHERE id = 1")
    proof = desk.verify(ref)
    (left,) = proof.leftovers
    assert (left.ref.path, left.fields, left.why) == ("shop/customers/1", ("email",), "does not hold its new value")
    assert proof.total("before") == proof.total("changed") + proof.total("excluded") + proof.total("leftover") == 3


def test_a_corrected_row_that_is_gone_is_left_over(world: World, desk: Desk) -> None:
    ref = done(desk, "user.name=Anna Lee")
    world.do("shop", "DELETE FROM customers WHERE id = 1")
    assert next((x.ref.path, x.why) for x in desk.verify(ref).leftovers if not x.fields) == ("shop/customers/1", "is gone")


def test_the_second_search_asks_with_the_old_and_the_new_identifiers(world: World, desk: Desk) -> None:
    ref = done(desk, f"{EMAIL}=ann.new@x.org")
    request, plan, found = desk.request(ref), desk.plan(ref), desk.found(ref)
    assert plan is not None
    assert found is not None
    known = verify.everything_known(world.catalog(), request, plan, found)
    assert {v for k, v in known.given if k == "email"} >= {"ann@x.org", "ann.new@x.org"}
    with (world.folder / "news.csv").open("a", encoding="utf-8") as file:
        file.write("7,ann.new@x.org,Wien\n")
    assert [x.ref.path for x in desk.verify(ref).leftovers] == ["news/news/7"]
    with (world.folder / "news.csv").open("a", encoding="utf-8") as file:
        file.write("8,ann@x.org,Wien\n")
    assert {x.ref.path for x in desk.verify(ref).leftovers} == {"news/news/7", "news/news/8"}


def test_drift_stops_a_correction_like_everything_else(world: World, desk: Desk) -> None:
    ref = asked(desk, "user.name=Anna Lee").ref
    plan = desk.make_plan(ref)
    desk.approve(ref, plan.digest)
    world.do("shop", "UPDATE customers SET points = 8 WHERE id = 1")
    assert (desk.apply(ref).status, world.ask("shop", "SELECT name FROM customers WHERE id = 1")) == ("refused", [("Ann Lee",)])


# -- what is taken back ----------------------------------------------------------------------------------------------------


def test_a_correction_is_taken_back_to_the_byte(world: World, desk: Desk) -> None:
    before = world.state()
    ref = done(desk, f"{EMAIL}=ann.new@x.org", "user.demographic.date_of_birth=1991-02-28", "user.contact.phone_number=")
    assert world.state() != before
    back = desk.undo(ref, "It was somebody else's letter")
    assert (back.facts.undoes, {c.row is not None for c in back.facts.corrections}) == (ref, {True})
    plan = desk.make_plan(back.ref)
    applied(desk, back.ref, plan)
    assert desk.verify(back.ref).status == "verified"
    assert world.state() == before


def test_what_was_written_by_an_earlier_plan_is_taken_back_too(world: World, desk: Desk) -> None:
    before = world.state()
    ref = done(desk, f"{EMAIL}=one@x.org")
    desk.correct(ref, pairs([f"{EMAIL}=two@x.org"]))
    desk.add_identifier(ref, "email", "one@x.org")
    applied(desk, ref, desk.make_plan(ref))
    back = desk.undo(ref, "All of it was wrong").ref
    desk.add_identifier(back, "email", "two@x.org")
    applied(desk, back, desk.make_plan(back))
    assert world.state() == before


def test_a_correction_is_taken_back_once(desk: Desk) -> None:
    ref = done(desk, "user.name=Anna Lee")
    back = desk.undo(ref, "Not asked for").ref
    with pytest.raises(RefusedError, match=f"{back} undoes {ref} already"):
        desk.undo(ref, "Not asked for")


def test_nothing_is_taken_back_past_the_window(desk: Desk) -> None:
    ref = done(desk, "user.name=Anna Lee")
    now = datetime.now(UTC)
    with time_machine.travel(now + UNDO_WINDOW + timedelta(minutes=1), tick=False), pytest.raises(RefusedError, match="30 days"):
        desk.undo(ref, "Too late for that")
    with time_machine.travel(now + UNDO_WINDOW - timedelta(minutes=1), tick=False):
        assert desk.undo(ref, "Just in time").facts.undoes == ref


def test_what_wrote_nothing_is_not_taken_back(desk: Desk) -> None:
    ref = asked(desk, "user.name=Anna Lee").ref
    desk.make_plan(ref)
    with pytest.raises(RefusedError, match="has corrected nothing"):
        desk.undo(ref, "It was never applied")
    erasure = desk.open_request("erasure", pairs(["email=ann@x.org"]), date.today()).ref
    with pytest.raises(RefusedError, match="only a rectification"):
        desk.undo(erasure, "It can't be undone")


def test_a_field_that_was_changed_since_is_not_put_back(world: World, desk: Desk) -> None:
    ref = done(desk, "user.name=Anna Lee")
    world.do("shop", "UPDATE customers SET name = 'Anna Ray' WHERE id = 1")
    plan = desk.make_plan(desk.undo(ref, "Not asked for").ref)
    assert refused(plan) == [("shop/customers/name", "it no longer holds what the correction wrote")]


def test_two_desks_that_undo_at_the_same_moment_open_one_request(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = done(desk, "user.name=Anna Leigh")
    other, read = world.desk(), desk.catalog_read
    undoing: list[str] = []

    def undone_meanwhile() -> CatalogRead:  # between looking and writing, a desk reads the catalog
        undoing.append(other.undo(ref, "Not asked for").ref)
        return read()

    monkeypatch.setattr(desk, "catalog_read", undone_meanwhile)
    with pytest.raises(RefusedError, match=f"undoes {ref} already"):
        desk.undo(ref, "Not asked for")
    assert {r.ref for r in other.requests()} == {ref, *undoing}


def test_undo_works_for_a_closed_request(world: World, desk: Desk) -> None:
    ref = done(desk, "user.name=Anna Lee")
    desk.close_request(ref)
    back = desk.undo(ref, "Closed too early").ref
    assert writes(desk.make_plan(back)) == {"shop/customers/1": {"name": "Ann Lee"}}


@pytest.mark.parametrize(("right", "copies"), [("rectification", 1), ("restriction", 0)])
def test_old_copies_are_looked_at_for_what_was_corrected_not_for_what_was_only_marked(
    tmp_path: Path, right: str, copies: int
) -> None:
    world = World(tmp_path)
    row, email = ("1", "ann@x.org", "likes cats a lot"), ident("email")
    path = world.csv("news", table("no email about", row, email=email, about=text(), on_restrict={"set": {"about": "on hold"}}))
    (tmp_path / "news.csv.bak").write_bytes(path.read_bytes())
    desk = world.desk()
    told = pairs(["news/news/about=likes dogs"] if right == "rectification" else [])
    ref = desk.open_request(right, pairs(["email=ann@x.org"]), date.today(), corrections=told).ref
    applied(desk, ref, desk.make_plan(ref))
    assert [r.where for r in desk.verify(ref).residue] == ["news.csv.bak"] * copies
