"""The DuckDB driver over files as they come: nested, typed, many to a collection, packed, damaged, unusual."""

from __future__ import annotations

import gzip
import json
import logging
import tempfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.drivers._duckdb import parquet
from dsr_desk.drivers._duckdb.session import session
from dsr_desk.drivers._file import swap
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.duckdb import DuckDBDriver
from dsr_desk.drivers.sheet import SheetDriver
from dsr_desk.errors import (
    CancelledError,
    DeskError,
    DriftError,
    InDoubtError,
    LockedError,
    RefusedError,
    UnreachableError,
    UsageError,
)
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Work
from tests.drivers.contract import KEY, step


def make(path: Path, select: str, options: str = "FORMAT parquet") -> None:
    with duckdb.connect() as own:
        own.execute("SET TimeZone = 'UTC'")
        own.execute(f"COPY ({select}) TO '{path}' ({options})")


def table(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as own:
        return own.execute(f"SELECT * FROM '{path}'").fetchall()


def driver(folder: Path, path: str = "mail.parquet", *fields: str, key: tuple[str, ...] = ("id",), **more: Any) -> DuckDBDriver:
    listed = {name: Field(name) for name in ("id", "email", *fields)}
    return DuckDBDriver(
        System("mail", "duckdb", path=path, collections={"mail": Collection("mail", "mail", key, listed, **more)}), folder
    )


def rows(of: DuckDBDriver, field: str, *values: Any, kind: str | None = "email") -> list[Row]:
    asked = Lookup("mail", (field,), tuple((v,) for v in values), kind)
    return [hit.row for batch in of.find([asked], Cancel()) for hit in batch]


def plan(*steps: Any) -> Work:
    return Work("mail", steps, (), KEY)


def carry_out(of: DuckDBDriver, work: Work, evidence: Any = None) -> Any:
    assert of.rehearse(work, Cancel()) == []
    return of.apply(work, Run(evidence, lambda _: None))


PEOPLE = "SELECT * FROM (VALUES (1, 'anna@example.org'), (2, 'ben@example.org'), (3, 'ANNA@example.org')) AS t(id, email)"


# -- what columns hold -------------------------------------------------------------------------------------------------


def test_values_keep_their_types_and_all_others_their_values(tmp_path: Path) -> None:
    make(
        tmp_path / "mail.parquet",
        """SELECT i AS id, 'anna@example.org' AS email, DATE '1980-02-03' AS born,
        (i + 0.5)::DECIMAL(10,2) AS owed, i = 1 AS active,
        TIMESTAMP '2020-01-02 03:04:05.678901' AS at, TIMESTAMPTZ '2020-01-02 03:04:05+00' AS zoned, '\\xFF'::BLOB AS raw,
        TIMESTAMP_NS '2020-01-02 03:04:05.123456789' AS exact, MAP {'k': 1} AS map, INTERVAL 1 MONTH AS span, NULL::INT AS nothing,
        [1, NULL] AS list, uuid() AS uuid, 0.1::FLOAT AS little, 2::UTINYINT AS tiny FROM range(5) t(i)""",
    )
    before = table(tmp_path / "mail.parquet")
    of = driver(tmp_path)
    found = {row.values["id"]: row for row in rows(of, "email", "anna@example.org")}
    values = found[1].values
    assert (values["born"], values["owed"], values["active"]) == (date(1980, 2, 3), Decimal("1.50"), True)
    assert values["zoned"].isoformat() == "2020-01-02T03:04:05+00:00" and values["at"] == datetime(2020, 1, 2, 3, 4, 5, 678901)
    assert values["exact"].endswith(".123456789") and values["raw"] == b"\xff" and values["map"] == {"k": 1}
    carry_out(of, plan(step(found[0]), step(found[3], {"email": "gone", "born": date(1980, 1, 1), "owed": None})))
    after = table(tmp_path / "mail.parquet")
    assert after[:2] + after[3:] == before[1:3] + before[4:]
    assert after[2] == (3, "gone", date(1980, 1, 1), None, *before[3][4:])


def test_nested_columns_are_dotted_fields(tmp_path: Path) -> None:
    make(
        tmp_path / "mail.parquet",
        """SELECT * FROM (VALUES (1, {'email': 'anna@example.org', 'n': 1}, [{'to': 'x@y.de', 'p': 1}, {'to': NULL, 'p': 2}],
        ['a', 'b']),
        (2, NULL, [], NULL), (3, {'email': NULL, 'n': 2}, NULL, [])) AS t(id, contact, lines, tags)""",
    )
    of = DuckDBDriver(
        System(
            "mail", "duckdb", path="mail.parquet", collections={"mail": Collection("mail", "mail", ("id",), {"id": Field("id")})}
        ),
        tmp_path,
    )
    assert list(of.schema().collections["mail"].columns) == ["id", "contact.email", "contact.n", "lines[].to", "lines[].p", "tags"]
    (row,) = rows(of, "contact.email", "ANNA@example.org")
    assert row.values["lines[].to"] == ["x@y.de", None] and row.values["tags"] == ["a", "b"]
    assert (
        [r.values["id"] for r in rows(of, "lines[].to", "x@y.de")]
        == [1]
        == [r.values["id"] for r in rows(of, "tags", "b", kind=None)]
    )
    carry_out(of, plan(step(row, {"contact.email": None, "lines[].to": "gone", "tags": []})))
    assert table(tmp_path / "mail.parquet")[0] == (1, {"email": None, "n": 1}, [{"to": "gone", "p": 1}, {"to": None, "p": 2}], [])


def test_a_value_that_its_column_can_not_hold_is_refused_before(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", "SELECT 1 AS id, 'anna@example.org' AS email, 7 AS number")
    of = driver(tmp_path)
    (row,) = rows(of, "email", "anna@example.org")
    for value in ("Erased", 3.7, 10**30):
        (refusal,) = of.rehearse(plan(step(row, {"number": value})), Cancel())
        assert refusal.field == "number" and "INTEGER" in refusal.why
        with pytest.raises(RefusedError):
            of.apply(plan(step(row, {"number": value})), Run(None, lambda _: None))
    assert table(tmp_path / "mail.parquet") == [(1, "anna@example.org", 7)]


# -- rewriting ---------------------------------------------------------------------------------------------------------


def test_a_rewritten_file_keeps_its_settings_and_notes(tmp_path: Path) -> None:
    options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 4096, KV_METADATA {owner: 'it''s Müller'}"
    make(tmp_path / "mail.parquet", "SELECT i AS id, 'u' || i || '@example.org' AS email FROM range(10000) t(i)", options)
    (tmp_path / "mail.parquet").chmod(0o640)

    def about() -> Any:
        with duckdb.connect() as own:
            path = str(tmp_path / "mail.parquet")
            groups = own.execute("SELECT row_group_num_rows, compression FROM parquet_metadata(?) WHERE column_id = 0", [path])
            notes = (
                groups.fetchall(),
                own.execute("SELECT value FROM parquet_kv_metadata(?) WHERE key = 'owner'", [path]).fetchall(),
            )
            return *notes, own.execute("SELECT repetition_type FROM parquet_schema(?)", [path]).fetchall()

    before = about()
    of = driver(tmp_path)
    found = rows(of, "email", "u0@example.org", "u5000@example.org", "u9999@example.org")
    carry_out(of, plan(step(found[0]), step(found[1], {"email": "gone"}), step(found[2])))
    after = about()
    assert after[1:] == before[1:] and len(after[0]) > 1 and {c for _, c in after[0]} == {"ZSTD"}
    assert table(tmp_path / "mail.parquet") == [(i, "gone" if i == 5000 else f"u{i}@example.org") for i in range(1, 9999)]
    assert (tmp_path / "mail.parquet").stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["mail.parquet"]


def test_a_column_that_must_have_a_value_takes_no_other_and_the_rest_is_told(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", "SELECT i AS id, 'anna@example.org' AS email FROM range(3) t(i)")
    of = driver(tmp_path)
    found = rows(of, "email", "anna@example.org")
    (refusal,) = of.rehearse(plan(step(found[0], {"email": None})), Cancel())
    assert refusal.field == "email"
    (note,) = carry_out(of, plan(step(found[0], {"email": "gone"}))).notes
    assert "mail.parquet" in note and table(tmp_path / "mail.parquet")[0] == (0, "gone")


def test_a_schema_that_can_not_be_written_again_is_refused_before(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", PEOPLE, "FORMAT parquet, FIELD_IDS {id: 7, email: 9}")
    before = (tmp_path / "mail.parquet").read_bytes()
    of = driver(tmp_path)
    todo = plan(step(rows(of, "email", "ben@example.org")[0]))
    (refusal,) = of.rehearse(todo, Cancel())
    assert "schema" in refusal.why and refusal.cure
    with pytest.raises(RefusedError):
        of.apply(todo, Run(None, lambda _: None))
    assert (tmp_path / "mail.parquet").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("wrong", ["another row goes", "another value is written", "another row changes", "rows change places"])
def test_a_new_file_that_came_out_otherwise_is_never_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    make(tmp_path / "mail.parquet", "SELECT i AS id, 'u' || i || '@example.org' AS email FROM range(100) t(i)")
    before = (tmp_path / "mail.parquet").read_bytes()
    of = driver(tmp_path)
    found = rows(of, "email", "u3@example.org", "u50@example.org")
    right = parquet._selected
    if wrong == "another row goes":
        monkeypatch.setattr(parquet, "_selected", lambda c, w: f"unnest([s.{c}]) AS {c}" if c == "id" else f"s.{c}")
    else:
        how = {
            "another value is written": "CASE WHEN s.id = 50 THEN 'other' ELSE s.email END AS email",
            "another row changes": "CASE WHEN s.id IN (50, 51) THEN 'gone' ELSE s.email END AS email",
            "rows change places": "CASE WHEN s.id = 50 THEN 'gone' WHEN s.id = 60 THEN 'u61@example.org' "
            "WHEN s.id = 61 THEN 'u60@example.org' ELSE s.email END AS email",
        }[wrong]
        monkeypatch.setattr(
            parquet,
            "_selected",
            lambda c, w: right(c, w) if c == "id" else how,
        )
    todo = plan(step(found[0]), step(found[1], {"email": "gone"}))
    with pytest.raises(RefusedError):
        of.apply(todo, Run(None, lambda _: pytest.fail("it was announced")))
    assert (tmp_path / "mail.parquet").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_csv_keeps_the_bytes_of_every_other_line(tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf"id";email;note\r\n1;anna@example.org;"a ""b""\r\nc"\r\n2;"ben@example.org";\r\n\r\n3;x;\'=1\'\r\n'
    (tmp_path / "mail.csv").write_bytes(data)
    of = driver(tmp_path, "mail.csv", "note")
    (row,) = rows(of, "email", "anna@example.org")
    assert row.values["note"] == 'a "b"\r\nc'
    (ben,) = rows(of, "email", "ben@example.org")
    carry_out(of, plan(step(row), step(ben, {"email": "gone"})))
    assert (tmp_path / "mail.csv").read_bytes() == b'\xef\xbb\xbf"id";email;note\r\n2;"gone";\r\n\r\n3;x;\'=1\'\r\n'


# -- many files --------------------------------------------------------------------------------------------------------


def many(folder: Path) -> DuckDBDriver:
    (folder / "out").mkdir(exist_ok=True)
    for part in range(3):
        make(folder / "out" / f"m{part}.parquet", f"SELECT i + {part * 10} AS id, 'anna@example.org' AS email FROM range(3) t(i)")
    make(folder / "out" / "other.parquet", "SELECT 1 AS x")
    return driver(folder, "out", table="m*.parquet")


def test_files_of_a_pattern_are_one_collection_and_change_together(tmp_path: Path) -> None:
    of = many(tmp_path)
    assert of.schema().others == ("other",) and of.count(["mail"], Cancel()) == {"mail": 9}
    found = {row.values["id"]: row for row in rows(of, "email", "anna@example.org")}
    assert sorted(found) == [0, 1, 2, 10, 11, 12, 20, 21, 22]
    announced: list[Any] = []
    of.apply(plan(step(found[1]), step(found[12], {"email": "gone"})), Run(None, announced.append))
    assert [sorted(e["files"]) for e in announced] == [["out/m0.parquet", "out/m1.parquet"]]
    assert table(tmp_path / "out" / "m0.parquet") == [(0, "anna@example.org"), (2, "anna@example.org")]
    assert table(tmp_path / "out" / "m1.parquet")[2] == (12, "gone") and len(list((tmp_path / "out").iterdir())) == 4


def test_a_run_that_was_stopped_between_two_files_is_finished_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = many(tmp_path)
    found = {row.values["id"]: row for row in rows(of, "email", "anna@example.org")}
    todo = plan(step(found[1]), step(found[12], {"email": "gone"}), step(found[20]))
    announced: list[Any] = []
    confirm, calls = swap.confirm, []

    def fail(source: Any) -> None:
        confirm(source)
        calls.append(source)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(swap, "confirm", fail)
        with pytest.raises(KeyboardInterrupt):
            of.apply(todo, Run(None, announced.append))
    assert len(calls) == 1 and len(table(tmp_path / "out" / "m2.parquet")) == 2 and len(table(tmp_path / "out" / "m0.parquet")) == 3
    done = of.apply(todo, Run(announced[0], announced.append))
    assert (done.deleted, done.changed, done.how) == (2, 1, "in-doubt-resolved")
    assert [len(table(tmp_path / "out" / f"m{i}.parquet")) for i in range(3)] == [2, 3, 2]
    assert table(tmp_path / "out" / "m1.parquet")[2] == (12, "gone")


def test_a_row_that_changed_behind_a_stopped_run_is_in_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = many(tmp_path)
    found = {row.values["id"]: row for row in rows(of, "email", "anna@example.org")}
    todo = plan(step(found[1]), step(found[20]))
    announced: list[Any] = []

    def fail(source: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(swap, "confirm", fail)
        of.apply(todo, Run(None, announced.append))
    make(tmp_path / "out" / "m0.parquet", "SELECT 1 AS id, 'new@example.org' AS email")
    with pytest.raises(InDoubtError) as caught:
        of.apply(todo, Run(announced[0], lambda _: None))
    assert found[1].ref.path in caught.value.message
    assert table(tmp_path / "out" / "m0.parquet") == [(1, "new@example.org")]


def test_a_file_saved_by_somebody_else_meanwhile_stays(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", PEOPLE)
    of = driver(tmp_path)
    todo = plan(step(rows(of, "email", "ben@example.org")[0]))
    with pytest.raises(LockedError):
        of.apply(todo, Run(None, lambda _: make(tmp_path / "mail.parquet", PEOPLE.replace("anna@", "eve@"))))
    assert len(table(tmp_path / "mail.parquet")) == 3
    with pytest.raises(DriftError):
        of.apply(todo, Run(None, lambda _: make(tmp_path / "mail.parquet", PEOPLE.replace("ben@", "eve@"))))


def test_a_key_that_leads_to_two_rows_is_named(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", "SELECT 1 AS id, 'anna@example.org' AS email FROM range(2)")
    with pytest.raises(UsageError, match="same key"):
        rows(driver(tmp_path), "email", "anna@example.org")


def test_without_a_key_file_and_number_name_a_row(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", "SELECT 1 AS id, 'anna@example.org' AS email FROM range(3)")
    of = driver(tmp_path, key=())
    found = rows(of, "email", "anna@example.org")
    assert [row.ref.key for row in found] == [("mail.parquet", str(i)) for i in range(3)]
    assert [r.ref for r in of.read([(found[1].ref, found[1].key)], Cancel())] == [found[1].ref]
    carry_out(of, plan(step(found[1], {"email": "gone"})))
    assert [email for _, email in table(tmp_path / "mail.parquet")] == ["anna@example.org", "gone", "anna@example.org"]


# -- only read ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [False, True])
def test_json_is_searched_and_never_written(tmp_path: Path, packed: bool) -> None:
    lines = [
        {"id": "1", "email": "Anna@example.org", "to": [{"n": "Ä\n"}], "d": "2020-01-02"},
        {"id": 2, "more": {"email": "b@c.de"}},
    ]
    data = "\n".join(map(json.dumps, lines)).encode()
    name = "mail.jsonl.gz" if packed else "mail.jsonl"
    (tmp_path / name).write_bytes(gzip.compress(data) if packed else data)
    of = driver(tmp_path, name)
    (row,) = rows(of, "email", "anna@example.org")
    assert row.values["to[].n"] == ["Ä\n"] and row.values["d"] == "2020-01-02"
    assert [r.values["id"] for r in rows(of, "more.email", "B@c.de")] == [2]
    assert {"id", "email", "to[].n", "more.email"} <= set(of.schema().collections["mail"].columns)
    (refusal,) = of.rehearse(plan(step(row)), Cancel())
    assert "only read" in refusal.why


def test_packed_csv_is_searched_and_never_written(tmp_path: Path) -> None:
    (tmp_path / "mail.csv.gz").write_bytes(gzip.compress(b"id;email\n1;anna@example.org\n"))
    of = driver(tmp_path, "mail.csv.gz")
    (row,) = rows(of, "email", "anna@example.org")
    (refusal,) = of.rehearse(plan(step(row)), Cancel())
    assert "only read" in refusal.why
    (tmp_path / "mail.csv.gz").write_bytes(gzip.compress(b"id;email\n" + b"1;anna@example.org\n" * 9999)[:-300])
    with pytest.raises(UnreachableError):
        rows(of, "email", "anna@example.org")


# -- what is wrong with files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"id,email\n1,a@b.de\n2\n",
        b"id,email\n1,a@b.de,too much\n",
        b'id,email\n1,"open@b.de\n',
        b"id,email\n1,\xff@b.de\n",
        "id,email\n1,a@b.de\n".encode("utf-16"),
        b"",
    ],
)
def test_a_csv_that_could_be_misread_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "mail.csv").write_bytes(data)
    with pytest.raises(UnreachableError) as caught:
        rows(driver(tmp_path, "mail.csv"), "email", "a@b.de")
    assert "mail.csv" in caught.value.message and "b.de" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("data", [b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"not parquet", b""])
def test_a_damaged_parquet_file_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "mail.parquet").write_bytes(data)
    with pytest.raises(UnreachableError, match=r"mail\.parquet"):
        rows(driver(tmp_path), "email", "a@b.de")


def test_a_file_cut_off_or_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError):
        rows(driver(tmp_path), "email", "a@b.de")
    make(tmp_path / "mail.parquet", PEOPLE)
    (tmp_path / "mail.parquet").write_bytes((tmp_path / "mail.parquet").read_bytes()[:-20])
    with pytest.raises(UnreachableError):
        rows(driver(tmp_path), "email", "a@b.de")


def test_links_and_patterns_in_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    make(tmp_path / "real" / "mail.parquet", PEOPLE)
    (tmp_path / "mail.parquet").symlink_to(tmp_path / "real" / "mail.parquet")
    with pytest.raises(UsageError, match="link"):
        rows(driver(tmp_path), "email", "a@b.de")
    make(tmp_path / "real" / "odd.parquet", PEOPLE)
    (tmp_path / "real" / "odd.parquet").rename(tmp_path / "real" / "m[a-z]il.parquet")
    with pytest.raises(UsageError, match="pattern"):
        rows(driver(tmp_path, "real"), "email", "a@b.de")


def test_hostile_column_names_are_data(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", """SELECT 1 AS id, 'a@b.de' AS "e""m'ail", {'x"y''z': 'q@b.de'} AS s""")
    of = driver(tmp_path)
    (row,) = rows(of, "e\"m'ail", "a@b.de")
    assert [r.ref for r in rows(of, "s.x\"y'z", "q@b.de")] == [row.ref]
    carry_out(of, plan(step(row, {"e\"m'ail": "'; DROP TABLE x; --", "s.x\"y'z": '"'})))
    assert table(tmp_path / "mail.parquet") == [(1, "'; DROP TABLE x; --", {"x\"y'z": '"'})]


# -- what it may touch -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '{0}/other.parquet'",
        "COPY (SELECT 1) TO '{0}/new.csv'",
        "ATTACH '{0}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM 'http://127.0.0.1:9/x.parquet'",
        "SET memory_limit = '9GB'",
        "SET enable_external_access = true",
    ],
)
def test_a_session_reaches_its_own_files_alone(tmp_path: Path, sql: str) -> None:
    make(tmp_path / "mail.parquet", PEOPLE)
    make(tmp_path / "other.parquet", PEOPLE)
    with session([tmp_path / "mail.parquet"]) as connection:
        assert len(connection.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / "mail.parquet")]).fetchall()) == 3
        with pytest.raises(duckdb.Error):
            connection.execute(sql.format(tmp_path))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mail.parquet", "other.parquet"]


def test_a_search_that_is_cancelled_stops(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", "SELECT i AS id, 'anna@example.org' AS email FROM range(5000) t(i)")
    cancel = Cancel()
    found = driver(tmp_path).find([Lookup("mail", ("email",), (("anna@example.org",),), "email")], cancel)
    next(found)
    cancel.cancel()
    with pytest.raises(CancelledError):
        list(found)


def test_no_value_is_logged_or_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "mail.csv").write_bytes(b"id,email\n1,secret@example.org,secret\n")
    make(tmp_path / "one.parquet", "SELECT 'secret' AS id, 'secret@example.org' AS email, 1 AS n")
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(DeskError) as caught:
            rows(driver(tmp_path, "mail.csv"), "email", "secret@example.org")
        of = driver(tmp_path, "one.parquet")
        (refusal,) = of.rehearse(plan(step(rows(of, "email", "secret@example.org")[0], {"n": "secret"})), Cancel())
    assert "secret" not in caplog.text + caught.value.message + caught.value.hint + refusal.why + refusal.cure


def test_old_copies_and_notes_that_hold_what_was_erased_are_named(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", PEOPLE, "FORMAT parquet, KV_METADATA {note: 'anna@example.org'}")
    make(tmp_path / "mail.parquet.bak", PEOPLE)
    found = driver(tmp_path).residue([b"anna@example.org"], Cancel())
    assert [(r.where, r.count) for r in found] == [("mail.parquet", 1), ("mail.parquet.bak", 1)]
    assert driver(tmp_path).residue([b"nobody@example.org"], Cancel()) == []


def test_a_csv_that_two_readers_read_otherwise_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_bytes(b'id,email\n1,x@y.de\n2, "anna@example.org"\n')
    of = driver(tmp_path, "mail.csv")
    (row,) = rows(of, "email", "anna@example.org")
    with pytest.raises(LockedError, match="reads otherwise"):
        of.apply(plan(step(row)), Run(None, lambda _: pytest.fail("it was announced")))
    assert len((tmp_path / "mail.csv").read_bytes().splitlines()) == 3


@pytest.mark.parametrize("title", [b'5" tape\n', b'"a" b\n', b"'\n", b'a"\n"b\n', b'x\r"y\n'])
def test_odd_lines_above_the_header_never_hide_a_row(tmp_path: Path, title: bytes) -> None:
    (tmp_path / "mail.csv").write_bytes(title + b"id,email\n1,anna@example.org\n2,anna@example.org\n")
    try:
        found = rows(driver(tmp_path, "mail.csv"), "email", "anna@example.org")
    except (UnreachableError, UsageError):
        return
    assert [row.values["id"] for row in found] == ["1", "2"]


def test_a_file_changed_after_another_was_replaced_is_in_doubt(tmp_path: Path) -> None:
    of = many(tmp_path)
    found = {row.values["id"]: row for row in rows(of, "email", "anna@example.org")}
    todo = plan(step(found[1]), step(found[12]))
    changed = "SELECT i AS id, 'new@example.org' AS email FROM range(3) t(i)"
    with pytest.raises(InDoubtError, match="1 of 2 files") as caught:
        of.apply(todo, Run(None, lambda _: make(tmp_path / "out" / "m0.parquet", changed)))
    assert "out/m0.parquet" in caught.value.message
    assert len(table(tmp_path / "out" / "m0.parquet")) == 3 and len(table(tmp_path / "out" / "m1.parquet")) == 2


def test_a_row_gone_before_anything_was_replaced_is_not_ours(tmp_path: Path) -> None:
    of = many(tmp_path)
    found = {row.values["id"]: row for row in rows(of, "email", "anna@example.org")}
    announced: list[Any] = []

    def stop(evidence: Any) -> None:
        announced.append(evidence)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        of.apply(plan(step(found[1])), Run(None, stop))
    make(tmp_path / "out" / "m0.parquet", "SELECT 0 AS id, 'anna@example.org' AS email")
    with pytest.raises(DriftError):
        of.apply(plan(step(found[1])), Run(announced[0], lambda _: None))


def test_a_file_of_two_collections_is_not_rewritten_twice(tmp_path: Path) -> None:
    make(tmp_path / "mail.parquet", PEOPLE)
    both = {name: Collection("mail", name, ("id",), {"id": Field("id")}, table="mail*") for name in ("mail", "again")}
    of = DuckDBDriver(System("mail", "duckdb", path="mail.parquet", collections=both), tmp_path)
    (one,) = rows(of, "email", "ben@example.org")
    (two,) = of.find([Lookup("again", ("email",), (("ben@example.org",),), "email")], Cancel())
    with pytest.raises(UsageError, match="two collections"):
        of.rehearse(plan(step(one), step(two[0].row)), Cancel())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            *[st.sampled_from(["", "a", "é", '"', '""', '"a,b"', '"\n"', '"a""b"', "'", "\\", "a,b", "#", "NULL", "x\ny"])] * 2
        )
    ),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "\n", "\n\n", "x"]),
)
def test_duckdb_reads_a_csv_as_it_stands_there_or_not_at_all(lines: list[tuple[str, str]], ends: str, tail: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = ends.join([f"id,email{ends}", *map(",".join, lines)])
        (folder / "mail.csv").write_bytes((text + tail).encode())
        sheet = SheetDriver(driver(folder, "mail.csv").system, folder)
        try:
            read = driver(folder, "mail.csv").sample("mail", 1000, Cancel())
        except DeskError:
            return
        assert read == sheet.sample("mail", 1000, Cancel())
