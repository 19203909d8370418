"""What a plan says to know before it is approved, and what of it the digest covers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dsr_desk.flow.plan import digest_of
from dsr_desk.flow.planning import caution
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Action, Plan, Reach, Step
from tests.flow.world import KEEP, World, ident, opened, owned_by, planned, table, text

CITY = {"category": "user.contact.address.city", "erase": "keep"}
BORN = {"category": "user.demographic.date_of_birth", "erase": "keep"}
PEOPLE = (
    (1, "ann@x.org", "Ulm", 1980),
    (2, "ben@x.org", "Ulm", 1980),
    (3, "cay@x.org", "Bonn", 1980),
    (4, "dee@x.org", "Ulm", 1975),
)


def of(world: World, given: str) -> Plan:
    desk = world.desk()
    with desk.workspace:
        plan = planned(desk, given)[1]
    assert not plan.refusals, plan.refusals
    return plan


def said(plan: Plan) -> list[tuple[str, str]]:
    return [(c.collection, c.what) for c in plan.cautions]


def people(**more: Any) -> Any:
    return table(
        "id email city born",
        *PEOPLE,
        subject=True,
        on_erase="redact",
        keep=KEEP,
        email=ident("email", None),
        city=CITY,
        born=BORN,
        **more,
    )


@pytest.mark.parametrize(("given", "alone"), [("ann", False), ("ben", False), ("cay", True), ("dee", True)])
@pytest.mark.parametrize("kind", ["sql", "csv"])
def test_what_is_left_may_still_single_somebody_out(world: World, given: str, alone: bool, kind: str) -> None:
    if kind == "sql":
        world.sql("db", people=people())
    else:
        world.csv("db", people())
    plan = of(world, f"email={given}@x.org")
    singled = [c for c in plan.cautions if "singles somebody out" in c.what]
    assert bool(singled) == alone
    if alone:
        assert (singled[0].system, singled[0].field) == ("db", "city, born")


def test_another_record_of_the_same_person_hides_nobody(world: World) -> None:
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, on_erase="redact", email=ident("email", None)),
        orders=table(
            "id person what", (7, 1, "clogs"), (8, 1, "clogs"), on_erase="keep", keep=KEEP,
            person=owned_by("people.id"), what={"category": "user.behavior.purchase_history"},
        ),
    )  # fmt: skip
    (found,) = of(world, "email=ann@x.org").cautions
    assert (found.collection, found.field) == ("orders", "what")
    assert found.what.startswith("2 records")


def test_what_was_not_looked_at_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(n, 1, f"thing {n}") for n in range(30)]
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")),
        orders=table(
            "id person what", *rows, on_erase="keep", keep=KEEP, person=owned_by("people.id"), what={"category": "user.content"}
        ),
    )
    alone, unknown = said(of(world, "email=ann@x.org"))
    assert alone[1].startswith("20 records")
    assert "not checked for 10 records" in unknown[1]
    monkeypatch.setattr(caution, "MOST_READ", 0)
    (unknown,) = said(of(world, "email=ann@x.org"))
    assert "not checked for 30 records" in unknown[1]


def test_an_access_request_warns_of_nothing(world: World) -> None:
    world.sql("db", people=people())
    desk = world.desk()
    with desk.workspace:
        assert not planned(desk, "email=cay@x.org", right="access")[1].cautions


def test_triggers_that_write_elsewhere_are_named(world: World) -> None:
    path = world.sql("db", people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")))
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            CREATE TABLE gone (email); CREATE TABLE seen (email);
            CREATE TRIGGER keep_it AFTER DELETE ON people BEGIN INSERT INTO gone VALUES (old.email); END;
            CREATE TRIGGER on_mail AFTER UPDATE OF email ON people BEGIN INSERT INTO seen VALUES (old.email); END;
            """
        )
    ((collection, what),) = said(of(world, "email=ann@x.org"))
    assert collection == "people"
    assert "keep_it" in what
    assert "gone" in what


@pytest.mark.parametrize(
    ("event", "fires"),
    [("UPDATE", True), ("UPDATE OF email", True), ("UPDATE OF city", False), ("DELETE", False), ("INSERT", False)],
)
def test_only_triggers_that_the_plan_sets_off_are_named(world: World, event: str, fires: bool) -> None:
    path = world.sql("db", people=people())
    row = "old" if event == "DELETE" else "new"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE seen (email)")
        db.execute(f"CREATE TRIGGER noted AFTER {event} ON people BEGIN INSERT INTO seen VALUES ({row}.email); END")
        db.commit()
    assert [what for _, what in said(of(world, "email=ann@x.org")) if "trigger" in what] == [
        "its trigger noted writes to seen: look there, too"
    ] * fires


def test_what_a_cascade_takes_stands_in_the_plan_with_its_count(world: World) -> None:
    path = world.sql(
        "db",
        people=table(
            "id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, cascade=True, email=ident("email"),
            ddl="id INTEGER PRIMARY KEY, email TEXT",
        ),
    )  # fmt: skip
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE log (at, person REFERENCES people(id) ON DELETE CASCADE)")
        db.executemany("INSERT INTO log VALUES (?, ?)", [(1, 1), (2, 1), (3, 2)])
        db.commit()
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        assert not plan.refusals, plan.refusals
        assert plan.steps[0].reach == (Reach("log", ("person",), 2),)
        ((collection, what),) = said(plan)
        assert collection == "people"
        assert what.startswith("2 rows of table log")
        assert digest_of(replace(plan, steps=(replace(plan.steps[0], reach=()),))) != plan.digest
        assert digest_of(replace(plan, cautions=())) != plan.digest
        desk.approve(ref, plan.digest)
        world.do("db", "INSERT INTO log VALUES (4, 1)")
        assert desk.apply(ref).status == "refused", "one more than was shown"
        plan = desk.make_plan(ref)
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
    assert world.ask("db", "SELECT at FROM log") == [(3,)]


def test_a_cascade_that_nobody_agreed_to_is_refused_with_that_cure(world: World) -> None:
    path = world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email"), ddl="id INTEGER PRIMARY KEY, email TEXT"),
    )
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE log (at, person REFERENCES people(id) ON DELETE CASCADE)")
        db.execute("INSERT INTO log VALUES (1, 1)")
        db.commit()
    desk = world.desk()
    with desk.workspace:
        (refusal,) = planned(desk, "email=ann@x.org")[1].refusals
    assert "1 row" in refusal.why
    assert "cascade: true" in refusal.cure


@pytest.mark.parametrize(("environment", "mixed"), [("test", True), ("production", False)])
def test_tests_and_production_in_one_plan_are_pointed_out(world: World, environment: str, mixed: bool) -> None:
    world.sql("db", people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")))
    world.sql("more", {"environment": environment}, users=table("id email", (1, "ann@x.org"), subject=True, email=ident("email")))
    plan = of(world, "email=ann@x.org")
    assert [what.endswith("For tests: more") for _, what in said(plan)] == [True] * mixed


def test_tests_alone_are_no_mixture(world: World) -> None:
    one = table("id email", (1, "ann@x.org"), subject=True, email=ident("email"))
    world.sql("db", {"environment": "test"}, people=one)
    world.sql("more", {"environment": "test"}, users=one)
    assert said(of(world, "email=ann@x.org")) == []


@pytest.mark.parametrize(
    ("until", "ended"), [("2020-01-31", True), ("2999-12-31", False), ({"field": "at", "plus": "1 year"}, True), (None, False)]
)
def test_a_ground_that_has_ended_is_pointed_out(world: World, until: Any, ended: bool) -> None:
    keep = {"ground": "17(3)(b)", "reason": "Tax records", **({"until": until} if until else {})}
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, on_erase="delete", email=ident("email", None)),
        orders=table(
            "id person at", (1, 1, "2001-05-01"), (2, 1, "2001-06-01"), on_erase="keep", keep=keep, person=owned_by("people.id")
        ),
    )
    plan = of(world, "email=ann@x.org")
    said_so = [c.what for c in plan.cautions if c.collection == "orders" and "end date has passed" in c.what]
    assert [w[:14] for w in said_so] == (["2 records stay"] if ended else [])


def hanging(world: World, **person: Any) -> Plan:
    world.sql(
        "db",
        people=table(
            "id email", (1, "ann@x.org"), subject=True, cascade=True, email=ident("email"), ddl="id INTEGER PRIMARY KEY, email TEXT"
        ),
        orders=table(
            "id person what", (7, 1, "clogs"), on_erase="redact", keep=KEEP, person=person, what=text("keep"),
            ddl="id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id) ON DELETE CASCADE, what TEXT",
        ),
    )  # fmt: skip
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        if not plan.refusals:
            desk.approve(ref, plan.digest)
            assert desk.apply(ref).status == "applied"
    return plan


def test_a_kept_row_of_a_listed_table_is_no_prey_of_a_cascade(world: World) -> None:
    refusals = hanging(world, owned_by="people.id").refusals
    mine = next(r for r in refusals if r.collection == "orders")
    assert "1 row of it that the plan does not erase" in mine.why
    assert "owned_by" not in mine.cure, "the catalog says so already"
    assert "give person an erase:" in mine.cure


def test_a_listed_table_that_nobody_owns_is_given_an_owner(world: World) -> None:
    mine = next(r for r in hanging(world).refusals if r.collection == "orders")
    assert "owned_by for person" in mine.cure


def test_a_kept_row_that_is_detached_first_outlives_the_cascade(world: World) -> None:
    assert not hanging(world, owned_by="people.id", erase=None).refusals
    assert world.ask("db", "SELECT id, person, what FROM orders") == [(7, None, "clogs")]


def test_people_of_one_list_hide_each_other(world: World) -> None:
    world.sql("db", people=people())
    others = {"ann": "ben", "ben": "ann"}  # both of Ulm, and born in 1980: nobody else is
    assert said_of_a_list(world, *others) == []
    assert len(said_of_a_list(world, "cay", "dee")) == 1
    world.do("db", "DELETE FROM people WHERE id = 2")
    assert len(said_of_a_list(world, "ann", "cay")) == 1


def test_a_persons_other_records_and_those_that_go_hide_nobody_of_a_list(world: World) -> None:
    world.sql(
        "db",
        people=table(
            "id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, on_erase="redact", keep=KEEP, email=ident("email", None)
        ),
        orders=table(
            "id person what kind", (7, 1, "clogs", ""), (8, 1, "clogs", ""), (9, 2, "clogs", "x"), on_erase="keep", keep=KEEP,
            person=owned_by("people.id"), what={"category": "user.behavior.purchase_history"}, kind=text("keep"),
        ),
    )  # fmt: skip
    assert [what[:9] for what in said_of_a_list(world, "ann", "ben")] == ["1 record "], "Ben's has a kind, Ann's are like his"
    world.do("db", "DELETE FROM orders WHERE id = 9")
    assert [what[:9] for what in said_of_a_list(world, "ann", "ben")] == ["2 records"]


@pytest.mark.parametrize(
    ("action", "writes", "lines", "alone"),
    [
        ("keep", {}, (2,), False),
        ("keep", {}, (1, 2), True),
        ("change", {"town": "-"}, (2,), True),
        ("delete", {}, (2,), True),
        ("manual", {}, (2,), True),
        ("keep", {}, (), True),
    ],
)
def test_others_of_a_list_count_as_they_will_be_left(
    action: Action, writes: dict[str, str], lines: tuple[int, ...], alone: bool
) -> None:
    mine, other = RowRef("db", "homes", ("1",)), RowRef("db", "homes", ("2",))
    step = Step(mine, {}, "keep", {}, "", {"town": "Ulm"})
    steps = [step, replace(step, ref=other, action=action, writes=writes)]
    whose = {mine: (1,), **({other: lines} if lines else {})}
    left = (("town",), ("Ulm",))
    assert caution._without_company({left: [step]}, steps, whose) == ({left: [step]} if alone else {})


def said_of_a_list(world: World, *names: str) -> list[str]:
    listed = world.folder / "people.txt"
    listed.write_text("".join(f"email={n}@x.org\n" for n in names), encoding="utf-8")
    desk = world.desk()
    with desk.workspace:
        plan = desk.make_plan(desk.open_list("erasure", listed, date.today(), by_controller=True).ref)
    assert not plan.refusals, plan.refusals
    return [c.what for c in plan.cautions if "singles somebody out" in c.what]


def test_tokens_of_tokens_are_pointed_out(world: World) -> None:
    world.sql(
        "db",
        people=table(
            "id email nick town", (1, "ann@x.org", "Annie", "Ulm"), (2, "ann@x.org", "Nan", "Ulm"), on_erase="redact",
            keep=KEEP, email=ident("email", "keep"), nick=text({"token": {"ground": "17(3)(e)"}}), town=text("blank"),
        ),
    )  # fmt: skip
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        assert [c for c in plan.cautions if "tokens" in c.what] == []
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        (again,) = [c for c in desk.make_plan(opened(desk, "email=ann@x.org")).cautions if "tokens" in c.what]
        assert (again.collection, again.field, again.what[:14]) == ("people", "nick", "2 records hold")
        assert [c for c in desk.make_plan(ref).cautions if "tokens" in c.what] == [], "those of its own lock stay as they are"
