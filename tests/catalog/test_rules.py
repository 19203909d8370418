from pathlib import Path

import pytest

from tests.catalog.workspaces import SHOP, changed, only, read


@pytest.mark.parametrize(
    ("old", "new", "line", "says", "cure"),
    [
        ("driver: sql", "driver: sqll", 3, "no driver sqll", "Did you mean sql"),
        ("driver: sql", "driver: telepathy", 3, "no driver telepathy", "There are"),
        ("url: sqlite:///shop.db", "", 3, "Neither url: nor path:", "Write url:"),
        ("url: sqlite:///shop.db", "url: sqlite:///shop.db\npath: shop.db", 5, "side by side", "Keep"),
        ("url: sqlite:///shop.db", "url: shop.db", 4, "not a URL", "sqlite:///"),
        ("url: sqlite:///shop.db", "url: postgresql://me:hunter2@h/db", 4, "A password stands in url:", "secret set shop"),
        (
            "url: sqlite:///shop.db",
            "url: postgresql://h/db?sslmode=x&password=hunter2",
            4,
            "A password stands in url:",
            "secret set shop",
        ),
        (
            "url: sqlite:///shop.db",
            "url: sqlite:///shop.db\noptions: {api_key: hunter2}",
            5,
            "looks like a password",
            "secret set shop",
        ),
        ("owner:", "region: UK\nowner:", 6, "country UK", "Write GB"),
        ("owns: addresses.id", "owns: addreses.id", 22, "shop has no collection addreses", "Did you mean addresses"),
        ("owns: addresses.id", "owns: addresses.idd", 22, "addresses lists no field idd", "Did you mean id"),
        ("owns: addresses.id", "owns: addresses", 22, "addresses names no field", "addresses.FIELD"),
        ("owns: addresses.id", "owns: crm/addresses.id", 22, "no system crm", "Add its file"),
        ("owns: addresses.id", "owns: [addresses.id, {to: x.y}]", 22, "no collection x", "collection.field"),
        ('{constant: "Erased"}', "{constnt: x}", 20, "no strategy constnt", "Did you mean constant"),
        ('{constant: "Erased"}', "constant", 20, "constant needs a setting", "{constant: VALUE}"),
        ('{constant: "Erased"}', "{constant: {valeu: x, value: y}}", 20, "no setting valeu", "Did you mean value"),
        ('{constant: "Erased"}', "{blank: {a: 1}}", 20, "no setting a", "takes no settings"),
        ("{generalise: year}", "{generalise: yeer}", 21, "generalise: to must be month, year or decade", "{generalise: {to: …}}"),
        (', erase: {constant: "Erased"}', "", 20, "full_name is personal (user.name)", "erase: keep"),
        ("created_at: {}", "created_at: {mentions: true}", 23, "created_at is personal (searched for mentions)", "erase:"),
        (
            "    fields:\n      id:   ",
            "    identities: {name: [given]}\n    fields:\n      id:   ",
            17,
            "given is personal",
            "erase:",
        ),
        ("category: user.unique_id,", "category: user.unique_id, erase: blank,", 18, "id is part of the key", "Delete"),
        ('{constant: "Erased"}', "keep", 20, "full_name is kept", "Write keep:"),
        ("    keep: {ground", "    # {ground", 30, "keep: is missing", "Write keep:"),
        ('"17(3)(b)"', "because", 31, "because is no ground", "17(3)(b)"),
        ('"17(3)(b)"', '"17(3)(f)"', 31, "17(3)(f) is no ground", "17(3)(e)"),
        ("key: [thread_id, position]", "key: [thread_id, thread_id]", 38, "twice", "once"),
        (
            "fields: {id: {}",
            "fields: {id: {identity: customer_id}",
            27,
            "stands on the key of shop/customers",
            "in its own system only",
        ),
    ],
)
def test_errors(tmp_path: Path, old: str, new: str, line: int, says: str, cure: str) -> None:
    result = read(tmp_path, shop=changed(old, new))
    problem = only(result.errors)
    assert says in problem.message and cure in problem.hint, str(problem)
    assert (problem.file, problem.line) == ("catalog/shop.yaml", line), str(problem)
    assert "hunter2" not in f"{[str(p) for p in result.problems]}"
    assert not result.ok


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("category: user.name,", "category: user.nmae,", 20, "user.nmae is not a known data category"),
        ("identity: name", "identity: naem", 20, "No other field has the identity naem"),
        ("on_erase: delete", "# nothing", 24, "on_erase: is missing"),
        ("created_at: {}", "created_at: {stored: plain}", 23, "stored: plain has no effect"),
        ("on_erase: delete", 'on_erase: delete\n    keep: {ground: "17(3)(b)", reason: x}', 27, "keep: has no effect"),
        ("{owns: addresses.id, erase: null}", "{}", 24, "nobody owns its rows"),
    ],
)
def test_warnings(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    result = read(tmp_path, shop=changed(old, new))
    assert result.ok, [str(p) for p in result.errors]
    problem = only(result.warnings)
    assert says in problem.message and problem.line == line, str(problem)


@pytest.mark.parametrize(
    ("reference", "line", "column", "says"),
    [
        ("{fields: [a, b], to: [id], owned_by: addresses}", 13, 39, "fields names 2 and to names 1"),
        ("{fields: [a], to: [id]}", 13, 18, "exactly one of owned_by"),
        ("{fields: [a], to: [id], owned_by: addresses, owns: orders}", 13, 18, "exactly one of owned_by"),
        ("{fields: [a], to: [idd], owned_by: addresses}", 13, 37, "addresses lists no field idd"),
        ("{fields: [a], to: [id], owned_by: adresses}", 13, 52, "no collection adresses"),
        ("{fields: [a], to: [id], owned_by: crm/a}", 13, 52, "no system crm"),
    ],
)
def test_references_over_several_fields(tmp_path: Path, reference: str, line: int, column: int, says: str) -> None:
    result = read(tmp_path, shop=changed("    subject: true ", f"    references: [{reference}]\n    subject: true "))
    problem = only(result.errors)
    assert says in problem.message and (problem.line, problem.column) == (line, column), str(problem)
    assert problem.hint
    assert result.catalog is not None
    assert [r.fields for r in result.catalog.collection("shop", "customers").references] == [("address_id",)]


def test_a_key_of_two_collections_across_systems(tmp_path: Path) -> None:
    crm = """\
system: crm
driver: sql
url: sqlite:///crm.db
collections:
  people:
    subject: true
    key: [id]
    on_erase: delete
    fields: {id: {identity: customer_id}, mail: {identity: email}}
"""
    problem = only(read(tmp_path, shop=SHOP, crm=crm).errors)
    assert (problem.file, problem.line, problem.system, problem.field) == ("catalog/shop.yaml", 18, "shop", "id")
    assert "crm/people" in problem.message
    carried = crm.replace("{id: {identity: customer_id}", "{id: {}, shop_id: {identity: customer_id}")
    assert read(tmp_path, crm=carried).ok


def test_an_address_may_be_the_key_of_two_collections(tmp_path: Path) -> None:
    letter = """\
system: {0}
driver: sheet
path: {0}.csv
collections: {{{0}: {{key: [e], on_erase: delete, fields: {{e: {{identity: email}}}}}}}}
"""
    assert read(tmp_path, news=letter.format("news"), tips=letter.format("tips")).ok


def test_a_path_to_a_person_that_ends_nowhere(tmp_path: Path) -> None:
    text = """\
system: s
driver: sql
url: sqlite:///s.db
collections:
  logs: {key: [id], on_erase: delete, fields: {id: {}, parent: {owned_by: logs.id}, batch: {owned_by: batches.id}}}
  batches: {key: [id], fields: {id: {}}}
  lookup: {key: [id], fields: {id: {}, name: {}}}
  readers: {key: [id], on_erase: delete, fields: {id: {}, who: {accessed_by: known.mail}}}
  known: {key: [mail], on_erase: delete, fields: {mail: {identity: email}, badge: {accesses: doors.id}}}
  doors: {key: [id], on_erase: delete, fields: {id: {}}}
  people: {subject: true, key: [id], on_erase: delete, fields: {id: {}, age: {category: user.demographic}}}
"""
    warnings = read(tmp_path, s=text).warnings
    assert [(p.collection, p.line) for p in warnings] == [("logs", 5), ("people", 11)]
    assert "no identifier leads to" in warnings[0].message
    assert "no field carries an identity" in warnings[1].message


def test_two_systems_at_one_place(tmp_path: Path) -> None:
    twin = SHOP.replace("system: shop", "system: twin").replace("identity: customer_id", "identity: twin_id")
    problem = only(read(tmp_path, shop=SHOP, twin=twin).warnings)
    assert (problem.file, problem.line) == ("catalog/twin.yaml", 4)


def test_a_system_that_a_person_searches(tmp_path: Path) -> None:
    archive = "system: archive\ndriver: manual\ntitle: Paper\n"
    assert "instructions" in only(read(tmp_path, archive=archive).warnings).message
    assert read(tmp_path, archive=archive + "instructions: Ask Ms Lindner for the red folders.\n").problems == ()
