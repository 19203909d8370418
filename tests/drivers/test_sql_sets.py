"""Many rows in one statement: what it writes is what the plan says, and whatever it can't be sure of is looked at row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dsr_desk.drivers._sql import applying, sets
from dsr_desk.drivers._sql.postgresql_sets import PostgresqlSets
from dsr_desk.drivers._sql.sqlite_sets import SqliteSets
from dsr_desk.errors import DriftError, RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Lookup
from dsr_desk.model.plan import Watch, Work
from tests.drivers.contract import KEY, apply, kept, step
from tests.drivers.sql_contract import SqlPlace, collection
from tests.drivers.sql_shapes import listed, rows_of

MANY = 900


@pytest.fixture
def shop(anywhere: SqlPlace) -> SqlPlace:
    """Buyers and what they bought, a third of them the plan's."""
    anywhere.run("CREATE TABLE buyers (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, since DATE, score NUMERIC)")
    anywhere.run("CREATE TABLE bought (buyer INTEGER REFERENCES buyers (id), pos TEXT, what TEXT, PRIMARY KEY (buyer, pos))")
    with anywhere.engine.begin() as conn:
        conn.exec_driver_sql(
            f"INSERT INTO buyers WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {3 * MANY}) "
            "SELECT i, 'p' || i || '@example.org', '2020-01-31', i FROM n"
            if anywhere.engine.name == "sqlite"
            else f"INSERT INTO buyers SELECT i, 'p' || i || '@example.org', '2020-01-31', i FROM generate_series(1, {3 * MANY}) i"
        )
        conn.exec_driver_sql("INSERT INTO bought SELECT id, 'p''\"\\é', 'thing' FROM buyers")
    listed(anywhere, collection("buyers", "id"), collection("bought", "buyer", "pos"))
    return anywhere


def planned(place: SqlPlace, **writes: object) -> Work:
    """Purchases go; their buyers get values of their own, or go; a few stay."""
    numbers = range(1, MANY + 1)
    bought = rows_of(place, "bought", "buyer", *numbers)
    buyers = rows_of(place, "buyers", "id", *numbers)
    asked = Lookup("bought", ("buyer",), tuple((n,) for n in numbers))
    changed = [step(r, {**writes, "mail": f'x{r.key["id"]}"{{}},\\'}) for r in buyers[10:]]
    steps = (*changed, *map(step, bought), *map(kept, buyers[:10]))
    return Work("place", steps, (Watch(asked, tuple(r.ref for r in bought)),), KEY)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows were looked at by themselves, each time they were."""
    seen: list[int] = []
    for module in (sets, applying):

        def examine(session, work, lock, usual=module.examine):  # type: ignore[no-untyped-def]
            seen.append(len(work.steps))
            return usual(session, work, lock)

        monkeypatch.setattr(module, "examine", examine)
    return seen


def test_many_rows_are_written_exactly(shop: SqlPlace, one_by_one: list[int]) -> None:
    todo = planned(shop, since=None, score=7)
    assert shop.driver().check(todo, Cancel()) == []
    done = apply(shop.driver(), todo)
    assert (done.deleted, done.changed) == (MANY, MANY - 10)
    assert set(one_by_one) == {0}
    assert shop.run("SELECT count(*), min(buyer) FROM bought") == [(2 * MANY, MANY + 1)]
    changed = shop.run("SELECT id, mail, since, score FROM buyers WHERE since IS NULL")
    assert {(i, m, int(s)) for i, m, _, s in changed} == {
        (int(s.key["id"]), s.writes["mail"], 7) for s in todo.steps if s.action == "change"
    }


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE bought SET what = 'Thing' WHERE buyer = 77",
        "UPDATE buyers SET score = 78 WHERE id = 77",
        "UPDATE buyers SET score = 78 WHERE id = 1",
        "DELETE FROM bought WHERE buyer = 77",
        "INSERT INTO bought VALUES (77, 'new', NULL)",
        "UPDATE bought SET buyer = 77, pos = 'moved' WHERE buyer = 2000",
    ],
)
def test_one_row_among_many_is_named(shop: SqlPlace, one_by_one: list[int], meanwhile: str) -> None:
    todo = planned(shop)
    shop.run(meanwhile)
    before = [shop.run(f"SELECT * FROM {t} ORDER BY 1, 2") for t in ("buyers", "bought")]
    assert len(shop.driver().check(todo, Cancel())) == 1
    with pytest.raises(DriftError) as caught:
        apply(shop.driver(), todo)
    assert len(caught.value.rows) == 1
    assert [shop.run(f"SELECT * FROM {t} ORDER BY 1, 2") for t in ("buyers", "bought")] == before
    assert len(todo.steps) in one_by_one


def test_a_row_that_only_a_watch_knows_and_that_is_gone_is_named(shop: SqlPlace) -> None:
    (other,) = rows_of(shop, "bought", "buyer", 2 * MANY)
    todo = planned(shop)
    todo = replace(todo, watches=(*todo.watches, Watch(Lookup("bought", ("buyer",), ((2 * MANY,),)), (other.ref,))))
    assert shop.driver().check(todo, Cancel()) == []
    shop.run(f"DELETE FROM bought WHERE buyer = {2 * MANY}")
    with pytest.raises(DriftError) as caught:
        apply(shop.driver(), todo)
    assert caught.value.rows == (other.ref.path,)
    assert shop.run("SELECT count(*) FROM bought") == [(3 * MANY - 1,)]


def test_a_trigger_that_undoes_a_few_is_refused(shop: SqlPlace) -> None:
    todo = planned(shop, score=7)
    if shop.engine.name == "sqlite":
        body = "UPDATE buyers SET score = old.score WHERE id = old.id;"
        shop.run(f"CREATE TRIGGER undo AFTER UPDATE ON buyers WHEN old.id = 500 BEGIN {body} END")
    else:
        body = "BEGIN NEW.score = OLD.score; RETURN NEW; END"
        shop.run(f"CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        shop.run("CREATE TRIGGER undo BEFORE UPDATE ON buyers FOR EACH ROW WHEN (OLD.id = 500) EXECUTE FUNCTION undo()")
    with pytest.raises(RefusedError, match="score"):
        apply(shop.driver(), todo)
    assert shop.run("SELECT count(*) FROM bought") == [(3 * MANY,)]


def test_rows_that_may_have_twins_are_looked_at_by_themselves(shop: SqlPlace, one_by_one: list[int]) -> None:
    """Where no rule keeps the key unique, a second row could hide behind the first."""
    shop.run("CREATE TABLE copies AS SELECT * FROM buyers")
    listed(shop, collection("copies", "id"))
    todo = Work("place", tuple(map(step, rows_of(shop, "copies", "id", *range(1, MANY + 1)))), (), KEY)
    assert apply(shop.driver(), todo).deleted == MANY
    assert MANY in one_by_one


def test_versions_that_another_release_made_are_not_compared(
    shop: SqlPlace, one_by_one: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan may wait for days; what its versions look like may have changed meanwhile, and its rows have not."""
    with monkeypatch.context() as earlier:
        for kind in (PostgresqlSets, SqliteSets):
            earlier.setattr(kind, "form", "as it was")
        todo = planned(shop)
    assert shop.driver().check(todo, Cancel()) == []
    assert apply(shop.driver(), todo).deleted == MANY
    assert len(todo.steps) in one_by_one


def test_row_by_row_it_is_the_same(shop: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    todo = planned(shop)
    monkeypatch.setattr(sets, "MANY", 10**9)
    assert shop.driver().check(todo, Cancel()) == []
    assert apply(shop.driver(), todo).deleted == MANY
