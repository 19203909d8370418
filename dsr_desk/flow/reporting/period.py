"""Report over a period: how requests were dealt with, from the trail and the inbox alone, so that shredded requests count too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from dsr_desk.errors import UsageError
from dsr_desk.flow.plan import right_of
from dsr_desk.model.due import long_date
from dsr_desk.model.report import ReportTable
from dsr_desk.model.trail import Entry
from dsr_desk.store.requests import RequestRow

#: Why a step stands as blocked when a person settled a doubt: that is no failure of the system.
_SETTLED = "settled-by-hand"
#: What such a report can't say.
LIMITS = (
    "Counted from the audit trail and the list of requests, which hold dates, codes and counts only: so a request whose file was "
    "destroyed still counts.",
    "An answer counts from the day that somebody recorded. Requests that never reached this desk are in no count.",
    "Entries from before November 2026 carry no grounds and no day of the answer: such requests stand as not recorded.",
)


@dataclass
class Course:
    """How one request went, as far as its row and its entries tell: dates, codes and counts, and nobody's data."""

    row: RequestRow
    ground: str = ""
    own: bool = False
    identified: bool = False
    asked: bool = False
    extended: bool = False
    decision: str = ""
    answered: date | None = None
    #: Records that stay, by ground, as the last second search counted them.
    grounds: Mapping[str, int] = field(default_factory=dict)
    stopped: Counter[str] = field(default_factory=Counter)
    drifted: Counter[str] = field(default_factory=Counter)
    waived: Counter[str] = field(default_factory=Counter)

    @property
    def waits(self) -> bool:
        """Whether somebody waits for an answer."""
        return not self.own and right_of(self.row.right).asked

    @property
    def days(self) -> int | None:
        """Calendar days from the receipt to the answer; ``None`` where it is not recorded."""
        return (self.answered - self.row.received).days if self.answered and self.waits else None

    @property
    def late(self) -> bool:
        """Whether the answer came after the day on which it was due."""
        return self.answered is not None and self.waits and self.answered > self.row.due

    def overdue(self, today: date) -> bool:
        """Whether the answer is due, and not recorded."""
        return self.waits and self.answered is None and self.row.closed is None and self.row.due < today


def checked_days(first: date, last: date) -> None:
    """``UsageError`` where the period ends before it begins."""
    if last < first:
        raise UsageError("The period ends before it begins.", "Give the first day with --from and the last one with --until.")


def courses(rows: Iterable[RequestRow], entries: Iterable[Entry]) -> list[Course]:
    """How each request went, in the order of the rows."""
    known = {row.case: Course(row) for row in rows}
    for entry in entries:
        course = known.get(str(entry.body.get("case", "")))
        if course is not None and entry.type in _READ:
            _READ[entry.type](course, entry.body)
    return list(known.values())


def _on_open(course: Course, body: Mapping[str, object]) -> None:
    course.ground, course.own = str(body.get("ground", "")), body.get("own") is True


def _on_identify(course: Course, body: Mapping[str, object]) -> None:
    course.identified, course.asked = True, course.asked or body.get("asked") is True


def _on_extend(course: Course, _body: Mapping[str, object]) -> None:
    course.extended = True


def _on_decide(course: Course, body: Mapping[str, object]) -> None:
    day = body.get("answered")
    course.decision, course.answered = str(body.get("decision", "")), date.fromisoformat(day) if isinstance(day, str) else None


def _on_close(course: Course, body: Mapping[str, object]) -> None:
    course.decision = str(body.get("decision", ""))


def _on_verify(course: Course, body: Mapping[str, object]) -> None:
    told = body.get("grounds")
    course.grounds = {str(g): n for g, n in told.items() if isinstance(n, int)} if isinstance(told, Mapping) else {}


def _on_blocked(course: Course, body: Mapping[str, object]) -> None:
    if body.get("why") != _SETTLED:
        course.stopped[str(body.get("system", ""))] += 1


def _on_drift(course: Course, body: Mapping[str, object]) -> None:
    course.drifted[str(body.get("system", ""))] += 1


def _on_waive(course: Course, body: Mapping[str, object]) -> None:
    course.waived[str(body.get("system", ""))] += 1


_READ: Mapping[str, Callable[[Course, Mapping[str, object]], None]] = {
    "case.open": _on_open,
    "case.identify": _on_identify,
    "case.extend": _on_extend,
    "case.decide": _on_decide,
    "case.close": _on_close,
    "verify.pass": _on_verify,
    "verify.fail": _on_verify,
    "step.blocked": _on_blocked,
    "step.drift": _on_drift,
    "search.waive": _on_waive,
}


@dataclass(frozen=True)
class Period:
    """The requests of a period: those that came ``in`` between its days, and those that stood open at its beginning or end."""

    first: date
    last: date
    today: date
    came: Sequence[Course]
    open_before: int
    closed: int
    open_after: int

    @staticmethod
    def of(every: Sequence[Course], first: date, last: date, today: date) -> Period:
        """Open before + came in − closed = open at the end."""
        inside = [c for c in every if first <= c.row.received <= last]
        earlier = [c for c in every if c.row.received < first]
        before = [c for c in earlier if c.row.closed is None or c.row.closed >= first]
        closed = [c for c in (*before, *inside) if c.row.closed is not None and c.row.closed <= last]
        return Period(first, last, today, inside, len(before), len(closed), len(before) + len(inside) - len(closed))

    def figures(self) -> tuple[tuple[str, int | None], ...]:
        """The large ones of the first page."""
        days = _days(self.came)
        middle = _middle(days)
        late = sum(c.late or c.overdue(self.today) for c in self.came)
        counts = (("open before", self.open_before), ("came in", len(self.came)), ("closed", self.closed))
        return (*counts, ("open at the end", self.open_after), ("median days", middle), ("late or overdue", late))

    def words(self) -> tuple[str, str]:
        """Headline and summary; of a period that is not over, that it isn't."""
        headline, summary = self._told()
        if self.last <= self.today:
            return headline, summary
        begun = "has not begun" if self.first > self.today else "is not over"
        counted = f"it ends on {long_date(self.last)}, and this counts what is on record on {long_date(self.today)}."
        return headline, f"{summary} The period {begun}: {counted}".strip()

    def _told(self) -> tuple[str, str]:
        asked = [c for c in self.came if c.waits]
        days = _days(asked)
        count = f"{len(self.came)} request{'s' if len(self.came) != 1 else ''} came in."
        if not asked:
            return count, ""
        answered = f"{len(days)} of the {len(asked)} that somebody asked for {'is' if len(days) == 1 else 'are'} answered"
        late, overdue = sum(c.late for c in asked), sum(c.overdue(self.today) for c in asked)
        middle = f", in a median of {_middle(days)} days; {late} of them late" if days else ""
        more = f"{sum(c.extended for c in asked)} extended (Art. 12(3)), {sum(c.decision == 'refused' for c in asked)} refused, "
        return count, f"{answered}{middle}. {more}{overdue} overdue now."

    def tables(self, labels: Mapping[str, str]) -> Iterator[ReportTable]:
        """The parts; ``labels`` are what people call the systems."""
        yield self._by_right()
        yield self._periods()
        yield _counted("Grounds of the requests", ("Ground", "Requests"), self._asked_on(), "No ground is recorded.")
        stays = Counter[str]()
        for course in self.came:
            stays.update(course.grounds)
        rows = [(f"Art. {ground}", sum(ground in c.grounds for c in self.came), count) for ground, count in sorted(stays.items())]
        yield _counted("Grounds on which data stays", ("Ground", "Requests", "Records"), rows, "No record stays on a ground.")
        yield _counted(
            "Systems that failed most", ("System", "Stopped", "Rows had changed", "Waived"), self._failed(labels), "None did."
        )
        yield self._one_by_one()

    def _by_right(self) -> ReportTable:
        rows = []
        rights = sorted({c.row.right for c in self.came})
        for right in (*rights, ""):
            of_it = [c for c in self.came if right in ("", c.row.right)]
            days = _days(of_it)
            outcomes = Counter(c.decision for c in of_it)
            decided = (outcomes["granted"], outcomes["partly"], outcomes["refused"])
            title = f"{_title(right)}, {right_of(right).article}" if right else "All"
            rows.append((title, len(of_it), *decided, len(of_it) - sum(decided), _middle(days), max(days, default=None)))
        heads = (("Right", 30), ("Came in", 10), ("Granted", 10), ("In part", 10), ("Refused", 10), ("Not decided", 10))
        return ReportTable("Requests by right and outcome", (*heads, ("Median days", 10), ("Longest", 10)), tuple(rows))

    def _periods(self) -> ReportTable:
        asked = [c for c in self.came if c.waits]
        answered = [c for c in asked if c.answered]
        rows = (
            ("Asked for by somebody", len(asked)),
            ("Begun by the controller itself, or the end of an earlier one", len(self.came) - len(asked)),
            ("Answered in time", sum(not c.late for c in answered)),
            ("Answered late", sum(c.late for c in answered)),
            ("Overdue now, and not answered", sum(c.overdue(self.today) for c in asked)),
            (
                "Closed, and the day of the answer is not recorded",
                sum(c.answered is None and c.row.closed is not None for c in asked),
            ),
            ("Period extended by two months (Art. 12(3))", sum(c.extended for c in asked)),
            ("Identity checked", sum(c.identified for c in asked)),
            ("Asked for more to confirm who they are (Art. 12(6))", sum(c.asked for c in asked)),
        )
        return ReportTable("Deadlines, extensions and identity", (("What", 80), ("Requests", 20)), rows)

    def _asked_on(self) -> list[tuple[str, int]]:
        counts = Counter((c.row.right, c.ground) for c in self.came if right_of(c.row.right).grounds)
        rows = []
        for (right, ground), count in sorted(counts.items()):
            words = right_of(right).grounds.get(ground, "")
            rows.append((f"Art. {ground}: {words}" if ground else f"{_title(right)}: not recorded", count))
        return rows

    def _failed(self, labels: Mapping[str, str]) -> list[tuple[str, int, int, int]]:
        stopped, drifted, waived = Counter[str](), Counter[str](), Counter[str]()
        for c in self.came:
            stopped.update(c.stopped)
            drifted.update(c.drifted)
            waived.update(c.waived)
        names = {*stopped, *drifted, *waived}
        rows = [(labels.get(n, n), stopped[n], drifted[n], waived[n]) for n in names]
        return sorted(rows, key=lambda row: (-sum(row[1:]), row[0]))

    def _one_by_one(self) -> ReportTable:
        rows = []
        for c in sorted(self.came, key=lambda c: (c.row.received, c.row.ref)):
            answered = _short(c.answered) if c.answered else "overdue" if c.overdue(self.today) else "–"
            state = c.decision or "not decided"
            state += ", closed" if c.row.closed else ", open"
            state += ", file destroyed" if c.row.shredded else ""
            due = f"{_short(c.row.due)}{' (extended)' if c.extended else ''}"
            rows.append((c.row.ref, _title(c.row.right), _short(c.row.received), due, answered, c.days, state))
        heads = (("Reference", 18), ("Right", 14), ("Received", 13), ("Due", 16), ("Answered", 13), ("Days", 7), ("Outcome", 19))
        return ReportTable("One by one", heads, tuple(rows), "Without the people that they are about.")


def _counted(title: str, heads: Sequence[str], rows: Sequence[tuple[str | int, ...]], none: str) -> ReportTable:
    """A table of names and counts; where there is nothing to count, it says so."""
    if not rows:
        return ReportTable(title, ((heads[0], 100),), ((none,),))
    wide = 15
    return ReportTable(title, ((heads[0], 100 - wide * (len(heads) - 1)), *((h, wide) for h in heads[1:])), tuple(rows))


def _days(of: Iterable[Course]) -> list[int]:
    return [c.days for c in of if c.days is not None]


def _middle(days: Sequence[int]) -> int | None:
    """The median, in whole days; half a day counts as one."""
    return int(median(days) + 0.5) if days else None


def _short(day: date) -> str:
    """``2 Dec 2026``: a column of days needs no weekdays."""
    return long_date(day).partition(" ")[2]


def _title(right: str) -> str:
    return right.replace("-", " ").capitalize()
