"""What MongoDB's types become, and the filters that are sent: held against BSON itself, as no server of the tests has all of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import bson
import pytest
from bson import Binary, Code, DatetimeMS, DBRef, Decimal128, Int64, MaxKey, ObjectId, Regex, Timestamp

from dsr_desk.drivers._mongodb import narrow
from dsr_desk.drivers._mongodb.guard import unchanged
from dsr_desk.drivers._mongodb.narrow import by_key, exactly, narrowed
from dsr_desk.drivers._mongodb.speaking import _OPTIONS
from dsr_desk.drivers._mongodb.values import UnwritableError, candidates, changes, plain, record, stored
from dsr_desk.model.finding import Lookup
from dsr_desk.model.match import Question
from dsr_desk.model.values import as_text, freeze, same, thaw

OID = ObjectId("65f000000000000000000001")
NOON = datetime(2026, 1, 2, 12, 0, 0, 123000, tzinfo=UTC)
#: What stands in a document → what a record has.
VALUES: dict[str, tuple[Any, Any]] = {
    "nothing": (None, None),
    "text": ("Ünï 🙂", "Ünï 🙂"),
    "truth": (True, True),
    "number": (7, 7),
    "long number": (Int64(2**40), 2**40),
    "fraction": (0.1, 0.1),
    "whole fraction": (7.0, 7.0),
    "tiny fraction": (1e-7, 1e-7),
    "huge fraction": (1e300, 1e300),
    "decimal": (Decimal128("1.50"), Decimal("1.50")),
    "small decimal": (Decimal128("1E-8"), Decimal("1E-8")),
    "whole decimal": (Decimal128("12.00"), Decimal("12.00")),
    "no decimal": (Decimal128("NaN"), Decimal("NaN")),
    "time": (NOON, NOON),
    "time beyond": (DatetimeMS(2**55), f"Date({2**55})"),
    "id": (OID, str(OID)),
    "bytes": (b"\x00\xff", b"\x00\xff"),
    "bytes of a kind": (Binary(b"\x01\x02", 5), b"\x01\x02"),
    "uuid": (UUID(int=7), UUID(int=7)),
    "old uuid": (Binary(UUID(int=7).bytes, 3), UUID(int=7).bytes),
    "timestamp": (Timestamp(5, 6), "Timestamp(5, 6)"),
    "expression": (Regex("^a", "i"), "Regex('^a', 2)"),
    "code": (Code("f()"), "Code('f()')"),
    "greatest": (MaxKey(), "MaxKey()"),
    "reference": (DBRef("people", OID), {"$ref": "people", "$id": str(OID)}),
    "list": ([1, "a", Int64(2)], [1, "a", 2]),
    "object": ({"a": {"b": OID}}, {"a": {"b": str(OID)}}),
}


def through(value: Any) -> Any:
    """A value as the server would give it back."""
    return bson.decode(bson.encode({"v": value}, codec_options=_OPTIONS), codec_options=_OPTIONS)["v"]


@pytest.mark.parametrize("case", VALUES)
def test_every_type_is_a_value_that_can_be_kept(case: str) -> None:
    raw, expected = VALUES[case]
    value = plain(through(raw))
    assert same(value, expected)
    assert same(thaw(freeze(value)), value)


@pytest.mark.parametrize("case", VALUES)
def test_a_filter_asks_for_whatever_reads_like_the_text(case: str) -> None:
    """Numbers of all types compare as one in MongoDB; everything else has to be asked for in its own type."""
    raw, value = VALUES[case]
    text = as_text(value)
    if text is None:
        return
    asked = candidates(text)
    if asked is None:  # all documents are read
        return
    number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if number or (isinstance(raw, Decimal128) and raw.to_decimal() == int(raw.to_decimal())):
        assert any(not isinstance(a, bool | str | Decimal128) and isinstance(a, int | float) and a == float(value) for a in asked)
    else:
        wanted = bson.encode({"v": raw}, codec_options=_OPTIONS)
        if isinstance(raw, Decimal128):  # the same number, whatever its digits
            assert any(isinstance(a, Decimal128) and a.to_decimal() == raw.to_decimal() for a in asked)
        else:
            assert wanted in [bson.encode({"v": a}, codec_options=_OPTIONS) for a in asked]


@pytest.mark.parametrize("case", ["text", "truth", "number", "fraction", "decimal", "time", "bytes", "uuid", "list", "nothing"])
def test_what_is_written_is_read_the_same(case: str) -> None:
    _, value = VALUES[case]
    assert same(plain(through(stored(value, None))), value)


def test_a_value_is_written_in_the_type_that_stood_there() -> None:
    other = "65f000000000000000000002"
    assert stored(other, OID) == ObjectId(other) and stored("gone", OID) == "gone" and stored(other, "x") == other
    assert isinstance(stored(7, Int64(5)), Int64) and type(stored(7, 5)) is int
    assert stored(b"x", Binary(b"y", 5)) == Binary(b"x", 5)
    assert stored([other], [OID]) == [ObjectId(other)] and stored({"a": other}, {"a": OID}) == {"a": ObjectId(other)}


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 1, 1),
        timedelta(1),
        datetime(2026, 1, 1),
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2))),
        datetime(2026, 1, 1, microsecond=1, tzinfo=UTC),
        2**63,
        -(2**63) - 1,
        Decimal("1." + "1" * 40),
        Decimal("1E+7000"),
        "\udc00",
    ],
)
def test_what_would_be_read_otherwise_is_not_written(value: Any) -> None:
    with pytest.raises(UnwritableError) as caught:
        stored(value, None)
    assert caught.value.why and caught.value.cure


def test_only_what_a_write_reaches_is_set() -> None:
    document = {"_id": 1, "a": {"b": 1, "c": Int64(2)}, "link": DBRef("people", OID), "lines": [{"p": 1}, {"q": 2}], "a.b": 5}
    assert record(document) == {
        "_id": 1,
        "a.b": 1,
        "a.c": 2,
        "link.$ref": "people",
        "link.$id": str(OID),
        "lines[].p": [1, None],
        "lines[].q": [None, 2],
        "a\\.b": 5,
    }
    assert changes(document, {"a.b": "x"}) == {"a": {"b": "x", "c": Int64(2)}}
    assert changes(document, {"lines[].p": "x"}) == {"lines": [{"p": "x"}, {"q": 2}]}
    assert changes(document, {"lines[].q": None}) == {"lines": [{"p": 1}, {"q": None}]}
    assert changes(document, {"link.$id": None}) == {"link": {"$ref": "people", "$id": None}}
    assert changes(document, {"lines[].p": [9, None]}) == {"lines": [{"p": 9}, {"q": 2}]}
    assert changes(document, {"new": 1, "a.d.e": 2}) == {"new": 1, "a": {"b": 1, "c": Int64(2), "d": {"e": 2}}}
    assert document["a"] == {"b": 1, "c": 2}
    for path in ("a\\.b", "$x", "", "none[].x", "a.b.c"):
        with pytest.raises(UnwritableError):
            changes(document, {path: 1})


def test_a_condition_says_every_field_and_how_many() -> None:
    asked = unchanged({"_id": OID, "name": "$note", "a": {"b": 1}})
    assert asked["_id"] == {"$eq": OID}
    assert asked["$expr"]["$and"] == [
        {"$eq": [{"$size": {"$objectToArray": "$$ROOT"}}, 3]},
        {"$eq": ["$_id", {"$literal": OID}]},
        {"$eq": ["$name", {"$literal": "$note"}]},  # somebody's text is never an expression
        {"$eq": ["$a", {"$literal": {"b": 1}}]},
    ]
    odd = {"_id": 1, "a.b": 1, "$c": 2, "d": 3}
    assert {"$eq": ["$$ROOT", {"$literal": odd}]} in unchanged(odd)["$expr"]["$and"]


def test_an_id_that_is_an_object_is_asked_for_whole() -> None:
    assert record({"_id": {"shop": OID, "n": 1}})["_id"] == {"shop": str(OID), "n": 1}
    key = {"_id": {"shop": str(OID), "n": 1}}
    assert by_key(key) == {"$and": [{"_id": {"$in": [{"shop": str(OID), "n": 1}, {"shop": OID, "n": 1}]}}]}


def question(field: str, *values: Any, kind: str | None = None, **more: Any) -> Question:
    return Question(Lookup("people", (field,), tuple((v,) for v in values), kind, **more), "DE")


def test_a_question_is_narrowed_where_that_is_safe() -> None:
    assert narrowed([question("n", "x")]) == {"$or": [{"$and": [{"n": {"$in": ["x"]}}]}]}
    address = str(narrowed([question("email", "anna@x.org", kind="email")]))
    assert "anna@x" in address and "[^\\\\x00-\\\\x7f]" in address and "$type" in address and "email.0" in address
    assert narrowed([]) == {}
    for field in ("lines[].p", "a\\.b", "$odd", "a..b"):
        assert narrowed([question(field, "x")]) == {}
    assert narrowed([question("n", "x"), question("lines[].p", "x")]) == {}
    assert exactly("n", ["[1]"]) is None and exactly("n", ["NaN"]) is None and exactly("n", ["9" * 19]) is None
    assert exactly("n", ["x"] * 3 + [str(n) for n in range(narrow._MOST_VALUES)]) is None
    assert narrowed([question("n", "\ud800")]) == {"$or": [{"$and": [{"n": {"$in": []}}]}]}


def test_a_value_is_no_expression() -> None:
    sent = str(narrowed([question("email", "a.*(b)@x.org", kind="email")]))
    (pattern,) = [p for p in re.findall(r"\'\$regex\': \'([^\']*)\'", sent) if "x00" not in p]
    assert re.search(pattern.replace("\\\\", "\\"), "a.*(b)@x.org") and not re.search(pattern.replace("\\\\", "\\"), "aXX(b)@x.org")
    assert by_key({"_id": {"$gt": ""}}) == {"$and": [{"_id": {"$in": [{"$gt": ""}]}}]}
