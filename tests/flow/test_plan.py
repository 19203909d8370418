"""Plan: every field gets one outcome, everything that can't be done is refused by name, and nothing is changed."""

from __future__ import annotations

from typing import Any

import pytest

from dsr_desk.errors import CatalogError, RefusedError, UsageError
from dsr_desk.flow.plan import digest_of
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Plan
from dsr_desk.model.values import fingerprint
from tests.flow.company import FOUND, company
from tests.flow.world import KEEP, Table, World, ident, opened, owned_by, pairs, planned, seen_by, table, text

OUTCOMES = {
    "erased",
    "changed",
    "pseudonymised",
    "retained",
    "disclosed",
    "withheld",
    "excluded",
    "not personal",
    "failed",
    "manual",
}


def outcomes(plan: Plan, row: str) -> dict[str, str]:
    step = next(s for s in plan.steps if s.ref.path == row)
    return {name: o.name for name, o in step.fields.items()}


def one(world: World, t: Table) -> Plan:
    """The plan for the person ann@x.org of a world with one collection ``people``."""
    world.sql("db", people=t)
    desk = world.desk()
    with desk.workspace:
        return planned(desk, "email=ann@x.org")[1]


def refused(plan: Plan) -> set[tuple[str, str]]:
    assert plan.digest == ""
    assert all(r.why and r.cure for r in plan.refusals)
    return {(r.collection, r.field) for r in plan.refusals}


def test_every_field_of_every_finding_has_one_outcome(world: World) -> None:
    company(world)
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    assert {s.ref.path for s in plan.steps} == FOUND
    for step in plan.steps:
        assert set(step.fields) == set(step.before)
        assert {o.name for o in step.fields.values()} <= OUTCOMES
    assert outcomes(plan, "shop/customers/1") == {
        "id": "retained",
        "email": "changed",
        "name": "erased",
        "phone": "erased",
        "address": "erased",
        "made": "not personal",
    }
    assert set(outcomes(plan, "shop/orders/7").values()) == {"retained"}
    assert set(outcomes(plan, "shop/wishes/30").values()) == {"erased"}
    order = next(s for s in plan.steps if s.ref.path == "shop/orders/7")
    assert (order.fields["note"].ground, order.fields["note"].until) == ("17(3)(b)", "2034-03-01")
    assert len(plan.digest) == 64
    assert world.state() == before


def test_the_digest_covers_everything_and_the_nonce_makes_it_new(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref, first = planned(desk, "email=ann@x.org")
        second = desk.make_plan(ref)
    assert first.digest != second.digest
    assert len(bytes.fromhex(first.nonce)) == 32
    assert first.nonce != second.nonce
    from dataclasses import replace

    for change in (
        {"nonce": "0" * 64},
        {"steps": first.steps[:-1]},
        {"watches": {}},
        {"expires": "2099-01-01T00:00:00+00:00"},
        {"waived": ("shop",)},
        {"catalog": "0"},
        {"steps": (replace(first.steps[0], writes={**first.steps[0].writes, "email": "x"}), *first.steps[1:])},
        {"steps": (replace(first.steps[0], digest=""), *first.steps[1:])},
    ):
        assert digest_of(replace(first, **change)) != first.digest, change  # type: ignore[arg-type]


def test_each_row_is_fingerprinted_over_all_its_columns(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        with desk.workspace.read() as tx:
            key = tx.unseal(ref, "plan-key")
    assert key is not None
    for step in plan.steps:
        assert step.digest == fingerprint(key, step.before)


def test_columns_that_the_catalog_does_not_know_are_left_to_a_person(world: World) -> None:
    plan = one(
        world,
        table(
            "id email shoe",
            ("a", "ann@x.org", 38),
            subject=True,
            on_erase="redact",
            email=ident("email", None),
            unlisted=("shoe",),
        ),
    )
    assert outcomes(plan, "db/people/a")["shoe"] == "manual"
    assert plan.digest


def test_an_unknown_column_keeps_the_request_open(world: World) -> None:
    one(
        world,
        table(
            "id email shoe", ("a", "ann@x.org", 38), subject=True, on_erase="redact", email=ident("email", None), unlisted=("shoe",)
        ),
    )
    desk = world.desk()
    with desk.workspace:
        (task,) = desk.tasks()
        assert task.open
        assert "does not know" in task.instructions


@pytest.mark.parametrize(
    ("until", "ordered", "ends"),
    [
        ("2031-12-31", "2024-03-01", "2031-12-31"),
        ({"field": "ordered", "plus": "10 years"}, "2024-03-01", "2034-03-01"),
        ({"field": "ordered", "plus": "1 year"}, "2024-02-29", "2025-02-28"),
        ({"field": "ordered", "plus": "6 months"}, "2024-08-31", "2025-02-28"),
        ({"field": "ordered", "plus": "30 days"}, "2024-12-15", "2025-01-14"),
        ({"field": "ordered", "plus": "6 years"}, "9999-12-31", "never"),
        ({"field": "ordered", "plus": "9999 years"}, "2024-03-01", "never"),
        ({"field": "ordered", "plus": "10 years"}, "2024-03-01 10:11:12", "2034-03-01"),
        (None, "2024-03-01", ""),
    ],
)
def test_what_is_kept_says_until_when(world: World, until: Any, ordered: str, ends: str) -> None:
    keep = {**KEEP, **({"until": until} if until else {})}
    plan = one(
        world,
        table("id email ordered", ("a", "ann@x.org", ordered), subject=True, on_erase="keep", keep=keep, email=ident("email")),
    )
    outcome = plan.steps[0].fields["email"]
    assert (outcome.name, outcome.ground, outcome.until, outcome.reason) == ("retained", "17(3)(b)", ends, "Tax records")


def test_in_a_kept_row_a_field_with_erase_is_erased(world: World) -> None:
    plan = one(
        world,
        table(
            "id email note",
            ("a", "ann@x.org", "x"),
            subject=True,
            on_erase="keep",
            keep=KEEP,
            email=ident("email"),
            note=text(None),
        ),
    )
    assert outcomes(plan, "db/people/a") == {"id": "retained", "email": "retained", "note": "erased"}
    assert plan.steps[0].writes == {"note": None}


def test_refusals_come_all_at_once_and_by_name(world: World) -> None:
    plan = one(
        world,
        table(
            "id email a b d e",
            (1, "ann@x.org", "x", "y", 5, "w"),
            subject=True,
            on_erase="redact",
            email=ident("email", {"constant": "gone"}),
            a=text(None),
            b=text({"constant": "far too long"}),
            d=text({"constant": "words"}),
            e=text(None),
            ddl="id INTEGER PRIMARY KEY, email TEXT, a TEXT NOT NULL, b VARCHAR(4), d INTEGER NOT NULL, e TEXT",
        ),
    )
    assert refused(plan) == {("people", "a"), ("people", "b"), ("people", "d")}


@pytest.mark.parametrize(
    ("ddl", "field", "erase"),
    [
        ("id INTEGER PRIMARY KEY, email TEXT, it TEXT CHECK (it <> 'gone')", "it", {"constant": "gone"}),
        ("id INTEGER PRIMARY KEY, email TEXT, it TEXT NOT NULL", "it", None),
        ("id INTEGER PRIMARY KEY, email TEXT, it CHAR(3)", "it", {"constant": "gone"}),
    ],
)
def test_what_the_live_database_forbids_is_refused(world: World, ddl: str, field: str, erase: Any) -> None:
    before_and = table(
        "id email it", (1, "ann@x.org", "x"), subject=True, on_erase="redact", email=ident("email", None), it=text(erase), ddl=ddl
    )
    plan = one(world, before_and)
    assert plan.refusals
    assert any(r.collection == "people" for r in plan.refusals)
    assert plan.digest == ""
    assert world.ask("db", "SELECT it FROM people") == [("x",)]


def test_a_generated_column_is_refused(world: World) -> None:
    ddl = "id INTEGER PRIMARY KEY, email TEXT"
    world.sql("db", people=table("id email", (1, "ann@x.org"), ddl=ddl))
    world.do("db", "ALTER TABLE people ADD COLUMN it TEXT AS (email || '!') VIRTUAL")
    says = table("id email it", subject=True, on_erase="redact", email=ident("email", None), it=text(None))
    world.say("db", "sql", {"url": "sqlite:///db.db"}, {"people": says})
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    assert ("people", "it") in refused(plan)


def test_a_trigger_that_forbids_is_refused(world: World) -> None:
    world.sql("db", people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")))
    world.do("db", "CREATE TRIGGER no BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'ann@x.org stays'); END")
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    assert plan.refusals
    assert not any("ann@x.org" in r.why + r.cure for r in plan.refusals), "a driver's own text never gets out"
    assert len(world.ask("db", "SELECT * FROM people")) == 1


def test_a_constant_that_collides_in_a_unique_column_is_refused(world: World) -> None:
    people = table(
        "id email nick",
        (1, "ann@x.org", "a"),
        (2, "ben@x.org", "gone"),
        subject=True,
        on_erase="redact",
        email=ident("email", None),
        nick=text({"constant": "gone"}),
        ddl="id INTEGER PRIMARY KEY, email TEXT, nick TEXT UNIQUE",
    )
    assert any(r.collection == "people" for r in one(world, people).refusals)


def test_two_rows_of_the_plan_with_one_unique_value_are_refused(world: World) -> None:
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")),
        nicks=table(
            "id person nick",
            (1, 1, "a"),
            (2, 1, "b"),
            on_erase="redact",
            person=owned_by("people.id"),
            nick=text({"constant": "gone"}),
            ddl="id INTEGER PRIMARY KEY, person, nick TEXT UNIQUE",
        ),
    )
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    assert ("nicks", "nick") in refused(plan)


@pytest.mark.parametrize("erase", [{"fakes": None}, {"no_such": None}, {"masks": {"keep_last": 4}}])
def test_a_strategy_that_is_not_there_is_a_catalog_error(world: World, erase: Any) -> None:
    world.sql("db", people=table("id email", (1, "ann@x.org"), subject=True, on_erase="redact", email=ident("email", erase)))
    with pytest.raises(CatalogError):
        world.desk()


def test_a_personal_field_of_a_redacted_row_needs_its_erase(world: World) -> None:
    world.sql("db", people=table("id email", (1, "ann@x.org"), subject=True, on_erase="redact", email=ident("email")))
    with pytest.raises(CatalogError):
        world.desk()


def test_no_plan_on_an_incomplete_search(world: World) -> None:
    company(world)
    desk = world.desk()
    (world.folder / "news.csv").rename(world.folder / "elsewhere")
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        with pytest.raises(RefusedError) as caught:
            desk.make_plan(ref)
        assert "news" in caught.value.message
        with pytest.raises(UsageError):
            desk.waive(ref, "news", "why")
        with pytest.raises(UsageError):
            desk.waive(ref, "nowhere", "It was shut down long ago")
        desk.waive(ref, "news", "It was shut down long ago")
        plan = desk.make_plan(ref)
    assert plan.waived == ("news",)
    assert plan.digest


def test_no_plan_on_an_ambiguous_search(world: World) -> None:
    world.sql("db", people=table("id phone", (1, "+49301"), (2, "+49301"), subject=True, phone=ident("phone")))
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "phone=+49301")
        with pytest.raises(RefusedError):
            desk.make_plan(ref)
        desk.choose_subjects(ref, [RowRef.parse("db/people/2")], "Called back")
        assert [s.ref.path for s in desk.make_plan(ref).steps] == ["db/people/2"]


def test_no_plan_on_a_catalog_that_nobody_accepted(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        file = world.folder / "catalog" / "news.yaml"
        file.write_text(file.read_text() + "\n# changed\n")
        assert desk.quick_search(pairs(["email=ann@x.org"])).complete
        with pytest.raises(RefusedError):
            desk.make_plan(ref)
        desk.accept_catalog()
        assert desk.make_plan(ref).digest


def shared(world: World) -> None:
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, email=ident("email")),
        deals=table("id a b", (7, 1, 2), a=owned_by("people.id"), b=owned_by("people.id")),
        letters=table("id sender reader", (8, 2, 1), sender=owned_by("people.id"), reader=seen_by("people.id")),
        notes=table("id person body", (9, 2, "Told ann@x.org so"), person=owned_by("people.id"), body=text(mentions=True)),
    )


def test_what_is_not_plainly_hers_is_left_to_a_person(world: World) -> None:
    shared(world)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        actions = {s.ref.path: s.action for s in plan.steps}
        assert actions == {"db/people/1": "delete", "db/deals/7": "manual", "db/letters/8": "keep", "db/notes/9": "manual"}
        assert set(outcomes(plan, "db/letters/8").values()) == {"excluded"}
        assert {t.row for t in desk.tasks(ref)} == {"deals", "notes"}


def test_a_person_decides_with_a_reason(world: World) -> None:
    shared(world)
    deal, note = RowRef.parse("db/deals/7"), RowRef.parse("db/notes/9")
    desk = world.desk()
    with desk.workspace:
        ref, _ = planned(desk, "email=ann@x.org")
        for reason in ("", "  ", "x"):
            with pytest.raises(UsageError):
                desk.review(ref, [deal], False, reason)
        with pytest.raises(UsageError):
            desk.review(ref, [RowRef.parse("db/deals/99")], True, "It is hers alone")
        desk.review(ref, [deal], False, "It is Ben's alone")
        desk.review(ref, [note], True, "She asked for it")
        plan = desk.make_plan(ref)
        assert {o.reason for o in next(s for s in plan.steps if s.ref == deal).fields.values()} == {"It is Ben's alone"}
        assert set(outcomes(plan, "db/deals/7").values()) == {"excluded"}
        written = next(s for s in plan.steps if s.ref == note).writes
        assert written == {"body": "Told [erased] so"}
        assert desk.tasks(ref) == []


def test_what_she_may_only_see_is_not_hers_to_erase(world: World) -> None:
    """accessed_by: may see, may not erase, whatever a person ticks."""
    shared(world)
    desk = world.desk()
    with desk.workspace:
        ref, _ = planned(desk, "email=ann@x.org")
        try:
            desk.review(ref, [RowRef.parse("db/letters/8")], True, "She wants it gone")
        except (UsageError, RefusedError):
            return
        plan = desk.make_plan(ref)
    step = next(s for s in plan.steps if s.ref.collection == "letters")
    assert step.action in ("keep", "manual")
    assert not step.writes


def test_a_reference_is_cleared_before_what_it_points_to_goes_and_children_go_first(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    at = {s.ref.path: n for n, s in enumerate(plan.steps)}
    assert at["shop/customers/1"] < at["shop/addresses/5"]


def test_nobody_found_makes_an_empty_plan(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=nobody@x.org")
    assert plan.steps == ()
    assert plan.digest


def test_of_two_plans_only_the_last_is_approved(world: World) -> None:
    company(world)
    before = world.state()
    desk = world.desk()
    with desk.workspace:
        ref, first = planned(desk, "email=ann@x.org")
        second = desk.make_plan(ref)
        with pytest.raises(RefusedError):
            desk.approve(ref, first.digest)
        assert desk.approvals(ref) == []
        desk.approve(ref, second.digest)
        with pytest.raises(RefusedError):
            desk.approve(ref, second.digest)
        assert len(desk.approvals(ref)) == 1
    assert world.state() == before


def test_a_used_plan_is_approved_no_second_time_and_does_nothing_again(world: World) -> None:
    company(world)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        desk.approve(ref, plan.digest)
        desk.apply(ref)
        world.do("shop", "UPDATE customers SET email = 'ann@x.org' WHERE id = 1")
        after = world.state()
        with pytest.raises(RefusedError):
            desk.approve(ref, plan.digest)
        desk.apply(ref)
        assert world.state() == after
