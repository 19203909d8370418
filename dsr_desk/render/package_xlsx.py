"""The package as a workbook: an overview, and one sheet for every collection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsr_desk.errors import UsageError
from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo
from dsr_desk.render import words
from dsr_desk.render.files import Draft
from dsr_desk.render.information import TITLE, rights_of, said_of
from dsr_desk.render.names import Names
from dsr_desk.render.package_csv import LongTexts, collections, heads_of, title_of
from dsr_desk.render.shown import LONGEST_CELL, text_of, visible
from dsr_desk.render.workbook import MOST_COLUMNS, MOST_ROWS, Cell, Rows, fits, is_exact, sheet_name, workbook_draft

_OVERVIEW = "Overview"


def xlsx_drafts(names: Names, findings: Sequence[Disclosed], about: PackageInfo) -> Iterator[Draft]:
    """The workbook, and a text file for every value too long for a cell. More records than a sheet holds go on in another."""
    name = names.of("", "xlsx")
    sheets: dict[str, Rows] = {_OVERVIEW: []}
    contents: Rows = []
    longs: list[Draft] = []
    for number, group in enumerate(collections(findings), start=1):
        texts = LongTexts(names, f"{number:02}-sheet")
        for start in range(0, len(group), MOST_ROWS):
            part = group[start : start + MOST_ROWS]
            sheet = sheet_name(group[0].collection_title or group[0].collection, sheets)
            sheets[sheet] = _rows(group, part, texts)
            first = group[0]
            contents.append([sheet, first.system_title or first.system, first.collection_title or first.collection, len(part)])
        longs += texts.drafts(title_of(group))
    sheets[_OVERVIEW] = _overview(about, contents)
    yield workbook_draft(name, sheets, "Everything as a workbook, a sheet for every table")
    yield from longs


def _overview(about: PackageInfo, contents: Rows) -> Rows:
    rows: Rows = [[f"Data of request {about.reference}"], ["Given by", about.controller], ["Address", about.address]]
    rows += [["Received", about.received], ["Made on", about.made], [], ["Sheet", "System", "What it holds", "Records"], *contents]
    rows.append([])
    rows += [["Not in here", title, why] for title, why in (*about.not_searched, *about.waiting)]
    if about.informs:
        rows += [[], [TITLE]]
        for system in about.systems:
            rows += [[system.title, one.what, line, f"Art. {one.article}"] for one in said_of(system) for line in one.lines]
        rows += [["Your rights", name, text] for name, text in rights_of(about)]
    return [[_short(visible(c)) if isinstance(c, str) else c for c in row] for row in rows]


def _short(text: str) -> str:
    """The catalog's own words, which no sane catalog makes longer than a cell; what is beyond is in the information sheet."""
    return text if fits(text) else text[: LONGEST_CELL // 4] + " …"


def _rows(group: Sequence[Disclosed], part: Sequence[Disclosed], texts: LongTexts) -> Rows:
    heads = heads_of(group)
    if len(heads) > MOST_COLUMNS:
        raise UsageError(f"{title_of(group)} has more columns than a workbook can hold.", "Leave xlsx out of the formats.")
    rows: Rows = [[_short(head) for head in heads.values()]]
    for d in part:
        by_name = {f.name: f for f in d.fields}
        rows.append([_cell(by_name[name], texts) if name in by_name else None for name in heads])
    return rows


def _cell(field: DisclosedField, texts: LongTexts) -> Cell:
    if field.withheld:
        return _short(visible(f"[{words.withheld(field.withheld)}]"))
    if is_exact(field.value):
        return field.value if isinstance(field.value, bool | int) else float(field.value)
    text = visible(text_of(field.value))
    return text if fits(text) else texts.marker(text)
