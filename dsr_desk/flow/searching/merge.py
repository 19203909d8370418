"""What was found for every person of a list, as one result: a row once, with all who were led to it.

Each person is searched by the rules for one. Only two things are different for the list: a row that a person may not lose alone
because others own it, too, is nobody's obstacle where all of those others are on the list; and what is plainly one person's own
is no longer in question because another one was led there, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dsr_desk.flow.searching.people import NO_OWNER
from dsr_desk.flow.searching.reach import Ask, Reached
from dsr_desk.model.finding import Candidate, Finding, NotFollowed, PersonFound, RowRef


@dataclass(frozen=True)
class Together:
    """The findings of all, and what is said of each."""

    findings: Mapping[RowRef, Finding]
    people: tuple[PersonFound, ...]

    @property
    def ambiguous(self) -> tuple[Candidate, ...]:
        """The rows that may be different people, once each."""
        return tuple({c.row.ref: c for p in self.people for c in p.ambiguous}.values())

    @property
    def not_followed(self) -> tuple[NotFollowed, ...]:
        """What led to somebody else."""
        return tuple(n for p in self.people for n in p.not_followed)


def together(asks: Sequence[Ask], reached: Sequence[Reached]) -> Together:
    """One result of as many searches. A person who is ambiguous adds nothing to the findings."""
    settled = [(ask, r) for ask, r in zip(asks, reached, strict=True) if not r.ambiguous]
    listed = {ref for _, r in settled for ref in r.own}
    each: dict[RowRef, list[tuple[int, Finding]]] = {}
    for ask, r in settled:
        for ref, finding in r.findings.items():
            each.setdefault(ref, []).append((ask.line, finding))
    people = tuple(
        PersonFound(ask.line, tuple(r.identity), tuple(r.subjects), tuple(r.ambiguous), tuple(r.not_followed))
        for ask, r in zip(asks, reached, strict=True)
    )
    return Together({ref: _one(found, listed) for ref, found in each.items()}, people)


def _one(found: Iterable[tuple[int, Finding]], listed: set[RowRef]) -> Finding:
    """A row as it stands for the whole list: the finding that claims most, with everybody's mentions."""
    found = list(found)
    if len(found) == 1 and not found[0][1].shared:
        return found[0][1]  # of one person, and it says so
    seen = [(line, _among(finding, listed)) for line, finding in found]
    best = min((finding for _, finding in seen), key=_weight)
    mentions = dict.fromkeys(m for _, finding in seen for m in finding.mentions)
    lines = tuple(dict.fromkeys(line for line, _ in seen))
    return replace(best, mentions=tuple(mentions), people=lines)


def _among(finding: Finding, listed: set[RowRef]) -> Finding:
    """The finding where the owners who are on the list, too, are no others."""
    if not finding.shared or NO_OWNER in finding.review:
        return finding
    others = tuple(ref for ref in finding.other_owners if ref not in listed)
    return replace(finding, other_owners=others, shared=bool(others))


def _weight(finding: Finding) -> int:
    """Least for the plainly own; a row that is only seen by one may still be somebody's to look at."""
    if finding.clear:
        return 0
    return 1 if finding.shared else 2 if finding.review else 3 if finding.mention else 4
