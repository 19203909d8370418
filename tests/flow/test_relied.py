"""A table that was rebuilt after the plan: each row is as it was, and a trigger or a cascade would do what nobody approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dsr_desk.drivers._sql import sets
from dsr_desk.flow.plan import digest_of
from dsr_desk.model.codec import decode, encode
from dsr_desk.model.plan import Plan
from tests.flow.world import World, approved, ident, owned_by, planned, table, text
from tests.servers import postgresql

PEOPLE = table(
    "id email name born",
    subject=True,
    on_erase="redact",
    email=ident("email", None),
    name=text(None),
    ddl="id INTEGER PRIMARY KEY, email TEXT, name VARCHAR(80), born TEXT",
)
LETTERS = table(
    "id person words", person=owned_by("people.id"), words=text(), ddl="id INTEGER PRIMARY KEY, person INTEGER, words TEXT"
)
STOCK = "CREATE TABLE stock (id INTEGER PRIMARY KEY, what TEXT)"
DRAFTS = "CREATE TABLE drafts (id INTEGER PRIMARY KEY, letter INTEGER)"
ROWS = (
    "INSERT INTO people VALUES (1, 'ann@x.org', 'Ann', 'x'), (2, 'ben@x.org', 'Ben', 'y')",
    "INSERT INTO letters VALUES (5, 1, 'hello'), (6, 2, 'thanks')",
    "INSERT INTO drafts VALUES (8, 5)",
)


@dataclass
class Shop:
    """Two listed tables and two that the catalog doesn't know, in a real database; beside it a file, which is written first."""

    world: World
    url: str

    def do(self, *statements: str) -> None:
        """Behind the program's back."""
        if self.url.startswith("sqlite"):
            for statement in statements:
                self.world.do("shop", statement)
        else:
            with psycopg.connect(self.url, autocommit=True) as db:
                for statement in statements:
                    db.execute(statement)

    def rows(self) -> Any:
        """What both systems hold."""
        asked = [f"SELECT * FROM {t} ORDER BY id" for t in ("people", "letters", "drafts")]
        if self.url.startswith("sqlite"):
            found: Any = [self.world.ask("shop", a) for a in asked]
        else:
            with psycopg.connect(self.url) as db:
                found = [db.execute(a).fetchall() for a in asked]
        return found, (self.world.folder / "book.csv").read_bytes()


def make(folder: Path, url: str) -> Shop:
    shop = Shop(World(folder), url)
    shop.world.csv("book", table("line mail", ("1", "ann@x.org"), ("2", "ben@x.org"), mail=ident("email")))
    if url.startswith("sqlite"):
        shop.world.sql("shop", people=PEOPLE, letters=LETTERS)
    else:
        shop.world.say("shop", "sql", {"url": url}, {"people": PEOPLE, "letters": LETTERS})
        shop.do("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        shop.do(f"CREATE TABLE people ({PEOPLE.ddl})", f"CREATE TABLE letters ({LETTERS.ddl})")
    shop.do(STOCK, DRAFTS, *ROWS)
    return shop


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    own = "sqlite:///shop.db" if request.param == "sqlite" else f"{request.getfixturevalue('server')}/postgres"
    return make(tmp_path, own)


def both(sqlite: tuple[str, ...], postgresql: tuple[str, ...], said: str) -> tuple[dict[bool, tuple[str, ...]], str]:
    return {True: sqlite, False: postgresql}, said


FUNCTION = "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM stock; RETURN NULL; END $$"
#: What happens to the database after the approval, and by which words it is refused.
REBUILT = {
    "a trigger": both(
        ("CREATE TRIGGER t AFTER DELETE ON letters BEGIN DELETE FROM stock; END",),
        (FUNCTION, "CREATE TRIGGER t AFTER DELETE ON letters FOR EACH ROW EXECUTE FUNCTION note()"),
        "Table letters of shop has a new trigger t.",
    ),
    "a foreign key from a table that nobody listed": both(
        (
            "DROP TABLE drafts",
            "CREATE TABLE drafts (id INTEGER PRIMARY KEY, letter INTEGER REFERENCES letters (id) ON DELETE SET NULL)",
            "INSERT INTO drafts VALUES (8, 5)",
        ),
        ("ALTER TABLE drafts ADD FOREIGN KEY (letter) REFERENCES letters (id) ON DELETE SET NULL",),
        "Table letters of shop has a new foreign key drafts (letter) to letters.",
    ),
    "a foreign key from a table that is written to": both(
        (
            "ALTER TABLE letters RENAME TO old",
            "CREATE TABLE letters (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), words TEXT)",
            "INSERT INTO letters SELECT * FROM old",
            "DROP TABLE old",
        ),
        ("ALTER TABLE letters ADD FOREIGN KEY (person) REFERENCES people (id)",),
        "has a new foreign key letters (person) to people",
    ),
    "a generated column": both(
        ("ALTER TABLE people ADD COLUMN shout TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL",),
        ("ALTER TABLE people ADD COLUMN shout TEXT GENERATED ALWAYS AS (upper(name)) STORED",),
        "Table people of shop has a new column shout.",
    ),
    "a type": both(
        (
            "ALTER TABLE people RENAME TO old",
            "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, name VARCHAR(9), born TEXT)",
            "INSERT INTO people SELECT * FROM old",
            "DROP TABLE old",
        ),
        ("ALTER TABLE people ALTER COLUMN name TYPE VARCHAR(9)",),
        "Table people of shop has another column name than before.",
    ),
    "a column that may not be empty": both(
        (
            "ALTER TABLE people RENAME TO old",
            "CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT, name VARCHAR(80) NOT NULL, born TEXT)",
            "INSERT INTO people SELECT * FROM old",
            "DROP TABLE old",
        ),
        ("ALTER TABLE people ALTER COLUMN name SET NOT NULL",),
        "Table people of shop has another column name than before.",
    ),
    "what must be unique": both(
        ("CREATE UNIQUE INDEX u ON people (name)",),
        ("CREATE UNIQUE INDEX u ON people (name)",),
        "Table people of shop has a new unique rule (name).",
    ),
    "a column that is gone": both(
        ("ALTER TABLE people DROP COLUMN email",),
        ("ALTER TABLE people DROP COLUMN email",),
        "Table people of shop no longer has the column email.",
    ),
}
#: What happens to it that is none of the plan's business.
UNRELATED = {
    "a trigger elsewhere": both(
        ("CREATE TRIGGER t AFTER DELETE ON stock BEGIN DELETE FROM drafts; END",),
        (FUNCTION, "CREATE TRIGGER t AFTER DELETE ON stock FOR EACH ROW EXECUTE FUNCTION note()"),
        "",
    ),
    "a new table": both(("CREATE TABLE notes (id INTEGER)",), ("CREATE TABLE notes (id INTEGER)",), ""),
    "another table's column": both(("ALTER TABLE stock ADD x TEXT",), ("ALTER TABLE stock ADD x TEXT",), ""),
    "a plain index": both(("CREATE INDEX i ON people (name)",), ("CREATE INDEX i ON people (name)",), ""),
    "unique, and not written": both(("CREATE UNIQUE INDEX u ON people (born)",), ("CREATE UNIQUE INDEX u ON people (born)",), ""),
    "a new row": both(
        ("INSERT INTO people VALUES (3, 'cy@x.org', 'Cy', 'z')",), ("INSERT INTO people VALUES (3, 'cy@x.org', 'Cy', 'z')",), ""
    ),
}


@pytest.mark.parametrize("kind", REBUILT)
def test_a_table_that_was_rebuilt_is_named_and_nothing_is_written_anywhere(
    shop: Shop, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements, said = REBUILT[kind]
    desk = shop.world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        shop.do(*statements[shop.url.startswith("sqlite")])
        before = shop.rows()
        for many in (1, sets.MANY):  # in sets, and row by row
            monkeypatch.setattr(sets, "MANY", many)
            done = desk.apply(ref)
            assert (done.status, done.exit_code) == ("refused", 3)
            (refused,) = [s for s in done.systems if s.status == "refused"]
            assert said in refused.error
            assert refused.hint.startswith("Plan again")
            assert shop.rows() == before
        assert "step.intent" not in [e.type for e in desk.entries()]


@pytest.mark.parametrize("many", [1, sets.MANY], ids=["in sets", "row by row"])
@pytest.mark.parametrize("kind", UNRELATED)
def test_what_the_plan_does_not_touch_may_change(shop: Shop, kind: str, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "MANY", many)
    desk = shop.world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        shop.do(*UNRELATED[kind][0][shop.url.startswith("sqlite")])
        assert desk.apply(ref).status == "applied"


def test_another_program_under_the_same_name_is_another_trigger(shop: Shop) -> None:
    made: Callable[[str], tuple[str, ...]]
    if shop.url.startswith("sqlite"):

        def made(what: str) -> tuple[str, ...]:
            return "DROP TRIGGER IF EXISTS t", f"CREATE TRIGGER t AFTER UPDATE ON people BEGIN UPDATE stock SET what = {what}; END"
    else:
        body = "CREATE OR REPLACE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
        body += "$$ BEGIN UPDATE stock SET what = {}; RETURN NULL; END $$"
        on = "CREATE OR REPLACE TRIGGER t AFTER UPDATE ON people FOR EACH ROW EXECUTE FUNCTION note()"

        def made(what: str) -> tuple[str, ...]:
            return body.format(what), on

    shop.do(*made("'x'"))
    desk = shop.world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        shop.do(*made("'x'"))
        shop.do(*made("'y'"))
        assert "has another trigger t than before" in desk.apply(ref).systems[-1].error
        desk.approve(ref, desk.make_plan(ref).digest)
        assert desk.apply(ref).status == "applied"


def test_what_a_plan_relied_on_is_in_its_digest_and_an_older_plan_has_none(tmp_path: Path) -> None:
    shop = make(tmp_path, "sqlite:///shop.db")
    desk = shop.world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    assert {f.collection for f in plan.relied} == {"book", "people", "letters"}
    assert decode(Plan, encode(plan)) == plan
    assert digest_of(plan) == plan.digest != digest_of(replace(plan, relied=plan.relied[1:]))
    assert "relied" not in encode(replace(plan, relied=()))
