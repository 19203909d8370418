from pathlib import Path

import pytest

from tests.catalog.workspaces import SHOP, changed, only, read


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "key", "words"),
    [
        # unknown keys, at each level
        ("owner:", "ownr:", 6, 1, "ownr", ["ownr is not a key", "Did you mean owner"]),
        ("on_erase: redact", "on_earse: redact", 15, 5, "collections.customers.on_earse", ["Did you mean on_erase"]),
        ("created_at: {}", "created_at: {catgory: x}", 23, 20, "collections.customers.fields.created_at.catgory", ["category"]),
        ("reason: Tax records", "resaon: Tax records", 31, 32, "collections.orders.keep.resaon", ["Did you mean reason"]),
        ("plus: 10 years", "pluss: 10 years", 31, 80, "collections.orders.keep.until.pluss", ["Did you mean plus"]),
        ("set: {restricted: true}", "sett: {restricted: true}", 16, 19, "collections.customers.on_restrict.sett", ["set"]),
        ("subject: true", "subject: {wen: {a: b}}", 13, 15, "collections.customers.subject.wen", ["Did you mean when"]),
        ("identity: name", "identity: {si: a, when: {b: c}}", 20, 52, "collections.customers.fields.full_name.identity.si", ["is"]),
        ("owned_by: customers.id", "owned_by: {too: a.b}", 34, 32, "collections.orders.fields.customer_id.owned_by.too", ["to"]),
        ("url: sqlite", "password: x\nurl: sqlite", 4, 1, "password", ["secret set"]),
        # wrong types, at each level
        ("system: shop ", "system: 123 ", 1, 9, "system", ["must be a text", "the number 123", '"123"']),
        ("system: shop ", "system: Web_Shop ", 1, 9, "system", ["small letters", "Web_Shop"]),
        ("title: Web shop", "title: [Web, shop]", 2, 8, "title", ["must be a text", "a list"]),
        ("title: Web shop", "title: true", 2, 8, "title", ["the truth value true", '"true"']),
        ("title: Web shop", "title: ''", 2, 8, "title", ["not empty"]),
        ("title: Web shop", "title:", 2, 1, "title", ["is empty"]),
        ("recipients: [DHL]", "recipients: DHL", 9, 13, "recipients", ["must be a list", "[DHL]"]),
        ("recipients: [DHL]", "recipients: [7]", 9, 14, "recipients.0", ["Entry 1 of recipients", "the number 7"]),
        ("environment: production", "environment: prod", 5, 14, "environment", ["prod", "production or test"]),
        ("legal_basis: contract", "legal_basis: contracts", 8, 14, "legal_basis", ["Did you mean contract"]),
        ("on_erase: redact ", "on_erase: redcat ", 15, 15, "collections.customers.on_erase", ["Did you mean redact"]),
        ("on_erase: redact ", "on_erase: ", 15, 5, "collections.customers.on_erase", ["is empty"]),
        ("key: [id]", "key: id", 14, 10, "collections.customers.key", ["must be a list", "[id]"]),
        ("subject: true", "subject: yes", 13, 14, "collections.customers.subject", ["true, false", "yes"]),
        ("created_at: {}", "created_at: ", 23, 7, "collections.customers.fields.created_at", ["Write {}"]),
        ("created_at: {}", "created_at: NO", 23, 19, "collections.customers.fields.created_at", ["a mapping", "NO"]),
        ("category: user.name", "category: ", 20, 20, "collections.customers.fields.full_name.category", ["is empty"]),
        ("mentions: true", 'mentions: "true"', 36, 48, "collections.orders.fields.note.mentions", ['the text "true"']),
        ("source: provided", "source: given", 19, 75, "collections.customers.fields.email.source", ["third_party", "given"]),
        ("owned_by: customers.id", "owned_by: 7", 34, 31, "collections.orders.fields.customer_id.owned_by", ["collection.field"]),
        ("owned_by: customers.id", "owned_by: []", 34, 31, "collections.orders.fields.customer_id.owned_by", ["at least one"]),
        ("owned_by: customers.id", "owned_by: [a.b, 7]", 34, 37, "collections.orders.fields.customer_id.owned_by.1", ["Entry 2"]),
        (
            "owned_by: customers.id",
            "owned_by: {to: customers.id, when: {a: {}}}",
            34,
            60,
            "collections.orders.fields.customer_id.owned_by.when.a",
            ["a text or a number"],
        ),
        ("{generalise: year}", "12", 21, 87, "collections.customers.fields.born_on.erase", ["the number 12"]),
        ("{generalise: year}", "{a: b, c: d}", 21, 87, "collections.customers.fields.born_on.erase", ["a mapping of a and c"]),
        ("10 years", "ten years", 31, 86, "collections.orders.keep.until.plus", ["10 years, 6 months", "ten years"]),
        ("10 years", "0 years", 31, 86, "collections.orders.keep.until.plus", ["length of time"]),
        ("{field: ordered_at, plus: 10 years}", "2036-02-30", 31, 60, "collections.orders.keep.until", ["a date such as"]),
        ("{field: ordered_at, plus: 10 years}", "20361231", 31, 60, "collections.orders.keep.until", ["a date such as"]),
        # what is missing
        ("driver: sql\n", "", 1, 1, "driver", ["driver: is missing"]),
        ("reason: Tax records, ", "", 31, 5, "collections.orders.keep.reason", ["reason: is missing"]),
    ],
)
def test_each_error_says_where_what_was_expected_and_what_was_found(
    tmp_path: Path, old: str, new: str, line: int, column: int, key: str, words: list[str]
) -> None:
    result = read(tmp_path, shop=changed(old, new))
    assert result.catalog is None
    problem = next(p for p in result.errors if p.key == key)
    assert (problem.file, problem.line, problem.column) == ("catalog/shop.yaml", line, column), str(problem)
    for word in words:
        assert word in f"{problem.message} {problem.hint}"
    assert str(problem).startswith(f"catalog/shop.yaml:{line}:{column}: error: ")


def test_all_errors_of_a_file_are_said_at_once(tmp_path: Path) -> None:
    text = SHOP.replace("title: Web shop", "title: 7").replace("key: [id]", "key: id").replace("on_erase: keep", "on_erase: kepe")
    result = read(tmp_path, shop=text)
    assert [p.line for p in result.errors] == [2, 14, 25, 29, 30]
    assert [p.collection for p in result.errors] == ["", "customers", "addresses", "orders", "orders"]


def test_odd_names_are_shown_on_one_line(tmp_path: Path) -> None:
    problem = only(read(tmp_path, shop=f'{SHOP}"a\\n\\e[31m{"x" * 500}": 1\n').errors)
    assert "\n" not in str(problem) and "\x1b" not in str(problem)
    assert len(problem.message) < 150
