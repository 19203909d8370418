"""Files that change between plan and run: what touches the person's rows is refused by name, what doesn't is not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName

from tests.faults import child
from tests.faults.case import Case, Fault
from tests.faults.oracle import Oracle
from tests.faults.place import ERASURE, SYSTEMS, Place
from tests.flow.world import World

ANN, ANN_CELLS = "news/news/1", b"1,Ann@X.org,Ann Lee\r\n"


def _text(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old in data
        return data.replace(old, new, 1)

    return change


def _lines(act: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(act(data.splitlines(keepends=True)))


#: What changes a CSV: name → the change, and the row that is named.
CSV_DRIFT: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "another name": (_text(b"Ann Lee", b"Ann Smith"), ANN),
    "a letter's case": (_text(b"Ann Lee", b"Ann lee"), ANN),
    "a blank behind": (_text(b"Ann Lee", b"Ann Lee "), ANN),
    "a blank before": (_text(b"Ann Lee", b" Ann Lee"), ANN),
    "two blanks": (_text(b"Ann Lee", b"Ann  Lee"), ANN),
    "a blank that doesn't break": (_text(b"Ann Lee", "Ann\u00a0Lee".encode()), ANN),
    "a tab": (_text(b"Ann Lee", b"Ann\tLee"), ANN),
    "a letter that looks alike": (_text(b"Ann Lee", "Аnn Lee".encode()), ANN),
    "a combining accent": (_text(b"Ann Lee", "Ann Lee\u0301".encode()), ANN),
    "an empty name": (_text(b"Ann Lee", b""), ANN),
    "an empty mail": (_text(b"Ann@X.org", b""), ANN),
    "another spelling of the mail": (_text(b"Ann@X.org", b"ann@x.org"), ANN),
    "another mail": (_text(b"Ann@X.org", b"ann@z.org"), ANN),
    "a display name around the mail": (_text(b"Ann@X.org", b"Ann <Ann@X.org>"), ANN),
    "a quote in the name": (_text(b"Ann Lee", b'"Ann ""Lee"""'), ANN),
    "a line break in the name": (_text(b"Ann Lee", b'"Ann\nLee"'), ANN),
    "a comma in the name": (_text(b"Ann Lee", b'"Ann, Lee"'), ANN),
    "a cell too few": (_text(b",Ann Lee", b""), ANN),
    "two cells changed places": (_text(b"Ann@X.org,Ann Lee", b"Ann Lee,Ann@X.org"), ANN),
    "the row gone": (_text(ANN_CELLS, b""), ANN),
    "another key": (_text(b"\n1,", b"\n9,"), ANN),
    "a zero before the key": (_text(b"\n1,", b"\n01,"), ANN),
    "a column more": (_lines(lambda ls: [line.replace(b"\r\n", b",%d\r\n" % n) for n, line in enumerate(ls)]), ANN),
    "a new row of hers": (lambda data: data + b"9,ann@x.org,A. Lee\r\n", "news/news/9"),
    "a new row of hers in front": (_lines(lambda ls: [ls[0], b"9,ann@x.org,A. Lee\r\n", *ls[1:]]), "news/news/9"),
    "a new row in another spelling": (lambda data: data + b"9, ANN@x.ORG ,A. Lee\r\n", "news/news/9"),
    "somebody else's row becomes hers": (_text(b"ben@x.org", b"ann@x.org"), "news/news/2"),
}  # fmt: skip

#: What changes a CSV and is none of the plan's business.
CSV_UNRELATED: dict[str, Callable[[bytes], bytes]] = {
    "another person's name": _text(b"Ben Orr", b"Ben Or"),
    "another person's mail": _text(b"ben@x.org", b"ben@z.org"),
    "another person's row gone": _text(b"2,ben@x.org,Ben Orr\r\n", b""),
    "a new person": lambda data: data + b"9,di@x.org,Di Fox\r\n",
    "a new person in front": _lines(lambda ls: [ls[0], b"9,di@x.org,Di Fox\r\n", *ls[1:]]),
    "a person of the same name": lambda data: data + b"9,lee@x.org,Ann Lee\r\n",
    "another order": _lines(lambda ls: [ls[0], *reversed(ls[1:])]),
    "line feeds alone": lambda data: data.replace(b"\r\n", b"\n"),
    "everything quoted": lambda data: data.replace(b",", b'","').replace(b"\r\n", b'"\r\n"').join((b'"', b"")).removesuffix(b'"'),
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "no end of line at the end": lambda data: data.removesuffix(b"\r\n"),
    "a blank line at the end": lambda data: data + b"\r\n",
    "the columns in another order": _lines(lambda ls: [b",".join(line.strip().split(b",")[::-1]) + b"\r\n" for line in ls]),
    "written again, the same": lambda data: data,
}  # fmt: skip

Sheet = Any
_FIRST, _SECOND = "desk/tickets/11", "desk/tickets/12"


def _cell(at: str, value: object) -> Callable[[Any, Sheet], None]:
    def change(_: Any, sheet: Sheet) -> None:
        assert sheet[at].value != value or type(sheet[at].value) is not type(value)
        sheet[at] = value

    return change


#: Likewise for a workbook: rows 2 and 3 are hers (``no customer caller body``), row 4 is not.
XLSX_DRIFT: dict[str, tuple[Callable[[Any, Sheet], object], str]] = {
    "another text": (_cell("D2", "my parcel came"), _FIRST),
    "a letter's case": (_cell("D2", "My parcel is late"), _FIRST),
    "a blank behind": (_cell("D2", "my parcel is late "), _FIRST),
    "a line break": (_cell("D2", "my parcel\nis late"), _FIRST),
    "an empty text": (_cell("D2", None), _FIRST),
    "a number for a text": (_cell("D2", 5), _FIRST),
    "a truth for a text": (_cell("D2", True), _FIRST),
    "a day for a text": (_cell("D2", date(2024, 3, 1)), _FIRST),
    "an error for a text": (_cell("D2", "#N/A"), _FIRST),
    "another name": (_cell("C2", "Ann Smith"), _FIRST),
    "an empty name": (_cell("C2", None), _FIRST),
    "a letter that looks alike": (_cell("C3", "Аnn Lee"), _SECOND),
    "a blank that doesn't break": (_cell("C3", "Ann\u00a0Lee"), _SECOND),
    "another customer": (_cell("B2", 2), _FIRST),
    "no customer": (_cell("B2", None), _FIRST),
    "a fraction of a customer": (_cell("B2", 1.5), _FIRST),
    "a text for the customer's number": (_cell("B2", "1"), _FIRST),
    "a number for the customer's text": (_cell("B3", 1), _SECOND),
    "another key": (_cell("A2", 99), _FIRST),
    "no key": (_cell("A2", None), _FIRST),
    "the row gone": (lambda _, sheet: sheet.delete_rows(2), _FIRST),
    "both rows gone": (lambda _, sheet: sheet.delete_rows(2, 2), _SECOND),
    "a new row of hers": (lambda _, sheet: sheet.append([99, 1, "Ann Lee", "hello?"]), "desk/tickets/99"),
    "a new row of hers, as text": (lambda _, sheet: sheet.append([99, "1", "A. Lee", "hello?"]), "desk/tickets/99"),
    "somebody else's row becomes hers": (_cell("B4", 1), "desk/tickets/13"),
    "a column more": (lambda _, sheet: [sheet.cell(n, 5, v) for n, v in enumerate(["since", "a", "b", "c"], 1)], _FIRST),
}

XLSX_UNRELATED: dict[str, Callable[[Any, Sheet], object]] = {
    "another person's text": _cell("D4", "thank you"),
    "another person's name": _cell("C4", "Ben Or"),
    "another person's row gone": lambda _, sheet: sheet.delete_rows(4),
    "a new row of somebody else": lambda _, sheet: sheet.append([99, 3, "Cy Poe", "hello?"]),
    "a person of the same name": lambda _, sheet: sheet.append([99, 3, "Ann Lee", "hello?"]),
    "another sheet": lambda book, _: book.create_sheet("plans").append(["a", 1]),
    "wider columns": lambda _, sheet: setattr(sheet.column_dimensions["D"], "width", 60),
    "bold letters": lambda _, sheet: setattr(sheet["D2"], "font", Font(bold=True)),
    "a frozen header": lambda _, sheet: setattr(sheet, "freeze_panes", "A2"),
    "a filter": lambda _, sheet: setattr(sheet.auto_filter, "ref", "A1:D4"),
    "a title": lambda book, _: setattr(book.properties, "title", "Tickets"),
    "a hidden column": lambda _, sheet: setattr(sheet.column_dimensions["A"], "hidden", True),
    "another zoom": lambda _, sheet: setattr(sheet.sheet_view, "zoomScale", 80),
    "a header that is printed": lambda _, sheet: setattr(sheet.oddHeader.center, "text", "Tickets"),
    "a name for somebody else's cell": lambda book, _: book.defined_names.add(DefinedName("thanks", attr_text="tickets!$D$4")),
    "saved again, the same": lambda *_: None,
}


def cases(place: Place, seed: int, sample: int = 0) -> Iterator[Case]:
    """Every change of each file. They are few and quick: a sample takes some from the front of each list."""
    taken = sample or None
    for name, (change, row) in list(CSV_DRIFT.items())[:taken]:
        yield Case("drift of a CSV", name, partial(_refused, "news", partial(_csv, change), row))
    for name, (alter, row) in list(XLSX_DRIFT.items())[:taken]:
        yield Case("drift of a workbook", name, partial(_refused, "desk", partial(_xlsx, alter), row))
    for name, change in list(CSV_UNRELATED.items())[:taken]:
        yield Case("unrelated change of a CSV", name, partial(_taken, "news", partial(_csv, change)))
    for name, alter in list(XLSX_UNRELATED.items())[:taken]:
        yield Case("unrelated change of a workbook", name, partial(_taken, "desk", partial(_xlsx, alter)))


def _refused(system: str, change: Callable[[Path], None], row: str, place: Place) -> Fault:
    with place.copy() as here:
        oracle = Oracle(place, here)
        change(here.folder)
        before = place.systems(here)
        oracle.ended(child.run(partial(child.apply, here, oracle.ref)), 3)
        if place.systems(here) != before:
            oracle.wrong.append("something was written")
        desk = here.desk()
        with desk.workspace:
            done = desk.applied(oracle.ref)
        found = {s.system: s for s in done.systems}[system] if done else None
        rebuilt = f"Table {row.split('/')[1]} of {system} "  # of a table that has other columns since, the table is named
        if found is None or found.status != "refused" or (row not in found.rows and not found.error.startswith(rebuilt)):
            oracle.wrong.append(f"{row} is not named: {found and (found.status, found.rows, found.error)}")
    return Fault(1, 1, oracle.wrong)


def _taken(system: str, change: Callable[[Path], None], place: Place) -> Fault:
    with place.copy() as here:
        oracle = Oracle(place, here)
        change(here.folder)
        expected = [r for r in _rows(system, here) if r[0] not in _HERS[system]]
        oracle.ended(child.run(partial(child.apply, here, oracle.ref)), 0)
        now = place.systems(here)
        for other in SYSTEMS:
            if other != system and now[other] != place.after[ERASURE][other]:
                oracle.wrong.append(f"{other} is not as after an undisturbed run")
        rows = _rows(system, here)
        if [r for r in rows if r[0] not in _HERS[system]] != expected:
            oracle.wrong.append("rows of others are not as they were")
        if any("Ann@X.org" in map(str, r) or "my parcel is late" in map(str, r) for r in rows):
            oracle.wrong.append("hers are still there")
    return Fault(1, 1, oracle.wrong)


_HERS = {"news": ("1",), "desk": (11, 12)}


def _csv(change: Callable[[bytes], bytes], folder: Path) -> None:
    path = folder / "news.csv"
    path.write_bytes(change(path.read_bytes()))


def _xlsx(change: Callable[[Any, Sheet], object], folder: Path) -> None:
    with closing(openpyxl.load_workbook(folder / "desk.xlsx")) as book:
        change(book, book["tickets"])
        book.save(folder / "desk.xlsx")


def _rows(system: str, here: World) -> list[tuple[Any, ...]]:
    """Rows, the key first."""
    if system == "news":
        text = (here.folder / "news.csv").read_text(encoding="utf-8-sig")
        header, *rows = [r for r in csv.reader(io.StringIO(text)) if r]
        return [tuple(r[header.index(name)] for name in ("line", "mail", "called")) for r in rows]
    with closing(openpyxl.load_workbook(here.folder / "desk.xlsx")) as book:
        return [tuple(c.value for c in row) for row in book["tickets"].iter_rows(min_row=2)]
