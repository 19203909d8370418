"""The sheet driver over Excel workbooks: only the planned cells change, and what would keep a copy is refused by name."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from dsr_desk.drivers._sheet import package
from dsr_desk.drivers._sheet.cells import RowEdit
from dsr_desk.drivers._sheet.compare import insist_same
from dsr_desk.drivers._sheet.formulas import in_sheet
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sheet import SheetDriver
from dsr_desk.errors import DeskError, LockedError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Work
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, DriverContract, Place, people, step

FIELDS = ("id", "email", "name", "born", "note", "amount", "paid")
TICKETS = (
    (1, "maria@example.org", "Maria Höfer", datetime.date(1980, 1, 2), 'calls <often> & "late"', 1.5, True),
    (2, "bob@example.org", "Bob", None, "=SUM(A1)", 2, False),
    (3, "maria@example.org", "Maria Höfer", datetime.date(1980, 1, 2), "line\nline", 3, None),
    (4, "eve@example.org", "Eve", None, "  007  ", 4, None),
)


class XlsxPlace(Place):
    """A workbook that openpyxl writes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "people.xlsx"
        self.system = System("place", "sheet", path="people.xlsx", region="DE", collections={"people": people(table="All people")})
        book = openpyxl.Workbook()
        book.active.title = "All people"
        book.save(self.path)
        self.save([list(COLUMNS), *([v or None for v in row] for row in PEOPLE)])

    def driver(self) -> SheetDriver:
        return SheetDriver(self.system, self.folder)

    def load(self) -> list[list[Any]]:
        return [list(row) for row in openpyxl.load_workbook(self.path)["All people"].iter_rows(values_only=True)]

    def save(self, rows: list[list[Any]]) -> None:
        book = openpyxl.Workbook()
        book.active.title = "All people"
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if isinstance(value, str):
                    value = re.sub("[\x00-\x08]", lambda m: f"_x{ord(m[0]):04X}_", value)
                book.active.cell(number, column, value).data_type = "s" if value else "n"
        book.save(self.path)

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.save([*self.load(), [row[name] for name in COLUMNS]])

    def change(self, row: str, column: str, value: str | None) -> None:
        rows = self.load()
        next(r for r in rows if r[0] == row)[COLUMNS.index(column)] = value
        self.save(rows)

    def remove(self, row: str) -> None:
        self.save([r for r in self.load() if r[0] != row])

    def dump(self) -> Any:
        return self.path.read_bytes()


@pytest.fixture
def place(tmp_path: Path) -> XlsxPlace:
    return XlsxPlace(tmp_path)


class TestXlsx(DriverContract):
    pass


# -- a workbook with much in it ----------------------------------------------------------------------------------------


def rich() -> openpyxl.Workbook:
    """Styles, widths, notes, links, validations, formats, names, merged cells, a table, a hidden sheet, formulas elsewhere."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "tickets"
    sheet.append(FIELDS)
    for row in TICKETS:
        sheet.append(row)
    sheet["E3"].data_type = "s"
    for row in sheet.iter_rows(min_row=2):
        row[2].font, row[2].fill = Font(bold=True, color="FF0000"), PatternFill("solid", fgColor="00FF00")
        row[3].number_format, row[5].alignment = "yyyy-mm-dd", Alignment(horizontal="center")
        row[1].hyperlink = f"mailto:{row[1].value}"
    sheet["C2"].comment, sheet["C3"].comment = Comment("About Maria Höfer", "Ann"), Comment("About Bob", "Ann")
    sheet.column_dimensions["B"].width, sheet.row_dimensions[3].height = 33, 44
    sheet.freeze_panes = "A2"
    sheet.add_table(Table(displayName="T", ref="A1:G5"))
    validation = DataValidation("list", formula1='"Bob,Eve"')
    validation.add("C2:C9")
    sheet.add_data_validation(validation)
    sheet.conditional_formatting.add("F2:F9", CellIsRule("greaterThan", ["2"], fill=PatternFill("solid", bgColor="0000FF")))
    other = book.create_sheet("sums")
    other["A1"], other["B1"], other["A2"] = 5, "=A1*2", "Bob"
    other.merge_cells("A2:B4")
    other.sheet_state = "hidden"
    book.defined_names["five"] = DefinedName("five", attr_text="sums!$A$1")
    book.properties.creator = "Ann"
    return book


def placed(folder: Path, book: openpyxl.Workbook) -> SheetDriver:
    book.save(folder / "t.xlsx")
    return over(folder)


def over(folder: Path, fields: tuple[str, ...] = FIELDS, key: tuple[str, ...] = ("id",)) -> SheetDriver:
    collection = Collection("support", "tickets", key, {name: Field(name) for name in fields})
    return SheetDriver(System("support", "sheet", path="t.xlsx", collections={"tickets": collection}), folder)


def rows(of: SheetDriver, field: str, *values: Any) -> list[Row]:
    asked = Lookup("tickets", (field,), tuple((v,) for v in values))
    return [hit.row for batch in of.find([asked], Cancel()) for hit in batch]


def plan(delete: list[Row], change: list[tuple[Row, Mapping[str, Any]]] | None = None) -> Work:
    return Work("support", tuple([step(r) for r in delete] + [step(r, w) for r, w in change or []]), (), KEY)


def carry_out(of: SheetDriver, work: Work) -> Any:
    assert of.rehearse(work, Cancel()) == []
    return of.apply(work, Run(None, lambda _: None))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edit(path: Path, changes: Mapping[str, Callable[[bytes], bytes]]) -> None:
    """Rewrite parts of a workbook; a part that isn't there is made from ``b""``."""
    held = parts(path)
    for name, change in changes.items():
        held[name] = change(held.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)


def cells(sheet: Any, but: set[int]) -> dict[str, Any]:
    return {
        c.coordinate: (
            c.value, c.data_type, c.number_format, repr(c.font), repr(c.fill), repr(c.alignment), repr(c.border),
            c.hyperlink and c.hyperlink.target, c.comment and c.comment.text,
        )
        for row in sheet.iter_rows()
        for c in row
        if c.row not in but
    }  # fmt: skip


def test_values_keep_their_types(tmp_path: Path) -> None:
    of = placed(tmp_path, rich())
    found = [tuple(row.values.values()) for row in rows(of, "id", 1, 2, 3, 4)]
    assert found == list(TICKETS)
    assert [type(v) for v in found[0]] == [int, str, str, datetime.date, str, float, bool]


def test_everything_else_stays_as_it_was(tmp_path: Path) -> None:
    of = placed(tmp_path, rich())
    before, was = parts(tmp_path / "t.xlsx"), openpyxl.load_workbook(tmp_path / "t.xlsx")
    (one,), (three,) = rows(of, "id", 1), rows(of, "id", 3)
    writes = {"email": None, "name": "a<b>&\r\nÜ", "born": datetime.date(1980, 1, 1), "note": "=1+1", "amount": 2.25, "paid": True}
    done = carry_out(of, plan([one], [(three, writes)]))
    assert (done.deleted, done.changed) == (1, 1) and "left blank" in done.notes[0]
    after, now = parts(tmp_path / "t.xlsx"), openpyxl.load_workbook(tmp_path / "t.xlsx")
    for name in was.sheetnames:
        old, new = was[name], now[name]
        but = {2, 4} if name == "tickets" else set()
        assert cells(old, but) == cells(new, but)
        assert old.freeze_panes == new.freeze_panes and old.sheet_state == new.sheet_state
        assert old.merged_cells == new.merged_cells and list(old.tables) == list(new.tables)
        assert {k: v.width for k, v in old.column_dimensions.items()} == {k: v.width for k, v in new.column_dimensions.items()}
        assert [str(v.sqref) for v in old.data_validations.dataValidation] == [
            str(v.sqref) for v in new.data_validations.dataValidation
        ]
        assert len(old.conditional_formatting) == len(new.conditional_formatting)
    changed = {name for name in before if before[name] != after[name]}
    assert list(before) == list(after)
    assert changed == {
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
    }
    assert [c.value for c in now["tickets"][2]] == [None] * 7
    assert repr(now["tickets"]["C4"].font) == repr(was["tickets"]["C4"].font) and now["tickets"]["E4"].data_type == "s"
    (row,) = rows(of, "id", 3)
    assert row.values == {**three.values, **writes}


def test_what_was_erased_is_in_no_part(tmp_path: Path) -> None:
    of = placed(tmp_path, rich())
    needles = [b"maria@example.org", "Maria Höfer".encode(), b'calls <often> & "late"']
    assert {r.where for r in of.residue(needles, Cancel())} == {
        "xl/comments/comment1.xml in t.xlsx",
        "xl/worksheets/_rels/sheet1.xml.rels in t.xlsx",
    }
    (three,) = rows(of, "id", 3)
    carry_out(of, plan(rows(of, "id", 1), [(three, {"email": None, "name": "Erased"})]))
    assert of.residue(needles, Cancel()) == []
    for data in parts(tmp_path / "t.xlsx").values():
        assert b"maria" not in data.lower() and "Höfer".encode() not in data and b"often" not in data


SHARED = (
    b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9" uniqueCount="4">'
    b"<si><t>only</t></si><si><r><t>on</t></r><r><t>ce</t></r></si><si><t>twice</t></si><si><t/></si></sst>"
)


CELLS = (
    b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>email</t></is></c></row>'
    b'<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>0</v></c></row>'
    b'<row r="3"><c r="A3"><v>2</v></c><c t="s" r="B3"><v>1</v></c></row>'
    b'<row r="4"><c r="A4"><v>3</v></c><c r="B4" t="s"><v>2</v></c></row>'
    b'<row r="5"><c r="A5"><v>4</v></c><c r="B5" t="s"><v>2</v></c></row>'
    b"</sheetData>"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def shared_texts(folder: Path) -> SheetDriver:
    """A workbook whose texts stand in the shared part, as Excel writes it."""
    book = openpyxl.Workbook()
    book.active.title = "tickets"
    book.save(folder / "t.xlsx")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    relation = f'<Relationship Id="rIdS" Target="sharedStrings.xml" Type="{OFFICE}/sharedStrings"/></Relationships>'.encode()
    edit(
        folder / "t.xlsx",
        {
            "xl/sharedStrings.xml": lambda _: SHARED,
            "xl/worksheets/sheet1.xml": lambda x: re.sub(rb"<sheetData ?/>|<sheetData>.*</sheetData>", CELLS, x),
            "[Content_Types].xml": lambda x: x if b"/xl/sharedStrings" in x else x.replace(b"</Types>", override),
            "xl/_rels/workbook.xml.rels": lambda x: x if b"sharedStrings" in x else x.replace(b"</Relationships>", relation),
        },
    )
    return over(folder, ("id", "email"))


def test_shared_texts_go_with_their_last_cell(tmp_path: Path) -> None:
    of = shared_texts(tmp_path)
    assert [row.values["email"] for row in rows(of, "id", 1, 2, 3, 4)] == ["only", "once", "twice", "twice"]
    carry_out(of, plan(rows(of, "id", 1, 3), [(rows(of, "id", 2)[0], {"email": "new"})]))
    assert re.findall(rb"<si>.*?</si>", parts(tmp_path / "t.xlsx")["xl/sharedStrings.xml"]) == [
        b"<si><t/></si>", b"<si><t/></si>", b"<si><t>twice</t></si>", b"<si><t/></si>",
    ]  # fmt: skip
    assert [row.values["email"] for row in rows(of, "id", 1, 2, 3, 4)] == ["new", "twice"]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    placed(tmp_path, rich())
    data = (tmp_path / "t.xlsx").read_bytes()
    for _ in range(2):
        (tmp_path / "t.xlsx").write_bytes(data)
        of = over(tmp_path)
        carry_out(of, plan(rows(of, "id", 1)))
        made.append((tmp_path / "t.xlsx").read_bytes())
    assert made[0] == made[1] != data


def test_rows_without_a_key_keep_their_numbers(tmp_path: Path) -> None:
    placed(tmp_path, rich())
    of = over(tmp_path, key=())
    found = rows(of, "email", "maria@example.org")
    assert [row.key for row in found] == [{"row": 2}, {"row": 4}]
    carry_out(of, plan(found[:1]))
    assert [row.key for row in rows(of, "email", "maria@example.org")] == [{"row": 4}]


# -- refused by name ---------------------------------------------------------------------------------------------------


def _with(change: Callable[[openpyxl.Workbook], Any]) -> Callable[[Path], SheetDriver]:
    def make(folder: Path) -> SheetDriver:
        book = rich()
        change(book)
        return placed(folder, book)

    return make


def _part(name: str) -> Callable[[Path], SheetDriver]:
    def make(folder: Path) -> SheetDriver:
        of = placed(folder, rich())
        edit(folder / "t.xlsx", {name: lambda _: b"<x/>"})
        return of

    return make


def _macros(folder: Path) -> SheetDriver:
    of = placed(folder, rich())
    edit(folder / "t.xlsx", {"[Content_Types].xml": lambda x: x.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")})
    return of


def _chart(book: openpyxl.Workbook) -> None:
    chart = BarChart()
    chart.add_data(Reference(book["tickets"], min_col=6, min_row=1, max_row=5))
    book["sums"].add_chart(chart, "D4")


def _set(sheet: str, cell: str, value: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_macros, "macros"),
        (_part("xl/vbaProject.bin"), "macros"),
        (_with(_chart), "charts"),
        (_part("xl/media/image1.png"), "pictures"),
        (_part("xl/pivotCache/pivotCacheRecords1.xml"), "pivot tables"),
        (_part("xl/externalLinks/externalLink1.xml"), "links to other workbooks"),
        (_part("xl/threadedComments/threadedComment1.xml"), "threaded comments"),
        (_part("xl/embeddings/oleObject1.bin"), "embedded objects"),
        (_part("xl/connections.xml"), "data connections"),
        (_with(_set("sums", "D1", "=tickets!F2")), "the formula in sums!D1"),
        (_with(_set("sums", "D1", "=SUM(tickets!A1:$F$9)")), "the formula in sums!D1"),
        (_with(_set("sums", "D1", "=COUNTA('tickets'!B:B)")), "the formula in sums!D1"),
        (_with(_set("sums", "D1", "=SUM(T[amount])")), "the formula in sums!D1"),
        (_with(_set("sums", "D1", '=INDIRECT("tickets!A"&2)')), "the formula in sums!D1"),
        (_with(_set("tickets", "I2", "=1+1")), "the formula in tickets!I2"),
        (_with(lambda b: b["tickets"].merge_cells("I2:I3")), "merged cell"),
        (_with(lambda b: setattr(b["tickets"].protection, "sheet", True)), "a protected sheet"),
    ],
)
def test_what_would_keep_a_copy_is_refused_by_name(tmp_path: Path, make: Callable[[Path], SheetDriver], says: str) -> None:
    of = make(tmp_path)
    work = plan(rows(of, "id", 1))
    before = (tmp_path / "t.xlsx").read_bytes()
    refusals = of.rehearse(work, Cancel())
    assert [says in r.why for r in refusals] == [True] and refusals[0].cure
    with pytest.raises(RefusedError, match=re.escape(says)):
        of.apply(work, Run(None, lambda _: None))
    assert (tmp_path / "t.xlsx").read_bytes() == before


@pytest.mark.parametrize("formula", ["=SUM(A1,five)", "=SUM(tickets!F5:F9)", "=tickets!H2"])
def test_formulas_that_look_elsewhere_are_no_obstacle(tmp_path: Path, formula: str) -> None:
    of = _with(_set("sums", "D1", formula))(tmp_path)
    (one,) = rows(of, "id", 1)
    assert of.rehearse(plan([], [(one, {"email": None})]) if "H2" in formula else plan([one]), Cancel()) == []


@pytest.mark.parametrize(
    ("writes", "why"),
    [
        ({"name": "x"}, "note"),
        ({"note": "a\x01"}, "character"),
        ({"note": "x" * 40_000}, "longer"),
        ({"note": b"x"}, "kind of value"),
    ],
)
def test_a_value_no_cell_can_hold_is_refused(tmp_path: Path, writes: Mapping[str, Any], why: str) -> None:
    of = placed(tmp_path, rich())
    (refusal,) = of.rehearse(plan([], [(rows(of, "id", 1)[0], writes)]), Cancel())
    assert why in refusal.why


def test_a_date_in_a_column_of_numbers_would_turn_into_a_number(tmp_path: Path) -> None:
    of = placed(tmp_path, rich())
    (refusal,) = of.rehearse(plan([], [(rows(of, "id", 1)[0], {"amount": datetime.date(2020, 1, 1)})]), Cancel())
    assert "row 2 of tickets would not come out" in refusal.why


def test_a_formula_without_a_result_can_not_be_searched(tmp_path: Path) -> None:
    of = _with(_set("tickets", "B3", '=LOWER("BOB@example.org")'))(tmp_path)
    with pytest.raises(UnreachableError, match="row 3 of tickets has a formula whose result was never stored"):
        rows(of, "id", 1)


@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_formulas_are_seen_in_every_spelling(prefix: bytes) -> None:
    cell = (
        b'<c r="C5"><f>A1</f><v>1</v></c><c r="C6" t="str"><f>A1</f><v></v></c><c r="C7"><f t="shared" si="0"/><v/></c><c r="C8"/>'
    )
    xml = cell.replace(b"</", b"|").replace(b"<", b"<" + prefix).replace(b"|", b"</" + prefix)
    found = [(f.row, f.column, f.text, f.stored) for f in in_sheet("s", xml)]
    assert found == [(5, 2, "A1", True), (6, 2, "A1", True), (7, 2, "", False)]


def test_a_shared_formula_looks_further_than_it_says(tmp_path: Path) -> None:
    of = placed(tmp_path, rich())
    master = b'<row r="9"><c r="D9"><f t="shared" ref="D9:D12" si="0">tickets!A2</f><v>1</v></c></row></sheetData>'
    edit(tmp_path / "t.xlsx", {"xl/worksheets/sheet2.xml": lambda x: x.replace(b"</sheetData>", master)})
    (refusal,) = of.rehearse(plan(rows(of, "id", 3)), Cancel())
    assert "sums!D9" in refusal.why


@pytest.mark.parametrize(
    ("part", "old", "new", "rewritten"),
    [
        ("docProps/core.xml", b"Ann", b"Bea", set()),
        ("xl/worksheets/sheet2.xml", b"Bob", b"Rob", {"xl/worksheets/sheet2.xml"}),
        ("xl/worksheets/sheet1.xml", b"Eve", b"Eva", {"xl/worksheets/sheet1.xml"}),
        ("xl/worksheets/sheet1.xml", b'r="C5" s="', b'r="C5" s="1', {"xl/worksheets/sheet1.xml"}),
    ],
)
def test_any_other_difference_is_refused(tmp_path: Path, part: str, old: bytes, new: bytes, rewritten: set[str]) -> None:
    placed(tmp_path, rich())
    was = package.Package((tmp_path / "t.xlsx").read_bytes(), "t.xlsx")
    assert old in was.parts[part]
    edit(tmp_path / "t.xlsx", {part: lambda x: x.replace(old, new)})
    now = package.Package((tmp_path / "t.xlsx").read_bytes(), "t.xlsx")
    planned = {was.sheets[0]: {2: RowEdit(writes={})}}
    insist_same(was, was, planned, rewritten)
    with pytest.raises(RefusedError):
        insist_same(was, now, planned, rewritten)


def test_an_open_workbook_is_left_alone(tmp_path: Path) -> None:
    of = placed(tmp_path, rich())
    work = plan(rows(of, "id", 1))
    (tmp_path / "~$t.xlsx").touch()
    with pytest.raises(LockedError, match=r"open in Excel by somebody"):
        of.apply(work, Run(None, lambda _: None))


# -- ruined and hostile ------------------------------------------------------------------------------------------------


def _far_cell(folder: Path) -> None:
    edit(
        folder / "t.xlsx",
        {
            "xl/worksheets/sheet1.xml": lambda x: x.replace(
                b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            )
        },
    )


def _odd_far_cell(folder: Path) -> None:
    far = b"<row r='1048576'><c\tr = 'XFD1048576'><v>1</v></c></row></sheetData>"
    edit(folder / "t.xlsx", {"xl/worksheets/sheet1.xml": lambda x: x.replace(b"</sheetData>", far)})


def _entities(folder: Path) -> None:
    edit(folder / "t.xlsx", {"xl/workbook.xml": lambda x: b'<!DOCTYPE x [<!ENTITY a "b">]>' + x})


def _bomb(folder: Path) -> None:
    edit(folder / "t.xlsx", {"xl/media/x.bin": lambda _: bytes(80 << 20)})


def _truncated(folder: Path) -> None:
    (folder / "t.xlsx").write_bytes((folder / "t.xlsx").read_bytes()[:-500])


def _broken(folder: Path) -> None:
    edit(folder / "t.xlsx", {"xl/worksheets/sheet1.xml": lambda x: x[: len(x) // 2]})


@pytest.mark.parametrize(
    ("ruin", "says"),
    [
        (_far_cell, "spans 1048576 rows and 16384 columns"),
        (_odd_far_cell, "spans 1048576 rows and 16384 columns"),
        (_entities, "is damaged"),
        (_bomb, "would unpack to"),
        (_truncated, "is damaged"),
        (_broken, "is damaged"),
    ],
)
def test_a_hostile_workbook_is_an_error_at_once(tmp_path: Path, ruin: Callable[[Path], None], says: str) -> None:
    of = placed(tmp_path, rich())
    ruin(tmp_path)
    with pytest.raises(UnreachableError, match=re.escape(says)):
        rows(of, "id", 1)


def test_a_large_but_honest_sheet_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_CELLS", 1000)
    package.insist_bounded(b'<row r="90"><c r="A90"/><c r="K90"/></row>', "t.xlsx", "s")
    with pytest.raises(UnreachableError):
        package.insist_bounded(b'<row r="91"><c r="A91"/><c r="K91"/></row>', "t.xlsx", "s")


@pytest.mark.parametrize(
    ("fields", "error", "says"),
    [(("id", "emial"), UsageError, "support/tickets/emial"), (("id",), UsageError, "has no sheet named tickets")],
)
def test_what_the_catalog_has_wrong_is_named(tmp_path: Path, fields: tuple[str, ...], error: type[DeskError], says: str) -> None:
    book = rich()
    if says.startswith("has no"):
        book["tickets"].title = "Tickets 2"
    placed(tmp_path, book)
    with pytest.raises(error, match=re.escape(says)):
        rows(over(tmp_path, fields), "id", 1)


def test_a_stored_zip_is_a_workbook_too(tmp_path: Path) -> None:
    placed(tmp_path, rich())
    held = parts(tmp_path / "t.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)
    (tmp_path / "t.xlsx").write_bytes(out.getvalue())
    of = over(tmp_path)
    assert carry_out(of, plan(rows(of, "id", 1))).deleted == 1
