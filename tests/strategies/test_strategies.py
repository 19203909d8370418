"""Each strategy, by data: what it writes, what it does with NULL, and which columns it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk import strategies
from dsr_desk.model.schema import Column
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

KEY, OTHER = b"k" * 32, b"o" * 32
MAIL = {"suffix": "@erased.invalid"}


def strategy(name: str) -> Strategy:
    known: dict[str, type[Strategy]] = plugins(strategies, Strategy)  # type: ignore[type-abstract]
    return known[name]()


def value(
    name: str, before: Any, kind: str = "text", key: bytes = KEY, length: int | None = None, nullable: bool = True, **params: Any
) -> Any:
    return strategy(name).value(before, Column("c", kind, nullable=nullable, length=length), params, key)  # type: ignore[arg-type]


def refuses(name: str, kind: str = "text", length: int | None = None, nullable: bool = True, **params: Any) -> bool:
    refused = strategy(name).refuses(Column("c", kind, nullable=nullable, length=length), params)  # type: ignore[arg-type]
    assert refused is None or all(refused)
    return refused is not None


def test_the_strategies_there_are() -> None:
    known = "null blank default constant keep pseudonym hash hmac random mask generalise noise shift fake token"
    assert set(plugins(strategies, Strategy)) == set(known.split())  # type: ignore[type-abstract]


@pytest.mark.parametrize(
    ("name", "before", "kind", "params", "after"),
    [
        ("null", "x", "text", {}, None),
        ("null", 5, "integer", {}, None),
        ("null", None, "text", {}, None),
        ("blank", "x", "text", {}, ""),
        ("blank", 5, "integer", {}, 0),
        ("blank", 2.5, "float", {}, 0.0),
        ("blank", Decimal("2.5"), "decimal", {}, 0),
        ("blank", {"a": 1}, "json", {}, {}),
        ("blank", None, "text", {}, None),
        ("constant", "x", "text", {"value": "gone"}, "gone"),
        ("constant", 5, "integer", {"value": 0}, 0),
        ("keep", "x", "text", {}, "x"),
        ("keep", None, "text", {}, None),
        ("generalise", "1987-05-06", "text", {"to": "year"}, "1987-01-01"),
        ("generalise", "06.05.1987", "text", {"to": "year"}, "1987-01-01"),
        ("generalise", "1987-05-06", "text", {"to": "decade"}, "1980-01-01"),
        ("generalise", date(1987, 5, 6), "date", {"to": "year"}, date(1987, 1, 1)),
        ("generalise", datetime(1987, 5, 6, 7, 8, tzinfo=UTC), "datetime", {"to": "decade"}, datetime(1980, 1, 1, tzinfo=UTC)),
        ("generalise", date(5, 5, 6), "date", {"to": "decade"}, date(1, 1, 1)),
        ("generalise", "no date at all", "text", {"to": "year"}, None),
        ("generalise", None, "date", {"to": "year"}, None),
        ("pseudonym", None, "text", MAIL, None),
    ],
)
def test_what_is_written(name: str, before: Any, kind: str, params: dict[str, Any], after: Any) -> None:
    written = value(name, before, kind, **params)
    assert written == after
    assert type(written) is type(after)


def test_what_is_no_date_never_stays_where_null_may_not_stand() -> None:
    assert value("generalise", "Ann's birthday", nullable=False, to="year") == ""


@pytest.mark.parametrize(
    ("name", "kind", "more", "refused"),
    [
        ("null", "text", {"nullable": False}, True),
        ("null", "text", {}, False),
        ("blank", "date", {}, True),
        ("blank", "boolean", {}, True),
        ("blank", "any", {}, False),
        ("constant", "text", {"value": 5}, True),
        ("constant", "integer", {"value": "5"}, True),
        ("constant", "integer", {"value": True}, True),
        ("constant", "boolean", {"value": True}, False),
        ("constant", "float", {"value": 1}, False),
        ("constant", "date", {"value": "soon"}, True),
        ("constant", "date", {"value": "1900-01-01"}, False),
        ("constant", "text", {"value": "x"}, False),
        ("generalise", "integer", {"to": "year"}, True),
        ("generalise", "date", {"to": "week"}, True),
        ("generalise", "date", {"to": "decade"}, False),
        ("pseudonym", "integer", {}, True),
        ("pseudonym", "text", {"length": 22, **MAIL}, True),
        ("pseudonym", "text", {"length": 23, **MAIL}, False),
        ("pseudonym", "text", MAIL, False),
    ],
)
def test_what_is_refused(name: str, kind: str, more: dict[str, Any], refused: bool) -> None:
    assert refuses(name, kind, **more) is refused


@given(st.text(min_size=1), st.one_of(st.none(), st.integers(23, 60)))
def test_a_pseudonym_is_the_same_within_a_request_and_another_in_the_next(before: str, length: int | None) -> None:
    first = value("pseudonym", before, length=length, **MAIL)
    assert first == value("pseudonym", before, length=length, **MAIL)
    assert first != value("pseudonym", before, length=length, key=OTHER, **MAIL)
    assert first.endswith("@erased.invalid")
    assert len(first) <= (length or 99)
    assert len(first) - len("@erased.invalid") >= 8


@given(st.lists(st.text(min_size=1), unique=True, min_size=2, max_size=30))
def test_pseudonyms_of_different_values_differ(values: list[str]) -> None:
    assert len({value("pseudonym", v, **MAIL) for v in values}) == len(values)


def test_a_number_and_its_text_are_one_person() -> None:
    assert value("pseudonym", 7) == value("pseudonym", "7")


@pytest.mark.parametrize("name", ["null", "blank", "generalise", "pseudonym"])
@given(st.text(alphabet="abcdefgh", min_size=13, max_size=40))
def test_nothing_of_the_old_value_is_left(name: str, before: str) -> None:
    after = value(name, before, **({"to": "year"} if name == "generalise" else {}))
    assert before not in str(after)


def test_what_each_is_in_law() -> None:
    in_law = {n: c.in_law for n, c in plugins(strategies, Strategy).items()}  # type: ignore[type-abstract]
    assert in_law == {
        **dict.fromkeys(("null", "blank", "default", "constant", "random"), "erased"),
        **dict.fromkeys(("pseudonym", "hash", "hmac", "mask", "generalise", "noise", "shift", "fake"), "changed"),
        "keep": "retained",
        "token": "pseudonymised",
    }


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("text", "x", ""),
        ("integer", 5, 0),
        ("decimal", Decimal("2.5"), Decimal(0)),
        ("float", 2.5, 0.0),
        ("boolean", True, False),
        ("date", date(1987, 5, 6), date(1970, 1, 1)),
        ("datetime", datetime(1987, 5, 6, 7), datetime(1970, 1, 1)),
        ("datetime", datetime(1987, 5, 6, 7, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)),
        ("time", time(7, 8), time(0)),
        ("binary", b"x", b""),
        ("json", {"a": 1}, {}),
        ("uuid", UUID(int=7), UUID(int=0)),
        ("any", 5, 0),
        ("any", True, False),
        ("any", datetime(1987, 5, 6), datetime(1970, 1, 1)),
        ("any", "x", ""),
    ],
)
def test_the_default_of_every_type(kind: str, before: Any, after: Any) -> None:
    assert value("default", before, kind) is None
    written = value("default", before, kind, nullable=False)
    assert written == after
    assert type(written) is type(after)


def test_nobody_knows_what_is_empty_for_a_type_of_the_systems_own() -> None:
    assert refuses("default", "other", nullable=False)
    assert not refuses("default", "other")


OWN = """
import sys
from dsr_desk import strategies
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy
sys.exit(plugins(strategies, Strategy)["shout"]().value("ann", None, {}, b"") != "ANN!")
"""


def test_a_strategy_of_ones_own_is_found_by_its_entry_point(tmp_path: Path) -> None:
    (tmp_path / "loud.py").write_text(
        "from dsr_desk.strategies.base import Strategy\n"
        "class Shout(Strategy):\n    name = 'shout'\n"
        "    def value(self, before, column, params, key): return before.upper() + '!'\n"
    )
    about = tmp_path / "loud-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: loud\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[dsr_desk.strategies]\nshout = loud:Shout\n")
    paths = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    done = subprocess.run([sys.executable, "-c", OWN], env={**os.environ, "PYTHONPATH": paths}, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        ("date", "1980-02-03"),
        ("datetime", "1980-02-03 04:05:06"),
        ("datetime", "1980-02-03T04:05:06.123456"),
        ("datetime", "1980-02-03"),
        ("time", "10:11:12"),
    ],
)
def test_a_day_kept_as_text_stays_one_that_its_own_program_can_read(kind: Any, before: str) -> None:
    dated: list[tuple[str, dict[str, Any]]] = [("generalise", {"to": "month"}), ("fake", {"kind": "date"})]
    for name, params in [("random", {}), *(dated if kind != "time" else [])]:
        for _ in range(20):
            after = strategy(name).value(before, Column("c", kind), params, KEY)
            assert after != before and isinstance(after, str), name
            read = time.fromisoformat(after) if kind == "time" else datetime.fromisoformat(after)
            assert read and (len(after) > 10) == (len(before) > 10 and kind != "time"), (name, after)
            assert ("T" in after) == ("T" in before), name


def test_what_is_no_day_in_a_column_of_days_is_drawn_as_a_text() -> None:
    after = value("random", "soon?", "date")
    assert after != "soon?" and len(after) == 5
