"""The catalog in the terminal: its check for other programs, and its versions."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli
from tests.flow.world import World


def test_a_check_has_a_code_for_every_problem(world: World, cli: Cli) -> None:
    world.do("shop", "ALTER TABLE customers ADD COLUMN iban TEXT")
    world.do("shop", "DELETE FROM orders")
    checked = cli("catalog", "check", "--json")
    assert checked.code == 0
    problems = {p["code"]: p for p in checked.json["problems"]}
    assert all(p["code"] for p in checked.json["problems"])
    assert {"columns_unknown", "collection_emptied"} <= set(problems)
    assert (problems["collection_emptied"]["system"], problems["collection_emptied"]["collection"]) == ("shop", "orders")
    assert cli("catalog", "check", "--strict").code == 1


def test_every_version_is_listed_with_who_when_and_why(world: World, cli: Cli) -> None:
    file = world.folder / "catalog" / "shop.yaml"
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace('"sql"', '"sql", "title": "Web shop"', 1), encoding="utf-8")
    accepted = cli("catalog", "accept", "--yes", "--reason", "The shop got a name", "--json")
    assert accepted.json["version"] == 2
    listed = cli("catalog", "versions", "--json").json
    assert [(v["version"], v["by"], v["reason"]) for v in listed["versions"]] == [
        (2, "Ada", "The shop got a name"),
        (1, "Ada", None),
    ]
    assert listed["current"] == 2
    assert "catalog/shop.yaml" in listed["versions"][0]["files"]
    told = cli("catalog", "versions")
    assert "The shop got a name" in told.out and "Ada, entry" in told.out and "(the files as they are)" in told.out
    trail = cli("audit", "list", "--json").out
    assert "The shop got a name" not in trail


def test_versions_are_compared_and_one_is_brought_back(world: World, cli: Cli) -> None:
    file = world.folder / "catalog" / "shop.yaml"
    before = file.read_bytes()
    assert cli("catalog", "diff").out.splitlines()[1] == "Nothing is different."
    file.write_bytes(before.replace(b'"sql"', b'"sql", "title": "Web shop"', 1))
    said = cli("catalog", "diff", "--json").json
    assert [c["text"] for c in said["changes"]] == ["title is added (Web shop)."]
    refused = cli("catalog", "rollback", "1")
    assert refused.code == 3 and "no version holds" in refused.err and "--yes" in refused.err
    assert file.read_bytes() != before
    assert cli("catalog", "accept", "--yes").code == 0
    assert cli("catalog", "diff", "2", "1", "--json").json["changes"][0]["kind"] == "removed"
    back = cli("catalog", "rollback", "1", "--json")
    assert (back.code, back.json["written"], back.json["removed"]) == (0, ["catalog/shop.yaml"], [])
    assert file.read_bytes() == before
    assert back.json["accepted"] is False
    assert cli("plan", "DSR-0").code in (2, 3)
    assert cli("catalog", "accept", "--yes", "--json").json["version"] == 3
    assert len(cli("catalog", "versions", "--json").json["versions"]) == 3
    assert cli("catalog", "rollback", "9").code == 2


def test_a_reason_has_an_end(world: World, cli: Cli, tmp_path: Path) -> None:
    assert cli("catalog", "accept", "--yes", "--reason", "x" * 2_001).code == 2
    assert len(cli("catalog", "versions", "--json").json["versions"]) == 1
