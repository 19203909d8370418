"""When a request must be answered: one month, counted as Regulation (EEC, Euratom) No 1182/71 counts it."""

from __future__ import annotations

import calendar
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

from dsr_desk.errors import UsageError
from dsr_desk.model.request import Due

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SATURDAY = 5


def due_date(received: date, country: str, subdivision: str | None = None, months: int = 1) -> Due:
    """The last day to answer a request that came in on ``received`` (GDPR Art. 12(3)).

    One calendar month, or three where the period was extended by two further ``months``, counted from the receipt as one
    period: the same date in the month in which it ends, or that month's last day where it has no such date
    (Regulation 1182/71, Art. 3(2)(c)); from a Saturday, a Sunday or a public holiday of the ``country`` (ISO 3166-1) and its
    ``subdivision`` (ISO 3166-2 without the country) on to the next working day (Art. 3(4)).
    ``UsageError`` for a country or a subdivision whose holidays are not known.
    """
    unmoved = months_after(received, months)
    holidays = _holidays(country, subdivision, unmoved)
    why: list[str] = []
    names: list[str] = []
    on = unmoved
    while (holiday := holidays.get(on)) or on.weekday() >= _SATURDAY:
        why.append(f"{long_date(on)} ({holiday})" if holiday else long_date(on))
        if holiday and holiday not in names:
            names.append(holiday)
        on += timedelta(days=1)
    return Due(on, unmoved, _rule(received, unmoved, on, why, months), ", ".join(names))


def months_after(day: date, months: int) -> date:
    """The same date so many calendar months later, or the last day of a month that has no such date; ``UsageError`` past 9998."""
    more, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + more, month + 1
    if year > 9998:
        raise UsageError("The day of receipt is too far in the future.", "Give it as YYYY-MM-DD.")
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def days_left(due: Due, today: date) -> int:
    """Calendar days from ``today`` to the due date; 0 on that day, negative once it is over."""
    return (due.on - today).days


def left_in_words(due: Due, today: date) -> str:
    """``5 days left``, ``1 day left``, ``due today`` or ``overdue by 1 day``."""
    days = days_left(due, today)
    if days == 0:
        return "due today"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{count} left" if days > 0 else f"overdue by {count}"


def long_date(day: date) -> str:
    """A date as people read it, in English whatever the computer's language: ``Wed 2 Dec 2026``."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _rule(received: date, unmoved: date, on: date, why: list[str], months: int) -> str:
    short = "" if unmoved.day == received.day else ", the last day of a shorter month"
    period = "one calendar month ends" if months == 1 else f"extended to {months} calendar months (Art. 12(3)), which end"
    rule = f"Received {long_date(received)}; {period} on {long_date(unmoved)}{short}."
    if on != unmoved:
        listed = f"{why[0]} is no working day" if len(why) == 1 else f"{', '.join(why[:-1])} and {why[-1]} are no working days"
        rule += f" {listed}, so it moves to {long_date(on)}."
    return rule + " (Regulation 1182/71, Art. 3)"


def _holidays(country: str, subdivision: str | None, around: date) -> dict[date, str]:
    """The public holidays of the year of ``around`` and of the next one, with their English names."""
    country_holidays = _calendars()
    code, part = country.strip().upper(), (subdivision or "").strip().upper() or None
    if part and part.startswith(f"{code}-"):
        part = part[len(code) + 1 :]
    try:
        found = country_holidays(code, subdiv=part, years=[around.year, around.year + 1], language="en_US")
    except NotImplementedError:
        place = f"{code}-{part}" if part else code
        raise UsageError(
            f"The public holidays of “{place[:20]}” are not known.",
            "Give the country as two letters, such as DE or IE, and the region as in ISO 3166-2, such as BY for Bavaria.",
        ) from None
    return dict(found)


def _calendars() -> Callable[..., Mapping[date, str]]:
    """The library, needed only when a request comes in. Its package of countries would import all 260 of them, 8 MB for good:
    one that holds nothing stands in its place, below which the library imports the one country that it is asked for.
    """
    import holidays

    name = "holidays.countries"
    if name not in sys.modules:
        package = ModuleType(name)
        package.__path__ = [str(Path(holidays.__file__).parent / "countries")]
        sys.modules[name] = package
    return holidays.country_holidays
