"""The package as one page that the person can read and print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dsr_desk.model.mask import is_special
from dsr_desk.model.package import Disclosed, PackageInfo
from dsr_desk.render import words
from dsr_desk.render.files import Draft
from dsr_desk.render.package_csv import collections
from dsr_desk.render.page import page_draft
from dsr_desk.render.shown import text_of, visible

#: A collection of at most this many columns is drawn as a table, if no text in it is longer than so many characters and the
#: longest words of its columns fit beside each other.
_MOST_COLUMNS, _LONGEST, _WIDEST = 6, 60, 72

_TITLES = {
    "access": "Your data, as you asked to see it",
    "erasure": "Your data, as it was found",
}


@dataclass(frozen=True, slots=True)
class _Value:
    """A field as it is drawn: what it is, what it says or why it is withheld, and where it came from.

    ``special``: it is of a special category (Art. 9).
    """

    label: str
    category: str
    special: bool
    text: str
    withheld: str
    source: str


@dataclass(frozen=True, slots=True)
class _Group:
    """The records of one collection: what is said once of all of them, and what of each."""

    title: str
    records: tuple[tuple[_Value, ...], ...]
    common: tuple[tuple[str, str], ...]
    said: tuple[tuple[tuple[str, str], ...], ...]
    as_table: bool


@dataclass(frozen=True, slots=True)
class _System:
    title: str
    about: tuple[tuple[str, str], ...]
    groups: tuple[_Group, ...]

    @property
    def records(self) -> int:
        return sum(len(g.records) for g in self.groups)


def html_draft(name: str, findings: Sequence[Disclosed], about: PackageInfo) -> Draft:
    """One self-contained page (no script, no picture, nothing from elsewhere), grouped by system and collection."""
    systems = _systems(findings)
    values = [v.text or v.withheld for s in systems for g in s.groups for r in g.records for v in r]
    title = _TITLES.get(about.right, "Your data")
    what = "Everything, to read and to print"
    return page_draft(name, what, "person.html", values, title=title, about=about, systems=systems, count=len(findings))


def _systems(findings: Sequence[Disclosed]) -> tuple[_System, ...]:
    by_system: dict[str, list[Disclosed]] = {}
    for d in findings:
        by_system.setdefault(d.system, []).append(d)
    return tuple(_system(records) for records in by_system.values())


def _system(records: Sequence[Disclosed]) -> _System:
    first = records[0]
    recipients = ", ".join(dict.fromkeys(r for d in records for r in d.recipients))
    purposes = ", ".join(dict.fromkeys(d.purpose for d in records if d.purpose))
    about = (("Why we have it", purposes), ("Who else receives it", recipients))
    groups = tuple(_group(g) for g in collections(records))
    return _System(visible(first.system_title or first.system), tuple((k, visible(v)) for k, v in about if v), groups)


def _group(records: Sequence[Disclosed]) -> _Group:
    drawn = tuple(
        tuple(
            _Value(
                visible(f.label),
                words.category(f.category),
                is_special(f.category),
                "" if f.withheld else visible(text_of(f.value)),
                visible(words.withheld(f.withheld)),
                words.source(f.source) if f.category else "",
            )
            for f in d.fields
        )
        for d in records
    )
    said = tuple(_said(d) for d in records)
    names = {tuple(f.name for f in d.fields) for d in records}
    common = tuple(pair for pair in said[0] if all(pair in pairs for pairs in said))
    rest = tuple(tuple(pair for pair in pairs if pair not in common) for pairs in said)
    as_table = len(records) > 1 and len(names) == 1 and not any(rest) and _fits(drawn)
    return _Group(visible(records[0].collection_title or records[0].collection), drawn, common, rest, as_table)


def _fits(rows: Sequence[Sequence[_Value]]) -> bool:
    if len(rows[0]) > _MOST_COLUMNS or any(len(v.text or v.withheld) > _LONGEST for row in rows for v in row):
        return False
    columns = ([column[0].label, *(v.text or v.withheld for v in column)] for column in zip(*rows, strict=True))
    return sum(max(len(word) for text in column for word in text.split() or [""]) for column in columns) <= _WIDEST


def _said(d: Disclosed) -> tuple[tuple[str, str], ...]:
    pairs = (("Legal basis", words.legal_basis(d.legal_basis)), ("How long it is kept", d.until), ("Please note", d.note))
    return tuple((k, visible(v)) for k, v in pairs if v)
