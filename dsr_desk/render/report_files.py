"""Reports as files for other programs: JSON as it is, and one CSV table that every spreadsheet can filter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from dsr_desk.errors import UsageError
from dsr_desk.model.report import PeriodData, ReportData, ReportTable
from dsr_desk.render.files import Draft, write_new
from dsr_desk.render.names import Names
from dsr_desk.render.package_json import document_draft
from dsr_desk.render.shown import guarded, visible

#: The name of each kind of document, and its version.
REPORT, PERIOD = "dsr-desk/report/v1", "dsr-desk/period/v1"
FORMATS = ("json", "csv")
_HEADS = ("Part", "Line", "Column", "Value")

Cell = str | int | None


def write_report(data: ReportData | PeriodData, folder: Path, formats: Sequence[str]) -> list[Path]:
    """Write a report in these formats (``json``, ``csv``) into ``folder``; gives the files in that order.

    Each is read back and compared. ``UsageError`` for another format and for a name that is taken, ``UnreachableError`` where
    nothing can be written; then nothing stays.
    """
    for format in formats:
        if format not in FORMATS:
            raise UsageError(f"A report can't be written as {format[:20]!r}.", "Use json, csv, or --pdf FILE.")
    stem = data.reference if isinstance(data, ReportData) else f"{data.first}-to-{data.last}"
    names = Names(stem)
    drafts = {
        "json": lambda: report_json(names.of("report", "json"), data),
        "csv": lambda: report_csv(names.of("report", "csv"), data),
    }
    return [w.path for w in write_new(folder, [drafts[format]() for format in dict.fromkeys(formats)])]


def report_json(name: str, data: ReportData | PeriodData) -> Draft:
    """Everything that stands in the report, by the names of ``docs/report.md``."""
    facts: dict[str, Any] = {"format": REPORT if isinstance(data, ReportData) else PERIOD, **asdict(data)}
    return document_draft(name, json.loads(json.dumps(facts)), "The report, for other programs")


def report_csv(name: str, data: ReportData | PeriodData) -> Draft:
    """One table (RFC 4180, UTF-8 with BOM): a line for every cell of every part, which a pivot table puts together again."""
    table = [_HEADS, *lines(data)]
    out = io.StringIO(newline="")
    written = [[c if number else guarded(visible(c)) for c, number in map(_cell, row)] for row in table]
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(written)
    return Draft(name, out.getvalue().encode("utf-8-sig"), "The report, for spreadsheets", _check_of(written))


def lines(data: ReportData | PeriodData) -> Iterator[tuple[Cell, ...]]:
    """Part, line, column and value of every cell."""
    for part in parts(data):
        for number, row in enumerate(part.rows, start=1):
            for (head, _), value in zip(part.heads, row, strict=True):
                yield part.title, number, head, value


def parts(data: ReportData | PeriodData) -> Iterator[ReportTable]:
    """A report as tables, all of it, in the order of its pages."""
    if isinstance(data, PeriodData):
        yield _pairs("The report", [("Controller", data.controller), ("Period", data.covers), ("Made", data.made)])
        short: list[tuple[str, Cell]] = [("Headline", data.headline), ("Summary", data.summary)]
        yield _pairs("In short", chain(short, data.figures))
        yield from data.tables
        yield _lines("What this report can’t say", data.limits)
    else:
        yield from _of_request(data)
    checked: list[tuple[str, Cell]] = [
        ("Command", data.verify_command), ("Trail", data.log), ("Entries", data.checkpoint_entry),
        ("Checkpoint", data.checkpoint), ("SHA-256 of verify.py", data.verifier),
    ]  # fmt: skip
    yield _pairs("How to check this", checked)


def _of_request(r: ReportData) -> Iterator[ReportTable]:
    asked: list[tuple[str, Cell]] = [
        ("Reference", r.reference), ("Controller", r.controller), ("Subject", r.subject), ("Right", r.right),
        ("Article", r.article), ("Received", r.received), ("Limit", r.due), ("How the limit was computed", r.due_rule),
        ("Extension", r.extension), ("Answered", r.answered), ("In time", r.in_time), ("Identity check", r.identity_check),
        ("Asked for more", r.identity_asked), ("Ground of the request", r.ground), ("Decision", r.decision),
        ("Reason", r.decision_reason), ("Status", r.status),
        ("Plan digest", r.plan_digest), ("Made", r.made),
    ]  # fmt: skip
    yield _pairs("The request", asked)
    short: list[tuple[str, Cell]] = [("Headline", r.headline), ("Summary", r.summary), ("To know first", r.notice)]
    yield _pairs("In short", chain(short, r.figures))
    heads = ("System", *(name.capitalize() for name in r.columns), "Environment", "Guarantee", "State")
    yield _table(
        "What was done, system by system", heads, [(s.title, *s.figures, s.environment, s.guarantee, s.state) for s in r.systems]
    )
    yield _table("Not searched", ("System", "Why"), r.not_searched)
    yield _table(r.kept_title, ("What", "Ground", "Reason", "Until"), [(k.what, k.ground, k.reason, k.until) for k in r.kept])
    yield _lines("What this report can’t say", (*r.limits, *r.residue))
    yield _table("Identifiers of this person", ("Kind", "Value", "Where it came from"), r.identifiers)
    became = [(f.where, f.outcome, f.records, f.detail, "yes" if f.special else "no") for f in r.fields]
    yield _table("What became of each field", ("Field", "Outcome", "Records", "How", "Special category"), became)
    yield from r.tables
    yield _table("Done by hand", ("Task", "Answer"), r.tasks)
    did = [(p.at, p.act, p.name, p.key, p.entry) for p in r.people]
    yield _table("Who did what, and when", ("When", "What", "Who", "Key", "Entry"), did)


def _table(title: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> ReportTable:
    return ReportTable(title, tuple((head, 0) for head in heads), tuple(rows))


def _pairs(title: str, rows: Iterable[tuple[str, Cell]]) -> ReportTable:
    return _table(title, ("Name", "Value"), [row for row in rows if row[1] != ""])


def _lines(title: str, rows: Sequence[str]) -> ReportTable:
    return _table(title, ("Line",), [(row,) for row in rows])


def _cell(value: Cell) -> tuple[str, bool]:
    """A cell as text, and whether it is a number, which needs no guard."""
    return ("" if value is None else str(value)), isinstance(value, int)


def _check_of(written: list[list[str]]) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        if list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)) != written:
            raise ValueError("the table says something else")

    return check
