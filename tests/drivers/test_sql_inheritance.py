"""PostgreSQL tables that stand below others: partitions, and tables that inherit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection
from dsr_desk.model.plan import Work
from tests import servers
from tests.drivers.conftest import in_postgresql
from tests.drivers.contract import KEY, apply, drift, step
from tests.drivers.sql_contract import SqlPlace, collection
from tests.drivers.sql_shapes import both_refuse, listed, of, rehearsed, rows_of

INHERITED = (
    "CREATE TABLE parties (id int PRIMARY KEY, email text)",
    "CREATE TABLE firms (vat text) INHERITS (parties)",
    "CREATE TABLE banks (bic text) INHERITS (firms)",
    "INSERT INTO parties VALUES (1, 'a@x.org')",
    "INSERT INTO firms VALUES (2, 'a@x.org', 'DE1')",
    "INSERT INTO banks VALUES (3, 'a@x.org', 'DE2', 'BIC')",
)
PARTITIONED = (
    "CREATE TABLE events (id int, at date, who text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
    "CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2000-01-01') TO ('2020-01-01')",
    "CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2100-01-01') PARTITION BY RANGE (id)",
    "CREATE TABLE events_new_low PARTITION OF events_new FOR VALUES FROM (0) TO (100)",
    "INSERT INTO events VALUES (1, '2010-01-01', 'ann'), (2, '2021-01-01', 'ann'), (3, '2021-01-01', 'ben')",
)


@pytest.fixture
def place(server: str, tmp_path: Path) -> Iterator[SqlPlace]:
    yield from in_postgresql(server, tmp_path)


def made(place: SqlPlace, statements: tuple[str, ...], *collections: Collection) -> SqlPlace:
    for statement in statements:
        place.run(statement)
    listed(place, *collections)
    return place


class TestInheritance:
    def test_a_parent_shows_its_own_rows_where_its_children_are_listed(self, place: SqlPlace) -> None:
        made(place, INHERITED, *(collection(n, "id") for n in ("parties", "firms", "banks")))
        found = {n: [r.ref.key for r in rows_of(place, n, "email", "a@x.org")] for n in ("parties", "firms", "banks")}
        assert found == {"parties": [("1",)], "firms": [("2",)], "banks": [("3",)]}
        live = place.driver().schema().collections
        assert live["parties"].parts == ("banks", "firms") and live["parties"].alone and not live["parties"].partitioned
        assert live["firms"].parts == ("banks",) and live["firms"].alone

    def test_its_statements_leave_the_children_alone(self, place: SqlPlace) -> None:
        made(place, INHERITED, *(collection(n, "id") for n in ("parties", "firms", "banks")))
        place.run("INSERT INTO firms VALUES (1, 'b@x.org', 'twin')")  # no rule of the database keeps the key unique among children
        (row,) = rows_of(place, "parties", "email", "a@x.org")
        todo = of(step(row, {"email": None}))
        assert rehearsed(place.driver(), todo) == [] and drift(place.driver(), todo) == []
        assert apply(place.driver(), todo).changed == 1
        assert apply(place.driver(), of(*map(step, rows_of(place, "parties", "id", 1)))).deleted == 1
        assert sorted(place.run("SELECT id, email FROM parties")) == [(1, "b@x.org"), (2, "a@x.org"), (3, "a@x.org")]

    def test_a_parent_alone_shows_all_rows(self, place: SqlPlace) -> None:
        made(place, INHERITED, collection("parties", "id"))
        assert [r.ref.key for r in rows_of(place, "parties", "email", "a@x.org")] == [("1",), ("2",), ("3",)]
        schema = place.driver().schema()
        assert not schema.collections["parties"].alone and {"firms", "banks"} <= set(schema.others)

    def test_a_row_with_columns_that_the_parent_does_not_show_is_refused(self, place: SqlPlace) -> None:
        made(place, INHERITED, collection("parties", "id"))
        rows = rows_of(place, "parties", "email", "a@x.org")
        assert rehearsed(place.driver(), of(step(rows[0]))) == []
        both_refuse(place, of(step(rows[1])), "1 row", "firms", "vat")
        both_refuse(place, of(step(rows[2], {"email": None})), "1 row", "banks", "bic, vat")

    def test_rows_of_a_child_without_columns_of_its_own_are_the_parents(self, place: SqlPlace) -> None:
        made(place, ("CREATE TABLE a (id int, t text)", "CREATE TABLE b () INHERITS (a)"), collection("a", "id"))
        place.run("INSERT INTO b VALUES (1, 'x')")
        assert apply(place.driver(), of(*map(step, rows_of(place, "a", "id", 1)))).deleted == 1
        assert place.run("SELECT * FROM b") == []

    def test_some_children_listed_and_some_not_is_refused(self, place: SqlPlace) -> None:
        made(place, INHERITED, collection("parties", "id"), collection("firms", "id"))
        assert [r.ref.key for r in rows_of(place, "parties", "id", 1, 2, 3)] == [("1",), ("2",), ("3",)]  # nothing goes unseen
        both_refuse(place, of(*map(step, rows_of(place, "parties", "id", 1))), "firms", "banks")


class TestPartitions:
    def test_the_partitioned_table_is_the_table(self, place: SqlPlace) -> None:
        made(place, PARTITIONED, collection("events", "id", "at"))
        schema = place.driver().schema()
        live = schema.collections["events"]
        assert live.partitioned and live.parts == ("events_new", "events_new_low", "events_old") and not live.alone
        assert not {"events_old", "events_new", "events_new_low"} & set(schema.others)
        rows = rows_of(place, "events", "who", "ann")
        todo = of(step(rows[0]), step(rows[1], {"who": "x"}))
        assert rehearsed(place.driver(), todo) == [] and drift(place.driver(), todo) == []
        done = apply(place.driver(), todo)
        assert (done.deleted, done.changed) == (1, 1)
        assert sorted(place.run("SELECT id, who FROM events")) == [(2, "x"), (3, "ben")]

    def test_a_trigger_of_a_partition_is_seen(self, place: SqlPlace) -> None:
        made(place, PARTITIONED, collection("events", "id", "at"))
        place.run(
            "CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO audit.log VALUES (OLD.who); RETURN OLD; END $$"
        )
        place.run("CREATE TRIGGER watch AFTER DELETE ON events_old FOR EACH ROW EXECUTE FUNCTION log_it()")
        (trigger,) = place.driver().schema().collections["events"].fires
        assert (trigger.name, trigger.events, trigger.elsewhere, trigger.tables) == ("watch", ("DELETE",), "yes", ("audit.log",))

    def test_a_foreign_key_to_a_partitioned_table(self, place: SqlPlace) -> None:
        made(place, PARTITIONED, collection("events", "id", "at"))
        place.run("CREATE TABLE seats (e int, d date, FOREIGN KEY (e, d) REFERENCES events (id, at) ON DELETE CASCADE)")
        place.run("INSERT INTO seats VALUES (1, '2010-01-01')")
        (row,) = rows_of(place, "events", "id", 1)
        both_refuse(place, of(step(row)), "1 row of table seats")
        listed(place, collection("events", "id", "at", cascade=True))
        assert [(r.table, r.count) for r in place.driver().reach(of(step(row)), Cancel())[row.ref]] == [("seats", 1)]


class TestKeyless:
    def test_columns_of_every_kind(self, place: SqlPlace) -> None:
        kinds = "j json, b jsonb, a int[], p point, x xml, n numeric, f real, m money, t timestamptz, u uuid"
        place.run(f"CREATE TABLE odd ({kinds})")
        one = """('{"b": 1, "a": [1, null]}', '{"z": 2}', '{1,NULL}', '(1,2)', '<a/>', 7.50, 0.1, 3.5, '2020-01-01 10:00+05',
                  '11111111-1111-1111-1111-111111111111')"""
        place.run(f"INSERT INTO odd VALUES {one}, {one}")
        place.run("INSERT INTO odd (n) VALUES (7.5), (1)")
        listed(place, collection("odd"))
        rows = rows_of(place, "odd", "n", "7.50")
        assert len(rows) == 2
        assert rehearsed(place.driver(), of(*map(step, rows))) == []
        assert apply(place.driver(), of(*map(step, rows))).deleted == 2

    def test_values_that_only_the_database_thinks_equal_are_refused(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE odd (who int, j json, n numeric)")
        place.run("""INSERT INTO odd VALUES (1, '{"a": 1, "b": 2}', 7.5), (2, '{"b": 2, "a": 1}', 7.50)""")
        place.run("UPDATE odd SET who = 1")
        listed(place, collection("odd"))
        rows = rows_of(place, "odd", "who", 1)
        todo = Work("place", (step(rows[0]),), (), KEY)
        assert rehearsed(place.driver(), todo)
        before = place.run("SELECT * FROM odd")
        with pytest.raises(Exception, match="Nothing was written"):
            apply(place.driver(), todo)
        assert place.run("SELECT * FROM odd") == before


def test_an_identity_column_goes_aside_and_back(place: SqlPlace, tmp_path: Path) -> None:
    place.run(
        "CREATE TABLE notes (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text, g text GENERATED ALWAYS AS (upper(t)) STORED)"
    )
    place.run("CREATE TABLE aside (id int PRIMARY KEY, t text, g text)")
    place.run("INSERT INTO notes (t) VALUES ('a'), ('b')")
    listed(place, collection("notes", "id"), collection("aside", "id"))
    for source, target in (("notes", "aside"), ("aside", "notes")):
        (row,) = rows_of(place, source, "id", 2)
        todo = of(step(row).__class__(row.ref, row.key, "move", {}, step(row).digest, row.values, to=target))
        assert rehearsed(place.driver(), todo) == []
        assert apply(place.driver(), todo).changed == 1
        assert place.run(f"SELECT * FROM {target} WHERE id = 2") == [(2, "b", "B")]


def test_a_table_of_another_server_is_searched(place: SqlPlace, tmp_path: Path) -> None:
    if not place.run("SELECT 1 FROM pg_available_extensions WHERE name = 'file_fdw'"):
        servers.missing("The extension file_fdw of PostgreSQL is not installed")
    there = Path(place.run("SHOW data_directory")[0][0]) / "far.csv"
    there.write_text("1,ann@x.org\n2,ben@x.org\n")
    there.chmod(0o644)
    place.run("CREATE EXTENSION IF NOT EXISTS file_fdw")
    place.run("CREATE SERVER IF NOT EXISTS files FOREIGN DATA WRAPPER file_fdw")
    place.run(f"CREATE FOREIGN TABLE far (id int, email text) SERVER files OPTIONS (filename '{there}', format 'csv')")
    listed(place, collection("far", "id"))
    (row,) = rows_of(place, "far", "email", "ann@x.org")
    assert row.version == ""
    assert rehearsed(place.driver(), of(step(row)))
