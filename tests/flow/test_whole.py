"""Files and messages that only name the person: nobody can take a name out of them, so they go whole where a person says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dsr_desk.model.finding import RowRef
from tests.flow.world import KEEP, World, ident, opened, table

WHY = "It is about her alone"


@pytest.fixture
def letters(world: World) -> Path:
    world.sql("shop", people=table("id email", (1, "ann@x.org"), subject=True, email=ident("email", "null"), on_erase="delete"))
    folder = world.folder / "letters"
    folder.mkdir()
    (folder / "hers.txt").write_text("Dear ann@x.org, thank you")
    (folder / "other.txt").write_text("Dear ben@x.org, thank you")
    return folder


def says(world: World, **more: Any) -> None:
    fields = {"path": {}, "text": {"category": "user.content", "mentions": True}}
    world.say("files", "folder", {"path": "letters"}, {"*.txt": table("path text", key=["path"], **fields, **more)})


def test_a_file_that_a_person_includes_goes_whole(world: World, letters: Path) -> None:
    says(world, on_erase="delete")
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        (mention,) = [f for f in desk.search(ref).findings if f.mention]
        plan = desk.make_plan(ref)
        assert next(s.action for s in plan.steps if s.ref == mention.ref) == "manual", "not before a person has decided"
        desk.review(ref, [RowRef.parse(mention.ref.path)], True, WHY)
        plan = desk.make_plan(ref)
        assert plan.refusals == ()
        assert next(s.action for s in plan.steps if s.ref == mention.ref) == "delete"
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        assert [p.name for p in letters.iterdir()] == ["other.txt"]
        assert desk.verify(ref).status == "verified"


def test_what_a_law_wants_kept_is_kept(world: World, letters: Path) -> None:
    says(world, on_erase="keep", keep=KEEP)
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        (mention,) = [f for f in desk.search(ref).findings if f.mention]
        desk.review(ref, [RowRef.parse(mention.ref.path)], True, WHY)
        plan = desk.make_plan(ref)
        assert next(s.action for s in plan.steps if s.ref == mention.ref) == "keep" and plan.refusals == ()
