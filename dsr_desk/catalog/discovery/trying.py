"""Asking the live system whether what a column holds stands in the key that it may point at. Values are forgotten at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dsr_desk.catalog.discovery.links import Link
from dsr_desk.drivers.base import Driver
from dsr_desk.errors import CancelledError, DeskError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.values import Value, as_text

#: So many different values of a column are asked for.
_MOST_VALUES = 60
#: What systems without NULL write for "nobody".
NOBODY = frozenset({"", "0", "-1", "00000000-0000-0000-0000-000000000000"})

Rows = Sequence[Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class Tried:
    """Of ``asked`` different values, ``found`` stand in the target's key; ``nobody`` rows hold 0 or the like.

    ``agree``: for a column of this collection and one of the target that may name the same person, in how many records they do, and
    in how many they don't.
    """

    asked: int = 0
    found: int = 0
    nobody: int = 0
    agree: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Which part was found; 0 where nothing was asked."""
        return self.found / self.asked if self.asked else 0.0


def tried(
    driver: Driver,
    links: Sequence[Link],
    all_links: Mapping[str, Sequence[Link]],
    persons: Mapping[str, object],
    rows: Rows,
    cancel: Cancel,
) -> dict[Link, Tried]:
    """What the live system says of each link of one collection over one column, from a sample of its rows."""
    single = [one for one in links if len(one.columns) == 1]
    wanted = {one: _values(one, rows) for one in single}
    asked = [one for one in single if wanted[one]]
    found = _found(driver, asked, wanted, cancel)
    own = [one for one in single if one.target in persons]
    result: dict[Link, Tried] = {}
    for one in single:
        there = found.get(one)
        if there is None:
            result[one] = Tried(nobody=_nobody(one, rows))
            continue
        texts = {as_text(value) for value in wanted[one]}
        agree = _agree(one, there, own, all_links.get(one.target, ()), persons, rows)
        result[one] = Tried(len(texts), len(texts & set(there)), _nobody(one, rows), agree)
    return result


def _values(link: Link, rows: Rows) -> list[Value]:
    found: dict[str, Value] = {}
    for row in rows:
        text = as_text(row.get(link.columns[0]))
        if text is not None and text not in NOBODY and _meant(link, row):
            found.setdefault(text, row[link.columns[0]])
        if len(found) >= _MOST_VALUES:
            break
    return list(found.values())


def _meant(link: Link, row: Mapping[str, Value]) -> bool:
    return link.when is None or as_text(row.get(link.when[0])) == link.when[1]


def _nobody(link: Link, rows: Rows) -> int:
    return sum(1 for row in rows if as_text(row.get(link.columns[0])) in NOBODY)


def _found(
    driver: Driver, links: Sequence[Link], wanted: Mapping[Link, list[Value]], cancel: Cancel
) -> dict[Link, dict[str | None, Row]]:
    """The rows pointed at, by their key's text; all links at once, and one by one where that fails."""
    try:
        return _asked(driver, links, wanted, cancel)
    except CancelledError:
        raise
    except DeskError:
        if len(links) == 1:
            return {}
    found: dict[Link, dict[str | None, Row]] = {}
    for one in links:
        found |= _found(driver, [one], wanted, cancel)
    return found


def _asked(
    driver: Driver, links: Sequence[Link], wanted: Mapping[Link, list[Value]], cancel: Cancel
) -> dict[Link, dict[str | None, Row]]:
    found: dict[Link, dict[str | None, Row]] = {one: {} for one in links}
    lookups = [Lookup(one.target, one.to, tuple((value,) for value in wanted[one])) for one in links]
    for batch in driver.find(lookups, cancel) if lookups else ():
        for hit in batch:
            link = links[hit.lookup]
            found[link][as_text(hit.row.values.get(link.to[0]))] = hit.row
    return found


def _agree(
    link: Link,
    there: Mapping[str | None, Row],
    own: Sequence[Link],
    theirs: Sequence[Link],
    persons: Mapping[str, object],
    rows: Rows,
) -> dict[tuple[str, str], tuple[int, int]]:
    if link.target in persons:
        return {}
    pairs = {
        (mine.columns[0], other.columns[0])
        for mine in own
        for other in theirs
        if mine.columns != link.columns and mine.target == other.target and len(other.columns) == 1
    }
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        parent = there.get(as_text(row.get(link.columns[0])))
        if parent is None:
            continue
        for mine, other in pairs:
            a, b = as_text(row.get(mine)), as_text(parent.values.get(other))
            if a is not None and b is not None and not {a, b} & NOBODY:
                counts[mine, other][a != b] += 1
    return {pair: (same, differ) for pair, (same, differ) in counts.items()}
