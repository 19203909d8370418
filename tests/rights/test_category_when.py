"""A value column that is personal in some rows only: a phone where the field's number is 4, a shoe size elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flow.world import KEEP, World, ident, owned_by, planned, table

PHONE = {"category": {"is": "user.contact.phone_number", "when": {"kind": ["4", "5"]}}, "erase": None}
WHAT = "id person kind value"
ROWS = ((1, 1, 4, "+49 30 901820"), (2, 1, 7, "shoe 38"), (3, 1, 5, "+49 30 901821"), (4, 1, None, "shoe 39"))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def custom(world: World, **says: object) -> None:
    world.sql(
        "db",
        people=table("id email", (1, "ann@x.org"), subject=True, on_erase="redact", email=ident("email", None)),
        custom=table(WHAT, *ROWS, person=owned_by("people.id"), kind={}, **says),
    )


def outcomes(world: World) -> dict[str, str]:
    desk = world.desk()
    with desk.workspace:
        _, plan = planned(desk, "email=ann@x.org")
    assert not plan.refusals
    return {s.ref.key[0]: s.fields["value"].name for s in plan.steps if s.ref.collection == "custom"}


def test_only_where_the_condition_holds_it_is_erased(world: World) -> None:
    custom(world, on_erase="redact", value=PHONE)
    assert outcomes(world) == {"1": "erased", "2": "not personal", "3": "erased", "4": "not personal"}


def test_a_kept_row_erases_it_only_there(world: World) -> None:
    custom(world, on_erase="keep", keep=KEEP, value=PHONE)
    assert outcomes(world) == {"1": "erased", "2": "retained", "3": "erased", "4": "retained"}


def test_the_second_search_misses_nothing(world: World) -> None:
    custom(world, on_erase="redact", value=PHONE)
    desk = world.desk()
    with desk.workspace:
        ref, plan = planned(desk, "email=ann@x.org")
        desk.approve(ref, plan.digest)
        assert desk.apply(ref).status == "applied"
        proof = desk.verify(ref)
        assert proof.status == "verified"
        assert proof.residue == () or not any(r.count for r in proof.residue)
    assert world.ask("db", "SELECT value FROM custom ORDER BY id") == [(None,), ("shoe 38",), (None,), ("shoe 39",)]
