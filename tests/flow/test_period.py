"""The report over a period: counted by hand here, from the trail there, and the same when the files are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from dsr_desk.errors import UsageError
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.reporting.period import Course, Period, courses
from dsr_desk.model.due import long_date
from dsr_desk.model.report import PeriodData, ReportTable
from dsr_desk.model.trail import Entry
from dsr_desk.render.report import period_html
from dsr_desk.store.requests import RequestRow
from tests.flow.world import World, ident, owned_by, table, text

TODAY = date.today()
ANN = [("email", "ann@x.org")]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    keep = {"ground": "17(3)(b)", "reason": "Tax records", "until": "2090-12-31"}
    world.sql(
        "shop",
        {"title": "Web shop"},
        people=table("id email", (1, "ann@x.org"), (2, "ben@x.org"), subject=True, on_erase="delete", email=ident("email")),
        bills=table(
            "id person sum", (7, 1, 12), (8, 1, 13), on_erase="keep", keep=keep,
            person=owned_by("people.id", erase=None), sum=text(category="user.financial"),
        ),
    )  # fmt: skip
    made = world.desk()
    with made.workspace:
        yield made


def part(data: PeriodData, title: str) -> ReportTable:
    (found,) = [t for t in data.tables if t.title.startswith(title)]
    return found


def row(data: PeriodData, title: str, name: str) -> tuple[Any, ...]:
    (found,) = [r for r in part(data, title).rows if str(r[0]).startswith(name)]
    return found[1:]


def answered(desk: Desk, right: str, received: date, after: int, decision: str = "granted", **more: Any) -> str:
    ref = desk.open_request(right, ANN, received, **more).ref
    desk.decide(ref, decision, "It was asked for last week, too", received + timedelta(days=after))  # type: ignore[arg-type]
    return ref


def test_counts_dates_and_outcomes(desk: Desk) -> None:
    answered(desk, "access", ago(60), 10)
    answered(desk, "access", ago(60), 45)
    answered(desk, "access", ago(50), 20, "refused")
    answered(desk, "erasure", ago(50), 4, "partly", ground="17(1)(b)")
    desk.open_request("erasure", ANN, ago(45), "17(1)(a)")
    desk.open_request("erasure", ANN, ago(45), "17(1)(a)", by_controller=True)
    waits = desk.open_request("portability", ANN, ago(40)).ref
    desk.extend(waits, "Nine systems, two on paper", ago(35))
    desk.identify(waits, "passport seen", asked=True)
    desk.open_request("access", ANN, ago(200))
    desk.open_request("access", ANN, TODAY)
    data = desk.period(ago(90), ago(30))
    assert dict(data.figures) == {
        "open before": 1, "came in": 7, "closed": 0, "open at the end": 8, "median days": 15, "late or overdue": 2
    }  # fmt: skip
    assert row(data, "Requests by right", "Access") == (3, 2, 0, 1, 0, 20, 45)
    assert row(data, "Requests by right", "Erasure") == (3, 0, 1, 0, 2, 4, 4)
    assert row(data, "Requests by right", "All") == (7, 2, 1, 1, 3, 15, 45)
    counts = {r[0]: r[1] for r in part(data, "Deadlines").rows}
    assert counts == {
        "Asked for by somebody": 6,
        "Begun by the controller itself, or the end of an earlier one": 1,
        "Answered in time": 3,
        "Answered late": 1,
        "Overdue now, and not answered": 1,
        "Closed, and the day of the answer is not recorded": 0,
        "Period extended by two months (Art. 12(3))": 1,
        "Identity checked": 1,
        "Asked for more to confirm who they are (Art. 12(6))": 1,
    }
    grounds = {r[0]: r[1] for r in part(data, "Grounds of the requests").rows}
    assert {str(g).partition(":")[0]: n for g, n in grounds.items()} == {"Art. 17(1)(a)": 2, "Art. 17(1)(b)": 1}
    assert data.headline == "7 requests came in."
    assert data.summary.startswith("4 of the 6 that somebody asked for are answered, in a median of 15 days; 1 of them late.")
    page = period_html(data)
    assert "ann@x.org" not in page and all(t.title in page for t in data.tables)
    assert len(part(data, "One by one").rows) == 7


def test_grounds_on_which_records_stay_come_from_the_second_search(desk: Desk) -> None:
    ref = desk.open_request("erasure", ANN, TODAY, "17(1)(a)").ref
    plan = desk.make_plan(ref)
    desk.approve(ref, plan.digest)
    desk.apply(ref)
    desk.verify(ref)
    data = desk.period(TODAY, TODAY)
    assert row(data, "Grounds on which data stays", "Art. 17(3)(b)") == (1, 2)
    desk.decide(ref, "partly", "Bills stay", TODAY)
    desk.close_request(ref)
    assert dict(desk.period(TODAY, TODAY).figures)["closed"] == 1


def test_it_opens_no_file_so_that_destroyed_ones_count(desk: Desk) -> None:
    answered(desk, "access", ago(20), 10)
    ref = answered(desk, "erasure", ago(20), 3, "refused", ground="17(1)(b)")
    desk.close_request(ref)
    before = desk.period(ago(30), TODAY)
    desk.shred(ref)
    after = desk.period(ago(30), TODAY)
    assert (after.figures, after.headline, after.summary) == (before.figures, before.headline, before.summary)
    assert after.tables[:-1] == before.tables[:-1]
    (gone,) = [r for r in part(after, "One by one").rows if r[0] == ref]
    assert str(gone[-1]) == "refused, closed, file destroyed"


def test_an_answer_that_was_taken_back_is_none(desk: Desk) -> None:
    ref = answered(desk, "access", ago(20), 10)
    desk.decide(ref, "partly", "", None)
    assert dict(desk.period(ago(30), TODAY).figures)["median days"] is None
    assert row(desk.period(ago(30), TODAY), "Requests by right", "Access") == (1, 0, 1, 0, 0, None, None)


def test_nothing_came_in(desk: Desk) -> None:
    data = desk.period(ago(9), ago(8))
    assert (data.headline, data.summary) == ("0 requests came in.", "")
    assert part(data, "Systems that failed").rows == (("None did.",),)
    assert "None did." in period_html(data)


@pytest.mark.parametrize(("first", "last", "says"), [(-1, 0, ""), (-1, 1, "is not over"), (2, 9, "has not begun")])
def test_a_period_that_is_not_over_says_so(desk: Desk, first: int, last: int, says: str) -> None:
    answered(desk, "access", ago(1), 1)
    data = desk.period(ago(-first), ago(-last))
    told = f"The period {says}: it ends on {long_date(ago(-last))}, and this counts what is on record on {long_date(TODAY)}."
    assert (data.summary.endswith(told), "The period" in data.summary) == (bool(says), bool(says))
    assert not says or told in period_html(data)


def test_a_period_that_ends_before_it_begins(desk: Desk) -> None:
    with pytest.raises(UsageError, match="ends before"):
        desk.period(TODAY, ago(1))


def _row(n: int, received: date, closed: date | None = None, right: str = "access") -> RequestRow:
    return RequestRow(
        f"DSR-{n}", f"{n:032x}", right, received, received + timedelta(30), "closed" if closed else "search", closed, False
    )


def _entry(n: int, type: str, **body: Any) -> Entry:
    return Entry(n, "", type, "", {"case": f"{n:032x}", **body}, b"", "", "")


def test_open_before_and_came_in_less_closed_is_open_at_the_end() -> None:
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    every = [
        Course(_row(1, date(2025, 11, 1))),
        Course(_row(2, date(2025, 11, 1), date(2025, 12, 31))),
        Course(_row(3, date(2025, 11, 1), date(2026, 1, 1))),
        Course(_row(4, date(2026, 1, 1), date(2026, 6, 30))),
        Course(_row(5, date(2026, 6, 30), date(2026, 7, 1))),
        Course(_row(6, date(2026, 7, 1))),
    ]
    made = Period.of(every, first, last, date(2026, 8, 1))
    assert (made.open_before, len(made.came), made.closed, made.open_after) == (2, 2, 2, 2)


def test_what_failed_is_told_by_system_and_what_a_person_settled_is_no_failure() -> None:
    entries = [
        _entry(1, "step.blocked", system="crm", why="RefusedError"),
        _entry(1, "step.blocked", system="crm", why="settled-by-hand"),
        _entry(1, "step.drift", system="shop"),
        _entry(2, "step.drift", system="shop"),
        _entry(2, "search.waive", system="shop"),
        _entry(9, "step.drift", system="shop"),
    ]
    every = courses([_row(1, date(2026, 1, 2)), _row(2, date(2026, 1, 2))], entries)
    made = Period.of(every, date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1))
    (found,) = [t for t in made.tables({"shop": "Web shop"}) if t.title.startswith("Systems")]
    assert found.rows == (("Web shop", 0, 2, 1), ("crm", 1, 0, 0))
