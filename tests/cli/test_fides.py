"""``catalog import-fides`` and ``export-fides``: catalogs that others wrote, and back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.catalog.fides.test_exchange import SHOP
from tests.cli.conftest import Cli

SMALL = """\
dataset:
  - fides_key: small
    name: Small shop
    collections:
      - name: people
        fields:
          - {name: number, data_categories: [user.unique_id]}
          - {name: mail, data_categories: [user.contact.email], fides_meta: {identity: email}}
      - name: orders
        fields:
          - {name: id}
          - {name: person, fides_meta: {references: [{dataset: small, field: people.number, direction: from}]}}
          - {name: note, data_categories: [user.content]}
"""


@pytest.fixture
def empty(tmp_path: Path, cli: Cli) -> Path:
    """A workspace without a catalog, and a shop beside it."""
    assert cli("init", str(tmp_path), "--operator", "Ada").code == 0
    with closing(sqlite3.connect(tmp_path / "small.db")) as conn:
        conn.executescript(
            "CREATE TABLE people (number INTEGER PRIMARY KEY, mail TEXT);"
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, person INT, note TEXT);"
            "INSERT INTO people VALUES (7, 'ann@x.org'), (8, 'ben@x.org'); INSERT INTO orders VALUES (1, 7, 'tea'), (2, 8, 'rum')"
        )
    (tmp_path / "small.yml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def test_an_imported_dataset_finds_and_erases(empty: Path, cli: Cli) -> None:
    said = cli("catalog", "import-fides", str(empty / "small.yml"), "--url", "small.db")
    assert said.code == 0, said.err
    assert (empty / "catalog" / "small.yaml").read_text(encoding="utf-8").count("\n    key: [number]") == 1, "the live key is taken"
    assert cli("catalog", "check").code == 0
    assert cli("catalog", "accept", "--yes").code == 0
    found = cli("search", "email=ann@x.org", "--json").json
    assert [(f["collection"], list(f["key"].values())) for f in found["findings"]] == [("people", [7]), ("orders", [1])]


def test_out_again_is_the_same(empty: Path, cli: Cli) -> None:
    assert cli("catalog", "import-fides", str(empty / "small.yml"), "--url", "small.db").code == 0
    said = cli("catalog", "export-fides", "--to", str(empty / "out.yml"), "--json")
    assert (said.code, said.json["left_out"]) == (0, [])
    read = YAML(typ="safe").load
    assert read((empty / "out.yml").read_text(encoding="utf-8")) == read(SMALL)
    again = cli("catalog", "export-fides", "--to", str(empty / "out.yml"))
    assert again.code == 2 and "out.yml" in again.err
    assert cli("catalog", "export-fides", "smal", "--to", str(empty / "other.yml")).code == 2


def test_each_dataset_of_a_file_needs_its_place(empty: Path, cli: Cli) -> None:
    (empty / "shop.yml").write_text(SHOP, encoding="utf-8")
    said = cli("catalog", "import-fides", str(empty / "shop.yml"), "--url", "small.db")
    assert said.code == 2 and "Shop.Main, docs" in said.err
    said = cli("catalog", "import-fides", str(empty / "shop.yml"), "--url", "Shop.Main=small.db", "--url", "docs=gone.db")
    assert said.code == 4 and not list((empty / "catalog").glob("*.yaml")), "all of them, or none"
    with closing(sqlite3.connect(empty / "docs.db")) as conn:
        conn.execute("CREATE TABLE profiles (_id)")
    said = cli("catalog", "import-fides", str(empty / "shop.yml"), "--url", "Shop.Main=small.db", "--url", "docs=docs.db", "--json")
    assert [s["system"] for s in said.json["systems"]] == ["shop_main", "docs"]
    notes = {n["note"] for s in said.json["systems"] for n in s["notes"]}
    assert any("fides erases it after Shop.Main.orders" in n for n in notes) and any("of_our_own" in n for n in notes)


def test_a_file_with_errors_writes_nothing(empty: Path, cli: Cli) -> None:
    (empty / "small.yml").write_text(SMALL.replace("name: orders", "nam: orders"), encoding="utf-8")
    said = cli("catalog", "import-fides", str(empty / "small.yml"), "--url", "small.db")
    assert said.code == 1 and "small.yml:9:" in said.err
    assert cli("catalog", "import-fides", str(empty / "none.yml"), "--url", "small.db").code == 4
    assert not (empty / "catalog" / "small.yaml").exists()
