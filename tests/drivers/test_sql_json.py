"""Fields inside JSON columns are read, searched and written as values of their own, and the rest of the document stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dsr_desk.errors import DriftError, RefusedError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field
from dsr_desk.model.finding import Lookup
from tests.drivers.conftest import in_mariadb, in_postgresql, in_sqlite
from tests.drivers.contract import apply, drift, hits, step
from tests.drivers.sql_contract import SqlPlace
from tests.drivers.sql_shapes import both_refuse, listed, of, rehearsed, rows_of

DOCUMENTS: tuple[Any, ...] = (
    {"contact": {"email": "Anna.Berg@example.org", "phones": ["+49 30 1234567", "+49 30 7654321"]}, "age": 41, "x.y": {"z": 1}},
    {"contact": {"email": ["ben@example.org", "ann\u0101@example.org"]}, "lines": [{"sku": "a", "to": "Ann"}, {"sku": "b"}]},
    {"contact": {"email": None}, "age": 7.0},
    {"contact": "none"},
    None,
    ["anna.berg@example.org"],
)
FIELDS = ("doc.contact.email", "doc.contact.phones[]", "doc.lines[].to", "doc.age", "doc[]", "doc.x.y", 'doc.quo"te')


@pytest.fixture(params=["sqlite", "sqlite text", "postgresql", "postgresql json", "mariadb"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlPlace]:
    kind, _, column = request.param.partition(" ")
    column = column or ("jsonb" if kind == "postgresql" else "JSON")
    if kind == "sqlite":
        made = in_sqlite(tmp_path)
        yield filled(made, column)
    elif kind == "postgresql":
        for made in in_postgresql(request.getfixturevalue("server"), tmp_path):
            yield filled(made, column)
    else:
        for made in in_mariadb(request.getfixturevalue("mariadb_server"), tmp_path):
            yield filled(made, column)


def filled(place: SqlPlace, column: str) -> SqlPlace:
    place.run(f"CREATE TABLE profiles (id INTEGER PRIMARY KEY, doc {column}, note TEXT)")
    for number, document in enumerate(DOCUMENTS, 1):
        text = None if document is None else json.dumps(document, ensure_ascii=False)
        place.run("INSERT INTO profiles VALUES (:i, :d, 'n')", i=number, d=text)
    fields = {name: Field(name) for name in ("id", *FIELDS)}
    listed(place, Collection("place", "profiles", ("id",), fields))
    return place


def found(place: SqlPlace, field: str, *values: Any, **more: Any) -> list[int]:
    asked = Lookup("profiles", (field,), tuple((v,) for v in values), **more)
    return sorted(hit.row.values["id"] for hit in hits(place.driver(), asked))


def stands(place: SqlPlace, number: int) -> Any:
    value = place.run("SELECT doc FROM profiles WHERE id = :i", i=number)[0][0]
    return json.loads(value) if isinstance(value, str) else value


def test_each_is_read_as_its_own_value(place: SqlPlace) -> None:
    one, two, three, four, five, six = rows_of(place, "profiles", "id", 1, 2, 3, 4, 5, 6)
    assert one.values["doc.contact.email"] == "Anna.Berg@example.org"
    assert one.values["doc.contact.phones[]"] == ["+49 30 1234567", "+49 30 7654321"]
    assert two.values["doc.lines[].to"] == ["Ann", None] and two.values["doc.age"] is None
    assert six.values["doc[]"] == ["anna.berg@example.org"] and one.values["doc[]"] is None
    for row in (three, four, five):
        assert row.values["doc.contact.email"] is None
    assert {"doc", *FIELDS} <= set(one.values)


def test_they_are_live_columns(place: SqlPlace) -> None:
    columns = place.driver().schema().collections["profiles"].columns
    assert {"id", "doc", "note", *FIELDS} == set(columns) and columns["doc.age"].type == "any"


def test_they_are_searched(place: SqlPlace) -> None:
    assert found(place, "doc.contact.email", "anna.berg@EXAMPLE.org", kind="email") == [1]
    assert found(place, "doc.contact.email", "Anna.Berg@example.org") == [1]
    assert found(place, "doc.contact.email", "Anna.Berg@example.org", kind="username") == [1]
    assert (
        found(place, "doc.contact.email", "BEN@example.org", kind="email")
        == [2]
        == found(place, "doc.contact.email", "ben@example.org")
    )
    assert found(place, "doc.contact.phones[]", "0049 30 7654321", kind="phone") == [1]
    assert found(place, "doc.lines[].to", "Ann") == [2]
    place.run("UPDATE profiles SET doc = :d WHERE id = 4", d='{"contact": {"email": ["\\u0063yd@example.org"]}}')
    assert found(place, "doc.contact.email", "cyd@example.org", kind="email") == [4]
    assert found(place, "doc.age", 41) == [1] and found(place, "doc.age", "7") == [3]
    assert found(place, "doc.contact.email", "x", "'; DROP TABLE profiles; --", "\x00", "\ud800", "%", "[") == []
    assert found(place, "doc.contact.email", "x%' OR 1=1", kind="email") == []
    assert found(place, "id", 1, 2, when={"doc.age": ("41",)}) == [1]
    assert found(place, 'doc.quo"te', "x") == []


def test_a_misspelt_path_finds_nothing_and_a_misspelt_column_is_named(place: SqlPlace) -> None:
    fields = {name: Field(name) for name in ("id", "dok.contact", "doc.kontakt")}
    listed(place, Collection("place", "profiles", ("id",), fields))
    with pytest.raises(UsageError, match="dok"):
        found(place, "dok.contact", "x")
    assert found(place, "doc.kontakt", "x") == []


def test_the_rest_of_the_document_stays(place: SqlPlace) -> None:
    (one,) = rows_of(place, "profiles", "id", 1)
    todo = of(step(one, {"doc.contact.email": None, "doc.contact.phones[]": None, "note": "x"}))
    assert rehearsed(place.driver(), todo) == [] and drift(place.driver(), todo) == []
    assert apply(place.driver(), todo).changed == 1
    expected = {"contact": {"email": None, "phones": []}, "age": 41, "x.y": {"z": 1}}
    assert stands(place, 1) == expected and place.run("SELECT note FROM profiles WHERE id = 1") == [("x",)]
    (two,) = rows_of(place, "profiles", "id", 2)
    apply(place.driver(), of(step(two, {"doc.contact.email": "e@x.org", "doc.lines[].to": "x"})))
    assert stands(place, 2) == {"contact": {"email": "e@x.org"}, "lines": [{"sku": "a", "to": "x"}, {"sku": "b", "to": "x"}]}


def test_numbers_stay_to_the_last_digit(place: SqlPlace) -> None:
    number = "12345678901234567890.12345678901234567890"
    place.run("UPDATE profiles SET doc = :d WHERE id = 1", d=f'{{"age": 3, "big": {number}, "f": 0.1, "p": 1.10, "t": "é\\u0041"}}')
    (one,) = rows_of(place, "profiles", "id", 1)
    apply(place.driver(), of(step(one, {"doc.age": None})))
    cast = "doc::text" if place.engine.name == "postgresql" else "doc"
    text = place.run(f"SELECT {cast} FROM profiles WHERE id = 1".replace("::", r"\:\:"))[0][0]
    assert number in text and "1.10" in text
    assert json.loads(text) == {"age": None, "big": float(number), "f": 0.1, "p": 1.1, "t": "éA"}


def test_a_number_is_found_however_it_is_written(place: SqlPlace) -> None:
    place.run("UPDATE profiles SET doc = :d WHERE id = 1", d='{"age": 1.50}')
    assert found(place, "doc.age", "1.5") == [1]


def test_another_change_of_the_document_is_drift(place: SqlPlace) -> None:
    (one,) = rows_of(place, "profiles", "id", 1)
    todo = of(step(one, {"doc.contact.email": None}))
    place.run("UPDATE profiles SET doc = :d WHERE id = 1", d=json.dumps({**DOCUMENTS[0], "age": 42}, ensure_ascii=False))
    assert drift(place.driver(), todo)
    with pytest.raises(DriftError):
        apply(place.driver(), todo)
    assert stands(place, 1)["contact"]["email"] == "Anna.Berg@example.org"


def test_what_has_no_place_is_refused(place: SqlPlace) -> None:
    (four,) = rows_of(place, "profiles", "id", 4)
    refusal = both_refuse(place, of(step(four, {"doc.contact.email": "x"})), "no place")
    assert refusal.field == "doc.contact.email"
    for number in (3, 4, 5, 6):  # what is not there needs no erasing
        (row,) = rows_of(place, "profiles", "id", number)
        before = stands(place, number)
        assert apply(place.driver(), of(step(row, {"doc.contact.email": None, "doc.lines[].to": None}))).changed == 1
        assert stands(place, number) == before


def test_a_member_that_stands_twice_is_refused(place: SqlPlace) -> None:
    place.run("UPDATE profiles SET doc = :d WHERE id = 1", d='{"age": 1, "age": 2, "contact": {"email": "x"}}')
    (one,) = rows_of(place, "profiles", "id", 1)
    if isinstance(one.values["doc"], str):
        with pytest.raises(RefusedError, match="twice"):
            apply(place.driver(), of(step(one, {"doc.contact.email": None})))
    else:  # PostgreSQL keeps one of them (jsonb), or hands one of them over (json)
        assert one.values["doc.age"] == 2


def test_a_text_that_is_no_json_stops_nothing(place: SqlPlace) -> None:
    if place.engine.name == "sqlite":
        place.run("UPDATE profiles SET doc = '{\"contact\": ' WHERE id = 2")
    assert found(place, "doc.contact.email", "anna.berg@example.org", kind="email") == [1]


def test_rows_are_deleted_and_sampled(place: SqlPlace) -> None:
    rows = rows_of(place, "profiles", "id", 1, 2, 5)
    sample = place.driver().sample("profiles", 9, Cancel())
    assert len(sample) == 6 and all("doc.contact.email" in values for values in sample)
    assert apply(place.driver(), of(*map(step, rows))).deleted == 3
