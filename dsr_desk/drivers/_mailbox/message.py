"""A message as a record: who wrote to whom, when, and what (RFC 5322, RFC 2045-2049)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from io import BytesIO

from dsr_desk.drivers._mailbox.headers import as_letters, decoded, fields, head_of, joined, moment
from dsr_desk.drivers._mailbox.html import as_text
from dsr_desk.errors import DeskError
from dsr_desk.model.values import Value

ID = "id"
#: Fields that stand in the header, and the header's name of each.
HEADERS = {
    "message_id": "message-id",
    "from": "from",
    "to": "to",
    "cc": "cc",
    "bcc": "bcc",
    "reply_to": "reply-to",
    "subject": "subject",
    "date": "date",
}
#: Fields for which the whole message has to be read.
BODY = ("text", "attachments", "attachment_text", "unread")
FIELDS = (ID, *HEADERS, *BODY)
#: Of a message that is larger, only so much is read (bytes).
LARGEST = 50 << 20
_DEEPEST = 30
#: Of each attachment so much text is searched (characters).
_LONGEST_TEXT = 4_000_000


def in_head(key: str, head: bytes, more: Iterable[str] = ()) -> dict[str, Value]:
    """What the header of a message says; ``more`` are further headers that the catalog lists as fields."""
    found = fields(head)
    values: dict[str, Value] = {ID: key}
    for name, header in HEADERS.items():
        values[name] = joined(found, header)
    values["message_id"] = (values["message_id"] or "").strip() or None
    values["date"] = moment(found.get("date", ()))
    for name in more:
        if name not in FIELDS:
            values[name] = joined(found, name.lower(), "\n")
    return values


def record(key: str, raw: bytes, more: Iterable[str] = ()) -> dict[str, Value]:
    """All fields of a message. Whatever its parser stumbles over, its raw text stands in ``text``: nothing goes unsearched."""
    values = in_head(key, head_of(raw), more)
    try:
        parts = _Parts()
        parts.take(BytesParser(policy=compat32).parsebytes(raw[:LARGEST]), 0)
    except Exception:  # noqa: BLE001 - the standard parser has raised nearly everything on messages that were made to break it
        parts = _Parts([as_letters(raw[:LARGEST])])
    values["text"] = parts.text or None
    values["attachments"] = "\n".join(parts.names) or None
    values["attachment_text"] = "\n".join(filter(None, parts.inside)) or None
    if len(raw) >= LARGEST:
        parts.unread.append(f"it is larger than {LARGEST >> 20} MB")
    values["unread"] = "; ".join(parts.unread) or None
    return values


@dataclass
class _Parts:
    """What was found in the parts of a message."""

    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(dict.fromkeys(filter(None, self.texts)))

    def take(self, part: Message, depth: int) -> None:
        """One part, and those in it."""
        if part.is_multipart() and depth < _DEEPEST:
            if part.get_content_type() == "message/rfc822" and (name := _name(part)):
                self.names.append(name)
            for inner in _inner(part):
                if part.get_content_maintype() == "message":
                    self.texts.append(_heading(inner))
                self.take(inner, depth + 1)
            self.texts += [as_letters(_bytes(t)) for t in (part.preamble, part.epilogue) if depth == 0 and _said(t)]
            return
        data = part.as_bytes() if part.is_multipart() else part.get_payload(decode=True)
        if not isinstance(data, bytes):
            data = b""
        name, kind = _name(part), part.get_content_type()
        attached = part.get_content_disposition() == "attachment" or (name and not kind.startswith("text/"))
        if name:
            self.names.append(name)
        if attached or not kind.startswith(("text/", "multipart/", "message/")):
            self._attached(name or "", kind, data)
        else:
            self._shown(kind, as_letters(data, str(part.get_content_charset() or "")))

    def _attached(self, name: str, kind: str, data: bytes) -> None:
        if not data:
            return
        from dsr_desk.drivers._texts.reading import text_of

        if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
            self.unread.append(f"{name} holds what Outlook packed into it")
            return
        try:
            found = text_of(name or ("a.txt" if kind.startswith("text/") else ""), BytesIO(data), _LONGEST_TEXT)
        except DeskError as error:
            self.unread.append(f"{name}: {error.message}")
            return
        self.inside += [found.text or "", found.title, found.author]
        if found.unread:
            self.unread.append(f"{name or kind}: {found.unread}")

    def _shown(self, kind: str, text: str) -> None:
        text = as_text(text) if kind == "text/html" else text.replace("\r\n", "\n")
        text = text.removesuffix("\n")
        if kind != "text/html" or "".join(text.split()) not in {"".join(t.split()) for t in self.texts}:
            self.texts.append(text)


def _inner(part: Message) -> Iterator[Message]:
    for inner in part.get_payload():
        if isinstance(inner, Message):
            yield inner


def _heading(message: Message) -> str:
    """Who and what a message inside of another one names."""
    found = fields("\n".join(f"{n}: {v}" for n, v in message.raw_items()).encode("utf-8", "surrogateescape"))
    said = ((name, joined(found, name)) for name in ("from", "to", "cc", "reply-to", "subject", "date", "message-id"))
    return "\n".join(f"{name.capitalize()}: {value}" for name, value in said if value)


def _name(part: Message) -> str | None:
    name = part.get_filename()
    return decoded(as_letters(_bytes(name))) if name else None


def _bytes(text: str | None) -> bytes:
    return (text or "").encode("utf-8", "surrogateescape")


def _said(text: str | None) -> bool:
    """Whether the text around the parts is more than the usual note for old programs."""
    return bool(text and text.strip() and "mime" not in text.lower())
