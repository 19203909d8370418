"""The text of a PDF (ISO 32000) through pypdf: pages, notes on them, form fields, properties, and files put inside."""

from __future__ import annotations

import logging
import time
from typing import Any, BinaryIO

from dsr_desk.drivers._texts.gathered import Gathered, UnreadError
from dsr_desk.errors import UsageError

#: Seconds for one document, looked at between its pages.
LONGEST = 60.0
MOST_PAGES = 20_000

_PROPERTIES = ("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer")


def read_pdf(data: BinaryIO, out: Gathered) -> None:
    """What can be read of it. ``UnreadError`` with a password, or pages that are pictures alone."""
    try:
        from pypdf import PdfReader
    except ImportError:
        raise UsageError(
            "The texts of PDF files can't be read: the library for it is not installed.", "Run: pip install 'dsr-desk[pdf]'"
        ) from None
    _silence()
    reader = PdfReader(data, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadError("it has a password")
    if _read(reader, out):
        raise UnreadError("it has pages that are pictures, which hold no text")


def _silence() -> None:
    """It logs what it stumbles over, which can hold a document's own words."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def _read(reader: Any, out: Gathered) -> int:
    """Everything in it; how many pages show pictures and no text."""
    until, pictures = time.monotonic() + LONGEST, 0
    _properties(reader, out)
    for number, page in enumerate(reader.pages):
        if time.monotonic() > until or number >= MOST_PAGES:
            raise UnreadError("it takes too long to read")
        text = page.extract_text() or ""
        out.add(text + "\n")
        if not text.strip() and _has_pictures(page):
            pictures += 1
        for note in page.get("/Annots") or ():
            _note(note.get_object(), out)
    for name, value in (reader.get_fields() or {}).items():
        out.line(name, value.get("/V") if hasattr(value, "get") else None)
    for name, contents in reader.attachments.items():
        for content in contents:
            out.inner(name, content)
    return pictures


def _properties(reader: Any, out: Gathered) -> None:
    known = reader.metadata or {}
    out.title, out.author = str(known.get("/Title") or ""), str(known.get("/Author") or "")
    for name in (*_PROPERTIES, *(k for k in known if k not in _PROPERTIES)):
        out.line(known.get(name))
    about = reader.trailer["/Root"].get("/Metadata")
    if about is not None:
        from dsr_desk.drivers._texts.markup import read_markup

        read_markup(about.get_object().get_data(), out)


def _note(note: Any, out: Gathered) -> None:
    out.line(note.get("/T"), note.get("/Contents"))
    action = note.get("/A")
    if action is not None:
        out.line(action.get_object().get("/URI"))


def _has_pictures(page: Any) -> bool:
    resources = page.get("/Resources")
    inner = resources.get_object().get("/XObject") if resources is not None else None
    return bool(inner is not None and inner.get_object())
