"""The package as CSV: one table for every collection, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dsr_desk.model.package import Disclosed, DisclosedField
from dsr_desk.render import words
from dsr_desk.render.files import Draft
from dsr_desk.render.shown import guarded, is_number, text_of, unguarded, visible

#: How many characters a spreadsheet keeps in one cell; it cuts the rest without a word.
LONGEST_CELL = 32_767


def csv_drafts(stem: str, findings: Sequence[Disclosed]) -> Iterator[Draft]:
    """One table for every collection (RFC 4180, UTF-8 with BOM), and a text file for every value too long for a cell."""
    for number, group in enumerate(collections(findings), start=1):
        long = f"{stem}-{number:02}"
        table, texts = _table(group, long)
        title = f"{group[0].system_title or group[0].system}: {group[0].collection_title or group[0].collection}"
        yield Draft(f"{long}.csv", _written(table), visible(title), _check_of(table))
        for name, text in texts:
            data = text.encode("utf-8-sig")
            yield Draft(name, data, f"A long text of {visible(title)}", _same_text_of(text))


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


def _table(group: Sequence[Disclosed], stem: str) -> tuple[list[list[_Cell]], list[tuple[str, str]]]:
    """Head and rows, and the texts that went into files of their own."""
    columns = list(dict.fromkeys(f.name for d in group for f in d.fields))
    titles = {f.name: f.label for d in group for f in d.fields}
    texts: list[tuple[str, str]] = []
    rows = [[_Cell(visible(_head(name, titles))) for name in columns]]
    for d in group:
        by_name = {f.name: f for f in d.fields}
        rows.append([_cell(by_name[name], stem, texts) if name in by_name else _Cell("") for name in columns])
    return rows, texts


def _head(name: str, titles: dict[str, str]) -> str:
    title = titles[name]
    return title if list(titles.values()).count(title) == 1 else f"{title} ({name})"


def _cell(field: DisclosedField, stem: str, texts: list[tuple[str, str]]) -> _Cell:
    if field.withheld:
        return _Cell(visible(f"[{words.withheld(field.withheld)}]"))
    text = visible(text_of(field.value))
    if len(text) < LONGEST_CELL:
        return _Cell(text, is_number(field.value))
    name = f"{stem}-text-{len(texts) + 1:02}.txt"
    texts.append((name, text))
    return _Cell(f"[too long for a cell: all {len(text)} characters are in {name}]")


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
