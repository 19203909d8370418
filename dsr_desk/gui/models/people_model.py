"""The people of a list, one line each: who (masked), and whether they were found, not found, or can't be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import counted, thin
from dsr_desk.gui.widgets.parts import Chip, Gap, Part, Text
from dsr_desk.gui.widgets.words import masked
from dsr_desk.model.finding import SearchResult
from dsr_desk.model.request import Facts

State = Literal["found", "nobody", "ambiguous", "left out"]
_CHIPS: dict[State, tuple[str, str, str]] = {
    "found": ("found", "verified", "check"),
    "nobody": ("nobody found", "plain", "search"),
    "ambiguous": ("can't be told apart", "retained", "question"),
    "left out": ("left out", "plain", "excluded"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list. ``why``: the reason for leaving it out, or how many rows it may be."""

    line: int
    who: str
    state: State
    records: int = 0
    why: str = ""


def people(facts: Facts, found: SearchResult) -> list[Person]:
    """Every person of the list, those who need a decision first, then in the order of the list."""
    records = Counter(line for finding in found.findings for line in finding.people)
    ambiguous = {p.line: len(p.ambiguous) for p in found.people if p.ambiguous}
    lines = []
    for line, identity in zip(facts.lines, facts.people, strict=True):
        who = masked(*identity[0]) + (f" +{len(identity) - 1}" if len(identity) > 1 else "")
        if line in facts.left_out:
            lines.append(Person(line, who, "left out", why=facts.left_out[line]))
        elif line in ambiguous:
            lines.append(Person(line, who, "ambiguous", why=f"{counted(ambiguous[line], 'row')} that may be different people"))
        else:
            lines.append(Person(line, who, "found" if records[line] else "nobody", records[line]))
    return sorted(lines, key=lambda p: (p.state != "ambiguous", p.line))


def sentence(listed: Sequence[Person]) -> str:
    """``40 people of a list: 37 found, 2 nobody found, 1 can't be told apart``."""
    counts = Counter(p.state for p in listed)
    told = [f"{thin(counts[s])} {_CHIPS[s][0]}" for s in _CHIPS if counts[s]]
    return f"{counted(len(listed), 'person', 'people')} of a list: {', '.join(told)}"


class PeopleModel(RowsModel[Person]):
    """One row a person. The last column is pressed to leave somebody out."""

    HEADS = ("Line", "Person", "State", "Records", "")

    def parts(self, row: Person, column: int) -> Sequence[Part]:
        match column:
            case 0:
                return (Text(str(row.line), "text2", mono=True, size=theme.SMALL),)
            case 1:
                return (Text(row.who, mono=True, size=theme.SMALL),)
            case 2:
                words, tone, sign = _CHIPS[row.state]
                return Chip(words, tone, sign), Text(row.why, "text2", size=theme.SMALL)
            case 3:
                return (Text(thin(row.records) if row.state == "found" else "–"),)
        return (Gap(), Text("Leave out…", "accent", theme.MEDIUM, theme.SMALL)) if row.state != "left out" else ()
