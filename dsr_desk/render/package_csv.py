"""The package as CSV: one table for every collection, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dsr_desk.model.package import Disclosed, DisclosedField
from dsr_desk.render import words
from dsr_desk.render.files import Draft
from dsr_desk.render.names import Names
from dsr_desk.render.shown import LONGEST_CELL, guarded, is_number, text_of, unguarded, units, visible


def csv_drafts(names: Names, findings: Sequence[Disclosed]) -> Iterator[Draft]:
    """One table for every collection (RFC 4180, UTF-8 with BOM), and a text file for every value too long for a cell."""
    for number, group in enumerate(collections(findings), start=1):
        texts = LongTexts(names, f"{number:02}")
        table = _table(group, texts)
        yield Draft(names.of(f"{number:02}", "csv"), _written(table), title_of(group), _check_of(table))
        yield from texts.drafts(title_of(group))


class LongTexts:
    """The texts of one table that are too long for a cell: each becomes a file, and its cell says which."""

    def __init__(self, names: Names, part: str) -> None:
        self._names, self._part = names, part
        self._texts: list[tuple[str, str]] = []

    def marker(self, text: str) -> str:
        """What stands in the cell instead of ``text``."""
        name = self._names.of(f"{self._part}-text-{len(self._texts) + 1:02}", "txt")
        self._texts.append((name, text))
        return f"[too long for a cell: all {len(text)} characters are in {name}]"

    def drafts(self, title: str) -> Iterator[Draft]:
        """The files."""
        for name, text in self._texts:
            yield Draft(name, text.encode("utf-8-sig"), f"A long text of {title}", _same_text_of(text))


def title_of(group: Sequence[Disclosed]) -> str:
    """What people call the collection of these records."""
    return visible(f"{group[0].system_title or group[0].system}: {group[0].collection_title or group[0].collection}")


def collections(findings: Sequence[Disclosed]) -> list[list[Disclosed]]:
    """The records by system and collection, in the order in which they first come."""
    groups: dict[tuple[str, str], list[Disclosed]] = {}
    for d in findings:
        groups.setdefault((d.system, d.collection), []).append(d)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class _Cell:
    """A text, and whether it is a number, which needs no guard."""

    text: str
    number: bool = False


def _table(group: Sequence[Disclosed], texts: LongTexts) -> list[list[_Cell]]:
    heads = heads_of(group)
    rows = [[_Cell(head) for head in heads.values()]]
    for d in group:
        by_name = {f.name: f for f in d.fields}
        rows.append([_cell(by_name[name], texts) if name in by_name else _Cell("") for name in heads])
    return rows


def heads_of(group: Sequence[Disclosed]) -> dict[str, str]:
    """The columns of a table of these records: field → head. Two fields of one title have their names in it, too."""
    titles = {f.name: f.label for d in group for f in d.fields}
    often = Counter(titles.values())
    return {name: visible(title if often[title] == 1 else f"{title} ({name})") for name, title in titles.items()}


def _cell(field: DisclosedField, texts: LongTexts) -> _Cell:
    if field.withheld:
        return _Cell(visible(f"[{words.withheld(field.withheld)}]"))
    text = visible(text_of(field.value))
    if units(guarded(text)) <= LONGEST_CELL:
        return _Cell(text, is_number(field.value))
    return _Cell(texts.marker(text))


def _written(table: list[list[_Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([c.text if c.number else guarded(c.text) for c in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _check_of(table: list[list[_Cell]]) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
        if [[unguarded(cell) for cell in row] for row in rows] != [[c.text for c in row] for row in table]:
            raise ValueError("the table says something else")

    return check


def _same_text_of(text: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        if data.decode("utf-8-sig") != text:
            raise ValueError("the text says something else")

    return check
