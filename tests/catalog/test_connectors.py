from pathlib import Path

import pytest

from dsr_desk.catalog.read import read_catalog
from tests.catalog.workspaces import only, workspace

BASE = """\
title: Ready shop
driver: sql
collections:
  people:
    subject: true
    key: [id]
    on_erase: delete
    fields: {id: {}, mail: {category: user.contact.email, identity: email}, fax: {category: user.contact.fax_number}}
  carts: {key: [id], on_erase: delete, fields: {id: {}, person: {owned_by: people.id}}}
"""


def ready(folder: Path, text: str = BASE) -> None:
    (folder / "connectors").mkdir()
    (folder / "connectors" / "ready.yaml").write_text(text, encoding="utf-8")


def test_a_file_overrides_its_connector(tmp_path: Path) -> None:
    ready(tmp_path)
    mine = """\
system: shop
title: My shop
connector: ready
url: sqlite:///shop.db
collections:
  carts: absent
  people:
    table: t_people
    on_erase: redact
    fields: {fax: absent, mail: {erase: null}, loyalty: {}}
"""
    result = read_catalog(workspace(tmp_path, shop=mine))
    assert result.ok and result.catalog is not None, result.problems
    shop = result.catalog.systems["shop"]
    assert (shop.title, shop.driver, list(shop.collections)) == ("My shop", "sql", ["people"])
    people = shop.collections["people"]
    assert (people.table, people.on_erase, list(people.fields)) == ("t_people", "redact", ["id", "mail", "loyalty"])
    assert people.fields["mail"].identity == "email" and people.fields["mail"].erase is not None
    assert set(result.files) == {"catalog/shop.yaml", "connectors/ready.yaml"}


def test_an_error_of_the_connector_names_its_file(tmp_path: Path) -> None:
    ready(tmp_path, BASE.replace("on_erase: delete\n", "on_erase: drop\n"))
    result = read_catalog(workspace(tmp_path, shop="system: shop\nconnector: ready\nurl: sqlite:///shop.db\n"))
    problem = only(result.errors)
    assert (problem.where, problem.system, result.broken) == ("connectors/ready.yaml:7:15", "shop", ("shop",))


def test_a_changed_connector_changes_the_digest(tmp_path: Path) -> None:
    ready(tmp_path)
    workspace(tmp_path, shop="system: shop\nconnector: ready\nurl: sqlite:///shop.db\n")
    before = read_catalog(tmp_path).catalog
    (tmp_path / "connectors" / "ready.yaml").write_text(BASE + "# more\n")
    after = read_catalog(tmp_path).catalog
    assert before is not None and after is not None and before.digest != after.digest


@pytest.mark.parametrize(
    ("name", "says", "cure"),
    [
        ("redy", "no connector redy", "Did you mean ready"),
        ("../../etc/passwd", "no connector", "There are"),
        ("", "must be a text that is not empty", ""),
    ],
)
def test_an_unknown_connector(tmp_path: Path, name: str, says: str, cure: str) -> None:
    ready(tmp_path)
    result = read_catalog(workspace(tmp_path, shop=f'system: shop\nconnector: "{name}"\nurl: sqlite:///shop.db\n'))
    problem = next(p for p in result.errors if p.key == "connector")
    assert (problem.line, problem.column) == (2, 12)
    assert says in problem.message and cure in problem.hint


def test_a_connector_that_cannot_be_read_or_says_too_much(tmp_path: Path) -> None:
    ready(tmp_path, "system: x\n" + BASE)
    shop = workspace(tmp_path, shop="system: shop\nconnector: ready\nurl: sqlite:///shop.db\n")
    assert only(read_catalog(shop).errors).where == "connectors/ready.yaml:1:1"
    (tmp_path / "connectors" / "ready.yaml").write_text("a: [")
    assert only(read_catalog(shop).errors).where == "connectors/ready.yaml:1:5"
