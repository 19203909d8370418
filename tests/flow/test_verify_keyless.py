"""Rows without a key are named by their number, and numbers move up when a row goes: the proof must not follow the numbers."""

from __future__ import annotations

from dsr_desk.model.finding import RowRef
from tests.flow.world import World, approved, ident, planned, table, text

ROWS = (("ann@x.org", "first"), ("bob@x.org", "his"), ("ann@x.org", "second"), ("cid@x.org", "other"))


def made(world: World) -> None:
    world.csv("list", table("email note", *ROWS, key=None, email=ident("email"), note=text(), on_erase="delete"))


def test_the_row_that_moved_up_into_a_deleted_number_is_not_left_over(world: World) -> None:
    made(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        assert desk.apply(ref).status == "applied"
        proof = desk.verify(ref)
        assert (proof.status, proof.leftovers, proof.total("erased")) == ("verified", (), 2)
    assert (world.folder / "list.csv").read_bytes() == b"email,note\r\nbob@x.org,his\r\ncid@x.org,other\r\n"


def test_a_row_left_out_is_known_under_its_new_number(world: World) -> None:
    made(world)
    desk = world.desk()
    with desk.workspace:
        ref, _ = planned(desk, "email=ann@x.org")
        desk.review(ref, [RowRef("list", "list", ("4",))], False, "kept for the archive")
        desk.approve(ref, desk.make_plan(ref).digest)
        assert desk.apply(ref).status == "applied"
        proof = desk.verify(ref)
        assert (proof.status, proof.leftovers, proof.total("excluded")) == ("verified", (), 1)


def test_a_new_row_under_an_old_number_is_left_over(world: World) -> None:
    made(world)
    desk = world.desk()
    with desk.workspace:
        ref = approved(desk, "email=ann@x.org")
        assert desk.apply(ref).status == "applied"
        with (world.folder / "list.csv").open("ab") as file:
            file.write(b"ann@x.org,again\r\n")
        proof = desk.verify(ref)
        assert (proof.status, [x.why for x in proof.leftovers]) == ("leftovers", ["not in the plan"])
