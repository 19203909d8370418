"""A draft is a catalog file that the check takes without an error, whatever the system's names are."""

from __future__ import annotations

from pathlib import Path

import pytest

from dsr_desk.catalog.check import CatalogCheck, check_catalog
from dsr_desk.catalog.read import read_catalog
from dsr_desk.drivers.sql import SqlDriver
from dsr_desk.model.guess import Draft
from tests.catalog.discovery import schemas
from tests.catalog.discovery.measure import HELD_OUT, TUNED, drafted


def checked(folder: Path, text: str) -> CatalogCheck:
    """The whole check of a workspace that has this one file, the live system too."""
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "x.yaml").write_text(text, encoding="utf-8")
    return check_catalog(read_catalog(folder), lambda s: SqlDriver(s, folder))


def says(draft: Draft, collection: str, field: str = "") -> list[str]:
    return [g.says for g in draft.guesses if (g.collection, g.field) == (collection, field)]


@pytest.mark.parametrize("name", [*TUNED, *HELD_OUT])
def test_a_draft_of_a_well_known_schema_has_no_errors_and_covers_every_column(name: str, tmp_path: Path) -> None:
    schemas.make(name, tmp_path / "x.db")
    found = checked(tmp_path, drafted(tmp_path / "x.db").text)
    assert [str(p) for p in found.errors] == []
    assert found.ok
    (system,) = found.systems
    assert system.known_columns == system.live_columns > 0
    assert system.unlisted_tables == ()
