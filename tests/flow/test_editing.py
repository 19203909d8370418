"""Catalog files as they are typed: checked without a system, tried and recorded, and never written over what somebody else did."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsr_desk.errors import RefusedError, UnreachableError, UsageError
from dsr_desk.flow.desk import Desk
from tests.flow.world import World, ident, table

FILE = "catalog/shop.yaml"


@pytest.fixture
def desk(world: World) -> Desk:
    world.sql(
        "shop",
        customers=table("id email", (1, "ann@x.org"), (2, "bo@x.org"), subject=True, email=ident("email", erase=None)),
        orders=table("id buyer", (7, 1), (8, 1), (9, 2)),
    )
    return world.desk()


def _text(desk: Desk) -> str:
    return desk.catalog_bytes(FILE).decode()


def _file(desk: Desk) -> Path:
    return desk.workspace.folder / FILE


def test_what_is_typed_is_checked_and_not_saved(desk: Desk) -> None:
    schemas = desk.check_catalog().schemas
    assert set(schemas) == {"shop"}
    before = desk.catalog_bytes(FILE)
    typed = desk.check_typed({FILE: _text(desk).replace("email", "e_mail")}, schemas)
    assert [p.message for p in typed.problems if p.severity == "error"] == ["customers has no column e_mail."]
    broken = desk.check_typed({FILE: "system: [shop"}, schemas)
    assert broken.read.catalog is None and broken.problems[0].line == 1
    assert desk.catalog_bytes(FILE) == before
    assert desk.check_typed({"catalog/new.yaml": "system: new\ndriver: manual\n"}, {}).read.catalog is not None


def test_what_the_system_lacks_is_an_error_and_what_it_was_not_asked_for_is_none(desk: Desk, world: World) -> None:
    world.do("shop", "CREATE TABLE visits (id)")
    schemas = desk.check_catalog().schemas

    def errors(text: str) -> list[str]:
        return [p.message for p in desk.check_typed({FILE: text}, schemas).problems if p.severity == "error"]

    more = _text(desk).replace('"orders": {', '"Visits": {"key": ["id"], "on_erase": "delete", "fields": {"id": {}}},\n"orders": {')
    assert more != _text(desk) and not errors(more)
    assert errors(more.replace('"Visits"', '"visit_log"')) == ["shop has no visit_log."]
    assert not errors(_text(desk).replace('"orders": {', '"purchases": {"table": "orders",'))


def test_no_system_is_asked_while_typing(desk: Desk) -> None:
    schemas = desk.check_catalog().schemas
    for database in desk.workspace.folder.glob("*.db"):
        database.unlink()
    assert not [p for p in desk.check_typed({FILE: _text(desk)}, schemas).problems if p.severity == "error"]


def test_a_file_is_written_whole_and_only_over_what_was_opened(desk: Desk) -> None:
    opened = desk.catalog_bytes(FILE)
    saved = desk.save_catalog_file(FILE, _text(desk) + "title: Shop\n", opened)
    assert _file(desk).read_bytes() == saved and saved.endswith(b"title: Shop\n")
    with pytest.raises(RefusedError, match="was changed outside this window"):
        desk.save_catalog_file(FILE, "system: lost\n", opened)
    assert _file(desk).read_bytes() == saved
    with pytest.raises(RefusedError):
        desk.save_catalog_file(FILE, "system: lost\n", None)
    with pytest.raises(RefusedError):
        desk.save_catalog_file("catalog/gone.yaml", "system: gone\n", b"it was here")
    assert not [p for p in _file(desk).parent.iterdir() if p.name.startswith(".")]
    desk.save_catalog_file("catalog/new.yaml", "system: new\n", None)
    assert (_file(desk).parent / "new.yaml").read_bytes() == b"system: new\n"


def test_line_ends_and_the_mark_at_the_start_stay(desk: Desk) -> None:
    old = b"\xef\xbb\xbfsystem: shop\r\ndriver: sql\r\n"
    _file(desk).write_bytes(old)
    assert desk.save_catalog_file(FILE, "system: shop\ntitle: A\ndriver: sql\n", old) == (
        b"\xef\xbb\xbfsystem: shop\r\ntitle: A\r\ndriver: sql\r\n"
    )


@pytest.mark.parametrize("file", ["../shop.yaml", "catalog/../x.yaml", "catalog/.x.yaml", "x.yaml", "catalog/x.txt", "catalog/"])
def test_nothing_else_is_read_or_written(desk: Desk, file: str) -> None:
    with pytest.raises(UsageError, match="no file of the catalog"):
        desk.catalog_bytes(file)
    with pytest.raises(UsageError, match="no file of the catalog"):
        desk.save_catalog_file(file, "a", None)


def test_what_no_file_can_hold_is_refused(desk: Desk) -> None:
    opened = desk.catalog_bytes(FILE)
    for text in ("system: \ud800\n", "#" * 600_000):
        with pytest.raises(UsageError):
            desk.save_catalog_file(FILE, text, opened)
    assert desk.catalog_bytes(FILE) == opened
    with pytest.raises(UnreachableError):
        desk.catalog_bytes("catalog/missing.yaml")


def test_a_file_of_which_only_the_beginning_was_read_is_never_written(desk: Desk) -> None:
    _file(desk).write_bytes(b"system: shop\n" + b"#" * 600_000)
    opened = desk.catalog_bytes(FILE)
    with pytest.raises(UsageError):
        desk.save_catalog_file(FILE, "system: shop\n", opened)
    assert _file(desk).stat().st_size > 600_000


def test_trying_finds_by_what_is_typed_and_is_recorded(desk: Desk, world: World) -> None:
    text = _text(desk)
    typed = text.replace('"buyer": {}', '"buyer": {"owned_by": "customers.id"}').replace(
        "buyer: {}", "buyer: {owned_by: customers.id}"
    )
    assert typed != text
    entries = len(desk.entries())
    saved = desk.try_catalog([("email", "ann@x.org")], {})
    tried = desk.try_catalog([("email", "ann@x.org")], {FILE: typed})
    assert [len([f for f in r.findings if f.ref.collection == "orders"]) for r in (saved, tried)] == [0, 2]
    assert [e.type for e in desk.entries()[entries:]] == ["search.run", "search.run"]
    assert not desk.requests() and desk.catalog_bytes(FILE).decode() == text
    with pytest.raises(UsageError):
        desk.try_catalog([("email", "ann@x.org")], {FILE: "nothing"})
