"""The texts of documents: nothing in them is lost, and what can't be read is said."""

from __future__ import annotations

import io
import logging
import zipfile

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from dsr_desk.drivers._texts import reading
from dsr_desk.drivers._texts.needles import Needles
from dsr_desk.drivers._texts.reading import Text, text_of

W = 'xmlns:w="w" xmlns:dc="dc"'


def read(name: str, content: bytes, limit: int = 1_000_000) -> Text:
    return text_of(name, io.BytesIO(content), limit)


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf(*pages: str, password: str = "", picture: bool = False) -> bytes:
    """A PDF with a line of text a page; the last one may be a picture alone."""
    made = PdfWriter()
    font = DictionaryObject(
        {NameObject(f"/{k}"): NameObject(f"/{v}") for k, v in (("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica"))}
    )
    for text in pages:
        page = made.add_blank_page(300, 300)
        content = StreamObject()
        content.set_data(f"BT /F 12 Tf 10 100 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = made._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F"): font})})
    if picture:
        inner = DictionaryObject({NameObject("/I"): made._add_object(StreamObject())})
        made.add_blank_page(300, 300)[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): inner})
    made.add_metadata({"/Title": "A letter", "/Author": "Anna Berg", "/Other": "kept elsewhere"})
    made.add_attachment("inside.txt", b"put inside")
    if password:
        made.encrypt(password)
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_plain_text_in_every_encoding(encoding: str) -> None:
    assert read("a.txt", "Müller wrote to Jürgen: é".encode(encoding)) == Text("Müller wrote to Jürgen: é")


def test_word_has_all_its_parts() -> None:
    run = "<w:p {w}><w:r><w:t>anna.</w:t></w:r><w:r><w:t>{x}@example.org</w:t></w:r></w:p>"
    parts = {f"word/{n}.xml": run.format(w=W, x=n) for n in ("document", "header1", "footer1", "comments", "footnotes", "endnotes")}
    changed = f'<w:d {W}><w:del w:author="Jurgen"><w:delText>taken out</w:delText></w:del></w:d>'
    about = f"<c {W}><dc:title>A letter</dc:title><dc:creator>Anna Berg</dc:creator></c>"
    links = '<R><Relationship Target="mailto:link@example.org" TargetMode="External"/></R>'
    more = {"word/people.xml": changed, "docProps/core.xml": about, "word/_rels/document.xml.rels": links}
    found = read("a.docx", packed(**parts, **more))
    assert found.unread == "" and (found.title, found.author) == ("A letter", "Anna Berg")
    for name in ("document", "header1", "footer1", "comments", "footnotes", "endnotes"):
        assert f"anna.{name}@example.org" in (found.text or "")
    for told in ("taken out", "Jurgen", "mailto:link@example.org"):
        assert told in (found.text or "")


def test_a_document_inside_a_document_is_read_and_its_trouble_told() -> None:
    inner = packed(**{"word/document.xml": "<d>innermost</d>"})
    out = io.BytesIO(packed(**{"word/document.xml": "<d>outer</d>"}))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/embeddings/b.docx", inner)
    assert "innermost" in (read("a.docx", out.getvalue()).text or "")
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/embeddings/c.pdf", b"%PDF-1.4 broken")
    assert "of a file inside it" in read("a.docx", out.getvalue()).unread


def test_a_pdf_has_pages_properties_and_what_is_put_inside(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    found = read("a.pdf", pdf("write to anna.berg@example.org", "second page"))
    assert (found.title, found.author, found.unread) == ("A letter", "Anna Berg", "")
    for told in ("anna.berg@example.org", "second page", "put inside", "inside.txt", "kept elsewhere"):
        assert told in (found.text or "")
    assert "anna" not in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", pdf("x", password="secret"), "it has a password"),
        ("a.pdf", pdf("x", picture=True), "pictures"),
        ("a.pdf", pdf("x")[:300], "it is damaged"),
        ("a.docx", packed(**{"word/document.xml": "<x/>"})[:-30], "it is damaged, or an archive"),
        ("a.docx", packed(**{"word/document.xml": "<x>"}), "it is damaged"),
        ("a.docx", packed(**{"word/document.xml": "<x>" + "a" * (40 << 20) + "</x>"}), "it unpacks to too much"),
        ("a.docx", packed(**{"word/document.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}), "it declares entities"),
        ("a.zip", packed(**{"a.txt": "x"}), "it is damaged, or an archive"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password, or is in the old format"),
        ("a.jpg", b"\xff\xd8\xff\0\1\2\3\4", "no reader"),
        ("a.json", b'{"a": "\\u00fc', "no valid JSON"),
    ],
)
def test_what_can_not_be_read_is_said(name: str, content: bytes, why: str) -> None:
    assert why in read(name, content).unread


def test_limits_are_told_and_keep_what_there_was_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read("a.txt", b"x" * 100, 10) == Text("x" * 10, unread="its text is longer than 10 characters")
    monkeypatch.setattr(reading, "LARGEST_FILE", 50)
    assert "larger than" in read("a.txt", b"x" * 100).unread


def test_a_mail_has_its_headers_texts_and_attachments() -> None:
    mail = (
        b"From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\r\nTo: a@example.org\r\nX-Note: M\xc3\xbcller\r\n"
        b"Content-Type: multipart/mixed; boundary=X\r\n\r\n"
        b"--X\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nplain \xc3\xa9\r\n"
        b"--X\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>an<b>na</b> &eacute;</p>\r\n"
        b'--X\r\nContent-Disposition: attachment; filename="=?utf-8?q?l=C3=A4ter=2Ejson?="\r\n\r\n'
        b'{"deep": {"a": "\\u00fc"}}\r\n--X--\r\n'
    )
    found = read("a.eml", mail)
    assert found.fields["mail.from"] == found.author == "Jürgen <j@example.org>" and found.unread == ""
    for told in ("Müller", "plain é", "anna é", "läter.json", "deep.a: ü"):
        assert told in (found.text or "")


def test_json_without_its_escapes_and_with_keys_that_stand_twice() -> None:
    found = read("a.json", b'{"a": {"b": "M\\u00fcller"}, "n": 12345678901234567890, "a2": 1, "a2": 2}')
    assert found.text == "a.b: Müller\nn: 12345678901234567890\na2: 2\n1\n"
    assert found.fields == {"data.a.b": "Müller", "data.n": 12345678901234567890, "data.a2": 2}
    assert read("a.jsonl", b'{"a": "\\u00fc"}\n{"a": "x"}\n').text == "a: ü\na: x\n"


def test_markup_loses_nothing() -> None:
    page = (
        "<title>Hi</title><p>an<b>na</b>&#x40;example.org<a href='mailto:b@example.org'>x</a><!-- c@example.org --><script>d@e.org"
    )
    found = read("a.html", page.encode())
    assert found.title == "Hi"
    for told in ("anna@example.org", "mailto:b@example.org", "c@example.org", "d@e.org"):
        assert told in (found.text or "")
    assert "<x" in (read("b.html", b"<html><x y").text or "")
    assert read("a.xml", '<?xml version="1.0" encoding="iso-8859-15"?><a>\xa4 ü</a>'.encode("latin-1")).text.strip().endswith("€ ü")  # type: ignore[union-attr]


def test_rtf_without_its_codes() -> None:
    found = read("a.rtf", rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}M\'fcller \u8364?uro\par {\b An}na}")
    assert found.text == "Müller €uro\nAnna\n"


@pytest.mark.parametrize("opened", [b"<!--", b"<a", b"<a href='", b"<![CDATA[", b"<script>", b"<?", b"&#"])
def test_what_is_never_closed_is_read_once(opened: bytes) -> None:
    assert len(read("a.html", opened * 100_000).text or "") >= 100_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "cp1252"])
def test_needles_are_counted_once_across_blocks(encoding: str) -> None:
    raw = "x Jürgen Müller y Jürgen Müller".encode(encoding)
    blocks = [raw[i : i + 5] for i in range(0, len(raw), 5)]
    assert Needles(["Jürgen Müller".encode()]).count(blocks) == 2
