"""The SQL driver over SQLite files."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.drivers._sql import applying, sets, sqlite, sqlite_residue
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.errors import CancelledError, DriftError, InDoubtError, LockedError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Lookup
from dsr_desk.model.plan import Work
from tests.drivers.conftest import in_sqlite
from tests.drivers.contract import KEY, apply, drift, every, hits, ids, lookup, people, step, work
from tests.drivers.crash import killed
from tests.drivers.sql_contract import SqlContract, SqlPlace, collection
from tests.drivers.sql_shapes import SqlShapes


@pytest.fixture(params=["delete", "wal"])
def place(tmp_path: Path, request: pytest.FixtureRequest) -> SqlPlace:
    return in_sqlite(tmp_path, request.param)


@pytest.fixture
def plain(tmp_path: Path) -> SqlPlace:
    return in_sqlite(tmp_path, "delete")


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file of the test's own, ``own.db``."""
    with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as conn:
        yield conn


def own(folder: Path, *collections: Any) -> SqlDriver:
    return SqlDriver(System("place", "sql", url="sqlite:///own.db", collections={c.name: c for c in collections}), folder)


class TestShapes(SqlShapes):
    pass


class TestSqlite(SqlContract):
    pass


class TestInSets(SqlContract):
    """The same, with every plan carried out in sets first, however small."""

    @pytest.fixture(autouse=True)
    def from_one_row_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sets, "MANY", 0)

    @pytest.fixture
    def place(self, tmp_path: Path) -> SqlPlace:
        return in_sqlite(tmp_path)


class TestTypes:
    def test_columns_without_a_type_keep_numbers_and_texts_apart(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE loose (k, v)")
        values = [7, "7", 7.0, "7.0", "007", b"7", 2**63 - 1, 1e20, None, 7.5]
        raw.executemany("INSERT INTO loose VALUES (?, ?)", list(enumerate(values)))
        driver = own(tmp_path, collection("loose", "k"))

        def asked(value: Any) -> list[Any]:
            return sorted(h.row.key["k"] for h in hits(driver, Lookup("loose", ("v",), ((value,),))))

        assert asked("7") == [0, 1, 2]
        assert asked(7.5) == [9]
        assert asked(b"7") == [5]
        assert asked(2**63 - 1) == [6]
        assert asked("100000000000000000000") == [7]

    @pytest.mark.parametrize("declared", ["INTEGER", "REAL", "NUMERIC", "DECIMAL(10,2)", "TEXT", "BLOB", ""])
    def test_a_number_is_found_in_a_column_of_any_declared_type(
        self, raw: sqlite3.Connection, tmp_path: Path, declared: str
    ) -> None:
        raw.execute(f"CREATE TABLE t (k INTEGER PRIMARY KEY, v {declared})")
        raw.executemany("INSERT INTO t VALUES (?, ?)", [(1, 7), (2, 70), (3, None)])
        for value in (7, "7"):
            found = hits(own(tmp_path, collection("t", "k")), Lookup("t", ("v",), ((value,),)))
            assert [h.row.ref.key[0] for h in found] == ["1"]

    def test_typed_keys_address_exactly_one_row(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE loose (k, v)")
        raw.executemany("INSERT INTO loose VALUES (?, 'x')", [(7,), ("7",), (b"\x07",), (7.25,), (None,), ("a\x00b",), ("é",)])
        driver = own(tmp_path, collection("loose", "k"))
        rows = [h.row for h in hits(driver, Lookup("loose", ("v",), (("x",),)))]
        for row in rows:
            (read,) = driver.read([(row.ref, row.key)], Cancel())
            assert read.key == row.key and type(read.key["k"]) is type(row.key["k"])
        chosen = next(r for r in rows if r.key["k"] == "7")
        assert apply(driver, Work("place", (step(chosen),), (), KEY)).deleted == 1
        assert raw.execute("SELECT count(*), sum(k = 7 AND typeof(k) = 'integer') FROM loose").fetchone() == (6, 1)

    def test_a_changed_type_is_drift(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE loose (k INTEGER PRIMARY KEY, v)")
        raw.execute("INSERT INTO loose VALUES (1, 7)")
        driver = own(tmp_path, collection("loose", "k"))
        (hit,) = hits(driver, Lookup("loose", ("k",), ((1,),)))
        raw.execute("UPDATE loose SET v = '7'")
        assert drift(driver, Work("place", (step(hit.row),), (), KEY)) == [("1", "changed")]

    def test_text_that_is_not_utf8_is_read_and_addressed(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE old (k TEXT PRIMARY KEY, v TEXT)")
        raw.execute("INSERT INTO old VALUES (CAST(x'4dfc6c6c6572' AS TEXT), CAST(x'e9' AS TEXT))")
        driver = own(tmp_path, collection("old", "k"))
        (hit,) = hits(driver, Lookup("old", ("k",), (("M\udcfcller",),)))
        assert hit.row.values == {"k": "M\udcfcller", "v": "\udce9"}
        assert apply(driver, Work("place", (step(hit.row, {"v": "x"}),), (), KEY)).changed == 1
        assert raw.execute("SELECT hex(k), v FROM old").fetchone() == ("4DFC6C6C6572", "x")

    def test_without_rowid_and_generated_columns(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute(
            "CREATE TABLE w (a TEXT, b INT, low TEXT AS (lower(a)) VIRTUAL, st TEXT AS (upper(a)) STORED, PRIMARY KEY (b, a)) "
            "WITHOUT ROWID"
        )
        raw.executemany("INSERT INTO w (a, b) VALUES (?, ?)", [("X", 1), ("Y", 2)])
        driver = own(tmp_path, collection("w", "a", "b"))
        table = driver.schema().collections["w"]
        assert [c.name for c in table.columns.values() if c.generated] == ["low", "st"]
        assert ("b", "a") in table.unique and table.indexed == {"b"}
        (hit,) = hits(driver, Lookup("w", ("low",), (("x",),)))
        assert hit.row.values == {"a": "X", "b": 1, "low": "x", "st": "X"}
        (refusal,) = driver.rehearse(Work("place", (step(hit.row, {"low": "z"}),), (), KEY), Cancel())
        assert refusal.field == "low"
        assert apply(driver, Work("place", (step(hit.row),), (), KEY)).deleted == 1

    def test_a_table_in_a_utf16_file(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("PRAGMA encoding='UTF-16le'")
        raw.execute("CREATE TABLE t (k INTEGER PRIMARY KEY, email TEXT)")
        raw.execute("INSERT INTO t VALUES (1, 'jürgen@example.org')")
        driver = own(tmp_path, collection("t", "k"))
        assert len(hits(driver, Lookup("t", ("email",), (("JÜRGEN@example.org",),), "email"))) == 1


class TestSchema:
    def test_a_unique_written_inline_a_partial_one_and_an_inherited_key(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.executescript(
            "CREATE TABLE a (k INTEGER PRIMARY KEY, u TEXT UNIQUE, p TEXT, d DATE, b BOOLEAN, f DOUBLE, j JSON, n DECIMAL(8,2));"
            "CREATE UNIQUE INDEX half ON a (p) WHERE p IS NOT NULL;"
            "CREATE TABLE c (a_k INT REFERENCES a);"
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN SELECT 1; END;"
            "CREATE VIEW v AS SELECT * FROM a"
        )
        schema = own(tmp_path, collection("a", "k"), collection("v", "k")).schema()
        table = schema.collections["a"]
        assert table.unique == (("k",), ("u",))
        assert table.indexed == {"k", "u"}
        assert table.triggers == ("t",)
        kinds = {c.name: c.type for c in table.columns.values()}
        assert kinds == {
            "k": "integer",
            "u": "text",
            "p": "text",
            "d": "date",
            "b": "boolean",
            "f": "float",
            "j": "json",
            "n": "decimal",
        }
        assert schema.collections["v"].is_view and not table.is_view
        assert [(fk.table, fk.to_columns) for fk in schema.incoming] == [("c", ("k",))]
        assert not any("trigger" in limit for limit in schema.limits)  # it writes nothing

    def test_a_table_of_an_unknown_module_stops_nothing(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE t (k INTEGER PRIMARY KEY)")
        raw.execute("CREATE VIRTUAL TABLE odd USING fts5(x)")
        raw.execute("PRAGMA writable_schema=1")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'fts5', 'absent')")
        assert "odd" in own(tmp_path, collection("t", "k")).schema().others


class TestTriggers:
    def test_a_trigger_that_undoes_a_change_is_named(self, plain: SqlPlace) -> None:
        plain.run(
            "CREATE TRIGGER undo AFTER UPDATE OF name ON people BEGIN UPDATE people SET name = old.name WHERE id = old.id; END"
        )
        todo = work(plain, change={"2": {"name": "Erased", "note": "x"}})
        before = plain.dump()
        assert [r.field for r in plain.driver().rehearse(todo, Cancel())] == ["name"]
        with pytest.raises(RefusedError, match="column name"):
            apply(plain.driver(), todo)
        assert plain.dump() == before

    @pytest.mark.parametrize(
        "body",
        [
            "BEFORE DELETE ON people BEGIN SELECT RAISE(IGNORE); END",
            "AFTER DELETE ON people BEGIN INSERT INTO people VALUES (old.id, 'c', 'e', 'p', 'n', 'x'); END",
            "BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'anna.berg@example.org'); END",
        ],
    )
    def test_a_trigger_that_keeps_a_row_is_refused(self, plain: SqlPlace, body: str) -> None:
        plain.run(f"CREATE TRIGGER keep {body}")
        before = plain.dump()
        with pytest.raises(RefusedError, match="trigger") as caught:
            apply(plain.driver(), work(plain, delete=["1"]))
        assert "example.org" not in caught.value.diagnostics()
        assert plain.dump() == before

    def test_rows_that_the_database_does_not_count_are_refused(self, plain: SqlPlace) -> None:
        """Behind a view, a trigger writes whatever it likes: no count says what it did."""
        plain.run("CREATE VIEW faces AS SELECT id, name FROM people")
        plain.run("CREATE TRIGGER through INSTEAD OF UPDATE ON faces BEGIN UPDATE people SET name = new.name; END")
        plain.system = System("place", "sql", url=plain.system.url, collections={"faces": collection("faces", "id")})
        (hit,) = hits(plain.driver(), Lookup("faces", ("id",), ((1,),)))
        before = plain.dump()
        with pytest.raises(RefusedError, match="it is a view"):
            apply(plain.driver(), Work("place", (step(hit.row, {"name": "Erased"}),), (), KEY))
        assert plain.dump() == before

    def test_a_trigger_that_undoes_a_change_of_a_row_without_a_key(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE log (who INT, line TEXT)")
        raw.execute("INSERT INTO log VALUES (1, 'a'), (1, 'b'), (2, 'x')")
        undo = "UPDATE log SET line = old.line WHERE rowid = old.rowid AND old.line = 'b';"
        raw.execute(f"CREATE TRIGGER undo AFTER UPDATE ON log BEGIN {undo} END")
        driver = own(tmp_path, collection("log"))
        rows = [h.row for h in hits(driver, Lookup("log", ("who",), ((1,),)))]
        todo = Work("place", tuple(step(r, {"line": "x"}) for r in rows), (), KEY)
        assert [r.field for r in driver.rehearse(todo, Cancel())] == ["line"]
        with pytest.raises(RefusedError, match="alters the value"):
            apply(driver, todo)
        assert raw.execute("SELECT line FROM log").fetchall() == [("a",), ("b",), ("x",)]

    def test_a_trigger_may_touch_other_columns(self, plain: SqlPlace) -> None:
        plain.run("CREATE TRIGGER stamp AFTER UPDATE ON people BEGIN UPDATE people SET note = 'stamped' WHERE id = old.id; END")
        assert apply(plain.driver(), work(plain, change={"2": {"name": "Erased"}})).changed == 1


class TestSelfReference:
    @pytest.mark.parametrize("action", ["", "ON DELETE CASCADE", "ON DELETE SET NULL"])
    def test_a_tree_goes_in_one_statement(self, raw: sqlite3.Connection, tmp_path: Path, action: str) -> None:
        raw.execute(f"CREATE TABLE t (k INTEGER PRIMARY KEY, up INT REFERENCES t {action})")
        raw.executemany("INSERT INTO t VALUES (?, ?)", [(1, None), (2, 1), (3, 2), (4, 4), (5, None)])
        driver = own(tmp_path, collection("t", "k"))
        rows = [h.row for h in hits(driver, Lookup("t", ("k",), ((1,), (2,), (3,), (4,))))]
        assert apply(driver, Work("place", tuple(map(step, rows)), (), KEY)).deleted == 4
        assert raw.execute("SELECT k FROM t").fetchall() == [(5,)]

    def test_a_row_outside_the_plan_stops_it(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE t (k INTEGER PRIMARY KEY, up INT REFERENCES t ON DELETE CASCADE)")
        raw.executemany("INSERT INTO t VALUES (?, ?)", [(1, None), (2, 1), (3, 2)])
        driver = own(tmp_path, collection("t", "k"))
        rows = [h.row for h in hits(driver, Lookup("t", ("k",), ((1,), (2,))))]
        with pytest.raises(RefusedError, match="1 row of table t"):
            apply(driver, Work("place", tuple(map(step, rows)), (), KEY))
        assert raw.execute("SELECT count(*) FROM t").fetchone() == (3,)


class TestTrouble:
    def test_a_missing_file_is_never_made(self, tmp_path: Path) -> None:
        with pytest.raises(UnreachableError) as caught:
            own(tmp_path, people()).schema()
        assert "own.db" in caught.value.message and not (tmp_path / "own.db").exists()

    def test_not_a_database(self, tmp_path: Path) -> None:
        (tmp_path / "own.db").write_bytes(b"name,email\nAnna,anna@example.org\n" * 100)
        with pytest.raises(UnreachableError, match="not a SQLite database"):
            own(tmp_path, people()).schema()
        with pytest.raises(UnreachableError, match="not a SQLite database"):
            ids(own(tmp_path, people()), lookup("id", 1))

    def test_a_folder_in_its_place(self, tmp_path: Path) -> None:
        (tmp_path / "own.db").mkdir()
        with pytest.raises(UnreachableError):
            own(tmp_path, people()).schema()

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory", "shop.db", ""])
    def test_a_url_that_names_no_file(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(UsageError):
            SqlDriver(System("place", "sql", url=url), tmp_path).schema()

    def test_locked_by_another_program(self, plain: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
        todo = work(plain, delete=["1"])
        with plain.engine.connect() as other:
            other.exec_driver_sql("BEGIN EXCLUSIVE")
            for attempt in (
                lambda: apply(plain.driver(), todo),
                lambda: plain.driver().rehearse(todo, Cancel()),
                lambda: plain.driver().schema(),
            ):
                with pytest.raises(LockedError):
                    attempt()
        assert apply(plain.driver(), todo).deleted == 1

    def test_a_reader_that_never_ends_holds_the_commit(self, plain: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
        todo = work(plain, delete=["1"])
        before = plain.dump()
        with plain.engine.connect() as other:
            other.exec_driver_sql("BEGIN")
            other.exec_driver_sql("SELECT * FROM people").fetchone()
            with pytest.raises(LockedError):
                apply(plain.driver(), todo)
        assert plain.dump() == before

    def test_nobody_writes_between_the_comparison_and_the_change(self, plain: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        compared = applying._write

        def intrude(*arguments: Any) -> Any:
            with closing(sqlite3.connect(plain.folder / "shop.db", timeout=0)) as other, pytest.raises(sqlite3.OperationalError):
                other.execute("UPDATE people SET note = 'x' WHERE id = 2")
            return compared(*arguments)

        monkeypatch.setattr(applying, "_write", intrude)
        assert apply(plain.driver(), work(plain, change={"2": {"name": "Erased"}})).changed == 1

    def test_reading_never_writes(self, plain: SqlPlace) -> None:
        driver = plain.driver()
        with driver._dialect.connected(write=False) as conn, pytest.raises(Exception, match="readonly"):
            conn.exec_driver_sql("DELETE FROM people")

    def test_a_running_search_is_stopped(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute(
            "CREATE VIEW endless AS WITH RECURSIVE c(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c) SELECT k FROM c WHERE k < 0"
        )
        cancel = Cancel()
        threading.Timer(0.05, cancel.cancel).start()
        with pytest.raises(CancelledError):
            list(own(tmp_path, collection("endless", "k")).find([Lookup("endless", ("k",), ((1,),))], cancel))

    def test_a_file_that_no_longer_takes_a_page(self, plain: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        opened = sqlite.Sqlite._writing

        def small(dialect: sqlite.Sqlite) -> sqlite3.Connection:
            conn = opened(dialect)
            conn.execute(f"PRAGMA max_page_count={conn.execute('PRAGMA page_count').fetchone()[0]}")
            return conn

        monkeypatch.setattr(sqlite.Sqlite, "_writing", small)
        todo = work(plain, change={"2": {"note": "x" * 100_000}})
        before = plain.dump()
        with pytest.raises(UnreachableError, match="full"):
            apply(plain.driver(), todo)
        assert plain.dump() == before


class TestRecovery:
    def test_in_a_log_that_is_still_there(self, tmp_path: Path) -> None:
        place = in_sqlite(tmp_path, "wal")
        todo = work(place, delete=["1"])
        with closing(sqlite3.connect(tmp_path / "shop.db")) as owner:  # the program that owns the file keeps the log alive
            owner.execute("UPDATE people SET note = 'x' WHERE id = 6")
            owner.commit()
            evidence = killed(place, todo, tmp_path, "committed")
            assert apply(place.driver(), todo, evidence).how == "in-doubt-resolved"

    def test_an_absent_row_is_not_ours_where_nothing_was_committed(self, tmp_path: Path) -> None:
        place = in_sqlite(tmp_path, "delete")
        todo = work(place, delete=["1"])
        evidence = killed(place, todo, tmp_path, "announced")
        assert evidence["mode"] == "rollback"
        assert apply(place.driver(), todo, evidence).how == "done"

    def test_all_is_in_place_but_nobody_can_say_by_whom(self, plain: SqlPlace) -> None:
        todo = work(plain, delete=["1"], change={"2": {"name": "Erased"}})
        evidence: list[Any] = []
        plain.driver().apply(todo, Run(None, evidence.append))
        for note in "abc":
            plain.change("6", "note", note)
        assert apply(plain.driver(), todo, evidence[0]).how == "already"
        plain.change("2", "name", "Anna again")
        with pytest.raises(InDoubtError):
            apply(plain.driver(), todo, evidence[0])

    def test_one_commit_that_was_somebody_elses(self, plain: SqlPlace, tmp_path: Path) -> None:
        todo = work(plain, delete=["1"], change={"2": {"name": "Erased"}})
        evidence = killed(plain, todo, tmp_path, "announced")
        plain.remove("1")
        with pytest.raises(DriftError) as caught:
            apply(plain.driver(), todo, evidence)
        assert "place/people/1" in caught.value.rows


SECRET = "anna.berg@example.org"


class TestResidue:
    @pytest.fixture(params=["UTF-8", "UTF-16le", "UTF-16be"])
    def dirty(self, tmp_path: Path, request: pytest.FixtureRequest) -> SqlDriver:
        """A file whose owner never overwrote what was deleted, with 40 older copies of the address."""
        with closing(sqlite3.connect(tmp_path / "own.db", isolation_level=None)) as conn:
            conn.execute(f"PRAGMA encoding='{request.param}'")
            conn.execute("PRAGMA secure_delete=OFF")
            conn.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)")
            conn.execute("CREATE TABLE old (email TEXT)")
            conn.executemany("INSERT INTO old VALUES (?)", [(SECRET,)] * 40)
            conn.execute("DROP TABLE old")
            conn.executemany("INSERT INTO people (email) VALUES (?)", [(SECRET,)] * 2 + [("other@example.org",)] * 78)
        return own(tmp_path, collection("people", "id"))

    @staticmethod
    def both(driver: SqlDriver, **more: Any) -> Work:
        rows = [h.row for h in hits(driver, Lookup("people", ("email",), ((SECRET,),)))]
        assert len(rows) == 2
        return Work("place", tuple(map(step, rows)), (), KEY, **more)

    def test_older_copies_are_counted_and_compacting_ends_them(self, dirty: SqlDriver) -> None:
        todo = self.both(dirty)
        apply(dirty, todo)
        (left,) = dirty.residue([SECRET.encode()], Cancel())
        assert left.count > 0 and left.where == "own.db" and left.cure and SECRET not in repr(left)
        rows = [h.row for h in hits(dirty, Lookup("people", ("id",), ((80,),)))]
        done = apply(dirty, Work("place", (step(rows[0]),), (), KEY, compact=True))
        assert done.notes == ("The file was compacted.",)
        assert dirty.residue([SECRET.encode()], Cancel()) == []

    def test_what_we_delete_is_overwritten_whatever_the_build_does_by_itself(
        self, dirty: SqlDriver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = sqlite.Sqlite._raw

        def careless(dialect: sqlite.Sqlite, mode: str) -> sqlite3.Connection:
            conn = opened(dialect, mode)
            conn.execute("PRAGMA secure_delete=OFF")
            return conn

        monkeypatch.setattr(sqlite.Sqlite, "_raw", careless)
        rows = [h.row for h in hits(dirty, Lookup("people", ("email",), (("other@example.org",),)))]
        apply(dirty, Work("place", tuple(map(step, rows)), (), KEY))
        assert dirty.residue([b"other@example.org"], Cancel()) == []

    def test_rows_that_stay_are_not_residue(self, dirty: SqlDriver) -> None:
        apply(dirty, self.both(dirty, compact=True))
        assert dirty.residue([b"other@example.org", SECRET.encode(), b""], Cancel()) == []

    def test_what_a_row_holds_is_told_from_older_copies_of_it(self, dirty: SqlDriver) -> None:
        apply(dirty, self.both(dirty))
        assert dirty.residue([b"other@example.org"], Cancel()) == []
        assert dirty.residue([SECRET.encode()], Cancel())[0].count > 0

    @pytest.mark.parametrize("mode", ["DELETE", "WAL"])
    def test_live_rows_of_tables_that_the_catalog_does_not_list(self, raw: sqlite3.Connection, tmp_path: Path, mode: str) -> None:
        """One stood there before, one is written by a trigger while the row goes: index entries and continued rows count, too."""
        raw.execute(f"PRAGMA journal_mode={mode}")
        raw.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)")
        raw.execute("CREATE TABLE other (id INTEGER PRIMARY KEY, email TEXT)")
        raw.execute("CREATE TABLE arch (was TEXT, note TEXT)")
        raw.execute("CREATE INDEX by_mail ON other (email)")
        raw.execute(
            "CREATE TRIGGER keep BEFORE DELETE ON people BEGIN "
            "INSERT INTO arch VALUES (old.email, printf('%.*c', 9000, 'x') || old.email); END"
        )
        raw.execute("INSERT INTO people VALUES (1, ?), (2, 'other@example.org')", (SECRET,))
        raw.execute("INSERT INTO other VALUES (7, ?), (8, 'other@example.org')", (SECRET,))
        driver = own(tmp_path, collection("people", "id"))
        reader = sqlite3.connect(tmp_path / "own.db") if mode == "WAL" else None
        (hit,) = hits(driver, Lookup("people", ("id",), ((1,),)))
        if reader is not None:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM people").fetchall()
        apply(driver, Work("place", (step(hit.row),), (), KEY))
        if reader is not None:
            reader.close()
        live = {r.where: r for r in driver.residue([SECRET.encode()], Cancel()) if r.where.startswith("table")}
        assert {where: r.count for where, r in live.items()} == {
            "table arch, which the catalog does not list": 2,
            "table other, which the catalog does not list": 2,
        }
        assert "live row" in (r := live["table arch, which the catalog does not list"]).why and "List the table" in r.cure
        both = own(tmp_path, collection("people", "id"), collection("other", "id"), collection("mine", "was", table="arch"))
        assert [r.where for r in both.residue([SECRET.encode()], Cancel()) if r.where.startswith("table")] == []

    def test_a_listed_search_index_keeps_its_rows_in_tables_of_its_own(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE VIRTUAL TABLE docs USING fts5(body)")
        raw.execute("INSERT INTO docs VALUES (?)", (SECRET,))
        assert own(tmp_path, collection("docs")).residue([SECRET.encode()], Cancel()) == []
        (left,) = own(tmp_path, collection("people", "id")).residue([SECRET.encode()], Cancel())
        assert left.where == "table docs_content, which the catalog does not list"

    def test_samples_of_the_query_planner_are_named_as_such(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT)")
        raw.execute("CREATE TABLE stat (tbl, idx, neq, nlt, ndlt, sample)")
        raw.execute("INSERT INTO stat VALUES ('people', 'i', '1', '1', '1', ?)", (SECRET.encode(),))
        raw.execute("PRAGMA writable_schema=ON")
        changed = "name = 'sqlite_stat4', tbl_name = 'sqlite_stat4', sql = replace(sql, 'TABLE stat', 'TABLE sqlite_stat4')"
        raw.execute(f"UPDATE sqlite_master SET {changed} WHERE name = 'stat'")
        (left,) = own(tmp_path, collection("people", "id")).residue([SECRET.encode(), b"AUTOINCREMENT"], Cancel())
        assert (left.where, left.count) == ("table sqlite_stat4", 1) and "samples" in left.why and "ANALYZE" in left.cure

    def test_across_the_parts_that_are_read(self, dirty: SqlDriver, monkeypatch: pytest.MonkeyPatch) -> None:
        apply(dirty, self.both(dirty))
        whole = dirty.residue([SECRET.encode(), b"berg@"], Cancel())[0].count
        monkeypatch.setattr(sqlite_residue, "_PART", 7)
        assert dirty.residue([SECRET.encode(), b"berg@"], Cancel())[0].count == whole

    def test_the_write_ahead_log_is_emptied(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)")
        raw.execute("INSERT INTO people VALUES (1, ?)", (SECRET,))
        driver = own(tmp_path, collection("people", "id"))
        (hit,) = hits(driver, Lookup("people", ("id",), ((1,),)))
        assert apply(driver, Work("place", (step(hit.row),), (), KEY)).notes == ()
        assert driver.residue([SECRET.encode()], Cancel()) == []

    def test_a_log_that_somebody_reads_is_named(self, raw: sqlite3.Connection, tmp_path: Path) -> None:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT)")
        raw.execute("INSERT INTO people VALUES (1, ?)", (SECRET,))
        driver = own(tmp_path, collection("people", "id"))
        (hit,) = hits(driver, Lookup("people", ("id",), ((1,),)))
        raw.execute("BEGIN")
        raw.execute("SELECT * FROM people").fetchall()
        done = apply(driver, Work("place", (step(hit.row),), (), KEY, compact=True))
        assert any("could not be emptied" in note for note in done.notes)
        (left,) = driver.residue([SECRET.encode()], Cancel())
        assert left.where == "own.db-wal" and left.count > 0

    def test_looking_takes_nobodys_lock(self, plain: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        """POSIX drops a process's locks on a file when it closes any descriptor of it: ours stays open."""
        monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
        todo = work(plain, delete=["1"])
        with plain.engine.connect() as other:
            other.exec_driver_sql("BEGIN IMMEDIATE")
            plain.driver().residue([b"anna.berg@example.org"], Cancel())
            script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
            tried = subprocess.run([sys.executable, "-c", script, str(plain.folder / "shop.db")], capture_output=True, text=True)
            assert "locked" in tried.stderr
        assert every(plain.driver()) and todo
