"""Two further months: from the receipt, once, and only where the person was told within the first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from dsr_desk.errors import RefusedError, UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.model.due import due_date
from tests.flow.world import World, ident, table

WHY = "Nine systems, and two of them on paper"


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    world.sql("shop", people=table("id email", (1, "ann@x.org"), subject=True, on_erase="delete", email=ident("email")))
    made = world.desk()
    with made.workspace:
        yield made


def _new(desk: Desk, received: date, **more: bool) -> str:
    return desk.open_request("access", [("email", "ann@x.org")], received, **more).ref


def test_three_months_from_the_receipt() -> None:
    assert due_date(date(2026, 1, 31), "DE", months=3).on == date(2026, 4, 30), "April is shorter"
    assert due_date(date(2026, 11, 30), "DE", months=3).on == date(2027, 3, 1), "28 February is a Sunday"
    assert due_date(date(2026, 12, 1), "DE", months=3).rule.startswith(
        "Received Tue 1 Dec 2026; extended to 3 calendar months (Art. 12(3)), which end on Mon 1 Mar 2027."
    )


def test_it_moves_the_day_and_the_trail_says_so(desk: Desk) -> None:
    today = date.today()
    ref = _new(desk, today)
    first = desk.request(ref).due
    changed = desk.extend(ref, WHY)
    assert changed == desk.request(ref)
    assert changed.due == due_date(today, "DE", months=3) and changed.due.on > first.on
    assert (changed.facts.extended, changed.facts.extended_told) == (WHY, today)
    last = desk.entries()[-1]
    assert (last.type, last.body["due"]) == ("case.extend", changed.due.on.isoformat())
    with pytest.raises(RefusedError, match="extended before"):
        desk.extend(ref, WHY)
    assert [r.due.on for r in desk.requests()] == [changed.due.on]


def test_who_was_told_late_was_not_told(desk: Desk) -> None:
    received = date.today() - timedelta(days=60)
    ref = _new(desk, received)
    with pytest.raises(RefusedError, match="The first month ended"):
        desk.extend(ref, WHY)
    assert desk.request(ref).due.on < date.today()
    changed = desk.extend(ref, WHY, received + timedelta(days=5))
    assert changed.due.on > date.today(), "it is recorded late, but they were told in time"


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_that_cannot_be(desk: Desk, days: int) -> None:
    ref = _new(desk, date.today())
    with pytest.raises(UsageError, match="told"):
        desk.extend(ref, WHY, date.today() + timedelta(days=days))


def test_what_nobody_waits_for_is_not_extended(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="Nobody waits"):
        desk.extend(_new(desk, date.today(), by_controller=True), WHY)
    ref = _new(desk, date.today())
    with pytest.raises(UsageError, match="reason"):
        desk.extend(ref, "soon")
    desk.decide(ref, "granted", "", date.today())
    with pytest.raises(RefusedError, match="answered already"):
        desk.extend(ref, WHY)
    assert "case.extend" not in {e.type for e in desk.entries()}
