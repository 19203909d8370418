"""How each right is shown: its word, its icon, what its button says, and whether that button is red."""

from __future__ import annotations

from dataclasses import dataclass

from dsr_desk import rights
from dsr_desk.gui import theme
from dsr_desk.gui.models.wording import counted
from dsr_desk.model.plan import Plan
from dsr_desk.plugins import plugins
from dsr_desk.rights.base import Right


@dataclass(frozen=True, slots=True)
class Look:
    """How a right is shown. ``act`` comes before the count on its button (``Correct`` 3 records), ``head`` above its figures."""

    word: str
    act: str
    head: str
    sign: str
    thing: str = "record"


_LOOKS = {
    "erasure": Look("Erasure", "Erase", "erase", "erasure"),
    "rectification": Look("Rectification", "Correct", "correct", "rectification"),
    "restriction": Look("Restriction", "Restrict", "restrict", "restriction"),
    "lifting": Look("Lifting", "Lift", "lift", "lifting", "restriction"),
    "objection": Look("Objection", "Stop using", "change", "objection"),
    "automated-decisions": Look("Automated decisions", "Review", "review", "automated"),
    "access": Look("Access", "Disclose", "disclose", "access"),
    "portability": Look("Portability", "Disclose", "disclose", "portability"),
}

#: The order in which rights are offered, as people ask for them; those of plugins come after.
_ORDER = ("erasure", "access", "rectification", "restriction", "portability", "objection", "automated-decisions")


def known() -> dict[str, type[Right]]:
    """Every right by its name."""
    return plugins(rights, Right)


def offered() -> list[str]:
    """The rights that a new request may be made for, in their order."""
    names = [n for n, right in known().items() if right.asked]
    return sorted(names, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n))


def look(right: str) -> Look:
    """How a right is shown; one that the window does not know by its own words."""
    if right in _LOOKS:
        return _LOOKS[right]
    word = right.replace("-", " ").capitalize()
    cls = known().get(right)
    return Look(word, cls.verb.capitalize() if cls else "Change", "change", right if right in theme.SIGNS else "card")


def article(right: str) -> str:
    """``Art. 17``; ``""`` for a right that is no longer known."""
    cls = known().get(right)
    return cls.article if cls else ""


def reads_only(right: str) -> bool:
    """Whether the right writes nothing to any system."""
    cls = known().get(right)
    return cls is not None and not cls.writes


def takes_away(plan: Plan) -> bool:
    """Whether something is gone for good afterwards: only then is the button red. A correction or a restriction can be undone."""
    return any(s.takes for s in plan.steps)


def button_words(plan: Plan, phrase: str) -> str:
    """``Erase 47 records in 4 systems…``; the count is the one of the words that are typed."""
    number = phrase.rpartition(" ")[2]
    count = int(number) if number.isdigit() else 0
    systems = len({s.ref.system for s in plan.steps if s.changes})
    if not count:
        return "Approve: nothing to write…"
    said = look(plan.right)
    return f"{said.act} {counted(count, said.thing)} in {counted(systems, 'system')}…"


def discloses(right: str) -> bool:
    """Whether the right ends with a copy of the data for the person."""
    return right in ("access", "portability")


def grounds(right: str) -> list[tuple[str, str]]:
    """The grounds on which a right can be asked for, as people read them: ``(b) consent withdrawn``."""
    cls = known().get(right)
    return [(key, f"{_point(key)} {words}") for key, words in cls.grounds.items()] if cls else []


def ground_words(right: str, ground: str) -> str:
    """One ground in words; the paragraph itself where nobody worded it."""
    return dict(grounds(right)).get(ground, ground)


def _point(key: str) -> str:
    """``(b)`` of ``17(1)(b)``; all of what has no letter."""
    return f"({key.rpartition('(')[2]}" if key.count("(") > 1 else f"Art. {key}"
