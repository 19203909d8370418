"""The workbook: every value as it was, nothing a formula, whatever the data and the titles hold."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from dsr_desk.errors import UsageError
from dsr_desk.model.package import Disclosed, DisclosedField, PackageInfo
from dsr_desk.render import package_xlsx
from dsr_desk.render.files import Draft
from dsr_desk.render.names import Names
from dsr_desk.render.package_xlsx import xlsx_drafts
from dsr_desk.render.shown import text_of, visible
from dsr_desk.render.workbook import sheet_name, workbook_draft
from tests.render.people_data import ABOUT, CUSTOMER, HOSTILE, record

TRICKY = [
    *HOSTILE,
    *("_x000D_", "_x005F_x000D_", "_x00", "a\rb", "\n", "\t \r", "\u00a0", "TRUE", "#N/A", "#REF!", "1e5", "2026-01-01", "00123"),
    *("😀" * 16_383, "😀" * 16_384, "_x0020_" * 4_000, "\r" * 5_000),
]
TOO_LONG = ["y" * 32_768, "😀" * 16_384, "_x0020_" * 4_000, "\r" * 5_000, "z" * 300_000]
NUMBERS = [0, -5, 2**53 - 1, -(2**53) + 1, -1.5, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, Decimal("12.50"), True, False]
NOT_NUMBERS = [2**53, 2**60, float("inf"), float("nan"), Decimal("0.12345678901234567890"), Decimal("1E+30"), Decimal("NaN")]


def drafts(*records: Disclosed, about: PackageInfo = ABOUT) -> list[Draft]:
    made = list(xlsx_drafts(Names("DSR-1"), records, about))
    for draft in made:
        draft.check(draft.data)
    return made


def values(*told: Any, collection: str = "notes") -> list[Disclosed]:
    return [record(DisclosedField("text", value, "Text"), collection=collection) for value in told]


def book(draft: Draft) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(draft.data))


def column(draft: Draft, sheet: int = 1) -> list[Any]:
    return [row[0] for row in book(draft).get_sheet_by_index(sheet).to_python(skip_empty_area=False)[1:]]


def test_texts_come_back_as_they_were() -> None:
    short = [v for v in TRICKY if len(v) < 5_000]
    (draft, *_) = drafts(*values(*short))
    assert column(draft) == [visible(v) for v in short]


def test_no_cell_is_a_formula_an_error_or_a_date() -> None:
    (draft, *_) = drafts(CUSTOMER, *values(*TRICKY))
    with zipfile.ZipFile(io.BytesIO(draft.data)) as archive:
        for name in archive.namelist():
            assert "externalLink" not in name
            assert "vba" not in name
            if "worksheets" in name:
                sheet = ElementTree.fromstring(archive.read(name))
                kinds = {c.get("t") for c in sheet.iter() if c.tag.endswith("}c")}
                assert kinds <= {"inlineStr", "s", "n", "b"}, name
                assert not [e for e in sheet.iter() if e.tag.endswith(("}f", "}hyperlink"))]


def test_what_looks_like_a_formula_stays_a_text_when_it_is_edited() -> None:
    (draft, *_) = drafts(*values("=1+1", "+49 89", "Ann"))
    sheet = load_workbook(io.BytesIO(draft.data))["Notes"]
    assert [sheet.cell(n, 1).data_type for n in (2, 3, 4)] == ["s"] * 3
    assert [bool(sheet.cell(n, 1).quotePrefix) for n in (2, 3, 4)] == [True, True, False]


def test_numbers_are_numbers_only_where_none_of_their_digits_is_lost() -> None:
    (draft, *_) = drafts(*values(*NUMBERS))
    assert column(draft) == [float(n) if not isinstance(n, bool) else n for n in NUMBERS]
    (draft, *_) = drafts(*values(*NOT_NUMBERS))
    assert column(draft) == [text_of(n) for n in NOT_NUMBERS]


@pytest.mark.parametrize(
    "text", ["y" * 32_768, "😀" * 16_384, "_x0020_" * 4_000, "\r" * 5_000, "z" * 300_000], ids=lambda t: ascii(t)[:9]
)
def test_a_text_too_long_for_a_cell_gets_its_own_file(text: str) -> None:
    workbook, long = drafts(*values("short", text))
    assert column(workbook) == ["short", f"[too long for a cell: all {len(text)} characters are in {long.name}]"]
    assert long.data.decode("utf-8-sig") == text


@pytest.mark.parametrize("text", ["y" * 32_767, "😀" * 16_383])
def test_a_text_that_just_fits_is_in_its_cell(text: str) -> None:
    (workbook,) = drafts(*values(text))
    assert column(workbook) == [text]


def test_one_sheet_a_collection_and_an_overview() -> None:
    orders = [record(DisclosedField("a", n), DisclosedField("b", "x"), collection="orders") for n in (1, 2)]
    (draft,) = drafts(*orders, record(DisclosedField("id", 7), collection="people"))
    read = book(draft)
    assert read.sheet_names == ["Overview", "Orders", "People"]
    assert read.get_sheet_by_name("Orders").to_python() == [["a", "b"], [1, "x"], [2, "x"]]
    overview = read.get_sheet_by_name("Overview").to_python()
    said = [cell for row in overview for cell in row]
    assert ["Orders", "Shop", "Orders", 2] in [row[:4] for row in overview]
    for words in ("Halden & Co", "DSR-2026-0112", "Paper archive", "To complain"):
        assert any(words in str(cell) for cell in said), words


def test_what_a_sheet_cannot_hold_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_xlsx, "MOST_ROWS", 2)
    (draft,) = drafts(*values(1, 2, 3, 4, 5))
    assert book(draft).sheet_names == ["Overview", "Notes", "Notes (2)", "Notes (3)"]
    assert [column(draft, n) for n in (1, 2, 3)] == [[1, 2], [3, 4], [5]]


def test_more_columns_than_a_sheet_has_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_xlsx, "MOST_COLUMNS", 1)
    with pytest.raises(UsageError, match="more columns"):
        drafts(record(DisclosedField("a", 1), DisclosedField("b", 2)))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec=None)) | st.sampled_from(["Overview", "history", "", "'x'", "a/b", "a:b", "ä" * 40, "Ä" * 40])
    )
)
def test_names_of_sheets_are_legal_and_their_own(titles: list[str]) -> None:
    names: list[str] = []
    for title in titles:
        names.append(sheet_name(title, names))
    assert len({n.casefold() for n in names}) == len(names)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert name == name.strip("'")
        assert name.casefold() != "history"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec=None)) | st.integers() | st.floats() | st.decimals() | st.booleans() | st.none(), max_size=6
    )
)
def test_any_value_survives(told: list[Any]) -> None:
    drafts(*values(*told))


@pytest.mark.parametrize("other", ["second valu", "second value ", 2, True, "", None])
def test_the_comparison_sees_one_changed_cell(other: Any) -> None:
    good = workbook_draft("a.xlsx", {"A": [["head"], ["second value"]]}, "")
    bad = workbook_draft("a.xlsx", {"A": [["head"], [other]]}, "")
    with pytest.raises(ValueError, match="something else"):
        good.check(bad.data)


def test_the_comparison_sees_sheets_rows_and_bytes() -> None:
    rows = [["head"], ["x"]]
    good = workbook_draft("a.xlsx", {"A": rows}, "")
    for sheets in ({"B": rows}, {"A": rows, "B": rows}, {"A": rows[:1]}, {"A": [*rows, ["y"]]}, {"A": [["head"], ["x", "y"]]}):
        with pytest.raises(ValueError, match=r"sheet|something else"):
            good.check(workbook_draft("a.xlsx", sheets, "").data)
    with pytest.raises(ValueError, match="opened"):
        good.check(good.data[:100])
