"""A mail (RFC 5322): its headers, its texts, and what is attached to it."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header
from email.message import Message

from dsr_desk.drivers._texts.gathered import Gathered, UnreadError
from dsr_desk.drivers._texts.markup import read_markup
from dsr_desk.drivers._texts.plain import decoded, encoding_of

_MOST_PARTS = 1_000
_LONGEST_HEADER = 1 << 20
#: Fields of their own: ``mail.from`` …
FIELDS = ("from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id")


def read_mail(data: bytes, out: Gathered) -> None:
    """All headers, then every part; attachments are read as the documents they are."""
    message = message_from_bytes(data)
    headers = [(name, plain_header(str(value))) for name, value in message.raw_items()]
    for field in FIELDS:
        told = [value for name, value in headers if name.lower() == field]
        out.fields[f"mail.{field.replace('-', '_')}"] = ", ".join(told) or None
    out.title = str(out.fields["mail.subject"] or "")
    out.author = str(out.fields["mail.from"] or "")
    for name, value in headers:
        out.line(f"{name}:", value)
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            raise UnreadError(f"it has more than {_MOST_PARTS:,} parts")
        if not part.is_multipart():
            _part(part, out)


def plain_header(raw: str) -> str:
    """A header's value in letters (RFC 2047); one that was sent as bare bytes is decoded as a text would be."""
    bare = raw[:_LONGEST_HEADER].encode("utf-8", "surrogateescape")
    value = " ".join(decoded(bare, encoding_of(bare) or "cp1252").split())
    try:
        pieces = decode_header(value)
    except ValueError:
        return value
    return "".join(piece if isinstance(piece, str) else _text(piece, codec or "") for piece, codec in pieces)


def _part(part: Message, out: Gathered) -> None:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    name = plain_header(part.get_filename() or "")
    kind = part.get_content_type()
    if name or not kind.startswith("text/"):
        if content:
            out.inner(name or f"attachment.{kind.rpartition('/')[2]}", content)
    elif kind == "text/html":
        read_markup(content, out)
    else:
        out.add(_text(content, str(part.get_content_charset() or "")) + "\n")


def _text(content: bytes, declared: str) -> str:
    try:
        return content.decode(declared or "ascii")
    except (UnicodeError, LookupError):
        return decoded(content, encoding_of(content) or "cp1252")
