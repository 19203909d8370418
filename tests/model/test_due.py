"""The due date: Regulation 1182/71, Art. 3, worked by hand."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_desk.errors import UsageError
from dsr_desk.model.due import days_left, due_date, left_in_words


@pytest.mark.parametrize(
    ("received", "country", "part", "on"),
    [
        (date(2026, 11, 2), "DE", None, date(2026, 12, 2)),  # an ordinary day
        (date(2027, 1, 31), "DE", None, date(2027, 3, 1)),  # 28 Feb 2027 is a Sunday
        (date(2025, 1, 31), "DE", None, date(2025, 2, 28)),  # no 31 February: its last day
        (date(2028, 1, 31), "DE", None, date(2028, 2, 29)),  # a leap year
        (date(2028, 2, 29), "DE", None, date(2028, 3, 29)),  # the same date, not the last day
        (date(2026, 8, 31), "FR", None, date(2026, 9, 30)),
        (date(2026, 12, 31), "DE", None, date(2027, 2, 1)),  # over the year, then over a Sunday
        (date(2026, 11, 25), "DE", None, date(2026, 12, 28)),  # Christmas, Boxing Day (a Saturday), Sunday
        (date(2025, 11, 25), "DE", None, date(2025, 12, 29)),  # Thursday and Friday holidays, then a weekend
        (date(2026, 3, 3), "DE", None, date(2026, 4, 7)),  # Good Friday, Saturday, Easter Sunday, Easter Monday
        (date(2026, 3, 3), "IE", None, date(2026, 4, 3)),  # Good Friday is no public holiday in Ireland
        (date(2026, 5, 4), "DE", "BY", date(2026, 6, 5)),  # Corpus Christi in Bavaria
        (date(2026, 5, 4), "DE", "BE", date(2026, 6, 4)),  # not in Berlin
        (date(2028, 11, 30), "DE", None, date(2029, 1, 2)),  # a weekend, then New Year of the next year
        (date(2026, 12, 1), "DE", None, date(2027, 1, 4)),  # New Year of the next year, a Friday
    ],
)
def test_the_day(received: date, country: str, part: str | None, on: date) -> None:
    assert due_date(received, country, part).on == on


def test_the_rule_says_how_the_day_was_found() -> None:
    due = due_date(date(2026, 11, 25), "DE")
    assert due.unmoved == date(2026, 12, 25)
    assert due.holiday == "Christmas Day, Second Day of Christmas"
    assert due.rule == (
        "Received Wed 25 Nov 2026; one calendar month ends on Fri 25 Dec 2026. Fri 25 Dec 2026 (Christmas Day), Sat 26 Dec 2026 "
        "(Second Day of Christmas) and Sun 27 Dec 2026 are no working days, so it moves to Mon 28 Dec 2026. "
        "(Regulation 1182/71, Art. 3)"
    )


def test_a_weekend_is_no_holiday() -> None:
    due = due_date(date(2026, 1, 10), "DE")
    assert (due.unmoved, due.on, due.holiday) == (date(2026, 2, 10), date(2026, 2, 10), "")
    moved = due_date(date(2027, 1, 31), "DE")
    assert moved.holiday == ""
    assert "the last day of a shorter month" in moved.rule
    assert "Sun 28 Feb 2027 is no working day, so it moves to Mon 1 Mar 2027." in moved.rule


@pytest.mark.parametrize(("country", "part"), [("de", "by"), (" DE ", "DE-BY"), ("DEU", "BY")])
def test_spellings_of_a_place(country: str, part: str) -> None:
    assert due_date(date(2026, 5, 4), country, part).holiday == "Corpus Christi"


@pytest.mark.parametrize(("country", "part"), [("XX", None), ("", None), ("Germany", None), ("DE", "QQ"), ("'; --", None)])
def test_an_unknown_place_is_bad_input(country: str, part: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        due_date(date(2026, 1, 1), country, part)
    assert caught.value.hint


def test_the_end_of_the_calendar_is_bad_input() -> None:
    with pytest.raises(UsageError):
        due_date(date(9999, 12, 31), "DE")


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_never_before_the_month_is_over_and_always_a_working_day(received: date) -> None:
    due = due_date(received, "DE")
    assert 28 <= (due.unmoved - received).days <= 31
    assert due.unmoved.day in (received.day, 28, 29, 30)
    assert 0 <= (due.on - due.unmoved).days <= 5
    assert due.on.weekday() < 5


@pytest.mark.parametrize(
    ("today", "days", "words"),
    [
        (date(2026, 11, 27), 5, "5 days left"),
        (date(2026, 12, 1), 1, "1 day left"),
        (date(2026, 12, 2), 0, "due today"),
        (date(2026, 12, 3), -1, "overdue by 1 day"),
        (date(2026, 12, 12), -10, "overdue by 10 days"),
    ],
)
def test_days_left(today: date, days: int, words: str) -> None:
    due = due_date(date(2026, 11, 2), "DE")
    assert days_left(due, today) == days
    assert left_in_words(due, today) == words


_ALONE = """
import sys
from datetime import date
from dsr_desk.model.due import due_date
due_date(date(2026, 11, 25), "DE", "BY")
print(len([m for m in sys.modules if m.startswith("holidays.countries.")]))
import holidays
for code in holidays.list_supported_countries():
    due_date(date(2026, 11, 25), code)
"""


def test_one_country_is_loaded_and_every_country_can_be() -> None:
    told = subprocess.run([sys.executable, "-W", "error", "-c", _ALONE], capture_output=True, text=True, check=True)
    assert int(told.stdout) < 5
