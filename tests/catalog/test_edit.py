"""One value of a catalog file changed: it says what was wished, and every other byte stays."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsr_desk.bundled import bundled
from dsr_desk.catalog.document import parse
from dsr_desk.catalog.edit import REMOVED, Change, UnchangedError, changed, rendered

SHOP = """# who we are
system: shop
driver: sql
collections:
  customers:            # people
    subject: true
    key: [id]
    on_erase: redact    # why: accounts stay
    # what they told us
    fields:
      id:         {category: user.unique_id, identity: customer_id}
      email:      {category: user.contact.email, identity: email,
                   erase: {pseudonym: {suffix: "@erased.invalid"}}}  # tail
      born_on:
      note:
        mentions: true  # free text
        title: |
          A note
          of two lines

      created_at: {}
  # about orders
  orders:
    key: [id]
    fields: {id: {}, buyer: {owned_by: customers.id}}
"""


def _plain(text: str) -> Any:
    node, problems = parse("", text.encode())
    assert node is not None and not problems, problems
    return node.plain()


def _lines(before: str, after: str) -> list[str]:
    return [d for d in difflib.ndiff(before.splitlines(), after.splitlines()) if d[0] in "+-"]


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (
            ("collections", "customers", "on_erase"),
            "delete",
            ["-     on_erase: redact    # why: accounts stay", "+     on_erase: delete    # why: accounts stay"],
        ),
        (("collections", "customers", "fields", "created_at", "category"), "user.name", None),
        (("collections", "customers", "fields", "created_at"), {"category": "user.name"}, None),
        (("collections", "customers", "fields", "born_on"), {}, ["-       born_on:", "+       born_on: {}"]),
        (
            ("collections", "customers", "fields", "born_on", "category"),
            "user.name",
            ["-       born_on:", "+       born_on: {category: user.name}"],
        ),
        (("collections", "customers", "fields", "phone"), {}, ["+       phone: {}"]),
        (("collections", "customers", "title"), "Accounts", ["+     title: Accounts"]),
        (("collections", "orders", "on_erase"), "keep", ["+     on_erase: keep"]),
        (("collections", "orders", "keep"), {"ground": "17(3)(b)", "reason": "Tax: law"}, None),
        (("collections", "orders", "fields", "total"), {}, None),
        (("collections", "visits"), {"key": ["id"], "fields": {}}, ["+   visits: {key: [id], fields: {}}"]),
        (("title",), "Web shop", ["+ title: Web shop"]),
        (("collections", "customers", "fields", "note", "category"), "user.content", ["+         category: user.content"]),
        (("collections", "customers", "fields", "note", "title"), "Short", None),
        (("collections", "customers", "fields", "email", "erase"), None, None),
    ],
)
def test_only_what_was_wished_changes(path: tuple[str, ...], value: Any, lines: list[str] | None) -> None:
    after = changed(SHOP, [Change(path, value)])
    tree = _plain(after)
    for step in path:
        tree = tree[step]
    assert tree == value
    told = _lines(SHOP, after)
    if lines is not None:
        assert told == lines
    for comment in ("# who we are", "# people", "# why: accounts stay", "# what they told us", "# tail", "# free text"):
        assert comment in after
    assert after.index("# about orders") > after.index("created_at")


def test_what_goes_takes_its_lines_and_no_others() -> None:
    after = changed(SHOP, [Change(("collections", "customers", "on_erase"), REMOVED)])
    assert _lines(SHOP, after) == ["-     on_erase: redact    # why: accounts stay"]
    after = changed(SHOP, [Change(("collections", "customers", "fields", "email", "erase"), REMOVED)])
    assert "{category: user.contact.email, identity: email}  # tail" in after
    after = changed(SHOP, [Change(("collections", "customers", "fields", "id", "category"), REMOVED)])
    assert "id:         {identity: customer_id}" in after
    after = changed(SHOP, [Change(("collections", "orders", "fields", "buyer", "owned_by"), REMOVED)])
    assert "buyer: {}}" in after
    after = changed(SHOP, [Change(("collections", "orders"), REMOVED)])
    assert "orders:" not in after and "customers" in after
    assert changed(SHOP, [Change(("collections", "nowhere", "title"), REMOVED)]) == SHOP


def test_what_would_come_out_as_something_else_is_refused() -> None:
    """``a`` has no colon of its own: the value would land at ``b``."""
    with pytest.raises(UnchangedError, match="can't be changed by the form"):
        changed("x: {a, b: 1}\n", [Change(("x", "a"), "v")])


def test_several_changes_are_one() -> None:
    after = changed(SHOP, [Change(("title",), "A"), Change(("title",), "B"), Change(("owner",), "O")])
    assert _plain(after)["title"] == "B" and _lines(SHOP, after) == ["+ title: B", "+ owner: O"]


def test_the_line_ends_of_a_file_stay() -> None:
    after = changed(SHOP.replace("\n", "\r\n"), [Change(("title",), "A"), Change(("collections", "customers", "fields", "x"), {})])
    assert after.count("\n") == after.count("\r\n") and _plain(after)["title"] == "A"


def test_a_file_without_a_last_line_end() -> None:
    assert changed("system: a", [Change(("title",), "A")]) == "system: a\ntitle: A\n"
    assert changed("system: a\ncollections:", [Change(("collections", "x"), {})]) == "system: a\ncollections: {x: {}}"


@pytest.mark.parametrize("text", ["a: [", "", "- a\n", "a: 1\na: 2\n", "a: &x 1\nb: *x\n"])
def test_what_cant_be_read_is_left_alone(text: str) -> None:
    with pytest.raises(UnchangedError):
        changed(text, [Change(("title",), "A")])


@pytest.mark.parametrize("path", [("driver", "x"), ("collections", "customers", "key", 5), ("collections", "orders", "key", "x")])
def test_what_has_no_place_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(UnchangedError):
        changed(SHOP, [Change(path, "v")])


_HOSTILE = ["null", "yes", "no", "007", "1e3", "a: b # c", "- x", "{", "absent", "ä ", "~", "\x85"]
_texts = st.text(max_size=12) | st.sampled_from(_HOSTILE)
_data = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(_data)
def test_whatever_is_written_is_read_back(value: Any) -> None:
    text = f"x: {rendered(value)}\n"
    if any(c in str(value) for c in ("\ud800",)):
        return
    assert _plain(text)["x"] == value


@settings(max_examples=30, deadline=None)
@given(_texts.filter(bool), st.sampled_from([("customers",), ("orders",)]), st.booleans())
def test_hostile_names_and_titles(name: str, where: tuple[str], whole: bool) -> None:
    path = ("collections", *where, "fields", name) if whole else ("collections", name)
    after = changed(SHOP, [Change((*path, "title"), name)])
    tree = _plain(after)
    for step in path:
        tree = tree[step]
    assert tree["title"] == name and _plain(changed(after, [Change(path, REMOVED)])) == _plain(SHOP)


def test_every_field_of_the_sample_company() -> None:
    for file in sorted((bundled("resources") / "sample" / "catalog").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        for name, collection in (_plain(text).get("collections") or {}).items():
            for field in list(collection.get("fields") or {})[:2]:
                path = ("collections", name, "fields", field, "title")
                after = changed(text, [Change(path, "Told: so")])
                assert len(_lines(text, after)) <= 3, (file.name, path)
                assert changed(after, [Change(path, "Told: so")]) == after
