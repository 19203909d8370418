"""Tables of every make, on every database that the program was tried against: wide, oddly named, numbers kept as text, views."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.errors import UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Lookup
from tests.drivers.conftest import in_mariadb, in_postgresql, in_sqlite
from tests.drivers.contract import apply, drift, hits, step
from tests.drivers.sql_contract import SqlPlace, collection
from tests.drivers.sql_shapes import both_refuse, listed, of, rehearsed, rows_of


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlPlace]:
    if request.param == "sqlite":
        yield in_sqlite(tmp_path)
    elif request.param == "postgresql":
        yield from in_postgresql(request.getfixturevalue("server"), tmp_path)
    else:
        yield from in_mariadb(request.getfixturevalue("mariadb_server"), tmp_path)


def found(place: SqlPlace, name: str, field: str, *values: Any, **more: Any) -> list[Any]:
    return [h.row.values["id"] for h in hits(place.driver(), Lookup(name, (field,), tuple((v,) for v in values), **more))]


def test_a_thousand_columns(place: SqlPlace) -> None:
    columns = ", ".join(f"c{i} INTEGER" for i in range(998))
    place.run(f"CREATE TABLE wide (id INTEGER PRIMARY KEY, email VARCHAR(50), {columns})")
    for number in (1, 2):
        place.run("INSERT INTO wide (id, email, c0, c997) VALUES (:n, :e, :n, :n)", n=number, e=f"a{number}@x.org")
    listed(place, collection("wide", "id"))
    assert len(place.driver().schema().collections["wide"].columns) == 1_000
    (row,) = rows_of(place, "wide", "c997", 2)
    assert len(row.values) == 1_000 and found(place, "wide", "email", "A2@X.org", kind="email") == [2]
    todo = of(step(row, {f"c{i}": i for i in range(998)}))
    assert rehearsed(place.driver(), todo) == [] and apply(place.driver(), todo).changed == 1
    assert place.run("SELECT c0, c997 FROM wide ORDER BY id") == [(1, 1), (0, 997)]
    listed(place, collection("wide"))
    assert apply(place.driver(), of(*map(step, rows_of(place, "wide", "id", 1, 2)))).deleted == 2


def test_names_in_which_case_counts_and_that_need_quotes(place: SqlPlace) -> None:
    place.run('CREATE TABLE "Order" ("id" INTEGER PRIMARY KEY, "E-Mail" VARCHAR(50), "select" VARCHAR(9), "100%" VARCHAR(9))')
    place.run(
        'CREATE TABLE "order" ("id" INTEGER PRIMARY KEY, "e-mail" VARCHAR(50))' if place.engine.name != "sqlite" else "SELECT 1"
    )
    place.run("INSERT INTO \"Order\" VALUES (1, 'ann@x.org', 'a', 'b'), (2, 'ben@x.org', 'c', 'd')")
    listed(place, collection("Order", "id"))
    assert found(place, "Order", "E-Mail", "ANN@x.org", kind="email") == [1] == found(place, "Order", "100%", "b")
    (row,) = rows_of(place, "Order", "select", "a")
    todo = of(step(row, {"E-Mail": "x", "select": "y", "100%": None}))
    assert rehearsed(place.driver(), todo) == [] and apply(place.driver(), todo).changed == 1
    assert place.run('SELECT * FROM "Order" WHERE id = 1') == [(1, "x", "y", None)]
    with pytest.raises(UsageError) as caught:
        found(place, "Order", "e-mail", "x")
    assert "E-Mail" in caught.value.hint


def test_a_number_here_is_a_text_there(place: SqlPlace) -> None:
    place.run("CREATE TABLE numbers (id INTEGER PRIMARY KEY, n BIGINT, t VARCHAR(30), d NUMERIC(20, 2), f DOUBLE PRECISION)")
    place.run("INSERT INTO numbers VALUES (1, 1007, '1007', 1007.00, 1007), (2, 7, '07', 0.07, 0.5), (3, NULL, 'x', NULL, NULL)")
    listed(place, collection("numbers", "id"))
    for value in (1007, "1007", 1007.0):
        assert all(found(place, "numbers", name, value) == [1] for name in "ntdf"), value
    for value in ("07", "7.0", "0x3ef", " 1007", "1007 "):
        assert found(place, "numbers", "n", value) == [] == found(place, "numbers", "d", value) and found(
            place, "numbers", "t", value
        ) == ([2] if value == "07" else [])


def test_views_are_searched_and_never_written(place: SqlPlace) -> None:
    place.run(
        "CREATE VIEW faces AS SELECT p.id, p.email, count(m.thread) AS written FROM people p "
        "LEFT JOIN messages m ON m.sender = p.id GROUP BY p.id, p.email"
    )
    listed(place, collection("faces", "id"))
    assert place.driver().schema().collections["faces"].is_view
    assert found(place, "faces", "email", "anna.berg@example.org", kind="email") == [1, 2] and found(
        place, "faces", "written", 3
    ) == [6, 8]
    (row,) = rows_of(place, "faces", "id", 8)
    assert drift(place.driver(), of(step(row))) == []
    both_refuse(place, of(step(row)), "view")


def test_everything_is_there_to_begin_with(place: SqlPlace) -> None:
    """Without a catalog the schema names all tables, and with one that lists no fields it gives their columns with types."""
    place.run("CREATE VIEW faces AS SELECT id FROM people")
    listed(place)
    schema = place.driver().schema()
    assert schema.collections == {} and {"people", "messages", "faces"} <= set(schema.others)
    listed(place, collection("people"), collection("messages"))
    schema = place.driver().schema()
    assert {c.type for c in schema.collections["people"].columns.values()} == {"integer", "text"}
    assert place.driver().count(["people", "messages", "absent"], Cancel()) == {"people": 8, "messages": 6}
    assert len(place.driver().sample("messages", 4, Cancel())) == 4
