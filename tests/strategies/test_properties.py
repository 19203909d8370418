"""What holds for every value: the same in every system, never the old one, and always what fits."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dsr_desk import strategies
from dsr_desk.errors import RefusedError
from dsr_desk.model.schema import Column
from dsr_desk.model.values import as_text, same
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy, UnfitError

KEY, OTHER = b"k" * 32, b"o" * 32
MAIL = {"suffix": "@erased.invalid"}
KNOWN = plugins(strategies, Strategy)

#: Every strategy that replaces a value, with settings, and the kinds of columns to try it on.
WAYS: list[tuple[str, dict[str, Any], str]] = [
    ("pseudonym", {}, "text"),
    ("pseudonym", MAIL, "text"),
    ("hash", {}, "text"),
    ("hash", {"algorithm": "sha512", **MAIL}, "text"),
    ("hmac", {}, "text"),
    ("random", {}, "text integer decimal float date datetime time binary uuid"),
    ("random", {"length": 10, **MAIL}, "text"),
    ("mask", {"keep_last": 4}, "text"),
    ("mask", {"keep_first": 1, "keep_last": 1}, "text"),
    ("mask", {}, "text"),
    ("generalise", {"to": "year"}, "date datetime text"),
    ("generalise", {"to": "month"}, "date datetime text"),
    ("generalise", {"to": "decade"}, "date datetime text"),
    ("generalise", {"prefix": 2}, "text"),
    ("generalise", {"range": 10}, "integer decimal text"),
    ("noise", {"by": 5}, "integer text"),
    ("noise", {"by": 0.5}, "cents"),
    ("shift", {"days": 30}, "date datetime text"),
    ("fake", {"kind": "name"}, "text"),
    ("fake", {"kind": "email", "locale": "de_DE"}, "text"),
    ("fake", {"kind": "date"}, "date datetime text"),
    ("token", {}, "text"),
]
DATES = st.dates()
TEXTS = st.one_of(st.text(min_size=1), DATES.map(str), st.integers().map(str), st.sampled_from(["*", "** *", "#", "-", "Ann Lee"]))
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "integer": st.integers(-(2**62), 2**62) | st.integers(-30, 30),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
    "cents": st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "date": DATES,
    "datetime": st.datetimes(timezones=st.sampled_from([None, UTC])) | DATES.map(lambda d: datetime(d.year, d.month, d.day)),
    "time": st.times(),
    "binary": st.binary(min_size=1),
    "uuid": st.uuids(),
}
TYPES: dict[str, type] = {
    "text": str, "integer": int, "decimal": Decimal, "cents": Decimal, "float": float, "date": date, "datetime": datetime,
    "time": time, "binary": bytes, "uuid": UUID,
}  # fmt: skip
ON = [(name, params, kind) for name, params, kinds in WAYS for kind in kinds.split()]


def column(kind: str, length: int | None = None, nullable: bool = True) -> Column:
    return Column("c", "decimal" if kind == "cents" else kind, nullable=nullable, length=length)  # type: ignore[arg-type]


def value(name: str, before: Any, params: dict[str, Any], kind: str = "text", key: bytes = KEY, length: int | None = None) -> Any:
    return KNOWN[name]().value(before, column(kind, length), params, key)


@pytest.mark.parametrize(("name", "params", "kind"), ON)
@given(data=st.data())
def test_never_the_old_value_and_always_its_type(name: str, params: dict[str, Any], kind: str, data: st.DataObject) -> None:
    assert KNOWN[name]().refuses(column(kind), params) is None
    before = data.draw(VALUES[kind])
    try:
        after = value(name, before, params, kind)
    except UnfitError as error:
        assert error.message and error.hint
        assert len(str(before)) < 3 or str(before) not in error.message
        return
    assert as_text(after) != as_text(before)
    assert after is None or type(after) is TYPES[kind]
    assert after is not None or kind == "text"


@pytest.mark.parametrize(("name", "params", "kind"), ON)
def test_null_stays_null(name: str, params: dict[str, Any], kind: str) -> None:
    assert value(name, None, params, kind) is None


DETERMINISTIC = [(n, p, k) for n, p, k in ON if KNOWN[n].deterministic]
KEYED = [(n, p, k) for n, p, k in ON if n in ("pseudonym", "hash", "hmac", "token")]


@pytest.mark.parametrize(("name", "params", "kind"), DETERMINISTIC)
@given(data=st.data())
def test_the_same_in_every_system_of_a_request(name: str, params: dict[str, Any], kind: str, data: st.DataObject) -> None:
    before = data.draw(VALUES[kind])
    try:
        assert same(value(name, before, params, kind), value(name, before, params, kind))
    except UnfitError:
        return


@pytest.mark.parametrize(("name", "params", "kind"), [*KEYED, ("fake", {"kind": "name"}, "text")])
@given(number=st.integers())
def test_a_number_and_its_text_and_every_width_of_column_give_one_word(
    name: str, params: dict[str, Any], kind: str, number: int
) -> None:
    words = {value(name, b, params, k) for b in (number, str(number), Decimal(number)) for k in ("text", "any")}
    assert words == {value(name, str(number), params, kind, length=200)}


@pytest.mark.parametrize(("name", "params", "kind"), KEYED)
@given(before=st.text(min_size=1), other=st.binary(min_size=32, max_size=32))
def test_another_key_gives_another_word(name: str, params: dict[str, Any], kind: str, before: str, other: bytes) -> None:
    assume(other != KEY)
    assert value(name, before, params) != value(name, before, params, key=other)


@pytest.mark.parametrize(("name", "params", "before"), [
    ("fake", {"kind": "name"}, "Ann Lee"),
    ("noise", {"by": 10**9}, 5),
    ("shift", {"days": 36_500}, date(1987, 5, 6)),
])  # fmt: skip
def test_another_key_gives_another_value(name: str, params: dict[str, Any], before: Any) -> None:
    keys = [bytes([i]) * 32 for i in range(20)]
    assert len({value(name, before, params, "any", key) for key in keys}) > 15


@pytest.mark.parametrize("name", ["pseudonym", "hash", "hmac", "token"])
@given(values=st.lists(st.text(min_size=1), unique=True, min_size=2, max_size=30))
def test_different_values_stay_different(name: str, values: list[str]) -> None:
    assert len({value(name, v, {}) for v in values}) == len(values)


# -- what fits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("params", [{}, MAIL, {"length": 8, **MAIL}])
@pytest.mark.parametrize("name", ["pseudonym", "random", "hash", "hmac", "fake", "token"])
@given(length=st.integers(1, 200), before=st.text(min_size=1, max_size=200))
def test_what_is_not_refused_fits(name: str, params: dict[str, Any], length: int, before: str) -> None:
    strategy, where, before = KNOWN[name](), column("text", length), before[:length]
    settings = {"kind": "city"} if name == "fake" else {n: v for n, v in params.items() if n in strategy.parameters}
    if strategy.refuses(where, settings) is not None:
        assert length < 200 - 24  # a column that wide has room for anything
        return
    try:
        assert len(strategy.value(before, where, settings, KEY)) <= length
    except UnfitError:
        assert name in ("token", "fake")


def classes(text: str) -> list[str]:
    def of(c: str) -> str:
        return "9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c

    return [of(c) for c in text]


@given(before=st.text(alphabet=string.ascii_letters + string.digits + " .-@äÖß", min_size=1))
@example("Ann.Lee-7@x.org")
def test_a_random_text_keeps_length_and_classes(before: str) -> None:
    assume(any(c.isalnum() for c in before))
    after = value("random", before, {})
    assert classes(after) == classes(before)
    assert not any(ord(c) > 127 for c in after)


@given(before=st.integers())
def test_a_random_number_keeps_its_sign_and_its_digits(before: int) -> None:
    after = value("random", before, {}, "integer")
    assert len(str(abs(after))) == len(str(abs(before)))
    assert after == 0 or before == 0 or (after < 0) == (before < 0)


def test_a_random_truth_value_would_be_the_old_one_told_backwards() -> None:
    with pytest.raises(UnfitError, match="third"):
        value("random", True, {}, "any")


@given(before=st.text(alphabet=string.printable, min_size=1), first=st.integers(0, 4), last=st.integers(0, 4))
def test_a_mask_keeps_the_length_and_never_more_than_half(before: str, first: int, last: int) -> None:
    after = value("mask", before, {"keep_first": first, "keep_last": last})
    assert len(after) == len(before)
    told = [(a, b) for a, b in zip(after, before, strict=True) if b.isalnum()]
    kept = [b for a, b in told if a == b]
    assert len(kept) <= min(first + last, len(told) // 2)


@pytest.mark.parametrize(
    ("before", "params", "after"),
    [
        ("+49 170 1234567", {"keep_last": 4}, "+** *** ***4567"),
        ("ann@example.org", {"keep_first": 1}, "a**@*******.***"),
        ("4711", {"keep_last": 4}, "****"),
        ("12345678", {"keep_last": 4}, "****5678"),
        ("1234567", {"keep_last": 4}, "*******"),
        ("--", {}, "**"),
        ("**", {}, "##"),
        ("", {}, ""),
        ("Zoë", {"keep_first": 1}, "Z**"),
    ],
)
def test_masks(before: str, params: dict[str, Any], after: str) -> None:
    assert value("mask", before, params) == after


# -- dates and numbers -----------------------------------------------------------------------------------------------


@given(a=st.dates(date(1900, 1, 1), date(2100, 1, 1)), b=st.dates(date(1900, 1, 1), date(2100, 1, 1)), days=st.integers(1, 36_500))
def test_what_lay_between_two_days_stays(a: date, b: date, days: int) -> None:
    after = [value("shift", d, {"days": days}, "date") for d in (a, b)]
    assert after[1] - after[0] == b - a
    assert timedelta(0) < abs(after[0] - a) <= timedelta(days)
    text = value("shift", f"{a} 08:15:00Z", {"days": days})
    assert text == f"{after[0]} 08:15:00Z"
    moment = value("shift", datetime(a.year, a.month, a.day, 8, 15, tzinfo=UTC), {"days": days}, "datetime")
    assert moment == datetime.combine(after[0], time(8, 15), tzinfo=UTC)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_where_the_calendar_ends_a_day_moves_the_other_way(day: date) -> None:
    assert {value("shift", day, {"days": 3}, "date", bytes([k]) * 32) != day for k in range(20)} == {True}


def test_every_number_of_days_comes_up_and_never_none() -> None:
    start = date(2000, 1, 1)
    moved = {(value("shift", start, {"days": 3}, "date", bytes([k]) * 32) - start).days for k in range(200)}
    assert moved == {-3, -2, -1, 1, 2, 3}


@given(before=st.integers(-100, 100))
def test_noise_stays_near_and_on_its_side(before: int) -> None:
    moved = {value("noise", before, {"by": 5}, "integer", bytes([k]) * 32) for k in range(60)}
    assert before not in moved
    assert moved <= set(range(before - 5, before + 6))
    assert len(moved) > 3
    assert all((m >= 0) == (before >= 0) for m in moved)


@given(before=VALUES["cents"])
def test_noise_keeps_the_decimals(before: Decimal) -> None:
    after = value("noise", before, {"by": 0.5}, "decimal")
    assert after.as_tuple().exponent == before.as_tuple().exponent
    assert 0 < abs(after - before) <= Decimal("0.5")
    assert value("noise", str(before), {"by": 0.5}) == format(after, "f")


@pytest.mark.parametrize(("before", "by"), [(7, 0.5), (Decimal("7E+3"), 5), (1e300, 5), (Decimal("NaN"), 5), (float("inf"), 5)])
def test_noise_that_would_change_nothing_is_refused(before: Any, by: float) -> None:
    with pytest.raises(UnfitError):
        value("noise", before, {"by": by}, "any")


@pytest.mark.parametrize(
    ("before", "params", "after"),
    [
        (date(1987, 5, 6), {"to": "month"}, date(1987, 5, 1)),
        (date(1987, 5, 1), {"to": "month"}, date(1987, 4, 1)),
        (date(1987, 1, 1), {"to": "month"}, date(1986, 12, 1)),
        (date(1987, 1, 1), {"to": "year"}, date(1986, 1, 1)),
        (date(1980, 1, 1), {"to": "decade"}, date(1970, 1, 1)),
        (date(1, 1, 1), {"to": "year"}, date(2, 1, 1)),
        (date(1, 1, 1), {"to": "month"}, date(1, 2, 1)),
        (date(1, 1, 1), {"to": "decade"}, date(10, 1, 1)),
        (datetime(1987, 1, 1, 8), {"to": "year"}, datetime(1987, 1, 1)),
        (datetime(1987, 1, 1), {"to": "year"}, datetime(1986, 1, 1)),
        ("01.01.1987", {"to": "year"}, "1986-01-01"),
        ("10115", {"prefix": 2}, "10"),
        ("10", {"prefix": 2}, None),
        (27, {"range": 10}, 20),
        (20, {"range": 10}, 10),
        (0, {"range": 10}, 10),
        (-5, {"range": 10}, -10),
        (-10, {"range": 10}, 0),
        ("27", {"range": 10}, "20-29"),
        ("27.5", {"range": 10}, "20-29"),
        ("many", {"range": 10}, None),
        (Decimal("27.50"), {"range": 10}, Decimal(20)),
        (27.5, {"range": 10}, 20.0),
    ],
)
def test_coarser(before: Any, params: dict[str, Any], after: Any) -> None:
    coarse = value("generalise", before, params, "any")
    assert coarse == after
    assert type(coarse) is type(after)


@given(a=st.integers(1, 10**6), b=st.integers(1, 10**6))
def test_nobody_can_tell_who_was_at_the_edge_of_a_range(a: int, b: int) -> None:
    """A number at the edge looks like everybody's of the range before; nothing else does."""
    low = value("generalise", a, {"range": 10}, "integer")
    assert low % 10 == 0
    assert low == a // 10 * 10 or (a % 10 == 0 and low == a - 10)


# -- tokens ----------------------------------------------------------------------------------------------------------


@given(before=st.text() | st.integers() | st.floats(allow_nan=False))
@example("")
@example("\ud800")
def test_a_token_comes_back_with_its_key_alone(before: Any) -> None:
    token = value("token", before, {})
    strategy = KNOWN["token"]()
    assert strategy.back(token, column("text"), {}, KEY) == as_text(before)
    assert value("token", token, {}) == token
    assert value("token", token, {}, key=OTHER) != token
    for wrong in (token, token[:-1], token + "A", token.swapcase(), "tok_", "tok_" + "A" * 40, as_text(before), None, 7):
        with pytest.raises(RefusedError, match="no token"):
            strategy.back(wrong, column("text"), {}, OTHER if wrong is token else KEY)


@given(before=st.text(min_size=1), at=st.integers(0, 1000), to=st.sampled_from(string.ascii_letters + string.digits + "-_"))
def test_a_changed_token_opens_nothing(before: str, at: int, to: str) -> None:
    token = value("token", before, {})
    place = 4 + at % (len(token) - 4)
    changed = token[:place] + to + token[place + 1 :]
    strategy = KNOWN["token"]()
    try:
        opened = strategy.back(changed, column("text"), {}, KEY)
    except RefusedError:
        return
    assert opened == before and (changed == token or place == len(token) - 1)  # base64 has spare bits at its end


@pytest.mark.parametrize("name", [n for n in KNOWN if n != "token"])
def test_nothing_else_can_be_undone(name: str) -> None:
    assert not KNOWN[name].reversible
    with pytest.raises(RefusedError, match="can't be undone"):
        KNOWN[name]().back("x", column("text"), {}, KEY)


# -- inventions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", re.findall(r"\w+", KNOWN["fake"].parameters["kind"].says.replace(" or ", " ")))
@given(before=st.text(min_size=1, max_size=20))
def test_every_kind_of_invention(kind: str, before: str) -> None:
    after = value("fake", before, {"kind": kind})
    assert isinstance(after, str) and after and after != before and "\n" not in after


def test_invented_addresses_reach_nobody() -> None:
    made = {value("fake", str(i), {"kind": "email", "locale": "de_DE"}).rpartition(".")[0].rpartition("@")[2] for i in range(100)}
    assert made == {"example"}


def test_an_invention_is_never_the_old_value_though_there_are_few() -> None:
    countries = sorted({value("fake", str(i), {"kind": "country"}) for i in range(150)})
    assert not [c for k in range(20) for c in countries if value("fake", c, {"kind": "country"}, key=bytes([k]) * 32) == c]
