"""Reports for other programs: all of it, exactly, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from dsr_desk.errors import UsageError
from dsr_desk.model.report import PeriodData, ReportTable
from dsr_desk.render.report import period_html, report_html
from dsr_desk.render.report_files import PERIOD, REPORT, write_report
from tests.render.invented import report

ONE = ReportTable(
    "One by one", (("Reference", 60), ("Days", 40)), (("DSR-2026-0001", 12), ("DSR-2026-0002", None)), "Without them."
)
EMPTY = PeriodData(
    controller="Halden & Co", address="Hamburg", first="2026-01-01", last="2026-06-30", covers="Thu 1 Jan to Tue 30 Jun 2026",
    made="Wed 1 Jul 2026", headline="2 requests came in.", summary="1 of the 2 is answered.",
    figures=(("came in", 2), ("median days", None)),
    tables=(ONE,), limits=("Requests that never reached this desk are in no count.",), checkpoint="halden-1\n4811\nqvKx\n",
    checkpoint_entry=4811, log="halden-1", verify_command="dsr-desk audit verify",
)  # fmt: skip


def _read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize(("data", "kind"), [(report(tables=(ONE,)), REPORT), (EMPTY, PERIOD)])
def test_json_is_the_whole_report(tmp_path: Path, data: PeriodData, kind: str) -> None:
    (path,) = write_report(data, tmp_path, ["json"])
    told = json.loads(path.read_text("utf-8"))
    assert told.pop("format") == kind
    assert told == json.loads(json.dumps(asdict(data)))


def test_the_table_has_every_cell_and_a_pivot_gives_the_parts_back(tmp_path: Path) -> None:
    data = report(tables=(ONE,))
    (path,) = write_report(data, tmp_path, ["csv"])
    head, *rows = _read(path)
    assert head == ["Part", "Line", "Column", "Value"]
    assert [r[1:] for r in rows if r[0] == "One by one"] == [
        ["1", "Reference", "DSR-2026-0001"], ["1", "Days", "12"], ["2", "Reference", "DSR-2026-0002"], ["2", "Days", ""]
    ]  # fmt: skip
    values = {r[3] for r in rows}
    for said in (data.subject, data.due_rule, data.headline, data.plan_digest, data.checkpoint, *data.limits, *data.residue):
        assert said in values
    assert {k.reason for k in data.kept} | {f.where for f in data.fields} | {p.act for p in data.people} <= values
    assert [r[3] for r in rows if r[0] == "What was done, system by system" and r[1] == "1"][:2] == ["Web shop", "42"]


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", " =1", "'=1"])
def test_no_cell_is_a_formula(tmp_path: Path, formula: str) -> None:
    sly = ReportTable(formula, ((formula, 100),), ((formula,),), formula)
    data = report(decision_reason=formula, controller=formula, limits=(formula,), tables=(sly,))
    (path,) = write_report(data, tmp_path, ["csv"])
    for row in _read(path):
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "@", "＝")) and not cell.startswith("-1")


def test_what_cannot_be_seen_is_told(tmp_path: Path) -> None:
    (path,) = write_report(report(headline="paid \u202e000.1\x00"), tmp_path, ["csv"])
    assert "paid ⟨U+202E⟩000.1⟨U+0000⟩" in {r[3] for r in _read(path)}


def test_nothing_is_overwritten_and_nothing_half_written_stays(tmp_path: Path) -> None:
    (first, _) = write_report(EMPTY, tmp_path, ["json", "csv"])
    before = first.read_bytes()
    with pytest.raises(UsageError, match="already holds"):
        write_report(replace(EMPTY, headline="other"), tmp_path, ["json"])
    assert first.read_bytes() == before and len(list(tmp_path.iterdir())) == 2
    with pytest.raises(UsageError, match="can't be written as"):
        write_report(EMPTY, tmp_path / "new", ["xlsx"])
    assert not (tmp_path / "new").exists()


def test_the_pages_of_a_period_hold_what_its_files_hold() -> None:
    page = period_html(EMPTY)
    for said in (
        "Halden &amp; Co",
        EMPTY.covers,
        EMPTY.headline,
        "DSR-2026-0002",
        *EMPTY.limits,
        EMPTY.verify_command,
        "halden-1<br>4811",
    ):
        assert said in page
    assert "size: Letter" in period_html(EMPTY, "Letter")


@pytest.mark.parametrize("hostile", ["<img src=x>", "</td></table><h1>x", "{{ 7*7 }}"])
def test_data_of_a_period_is_never_markup(hostile: str) -> None:
    sly = ReportTable(hostile, ((hostile, 100),), ((hostile,),), hostile)
    page = period_html(replace(EMPTY, tables=(sly,), limits=(hostile,), headline=hostile, controller=hostile))
    assert "<img" not in page and "<h1>x" not in page and "49" not in page


def test_a_column_of_counts_has_its_head_at_the_right_even_where_the_first_is_missing() -> None:
    table = ReportTable("T", (("Days", 50), ("Who", 50)), ((None, "a"), (3, "b")))
    for page in (period_html(replace(EMPTY, tables=(table,))), report_html(report(tables=(table,)))):
        assert '<th class="row" width="50%" align="right">Days</th>' in page
        assert '<th class="row after" width="50%" align="left">Who</th>' in page
