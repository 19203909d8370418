"""Versions of the catalog: accepted with what was there, compared, brought back, never lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsr_desk.bundled import bundled
from dsr_desk.errors import CatalogError, RefusedError, TamperedError, UnreachableError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.store.files import write_atomically
from tests.flow.world import World, ident, owned_by, table


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    rows = [(1, "ann@x.org"), (2, "ben@x.org")]
    world.sql(
        "shop",
        customers=table("id email", *rows, subject=True, email=ident("email")),
        orders=table("id customer", (1, 1), customer=owned_by("customers.id")),
    )
    return world


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    desk = world.desk()
    yield desk
    desk.workspace.close()


def title(world: World, text: str, name: str = "shop") -> None:
    """Change a catalog file."""
    path = world.folder / "catalog" / f"{name}.yaml"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"title": text}), encoding="utf-8")


def files(world: World) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (world.folder / "catalog").iterdir()}


# -- accepting -------------------------------------------------------------------------------------------------------------


def test_what_did_not_change_is_not_accepted_twice(world: World, desk: Desk) -> None:
    desk.accept_catalog()
    world.do("shop", "INSERT INTO orders VALUES (2, 2)")
    desk.accept_catalog()
    assert len(desk.catalog_versions()) == 1
    assert len([e for e in desk.entries() if e.type == "catalog.set"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE orders ADD COLUMN note",
        "CREATE TABLE visits (id)",
        "DELETE FROM orders",
        "UPDATE orders SET customer = 9",
        "UPDATE orders SET customer = NULL",
        "CREATE UNIQUE INDEX i ON orders (customer)",
    ],
)
def test_the_same_files_are_accepted_anew_where_the_system_changed(world: World, desk: Desk, change: str) -> None:
    world.do("shop", change)
    digest = desk.accept_catalog()
    assert [v.digest for v in desk.catalog_versions()] == [digest, digest]
    assert desk.accepted_facts().systems[0].version == 2


def test_some_orphans_and_an_emptied_long_file_are_accepted_anew(world: World, desk: Desk) -> None:
    for n in range(2, 30):
        world.do("shop", "INSERT INTO orders VALUES (?, 1)", n)
    path = world.csv("news", table("email", *((f"p{n}@x.org",) for n in range(300)), email=ident("email")))
    desk.accept_catalog()
    desk.accept_catalog()
    assert len(desk.catalog_versions()) == 2
    world.do("shop", "UPDATE orders SET customer = 9 WHERE id = 1")
    desk.accept_catalog()
    path.write_text("email\n", encoding="utf-8")
    desk.accept_catalog()
    assert len(desk.catalog_versions()) == 4


def test_a_reason_alone_makes_a_version(desk: Desk) -> None:
    desk.accept_catalog("  Looked at again for the audit ")
    assert [v.reason for v in desk.catalog_versions()] == ["", "Looked at again for the audit"]


def test_a_dead_system_does_not_keep_a_catalog_from_being_accepted(world: World, desk: Desk) -> None:
    (world.folder / "shop.db").rename(world.folder / "away")
    title(world, "Web shop")
    desk.accept_catalog()
    assert desk.catalog_accepted()
    assert desk.accepted_facts().systems[0].version == 1


def test_a_catalog_with_errors_is_not_accepted(world: World, desk: Desk) -> None:
    world.say("crm", "sql", {"url": "sqlite:///crm.db"}, {"a": table("id", id={"nonsense": 1})})
    with pytest.raises(CatalogError):
        desk.accept_catalog("whatever")
    assert len(desk.catalog_versions()) == 1


def test_no_value_of_anybody_is_kept_with_a_version(world: World, desk: Desk) -> None:
    world.do("shop", "UPDATE orders SET customer = 500")
    desk.accept_catalog()
    version = desk.catalog_versions()[-1]
    assert '"dangling":1' in version.facts.replace(" ", "")
    assert "x.org" not in version.facts and "500" not in version.facts


def test_a_check_says_what_changed_since(world: World, desk: Desk) -> None:
    world.do("shop", "ALTER TABLE orders ADD COLUMN shelf")
    assert {p.code for p in desk.check_catalog().problems} >= {"column_added"}
    desk.accept_catalog()
    assert "column_added" not in {p.code for p in desk.check_catalog().problems}


# -- comparing -------------------------------------------------------------------------------------------------------------


def test_what_is_different_between_two_versions(world: World, desk: Desk) -> None:
    title(world, "Web shop")
    now = desk.catalog_difference()
    assert (now.older, now.newer, [c.text for c in now.changes]) == (1, None, ["title is added (Web shop)."])
    desk.accept_catalog()
    assert desk.catalog_difference().changes == ()
    assert [c.kind for c in desk.catalog_difference(1, 2).changes] == ["added"]
    assert [c.kind for c in desk.catalog_difference(2, 1).changes] == ["removed"]
    assert desk.catalog_difference(1).newer is None and desk.catalog_difference(1).changes
    with pytest.raises(UsageError, match="no version 3"):
        desk.catalog_difference(1, 3)


# -- bringing back ---------------------------------------------------------------------------------------------------------


def test_files_that_came_and_went_are_as_they_were(world: World, desk: Desk) -> None:
    first = files(world)
    world.csv("news", table("email", ("ann@x.org",), email=ident("email")))
    title(world, "Web shop")
    desk.accept_catalog()
    second = files(world)
    (world.folder / "catalog" / ".hidden.yaml").write_text("mine", encoding="utf-8")
    back = desk.bring_back_catalog(1)
    assert (back.written, back.removed, back.other) == (("catalog/shop.yaml",), ("catalog/news.yaml",), ())
    assert {n: d for n, d in files(world).items() if n != ".hidden.yaml"} == first
    assert (world.folder / "catalog" / ".hidden.yaml").exists()
    assert not desk.catalog_accepted()
    assert set(desk.bring_back_catalog(2).written) == {"catalog/shop.yaml", "catalog/news.yaml"}
    assert {n: d for n, d in files(world).items() if n != ".hidden.yaml"} == second
    assert desk.catalog_accepted()
    assert len(desk.catalog_versions()) == 2


def test_nothing_unaccepted_is_lost_unless_somebody_says_so(world: World, desk: Desk) -> None:
    title(world, "Web shop")
    mine = files(world)
    with pytest.raises(RefusedError, match="changes that no version holds"):
        desk.bring_back_catalog(1)
    assert files(world) == mine
    (world.folder / "catalog" / "shop.yaml").write_text("system: [broken", encoding="utf-8")
    with pytest.raises(RefusedError):
        desk.bring_back_catalog(1)
    desk.bring_back_catalog(1, overwrite=True)
    assert desk.catalog_accepted()


def test_an_empty_folder_has_nothing_to_lose(world: World, desk: Desk) -> None:
    (world.folder / "catalog" / "shop.yaml").unlink()
    assert desk.bring_back_catalog(1).written == ("catalog/shop.yaml",)
    assert desk.catalog_accepted()


def test_line_ends_stay_as_they_were(world: World, desk: Desk) -> None:
    path = world.folder / "catalog" / "shop.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n") + b"# K\xc3\xb6ln\r\n")
    desk.accept_catalog()
    wanted = path.read_bytes()
    path.write_text("system: shop\n", encoding="utf-8")
    desk.bring_back_catalog(2, overwrite=True)
    assert path.read_bytes() == wanted
    assert desk.catalog_accepted()


def test_a_connector_of_the_workspace_comes_back_and_one_of_the_program_does_not(world: World, desk: Desk) -> None:
    own = world.folder / "connectors" / "mine.yaml"
    own.parent.mkdir()
    own.write_text("driver: manual\ninstructions: Look\n", encoding="utf-8")
    (world.folder / "catalog" / "a.yaml").write_text("system: a\nconnector: mine\n", encoding="utf-8")
    (world.folder / "catalog" / "b.yaml").write_text("system: b\nconnector: woocommerce\nurl: sqlite:///b.db\n", encoding="utf-8")
    desk.accept_catalog()
    own.write_text("driver: manual\ninstructions: Look again\n", encoding="utf-8")
    back = desk.bring_back_catalog(2, overwrite=True)
    assert (back.written, back.other) == (("connectors/mine.yaml",), ())
    assert own.read_text(encoding="utf-8").endswith("Look\n")
    own.unlink()
    assert desk.bring_back_catalog(2, overwrite=True).written == ("connectors/mine.yaml",)
    assert desk.catalog_accepted()


def test_a_connector_of_the_program_that_changed_is_named(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (world.folder / "catalog" / "b.yaml").write_text("system: b\nconnector: woocommerce\nurl: sqlite:///b.db\n", encoding="utf-8")
    desk.accept_catalog()
    newer = tmp_path / "program" / "connectors"
    newer.mkdir(parents=True)
    (newer / "woocommerce.yaml").write_bytes((bundled("connectors") / "woocommerce.yaml").read_bytes() + b"# newer\n")
    monkeypatch.setattr("dsr_desk.flow.versions.bundled", lambda name: tmp_path / "program" / name)
    back = desk.bring_back_catalog(2)
    assert back.other == ("connectors/woocommerce.yaml",)
    assert not (world.folder / "connectors").exists()


@pytest.mark.parametrize(
    "name",
    [
        "catalog/../../evil.yaml",
        "catalog/x/../../evil.yaml",
        "../evil.yaml",
        "catalog/.x.yaml",
        "/etc/evil.yaml",
        "catalog\\..\\evil.yaml",
    ],
)
def test_a_version_never_writes_elsewhere(world: World, desk: Desk, name: str) -> None:
    with desk.workspace.write() as tx:
        tx.put_catalog("e" * 64, {name: "system: evil\n"})
    before = {p for p in world.folder.parent.rglob("*") if "evil" in p.name}
    with pytest.raises(TamperedError, match="names a file that no catalog has"):
        desk.bring_back_catalog(2, overwrite=True)
    assert {p for p in world.folder.parent.rglob("*") if "evil" in p.name} == before


def test_a_version_that_was_changed_in_the_database_is_not_brought_back(world: World, desk: Desk) -> None:
    with sqlite3.connect(world.folder / "workspace.db") as db:
        db.execute("UPDATE catalog_versions SET files = replace(files, 'redact', 'delete'), facts = ''")
    db.close()
    state = files(world)
    for act in (lambda: desk.bring_back_catalog(1, overwrite=True), desk.catalog_difference, desk.catalog_versions):
        with pytest.raises(TamperedError, match="Version 1 of the catalog is not what was accepted"):
            act()
    assert files(world) == state


def test_stopped_half_way_it_is_done_again(world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    world.csv("news", table("email", ("ann@x.org",), email=ident("email")))
    title(world, "Web shop")
    desk.accept_catalog()
    title(world, "News", "news")
    desk.accept_catalog()
    title(world, "Shop", "shop")
    desk.accept_catalog()

    def full(path: Path, data: bytes, *, private: bool) -> None:
        if path.name == "shop.yaml":
            raise UnreachableError("The disk is full.", "Make room.")
        write_atomically(path, data, private=private)

    with monkeypatch.context() as patch:
        patch.setattr("dsr_desk.flow.versions.write_atomically", full)
        with pytest.raises(UnreachableError):
            desk.bring_back_catalog(2)
    assert not desk.catalog_accepted()
    with pytest.raises(RefusedError):
        desk.bring_back_catalog(2)
    desk.bring_back_catalog(2, overwrite=True)
    assert desk.catalog_difference(2).changes == ()
