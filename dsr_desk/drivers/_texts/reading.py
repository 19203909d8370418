"""The text of a document, whatever kind it is: ``text_of``. It never says that it read what it did not."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from dsr_desk.drivers._texts.gathered import Gathered, UnreadError
from dsr_desk.drivers._texts.json_text import read_json
from dsr_desk.drivers._texts.mail import read_mail
from dsr_desk.drivers._texts.markup import read_markup
from dsr_desk.drivers._texts.office import is_office, read_office
from dsr_desk.drivers._texts.pdf import read_pdf
from dsr_desk.drivers._texts.plain import decoded, encoding_of
from dsr_desk.drivers._texts.rtf import read_rtf
from dsr_desk.errors import DeskError
from dsr_desk.model.values import Value

#: The largest file whose text is read, in bytes: all of it stands in memory.
LARGEST_FILE = 64 << 20
#: How many documents may be put into each other.
_DEEPEST = 4

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAILS, _MARKUP, _JSON = (".eml", ".mht", ".mhtml"), (".html", ".htm", ".xhtml", ".xml", ".svg"), (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Text:
    """What a document says. ``text`` is ``None`` where nothing of it could be read.

    ``unread`` is a plain clause on why the text is missing or not whole ("it has a password"), or ``""``: then the text is
    all there is. ``fields`` are named values that the document itself has: ``data.…`` of a JSON object, ``mail.from`` … of a mail.
    """

    text: str | None
    title: str = ""
    author: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    unread: str = ""


def text_of(name: str, data: BinaryIO, limit: int) -> Text:
    """The text of a file with this name, of at most ``limit`` characters. ``data`` is read from its start, and stays open.

    PDF, Office and OpenDocument files, mails with what is attached to them, HTML, XML, JSON, RTF and every plain text, in whatever
    encoding. ``UsageError`` where a library for one of them is not installed; what is wrong with the document is ``unread``.
    """
    return _text_of(name, data, limit, 0)


def _text_of(name: str, data: BinaryIO, limit: int, depth: int) -> Text:
    def inner(other: str, content: bytes) -> None:
        out.line(other)
        found = _text_of(other, io.BytesIO(content), max(0, limit - out.size), depth + 1)
        if found.text:
            out.line(found.title, found.author)
            out.add(found.text)
        if found.unread:
            out.problems.append(f"of a file inside it: {found.unread}")

    out = Gathered(limit, inner)
    try:
        if depth > _DEEPEST:
            raise UnreadError("too many files stand inside each other")
        _read(name.lower(), data, out)
    except UnreadError as problem:
        out.problems.append(problem.why)
    except DeskError:
        raise
    except Exception:  # noqa: BLE001  # foreign bytes can break any part of a reader, and none of its words may be passed on
        out.problems.append("it is damaged")
    text = "".join(out.pieces)
    unread = out.problems[0] if out.problems else ""
    return Text(text if text or not unread else None, out.title.strip(), out.author.strip(), out.fields, unread)


def _read(name: str, data: BinaryIO, out: Gathered) -> None:
    size = data.seek(0, io.SEEK_END)
    data.seek(0)
    if size > LARGEST_FILE:
        raise UnreadError(f"it is larger than {LARGEST_FILE >> 20} MB")
    start = data.read(1024)
    data.seek(0)
    if start.startswith(b"PK\x03\x04"):
        if not is_office(data):
            raise UnreadError("it is damaged, or an archive")
        data.seek(0)
        read_office(data, size, out)
    elif start.startswith(_OLE):
        raise UnreadError("it has a password, or is in the old format of Office")
    elif start.startswith(b"%PDF-") or (name.endswith(".pdf") and b"%PDF-" in start):
        read_pdf(data, out)
    else:
        _read_plain(name, data.read(), out)


def _read_plain(name: str, content: bytes, out: Gathered) -> None:
    encoding = encoding_of(content)
    if name.endswith(_MAILS):
        read_mail(content, out)
    elif encoding is None:
        raise UnreadError("there is no reader for the text of such a file")
    elif content.startswith(b"{\\rtf"):
        read_rtf(content, out)
    elif name.endswith(_MARKUP) or content[:512].lstrip().lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        read_markup(content, out)
    elif name.endswith(_JSON):
        read_json(decoded(content, encoding), out)
    else:
        out.add(decoded(content, encoding))
