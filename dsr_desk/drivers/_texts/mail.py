"""A mail (RFC 5322): its headers, its texts, and what is attached to it."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any

from dsr_desk.drivers._texts.gathered import Gathered, UnreadError
from dsr_desk.drivers._texts.markup import read_markup
from dsr_desk.drivers._texts.plain import decoded, encoding_of

_MOST_PARTS = 1_000
#: Fields of their own: ``mail.from`` …
FIELDS = ("from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id")


def read_mail(data: bytes, out: Gathered) -> None:
    """All headers, then every part; attachments are read as the documents they are."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        headers = message.keys()
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        raise UnreadError("it is damaged") from None
    for name in FIELDS:
        out.fields[f"mail.{name.replace('-', '_')}"] = ", ".join(_header(message, name)) or None
    out.title = str(out.fields["mail.subject"] or "")
    out.author = str(out.fields["mail.from"] or "")
    for name in dict.fromkeys(headers):
        for value in _header(message, name):
            out.line(f"{name}:", value)
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            raise UnreadError(f"it has more than {_MOST_PARTS:,} parts")
        if not part.is_multipart():
            _part(part, out)


def _header(message: EmailMessage | Message[Any, Any], name: str) -> list[str]:
    """The values of a header, decoded; one that breaks the decoder is taken as it stands."""
    try:
        return [str(value) for value in message.get_all(name, [])]
    except (ValueError, LookupError, AttributeError, TypeError):
        return [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]


def _part(part: Message[Any, Any], out: Gathered) -> None:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, AttributeError, TypeError):
        name = "attachment"
    kind = part.get_content_type()
    if name or not kind.startswith("text/"):
        if content:
            out.inner(name or f"attachment.{kind.rpartition('/')[2]}", content)
    elif kind == "text/html":
        read_markup(content, out)
    else:
        declared = str(part.get_content_charset() or "")
        out.add(_text(content, declared) + "\n")


def _text(content: bytes, declared: str) -> str:
    try:
        return content.decode(declared or "ascii")
    except (UnicodeError, LookupError):
        return decoded(content, encoding_of(content) or "cp1252")
