"""What a restriction or an objection can't set, lift or move is said by the catalog check, with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dsr_desk.catalog.read import read_catalog
from tests.flow.world import World, ident, owned_by, table, text


def problems(folder: Path, says: Mapping[str, object], **other: object) -> list[str]:
    world = World(folder)
    tables = {"people": table("id email", email=ident("email")), "aside": table("id person note", person=owned_by("people.id"))}
    notes = table("id person note", person=owned_by("people.id"), note=text())
    notes.says.update(says)
    tables["aside"].says.update(other)
    world.say("crm", "sql", {"url": "sqlite:///crm.db"}, {**tables, "notes": notes})
    return [f"{p.line} {p.message}".partition(" ")[2] for p in read_catalog(folder).problems if p.severity == "error"]


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ({"on_restrict": {"set": {"id": 1}}}, "id is part of the key and can't be set."),
        ({"on_restrict": {"set": {"person": 1}}}, "person says whose the row is, or what it points to."),
        ({"on_object": {"set": {"person": None}}}, "person says whose the row is, or what it points to."),
        ({"on_restrict": {"set": {"held": 1}, "lift": {"state": 0}}}, "state is lifted and never set."),
        ({"on_restrict": {"set": {"held": 1}, "lift": {"held": 1}}}, "held is lifted to the value that restricts it."),
        ({"on_restrict": {"move": "notes"}}, "Its rows can't be set aside in the collection itself."),
        ({"on_restrict": {"move": "asid"}}, "This system has no collection asid."),
    ],
)
def test_what_can_not_be_done_is_an_error(tmp_path: Path, says: Mapping[str, object], message: str) -> None:
    assert problems(tmp_path, says) == [message]


def test_rows_are_set_aside_only_where_they_fit(tmp_path: Path) -> None:
    assert problems(tmp_path, {"on_restrict": {"move": "aside"}}) == []
    fields = {"id": {}, "person": {"owned_by": "people.id"}}
    said = problems(tmp_path, {"on_restrict": {"move": "aside"}}, fields=fields, key=["person"])
    assert sorted(said) == ["aside has another key.", "aside lacks note."]


def test_what_can_be_done_is_no_error(tmp_path: Path) -> None:
    says = {"on_restrict": {"set": {"held": True}, "lift": {"held": False}}, "on_object": {"set": {"ads": False}}}
    assert problems(tmp_path, says) == []
