"""The figures of a plan: what happens to how many records in each system, and how many fields have which outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from dsr_desk.model.plan import Outcome, Plan, Step

#: The order of the outcome chips; refusals come first of all.
ORDER = (
    "refused",
    "failed",
    "erased",
    "changed",
    "pseudonymised",
    "disclosed",
    "withheld",
    "retained",
    "excluded",
    "manual",
    "not personal",
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Sums:
    """Records by what becomes of them; each record counts once."""

    erase: int = 0
    change: int = 0
    keep: int = 0
    hand: int = 0
    left_out: int = 0
    disclose: int = 0
    withhold: int = 0
    #: Of those to keep, the ones that lose some of their fields.
    part: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, f) + getattr(other, f) for f in self.__slots__))

    def sentence(self, act: str = "change") -> str:
        """``33 to erase, 6 to keep``; only what there is. ``act`` is the word for what is changed: ``correct``, ``restrict``."""
        parts = (
            (self.erase, "to erase"), (self.change, f"to {act}"), (self.disclose, "to disclose"), (self.withhold, "withheld"),
            (self.keep, f"to keep ({self.part} in part)" if self.part else "to keep"),
            (self.left_out, "left out"), (self.hand, "by hand"),
        )  # fmt: skip
        return ", ".join(f"{number} {word}" for number, word in parts if number) or "nothing to do"


def sum_of(step: Step) -> Sums:
    """One record, under the one heading it belongs to."""
    names = {o.name for o in step.fields.values()}
    if step.changes:
        if step.in_part:
            return Sums(keep=1, part=1)
        return Sums(change=1) if step.heading == "changed" else Sums(erase=1)
    if step.action == "manual" or "manual" in names:
        return Sums(hand=1)
    if "disclosed" in names:
        return Sums(disclose=1)
    if "withheld" in names:
        return Sums(withhold=1)
    if "excluded" in names:
        return Sums(left_out=1)
    return Sums(keep=1)


def by_system(plan: Plan) -> dict[str, Sums]:
    """The sums of each system, in plan order; a system that only a person can deal with, and that has no row, counts one."""
    sums: dict[str, Sums] = {}
    for step in plan.steps:
        sums[step.ref.system] = sums.get(step.ref.system, Sums()) + sum_of(step)
    for name in plan.manual_systems:
        sums.setdefault(name, Sums(hand=1))
    return sums


def together(plan: Plan) -> Sums:
    """The sums over all systems."""
    return sum(by_system(plan).values(), Sums())


def outcomes(plan: Plan) -> dict[str, int]:
    """How many fields have which outcome; a refused field counts as refused."""
    counts: Counter[str] = Counter()
    refused = {(r.system, r.collection, r.field) for r in plan.refusals}
    for step in plan.steps:
        for name, outcome in step.fields.items():
            counts["refused" if (step.ref.system, step.ref.collection, name) in refused else outcome.name] += 1
    return {name: counts[name] for name in ORDER if counts[name]}


def until(iso: str) -> str:
    """``until 9 Nov 2033``; nothing for no date."""
    if not iso:
        return ""
    if iso == "never":
        return "without end"
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return f"until {iso}"
    return f"until {day.day} {_MONTHS[day.month - 1]} {day.year}"


def more_of(outcome: Outcome) -> str:
    """What stands in the chip after the outcome's word: end and ground."""
    return " · ".join(filter(None, (until(outcome.until), outcome.ground)))
