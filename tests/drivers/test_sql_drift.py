"""Whatever changed since a plan was made is refused, and nothing is written; what has nothing to do with it is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsr_desk.drivers._sql import sets
from dsr_desk.drivers._sql.session import Session
from dsr_desk.errors import DeskError, DriftError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Lookup
from dsr_desk.model.plan import Watch, Work
from tests.drivers.conftest import in_postgresql, in_sqlite
from tests.drivers.contract import KEY, apply, ids, kept, lookup, people, step
from tests.drivers.sql_contract import SqlPlace, collection
from tests.drivers.sql_shapes import listed, rows_of

#: Deleted, changed and kept: 1, 2 and 6 of people; 11 of things goes, 12 changes, 13 stays; 21 is somebody else's.
THINGS = {
    "sqlite": """
CREATE TABLE things (id INTEGER PRIMARY KEY, who INTEGER, t TEXT, n NUMERIC, j TEXT, f REAL, b BLOB, d DATE, loose, old TEXT);
INSERT INTO things VALUES (11, 1, 'Word', 7.5, '{"a": 1}', 0.5, x'00ff', '2020-01-31', 7, 'x'),
    (12, 1, '', 1, '[]', 0, x'', NULL, 'a', 'x'),
    (13, 1, 'stays', 2, '[]', 1, NULL, NULL, NULL, 'x'), (21, 3, 'other', 3, '[]', 1, NULL, NULL, NULL, 'x')""",
    "postgresql": """
CREATE TABLE things (
    id integer PRIMARY KEY, who integer, t text, n numeric, j json, f float8, b bytea, d date, loose varchar(20), old text);
INSERT INTO things VALUES (11, 1, 'Word', 7.5, '{"a": 1}', 0.5, '\\x00ff', '2020-01-31', '7', 'x'),
    (12, 1, '', 1, '[]', 0, '', NULL, 'a', 'x'),
    (13, 1, 'stays', 2, '[]', 1, NULL, NULL, NULL, 'x'), (21, 3, 'other', 3, '[]', 1, NULL, NULL, NULL, 'x')""",
}


@dataclass(frozen=True)
class Kind:
    """One kind of drift: what somebody does meanwhile, and the rows that are named (none: the system refuses as a whole)."""

    does: tuple[str, ...]
    rows: tuple[str, ...] = ()
    only: str = ""


KINDS = {
    "a text changed": Kind(("UPDATE things SET t = 'other' WHERE id = 11",), ("things/11",)),
    "its case only": Kind(("UPDATE things SET t = 'word' WHERE id = 11",), ("things/11",)),
    "a trailing blank": Kind(("UPDATE things SET t = 'Word ' WHERE id = 11",), ("things/11",)),
    "another Unicode form": Kind(("UPDATE things SET t = 'Wo\u0308rd' WHERE id = 11",), ("things/11",)),
    "a NULL for an empty text": Kind(("UPDATE things SET t = NULL WHERE id = 12",), ("things/12",)),
    "an empty text for a NULL": Kind(("UPDATE people SET email = '' WHERE id = 4",), ("people/4",)),
    "a number by little": Kind(("UPDATE things SET n = 7.50001 WHERE id = 11",), ("things/11",)),
    "a number's scale": Kind(("UPDATE things SET n = 7.50 WHERE id = 11",), ("things/11",), "postgresql"),
    "a float by its last bit": Kind(("UPDATE things SET f = 0.5000000000000001 WHERE id = 11",), ("things/11",)),
    "the sign of a zero": Kind(("UPDATE things SET f = '-0' WHERE id = 12",), ("things/12",), "postgresql"),
    "a blank in a JSON document": Kind(("UPDATE things SET j = '[ ]' WHERE id = 12",), ("things/12",), "sqlite"),
    "a member of a JSON document": Kind(("""UPDATE things SET j = '{"a": 2}' WHERE id = 11""",), ("things/11",)),
    "a member more in a JSON document": Kind(("""UPDATE things SET j = '{"a": 1, "b": 1}' WHERE id = 11""",), ("things/11",)),
    "one byte": Kind(("UPDATE things SET b = {blob} WHERE id = 11",), ("things/11",)),
    "a day": Kind(("UPDATE things SET d = '2020-02-01' WHERE id = 11",), ("things/11",)),
    "the type of a value alone": Kind(("UPDATE things SET loose = '7' WHERE id = 11",), ("things/11",), "sqlite"),
    "a column the plan neither shows nor writes": Kind(("UPDATE things SET old = 'y' WHERE id = 12",), ("things/12",)),
    "somebody else wrote what the plan would write": Kind(("UPDATE things SET t = 'x' WHERE id = 12",), ("things/12",)),
    "a row that only stays": Kind(("UPDATE things SET t = 'went' WHERE id = 13",), ("things/13",)),
    "a row is gone": Kind(("DELETE FROM things WHERE id = 11",), ("things/11",)),
    "a row that stays is gone": Kind(("DELETE FROM things WHERE id = 13",), ("things/13",)),
    "a row came back under its key with another content": Kind(
        ("DELETE FROM things WHERE id = 11", "INSERT INTO things (id, who, t) VALUES (11, 1, 'Word')"), ("things/11",)
    ),
    "a row with another key": Kind(("UPDATE things SET id = 99 WHERE id = 11",), ("things/11",)),
    "two rows swapped keys": Kind(
        (
            "UPDATE things SET id = 0 WHERE id = 11",
            "UPDATE things SET id = 11 WHERE id = 12",
            "UPDATE things SET id = 12 WHERE id = 0",
        ),
        ("things/11", "things/12"),
    ),
    "a new row of the person": Kind(("INSERT INTO things (id, who) VALUES (99, 1)",), ("things/99",)),
    "somebody else's row became the person's": Kind(("UPDATE things SET who = 1 WHERE id = 21",), ("things/21",)),
    "the row became somebody else's": Kind(("UPDATE things SET who = 3 WHERE id = 11",), ("things/11",)),
    "another row with the person's address": Kind(
        ("UPDATE people SET email = '\"A\" <Anna.Berg@Example.org>' WHERE id = 6",), ("people/6",)
    ),
    "a column more": Kind(("ALTER TABLE things ADD COLUMN more TEXT",), ("things/11", "things/12", "things/13")),
    "a column more with a value": Kind(
        ("ALTER TABLE things ADD COLUMN more INTEGER DEFAULT 5",), ("things/11", "things/12", "things/13")
    ),
    "a column less": Kind(("ALTER TABLE things DROP COLUMN old",), ("things/11", "things/12", "things/13")),
    "a column renamed": Kind(("ALTER TABLE things RENAME COLUMN old TO older",), ("things/11", "things/12", "things/13")),
    "a column's type changed": Kind(
        ("ALTER TABLE things ALTER n TYPE float8",), ("things/11", "things/12", "things/13"), "postgresql"
    ),
    "the table became another one": Kind(
        ("CREATE TABLE t2 AS SELECT id, who, t FROM things", "DROP TABLE things", "ALTER TABLE t2 RENAME TO things"),
        ("things/11", "things/12", "things/13"),
    ),
    "the table became a view": Kind(("ALTER TABLE things RENAME TO t2", "CREATE VIEW things AS SELECT * FROM t2")),
    "the table is gone": Kind(("DROP TABLE things",)),
    "the key column is gone": Kind(
        ("CREATE TABLE t2 AS SELECT who, t FROM things", "DROP TABLE things", "ALTER TABLE t2 RENAME TO things")
    ),
    "rows are hidden from the user": Kind(
        ("ALTER TABLE things ENABLE ROW LEVEL SECURITY", "ALTER TABLE things FORCE ROW LEVEL SECURITY"), only="postgresql"
    ),
    "a cascade was added": Kind(
        ("CREATE TABLE more (thing INTEGER REFERENCES things (id) ON DELETE CASCADE)", "INSERT INTO more VALUES (11)")
    ),
    "a trigger that puts it back": Kind(("{undo}",)),
}
UNRELATED = (
    "UPDATE things SET t = 'new' WHERE id = 21",
    "DELETE FROM things WHERE id = 21",
    "INSERT INTO things (id, who) VALUES (99, 3)",
    "UPDATE things SET t = 'Word' WHERE id = 11",
    "UPDATE people SET note = 'else' WHERE id = 3",
    "DELETE FROM messages WHERE thread = 2",
    "CREATE TABLE unrelated (id INTEGER)",
    "CREATE INDEX more ON things (t)",
    "INSERT INTO people (id, customer, email) VALUES (50, 'c50', 'anna.berg@example.orgx')",
)


@pytest.fixture(params=[True, False], ids=["in sets", "row by row"], autouse=True)
def in_sets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Every test runs both ways; gives what the way in sets said each time it was tried."""
    tried: list[bool] = []
    monkeypatch.setattr(sets, "MANY", 0 if request.param else 10**9)
    carry_out = sets.carried_out

    def carried_out(session: Session, work: Work) -> bool:
        tried.append(False)
        tried[-1] = carry_out(session, work)
        return tried[-1]

    monkeypatch.setattr(sets, "carried_out", carried_out)
    return tried


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlPlace]:
    """People, messages and things, and a user who is no superuser."""
    if request.param == "sqlite":
        yield filled(in_sqlite(tmp_path), "sqlite")
        return
    for made in in_postgresql(request.getfixturevalue("server"), tmp_path):
        filled(made, "postgresql")
        made.run("CREATE ROLE drifter LOGIN")
        made.run("GRANT ALL ON SCHEMA public TO drifter")
        made.run("GRANT ALL ON ALL TABLES IN SCHEMA public TO drifter")
        made.run("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO drifter")
        made.system = type(made.system)(
            "place", "sql", url=made.system.url.replace("postgres@", "drifter@"), region="DE", collections=made.system.collections
        )
        yield made
        made.run("DROP OWNED BY drifter")
        made.run("DROP ROLE drifter")


def filled(place: SqlPlace, kind: str) -> SqlPlace:
    for statement in THINGS[kind].split(";"):
        place.engine.connect().close()
        with place.engine.begin() as conn:
            conn.exec_driver_sql(statement)
    url, region = place.system.url, place.system.region
    listed(place, people(), collection("messages", "thread", "position"), collection("things", "id"))
    place.system = type(place.system)("place", "sql", url=url, region=region, collections=place.system.collections)
    return place


def planned(place: SqlPlace) -> Work:
    """Anna's rows: some go, some change, some stay; watched by her address and her number."""
    address = lookup("email", "anna.berg@example.org", kind="email")
    persons = {r.ref.key[0]: r for r in rows_of(place, "people", "id", 1, 2, 4, 6)}
    things = {r.ref.key[0]: r for r in rows_of(place, "things", "id", 11, 12, 13)}
    mine = Lookup("things", ("who",), ((1,),))
    watches = (
        Watch(address, tuple(persons[i].ref for i in ids(place.driver(), address))),
        Watch(mine, tuple(r.ref for r in things.values())),
    )
    steps = (
        step(things["12"], {"t": "x"}),
        step(persons["2"], {"name": "Erased"}),
        step(things["11"]),
        step(persons["1"]),
        kept(things["13"]),
        kept(persons["4"]),
    )
    return Work("place", steps, watches, KEY)


def do(place: SqlPlace, statement: str) -> None:
    sqlite = place.engine.name == "sqlite"
    undo = (
        "CREATE TRIGGER undo AFTER DELETE ON things BEGIN INSERT INTO things (id) VALUES (old.id); END"
        if sqlite
        else "CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO things (id) VALUES (OLD.id); "
        "RETURN OLD; END $$; CREATE TRIGGER undo AFTER DELETE ON things FOR EACH ROW EXECUTE FUNCTION undo()"
    )
    text = statement.replace("{undo}", undo).replace("{blob}", "x'00fe'" if sqlite else "'\\x00fe'")
    with place.engine.begin() as conn:
        conn.exec_driver_sql(text)


def everything(place: SqlPlace) -> object:
    with place.engine.connect() as conn:
        names = ["people", "messages", *(["things"] if place.engine.dialect.has_table(conn, "things") else [])]
        return [sorted(map(repr, conn.exec_driver_sql(f"SELECT * FROM {n}"))) for n in names]


@pytest.mark.parametrize("name", KINDS)
def test_refused(place: SqlPlace, name: str, in_sets: list[bool]) -> None:
    kind = KINDS[name]
    if kind.only and kind.only != place.engine.name:
        return
    todo = planned(place)
    for statement in kind.does:
        do(place, statement)
    before = everything(place)
    if kind.rows:
        found = {f"{d.ref.collection}/{d.ref.key[0]}" for d in place.driver().check(todo, Cancel())}
        assert set(kind.rows) <= found
        with pytest.raises(DriftError) as caught:
            apply(place.driver(), todo)
        assert {f"place/{r}" for r in kind.rows} <= set(caught.value.rows)
    else:
        with pytest.raises(DeskError) as refused:
            apply(place.driver(), todo)
        assert refused.value.message and refused.value.hint
    assert everything(place) == before
    assert not any(in_sets)


@pytest.mark.parametrize("statement", UNRELATED)
def test_not_refused(place: SqlPlace, statement: str, in_sets: list[bool]) -> None:
    todo = planned(place)
    do(place, statement)
    assert place.driver().check(todo, Cancel()) == []
    assert place.driver().rehearse(todo, Cancel()) == []
    done = apply(place.driver(), todo)
    assert (done.deleted, done.changed) == (2, 2)
    assert bool(in_sets) is (sets.MANY == 0)
    # a row that was written again, with the same values, stands in another place of PostgreSQL's file: it is looked at by itself
    assert all(in_sets) or (statement == UNRELATED[3] and place.engine.name == "postgresql")


def test_a_changed_row_that_came_back_to_its_old_place(place: SqlPlace, in_sets: list[bool]) -> None:
    """Where a row stands only says where to look: after a VACUUM, anything may stand there."""
    if place.engine.name == "sqlite":
        return
    todo = planned(place)
    stood = place.run("SELECT ctid FROM things WHERE id = 11")
    with place.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        for statement in ("UPDATE things SET t = 'word' WHERE id = 11", "VACUUM FULL things"):
            conn.exec_driver_sql(statement)
        conn.exec_driver_sql("UPDATE things SET t = t WHERE id <> 11")
        conn.exec_driver_sql("VACUUM FULL things")
    assert place.run("SELECT ctid FROM things WHERE id = 11") == stood
    before = everything(place)
    with pytest.raises(DriftError) as caught:
        apply(place.driver(), todo)
    assert caught.value.rows == ("place/things/11",) and not any(in_sets)
    assert everything(place) == before


def test_there_are_enough_kinds() -> None:
    for database in ("sqlite", "postgresql"):
        assert sum(kind.only in ("", database) for kind in KINDS.values()) >= 20
