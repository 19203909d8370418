"""The sheet driver over OpenDocument spreadsheets: only the planned rows change, and what would keep a copy is refused by name."""

from __future__ import annotations

import datetime
import logging
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from odfdo import Document, Row, Table
from python_calamine import load_workbook

from dsr_desk.drivers._sheet import ods_book, ods_content
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.sheet import SheetDriver
from dsr_desk.errors import DeskError, RefusedError, UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Lookup
from dsr_desk.model.finding import Row as Found
from dsr_desk.model.plan import Work
from tests.drivers.contract import COLUMNS, KEY, PEOPLE, DriverContract, Place, every, ids, lookup, people, step


class OdsPlace(Place):
    """A spreadsheet that odfdo writes, and that calamine reads."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "people.ods"
        self.system = System("place", "sheet", path="people.ods", region="DE", collections={"people": people(table="All people")})
        self.save([list(COLUMNS), *([v or None for v in row] for row in PEOPLE)])

    def driver(self) -> SheetDriver:
        return SheetDriver(self.system, self.folder)

    def load(self) -> list[list[Any]]:
        rows = load_workbook(self.path).get_sheet_by_name("All people").to_python()
        return [[cell or None for cell in row] for row in rows if any(row)]

    def save(self, rows: list[list[Any]]) -> None:
        document, table = Document("spreadsheet"), Table("All people")
        document.body.clear()
        for values in rows:
            row = Row()
            row.set_values(values)
            table.append_row(row)
        document.body.append(table)
        document.save(self.path)

    def insert(self, row: Mapping[str, str | None]) -> None:
        self.save([*self.load(), [row[name] for name in COLUMNS]])

    def change(self, row: str, column: str, value: str | None) -> None:
        rows = self.load()
        next(r for r in rows if r[0] == row)[COLUMNS.index(column)] = value
        self.save(rows)

    def remove(self, row: str) -> None:
        self.save([r for r in self.load() if r[0] != row])

    def dump(self) -> Any:
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def place(tmp_path: Path) -> OdsPlace:
    return OdsPlace(tmp_path)


class TestOds(DriverContract):
    def test_hostile_values_are_found_when_they_are_there(self, place: Place) -> None:
        for value in ("%", "'; DROP TABLE people; --", "a\\b_c", "x" * 10_000, "🙂"):
            place.change("4", "note", value)
            assert ids(place.driver(), lookup("note", value, kind="free")) == ["4"]
        for value in ("\x01", "\ufffe", "a\rb"):  # XML has no such characters
            todo = Work("place", (step(every(place.driver())["4"], {"note": value}),), (), KEY)
            (refusal,) = place.driver().rehearse(todo, Cancel())
            assert refusal.field == "note"


# -- files written by hand ---------------------------------------------------------------------------------------------

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'office:version="1.3"><office:body><office:spreadsheet>'
)
TAIL = "</office:spreadsheet></office:body></office:document-content>"
TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(value: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{more}><text:p>{escape(value)}</text:p></table:table-cell>'


def row(*values: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(v if v.startswith('<') else cell(v) for v in values)}</table:table-row>"


def sheet(*rows: str, name: str = "mail", more: str = "") -> str:
    return f'<table:table table:name="{name}"{more}>{row("id", "email", "note")}{"".join(rows)}</table:table>'


def pack(folder: Path, *tables: str, parts: Mapping[str, bytes] | None = None, content: bytes | None = None) -> SheetDriver:
    with zipfile.ZipFile(folder / "mail.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), TYPE)
        archive.writestr("content.xml", content if content is not None else (HEAD + "".join(tables) + TAIL).encode())
        for name, data in {"META-INF/manifest.xml": b"<manifest/>", **(parts or {})}.items():
            archive.writestr(name, data)
    fields = {name: Field(name) for name in ("id", "email", "note")}
    return SheetDriver(
        System("mail", "sheet", path="mail.ods", collections={"mail": Collection("mail", "mail", ("id",), fields)}), folder
    )


def found(of: SheetDriver, *values: str) -> list[Found]:
    asked = Lookup("mail", ("id",), tuple((v,) for v in values))
    return [hit.row for batch in of.find([asked], Cancel()) for hit in batch]


def todo(*steps: Any) -> Work:
    return Work("mail", steps, (), KEY)


def apply(of: SheetDriver, *steps: Any) -> Any:
    assert of.rehearse(todo(*steps), Cancel()) == []
    return of.apply(todo(*steps), Run(None, lambda _: None))


def content(folder: Path) -> str:
    with zipfile.ZipFile(folder / "mail.ods") as archive:
        return archive.read("content.xml").decode()


def seen(folder: Path, name: str = "mail") -> list[list[Any]]:
    return load_workbook(folder / "mail.ods").get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_what_odfdo_writes_is_read_with_its_types(tmp_path: Path) -> None:
    document, table = Document("spreadsheet"), Table("mail")
    document.body.clear()
    values = [
        1.5,
        7,
        True,
        datetime.date(2020, 1, 2),
        datetime.datetime(2020, 1, 2, 3, 4, 5),
        "a  b\tc\nd",
        datetime.timedelta(hours=1),
    ]
    for given in (["id", "n", "b", "d", "dt", "t", "span"], values):
        line = Row()
        line.set_values(given)
        table.append_row(line)
    document.body.append(table)
    document.save(tmp_path / "mail.ods")
    of = SheetDriver(
        System("mail", "sheet", path="mail.ods", collections={"mail": Collection("mail", "mail", ("id",), {})}), tmp_path
    )
    (read,) = of.sample("mail", 5, Cancel())
    assert list(read.values()) == [*values[:6], datetime.time(1)]
    assert of.schema().server == "OpenDocument spreadsheet"


def test_repeated_rows_and_cells_are_taken_apart_and_nothing_else_moves(tmp_path: Path) -> None:
    twice = (
        '<table:table-cell table:style-name="ce1" office:value-type="string" '
        'table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell>'
    )
    of = pack(
        tmp_path,
        sheet(
            row("1", "a@b.de", "first"),
            '<table:table-row table:style-name="ro2" table:number-rows-repeated="3"><table:table-cell/></table:table-row>',
            row("2", twice),
            row("3", "c@d.de", more=' table:number-rows-repeated="1"'),
            '<table:table-row table:number-rows-repeated="1048569">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
        ),
    )
    before = content(tmp_path)
    one, two = found(of, "1", "2")
    apply(of, step(one), step(two, {"note": " two  blanks\nand <a> line "}))
    after = content(tmp_path)
    assert after.count('table:style-name="ce1"') == 2 and "a@b.de" not in after and "first" not in after
    assert after[: after.index("<table:table-row><table:table-cell/>")] == before[: before.index(row("1", "a@b.de", "first"))]
    rest = row("3", "c@d.de", more=' table:number-rows-repeated="1"')
    assert after[after.index(rest) :] == before[before.index(rest) :]
    (changed,) = found(pack_again(tmp_path), "2")
    assert changed.values == {"id": "2", "email": "x", "note": " two  blanks\nand <a> line "}
    assert seen(tmp_path)[5][:2] == ["2", "x"] and seen(tmp_path)[6][:2] == ["3", "c@d.de"]


def pack_again(folder: Path) -> SheetDriver:
    fields = {name: Field(name) for name in ("id", "email", "note")}
    return SheetDriver(
        System("mail", "sheet", path="mail.ods", collections={"mail": Collection("mail", "mail", ("id",), fields)}), folder
    )


def test_one_row_of_many_that_are_the_same_goes_alone(tmp_path: Path) -> None:
    of = pack(tmp_path, sheet(row("same", "a@b.de", more=' table:number-rows-repeated="4" table:style-name="ro1"')))
    of.system = System(
        "mail", "sheet", path="mail.ods", collections={"mail": Collection("mail", "mail", (), {"email": Field("email")})}
    )
    asked = Lookup("mail", ("email",), (("a@b.de",),))
    rows = [hit.row for batch in of.find([asked], Cancel()) for hit in batch]
    assert [r.ref.key for r in rows] == [("2",), ("3",), ("4",), ("5",)]
    apply(of, step(rows[2]))
    assert [bool(line[0]) for line in seen(tmp_path)[1:]] == [True, True, False, True]
    assert content(tmp_path).count('table:style-name="ro1"') == 3


@pytest.mark.parametrize(
    ("formula", "looks"),
    [
        ("of:=[.B2]", True),
        ("of:=SUM([.A1:.A9])", True),
        ("of:=[.B3]", False),
        ("of:=[$mail.B2]", True),
        ("of:=[$'other one'.B2]", False),
        ("of:=COUNTIF([.A:.A];1)", True),
        ("of:=INDIRECT(&quot;B2&quot;)", True),
        ("of:=customers", True),
        ("of:=&quot;[.B2]&quot;", False),
        ("of:=TRUE()+1", False),
        ("msoxl:=B2", True),
    ],
)
def test_a_formula_that_may_look_at_the_row_is_named(tmp_path: Path, formula: str, looks: bool) -> None:
    result = f'<table:table-cell table:formula="{formula}" office:value-type="string"><text:p>a@b.de</text:p></table:table-cell>'
    of = pack(tmp_path, sheet(row("1", "a@b.de"), row("2", "c@d.de", result)))
    refusals = of.rehearse(todo(step(found(of, "1")[0])), Cancel())
    assert bool(refusals) == looks
    if looks:
        assert "mail, row 3" in refusals[0].why
        with pytest.raises(RefusedError):
            of.apply(todo(step(found(of, "1")[0])), Run(None, lambda _: None))


def test_a_note_goes_with_its_row_and_is_no_part_of_the_text(tmp_path: Path) -> None:
    note = "<office:annotation><dc:creator>Eve</dc:creator><text:p>call back</text:p></office:annotation>"
    noted = f'<table:table-cell office:value-type="string">{note}<text:p>a@b.de</text:p></table:table-cell>'
    of = pack(tmp_path, sheet(row("1", noted), row("2", noted)))
    one, two = found(of, "1", "2")
    assert one.values["email"] == "a@b.de"
    (refusal,) = of.rehearse(todo(step(two, {"email": "x"})), Cancel())
    assert "note" in refusal.why
    apply(of, step(one))
    assert content(tmp_path).count("call back") == 1


@pytest.mark.parametrize(
    ("more", "parts", "word"),
    [
        ("<table:tracked-changes/>", {}, "a record of changes"),
        ('<table:data-pilot-tables><table:data-pilot-table table:name="x"/></table:data-pilot-tables>', {}, "pivot tables"),
        ("", {"Basic/Standard/Module1.xml": b"<x/>"}, "macros"),
        ("", {"Object 1/content.xml": b"<x/>"}, "charts"),
        ("", {"Pictures/1.png": b"x"}, "pictures"),
        ("", {"Versions/Version1": b"x"}, "older versions"),
        ("", {"META-INF/documentsignatures.xml": b"<x/>"}, "signature"),
        ("protected", {}, "a protected sheet"),
    ],
)
def test_what_keeps_copies_or_acts_alone_is_read_and_never_written(
    tmp_path: Path, more: str, parts: Mapping[str, bytes], word: str
) -> None:
    protected = ' table:protected="true"' if more == "protected" else ""
    of = pack(tmp_path, sheet(row("1", "a@b.de"), more=protected) + ("" if protected else more), parts=parts)
    before = (tmp_path / "mail.ods").read_bytes()
    assert not of.schema().writable and word in of.schema().limits[0]
    work = todo(step(found(of, "1")[0]))
    assert word in of.rehearse(work, Cancel())[0].why
    with pytest.raises(RefusedError):
        of.apply(work, Run(None, lambda _: None))
    assert (tmp_path / "mail.ods").read_bytes() == before


def test_a_cell_over_several_rows_is_named(tmp_path: Path) -> None:
    merged = '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    of = pack(tmp_path, sheet(row("1", "a@b.de", merged), row("2", "c@d.de", "<table:covered-table-cell/>"), row("3", "e@f.de")))
    for number in "12":
        assert "merged" in of.rehearse(todo(step(found(of, number)[0])), Cancel())[0].why
    apply(of, step(found(of, "3")[0]))


def test_hidden_sheets_are_searched_and_the_small_picture_is_emptied(tmp_path: Path) -> None:
    other = sheet(row("9", "z@z.de"), name="hidden", more=' table:style-name="hidden"')
    parts = {"Thumbnails/thumbnail.png": b"\x89PNG picture", "settings.xml": b"<x>z</x>", "meta.xml": b"<title>a@b.de</title>"}
    of = pack(tmp_path, sheet(row("1", "a@b.de")), other, parts=parts)
    assert of.schema().others == ("hidden",)
    done = apply(of, step(found(of, "1")[0]))
    assert any("picture" in note for note in done.notes)
    with zipfile.ZipFile(tmp_path / "mail.ods") as archive:
        assert archive.read("settings.xml") == parts["settings.xml"] and archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert archive.read("Thumbnails/thumbnail.png").startswith(b"\x89PNG\r\n") and not archive.testzip()
    assert [(r.where, r.count) for r in of.residue([b"a@b.de"], Cancel())] == [("meta.xml in mail.ods", 1)]
    assert seen(tmp_path, "hidden")[1][:2] == ["9", "z@z.de"]


# -- what is wrong with files ------------------------------------------------------------------------------------------


def test_damaged_locked_and_swollen_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def error(of: SheetDriver) -> str:
        with pytest.raises(UnreachableError) as caught:
            found(of, "1")
        return caught.value.message

    locked = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'
    assert "password" in error(pack(tmp_path, content=b"\x01\x02", parts={"META-INF/manifest.xml": locked}))
    assert "damaged" in error(pack(tmp_path, content=b"<office:document-content"))
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert "damaged" in error(pack(tmp_path, content=laughs))
    assert "damaged" in error(pack(tmp_path, parts={"styles.xml": laughs}))
    of = pack(tmp_path, sheet(row("1", "a@b.de")))
    whole = (tmp_path / "mail.ods").read_bytes()
    (tmp_path / "mail.ods").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in error(of)
    wide = cell("x", ' table:number-columns-repeated="16000"')
    assert "more cells" in error(pack(tmp_path, sheet(row("1", wide, more=' table:number-rows-repeated="1000000"'))))
    assert "more cells" in error(pack(tmp_path, sheet(row("1", cell("x", ' table:number-columns-repeated="999999"')))))
    assert "too much" in error(pack(tmp_path, content=(HEAD + " " * (70 << 20) + TAIL).encode()))
    monkeypatch.setattr(ods_content, "MOST_CELLS", 3)
    assert "more cells" in error(pack(tmp_path, sheet(row("1", "a@b.de"))))


def test_a_sheet_that_is_not_there_is_named_and_no_value_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    of = pack(tmp_path, sheet(row("secret", "secret@b.de"), name="another"))
    with caplog.at_level(logging.DEBUG), pytest.raises(UsageError) as caught:
        found(of, "secret")
    assert "another" in caught.value.hint and "secret" not in caught.value.message + caught.value.hint + caplog.text


def test_content_written_otherwise_is_refused_and_stays(tmp_path: Path) -> None:
    strange = (HEAD + sheet(row("1", "a@b.de")) + TAIL).replace("xmlns:table=", "xmlns:t=")
    for before in ("<", "</", " "):
        strange = strange.replace(f"{before}table:", f"{before}t:")
    of = pack(tmp_path, content=strange.encode())
    (one,) = found(of, "1")
    (refusal,) = of.rehearse(todo(step(one)), Cancel())
    assert "unusual" in refusal.why


def test_a_rewrite_that_came_out_otherwise_is_never_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = pack(tmp_path, sheet(row("1", "a@b.de"), row("2", "c@d.de")))
    before = (tmp_path / "mail.ods").read_bytes()
    right = ods_book.edited
    monkeypatch.setattr(ods_book, "edited", lambda *given: right(*given).replace(b"c@d.de", b"x@d.de"))
    with pytest.raises(DeskError, match="would not come out"):
        of.apply(todo(step(found(of, "1")[0])), Run(None, lambda _: pytest.fail("it was announced")))
    assert (tmp_path / "mail.ods").read_bytes() == before
