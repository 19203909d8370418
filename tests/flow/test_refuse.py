"""Everything that the systems forbid is refused while planning, by name, all at once, and each with its cure."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from dsr_desk.flow.planning.foresee import there_already
from dsr_desk.flow.systems import Systems
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Plan, Refusal, Step
from tests import servers
from tests.flow.world import World, ident, owned_by, planned, table, text

SHAPE = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY, email VARCHAR(99), needed VARCHAR(9) NOT NULL, short VARCHAR(4), number INTEGER,
    checked VARCHAR(9) CHECK (checked <> 'gone'), alone VARCHAR(9) UNIQUE, kept VARCHAR(9), fine VARCHAR(9),
    made VARCHAR(99) GENERATED ALWAYS AS (email || '!') STORED);
CREATE TABLE nicks (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people(id), nick VARCHAR(9) UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people(id), what VARCHAR(9));
CREATE TABLE parcels (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id));
CREATE TABLE bills (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people(id), what VARCHAR(9));
CREATE TABLE letters (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people(id), what VARCHAR(9));
CREATE VIEW summary AS SELECT id, person FROM letters;
INSERT INTO people (id, email, needed, short, number, checked, alone, kept, fine)
    VALUES (1, 'ann@x.org', 'a', 'a', 5, 'a', 'a', 'a', 'a'), (2, 'ben@x.org', 'b', 'b', 6, 'b', 'taken', 'b', 'b');
INSERT INTO nicks VALUES (1, 1, 'a'), (2, 1, 'b');
INSERT INTO orders VALUES (7, 1, 'clogs');
INSERT INTO parcels VALUES (70, 7), (71, 7);
INSERT INTO bills VALUES (8, 1, 'clogs');
INSERT INTO letters VALUES (9, 1, 'Dear Ann');
"""
SQLITE = """
CREATE TRIGGER keep AFTER UPDATE OF kept ON people BEGIN UPDATE people SET kept = old.kept WHERE id = old.id; END;
CREATE TRIGGER stays BEFORE DELETE ON bills BEGIN SELECT RAISE(ABORT, 'ann@x.org pays first'); END;
"""
POSTGRESQL = """
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.kept := OLD.kept; RETURN NEW; END $$;
CREATE TRIGGER keep BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION keep();
CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ann@x.org pays first'; END $$;
CREATE TRIGGER stays BEFORE DELETE ON bills FOR EACH ROW EXECUTE FUNCTION stays();
DO $$ BEGIN CREATE ROLE clerk LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT SELECT, UPDATE, DELETE ON people, nicks, orders, parcels, bills, summary TO clerk;
GRANT SELECT ON letters TO clerk;
"""

#: What must be named, with a word of why and a word of the cure.
REFUSED: dict[tuple[str, str], tuple[str, str]] = {
    ("people", "needed"): ("NULL", "constant"),
    ("people", "short"): ("4", "shorter"),
    ("people", "number"): ("integer", "kind"),
    ("people", "checked"): ("CHECK", "strategy"),
    ("people", "alone"): ("unique", "new value"),
    ("people", "kept"): ("trigger", "erase:"),
    ("people", "made"): ("computes", "{}"),
    ("nicks", "nick"): ("unique", "pseudonym"),
    ("orders", ""): ("2 rows of table parcels", "owned_by"),
    ("bills", ""): ("", "owner"),
    ("summary", ""): ("view", "tables"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / "db.db")) as db:
            db.executescript(SHAPE + SQLITE)
        return "sqlite:///db.db"
    base = request.getfixturevalue("server")
    engine = create_engine(base.replace("postgresql:", "postgresql+psycopg:") + "/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.exec_driver_sql("DROP SCHEMA public CASCADE")
        conn.exec_driver_sql("CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC")
        conn.exec_driver_sql(SHAPE + POSTGRESQL)
    engine.dispose()
    return str(base.replace("postgres@", "clerk@") + "/postgres")


def says(url: str) -> dict[str, Any]:
    person = owned_by("people.id")
    return {
        "people": table(
            "id email needed short number checked alone kept fine made",
            subject=True,
            on_erase="redact",
            email=ident("email", None),
            needed=text(None),
            short=text({"constant": "far too long"}),
            number=text({"constant": "words"}),
            checked=text({"constant": "gone"}),
            alone=text({"constant": "taken"}),
            kept=text({"constant": "gone"}),
            fine=text(None),
            made=text(None),
        ),
        "nicks": table("id person nick", on_erase="redact", person=person, nick=text({"constant": "gone"})),
        "orders": table("id person what", person=person, what=text()),
        "bills": table("id person what", person=person, what=text()),
        "letters": table("id person what", on_erase="redact", person=person, what=text(None)),
        "summary": table("id person", person=person),
    }


def plan_of(world: World, url: str) -> Plan:
    world.say("db", "sql", {"url": url}, says(url))
    desk = world.desk()
    with desk.workspace:
        return planned(desk, "email=ann@x.org")[1]


def test_every_kind_is_named_in_one_plan_with_column_and_cure(world: World, url: str) -> None:
    plan = plan_of(world, url)
    wanted = dict(REFUSED)
    if url.startswith("postgresql"):
        wanted["letters", ""] = ("permission", "grant")
    found: dict[tuple[str, str], Refusal] = {(r.collection, r.field): r for r in plan.refusals}
    assert set(found) == set(wanted), {k: (r.why, r.cure) for k, r in found.items() if k not in wanted}
    assert len(plan.refusals) == len(found), "each is named once"
    for place, (why, cure) in wanted.items():
        assert why.lower() in found[place].why.lower(), (place, found[place])
        assert cure.lower() in found[place].cure.lower(), (place, found[place])
        assert found[place].cure
    assert plan.digest == ""
    assert not any("ann@x.org" in r.why + r.cure for r in plan.refusals), "a system's own text never gets out"


def test_mended_as_the_cures_say_it_is_planned(world: World, url: str) -> None:
    """Each refusal is mended where it says, and nothing is refused any more."""
    tables = says(url)
    fields = tables["people"].says["fields"]
    fields["needed"]["erase"] = fields["short"]["erase"] = {"constant": "x"}
    fields["number"]["erase"] = fields["checked"]["erase"] = fields["alone"]["erase"] = None
    fields["kept"] = fields["made"] = {}
    tables["nicks"].says["fields"]["nick"]["erase"] = None
    tables["parcels"] = table("id order_id", order_id=owned_by("orders.id"))
    for name in ("summary", "bills", "letters"):
        del tables[name]
    world.say("db", "sql", {"url": url}, tables)
    desk = world.desk()
    with desk.workspace:
        plan = planned(desk, "email=ann@x.org")[1]
    assert not plan.refusals, plan.refusals
    assert plan.digest


@pytest.mark.parametrize(("tried", "given", "named"), [(False, "ann", True), (False, "ben", False), (True, "ann", False)])
def test_where_nothing_is_rehearsed_a_value_that_is_there_is_looked_for(world: World, tried: bool, given: str, named: bool) -> None:
    """Ann would get what Ben has; Ben has it already, and keeps it."""
    ddl = "id INTEGER PRIMARY KEY, email TEXT, nick TEXT UNIQUE"
    rows = (1, "ann@x.org", "a"), (2, "ben@x.org", "gone")
    people = table("id email nick", *rows, subject=True, email=ident("email"), nick=text(), ddl=ddl)
    world.sql("db", people=people)
    with Systems(world.catalog(), world.folder, lambda _: lambda: None) as systems:
        schema = replace(systems.driver("db").schema(), tried=tried)
        row = rows[0] if given == "ann" else rows[1]
        before = dict(zip(("id", "email", "nick"), row, strict=True))
        step = Step(RowRef("db", "people", (str(row[0]),)), {"id": row[0]}, "change", {}, "d", before, {"nick": "gone"})
        found = there_already(systems, {"db": schema}, [step], Cancel())
    assert [(r.collection, r.field) for r in found] == [("people", "nick")] * named
