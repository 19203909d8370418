from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.audit.canonical import MAX_INT, canonical, parse

keys = st.text(st.characters(max_codepoint=127))
leaves = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner))


@given(values)
def test_it_is_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1.0, MAX_INT + 1, -MAX_INT - 1, {"ä": 1}, {1: 1}, b"x", {"a": [1.5]}, float("nan"), "\ud800"])
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


@pytest.mark.parametrize(
    "raw", [b"1.0", b"1e3", b"NaN", b"-Infinity", b"9007199254740992", b"9" * 5000, b"\xff", '"ü"'.encode(), b"{"]
)
def test_what_another_reader_could_take_otherwise_is_not_read(raw: bytes) -> None:
    with pytest.raises(ValueError):
        parse(raw)


def test_a_bomb_of_brackets_is_an_error_like_any_other() -> None:
    with pytest.raises(ValueError):
        parse(b"[" * 100_000 + b"]" * 100_000)
