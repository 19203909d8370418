"""The order of a plan: at every step each foreign key holds, circles are broken first, and what can't be broken is refused."""

from __future__ import annotations

import random
import time
from collections.abc import Set
from dataclasses import replace
from typing import Any

import pytest

from dsr_desk.flow.planning.circles import components
from dsr_desk.flow.planning.order import Ordered, in_order
from dsr_desk.model.catalog import Collection, Field, Reference, System
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Outcome, Step
from dsr_desk.model.schema import Column, ForeignKey, LiveCollection, Schema
from tests.flow.world import World, ident, owned_by, planned, table

GONE = Outcome("erased", "delete")


class Shop:
    """Tables with foreign keys, and rows that all go. A foreign key is (table, column, to table)."""

    def __init__(
        self,
        keys: list[tuple[str, str, str]],
        required: Set[tuple[str, str]] = frozenset(),
        deferred: Set[tuple[str, str]] = frozenset(),
        on_delete: str = "",
    ) -> None:
        self.keys, self.required, self.deferred, self.on_delete = keys, required, deferred, on_delete
        self.rows: list[tuple[str, dict[str, Any]]] = []
        names = sorted({k[0] for k in keys} | {k[2] for k in keys})
        self.columns = {n: ["id", *(c for t, c, _ in keys if t == n)] for n in names}

    def add(self, table: str, id: int, **points: int | None) -> None:
        self.rows.append((table, {c: points.get(c) for c in self.columns[table]} | {"id": id}))

    def system(self) -> System:
        made = {n: Collection("db", n, ("id",), {c: Field(c) for c in cs}) for n, cs in self.columns.items()}
        return System("db", "sql", collections=made)

    def schema(self) -> Schema:
        live = {}
        for name, columns in self.columns.items():
            fks = tuple(
                ForeignKey(t, (c,), to, ("id",), self.on_delete, (t, c) in self.deferred) for t, c, to in self.keys if t == name
            )
            made = {c: Column(c, "integer", nullable=(name, c) not in self.required and c != "id") for c in columns}
            live[name] = LiveCollection(name, made, foreign_keys=fks)
        return Schema("test", live)

    def steps(self) -> list[Step]:
        return [
            Step(RowRef("db", t, (str(v["id"]),)), {"id": v["id"]}, "delete", dict.fromkeys(v, GONE), "d", v) for t, v in self.rows
        ]

    def ordered(self, shuffle: random.Random | None = None) -> Ordered:
        steps = self.steps()
        if shuffle:
            shuffle.shuffle(steps)
        return in_order(steps, self.system(), self.schema())

    def points(self, left: dict[RowRef, dict[str, Any]], required: bool = False) -> dict[RowRef, list[RowRef]]:
        """Who points to whom among these rows by what is checked at once, as slowly and plainly as can be."""
        out: dict[RowRef, list[RowRef]] = {ref: [] for ref in left}
        for ref, values in left.items():
            for t, c, to in self.keys:
                there = RowRef("db", to, (str(values.get(c)),))
                if t != ref.collection or (t, c) in self.deferred or (required and (t, c) not in self.required):
                    continue
                if values[c] is not None and there != ref:
                    out[ref].append(there)
        return out

    def carry_out(self, steps: list[Step]) -> None:
        """Every foreign key holds after every step."""
        left = {s.ref: dict(s.before) for s in self.steps()}
        for step in steps:
            for column in step.unlink:
                assert column != "id"
                assert (step.ref.collection, column) not in self.required
                left[step.ref][column] = None
        for step in steps:
            del left[step.ref]
            for ref, targets in self.points(left).items():
                assert all(t in left for t in targets), f"{ref.path} points to nothing once {step.ref.path} is gone"
        assert not left


def reaches(points: dict[RowRef, list[RowRef]], start: RowRef) -> set[RowRef]:
    seen: set[RowRef] = set()
    todo = list(points[start])
    while todo:
        here = todo.pop()
        if here not in seen and here in points:
            seen.add(here)
            todo += points[here]
    return seen


def random_shop(seed: int) -> Shop:
    dice = random.Random(seed)
    names = "abc"[: dice.randint(1, 3)]
    keys = [(dice.choice(names), f"f{n}", dice.choice(names)) for n in range(dice.randint(1, 5))]
    required = {(t, c) for t, c, _ in keys if dice.random() < 0.35}
    shop = Shop(keys, required, {(t, c) for t, c, _ in keys if dice.random() < 0.15})
    count = dice.randint(1, 9)
    rows = [(dice.choice(sorted(shop.columns)), n) for n in range(count)]
    for name, n in rows:
        points = {}
        for t, c, to in keys:
            targets = [m for other, m in rows if other == to]
            if t == name and targets and (dice.random() < 0.7 or (t, c) in required):
                points[c] = dice.choice(targets)
            elif t == name and (t, c) in required:
                return random_shop(seed + 100_000)
        shop.add(name, n, **points)
    return shop


@pytest.mark.parametrize("block", range(10))
def test_at_every_step_every_foreign_key_holds(block: int) -> None:
    broken = refused = 0
    for seed in range(block * 100, block * 100 + 100):
        shop = random_shop(seed)
        out = shop.ordered()
        assert shop.ordered(random.Random(seed)) == out, "the same rows in another order make another plan"
        whole = {s.ref: dict(s.before) for s in shop.steps()}
        hard = shop.points(whole, required=True)
        stuck = any(ref in reaches(hard, ref) for ref in hard)
        assert bool(out.refusals) == stuck, seed
        if stuck:
            refused += 1
            assert all(r.collection and r.field and r.cure for r in out.refusals)
            continue
        shop.carry_out(out.steps)
        all_points = shop.points(whole)
        for step in out.steps:
            if step.unlink:
                broken += 1
                assert step.ref in reaches(all_points, step.ref), "what is in no circle is not unlinked"
    assert broken
    assert refused


def test_children_go_before_parents_within_one_table() -> None:
    shop = Shop([("a", "up", "a")])
    for n, up in ((1, None), (2, 1), (3, 2), (4, 1)):
        shop.add("a", n, up=up)
    out = shop.ordered()
    shop.carry_out(out.steps)
    assert [s.ref.key for s in out.steps] == [("3",), ("4",), ("2",), ("1",)]
    assert not any(s.unlink for s in out.steps)


def test_a_ring_is_opened_once() -> None:
    shop = Shop([("a", "up", "a")])
    for n in range(50):
        shop.add("a", n, up=(n + 1) % 50)
    out = shop.ordered()
    shop.carry_out(out.steps)
    assert [s.unlink for s in out.steps if s.unlink] == [("up",)]


def test_a_row_that_points_to_itself_just_goes() -> None:
    shop = Shop([("a", "up", "a")], {("a", "up")})
    shop.add("a", 1, up=1)
    out = shop.ordered()
    assert not out.refusals
    assert not out.steps[0].unlink


def test_a_circle_checked_at_the_commit_needs_no_breaking() -> None:
    shop = Shop([("a", "b", "b"), ("b", "a", "a")], {("a", "b"), ("b", "a")}, {("b", "a")})
    shop.add("a", 1, b=1)
    shop.add("b", 1, a=1)
    out = shop.ordered()
    assert not out.refusals
    assert not any(s.unlink for s in out.steps)


def test_a_circle_that_the_system_follows_by_itself_is_no_refusal() -> None:
    shop = Shop([("a", "b", "b"), ("b", "a", "a")], {("a", "b"), ("b", "a")}, on_delete="CASCADE")
    shop.add("a", 1, b=1)
    shop.add("b", 1, a=1)
    assert not shop.ordered().refusals


def test_a_circle_of_the_catalog_alone_is_none_of_the_rows() -> None:
    """customers own addresses, addresses belong to customers: no foreign key says so, any order will do."""
    shop = Shop([("a", "b", "b")])
    shop.add("a", 1, b=1)
    shop.add("b", 1)
    system = shop.system()
    back = Reference("owned_by", ("id",), "db", "a", ("id",))
    collections = {**system.collections, "b": replace(system.collections["b"], references=(back,))}
    out = in_order(shop.steps(), replace(system, collections=collections), shop.schema())
    shop.carry_out(out.steps)


def test_a_long_chain_and_many_pairs_are_ordered_in_one_go() -> None:
    shop = Shop([("a", "up", "a")])
    for n in range(20_000):
        shop.add("a", n, up=n - 1 if n else None)
    for n in range(20_000, 40_000, 2):
        shop.add("a", n, up=n + 1)
        shop.add("a", n + 1, up=n)
    started = time.perf_counter()
    out = shop.ordered()
    print(f"40 000 rows, 10 000 circles: {time.perf_counter() - started:.2f} s")
    assert len(out.steps) == 40_000
    assert sum(bool(s.unlink) for s in out.steps) == 10_000


def test_components_of_a_graph() -> None:
    assert components({1: [2], 2: [3], 3: [1], 4: [1], 5: []}) == [[1, 2, 3], [4], [5]]


def test_two_partners_who_point_at_each_other_go_in_one_run(world: World) -> None:
    """A circle in a real database: the account and its main order point at each other."""
    world.sql(
        "db",
        people=table(
            "id email best", (1, "ann@x.org", 7), subject=True, email=ident("email"), best={},
            ddl="id INTEGER PRIMARY KEY, email TEXT, best INTEGER REFERENCES orders(id)",
        ),
        orders=table(
            "id person parent", (7, 1, 8), (8, 1, 7), person=owned_by("people.id"), parent={},
            ddl="id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people(id), parent INTEGER REFERENCES orders(id)",
        ),
    )  # fmt: skip
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        assert not plan.refusals, plan.refusals
        assert {s.ref.path: s.unlink for s in plan.steps if s.unlink} == {"db/people/1": ("best",), "db/orders/7": ("parent",)}
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        assert desk.verify(ref).status == "verified"


def test_a_circle_that_nothing_breaks_is_refused_by_name(world: World) -> None:
    world.sql(
        "db",
        people=table(
            "id email best", (1, "ann@x.org", 7), subject=True, email=ident("email"), best={},
            ddl="id INTEGER PRIMARY KEY, email TEXT, best INTEGER NOT NULL REFERENCES orders(id)",
        ),
        orders=table(
            "id person", (7, 1), person=owned_by("people.id"),
            ddl="id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people(id)",
        ),
    )  # fmt: skip
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    named = {(r.collection, r.field) for r in plan.refusals if "circle" in r.why}
    assert named == {("people", "best"), ("orders", "person")}
