"""What a database would not let a plan do is named while planning, column by column and all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.drivers._sql import postgresql, sqlite
from dsr_desk.errors import CancelledError, LockedError, RefusedError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.plan import Refusal
from tests.drivers.conftest import in_postgresql
from tests.drivers.contract import apply, every, people, step, work
from tests.drivers.sql_contract import SqlPlace, collection
from tests.drivers.sql_shapes import listed, of, rehearsed, rows_of


@pytest.fixture
def place(server: str, tmp_path: Path) -> Iterator[SqlPlace]:
    yield from in_postgresql(server, tmp_path)


def refused(place: SqlPlace, todo: Any) -> list[Refusal]:
    """What the rehearsal says; applying refuses, too, and both change nothing."""
    before = place.dump()
    found = rehearsed(place.driver(), todo)
    assert place.dump() == before
    with pytest.raises(RefusedError):
        apply(place.driver(), todo)
    assert place.dump() == before
    for refusal in found:
        assert refusal.why and refusal.cure and "@example" not in repr(refusal) and "1008" not in repr(refusal)
    return found


TABLE = """
CREATE TABLE rules (
    id INTEGER PRIMARY KEY, must TEXT NOT NULL, short TEXT CHECK (length(short) < 5), one TEXT UNIQUE, a INTEGER, b INTEGER,
    made INTEGER GENERATED ALWAYS AS (a + 1) STORED, boss INTEGER REFERENCES people (id), free TEXT,
    CHECK (a < b), UNIQUE (a, b)
)
"""
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "NOT NULL": ({"must": None}, "must", "must not be empty"),
    "CHECK": ({"short": "far too long"}, "short", "CHECK"),
    "UNIQUE against a row that stays": ({"one": "two"}, "one", "unique"),
    "a value of another row of the plan": ({"one": "same"}, "one", "unique"),
    "CHECK over two columns": ({"a": 9, "b": 8}, "a", "CHECK"),
    "UNIQUE over two columns": ({"a": 3, "b": 4}, "a, b", "unique"),
    "generated": ({"made": 5}, "made", "generated"),
    "foreign key": ({"boss": 999}, "boss", "points at no row of table people"),
    "key of another row": ({"id": 2}, "id", "unique"),
}


@pytest.fixture
def rules(anywhere: SqlPlace) -> SqlPlace:
    anywhere.run(TABLE)
    for number, word in ((1, "one"), (2, "two"), (3, "three")):
        anywhere.run(
            "INSERT INTO rules (id, must, short, one, a, b, boss, free) VALUES (:n, 'm', 's', :w, :n, :m, 1, 'f')",
            n=number,
            m=number + 1,
            w=word,
        )
    listed(anywhere, people(), collection("rules", "id"), collection("messages", "thread", "position"))
    return anywhere


@pytest.mark.parametrize("case", CASES)
def test_each_rule_by_its_column(rules: SqlPlace, case: str) -> None:
    writes, column, why = CASES[case]
    both = case.startswith("a value of")
    rows = rows_of(rules, "rules", "id", 1, *([3] if both else []))
    found = refused(rules, of(*(step(r, {**writes, "free": "x"}) for r in rows)))
    assert any(column in r.field and why in r.why for r in found), found
    if rules.engine.name == "postgresql" and column == "a, b":
        assert [r.field for r in found] == ["a, b"]  # what only one of the two would break alone is no refusal
    assert {r.collection for r in found} == {"rules"} and "free" not in {r.field for r in found}


def test_all_of_them_at_once(rules: SqlPlace) -> None:
    rows = rows_of(rules, "rules", "id", 1)
    persons = every(rules.driver())
    all_writes = {"must": None, "short": "far too long", "one": "two", "made": 5, "boss": 999}
    todo = of(step(rows[0], all_writes), step(persons["2"], {"customer": None}), step(persons["8"]), step(persons["1"]))
    found = {(r.collection, r.field) for r in refused(rules, todo)}
    assert {("rules", c) for c in all_writes} | {("people", "customer"), ("people", "")} <= found


def test_rows_that_stay_and_point(rules: SqlPlace) -> None:
    (refusal,) = refused(rules, of(step(every(rules.driver())["1"])))
    assert "3 rows of table rules that the plan does not erase still point to it (boss)" in refusal.why
    assert refusal.cure == (
        "Leave this record out, give the reference an erase: in the catalog (boss of rules), or include the rows that point to it."
    )
    listed(rules, people(), collection("messages", "thread", "position"))
    (refusal,) = refused(rules, of(step(every(rules.driver())["1"])))
    assert "3 rows of table rules outside the plan still point to it (boss)" in refusal.why
    assert "list rules in the catalog with owned_by" in refusal.cure


@pytest.mark.parametrize("agreed", [True, False])
def test_a_listed_row_is_not_said_to_go_along(anywhere: SqlPlace, agreed: bool) -> None:
    """``cascade: true`` is for tables outside the catalog: offered for a listed one it would be refused afterwards."""
    anywhere.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, who INTEGER REFERENCES people (id) ON DELETE CASCADE)")
    anywhere.run("INSERT INTO notes VALUES (1, 1)")
    ours = replace(people(), cascade=agreed)
    listed(anywhere, ours, collection("notes", "id"), collection("messages", "thread", "position"))
    found = [r for r in refused(anywhere, of(step(every(anywhere.driver())["1"]))) if r.collection == "people"]
    assert found and "1 row of table notes that the plan does not erase would be deleted with it" in found[0].why
    assert "cascade" not in found[0].cure and "owned_by" not in found[0].cure
    assert "give the reference an erase: in the catalog (who of notes)" in found[0].cure


@pytest.mark.parametrize("action", ["delete", "change"])
def test_a_key_that_names_two_rows_is_not_taken_for_a_trigger(anywhere: SqlPlace, action: str) -> None:
    anywhere.run("CREATE TABLE loose (g INTEGER, name TEXT)")
    anywhere.run("INSERT INTO loose VALUES (1, 'Ann'), (1, 'Bob'), (2, 'Cyd')")
    listed(anywhere, people(), collection("loose", "g"))
    row = rows_of(anywhere, "loose", "g", 1)[0]
    found = rehearsed(anywhere.driver(), of(step(row, {"name": "x"} if action == "change" else None)))
    (refusal,) = found
    assert (refusal.field, refusal.collection) == ("name" if action == "change" else "g", "loose")
    assert refusal.why == "the key g names more rows than the plan has: it is not unique"
    assert refusal.cure == "List more columns under key:"


def test_a_key_that_names_two_rows_of_which_a_trigger_keeps_one(place: SqlPlace, tmp_path: Path) -> None:
    """The count is right by chance, and what is read again names the key all the same."""
    place.run("CREATE TABLE loose (g INTEGER, name TEXT)")
    place.run("INSERT INTO loose VALUES (1, 'Ann'), (1, 'Bob')")
    place.run("CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    place.run("CREATE TRIGGER t BEFORE UPDATE ON loose FOR EACH ROW WHEN (old.name = 'Bob') EXECUTE FUNCTION skip()")
    listed(place, people(), collection("loose", "g"))
    row = next(r for r in rows_of(place, "loose", "g", 1) if r.values["name"] == "Ann")
    (refusal,) = rehearsed(place.driver(), of(step(row, {"name": "x"})))
    assert "the key g names more rows" in refusal.why


def test_a_view(anywhere: SqlPlace) -> None:
    anywhere.run("CREATE VIEW faces AS SELECT id, name FROM people")
    listed(anywhere, collection("faces", "id"))
    rows = rows_of(anywhere, "faces", "id", 1, 2)
    found = refused(anywhere, of(step(rows[0]), step(rows[1], {"name": "x"})))
    assert {r.collection for r in found} == {"faces"} and all("view" in r.why for r in found)


def test_a_row_that_somebody_holds_is_said_and_waited_for_in_vain(anywhere: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgresql._SETTINGS, "lock_timeout", "50ms")
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    todo = work(anywhere, delete=["1"], change={"2": {"name": "Erased"}})
    before = anywhere.dump()
    with anywhere.engine.connect() as other:
        if anywhere.engine.name == "sqlite":
            other.exec_driver_sql("BEGIN IMMEDIATE")
        other.exec_driver_sql("UPDATE people SET note = 'mine' WHERE id = 2")
        for attempt in (lambda: rehearsed(anywhere.driver(), todo), lambda: apply(anywhere.driver(), todo)):
            with pytest.raises(LockedError) as caught:
                attempt()
            assert caught.value.hint
        other.rollback()
    assert anywhere.dump() == before


def test_triggers_say_what_they_write(anywhere: SqlPlace) -> None:
    anywhere.run("CREATE TABLE history (id INTEGER, what TEXT)")
    if anywhere.engine.name == "sqlite":
        body = "INSERT INTO history VALUES (old.id, 'x; UPDATE q');"
        anywhere.run(f"CREATE TRIGGER keeps AFTER UPDATE OF name, note ON people BEGIN {body} END")
        anywhere.run('CREATE TRIGGER "tidy up" BEFORE DELETE ON people BEGIN DELETE FROM "messages" WHERE sender = old.id; END')
        anywhere.run("CREATE TRIGGER stamps AFTER INSERT ON people BEGIN UPDATE people SET note = 'n' WHERE id = new.id; END")
    else:
        for name, body in (
            ("keeps", "INSERT INTO history VALUES (OLD.id, 'x; UPDATE q'); RETURN NEW;"),
            ("tidy", 'DELETE FROM "messages" WHERE sender = OLD.id; RETURN OLD;'),
            ("stamps", "NEW.note := lower(coalesce(NEW.note, 'n')); /* UPDATE q */ RETURN NEW;"),
            ("calls", "PERFORM pg_notify('x', OLD.name); RETURN NEW;"),
        ):
            anywhere.run(
                f"CREATE FUNCTION f_{name}() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN {body} END $x$".replace(":=", "\\:=")
            )
        run = "FOR EACH ROW EXECUTE FUNCTION"
        anywhere.run(f"CREATE TRIGGER keeps AFTER UPDATE OF name, note ON people {run} f_keeps()")
        anywhere.run(f'CREATE TRIGGER "tidy up" BEFORE DELETE ON people {run} f_tidy()')
        anywhere.run(f"CREATE TRIGGER stamps BEFORE INSERT ON people {run} f_stamps()")
        anywhere.run(f"CREATE TRIGGER calls BEFORE UPDATE ON people {run} f_calls()")
        anywhere.run("CREATE RULE also AS ON DELETE TO people DO ALSO NOTHING")
    fires = {t.name: t for t in anywhere.driver().schema().collections["people"].fires}
    assert (fires["keeps"].events, set(fires["keeps"].columns)) == (("UPDATE",), {"name", "note"})
    assert (fires["keeps"].elsewhere, fires["keeps"].tables) == ("yes", ("history",))
    assert (fires["tidy up"].events, fires["tidy up"].elsewhere, fires["tidy up"].tables) == (("DELETE",), "yes", ("messages",))
    assert (fires["stamps"].events, fires["stamps"].elsewhere) == (("INSERT",), "no")
    if anywhere.engine.name != "sqlite":
        assert fires["calls"].elsewhere == fires["also"].elsewhere == "may" and fires["also"].events == ("DELETE",)


class TestPostgresql:
    @pytest.fixture
    def clerk(self, place: SqlPlace) -> Iterator[SqlPlace]:
        """A user who may read all, and write as each test says."""
        place.run("DROP ROLE IF EXISTS clerk2")
        place.run("CREATE ROLE clerk2 LOGIN")
        place.run("GRANT USAGE ON SCHEMA public TO clerk2")
        place.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk2")
        url = place.system.url.replace("postgres@", "clerk2@")
        place.system = System("place", "sql", url=url, collections=place.system.collections)
        yield place
        place.run("DROP OWNED BY clerk2")
        place.run("DROP ROLE clerk2")

    def test_missing_permissions_of_every_table_at_once(self, clerk: SqlPlace) -> None:
        (message, *_) = rows_of(clerk, "messages", "thread", 1)
        todo = of(step(message), step(every(clerk.driver())["2"], {"name": "x"}))
        found = refused(clerk, todo)
        assert [r.collection for r in found] == ["messages", "people"]
        assert all("permission" in r.why and "grant" in r.cure for r in found)

    def test_a_permission_for_some_columns(self, clerk: SqlPlace) -> None:
        clerk.run("GRANT UPDATE (name, note) ON people TO clerk2")
        found = refused(clerk, of(step(every(clerk.driver())["2"], {"name": "x", "email": None, "phone": None})))
        assert sorted(r.field for r in found) == ["email", "phone"]
        (refusal,) = refused(clerk, of(step(every(clerk.driver())["2"])))
        assert "permission" in refusal.why

    def test_rows_that_a_policy_hides(self, clerk: SqlPlace) -> None:
        todo = of(step(every(clerk.driver())["2"], {"name": "x"}), *map(step, rows_of(clerk, "messages", "thread", 1)))
        clerk.run("GRANT ALL ON people, messages TO clerk2")
        clerk.run("ALTER TABLE people ENABLE ROW LEVEL SECURITY")
        (refusal,) = refused(clerk, todo)
        assert refusal.collection == "people" and "row-level security" in refusal.why and "BYPASSRLS" in refusal.cure

    def test_a_database_that_takes_no_changes(self, place: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        monkeypatch.setitem(postgresql._WRITING, "default_transaction_read_only", "on")
        (refusal,) = refused(place, todo)
        assert refusal.collection == "people" and "read-only" in refusal.why

    def test_an_identity_column(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE n (id int PRIMARY KEY, num int GENERATED ALWAYS AS IDENTITY, free text)")
        place.run("INSERT INTO n (id) VALUES (1)")
        listed(place, collection("n", "id"))
        (refusal,) = refused(place, of(step(rows_of(place, "n", "id", 1)[0], {"num": 5, "free": "x"})))
        assert refusal.field == "num"

    @pytest.mark.parametrize("event", ["DELETE", "UPDATE"])
    def test_a_rule_that_does_nothing_instead(self, place: SqlPlace, event: str) -> None:
        place.run(f"CREATE RULE never AS ON {event} TO people DO INSTEAD NOTHING")
        todo = work(place, delete=["1"] if event == "DELETE" else [], change={} if event == "DELETE" else {"2": {"name": "x"}})
        assert refused(place, todo)

    def test_what_is_checked_at_the_commit_is_named_with_table_and_columns(self, place: SqlPlace) -> None:
        place.run("ALTER TABLE people ADD CONSTRAINT late UNIQUE (name, note) DEFERRABLE INITIALLY DEFERRED")
        todo = work(place, change={"1": {"name": "same", "note": "n"}, "6": {"name": "same", "note": "n"}})
        found = refused(place, todo)
        assert {(r.collection, r.field) for r in found} == {("people", "name, note")}

    def test_other_collections_are_tried_beside_a_barred_one(self, clerk: SqlPlace) -> None:
        clerk.run("GRANT ALL ON messages TO clerk2")
        message = rows_of(clerk, "messages", "thread", 1)[0]
        todo = of(step(message, {"sender": 999}), step(every(clerk.driver())["2"]))
        assert {(r.collection, r.field) for r in refused(clerk, todo)} == {("people", ""), ("messages", "sender")}

    def test_a_rehearsal_can_be_cancelled(self, place: SqlPlace) -> None:
        cancel = Cancel()
        cancel.cancel()
        with pytest.raises(CancelledError):
            place.driver().rehearse(work(place, delete=["1"]), cancel)
