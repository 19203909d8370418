"""The SQL driver over a PostgreSQL server that the test starts."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from dsr_desk.drivers._sql import postgresql, sets
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.errors import CancelledError, CredentialsError, InDoubtError, LockedError, RefusedError, UnreachableError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import System
from dsr_desk.model.finding import Lookup
from dsr_desk.model.plan import Work
from tests import servers
from tests.drivers.conftest import in_postgresql
from tests.drivers.contract import COLUMNS, KEY, apply, drift, every, hits, ids, lookup, people, step, work
from tests.drivers.sql_contract import SqlContract, SqlPlace, collection
from tests.drivers.sql_shapes import SqlShapes

TYPES = """
DROP SCHEMA IF EXISTS crm CASCADE; CREATE SCHEMA crm; CREATE EXTENSION IF NOT EXISTS citext;
CREATE TYPE crm.mood AS ENUM ('ok', 'sad'); CREATE DOMAIN crm.code AS varchar(9) NOT NULL;
CREATE TABLE crm.odd (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ci citext, ch char(8), mood crm.mood, code crm.code, n numeric(10,2),
    f4 real, f8 double precision, b bool, u uuid, j jsonb, jj json, a text[], ip inet, r int4range, iv interval, mo money,
    d date, ts timestamp, tz timestamptz, t time, tt timetz, by bytea, g text GENERATED ALWAYS AS (lower(ch)) STORED
);
INSERT INTO crm.odd (ci, ch, mood, code, n, f4, f8, b, u, j, jj, a, ip, r, iv, mo, d, ts, tz, t, tt, by) VALUES
    ('Hi', 'Ab', 'ok', 'c1', 7, 0.1, 7.5, true, '11111111-1111-1111-1111-111111111111', '{"b": [1, null]}', '"x"', '{a,"b,c"}',
     '10.0.0.1', '[1,3)', '1 month', 12.5, 'infinity', '0044-03-15 BC', 'infinity', '24:00', '24:00:00+02', '\\x00ff'),
    (NULL, NULL, 'sad', 'c2', NULL, NULL, NULL, false, NULL, NULL, 'null', NULL, NULL, NULL, NULL, NULL, '2020-02-29',
     '2020-01-01', '2020-01-01 10:00+05', '10:00', '10:00+01', NULL)
"""


@pytest.fixture
def place(server: str, tmp_path: Path) -> Iterator[SqlPlace]:
    yield from in_postgresql(server, tmp_path)


@pytest.fixture
def odd(place: SqlPlace) -> SqlPlace:
    """A table with one of every type, in a schema of its own."""
    with place.engine.begin() as conn:
        conn.exec_driver_sql(TYPES)
    place.system = System("place", "sql", url=place.system.url, collections={"odd": collection("odd", "id", table="crm.odd")})
    return place


def rows_of(place: SqlPlace, field: str, *values: Any) -> list[str]:
    found = hits(place.driver(), Lookup("odd", (field,), tuple((v,) for v in values)))
    return sorted(h.row.ref.key[0] for h in found)


class TestShapes(SqlShapes):
    pass


class TestPostgresql(SqlContract):
    def test_a_commit_is_proved(self, place: SqlPlace) -> None:
        todo = work(place, delete=["1"])
        evidence: list[Any] = []
        place.driver().apply(todo, Run(None, evidence.append))
        place.insert({**dict.fromkeys(("email", "phone", "name", "note")), "id": "1", "customer": "back"})
        assert apply(place.driver(), todo, evidence[0]).how == "in-doubt-resolved"

    def test_evidence_of_a_server_that_was_set_back(self, place: SqlPlace) -> None:
        todo = work(place, delete=["1"])
        assert apply(place.driver(), todo, {"xid": "4000000000"}).how == "done"


class TestInSets(SqlContract):
    """The same, with every plan carried out in sets first, however small."""

    @pytest.fixture(autouse=True)
    def from_one_row_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sets, "MANY", 0)


class TestTypes:
    def test_no_type_stops_a_search(self, odd: SqlPlace) -> None:
        (first,) = hits(odd.driver(), Lookup("odd", ("id",), ((1,),)))
        assert first.row.values == {
            "id": 1,
            "ci": "Hi",
            "ch": "Ab",
            "mood": "ok",
            "code": "c1",
            "n": Decimal("7.00"),
            "f4": 0.1,
            "f8": 7.5,
            "b": True,
            "u": UUID("11111111-1111-1111-1111-111111111111"),
            "j": {"b": [1, None]},
            "jj": "x",
            "a": ["a", "b,c"],
            "ip": "10.0.0.1",
            "r": "[1,3)",
            "iv": "P1M",
            "mo": "$12.50",
            "d": "infinity",
            "ts": "0044-03-15 00:00:00 BC",
            "tz": "infinity",
            "t": "24:00:00",
            "tt": "24:00:00+02",
            "by": b"\x00\xff",
            "g": "ab",
        }

    def test_every_value_finds_its_row_again(self, odd: SqlPlace) -> None:
        for row in ("1", "2"):
            (hit,) = hits(odd.driver(), Lookup("odd", ("id",), ((row,),)))
            for name, value in hit.row.values.items():
                if value is not None:
                    assert row in rows_of(odd, name, value), name

    def test_values_that_a_column_can_not_hold_match_nothing(self, odd: SqlPlace) -> None:
        (hit,) = hits(odd.driver(), Lookup("odd", ("id",), ((1,),)))
        impossible = ("abc", 10**30, "9" * 30, "007", "1e400", "2020-02-30", "\x00", "\ud800", "true ", "", "NaN", "24:00", -1)
        for name in hit.row.values:
            assert rows_of(odd, name, *impossible, "\u0661") == [], name

    def test_seven_is_seven_in_every_type(self, odd: SqlPlace) -> None:
        assert rows_of(odd, "n", "7") == ["1"] == rows_of(odd, "n", 7.0)
        assert rows_of(odd, "n", "7.00") == []
        assert rows_of(odd, "f4", "0.1") == ["1"]

    def test_every_type_can_be_a_key(self, odd: SqlPlace) -> None:
        for name in ("ci", "ch", "mood", "code", "n", "f4", "f8", "b", "u", "ip", "r", "mo", "d", "ts", "tz", "t", "tt", "by"):
            for key in ((name,), (name, "id")):
                listed = {"odd": collection("odd", *key, table="crm.odd")}
                driver = SqlDriver(System("place", "sql", url=odd.system.url, collections=listed), odd.folder)
                (hit,) = hits(driver, Lookup("odd", ("id",), ((1,),)))
                assert len(list(driver.read([(hit.row.ref, hit.row.key)], Cancel()))) == 1, key
                assert driver.rehearse(Work("place", (step(hit.row),), (), KEY), Cancel()) == [], key
                driver.close()

    def test_every_type_can_be_written(self, odd: SqlPlace) -> None:
        (hit,) = hits(odd.driver(), Lookup("odd", ("id",), ((1,),)))
        kept = {k: v for k, v in hit.row.values.items() if k not in ("id", "g")}
        for writes in (kept, {k: None for k in kept if k != "code"}, {"ch": "x", "n": 5, "j": {"q": 1}, "jj": [1], "a": ["z"]}):
            (hit,) = hits(odd.driver(), Lookup("odd", ("id",), ((1,),)))
            assert apply(odd.driver(), Work("place", (step(hit.row, writes),), (), KEY)).changed == 1

    def test_the_schema_of_odd_columns(self, odd: SqlPlace) -> None:
        schema = odd.driver().schema()
        columns = schema.collections["odd"].columns
        assert [c.name for c in columns.values() if c.generated] == ["id", "g"]
        assert columns["code"].type == "text" and not columns["code"].nullable
        assert columns["mood"].type == "text" and columns["ch"].length == 8
        assert {"people", "messages"} <= set(schema.others) and "crm.odd" not in schema.others

    def test_a_changed_type_is_drift(self, odd: SqlPlace) -> None:
        (hit,) = hits(odd.driver(), Lookup("odd", ("id",), ((1,),)))
        odd.run("ALTER TABLE crm.odd ALTER f8 TYPE text")
        assert drift(odd.driver(), Work("place", (step(hit.row),), (), KEY)) == [("1", "changed")]

    def test_nobodys_settings_change_what_is_compared(self, odd: SqlPlace) -> None:
        rows = [h.row for h in hits(odd.driver(), Lookup("odd", ("id",), ((1,), (2,))))]
        for setting in ("TimeZone = 'Asia/Tokyo'", "DateStyle = 'German'", "IntervalStyle = 'sql_standard'"):
            odd.run(f"ALTER ROLE postgres SET {setting}")
        try:
            assert drift(odd.driver(), Work("place", tuple(map(step, rows)), (), KEY)) == []
        finally:
            odd.run("ALTER ROLE postgres RESET ALL")

    def test_a_generated_column_is_refused_by_name(self, odd: SqlPlace) -> None:
        (hit,) = hits(odd.driver(), Lookup("odd", ("id",), ((1,),)))
        todo = Work("place", (step(hit.row, {"g": "z", "id": 9, "ch": "far too long", "code": None}),), (), KEY)
        assert sorted(r.field for r in odd.driver().rehearse(todo, Cancel())) == ["ch", "code", "g", "id"]


class TestRights:
    @pytest.fixture
    def clerk(self, place: SqlPlace) -> Iterator[SqlPlace]:
        place.run("CREATE ROLE clerk LOGIN")
        place.run("GRANT USAGE ON SCHEMA public TO clerk")
        place.run("GRANT SELECT ON people TO clerk")
        url = place.system.url.replace("postgres@", "clerk@")
        place.system = System("place", "sql", url=url, collections=place.system.collections)
        yield place
        place.run("DROP OWNED BY clerk")
        place.run("DROP ROLE clerk")

    def test_a_table_that_may_not_be_read(self, clerk: SqlPlace) -> None:
        with pytest.raises(UnreachableError, match="read all rows"):
            hits(clerk.driver(), Lookup("messages", ("thread",), ((1,),)))

    def test_rows_that_a_policy_hides_are_never_missed_in_silence(self, clerk: SqlPlace) -> None:
        clerk.run("ALTER TABLE people ENABLE ROW LEVEL SECURITY")
        clerk.run("CREATE POLICY partly ON people USING (id > 3)")
        with pytest.raises(UnreachableError) as caught:
            ids(clerk.driver(), lookup("id", 1))
        assert "BYPASSRLS" in caught.value.hint

    def test_a_missing_permission_is_a_refusal(self, clerk: SqlPlace) -> None:
        todo = work(clerk, delete=["1"])
        (refusal,) = clerk.driver().rehearse(todo, Cancel())
        assert "permission" in refusal.why and "grant" in refusal.cure
        with pytest.raises(RefusedError, match="permission"):
            apply(clerk.driver(), todo)

    def test_reading_never_writes(self, place: SqlPlace) -> None:
        driver = place.driver()
        with driver._dialect.connected(write=False) as conn, pytest.raises(Exception, match="read-only"):
            conn.exec_driver_sql("DELETE FROM people")


class TestTrouble:
    def test_a_row_that_somebody_holds(self, place: SqlPlace, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(postgresql._SETTINGS, "lock_timeout", "50ms")
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})
        before = place.dump()
        with place.engine.connect() as other:
            other.exec_driver_sql("SELECT * FROM people WHERE id = 2 FOR UPDATE")
            with pytest.raises(LockedError):
                apply(place.driver(), todo)
        assert place.dump() == before
        assert apply(place.driver(), todo).deleted == 1

    def test_rows_are_held_until_the_commit(self, place: SqlPlace) -> None:
        todo = work(place, delete=["1"], change={"2": {"name": "Erased"}})

        def somebody_else(_: Any) -> None:
            with place.engine.connect() as other:
                other.exec_driver_sql("SET lock_timeout = '50ms'")
                with pytest.raises(Exception, match="lock timeout"):
                    other.exec_driver_sql("UPDATE people SET note = 'x' WHERE id = 2")

        assert place.driver().apply(todo, Run(None, somebody_else)).changed == 1

    def test_no_server(self, tmp_path: Path) -> None:
        url = f"postgresql://postgres@127.0.0.1:{servers.free_port()}/postgres"
        with pytest.raises(UnreachableError) as caught:
            SqlDriver(System("place", "sql", url=url), tmp_path).schema()
        assert type(caught.value) is UnreachableError and caught.value.hint

    def test_no_such_database_and_no_such_user(self, server: str, tmp_path: Path) -> None:
        with pytest.raises(UnreachableError, match="no such database"):
            SqlDriver(System("place", "sql", url=server + "/absent"), tmp_path).schema()
        with pytest.raises(CredentialsError) as caught:
            SqlDriver(System("place", "sql", url=server.replace("postgres@", "nobody@") + "/postgres"), tmp_path).schema()
        assert "secret set place" in caught.value.hint

    def test_the_password_is_asked_for_and_checked(self, server: str, place: SqlPlace, tmp_path: Path) -> None:
        place.run("CREATE ROLE locked LOGIN PASSWORD 'right'")
        (path,) = place.run("SHOW hba_file")[0]
        hba = Path(path)
        usual = hba.read_text()
        url = server.replace("postgres@", "locked@") + "/postgres"
        try:
            hba.write_text("host all locked 127.0.0.1/32 scram-sha-256\n" + usual)
            place.run("SELECT pg_reload_conf()")
            system = System("place", "sql", url=url, collections={"people": people()})
            for secret in ("wrong", None):
                with pytest.raises(CredentialsError) as caught:
                    SqlDriver(system, tmp_path, lambda s=secret: s).schema()
                assert "wrong" not in caught.value.diagnostics()
            assert SqlDriver(system, tmp_path, lambda: "right").schema().server.startswith("PostgreSQL")
        finally:
            hba.write_text(usual)
            place.run("SELECT pg_reload_conf()")
            place.run("DROP ROLE locked")

    def test_a_running_search_is_stopped(self, place: SqlPlace) -> None:
        place.run("CREATE VIEW slow AS SELECT id, pg_sleep(60)::text AS nap FROM people")
        listed = {"slow": collection("slow", "id")}
        driver = SqlDriver(System("place", "sql", url=place.system.url, collections=listed), place.folder)
        cancel = Cancel()

        def when_it_runs() -> None:
            asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            while not place.run(asleep)[0][0]:
                pass
            cancel.cancel()

        watcher = threading.Thread(target=when_it_runs)
        watcher.start()
        with pytest.raises(CancelledError):
            list(driver.find([Lookup("slow", ("nap",), (("x",),))], cancel))
        watcher.join()

    def test_a_trigger_that_undoes_a_change_is_named(self, place: SqlPlace) -> None:
        place.run("CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := OLD.name; RETURN NEW; END $$")
        place.run("CREATE TRIGGER undo BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION undo()")
        todo = work(place, change={"2": {"name": "Erased", "note": "x"}})
        assert [r.field for r in place.driver().rehearse(todo, Cancel())] == ["name"]
        with pytest.raises(RefusedError, match="column name"):
            apply(place.driver(), todo)

    def test_messages_of_the_server_stay_there(self, place: SqlPlace) -> None:
        place.run("ALTER TABLE people ADD CONSTRAINT shape CHECK (email <> 'secret.value')")
        todo = work(place, change={"1": {"email": "secret.value", "customer": "1008"}})
        for refusal in place.driver().rehearse(todo, Cancel()):
            assert "secret" not in repr(refusal) and "1008" not in repr(refusal)
        with pytest.raises(RefusedError) as caught:
            apply(place.driver(), todo)
        assert "secret" not in caught.value.diagnostics() and "1008" not in caught.value.diagnostics()
        assert caught.value.__cause__ is None and caught.value.__suppress_context__

    def test_a_deferred_constraint_is_checked_before_the_commit(self, place: SqlPlace) -> None:
        place.run("ALTER TABLE people ADD CONSTRAINT late UNIQUE (name) DEFERRABLE INITIALLY DEFERRED")
        todo = work(place, change={"1": {"name": "same"}, "6": {"name": "same"}})
        before = place.dump()
        announced: list[Any] = []
        with pytest.raises(RefusedError):
            place.driver().apply(todo, Run(None, announced.append))
        assert not announced and place.dump() == before
        assert place.driver().rehearse(todo, Cancel())


class Cut:
    """A line to the server that a test can cut at the commit: the server hears ``COMMIT``, and we never hear its answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.armed = False
        self.dead = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.own_port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                if self.dead:
                    ours.close()
                    continue
                theirs = socket.create_connection(("127.0.0.1", self.port))
                committing = threading.Event()
                threading.Thread(target=self._pass, args=(ours, theirs, committing, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(theirs, ours, committing, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, committing: threading.Event, up: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if up and self.armed and b"COMMIT" in data:
                    committing.set()
                if not up and committing.is_set():
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()


class TestCutAtTheCommit:
    @pytest.fixture
    def cut(self, server: str, place: SqlPlace) -> Iterator[Cut]:
        port = int(server.rpartition(":")[2])
        line = Cut(port)
        url = place.system.url.replace(f":{port}", f":{line.own_port}")
        place.system = System("place", "sql", url=url, collections=place.system.collections)
        yield line
        line.close()

    def test_the_server_is_asked_and_had_committed(self, place: SqlPlace, cut: Cut) -> None:
        todo = work(place, delete=["1"])

        def arm(_: Any) -> None:
            cut.armed = True

        done = place.driver().apply(todo, Run(None, arm))
        assert (done.deleted, done.how) == (1, "in-doubt-resolved")
        cut.armed = False
        assert "1" not in every(place.driver())

    def test_a_server_that_stays_away_leaves_it_in_doubt(self, place: SqlPlace, cut: Cut) -> None:
        todo = work(place, delete=["1"])
        evidence: list[Any] = []

        def arm(seen: Any) -> None:
            evidence.append(seen)
            cut.armed = cut.dead = True

        with pytest.raises(InDoubtError):
            place.driver().apply(todo, Run(None, arm))
        cut.armed = cut.dead = False
        assert apply(place.driver(), todo, evidence[0]).how == "in-doubt-resolved"

    def test_a_backend_that_is_ended_before_the_commit_wrote_nothing(self, place: SqlPlace) -> None:
        todo = work(place, delete=["1"])
        before = place.dump()
        evidence: list[Any] = []

        def end(seen: Any) -> None:
            evidence.append(seen)
            ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'dsr-desk'"
            place.run(ended)

        with pytest.raises(UnreachableError):
            place.driver().apply(todo, Run(None, end))
        assert place.dump() == before
        assert apply(place.driver(), todo, evidence[0]).how == "done"


class TestResidue:
    def test_statistics_that_still_hold_a_value(self, place: SqlPlace) -> None:
        for i in range(200, 260):
            row = (str(i), f"c{i}", "twin@x.org", None, None, None)
            place.insert(dict(zip(COLUMNS, row, strict=True)))
        place.run("ANALYZE people")
        todo = Work("place", tuple(step(h.row) for h in hits(place.driver(), lookup("email", "twin@x.org"))), (), KEY)
        apply(place.driver(), todo)
        where = {r.where: r.count for r in place.driver().residue([b"twin@x.org", b"", b"absent"], Cancel())}
        assert where == {"public.people.email": 1, "public.people_email.lower": 1, "server files": 0}

    def test_compacting_vacuums_and_analyses(self, place: SqlPlace) -> None:
        done = apply(place.driver(), work(place, delete=["1"], compact=True))
        assert done.notes == ("The tables were vacuumed and analysed.",)
        assert [r.where for r in place.driver().residue([b"anna"], Cancel())][-1] == "server files"


def test_the_settings_are_really_set(place: SqlPlace) -> None:
    with place.driver()._dialect.connected(write=False) as conn:
        shown = dict(conn.execute(text("SELECT name, setting FROM pg_settings")).all())
    assert shown["row_security"] == "off" and shown["default_transaction_read_only"] == "on" and shown["TimeZone"] == "UTC"


class TestLists:
    def test_any_entry_of_an_array_answers(self, place: SqlPlace) -> None:
        place.run("CREATE TABLE lists (id int PRIMARY KEY, mails text[], ids int[], grid int[][], u uuid[], j jsonb)")
        place.run(
            """INSERT INTO lists VALUES (1, '{Ann@x.org,"b,c"}', '{7,8}', '{{1,2},{3,4}}',
               '{11111111-1111-1111-1111-111111111111}', '["ann@x.org", 7]'), (2, '{}', NULL, NULL, NULL, '[]')"""
        )
        place.system = System("place", "sql", url=place.system.url, collections={"lists": collection("lists", "id")})

        def found(field: str, *values: Any, kind: str | None = None) -> list[Any]:
            return [h.row.key["id"] for h in hits(place.driver(), Lookup("lists", (field,), tuple((v,) for v in values), kind))]

        assert found("mails", "ann@X.org", kind="email") == [1] == found("mails", "b,c", "x") == found("ids", "7")
        assert found("grid", 3) == [1] == found("u", "11111111-1111-1111-1111-111111111111") == found("j", 7)
        assert found("j", "ann@x.org", kind="email") == [1] == found("ids", [7, 8])
        assert found("mails", "ann@x.org") == [] == found("ids", 78) == found("j", "[]x")
