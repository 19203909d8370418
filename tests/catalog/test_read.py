from datetime import date
from pathlib import Path

import pytest

from dsr_desk.catalog.read import digest, read_catalog
from dsr_desk.model.catalog import Backups, Erase, Keep, Period, Reference
from tests.catalog.workspaces import SHOP, changed, only, read, workspace


def test_the_example_of_the_format_is_right(tmp_path: Path) -> None:
    result = read(tmp_path, shop=SHOP)
    assert result.ok and result.problems == () and result.broken == ()
    assert result.catalog is not None
    shop = result.catalog.systems["shop"]
    assert (shop.driver, shop.url, shop.environment, shop.recipients) == ("sql", "sqlite:///shop.db", "production", ("DHL",))
    assert shop.file == "catalog/shop.yaml"
    customers = shop.collections["customers"]
    assert (customers.subject, customers.key, customers.on_erase, customers.line) == (True, ("id",), "redact", 11)
    assert customers.fields["email"].erase == Erase("pseudonym", {"suffix": "@erased.invalid"})
    assert customers.fields["full_name"].erase == Erase("constant", {"value": "Erased"})
    assert customers.fields["born_on"].erase == Erase("generalise", {"to": "year"})
    assert customers.fields["address_id"].erase == Erase("null")
    assert customers.fields["email"].source == "provided"
    assert customers.fields["email"].legal_basis == "contract"
    assert not customers.fields["created_at"].personal
    assert customers.references == (Reference("owns", ("address_id",), "shop", "addresses", ("id",)),)
    orders = shop.collections["orders"]
    assert orders.keep == Keep("17(3)(b)", "Tax records", field="ordered_at", plus=Period(10, "years"))
    assert orders.fields["note"].mentions
    messages = shop.collections["messages"]
    assert messages.key == ("thread_id", "position")
    assert [r.kind for r in messages.references] == ["owned_by", "accessed_by"]


def test_a_column_that_is_named_anywhere_is_known(tmp_path: Path) -> None:
    catalog = read(tmp_path, shop=SHOP).catalog
    assert catalog is not None
    shop = catalog.systems["shop"]
    assert {"thread_id", "position"} <= shop.collections["messages"].fields.keys()
    assert not shop.collections["messages"].fields["position"].personal
    assert "restricted" in shop.collections["customers"].fields


@pytest.mark.parametrize(
    ("written", "erase"),
    [
        ("null", Erase("null")),
        ('"null"', Erase("null")),
        ("blank", Erase("blank")),
        ("{blank: }", Erase("blank")),
        ('{constant: "x"}', Erase("constant", {"value": "x"})),
        ("{constant: 7}", Erase("constant", {"value": 7})),
        ("{constant: {value: x}}", Erase("constant", {"value": "x"})),
        ("pseudonym", Erase("pseudonym")),
        ('{pseudonym: {suffix: "-x"}}', Erase("pseudonym", {"suffix": "-x"})),
    ],
)
def test_short_and_long_forms_of_erase(tmp_path: Path, written: str, erase: Erase) -> None:
    result = read(tmp_path, shop=changed('{constant: "Erased"}', written))
    assert result.ok, result.problems
    assert result.catalog is not None
    assert result.catalog.systems["shop"].collections["customers"].fields["full_name"].erase == erase


def test_keep_until_a_date_or_with_the_row_it_belongs_to(tmp_path: Path) -> None:
    until = "{field: ordered_at, plus: 10 years}"
    dated = read(tmp_path, shop=changed(until, "2036-12-31")).catalog
    assert dated is not None
    assert dated.collection("shop", "orders").keep == Keep("17(3)(b)", "Tax records", until=date(2036, 12, 31))
    open_ended = read(tmp_path, shop=changed(f", until: {until}", "")).catalog
    assert open_ended is not None
    assert open_ended.collection("shop", "orders").keep == Keep("17(3)(b)", "Tax records")


def test_every_kind_of_reference(tmp_path: Path) -> None:
    other = """\
system: crm
driver: sql
url: sqlite:///crm.db
collections:
  notes.2024:
    key: [thread, pos]
    on_erase: delete
    fields:
      thread: {}
      pos: {}
      customer: {owned_by: shop/customers.id}
      entity: {owned_by: [{to: shop/customers.id, when: {kind: [person, 7]}}, {to: notes.2024.pos, when: {kind: note}}]}
      by: {points_at: {to: shop/customers.id, when: {internal: true}}}
    references:
      - {fields: [thread, pos], accessed_by: shop/messages, to: [thread_id, position], when: {kind: message}}
      - {fields: [thread], owned_by: notes.2024, to: [pos]}
"""
    result = read(tmp_path, shop=SHOP, crm=other)
    assert result.ok, [str(p) for p in result.problems]
    assert result.catalog is not None
    assert result.catalog.collection("crm", "notes.2024").references == (
        Reference("owned_by", ("customer",), "shop", "customers", ("id",)),
        Reference("owned_by", ("entity",), "shop", "customers", ("id",), {"kind": ("person", "7")}),
        Reference("owned_by", ("entity",), "crm", "notes.2024", ("pos",), {"kind": ("note",)}),
        Reference("points_at", ("by",), "shop", "customers", ("id",), {"internal": ("true",)}),
        Reference("accessed_by", ("thread", "pos"), "shop", "messages", ("thread_id", "position"), {"kind": ("message",)}),
        Reference("owned_by", ("thread",), "crm", "notes.2024", ("pos",)),
    )


def test_conditions_and_inheritance(tmp_path: Path) -> None:
    text = """\
system: shop
driver: sql
url: sqlite:///shop.db
source: observed
legal_basis: consent
region: DE
compact: true
options: {busy: 7, nested: {a: [1, 2]}}
collections:
  users:
    subject: {when: {type: [User, Admin]}}
    key: [id]
    on_erase: delete
    source: provided
    identities: {name: [given, family]}
    fields:
      id: {}
      value:
        identity: {is: phone, when: {field_id: 4}}
        category: {is: user.contact.phone_number, when: {field_id: 4}}
        stored: plain
      mood: {category: user.behavior, source: derived, legal_basis: contract}
"""
    catalog = read(tmp_path, shop=text).catalog
    assert catalog is not None
    shop = catalog.systems["shop"]
    users = shop.collections["users"]
    assert users.subject and users.subject_when == {"type": ("User", "Admin")}
    value, mood = users.fields["value"], users.fields["mood"]
    assert (value.identity, value.identity_when, value.stored_plain) == ("phone", {"field_id": ("4",)}, True)
    assert (value.category, value.category_when) == ("user.contact.phone_number", {"field_id": ("4",)})
    assert (value.source, value.legal_basis) == ("provided", "consent")
    assert (mood.source, mood.legal_basis) == ("derived", "contract")
    assert users.identities == {"name": ("given", "family")}
    assert (shop.region, shop.compact, shop.options) == ("DE", True, {"busy": 7, "nested": {"a": [1, 2]}})


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("{kept: 30 days, note: Tapes}", Backups(Period(30, "days"), "Tapes")),
        ("{kept: 1 year}", Backups(Period(1, "years"))),
        ("{note: There are none}", Backups(None, "There are none")),
        ("{}", None),
    ],
)
def test_what_is_said_of_backups(tmp_path: Path, written: str, read_as: Backups | None) -> None:
    said = f"system: shop\ndriver: sql\nurl: sqlite:///shop.db\nbackups: {written}\n"
    catalog = read(tmp_path, shop=said).catalog
    assert catalog is not None and catalog.systems["shop"].backups == read_as


def test_a_time_that_backups_are_kept_is_a_length_of_time(tmp_path: Path) -> None:
    result = read(tmp_path, shop="system: shop\ndriver: sql\nurl: sqlite:///shop.db\nbackups: {kept: a while}\n")
    (problem,) = [p for p in result.problems if p.severity == "error" and p.key.startswith("backups")]
    assert "30 days" in f"{problem.message} {problem.hint}"


def test_one_bad_file_never_hides_the_others(tmp_path: Path) -> None:
    broken = "system: crm\ndriver: sql\nurl: sqlite:///crm.db\ncolections: {}\n"
    result = read(
        tmp_path, shop=changed("owner: shop@example.org", "owner: 7"), crm=broken, bad=b"\xff", good=SHOP.replace("shop", "good")
    )
    assert result.catalog is not None and list(result.catalog.systems) == ["good"]
    assert set(result.broken) == {"shop", "crm", "bad"}
    assert [(p.file, p.line) for p in result.problems] == [
        ("catalog/bad.yaml", 1),
        ("catalog/crm.yaml", 4),
        ("catalog/shop.yaml", 6),
    ]
    assert not result.ok


def test_a_reference_into_a_broken_file_is_not_a_second_error(tmp_path: Path) -> None:
    crm = """\
system: crm
driver: sql
url: sqlite:///c.db
collections: {a: {key: [id], on_erase: delete, fields: {c: {owned_by: shop/customers.id}}}}
"""
    result = read(tmp_path, shop=changed("owner: shop@example.org", "owner: 7"), crm=crm)
    assert only(result.errors).file == "catalog/shop.yaml"


def test_two_files_with_one_system(tmp_path: Path) -> None:
    result = read(tmp_path, a=SHOP, b=SHOP)
    problem = only(result.errors)
    assert (problem.file, problem.line, problem.column) == ("catalog/b.yaml", 1, 9)
    assert "catalog/a.yaml" in problem.message
    assert result.broken == ("shop",)


def test_the_digest_covers_names_and_bytes(tmp_path: Path) -> None:
    digests = set()
    for files in ({"shop": SHOP}, {"shop": SHOP + "#"}, {"shop2": SHOP}, {"shop": SHOP, "zoo": "# nothing"}):
        folder = tmp_path / str(len(digests))
        folder.mkdir()
        catalog = read(folder, **files).catalog
        assert catalog is not None
        digests.add(catalog.digest)
    assert len(digests) == 4
    assert digest({"ab": b"c"}) != digest({"a": b"bc"}) != digest({"a": b"b", "c": b""})
    again = read(tmp_path / "0").catalog
    assert again is not None and again.digest in digests


def test_what_is_read_and_what_is_not(tmp_path: Path) -> None:
    workspace(tmp_path, shop=SHOP)
    catalog = tmp_path / "catalog"
    (catalog / "shop.yaml").rename(catalog / "shop.YML")
    (catalog / ".hidden.yaml").write_text("x")
    (catalog / "shop.yaml~").write_text("x")
    (catalog / "notes.txt").write_text("x")
    assert read_catalog(tmp_path).ok
    (catalog / "folder.yaml").mkdir()
    (catalog / "dangling.yaml").symlink_to("nowhere")
    problems = read_catalog(tmp_path).errors
    assert [p.file for p in problems] == ["catalog/dangling.yaml", "catalog/folder.yaml"]


def test_no_catalog_and_an_empty_one(tmp_path: Path) -> None:
    missing = read_catalog(tmp_path)
    assert missing.catalog is None and only(missing.problems).severity == "error"
    (tmp_path / "catalog").mkdir()
    empty = read_catalog(tmp_path)
    assert empty.catalog is None and "empty" in only(empty.problems).message


def test_a_file_for_a_newer_program_is_one_clear_error(tmp_path: Path) -> None:
    text = SHOP.replace("title: Web shop\n", "title: Web shop\nformat: 2\nquantum: yes\n").replace("on_erase: redact", "on_wipe: 7")
    result = read(tmp_path, shop=text, crm="system: crm\nformat: 1\ndriver: manual\n")
    problem = only(result.errors)
    assert (problem.code, problem.line, problem.system) == ("catalog.newer_format", 3, "shop")
    assert problem.message == "The file is written for a newer version of the program: format 2, and this one reads format 1."
    assert problem.hint
    assert result.broken == ("shop",)
    assert result.catalog is not None and list(result.catalog.systems) == ["crm"]


@pytest.mark.parametrize("said", ["0", "true", "'2'", "1.5", "null"])
def test_a_format_that_is_none(tmp_path: Path, said: str) -> None:
    assert only(read(tmp_path, shop=f"system: shop\ndriver: manual\nformat: {said}\n").problems).key == "format"


def test_an_unknown_key_may_be_one_of_a_newer_program(tmp_path: Path) -> None:
    problem = only(read(tmp_path, shop="system: shop\ndriver: manual\nquantum: yes\n").problems)
    assert (problem.code, problem.key) == ("catalog.unknown_key", "quantum")
    assert "A newer program may know more." in problem.hint
