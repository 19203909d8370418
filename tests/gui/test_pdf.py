"""Paper: the same pages in the file and in the preview, whole or not at all, and deaf to what data asks for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import unicodedata
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QTextCursor, QTextTable

from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.gui import pagination, pdf
from dsr_desk.gui.pdf import Pages, to_pdf
from dsr_desk.model.report import ReportKept, ReportTable
from dsr_desk.render.report import report_footer, report_html
from tests.render.invented import report


@pytest.fixture(autouse=True)
def _application(qapp: object) -> None:
    """One Qt application for all of these."""


def _text(path: Path, order: str = "-layout") -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.fail("pdftotext (poppler-utils) is missing")
    printed = subprocess.run([program, order, str(path), "-"], capture_output=True, check=True, text=True).stdout
    return unicodedata.normalize("NFKC", printed).replace("\u02bc", "\u2019")


def _picture(pages: Pages, page: int) -> QImage:
    image = QImage(int(pages.width), int(pages.height), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    pages.paint(painter, page)
    painter.end()
    return image


def test_the_file_holds_every_page_with_its_foot(tmp_path: Path) -> None:
    data = report(kept=tuple(ReportKept(f"Order {n}", "Art. 17(3)(b)", "tax records", f"{n} Nov 2033") for n in range(300)))
    path = tmp_path / "report.pdf"
    written = to_pdf(report_html(data), path, title=data.title, footer_left=report_footer(data))
    text = _text(path)
    sheets = text.split("\f")[:-1]
    assert len(sheets) == written > 8
    for number, sheet in enumerate(sheets, 1):
        assert f"Page {number} of {written}" in sheet
        assert "Audit checkpoint 4" in sheet
    assert all(f"Order {n} " in text for n in range(300))
    assert text.count("Ground and reason") >= 7, "the head of a table stands on each of its pages"
    assert path.read_bytes().startswith(b"%PDF-1.4") and b"pdfaid:part" in path.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


def test_no_line_is_drawn_across_the_margins() -> None:
    long = "W" * 3_000
    pages = Pages(
        report_html(report(headline=long, controller=long, reference=long, kept=(ReportKept(long, long, long, long),))), "x" * 20
    )
    for page in range(pages.count):
        image = _picture(pages, page)
        for x in (*range(10, int(pdf.MARGIN) - 2), *range(int(pages.width - pdf.MARGIN) + 3, int(pages.width) - 1)):
            assert all(image.pixelColor(x, y).lightness() > 250 for y in range(0, image.height(), 3)), (page, x)


def test_headings_stay_with_what_they_head() -> None:
    for rows in range(0, 24, 4):
        kept = tuple(ReportKept(f"Order {n}", "17(3)(b)", "tax", "2033") for n in range(rows))
        pages = Pages(report_html(report(kept=kept)), "foot")
        body = pages._body.height()
        block = pages._document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == 2:
                box = pages._document.documentLayout().blockBoundingRect(block)
                follower = pages._document.documentLayout().blockBoundingRect(block.next().next())
                assert int(box.top() // body) == int(follower.top() // body), (rows, block.text())
            block = block.next()


def test_no_row_is_cut_by_the_end_of_a_page() -> None:
    words = "the record that it belongs to, until the tax law lets it go, which is ten years after the order"
    for rows in (9, 11, 30):
        kept = tuple(ReportKept(f"Order {n}, {words}", words, words, words) for n in range(rows))
        pages = Pages(report_html(report(kept=kept)), "foot")
        body, cut = pages._body.height(), []
        for table in (f for f in pages._document.rootFrame().childFrames() if isinstance(f, QTextTable)):
            for row in range(table.rows()):
                top, bottom = pagination.extent(pages._document, table, row)
                if top // body != (bottom - 1) // body and bottom - top < body / 2:
                    cut.append((rows, row))
        assert not cut


def test_the_foot_of_the_summary_is_never_split() -> None:
    for rows in range(0, 24, 4):
        kept = tuple(ReportKept(f"Order {n}", "17(3)(b)", "tax", "2033") for n in range(rows))
        pages = Pages(report_html(report(kept=kept)), "foot")
        frame = pagination.frame_of(pages._document, "foot")
        assert frame is not None
        box, body = pages._document.documentLayout().frameBoundingRect(frame), pages._body.height()
        assert int(box.top() // body) == int(box.bottom() // body), rows
        assert body - box.bottom() % body < 40, rows


def test_a_worker_thread_writes_the_same_pages(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    html = report_html(report())
    worker = threading.Thread(target=lambda: to_pdf(html, tmp_path / "worker.pdf", "t", "f"))
    worker.start()
    worker.join()
    to_pdf(html, tmp_path / "main.pdf", "t", "f")
    assert _text(tmp_path / "worker.pdf") == _text(tmp_path / "main.pdf")
    assert "QBasicTimer" not in capfd.readouterr().err


def test_all_sections_survive_the_page_breaks(tmp_path: Path) -> None:
    for rows in (3, 9, 15):
        kept = tuple(ReportKept(f"Order {n}", "17(3)(b)", "tax", "2033") for n in range(rows))
        path = tmp_path / f"{rows}.pdf"
        to_pdf(report_html(report(kept=kept)), path, title="t", footer_left="f")
        text = _text(path)
        for heading in (
            "What was done",
            "What was kept",
            "can’t say",
            "The request",
            "Identifiers of",
            "each field",
            "by hand",
            "Who did what",
            "How to check",
        ):
            assert heading in text, (rows, heading)


def test_nothing_is_fetched_for_a_page(tmp_path: Path) -> None:
    picture = QImage(200, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    picture.save(str(tmp_path / "red.png"))
    pages = Pages(f'<p>a</p><img src="file://{tmp_path}/red.png" width="200" height="200"><p>b</p>')
    image = _picture(pages, 0)
    assert not any(image.pixelColor(x, y) == QColor("red") for x in range(0, image.width(), 5) for y in range(0, image.height(), 5))


def test_hostile_data_is_printed_as_it_stands(tmp_path: Path) -> None:
    hostile = '<img src="file:///etc/passwd"> <a href="https://evil.example">x</a> שלום 🙂 \u202egpj.exe'
    path = tmp_path / "r.pdf"
    to_pdf(report_html(report(headline=hostile, kept=(ReportKept(hostile, "", "", ""),))), path, title=hostile, footer_left=hostile)
    text = re.sub(r"\s+", " ", _text(path))
    assert '<img src="file:///etc/passwd">' in text
    assert '<a href="https://evil.example">x</a>' in text
    assert not re.search(rb"/URI|/Subtype\s*/Link|/Launch|/JavaScript", path.read_bytes())


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "report.pdf"
    with pytest.raises(UnreachableError) as caught:
        to_pdf("<p>a</p>", path, title="t", footer_left="")
    assert caught.value.hint and str(tmp_path) not in caught.value.diagnostics()


def test_an_incomplete_file_is_never_put_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-the old one")
    whole = pdf._draw
    monkeypatch.setattr(pdf, "_draw", lambda pages, title: whole(pages, title)[:-2_000])
    with pytest.raises(UnreachableError, match="incomplete"):
        to_pdf("<p>a</p>", path, title="t", footer_left="")
    assert path.read_bytes() == b"%PDF-the old one"
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


@pytest.mark.parametrize("lines", [4, 13, 22])
def test_a_heading_that_moved_to_the_next_page_is_in_the_text_once(lines: int, tmp_path: Path) -> None:
    kept = tuple(ReportKept(f"Order {n}", "Art. 17(3)(b)", "tax records", "2033") for n in range(lines))
    html = report_html(report(kept=kept))
    to_pdf(html, tmp_path / "r.pdf", title="t", footer_left="")
    said = _text(tmp_path / "r.pdf", "-raw")
    headings = [re.sub(r"<[^>]*>", "", h).split(maxsplit=1)[-1] for h in re.findall(r"<h2[^>]*>(.*?)</h2>", html, re.DOTALL)]
    assert len(headings) > 4
    assert {h: said.count(h) for h in headings if said.count(h) != 1} == {}


def test_it_replaces_an_older_pdf_and_nothing_else(tmp_path: Path) -> None:
    path, other, link = tmp_path / "report.pdf", tmp_path / "shop.db", tmp_path / "link.pdf"
    for _ in range(2):
        to_pdf("<p>a</p>", path, title="t", footer_left="")
    other.write_bytes(b"SQLite format 3")
    link.symlink_to(path)
    (tmp_path / "folder.pdf").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "nowhere.pdf").symlink_to(tmp_path / "gone.pdf")
    before = sorted(p.name for p in tmp_path.iterdir())
    for there in (other, link, tmp_path / "folder.pdf", tmp_path / "pipe.pdf", tmp_path / "nowhere.pdf"):
        with pytest.raises(UsageError, match="is no PDF"):
            to_pdf("<p>a</p>", there, title="t", footer_left="")
    assert other.read_bytes() == b"SQLite format 3" and link.is_symlink()
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_what_came_there_while_it_was_drawn_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, check = tmp_path / "report.pdf", pdf._check

    def meanwhile(content: bytes, pages: int) -> None:
        path.write_bytes(b"somebody's")
        check(content, pages)

    monkeypatch.setattr(pdf, "_check", meanwhile)
    with pytest.raises(UsageError):
        to_pdf("<p>a</p>", path, title="t", footer_left="")
    assert path.read_bytes() == b"somebody's" and [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


def test_a_failed_rename_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "refuse_other_than_pdf", lambda _: None)
    path = tmp_path / "report.pdf"
    path.mkdir()
    (path / "full").write_text("x")
    with pytest.raises(UnreachableError):
        to_pdf("<p>a</p>", path, title="t", footer_left="")
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


def test_it_works_in_a_terminal_without_a_screen(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    code = (
        "from pathlib import Path; from dsr_desk.gui.pdf import to_pdf; "
        f"print(to_pdf('<p>Terminal</p>', Path({str(path)!r}), title='t', footer_left='f'))"
    )
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=bare, check=True)
    assert ran.stdout.strip() == "1" and not ran.stderr
    assert "Terminal" in _text(path) and "Page 1 of 1" in _text(path)


def test_letter_paper_is_wider() -> None:
    assert Pages("<p>a</p>", paper="Letter").width > Pages("<p>a</p>").width


# -- PDF/A-1b (ISO 19005-1), read from the bytes of the file ---------------------------------------------------------------


class Parsed:
    """The objects of a PDF whose streams are deflated, as far as its conformance asks for them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.objects = {int(n): body for n, body in re.findall(rb"(?:^|\n)(\d+) 0 obj\b(.*?)\bendobj", data, re.DOTALL)}

    def of(self, *types: bytes) -> list[bytes]:
        """The dictionaries of these types."""
        wanted = [rb"/Type\s*/" + t + rb"(?![A-Za-z])" for t in types]
        return [
            o.partition(b"stream")[0] for o in self.objects.values() if any(re.search(w, o.partition(b"stream")[0]) for w in wanted)
        ]

    def stream(self, number: int) -> bytes:
        """The bytes of a stream."""
        body = self.objects[number]
        raw = body.split(b"stream\r\n" if b"stream\r\n" in body else b"stream\n", 1)[1].rsplit(b"endstream", 1)[0]
        return zlib.decompress(raw) if b"/FlateDecode" in body.partition(b"stream")[0] else raw

    def number(self, key: bytes, within: bytes) -> int:
        """The object that a key points to."""
        found = re.search(rb"/" + key + rb"\s*\[?\s*(\d+) 0 R", within)
        assert found, key
        return int(found[1])


@pytest.fixture(params=["A4", "Letter"])
def parsed(request: pytest.FixtureRequest, tmp_path: Path) -> Parsed:
    data = report(kept=tuple(ReportKept(f"Order {n}", "Art. 17(3)(b)", "tax records – §", "2033") for n in range(60)))
    path = tmp_path / "r.pdf"
    to_pdf(report_html(data, request.param), path, data.title, report_footer(data), request.param)
    return Parsed(path.read_bytes())


def test_its_metadata_say_that_it_is_pdf_a_1b(parsed: Parsed) -> None:
    (catalog,) = parsed.of(b"Catalog")
    meta = parsed.objects[parsed.number(b"Metadata", catalog)]
    assert b"/FlateDecode" not in meta.partition(b"stream")[0], "6.7.2: metadata are not filtered"
    xmp = ElementTree.fromstring(parsed.stream(parsed.number(b"Metadata", catalog)).strip())
    said = {n.tag.rpartition("}")[2]: (n.text or "").strip() for n in xmp.iter()}
    said |= {k.rpartition("}")[2]: v for n in xmp.iter() for k, v in n.attrib.items()}
    assert (said["part"], said["conformance"]) == ("1", "B")
    assert any((n.text or "").strip() == "Report on a request for erasure" for n in xmp.iter()), "the title is in the metadata"


def test_its_colours_have_an_output_intent_with_a_profile(parsed: Parsed) -> None:
    (catalog,) = parsed.of(b"Catalog")
    assert b"/OutputIntents" in catalog
    (intent,) = [o for o in parsed.objects.values() if b"/GTS_PDFA1" in o]
    profile = parsed.stream(parsed.number(b"DestOutputProfile", intent))
    assert profile[36:40] == b"acsp" and profile[16:20] == b"RGB ", "an ICC profile for RGB"


def test_every_font_is_embedded(parsed: Parsed) -> None:
    descriptors = parsed.of(b"FontDescriptor")
    assert len(descriptors) >= 2
    for descriptor in descriptors:
        assert re.search(rb"/FontFile[23]?\s+\d+ 0 R", descriptor)
    used = [f for f in parsed.of(b"Font") if b"/Subtype" in f]
    assert used and not any(b"/Type3" in f for f in used)
    for font in (f for f in used if b"/CIDFontType" in f):
        assert b"/FontDescriptor" in font


def test_nothing_in_it_is_transparent_encrypted_or_active(parsed: Parsed) -> None:
    for body in parsed.objects.values():
        head = body.partition(b"stream")[0]
        assert not re.search(rb"/SMask\s+(?!/None)|/S\s*/Transparency|/JavaScript|/Launch|/EmbeddedFile|/AA\b", head), head[:200]
        for alpha in re.findall(rb"/(?:ca|CA)\s+([0-9.]+)", head):
            assert float(alpha) == 1.0
        for blend in re.findall(rb"/BM\s*/(\w+)", head):
            assert blend in (b"Normal", b"Compatible")
        assert not re.search(rb"/LZWDecode", head)
    trailer = parsed.data[parsed.data.rfind(b"trailer") :]
    assert b"/Encrypt" not in trailer and b"/ID" in trailer


def test_its_pages_are_of_the_paper_that_was_asked_for(tmp_path: Path) -> None:
    for paper, size in (("A4", (595, 842)), ("Letter", (612, 792))):
        to_pdf("<p>a</p>", tmp_path / f"{paper}.pdf", "t", "f", paper)  # type: ignore[arg-type]
        boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([0-9.]+)\s+([0-9.]+)", (tmp_path / f"{paper}.pdf").read_bytes())
        assert boxes and {(round(float(w)), round(float(h))) for w, h in boxes} == {size}


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_long_words_and_many_lines_are_cut_on_neither_paper(tmp_path: Path, paper: str) -> None:
    word = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung"
    table = ReportTable("List", (("Word", 20), ("Records", 10), ("Again", 70)), tuple((word, n, f"{word} {n}") for n in range(300)))
    path = tmp_path / "long.pdf"
    to_pdf(report_html(report(tables=(table,)), paper), path, "t", "f", paper)  # type: ignore[arg-type]
    text = re.sub(r"\s+", "", _text(path, "-raw"))
    assert text.count(word) == 600 and all(f"{word}{n}{word}{n}" in text for n in range(300))
    pages = Pages(report_html(report(tables=(table,)), paper), "f", paper)  # type: ignore[arg-type]
    image = _picture(pages, pages.count // 2)
    edge = range(int(pages.width - pdf.MARGIN) + 3, int(pages.width) - 1)
    assert all(image.pixelColor(x, y).lightness() > 250 for x in edge for y in range(0, image.height(), 3))


def test_a_heading_stays_with_the_first_row_of_its_table() -> None:
    tall = "Aufbewahrungspflicht nach Abgabenordnung und Handelsgesetzbuch, und zwar zehn Jahre lang " * 8
    heads = (("What", 30), ("Why", 70))
    for rows in range(1, 30, 2):
        short = ReportTable("List 1", heads, tuple((f"1-{i}", "short") for i in range(rows)))
        lists = [short, ReportTable("List 2", heads, (("2-0", tall), ("2-1", tall)))]
        pages = Pages(report_html(report(tables=tuple(lists))), "foot")
        body, layout = pages._body.height(), pages._document.documentLayout()
        block = pages._document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == 2 and "List" in block.text():
                table = QTextCursor(block.next()).currentTable() or QTextCursor(block.next().next()).currentTable()
                assert table is not None
                (first,) = [
                    r for r in range(table.rows()) if table.cellAt(r, 0).firstCursorPosition().block().text().endswith("-0")
                ]
                _, bottom = pagination.extent(pages._document, table, first)
                top = layout.blockBoundingRect(block).top()
                assert int(top // body) == int((bottom - 1) // body), (rows, block.text())
            block = block.next()
