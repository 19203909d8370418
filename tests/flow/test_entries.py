"""Lists of references, in a store of documents: who leaves is taken out, the others stay in, and nothing is emptied for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymongo
import pytest

from dsr_desk.model.finding import RowRef
from tests import servers
from tests.flow.world import World, approved, ident, opened, owned_by, table, text

PEOPLE = [{"_id": "p1", "email": "ann@x.org"}, {"_id": "p2", "email": "ben@x.org"}, {"_id": "p3", "email": "cem@x.org"}]


@pytest.fixture(scope="module")
def mongodb() -> Iterator[str]:
    with servers.mongodb() as url:
        yield url


@pytest.fixture
def desk_of(mongodb: str) -> Iterator[Any]:
    """The documents of the help desk, which start with three people."""
    with pymongo.MongoClient(mongodb) as client:
        client.drop_database("desk")
        client["desk"]["people"].insert_many([dict(p) for p in PEOPLE])
        yield client["desk"]


def says(world: World, mongodb: str, **tickets: Any) -> None:
    people = table("_id email", subject=True, key=["_id"], email=ident("email"), on_erase="delete")
    world.say(
        "desk", "mongodb", {"url": f"{mongodb}/desk"}, {"people": people, "tickets": table("_id who title", key=["_id"], **tickets)}
    )


def test_a_pointer_among_others_goes_alone(world: World, mongodb: str, desk_of: Any) -> None:
    desk_of["tickets"].insert_many(
        [{"_id": "t1", "who": ["p1", "p2", "p1"], "title": "a"}, {"_id": "t2", "who": ["p3"], "title": "b"}]
    )
    says(world, mongodb, who={"points_at": "people._id"}, title={}, on_erase="redact")
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        assert desk.apply(ref).status == "applied"
        assert [t["who"] for t in desk_of["tickets"].find(sort=[("_id", 1)])] == [["p2"], ["p3"]]
        assert desk.verify(ref).status == "verified"


def test_an_owner_among_others_is_let_go_alone(world: World, mongodb: str, desk_of: Any) -> None:
    desk_of["tickets"].insert_many(
        [{"_id": "t1", "who": ["p1", "p2"], "title": "a"}, {"_id": "t2", "who": ["p1"], "title": "hers"}]
    )
    says(world, mongodb, who=owned_by("people._id"), title=text(None), on_erase="delete")
    desk = world.desk()
    with desk.workspace:
        ref = opened(desk, "email=ann@x.org")
        found = {f.ref.path: f.shared for f in desk.search(ref).findings}
        assert found == {"desk/people/p1": False, "desk/tickets/t1": True, "desk/tickets/t2": False}
        desk.review(ref, [RowRef.parse("desk/tickets/t1")], True, "They were partners")
        plan = desk.make_plan(ref)
        assert not plan.refusals, plan.refusals
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        assert list(desk_of["tickets"].find()) == [{"_id": "t1", "who": ["p2"], "title": "a"}]
        assert desk.verify(ref).status == "verified"
