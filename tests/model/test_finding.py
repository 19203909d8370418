"""Where a row is, written as one line and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.model.finding import Finding, Row, RowRef, SearchResult, SystemSearch

TEXT = st.text(st.characters(codec=None), min_size=1)


@pytest.mark.parametrize(
    ("ref", "path"),
    [
        (RowRef("shop", "customers", ("1042",)), "shop/customers/1042"),
        (RowRef("shop", "messages", ("88", "3")), "shop/messages/88,3"),
        (RowRef("shop", "users", ("maria@example.org",)), "shop/users/maria@example.org"),
        (RowRef("shop", "odd", ("a,b", "c/d")), "shop/odd/a%2Cb,c%2Fd"),
        (RowRef("shop", "odd", ("100%", "é\n")), "shop/odd/100%25,%C3%A9%0A"),
        (RowRef("shop", "a/b", ("", "x")), "shop/a%2Fb/,x"),
        (RowRef("shop", "odd", ("\ud800",)), "shop/odd/%ED%A0%80"),
    ],
)
def test_the_path_of_a_row(ref: RowRef, path: str) -> None:
    assert ref.path == str(ref) == path
    assert RowRef.parse(path) == ref


@given(st.builds(RowRef, st.text(min_size=1), st.text(min_size=1), st.lists(TEXT, min_size=1, max_size=4).map(tuple)))
def test_every_path_leads_back(ref: RowRef) -> None:
    assert RowRef.parse(ref.path) == ref
    assert ref.path.isascii()
    assert ref.path.isprintable()


@pytest.mark.parametrize("path", ["", "shop", "shop/customers", "shop/customers/", "/customers/1", "shop//1", "//"])
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(ValueError):
        RowRef.parse(path)


def test_the_reference_of_a_row_is_its_key_as_text() -> None:
    assert RowRef.of("s", "c", ("a", "b", "n"), {"a": 7.0, "b": "x", "n": None, "other": 1}).key == ("7", "x", "")


def finding(**marks: object) -> Finding:
    return Finding(Row(RowRef("s", "c", ("1",)), {"id": 1}, {"id": 1}), (), **marks)  # type: ignore[arg-type]


def test_only_a_row_without_marks_is_clear() -> None:
    assert finding().clear
    for marks in ({"access_only": True}, {"shared": True}, {"mention": True}, {"review": ("phone alone",)}):
        assert not finding(**marks).clear
    assert finding(shared=True, review=("name differs",)).confirmed().clear


@pytest.mark.parametrize(
    ("status", "complete"), [("searched", True), ("waived", True), ("manual", True), ("failed", False), ("searching", False)]
)
def test_a_search_is_complete_when_every_system_answered(status: str, complete: bool) -> None:
    systems = (SystemSearch("a", "searched"), SystemSearch("b", status))  # type: ignore[arg-type]
    assert SearchResult((), systems).complete is complete
