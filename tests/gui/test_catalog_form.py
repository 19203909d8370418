"""The form's own rules: what it reads of a file, what it offers for a column, and the changes that a choice makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

import dsr_desk.strategies
from dsr_desk.catalog.document import Node, parse
from dsr_desk.catalog.edit import changed
from dsr_desk.gui.models.catalog_texts import CatalogTexts
from dsr_desk.gui.models.field_choices import FieldChoice, changes, chosen, erase_words, fitting
from dsr_desk.gui.models.form_model import FieldRow, collection_at, form_of, names
from dsr_desk.model.schema import Column, ColumnType
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

STRATEGIES = plugins(dsr_desk.strategies, Strategy)
SHORT = {n: next(iter(s.parameters)) for n, s in STRATEGIES.items() if s.parameters}
TEXT = """system: shop
collections:
  customers:
    subject: {when: {kind: person}}
    key: [id]
    fields:
      id: {}
      email: {category: user.contact.email, identity: email, erase: {pseudonym: {suffix: "@x"}}}
      code: {category: {is: user.name, when: {kind: a}}}
  orders:
    on_erase: keep
    keep: {ground: "17(3)(b)", reason: Tax, until: {field: at, plus: 10 years}}
    fields:
      buyer: {owned_by: customers.id}
      both: {owned_by: [{to: a.id, when: {k: a}}, b.id]}
      odd:
owner: somebody
"""


def _tree(text: str = TEXT) -> Node:
    tree, _ = parse("f", text.encode())
    assert tree is not None
    return tree


def _row(collection: str, field: str) -> FieldRow:
    form = form_of(_tree(), collection, (), None, None)
    assert form is not None
    return next(r for r in form.fields if r.name == field)


def test_a_line_belongs_to_its_collection_and_field() -> None:
    tree = _tree()
    at = {line: collection_at(tree, "f", line) for line in range(1, 18)}
    assert at[1] == ("", "") and at[3] == ("customers", "") and at[8] == ("customers", "email")
    assert at[15] == ("orders", "both") and at[17] == ("", ""), "what comes after the collections is none of them"
    assert collection_at(tree, "another", 8) == ("", "") and names(tree) == ["customers", "orders"]
    assert collection_at(None, "f", 1) == ("", "")


def test_what_a_form_reads() -> None:
    customers, orders = (form_of(_tree(), n, (), None, None) for n in ("customers", "orders"))
    assert customers is not None and customers.row_is == "some" and customers.on_erase == ""
    assert orders is not None and orders.row_is == "owned" and orders.keep["reason"] == "Tax"
    assert orders.owners[0] == ("buyer", "owned_by", "customers.id") and len(orders.owners) == 3
    assert _row("customers", "email").simple and not _row("customers", "code").simple and not _row("orders", "both").simple
    assert _row("customers", "id").in_key and form_of(_tree(), "nowhere", (), None, None) is None


@pytest.mark.parametrize(
    ("data", "editable"),
    [
        (b"a: 1\n", True),
        (b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", True),
        ("a: \u00a0\u2028ä🙂\n".encode(), True),
        (b"a: 1\r\nb: 2\n", False),
        (b"a: 1\rb: 2\n", False),
        (b"a: \xff\n", False),
        ("a: \u2029\n".encode(), False),
        (b"a: 1\n" + b"#" * 500_000, False),
    ],
)
def test_what_cant_be_written_back_byte_for_byte_is_only_shown(qapp: object, data: bytes, editable: bool) -> None:
    texts = CatalogTexts()
    texts.read({"catalog/a.yaml": data.decode("utf-8-sig", "replace")}, {"catalog/a.yaml": data})
    file = texts.get("catalog/a.yaml")
    assert file is not None and bool(file.locked) is not editable and not file.changed
    texts.read({"connectors/b.yaml": "a: 1"}, {})
    connector = texts.get("connectors/b.yaml")
    assert connector is not None and connector.locked and texts.get("catalog/a.yaml") is None


@pytest.mark.parametrize("text", ["collections: 5\n", "collections: {a: 5}\n", "collections: {a: {fields: [x]}}\n", "x: 1\n"])
def test_wrong_files_are_read_as_far_as_they_go(text: str) -> None:
    tree = _tree(text)
    for name in names(tree):
        assert form_of(tree, name, (), None, None) is not None
    collection_at(tree, "f", 1)


@pytest.mark.parametrize(
    ("kind", "nullable", "offered", "not_offered"),
    [
        ("text", True, {"null", "mask", "hash", "generalise"}, {"shift_"}),
        ("text", False, {"blank", "pseudonym"}, {"null"}),
        ("integer", False, {"noise", "blank"}, {"mask", "null", "shift"}),
        ("date", True, {"shift", "generalise", "null"}, {"mask", "noise", "hash"}),
        ("binary", True, {"random", "null"}, {"mask", "generalise", "blank"}),
    ],
)
def test_only_what_the_column_takes_is_offered(kind: ColumnType, nullable: bool, offered: set[str], not_offered: set[str]) -> None:
    found = {a.name for a in fitting(STRATEGIES, Column("x", kind, nullable=nullable))}
    assert offered <= found and not found & not_offered
    assert {a.name for a in fitting(STRATEGIES, None)} == set(STRATEGIES)


@pytest.mark.parametrize(
    ("after", "written"),
    [
        (FieldChoice(category="user.name"), "{category: user.name}"),
        (FieldChoice(strategy="null"), "{erase: null}"),
        (FieldChoice(strategy="blank"), "{erase: blank}"),
        (FieldChoice(strategy="constant", settings={"value": "Erased"}), "{erase: {constant: Erased}}"),
        (FieldChoice(strategy="generalise", settings={"prefix": "2"}), "{erase: {generalise: {prefix: 2}}}"),
        (FieldChoice(strategy="constant", settings={"value": "007"}), '{erase: {constant: "007"}}'),
        (FieldChoice(kind="owned_by", target="a.id", mentions=True), "{owned_by: a.id, mentions: true}"),
    ],
)
def test_a_choice_is_a_change_of_the_file(after: FieldChoice, written: str) -> None:
    row = FieldRow("odd", {}, 1)
    text = "collections:\n  orders:\n    fields:\n      odd: {}\n"
    made = changed(text, changes("orders", row, chosen(row, STRATEGIES), after, SHORT))
    node, _ = parse("", made.encode())
    wanted, _ = parse("", text.replace("{}", written).encode())
    assert node is not None and wanted is not None and node.plain() == wanted.plain()


def test_taking_back_and_changing_the_kind_of_a_reference() -> None:
    row = _row("orders", "buyer")
    before = chosen(row, STRATEGIES)
    made = changed(TEXT, changes("orders", row, before, replace(before, kind="points_at"), SHORT))
    assert "buyer: {points_at: customers.id}" in made
    made = changed(TEXT, changes("orders", row, before, replace(before, kind="", target=""), SHORT))
    assert "buyer: {}" in made
    assert not changes("orders", row, before, before, SHORT)
    email = _row("customers", "email")
    assert chosen(email, STRATEGIES).settings == {"suffix": "@x"}


@pytest.mark.parametrize(
    ("says", "on_erase", "words"),
    [
        ({}, "delete", "with the row"),
        ({}, "redact", "kept"),
        ({"erase": None}, "redact", "emptied"),
        ({"erase": {"constant": "Erased"}}, "redact", "“Erased”"),
        ({"erase": {"generalise": "year"}}, "keep", "year kept"),
        ({"erase": {"generalise": {"prefix": 2}}}, "keep", "made coarser"),
        ({"erase": "whatever"}, "redact", "whatever"),
        ({"erase": {"a": 1, "b": 2}}, "redact", ""),
    ],
)
def test_what_becomes_of_a_field_in_a_word(says: dict[str, object], on_erase: str, words: str) -> None:
    assert erase_words(FieldRow("x", says, 1), on_erase)[0] == words
