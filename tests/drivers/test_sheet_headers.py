"""Which row has the names, what stands between columns, how letters are written: found where it can be told, else refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dsr_desk.drivers._sheet.headers import header_row
from dsr_desk.drivers.base import Run
from dsr_desk.drivers.duckdb import DuckDBDriver
from dsr_desk.drivers.sheet import SheetDriver
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.cancel import Cancel
from dsr_desk.model.catalog import Collection, Field, System
from dsr_desk.model.finding import Lookup, Row
from dsr_desk.model.plan import Work
from tests.drivers.contract import KEY, step

TITLED = [["Customers of 2026"], [], ["id", "email", "name"], [1, "a@b.de", "Anna"], [2, "c@d.de", "Ben"]]


def write(folder: Path, kind: str, rows: list[list[Any]]) -> str:
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.title = "mail"
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                book.active.cell(number, column, value)
        book.active.merge_cells("A1:C1")
        book.save(folder / "mail.xlsx")
    elif kind == "ods":
        cells = "".join(
            "<table:table-row>"
            + ("".join(f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>' for v in row))
            + "<table:table-cell/></table:table-row>"
            for row in rows
        )
        spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
        xml = f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="mail">{cells}'
        with zipfile.ZipFile(folder / "mail.ods", "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", xml + "</table:table></office:spreadsheet></office:body></office:document-content>")
    else:
        (folder / "mail.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    return f"mail.{kind}"


def driver(folder: Path, path: str, *fields: str, cls: Any = SheetDriver, own: dict[str, Any] | None = None, **options: Any) -> Any:
    listed = {name: Field(name) for name in fields}
    collection = Collection("mail", "mail", fields[:1], listed, options=own or {})
    return cls(System("mail", cls.name, path=path, options=options, collections={"mail": collection}), folder)


def found(of: Any, field: str, *values: str, kind: str | None = None) -> list[Row]:
    asked = Lookup("mail", (field,), tuple((v,) for v in values), kind)
    return [hit.row for batch in of.find([asked], Cancel()) for hit in batch]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("fields", [("id", "email"), ()])
def test_a_header_below_a_title_is_found(tmp_path: Path, kind: str, fields: tuple[str, ...]) -> None:
    of = driver(tmp_path, write(tmp_path, kind, TITLED), *fields)
    assert list(of.schema().collections["mail"].columns) == ["id", "email", "name"]
    assert any("rows 1 to 2 stand above" in limit for limit in of.schema().limits)
    (row,) = found(of, "email", "a@b.de")
    assert row.values["name"] == "Anna"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_erasing_below_a_title_leaves_the_title(tmp_path: Path, kind: str) -> None:
    of = driver(tmp_path, write(tmp_path, kind, TITLED), "id", "email")
    todo = Work("mail", (step(found(of, "id", "1")[0]),), (), KEY)
    assert of.rehearse(todo, Cancel()) == []
    of.apply(todo, Run(None, lambda _: None))
    assert [v["email"] for v in of.sample("mail", 9, Cancel())] == ["c@d.de"]
    if kind == "csv":
        assert (tmp_path / "mail.csv").read_text() == "Customers of 2026\n\nid,email,name\n2,c@d.de,Ben\n"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("where", ["system", "collection"])
def test_the_catalog_says_which_row_it_is(tmp_path: Path, kind: str, where: str) -> None:
    rows = [["a", "b"], ["c", "d"], ["id", "email"], ["1", "a@b.de"]]
    path = write(tmp_path, kind, rows)
    of = driver(tmp_path, path, "id", own={"header": 3}) if where == "collection" else driver(tmp_path, path, "id", header=3)
    assert [dict(v) for v in of.sample("mail", 9, Cancel())] == [{"id": v, "email": "a@b.de"} for v in ["1"]]


@pytest.mark.parametrize("given", [0, -1, "4", True, 1.5])
def test_a_header_that_is_no_row_is_refused(tmp_path: Path, given: Any) -> None:
    with pytest.raises(UsageError, match="header"):
        driver(tmp_path, write(tmp_path, "csv", TITLED), "id", header=given).schema()


def test_the_first_row_stays_the_header_where_nothing_speaks_against_it() -> None:
    def of(*rows: list[Any], listed: tuple[str, ...] = ()) -> int:
        return header_row(enumerate(rows, 1), listed)

    assert of(["id", "email"], ["1", "a@b.de"], ["a", "b", "c"]) == 1
    assert of(["id"], ["1"], ["2"]) == 1
    assert of(["id"], ["1", "2"], ["2", "3"]) == 1  # only numbers below
    assert of(["Title"], [None, None], ["id", "id"], ["id", "email"]) == 4  # two of the same are no names
    assert of(["id", "mail"], ["id", "email"], listed=("id", "email")) == 2
    assert of(["id", "mail"], ["x", "y"], listed=("id", "email")) == 1
    assert of() == 1


def test_a_line_above_that_says_what_separates_is_no_header(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_bytes(b"\xef\xbb\xbfsep=;\r\nid;email\r\n1;a@b.de\r\n")
    for cls in (SheetDriver, DuckDBDriver):
        assert [r.values["email"] for r in found(driver(tmp_path, "mail.csv", "id", cls=cls), "id", "1")] == ["a@b.de"]


def test_a_header_over_several_lines_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_bytes(b'"All, of\nus"\nid,"e\nmail"\n1,a@b.de\n')
    for cls in (SheetDriver, DuckDBDriver):
        (row,) = found(driver(tmp_path, "mail.csv", "id", cls=cls), "id", "1")
        assert row.values == {"id": "1", "e\nmail": "a@b.de"}


# -- what stands between columns -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"a,b;c\n", b"a,b;c\n1,2;3\n4,5;6\n", b"a|b\tc\n"])
def test_a_delimiter_that_can_not_be_told_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "mail.csv").write_bytes(data)
    with pytest.raises(UnreachableError, match="can't be told"):
        driver(tmp_path, "mail.csv").schema()


def test_what_the_catalog_lists_or_says_decides(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_bytes(b"a,b;c\n1,2;3\n")
    assert list(driver(tmp_path, "mail.csv", "a,b").schema().collections["mail"].columns) == ["a,b", "c"]
    assert list(driver(tmp_path, "mail.csv", delimiter=",").schema().collections["mail"].columns) == ["a", "b;c"]


def test_lines_that_are_even_tell_it(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_bytes(b"id;name, first;mail, home, work\n1;a;b\n2;c, d;e\n")
    assert list(driver(tmp_path, "mail.csv").schema().collections["mail"].columns) == ["id", "name, first", "mail, home, work"]


# -- how letters are written ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "options"),
    [
        ("utf-8", {}),
        ("utf-8-sig", {}),
        ("utf-16", {}),
        ("utf-16-le", {"encoding": "utf-16-le"}),
        ("cp1252", {"encoding": "cp1252"}),
        ("mac_roman", {"encoding": "mac_roman"}),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_letters_and_line_ends_of_every_desk(tmp_path: Path, encoding: str, options: dict[str, Any], ends: str) -> None:
    text = ends.join(["id;name;note", '1;"Jürgen; Müller";"one\ntwo"', "2;Zoë;", ""])
    (tmp_path / "mail.csv").write_bytes(text.encode(encoding))
    of = driver(tmp_path, "mail.csv", "id", "name", **options)
    (row,) = found(of, "name", "Jürgen; Müller")
    assert row.values["note"] == "one\ntwo"
    todo = Work("mail", (step(row),), (), KEY)
    of.apply(todo, Run(None, lambda _: None))
    assert (tmp_path / "mail.csv").read_bytes() == ends.join(["id;name;note", "2;Zoë;", ""]).encode(encoding)


def test_a_wrong_word_on_the_encoding_is_refused_rather_than_misread(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_bytes("id,name\n1,Jürgen\n".encode())
    for wrong in ("cp1252", "latin-1"):
        with pytest.raises(UsageError, match="UTF-8"):
            driver(tmp_path, "mail.csv", "id", encoding=wrong).schema()
    (tmp_path / "mail.csv").write_bytes("id,name\n1,Jürgen\n".encode("cp1252"))
    with pytest.raises(UnreachableError, match="not written in utf-8"):
        found(driver(tmp_path, "mail.csv", "id"), "id", "1")
    (tmp_path / "mail.csv").write_bytes("id,name\n1,Anna\n".encode("utf-16-le"))
    with pytest.raises(UnreachableError, match="NUL"):
        found(driver(tmp_path, "mail.csv", "id"), "id", "1")


def test_a_cell_of_ten_megabytes_is_one_cell(tmp_path: Path) -> None:
    (tmp_path / "mail.csv").write_bytes(b'id,note\n1,"' + b"x\n" * 5_000_000 + b'a@b.de"\n2,y\n')
    for cls in (SheetDriver, DuckDBDriver):
        (row,) = found(driver(tmp_path, "mail.csv", "id", "note", cls=cls), "id", "1")
        assert len(row.values["note"]) == 10_000_006
