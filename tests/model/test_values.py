"""Values: as text, as JSON, frozen and thawed, fingerprinted."""

import hmac
import json
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from dsr_desk.model.values import MAX_JSON_INT, as_text, fingerprint, freeze, same, thaw, to_json

CET = timezone(timedelta(hours=1))
ANY_TEXT = st.text(st.characters(codec=None))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | ANY_TEXT
    | st.binary()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.just(CET)).map(lambda d: d.replace(fold=0))
    | st.times().map(lambda t: t.replace(fold=0))
    | st.timedeltas()
    | st.uuids()
    | st.decimals(allow_nan=False)
)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(ANY_TEXT, v, max_size=4), max_leaves=12)


@pytest.mark.parametrize("value", [7, "7", 7.0, Decimal(7), Decimal("7.00"), Decimal("0.7E+1")])
def test_one_number_is_one_text(value: Any) -> None:
    assert as_text(value) == "7"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("", ""),
        ("007", "007"),
        (" 7", " 7"),
        (True, "true"),
        (False, "false"),
        (7.5, "7.5"),
        (-0.0, "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("-12.00"), "-12"),
        (Decimal("7.50"), "7.50"),
        (1e16, "10000000000000000"),
        (2**63, "9223372036854775808"),
        (Decimal("Infinity"), "Infinity"),
        (math.inf, "inf"),
        (b"\x00\xff", "00ff"),
        (memoryview(b"a"), "61"),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, tzinfo=CET), "2026-01-02T03:04:00+01:00"),
        (time(3, 4), "03:04:00"),
        (["b", 1], '["b", 1]'),
        ({"b": 1, "a": "ü"}, '{"a": "ü", "b": 1}'),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_as_text(value: Any, text: str | None) -> None:
    assert as_text(value) == text


def test_a_huge_number_of_a_database_has_a_text() -> None:
    assert as_text(Decimal("1E+5000")) == "1" + "0" * 5000


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (MAX_JSON_INT, MAX_JSON_INT),
        (MAX_JSON_INT + 1, str(MAX_JSON_INT + 1)),
        (-MAX_JSON_INT - 1, str(-MAX_JSON_INT - 1)),
        (True, True),
        (Decimal("1.10"), "1.10"),
        (math.nan, "nan"),
        (b"\x00\x01", {"base64": "AAE="}),
        ((1, b""), [1, {"base64": ""}]),
        ({1: None}, {"1": None}),
        (datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),
        (timedelta(days=1), "1 day, 0:00:00"),
        (UUID(int=2), "00000000-0000-0000-0000-000000000002"),
    ],
)
def test_to_json(value: Any, written: Any) -> None:
    assert to_json(value) == written
    assert type(to_json(value)) is type(written)


@given(VALUES)
def test_json_takes_everything(value: Any) -> None:
    json.dumps(to_json(value), allow_nan=False)


@given(VALUES)
def test_thaw_gives_back_what_was_frozen_with_its_type(value: Any) -> None:
    frozen = freeze(value)
    assert json.loads(rfc8785.dumps(frozen)) == frozen
    back = thaw(frozen)
    assert back == value
    assert repr(back) == repr(value)


@pytest.mark.parametrize("value", ["\ud800", "\udc80abc", "\ud83d\ude00", "\udc00\ud800"])
def test_halves_of_characters_survive(value: str) -> None:
    assert thaw(freeze(value)) == value
    rfc8785.dumps(freeze(value))


@pytest.mark.parametrize("value", [math.nan, Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), math.inf])
def test_what_is_no_number_survives(value: Any) -> None:
    assert repr(thaw(freeze(value))) == repr(value)


def test_the_longest_interval_keeps_its_microsecond() -> None:
    value = timedelta(days=999_999_999, microseconds=1)
    assert thaw(freeze(value)) == value


def test_a_type_that_nobody_named_comes_back_as_text() -> None:
    assert thaw(freeze(ip_address("192.0.2.1"))) == "192.0.2.1"


@pytest.mark.parametrize(
    "frozen",
    [
        1,
        1.5,
        [],
        [1],
        {},
        {"int": "x"},
        {"int": None},
        {"int": "1", "float": "1"},
        {"nothing": "1"},
        {"bytes": "a b="},
        {"decimal": "x"},
        {"date": "2026-13-01"},
        {"surrogates": "zz"},
        {"list": 5},
        {"list": [1]},
        {"object": [[1, 2]]},
        {"object": [["a"]]},
    ],
)
def test_anything_else_does_not_thaw(frozen: Any) -> None:
    with pytest.raises(ValueError):  # every sealed part is opened under one handler of ValueError
        thaw(frozen)


@pytest.mark.parametrize(
    ("a", "b"),
    [(1, True), (1, "1"), (1, 1.0), (Decimal("1.0"), Decimal("1.00")), (None, ""), (b"a", "a"), (0.0, -0.0), ("é", "e\u0301")],
)
def test_equal_is_not_the_same(a: Any, b: Any) -> None:
    assert not same(a, b)
    assert fingerprint(b"k", {"x": a}) != fingerprint(b"k", {"x": b})


def test_not_a_number_is_the_same_as_itself() -> None:
    assert same(math.nan, math.nan)


def test_a_fingerprint_sees_names_values_and_key_but_no_order() -> None:
    one = fingerprint(b"k", {"a": 1, "b": "x"})
    assert one == fingerprint(b"k", {"b": "x", "a": 1})
    assert len(one) == 64
    others = [
        ({"a": 1, "b": "y"}, b"k"),
        ({"a": 1, "c": "x"}, b"k"),
        ({"a": 1}, b"k"),
        ({"a": 1, "b": "x"}, b"l"),
        ({"b": 1, "a": "x"}, b"k"),
    ]
    assert one not in {fingerprint(key, values) for values, key in others}


@given(st.dictionaries(ANY_TEXT, VALUES, max_size=4), st.binary(max_size=70))
@example({"x": "\ud800"}, b"k")
def test_a_fingerprint_is_the_hmac_of_the_frozen_columns(values: Any, key: bytes) -> None:
    told = json.dumps([[name, freeze(values[name])] for name in sorted(values)], separators=(",", ":"))
    assert fingerprint(key, values) == hmac.new(key, told.encode("ascii"), "sha256").hexdigest()


def test_no_two_rows_run_together_in_a_fingerprint() -> None:
    assert fingerprint(b"k", {"a": "x", "b": "y"}) != fingerprint(b"k", {"a": 'x"], ["b", "y'})
    assert fingerprint(b"k", {"ab": "c"}) != fingerprint(b"k", {"a": "bc"})
    fingerprint(b"k", {"\ud800": "\ud800"})
