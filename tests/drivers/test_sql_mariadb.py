"""The SQL driver over a MariaDB server that the test starts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.drivers._sql import mariadb
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.errors import CancelledError, CredentialsError, LockedError, RefusedError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Lookup
from dsr_desk.model.plan import Work
from tests import servers
from tests.drivers.conftest import in_mariadb
from tests.drivers.contract import KEY, apply, drift, every, hits, ids, lookup, people, step, work
from tests.drivers.sql_contract import SqlContract, SqlPlace, collection
from tests.drivers.sql_shapes import SqlShapes, both_refuse, listed, of, rehearsed, rows_of

TYPES = """
CREATE TABLE odd (
    id INT AUTO_INCREMENT PRIMARY KEY, ti TINYINT, flag TINYINT(1), u BIGINT UNSIGNED, z INT(5) ZEROFILL, n DECIMAL(10,2), f FLOAT,
    d DOUBLE, bi BIT(10), ch CHAR(8), v VARCHAR(20) COLLATE utf8mb4_bin, l VARCHAR(20) CHARACTER SET latin1,
    b3 VARCHAR(20) CHARACTER SET utf8mb3, e ENUM('ok', 'sad'), s SET('a', 'b'), j JSON, uu UUID, ip INET6, da DATE, dt DATETIME(3),
    ts TIMESTAMP NULL, t TIME, y YEAR, bn BINARY(4), vb VARBINARY(9), bl BLOB, g INT GENERATED ALWAYS AS (ti * 2) STORED
);
INSERT INTO odd (ti, flag, u, z, n, f, d, bi, ch, v, l, b3, e, s, j, uu, ip, da, dt, ts, t, y, bn, vb, bl) VALUES
    (-7, 1, 18446744073709551615, 42, 7, 0.1, 7.5, 513, 'Ab', 'Ab', 'Jürg', 'Jürg', 'ok', 'a,b', '{"b": [1, null]}',
     '11111111-1111-1111-1111-111111111111', '2001:db8::1', '2020-02-29', '2020-01-01 10:00:00.500', '2020-01-01 10:00:00',
     '10:00:00', 2020, x'00ff0102', x'00ff', x'00ff'),
    (0, 0, 0, 0, NULL, NULL, NULL, 0, NULL, 'ab', NULL, NULL, 'sad', '', NULL, NULL, NULL, '0000-00-00', '0000-00-00', NULL,
     '-25:00:00', 1999, NULL, NULL, NULL)
"""


@pytest.fixture
def place(mariadb_server: str, tmp_path: Path) -> Iterator[SqlPlace]:
    yield from in_mariadb(mariadb_server, tmp_path)


@pytest.fixture
def odd(place: SqlPlace) -> SqlPlace:
    """A table with one of every type."""
    for statement in TYPES.split(";\n"):
        place.run(statement.replace(":00", r"\:00").replace("2001:db8::1", r"2001\:db8\:\:1"))
    listed(place, collection("odd", "id"))
    return place


def found(place: SqlPlace, field: str, *values: Any) -> list[str]:
    return [r.ref.key[0] for r in rows_of(place, "odd", field, *values)]


class TestMariaDb(SqlContract):
    def test_nobody_can_say_what_became_of_a_commit_but_the_rows(self, place: SqlPlace) -> None:
        todo = work(place, delete=["1"])
        evidence: list[Any] = []
        place.driver().apply(todo, Run(None, evidence.append))
        assert apply(place.driver(), todo, evidence[0]).how == "already"


class TestShapes(SqlShapes):
    pass


class TestTypes:
    def test_no_type_stops_a_search(self, odd: SqlPlace) -> None:
        first, second = rows_of(odd, "odd", "id", 1, 2)
        assert first.values == {
            "id": 1,
            "ti": -7,
            "flag": 1,
            "u": 2**64 - 1,
            "z": 42,
            "n": Decimal("7.00"),
            "f": 0.1,
            "d": 7.5,
            "bi": 513,
            "ch": "Ab",
            "v": "Ab",
            "l": "Jürg",
            "b3": "Jürg",
            "e": "ok",
            "s": "a,b",
            "j": '{"b": [1, null]}',
            "uu": "11111111-1111-1111-1111-111111111111",
            "ip": "2001:db8::1",
            "da": date(2020, 2, 29),
            "dt": datetime(2020, 1, 1, 10, 0, 0, 500_000),
            "ts": datetime(2020, 1, 1, 10),
            "t": time(10),
            "y": 2020,
            "bn": b"\x00\xff\x01\x02",
            "vb": b"\x00\xff",
            "bl": b"\x00\xff",
            "g": -14,
        }
        assert (second.values["da"], second.values["dt"]) == ("0000-00-00", "0000-00-00 00:00:00.000")
        assert second.values["t"] == "-25:00:00"

    def test_every_value_finds_its_row_again(self, odd: SqlPlace) -> None:
        for row in rows_of(odd, "odd", "id", 1, 2):
            for name, value in row.values.items():
                if value not in (None, ""):
                    assert row.ref.key[0] in found(odd, name, value), name

    def test_values_that_a_column_can_not_hold_match_nothing(self, odd: SqlPlace) -> None:
        (first,) = rows_of(odd, "odd", "id", 1)
        impossible = ("abc", 10**30, "9" * 30, "007", "1e400", "2020-02-30", "\x00", "\ud800", "true ", "NaN", "24:00", "🙂", "é")
        for name in first.values:
            assert found(odd, name, *impossible, "\u0661") == [], name

    def test_every_type_can_be_a_key(self, odd: SqlPlace) -> None:
        (first,) = rows_of(odd, "odd", "id", 1)
        for name in first.values:
            for key in ((name,), (name, "id")):
                listed(odd, collection("odd", *key))
                row = next(r for r in rows_of(odd, "odd", "id", 1))
                assert len(list(odd.driver().read([(row.ref, row.key)], Cancel()))) == 1, key
                assert rehearsed(odd.driver(), of(step(row))) == [], key

    def test_every_type_can_be_written(self, odd: SqlPlace) -> None:
        (row,) = rows_of(odd, "odd", "id", 1)
        kept = {k: v for k, v in row.values.items() if k not in ("id", "g")}
        writes = (
            kept,
            {**dict.fromkeys(kept), "s": "b", "t": "-25:00:00", "da": "0000-00-00"},
            {"ch": "x", "n": 5, "j": {"q": [1]}},
        )
        for some in writes:
            (row,) = rows_of(odd, "odd", "id", 1)
            assert apply(odd.driver(), of(step(row, some))).changed == 1
        assert odd.run("SELECT j FROM odd WHERE id = 1") == [('{"q": [1]}',)]

    def test_rows_without_a_key_go_by_all_they_hold(self, odd: SqlPlace) -> None:
        odd.run("CREATE TABLE copies AS SELECT * FROM odd UNION ALL SELECT * FROM odd WHERE id = 1")
        odd.run("UPDATE copies SET v = 'AB' WHERE id = 2")
        listed(odd, collection("copies"))
        rows = rows_of(odd, "copies", "id", 1, 2)
        assert len(rows) == 3 and rehearsed(odd.driver(), of(*map(step, rows))) == []
        assert apply(odd.driver(), of(*map(step, rows))).deleted == 3

    def test_the_schema_of_odd_columns(self, odd: SqlPlace) -> None:
        columns = odd.driver().schema().collections["odd"].columns
        assert [c.name for c in columns.values() if c.generated] == ["g"]
        kinds = {n: columns[n].type for n in ("flag", "u", "bi", "e", "s", "j", "uu", "t", "vb", "ip")}
        assert kinds == {
            "flag": "boolean",
            "u": "integer",
            "bi": "integer",
            "e": "text",
            "s": "text",
            "j": "json",
            "uu": "uuid",
            "t": "time",
            "vb": "binary",
            "ip": "other",
        }
        assert columns["ch"].length == 8 and columns["e"].length is None and columns["id"].has_default

    def test_what_does_not_fit_is_named_and_never_cut(self, odd: SqlPlace) -> None:
        (row,) = rows_of(odd, "odd", "id", 1)
        bad = {"ch": "far too long", "ti": 999, "e": "?", "da": "abc", "g": "z", "l": "🙂", "j": "{", "id": None}
        names = {r.field for r in rehearsed(odd.driver(), of(step(row, bad)))}
        assert names == {*bad} - {"j"}  # a text that is no JSON is written as a JSON text
        odd.run("SET GLOBAL sql_mode = ''")
        try:
            both_refuse(odd, of(step(row, {"ch": "far too long"})), "too long")
        finally:
            odd.run("SET GLOBAL sql_mode = DEFAULT")


class TestCollations:
    """To the column, ``ann``, ``Ann`` and ``ann `` are one; to a plan they are three."""

    @pytest.fixture
    def names(self, place: SqlPlace) -> SqlPlace:
        place.run("CREATE TABLE names (k VARCHAR(9), n INT, c TEXT, PRIMARY KEY (n), KEY (k))")
        place.run("INSERT INTO names VALUES ('ann', 1, 'x'), ('Ann', 2, 'x'), ('ann ', 3, 'x'), ('änn', 4, 'x')")
        return place

    @pytest.mark.parametrize("key", [("k",), ("k", "c")])
    def test_only_the_row_itself_is_hit(self, names: SqlPlace, key: tuple[str, ...]) -> None:
        listed(names, collection("names", *key))
        (row,) = rows_of(names, "names", "k", "ann")
        assert row.values["n"] == 1
        for writes in ({"c": "y"}, {"c": None}, None):
            (row,) = rows_of(names, "names", "k", "ann")
            todo = of(step(row, writes) if writes else step(row))
            if writes and "c" in key:
                continue
            assert rehearsed(names.driver(), todo) == []
            apply(names.driver(), todo)
        assert names.run("SELECT n, c FROM names ORDER BY n") == [(2, "x"), (3, "x"), (4, "x")]

    def test_what_cascades_by_the_collation_is_counted(self, names: SqlPlace) -> None:
        names.run("CREATE TABLE kids (k VARCHAR(9) REFERENCES names (k) ON DELETE CASCADE, a INT)")
        names.run("DELETE FROM names WHERE n > 1")
        names.run("INSERT INTO kids VALUES ('ANN', 1), ('ANN', 1), ('ann', 2)")
        listed(names, collection("names", "n"))
        (row,) = rows_of(names, "names", "n", 1)
        both_refuse(names, of(step(row)), "3 rows of table kids")
        listed(names, collection("names", "n", cascade=True))
        reach = names.driver().reach(of(step(row)), Cancel())
        assert [(r.table, r.count) for r in reach[row.ref]] == [("kids", 3)]

    def test_letters_beyond_the_columns_own_are_no_error(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE old (id INT PRIMARY KEY, a VARCHAR(50) CHARACTER SET latin1, b VARCHAR(50) CHARACTER SET utf8mb3)")
        place.run("INSERT INTO old VALUES (1, 'Jürg', 'Łódź'), (2, 'x', 'x')")
        listed(place, collection("old", "id"))
        assert [r.ref.key for r in rows_of(place, "old", "a", "Jürg", "🙂", "Łódź")] == [("1",)]
        assert [r.ref.key for r in rows_of(place, "old", "b", "Jürg", "🙂", "Łódź")] == [("1",)]
        asked = Lookup("old", ("a", "b"), (("Łódź Jürg 🙂",), ("Łódź Jürg",)), "name")
        assert [h.row.ref.key for h in hits(place.driver(), asked)] == [("1",)]


class TestTablesThatKeep:
    def test_a_table_without_transactions_is_searched_and_never_written(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE notes (id INT PRIMARY KEY, body TEXT) ENGINE=MyISAM")
        place.run("INSERT INTO notes VALUES (1, 'anna'), (2, 'ben')")
        listed(place, collection("notes", "id"), people())
        (row,) = rows_of(place, "notes", "id", 1)
        before = place.run("SELECT * FROM notes")
        for todo in (of(step(row)), of(step(row, {"body": None})), of(step(every(place.driver())["2"], {"name": "x"}), step(row))):
            both_refuse(place, todo, "takes nothing back", "MyISAM", "InnoDB")
            assert place.run("SELECT * FROM notes") == before

    def test_a_trigger_that_writes_to_one_is_never_fired_in_a_rehearsal(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE audit (what TEXT) ENGINE=Aria")
        place.run("CREATE TRIGGER tell AFTER UPDATE ON people FOR EACH ROW INSERT INTO audit VALUES (OLD.name)")
        both_refuse(place, of(step(every(place.driver())["2"], {"name": "x"})), "trigger tell", "table audit")
        assert place.run("SELECT * FROM audit") == []

    def test_a_table_that_keeps_every_earlier_state(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE kept (id INT PRIMARY KEY, email TEXT) WITH SYSTEM VERSIONING")
        place.run("INSERT INTO kept VALUES (1, 'anna@x.org')")
        listed(place, collection("kept", "id"))
        both_refuse(place, of(step(rows_of(place, "kept", "id", 1)[0])), "every earlier state")


class TestTriggers:
    def test_they_say_what_they_write(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE history (id INT, what TEXT)")
        place.run("CREATE PROCEDURE p() DELETE FROM history")
        for name, event, body in (
            ("keeps", "AFTER UPDATE", "BEGIN INSERT INTO `history` VALUES (OLD.id, 'UPDATE q'); END"),
            ("tidy up", "BEFORE DELETE", "DELETE FROM messages WHERE sender = OLD.id"),
            ("stamps", "BEFORE INSERT", "SET NEW.note = LOWER(COALESCE(NEW.note, 'INSERT INTO q')) /* UPDATE q */"),
            ("calls", "AFTER DELETE", "CALL p()"),
        ):
            place.run(f'CREATE TRIGGER "{name}" {event} ON people FOR EACH ROW {body}')
        fires = {t.name: (t.events, t.elsewhere, t.tables) for t in place.driver().schema().collections["people"].fires}
        assert fires == {
            "keeps": (("UPDATE",), "yes", ("history",)),
            "tidy up": (("DELETE",), "yes", ("messages",)),
            "stamps": (("INSERT",), "no", ()),
            "calls": (("DELETE",), "may", ()),
        }

    def test_one_that_undoes_a_change_is_named(self, place: SqlPlace) -> None:
        place.run("CREATE TRIGGER undoes BEFORE UPDATE ON people FOR EACH ROW SET NEW.name = OLD.name")
        todo = work(place, change={"2": {"name": "Erased", "note": "x"}})
        assert [r.field for r in rehearsed(place.driver(), todo)] == ["name"]
        with pytest.raises(RefusedError, match="column name"):
            apply(place.driver(), todo)

    def test_one_that_forbids_it_says_nothing_of_values(self, place: SqlPlace) -> None:
        body = "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'anna.berg@example.org'"
        place.run(f"CREATE TRIGGER never BEFORE DELETE ON people FOR EACH ROW {body}")
        refusal = both_refuse(place, of(step(every(place.driver())["1"])), "trigger")
        assert "anna" not in repr(refusal)


class TestRules:
    def test_each_by_its_columns_and_no_value(self, place: SqlPlace) -> None:
        place.run(
            "CREATE TABLE rules (id INT PRIMARY KEY, must TEXT NOT NULL, short VARCHAR(20) CHECK (length(short) < 5), "
            "one VARCHAR(20) UNIQUE, a INT, b INT, made INT GENERATED ALWAYS AS (a + 1) STORED, boss INT REFERENCES people (id), "
            "CHECK (a < b), CONSTRAINT two UNIQUE (a, b))"
        )
        place.run("INSERT INTO rules (id, must, one, a, b) VALUES (1, 'm', 'secret.one', 1, 2), (2, 'm', 'secret.two', 2, 3)")
        listed(place, collection("rules", "id"), people())
        (row,) = rows_of(place, "rules", "id", 1)
        writes = {"must": None, "short": "far too long", "one": "secret.two", "made": 9, "boss": 99}
        refusals = rehearsed(place.driver(), of(step(row, writes)))
        assert {r.field for r in refusals} == {*writes} and "secret" not in repr(refusals)
        assert [r.field for r in rehearsed(place.driver(), of(step(row, {"a": 2, "b": 3})))] == ["a, b"]
        assert "CHECK" in rehearsed(place.driver(), of(step(row, {"a": 9})))[0].why
        assert "points at no row of table people" in rehearsed(place.driver(), of(step(row, {"boss": 99})))[0].why


class TestRights:
    @pytest.fixture
    def clerk(self, place: SqlPlace, mariadb_server: str) -> Iterator[SqlPlace]:
        place.run("CREATE OR REPLACE USER clerk@'127.0.0.1' IDENTIFIED BY 'right'")
        place.run("GRANT SELECT ON shop.people TO clerk@'127.0.0.1'")
        url = place.system.url.replace("root@", "clerk@")
        place.system = System("place", "sql", url=url, collections=place.system.collections)
        place.driver = lambda **_: SqlDriver(place.system, place.folder, lambda: "right")  # type: ignore[method-assign]
        yield place
        place.run("DROP USER clerk@'127.0.0.1'")

    def test_a_table_that_may_not_be_read_is_no_table(self, clerk: SqlPlace) -> None:
        with pytest.raises(Exception, match="no table messages"):
            rows_of(clerk, "messages", "thread", 1)

    def test_a_missing_permission_is_a_refusal(self, clerk: SqlPlace) -> None:
        todo = of(step(every(clerk.driver())["2"], {"name": "x"}))
        both_refuse(clerk, todo, "permission", "grant")
        clerk.run("GRANT UPDATE (note) ON shop.people TO clerk@'127.0.0.1'")
        (refusal,) = rehearsed(clerk.driver(), todo)
        assert "permission" in refusal.why

    def test_triggers_that_it_may_not_see_are_a_limit(self, clerk: SqlPlace) -> None:
        assert any("TRIGGER" in limit for limit in clerk.driver().schema().limits)

    def test_the_password_is_asked_for_and_checked(self, clerk: SqlPlace, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        for secret in ("wrong.secret", None):
            with pytest.raises(CredentialsError) as caught:
                SqlDriver(clerk.system, clerk.folder, iter([secret]).__next__).schema()
            assert "secret set place" in caught.value.hint and "wrong" not in caught.value.diagnostics()
        assert clerk.driver().schema().server.startswith("MariaDB 1")
        assert "secret" not in caplog.text and "right" not in caplog.text

    def test_reading_never_writes(self, place: SqlPlace) -> None:
        driver = place.driver()
        assert isinstance(driver, SqlDriver)
        with driver._dialect.connected(write=False) as conn, pytest.raises(Exception, match="READ ONLY"):
            conn.exec_driver_sql("DELETE FROM people")


class TestTrouble:
    def test_no_server_and_no_database(self, mariadb_server: str, tmp_path: Path) -> None:
        for url in (f"mariadb://root@127.0.0.1:{servers.free_port()}/shop", f"{mariadb_server}/absent"):
            with pytest.raises(UnreachableError) as caught:
                SqlDriver(System("place", "sql", url=url), tmp_path).schema()
            assert type(caught.value) is UnreachableError and caught.value.hint

    def test_a_row_that_somebody_holds(self, place: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(mariadb._SETTINGS, "innodb_lock_wait_timeout", "0")
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        before = place.dump()
        with place.engine.connect() as other:
            other.exec_driver_sql("SELECT * FROM people WHERE id = 2 FOR UPDATE")
            for attempt in (rehearsed, apply):
                with pytest.raises(LockedError):
                    attempt(place.driver(), todo)
        assert place.dump() == before
        assert apply(place.driver(), todo).deleted == 1

    def test_rows_are_held_until_the_commit(self, place: SqlPlace) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})

        def somebody_else(_: Any) -> None:
            with place.engine.connect() as other:
                other.exec_driver_sql("SET innodb_lock_wait_timeout = 0")
                with pytest.raises(Exception, match="Lock wait timeout"):
                    other.exec_driver_sql("UPDATE people SET note = 'x' WHERE id = 2")

        assert place.driver().apply(todo, Run(None, somebody_else)).changed == 1

    def test_a_running_search_is_stopped(self, place: SqlPlace) -> None:
        place.run("CREATE VIEW slow AS SELECT id, CONCAT('', SLEEP(60)) AS nap FROM people")
        driver = SqlDriver(
            System("place", "sql", url=place.system.url, collections={"slow": collection("slow", "id")}), place.folder
        )
        cancel = Cancel()

        def when_it_runs() -> None:
            while not place.run("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'")[0][0]:
                pass
            cancel.cancel()

        watcher = threading.Thread(target=when_it_runs)
        watcher.start()
        with pytest.raises(CancelledError):
            list(driver.find([Lookup("slow", ("nap",), (("x",),))], cancel))
        watcher.join()

    def test_a_connection_that_is_ended_before_the_commit_wrote_nothing(self, place: SqlPlace) -> None:
        todo = work(place, delete=["1"])
        before = place.dump()
        evidence: list[Any] = []

        def end(seen: Any) -> None:
            evidence.append(seen)
            place.run(f"KILL {int(seen['connection'])}")

        with pytest.raises(Exception, match="broke"):
            place.driver().apply(todo, Run(None, end))
        assert place.dump() == before
        assert apply(place.driver(), todo, evidence[0]).how == "done"

    def test_a_table_that_is_dropped_under_the_search(self, place: SqlPlace) -> None:
        driver = place.driver()
        assert isinstance(driver, SqlDriver)
        assert list(driver.find([lookup("id", 1)], Cancel()))
        place.run("DROP TABLE messages")
        place.run("DROP TABLE people")
        with pytest.raises(UnreachableError) as caught:
            list(driver.find([lookup("id", 1)], Cancel()))
        assert "people" not in caught.value.message or caught.value.hint
        driver.close()

    def test_somebody_elses_settings_change_nothing_that_is_compared(self, odd: SqlPlace) -> None:
        rows = rows_of(odd, "odd", "id", 1, 2)
        odd.run("SET GLOBAL time_zone = '+05:00'")
        odd.run("SET GLOBAL sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,ANSI_QUOTES'")
        try:
            todo = Work("place", tuple(map(step, rows)), (), KEY)
            assert drift(odd.driver(), todo) == []
            assert rehearsed(odd.driver(), todo) == []
        finally:
            odd.run("SET GLOBAL time_zone = DEFAULT")
            odd.run("SET GLOBAL sql_mode = DEFAULT")


class TestResidue:
    def test_statistics_that_still_hold_a_value(self, place: SqlPlace) -> None:
        place.run("ANALYZE TABLE people PERSISTENT FOR ALL")
        apply(place.driver(), work(place, delete=["7"]))
        place.run("UPDATE people SET email = NULL WHERE id <> 7")
        where = {r.where: r.count for r in place.driver().residue([b"o'brien@example.org", b"", b"absent"], Cancel())}
        assert where == {"shop.people.email": 1, "server files": 0}

    def test_compacting_rebuilds_the_tables(self, place: SqlPlace) -> None:
        done = apply(place.driver(), work(place, delete=["1"], compact=True))
        assert done.notes == ("The tables were rebuilt without the deleted rows.",)


def test_another_database_of_the_server(place: SqlPlace) -> None:
    place.run("CREATE OR REPLACE DATABASE other")
    place.run('CREATE TABLE other."Odd Name" (id INT PRIMARY KEY, who INT REFERENCES shop.people (id), "a%b" TEXT)')
    place.run("INSERT INTO other.\"Odd Name\" VALUES (1, 1, 'x')")
    try:
        listed(place, collection("far", "id", table="other.Odd Name"), people())
        (row,) = rows_of(place, "far", "a%b", "x")
        assert rehearsed(place.driver(), of(step(row, {"a%b": "y"}))) == []
        assert apply(place.driver(), of(step(row, {"a%b": "y"}))).changed == 1
        assert place.run('SELECT "a%b" FROM other."Odd Name"') == [("y",)]
        both_refuse(place, of(step(every(place.driver())["1"])), "other.Odd Name")
        assert ids(place.driver(), lookup("id", 1)) == ["1"]
    finally:
        place.run("DROP DATABASE other")
