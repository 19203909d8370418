"""New values: which key makes them, on which ground a pseudonym stays, and what is refused while planning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dsr_desk.catalog.read import read_catalog
from dsr_desk.errors import CatalogError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.planning.values import Keys, Values
from dsr_desk.model.plan import Intent, Outcome, Plan, Step
from dsr_desk.model.schema import Column
from dsr_desk.model.values import Value
from dsr_desk.strategies.base import Strategy
from tests.flow.world import KEEP, World, ident, opened, owned_by, table, text


def planned(world: World, *given: str) -> Plan:
    desk = world.desk()
    with desk.workspace:
        return desk.make_plan(opened(desk, *(given or ("email=ann@x.org",))))


def people(world: World, it: Any, typed: str = "it TEXT", holds: Any = "old", **says: Any) -> None:
    """Two people, and one field ``it`` that is erased as the test says."""
    field = {"category": "user.behavior", "erase": it}
    says = {"subject": True, "on_erase": "redact", "email": ident("email", None), "it": field, **says}
    ddl = f"id INTEGER PRIMARY KEY, email TEXT, {typed}"
    world.sql("db", people=table("id email it", (1, "ann@x.org", holds), (2, "ben@x.org", holds), ddl=ddl, **says))


def step(plan: Plan) -> Step:
    assert not plan.refusals, plan.refusals
    return next(s for s in plan.steps if s.ref.collection == "people")


@pytest.mark.parametrize(
    ("erase", "ddl", "it", "why", "cure"),
    [
        ({"noise": {"by": 5}}, "it DATE", "1987-05-06", "noise writes", "Choose another"),
        ({"mask": {"keep_last": 4}}, "it INTEGER", 4711, "mask writes text", "Choose another"),
        ({"pseudonym": {"suffix": "@erased.invalid"}}, "it VARCHAR(20)", "x", "doesn't fit into 20", "shorter suffix"),
        ("hash", "it VARCHAR(63)", "x", "writes 64 characters, and the column takes 63", "pseudonym"),
        ({"random": {"length": 30}}, "it VARCHAR(20)", "x", "don't fit into 20", "fewer"),
        ({"generalise": {"range": 10}}, "it DATE", "1987-05-06", "the column holds date", "another"),
        ("default", "it POINT NOT NULL", "x", "", ""),
        ({"noise": {"by": 0.5}}, "it INTEGER", 7, "too small", "larger by"),
        ("random", "it BOOLEAN", True, "random writes", "Choose another"),
        ({"constant": "much too long for it"}, "it VARCHAR(10)", "x", "constant has 20 characters", "shorter"),
    ],
)
def test_refused_by_name_while_planning(world: World, erase: Any, ddl: str, it: Any, why: str, cure: str) -> None:
    people(world, erase, ddl, it)
    plan = planned(world)
    if not why:
        assert not plan.refusals
        return
    (refusal,) = plan.refusals
    assert (refusal.system, refusal.collection, refusal.field) == ("db", "people", "it")
    assert why in refusal.why and cure in refusal.cure
    assert not plan.digest


@pytest.mark.parametrize(
    ("erase", "says"),
    [
        ({"noise": {"bye": 5}}, "no setting bye"),
        ({"noise": {}}, "noise needs a setting"),
        ({"noise": {"by": -1}}, "by must be a number above 0"),
        ({"shift": {"days": 0}}, "days must be a whole number from 1"),
        ({"shift": {"days": True}}, "days must be a whole number"),
        ({"fake": {"kind": "names"}}, "kind must be name,"),
        ({"fake": {"kind": "name", "locale": "xx_XX"}}, "locale must be"),
        ({"mask": {"keep_last": "4"}}, "keep_last must be a whole number"),
        ({"hash": {"algorithm": "md5"}}, "algorithm must be sha256 or sha512"),
        ({"generalise": {"prefix": 2, "range": 10}}, "needs one of"),
        ({"generalise": {}}, "needs one of"),
        ({"pseudonym": {"suffix": 7}}, "suffix must be a text"),
        ({"pseudonym": {"key": "company"}}, "key must be request or workspace"),
        ({"pseudonym": {"key": "workspace"}}, "has no ground to stay"),
        ({"pseudonym": {"key": "workspace", "ground": "because"}}, "ground must be an article"),
        ("token", "has no ground to stay"),
        ({"token": {"key": "workspace", "ground": "17(3)(b)"}}, "no setting key"),
        ("fake", "doesn't tell what to invent"),
    ],
)
def test_the_catalog_check_names_what_is_wrong(world: World, erase: Any, says: str) -> None:
    people(world, erase)
    with pytest.raises(CatalogError):
        world.desk()
    assert says in " ".join(map(str, read_catalog(world.folder).errors))


def test_without_a_ground_a_plan_refuses_what_can_be_linked() -> None:
    """The catalog check comes first; a plan relies on nobody."""
    values = bare({"it": ("pseudonym", {"key": "workspace"})})
    assert "on which ground it may stay" in next(iter(values.refusals)).why


def test_an_erasure_of_one_request_links_its_systems_and_no_other_request(world: World) -> None:
    people(world, None, email=ident("email", "hmac"))
    world.csv("news", table("line mail", (1, "ann@x.org"), (2, "ben@x.org"), on_erase="redact", mail=ident("email", "hmac")))
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        first = written(desk, ref)
        assert len(set(first)) == 1 and len(first) == 2
        assert written(desk, ref) == first  # a later plan of the same request
        assert set(written(desk, opened(desk, "email=ann@x.org"))).isdisjoint(first)


def test_with_the_workspace_key_requests_link_and_the_outcome_says_so(world: World) -> None:
    people(world, {"pseudonym": {"key": "workspace"}}, keep=KEEP)
    desk = world.desk()
    with desk.workspace:
        first = desk.make_plan(opened(desk, "email=ann@x.org"))
        outcome = step(first).fields["it"]
        assert (outcome.name, outcome.ground, outcome.reason) == ("pseudonymised", KEEP["ground"], KEEP["reason"])
        assert step(first).heading == "retained"
        second = desk.make_plan(opened(desk, "email=ben@x.org"))
        assert step(first).writes["it"] == step(second).writes["it"] != "old"
        desk.rotate_key()
        third = desk.make_plan(opened(desk, "email=ann@x.org"))
        assert step(third).writes["it"] == step(first).writes["it"]


def test_a_ground_of_its_own_wins_and_null_is_no_pseudonym(world: World) -> None:
    people(world, {"token": {"ground": "17(3)(e)"}}, keep=KEEP)
    assert step(planned(world)).fields["it"].ground == "17(3)(e)"
    world.do("db", "UPDATE people SET it = NULL")
    assert step(planned(world)).fields["it"].name == "erased"


def test_the_end_date_of_the_row_is_that_of_its_pseudonym(world: World) -> None:
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, on_erase="delete", email=ident("email")),
        orders=table(
            "id person ordered name note",
            (7, 1, "2024-03-01", "Ann Lee", "blue"),
            on_erase="keep",
            keep={**KEEP, "until": {"field": "ordered", "plus": "10 years"}},
            person=owned_by("people.id"),
            name={"category": "user.name", "erase": "token"},
            note=text(),
        ),
    )
    plan = planned(world)
    order = next(s for s in plan.steps if s.ref.collection == "orders")
    assert (order.fields["name"].name, order.fields["name"].until) == ("pseudonymised", "2034-03-01")


def test_what_to_invent_follows_from_the_data_category(world: World) -> None:
    people(world, None, email=ident("email", {"fake": {"locale": "de_DE"}}, category="user.contact.email"))
    assert "@example." in step(planned(world)).writes["email"]


class _Lazy(Strategy):
    """Gives back what it got."""

    name = "lazy"

    def value(self, before: Value, column: Column, params: Mapping[str, Any], key: bytes) -> Value:
        return str(before)


def bare(erase: Mapping[str, tuple[str, Mapping[str, Any]]], extra: tuple[Strategy, ...] = ()) -> Values:
    """Values over one row of one collection, without a catalog file."""
    from dsr_desk.model.catalog import Catalog, Collection, Field, System
    from dsr_desk.model.finding import Finding, Row, RowRef
    from dsr_desk.model.schema import Schema

    collection = Collection("db", "people", ("id",), {n: Field(n, category="user.content") for n in ("id", "it")})
    values = Values(
        Catalog({"db": System("db", "sql", collections={"people": collection})}, ""),
        {"db": Schema("", {})},
        Keys(b"", b"r", b"l", b"w"),
    )
    values._strategies = {**values._strategies, **{s.name: s for s in extra}}
    row = Row(RowRef("db", "people", ("1",)), {"id": 1}, {"id": 1, "it": 4711})
    values.step(Intent(row.ref, "change", {"id": Outcome("retained", "key"), "it": Outcome("erased")}, erase), Finding(row, ()))
    return values


def test_a_strategy_of_ones_own_that_gives_the_value_back_is_caught() -> None:
    (refusal,) = bare({"it": ("lazy", {})}, (_Lazy(),)).refusals
    assert "leave some of its values as they are" in refusal.why


def test_a_strategy_that_is_not_there_is_refused() -> None:
    assert "no strategy called nothing" in next(iter(bare({"it": ("nothing", {})}).refusals)).why


def written(desk: Desk, ref: str) -> list[Value]:
    plan = desk.make_plan(ref)
    assert not plan.refusals, plan.refusals
    return [v for s in plan.steps for v in s.writes.values() if v is not None]
